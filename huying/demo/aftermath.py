"""What happens beside the appeals' own ways: suspected twins are looked at, old notices are read."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from huying.cases.models import Membership
from huying.demo.town import timing
from huying.demo.town.dice import happens
from huying.notify.actions import mark_read
from huying.notify.models import Notice
from huying.triage.actions import decide_twin
from huying.triage.models import TwinState, TwinSuspect

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from huying.demo.acts import Stage
    from huying.demo.tale import Tale

# How often a dispatcher says what is plain by then; the rest stays a suspicion for whoever looks at the demo.
CONFIRMED_SHARE, REFUSED_SHARE = 0.85, 0.55
# What came in within these days before the end is still unread in the units.
UNREAD_DAYS = 2


def judge_twins(stage: Stage, tale: Tale, at: datetime) -> None:
    """Let a dispatcher look at what an appeal may be a twin of.

    Those handled together by now are mostly confirmed, those that are another matter are often refused;
    the same matter in a case of its own stays a suspicion.
    """
    suspects = TwinSuspect.objects.filter(appeal=tale.appeal_id, state=TwinState.SUSPECTED).order_by("id")
    found = list(suspects.values_list("pk", "earlier_id"))
    if not found:
        return
    ids = [tale.appeal_id, *(earlier for _, earlier in found)]
    cases = dict(
        Membership.objects.filter(appeal_id__in=ids, until_at=None).values_list("appeal_id", "case_id")
    )
    by = stage.clerk(tale, "dispatcher", at)
    for pk, earlier in found:
        other = stage.by_appeal[earlier].row
        together = cases.get(earlier) == cases.get(tale.appeal_id)
        same = bool(tale.row.matter) and tale.row.matter == other.matter
        if together or not same:
            share = CONFIRMED_SHARE if together else REFUSED_SHARE
            if happens(tale.rng, share):
                with transaction.atomic():
                    decide_twin(pk, same=together, by=by, at=at)


def read_old_notices(end: datetime) -> None:
    """Let every unit have read its notices but the last ones, each within the office hours after it came."""
    waiting = Notice.objects.filter(to_unit__isnull=False, read_at=None, at__lt=end - timedelta(days=UNREAD_DAYS))
    by_day: dict[datetime, list[UUID]] = {}
    for pk, at in waiting.values_list("pk", "at"):
        morning = timing.after_office(at, 1).replace(minute=30, second=0, microsecond=0) + timedelta(hours=1)
        by_day.setdefault(morning, []).append(pk)
    for morning, notices in by_day.items():
        mark_read(notices, at=morning)
