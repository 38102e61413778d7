"""Forgetting in time: what ended long enough ago is masked, and the copies of it wherever they lie."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q

from huying.cases.forgetting import retitle_after_masking
from huying.cases.models import OPEN, Case, Membership
from huying.feedback.actions import mask_comments
from huying.intake.masking import ASKED_FOR, RETENTION, mask_appeal, note_due
from huying.intake.models import Appeal, RetentionRule
from huying.intake.reasons import APPEAL_ON_HOLD, CASE_STILL_OPEN
from huying.kit.errors import Refusal
from huying.ledger.actor import SYSTEM
from huying.ledger.models import Fact
from huying.notify.preferences import forget_reach

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from huying.ledger.actor import Actor

BATCH = 500
# The facts each kind of ending leaves; found by the ledger's index of kinds and times.
ENDINGS = {
    "closed": ("CaseClosed",),
    "inadmissible": ("CaseInadmissible",),
    "transferred": ("CaseTransferred",),
    "lapsed": ("CaseLapsed",),
    "withdrawn": ("AppealWithdrawn",),
}


def sweep_retention(*, at: datetime) -> int:
    """Mask every appeal whose time is over; return how many were masked now.

    Each kind goes on where it stopped. An ending that was undone (the case is open again) or that has a later
    one is passed over: its time begins anew with the next ending. Masked appeals are passed over too, so a
    run cut short is simply run again.
    """
    return sum(_sweep(rule, at=at) for rule in RetentionRule.objects.order_by("kind"))


def _sweep(rule: RetentionRule, *, at: datetime) -> int:
    until = at - timedelta(days=rule.days)
    masked = 0
    for facts in _endings(rule, until):
        for fact in facts:
            masked += sum(_mask(appeal, at=at) for appeal in _appeals_of(fact, until))
        RetentionRule.objects.filter(pk=rule.pk).update(swept_until=facts[-1].at)
    return masked


def _endings(rule: RetentionRule, until: datetime) -> Iterator[list[Fact]]:
    """Yield the endings up to a moment in batches, in the order they happened."""
    found = Fact.objects.filter(kind__in=ENDINGS.get(rule.kind, ()), at__lte=until).order_by("at", "id")
    if rule.swept_until is not None:
        found = found.filter(at__gte=rule.swept_until)
    after = Q()
    while facts := list(found.filter(after).only("stream", "kind", "at")[:BATCH]):
        yield facts
        last = facts[-1]
        after = Q(at__gt=last.at) | Q(at=last.at, pk__gt=last.pk)


def _appeals_of(fact: Fact, until: datetime) -> list[UUID]:
    """Return the appeals this ending ended, those still whole."""
    kind, _, key = fact.stream.partition(":")
    if kind == "appeal":
        return list(Appeal.objects.filter(pk=UUID(key), masked_at=None).values_list("pk", flat=True))
    case = Case.objects.only("status", "closed_at").filter(pk=UUID(key)).exclude(status__in=OPEN).first()
    later = Fact.objects.filter(
        stream=fact.stream, kind__in=[name for names in ENDINGS.values() for name in names], at__gt=until
    )
    if case is None or later.exists():
        return []
    inside = Membership.objects.filter(case=case, until_at=None, appeal__masked_at=None)
    return list(inside.values_list("appeal_id", flat=True))


def _mask(appeal_id: UUID, *, at: datetime) -> int:
    """Mask one appeal in its own transaction; one on hold is only noted. Return whether it was masked."""
    try:
        mask_appeal(appeal_id, why=RETENTION, by=SYSTEM, at=at)
    except Refusal as refusal:
        if refusal.reason != APPEAL_ON_HOLD:
            raise
        note_due(appeal_id, at=at)
        return 0
    return 1


def forget_appeal(appeal_id: UUID, *, by: Actor, at: datetime) -> Appeal:
    """Mask an appeal because its resident asks for it; the door has checked whose it is.

    Refusal `case_still_open` while somebody works on its case, or `appeal_on_hold`.
    """
    if Membership.objects.filter(appeal_id=appeal_id, until_at=None, case__status__in=OPEN).exists():
        raise Refusal(CASE_STILL_OPEN)
    return mask_appeal(appeal_id, why=ASKED_FOR, by=by, at=at)


def mask_copies(fact: Fact) -> None:
    """Follow a masked appeal to what others copied from it: titles and search words of cases, comments."""
    appeal = Appeal.objects.only("title", "text").get(pk=UUID(fact.stream.partition(":")[2]))
    retitle_after_masking(appeal.pk, title=appeal.title, text=appeal.text)
    mask_comments(appeal.pk)
    forget_reach(appeal=appeal.pk)
