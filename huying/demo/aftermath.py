"""What happens beside the appeals' own ways: suspected twins are looked at, old notices are read."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import OuterRef, Subquery

from huying.cases.models import Membership
from huying.demo.town import timing
from huying.demo.town.dice import happens
from huying.feedback.models import RatingRequest
from huying.notify.actions import mark_read
from huying.notify.models import Notice
from huying.triage.actions import decide_twin
from huying.triage.models import TwinState, TwinSuspect

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from huying.demo.acts import Stage
    from huying.demo.tale import Tale

# How often a dispatcher says what is plain by then; the rest stays a suspicion for whoever looks at the demo.
CONFIRMED_SHARE, REFUSED_SHARE = 0.85, 0.55
# What came in within these days before the end is still unread in the units.
UNREAD_DAYS = 2
OPENED_MINUTES = 12


def judge_twins(stage: Stage, tale: Tale, at: datetime) -> None:
    """Let a dispatcher look at what an appeal may be a twin of.

    Those handled together by now are mostly confirmed, those that are another matter are often refused;
    the same matter in a case of its own stays a suspicion.
    """
    mine = tale.appeal_id
    if mine is None:
        return
    suspects = TwinSuspect.objects.filter(appeal_id=mine, state=TwinState.SUSPECTED).order_by("id")
    found = list(suspects.values_list("pk", "earlier_id"))
    if not found:
        return
    ids = [mine, *(earlier for _, earlier in found)]
    cases = dict(
        Membership.objects.filter(appeal_id__in=ids, until_at=None).values_list("appeal_id", "case_id")
    )
    by = stage.clerk(tale, "dispatcher", at)
    for pk, earlier in found:
        other = stage.by_appeal[earlier].row
        together = cases.get(earlier) == cases.get(mine)
        same = bool(tale.row.matter) and tale.row.matter == other.matter
        if together or not same:
            share = CONFIRMED_SHARE if together else REFUSED_SHARE
            if happens(tale.rng, share):
                with transaction.atomic():
                    decide_twin(pk, same=together, by=by, at=at)


def read_old_notices(end: datetime) -> None:
    """Let units have read all notices but the last ones, and residents those before they answered."""
    units = Notice.objects.filter(
        to_unit__isnull=False, read_at=None, at__lt=end - timedelta(days=UNREAD_DAYS)
    )
    for day, notices in _by_day(units.values_list("pk", "at")).items():
        mark_read(notices, at=timing.after_office(day, OPENED_MINUTES))
    answered = RatingRequest.objects.filter(
        appeal_id=OuterRef("to_appeal_id"), answered_at__gte=OuterRef("at")
    )
    theirs = Notice.objects.filter(read_at=None).annotate(
        answered_at=Subquery(answered.order_by("answered_at").values("answered_at")[:1])
    )
    for day, notices in _by_day(theirs.exclude(answered_at=None).values_list("pk", "answered_at")).items():
        mark_read(notices, at=min(day + timedelta(days=1), end))


def _by_day(rows: Iterable[tuple[UUID, datetime]]) -> dict[datetime, list[UUID]]:
    """Return the keys by the midnight that begins the day of their moment."""
    found: dict[datetime, list[UUID]] = {}
    for key, at in rows:
        day = at.astimezone(timing.SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
        found.setdefault(day, []).append(key)
    return found
