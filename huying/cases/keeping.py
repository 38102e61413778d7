"""What time does to cases: details that never come, suspensions whose day has come, colours, the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from huying.cases import reasons
from huying.cases.actions import move_case
from huying.cases.looking_back import look_back
from huying.cases.models import OPEN, Case, Clock, Colour, Deadline, Status
from huying.catalogue.core.clock import due_at
from huying.catalogue.queries import town_clock
from huying.kit.errors import Refusal
from huying.ledger.actor import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

AT_ONCE = 500
# Refused because somebody was there first: another worker, or a person.
OVERTAKEN = frozenset(
    {reasons.NOT_FROM_HERE, reasons.NOTHING_CHANGES, reasons.CHANGED_MEANWHILE, reasons.NOT_FOUND}
)

# Why a case comes under supervision by itself, late and nearly so (words in `told`).
WHY = {Clock.HANDLE: ("overdue", "near_due"), Clock.STAGE: ("stage_overdue", "stage_near_due")}


def keep_cases(*, at: datetime, limit: int = AT_ONCE) -> int:
    """Do what has come due, a case at a time; return how many cases moved. Run again until that is 0.

    Each move is a transaction of its own that looks again: killed anywhere, or run by two at once, nothing is
    done twice.
    """
    return (
        _each(_run_out(Clock.INFO, Status.NEED_INFO, at, limit), "lapse", at=at)
        + _each(_run_out(Clock.SUSPEND, Status.SUSPENDED, at, limit), "resume", at=at)
        + sum(_colour(clock, at=at, limit=limit) for clock in (Clock.HANDLE, Clock.STAGE))
        + _each(_unreported(at, limit, red=False), "supervise", at=at, colour=Colour.RED, reason="no_report")
        + _each(_unreported(at, limit, red=True), "report_lapses", at=at)
        + _each(_to_archive(at, limit), "archive", at=at)
        + look_back(at=at, limit=limit)
    )


def _each(cases: Iterable[UUID], move: str, *, at: datetime, **given: Any) -> int:  # noqa: ANN401 - as move_case
    moved = 0
    for case_id in cases:
        try:
            move_case(case_id, move, by=SYSTEM, at=at, **given)
        except Refusal as refusal:
            if refusal.reason not in OVERTAKEN:
                raise
        else:
            moved += 1
    return moved


def _run_out(clock: Clock, status: Status, at: datetime, limit: int) -> list[UUID]:
    over = Deadline.objects.filter(
        clock=clock, met_at=None, ended_at=None, paused_at=None, due_at__lt=at, case__status=status
    )
    return list(over.order_by("due_at").values_list("case_id", flat=True)[:limit])


def _colour(clock: Clock, *, at: datetime, limit: int) -> int:
    """Put under supervision what is late, or nearly, as a whole or with the stage that runs."""
    over, near = WHY[clock]
    return _each(_overdue(clock, at, limit), "supervise", at=at, colour=Colour.RED, reason=over) + _each(
        _near(clock, at, limit), "supervise", at=at, colour=Colour.BLUE, reason=near
    )


def _handling(clock: Clock, at: datetime) -> QuerySet[Deadline]:
    """Return the clocks of this kind that run and are near their end, or past it."""
    return Deadline.objects.filter(clock=clock, met_at=None, ended_at=None, paused_at=None, warn_at__lte=at)


def _overdue(clock: Clock, at: datetime, limit: int) -> list[UUID]:
    over = _handling(clock, at).filter(due_at__lt=at).exclude(case__supervision=Colour.RED)
    return list(over.order_by("due_at").values_list("case_id", flat=True)[:limit])


def _near(clock: Clock, at: datetime, limit: int) -> list[UUID]:
    near = _handling(clock, at).filter(due_at__gte=at, case__supervision="")
    return list(near.order_by("due_at").values_list("case_id", flat=True)[:limit])


def _unreported(at: datetime, limit: int, *, red: bool) -> list[UUID]:
    """Return supervised cases whose report did not come in time: the colour rises, under red it is told."""
    over = Deadline.objects.filter(
        clock=Clock.REPORT, met_at=None, ended_at=None, paused_at=None, due_at__lt=at, case__status__in=OPEN
    )
    over = over.filter(case__supervision=Colour.RED) if red else over.exclude(case__supervision=Colour.RED)
    return list(over.order_by("due_at").values_list("case_id", flat=True)[:limit])


def _to_archive(at: datetime, limit: int) -> list[UUID]:
    """Return cases whose time after closing is over; most recently closed ones are never read."""
    town = town_clock(at)
    resting = Case.objects.filter(status=Status.CLOSED, closed_at__lt=at).order_by("closed_at")
    rows = resting.values_list("pk", "closed_at")[:limit]
    policy = town.policies["archive_after"]
    return [pk for pk, closed_at in rows if closed_at and due_at(closed_at, policy, town.calendar).at < at]
