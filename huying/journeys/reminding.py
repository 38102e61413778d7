"""Clocks that run out: each is told of once when four fifths are gone, and once when it is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from procrastinate.contrib.django import app

from huying.cases.models import Clock, Deadline
from huying.cases.stages import clock_label
from huying.catalogue.models import Grade
from huying.journeys.moments import when
from huying.journeys.telling import voices_in
from huying.journeys.telling_units import about, centre_of
from huying.ledger.models import Fact
from huying.notify.actions import Told, tell_appeals, tell_units
from huying.notify.models import Reminder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

AT_ONCE = 500
NEAR, OVER = "near", "over"
LETTERS = {NEAR: "unit_near_due", OVER: "unit_overdue"}
MOMENTS = {NEAR: "warn_at", OVER: "due_at"}
# Whose clock it is: the centre's while nobody has the case, its owner is disputed or residents are asked.
OF_THE_CENTRE = frozenset({Clock.RECEIVE, Clock.RULING, Clock.ASKING})
# The resident's own clock; what follows from it is told by itself.
NOT_OF_STAFF = frozenset({Clock.INFO})


@app.periodic(cron="*/5 * * * *")
@app.task(name="journeys.remind", queue="clocks", queueing_lock="journeys.remind")
def remind(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives the planned time; we take the real one
    """Every five minutes: tell of clocks that run out."""
    at = timezone.now()
    while remind_of_clocks(at=at):
        pass


def remind_of_clocks(*, at: datetime, limit: int = AT_ONCE) -> int:
    """Tell of running clocks that came near their end or passed it; return how many. Run again until 0.

    What is overdue is not told of as near any more. The note that it was told and the notice are committed
    together: killed anywhere, or run by two at once, each is told once.
    """
    return (
        _remind(OVER, at=at, limit=limit)
        or _remind(NEAR, at=at, limit=limit)
        or _remind_residents(at=at, limit=limit)
    )


def _remind_residents(*, at: datetime, limit: int) -> int:
    """Tell residents once that what was asked of them is still waited for."""
    told = Reminder.objects.filter(about=OuterRef("pk"), stage=NEAR)
    asked = Deadline.objects.filter(
        ~Exists(told), clock=Clock.INFO, met_at=None, ended_at=None, warn_at__lte=at, due_at__gt=at
    )
    with transaction.atomic():
        found = list(
            asked.order_by("warn_at", "id").select_for_update(skip_locked=True, of=("self",))[:limit]
        )
        noted = _note(found, NEAR, at=at)
        fresh = [row for row in found if row.pk in noted]
        voices = voices_in(row.case_id for row in fresh)
        tell_appeals(
            voice.told("need_info_reminder", at, {"question": question, "until": when(row.due_at)})
            for row in fresh
            for question in [_question_of(row)]
            for voice in voices[row.case_id]
        )
    return len(found)


def _question_of(row: Deadline) -> str:
    asked = Fact.objects.filter(stream=f"case:{row.case_id}", kind="NeedInfoAsked").order_by("-seq")
    return str(asked.values_list("data__question", flat=True).first() or "—")


def _remind(stage: str, *, at: datetime, limit: int) -> int:
    told = Reminder.objects.filter(about=OuterRef("pk"), stage=stage)
    running = Deadline.objects.filter(
        met_at=None, ended_at=None, paused_at=None, **{f"{MOMENTS[stage]}__lte": at}
    )
    running = running.exclude(clock__in=NOT_OF_STAFF)
    if stage == NEAR:
        running = running.filter(due_at__gt=at)
    with transaction.atomic():
        found = list(
            running.filter(~Exists(told))
            .select_related("case")
            .order_by(MOMENTS[stage], "id")
            .select_for_update(skip_locked=True, of=("self",))[:limit]
        )
        fresh = _note(found, stage, at=at)
        tell_units(_told(row, stage, at) for row in found if row.pk in fresh and _to(row) is not None)
    return len(found)


def _note(found: Sequence[Deadline], stage: str, *, at: datetime) -> set[UUID]:
    """Note what is told of now; return what another worker had not noted meanwhile."""
    rows = [Reminder(about=row.pk, stage=stage, at=at) for row in found]
    Reminder.objects.bulk_create(rows, ignore_conflicts=True)
    mine = Reminder.objects.filter(about__in=[row.pk for row in found], stage=stage, at=at)
    return set(mine.values_list("about", flat=True))


def _to(row: Deadline) -> UUID | None:
    unit = row.case.unit_id
    return centre_of(row.case) if row.clock in OF_THE_CENTRE or unit is None else unit


def _told(row: Deadline, stage: str, at: datetime) -> Told:
    unit = _to(row)
    if unit is None:
        raise LookupError(f"nobody is asked for clock {row.pk}")
    data = about(row.case, clock=clock_label(row), due=when(row.due_at))
    return Told(unit, LETTERS[stage], data, at, urgent=row.case.grade == Grade.A)
