"""Forgetting: what points at a person is taken out of an appeal for good, unless it must stay whole."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huying.intake import reasons
from huying.intake.actions import lock_appeal
from huying.intake.facts import AppealMasked, HoldLifted, HoldSet, RetentionSet
from huying.intake.models import Appeal, Inbound, LegalHold, Party, Proxy, RetentionRule
from huying.intake.photos import remove_photos
from huying.kit.errors import Refusal
from huying.kit.personal import strip_words
from huying.kit.text import clean
from huying.ledger.actions import record
from huying.people.book import open_book
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django_stubs_ext import StrOrPromise

    from huying.ledger.actor import Actor

DEFAULT_DAYS = 180
LONGEST_DAYS = 3650
MASKED_TYPE = "application/x-huying-masked"
# Why an appeal is masked (AppealMasked.why).
RETENTION, ASKED_FOR = "retention", "asked_for"


@dataclass(frozen=True)
class StarterRetention:
    """How long an ending of this kind is kept by default; `words` say what the kind is."""

    kind: str
    words: StrOrPromise
    days: int = DEFAULT_DAYS
    basis: str = "个人信息保护法第十九条：保存期限为实现处理目的所必要的最短时间"


STARTER_RETENTION = (
    StarterRetention("closed", _("Closed cases")),
    StarterRetention("inadmissible", _("Cases that belong elsewhere")),
    StarterRetention("transferred", _("Cases handed to another authority")),
    StarterRetention("lapsed", _("Cases whose missing details never came")),
    StarterRetention("withdrawn", _("Appeals taken back")),
    StarterRetention("sealed", _("Sealed reports: who reported")),
)
KINDS = tuple(row.kind for row in STARTER_RETENTION)


def set_starter_retention() -> None:
    """Write the rules a town starts with; those it changed stay as they are."""
    for row in STARTER_RETENTION:
        RetentionRule.objects.get_or_create(kind=row.kind, defaults={"days": row.days, "basis": row.basis})


def set_retention(kind: str, *, days: int, basis: str, by: Actor, at: datetime) -> RetentionRule:
    """Change how long a kind is kept. Refusal `retention_out_of_range` or `retention_without_basis`.

    A shorter time works back to the oldest ending; what was masked stays masked.
    """
    if not 1 <= days <= LONGEST_DAYS:
        raise Refusal(reasons.RETENTION_OUT_OF_RANGE, field="days", most=LONGEST_DAYS)
    if not clean(basis):
        raise Refusal(reasons.RETENTION_WITHOUT_BASIS, field="basis")
    with open_book(Permission.SYSTEM_EDIT, by=by, at=at) as book:
        rule = RetentionRule.objects.select_for_update().get(kind=kind)
        rule.days, rule.basis = days, clean(basis)[:200]
        rule.save(update_fields=["days", "basis"])
        book.write(RetentionSet(kind=kind, days=days, basis=rule.basis))
        return rule


def mask_appeal(appeal_id: UUID, *, why: str, by: Actor, at: datetime) -> Appeal:
    """Take everything that points at a person out of an appeal, for good; once is enough, again does nothing.

    Gone are name, phone and mail, the raw form, the photos with their files, the link to an account, and
    numbers, rooms and the name in title, text and words of the place. Number, matter, place and history stay.
    `why` is RETENTION or ASKED_FOR. Refusal `appeal_on_hold` while it must stay whole. Copies in other
    packages (titles of cases, comments, notices) are masked by what follows the fact `AppealMasked`.

    The caller has made sure that nobody works on it any more.
    """
    with transaction.atomic():
        appeal = lock_appeal(appeal_id)
        if appeal.masked_at is not None:
            return appeal
        if LegalHold.objects.filter(appeal=appeal, lifted_at=None).exists():
            raise Refusal(reasons.APPEAL_ON_HOLD)
        party = Party.objects.filter(appeal=appeal).first()
        names = (party.name,) if party else ()
        appeal.title, appeal.text = (
            strip_words(appeal.title, names=names),
            strip_words(appeal.text, names=names),
        )
        appeal.place_words = strip_words(appeal.place_words, names=names)[:200]
        appeal.account, appeal.masked_at = None, at
        Party.objects.filter(appeal=appeal).update(name="", phone="", email="")
        Proxy.objects.filter(appeal=appeal).update(filer_name="", filer_phone="", filed_by=None)
        raw = json.dumps({"masked_at": at.isoformat()}).encode()
        Inbound.objects.filter(pk=appeal.inbound_id).update(body=raw, content_type=MASKED_TYPE)
        photos = remove_photos(appeal.pk)
        record(appeal, AppealMasked(why=why, photos=photos), district=appeal.district, by=by, at=at)
        appeal.save()
        return appeal


def set_hold(appeal_id: UUID, *, reason: str, by: Actor, at: datetime) -> LegalHold:
    """Let an appeal stay whole until the hold is lifted.

    Refusal `hold_without_reason`, `appeal_masked` (too late) or `appeal_on_hold` (held already).
    """
    if not clean(reason):
        raise Refusal(reasons.HOLD_WITHOUT_REASON, field="reason")
    with transaction.atomic():
        appeal = lock_appeal(appeal_id)
        if appeal.masked_at is not None:
            raise Refusal(reasons.APPEAL_MASKED)
        if LegalHold.objects.filter(appeal=appeal, lifted_at=None).exists():
            raise Refusal(reasons.APPEAL_ON_HOLD)
        hold = LegalHold.objects.create(
            appeal=appeal, reason=clean(reason)[:500], set_by=by.name[:80], set_at=at
        )
        record(appeal, HoldSet(reason=hold.reason), district=appeal.district, by=by, at=at)
        appeal.save()
        return hold


def lift_hold(hold_id: UUID, *, by: Actor, at: datetime) -> LegalHold:
    """End a hold; an appeal whose time came meanwhile is masked at once. Lifting twice does nothing."""
    with transaction.atomic():
        found = LegalHold.objects.get(pk=hold_id)
        appeal = lock_appeal(found.appeal_id)
        hold = LegalHold.objects.select_for_update().get(pk=hold_id)
        if hold.lifted_at is not None:
            return hold
        hold.lifted_by, hold.lifted_at = by.name[:80], at
        hold.save(update_fields=["lifted_by", "lifted_at"])
        record(appeal, HoldLifted(), district=appeal.district, by=by, at=at)
        appeal.save()
        if hold.due_at is not None:
            mask_appeal(appeal.pk, why=RETENTION, by=by, at=at)
        return hold


def note_due(appeal_id: UUID, *, at: datetime) -> None:
    """Note on a hold that the time of its appeal has come; it is masked when the hold is lifted."""
    LegalHold.objects.filter(appeal_id=appeal_id, lifted_at=None, due_at=None).update(due_at=at)
