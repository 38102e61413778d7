"""The access log of personal data: every look has a reason, lasts minutes, and stays written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from huying.kit.errors import Reason, Refusal
from huying.kit.text import clean
from huying.people.models import PersonalAccess, Seen

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet
    from django_stubs_ext import StrOrPromise

    from huying.ledger.actor import Actor

# So long a page shows whole what was asked for; afterwards it is asked for again.
OPEN_MINUTES = 10
FEWEST_LETTERS = 4
OTHER = "other"
FOLLOW_UP = "follow_up"
POWER = "power"

ACCESS_REASONS: dict[str, StrOrPromise] = {
    "first_contact": _("To contact the resident about this matter"),
    "visit": _("To meet the resident on site"),
    "clear_up": _("To clear up what is missing or unclear"),
    FOLLOW_UP: _("Follow-up call"),
    "same_person": _("To see whether two appeals are one"),
    "asked_by_resident": _("The resident asked for it"),
    OTHER: _("Another reason (please write it)"),
}
# Reasons nobody chooses: they come with what is done.
OWN_REASONS: dict[str, StrOrPromise] = {
    POWER: _("A page read in a session of power"),
    "sealed": _("An identity opened with the grant of another"),
}


def told_reason(reason: str) -> str:
    """Return a reason in words."""
    return str((ACCESS_REASONS | OWN_REASONS).get(reason, reason))


REASON_UNKNOWN = Reason("access_reason_unknown", _("Please choose why you need to see it."), 400)
REASON_TOO_SHORT = Reason("access_reason_too_short", _("Please write the reason in a few words."), 400)


@dataclass(frozen=True)
class Look:
    """Why somebody looks: a key of `ACCESS_REASONS`, and words (needed for "other")."""

    reason: str
    words: str = ""

    def checked(self) -> Look:
        """Return it tidied. Refusal `access_reason_unknown` or `access_reason_too_short`."""
        if self.reason not in ACCESS_REASONS:
            raise Refusal(REASON_UNKNOWN, field="reason")
        words = clean(self.words)[:300]
        if self.reason == OTHER and len(words) < FEWEST_LETTERS:
            raise Refusal(REASON_TOO_SHORT, field="words")
        return Look(self.reason, words)


def open_contacts(
    appeal_ids: Iterable[UUID], look: Look, *, subject: str, page: str, by: Actor, at: datetime
) -> datetime:
    """Let an actor see these appeals whole for some minutes, and write it down; return until when.

    The door has checked that the actor's posts include contacts. Refusal when there is no good reason.
    """
    why, until = look.checked(), at + timedelta(minutes=OPEN_MINUTES)
    log_access(appeal_ids, why, seen=Seen.CONTACT, subject=subject, page=page, by=by, at=at, until=until)
    return until


def log_access(
    appeal_ids: Iterable[UUID | None],
    look: Look,
    *,
    seen: Seen,
    subject: str,
    page: str,
    by: Actor,
    at: datetime,
    until: datetime | None = None,
) -> None:
    """Write down that somebody saw something of the persons behind these appeals."""
    PersonalAccess.objects.bulk_create(
        PersonalAccess(
            at=at, account_id=by.id, account_name=by.name[:80], appeal_id=appeal_id, subject=subject[:40],
            seen=seen, page=page[:80], reason=look.reason, words=look.words, open_until=until, power=by.power,
        )
        for appeal_id in appeal_ids
    )  # fmt: skip


def opened_to(by: Actor, appeal_ids: Sequence[UUID], *, at: datetime) -> dict[UUID, datetime]:
    """Return which of these appeals an actor may see whole at this moment, and until when."""
    if by.id is None or not appeal_ids:
        return {}
    rows = PersonalAccess.objects.filter(account_id=by.id, open_until__gt=at, appeal_id__in=appeal_ids)
    return {
        appeal: until
        for appeal, until in rows.order_by("open_until").values_list("appeal_id", "open_until")
        if appeal is not None and until is not None
    }


def accesses_of(appeal_ids: Iterable[UUID]) -> QuerySet[PersonalAccess]:
    """Return every look at the persons behind these appeals, the newest first, as residents may be told."""
    return PersonalAccess.objects.filter(appeal_id__in=list(appeal_ids)).order_by("-at", "-id")
