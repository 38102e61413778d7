"""The clocks of a case: started, met or stopped with the moves, computed in working time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from huying.cases.models import Case, Clock, Deadline
from huying.catalogue.core.clock import Limit, due_at, due_soon_at
from huying.catalogue.limits import in_stages, limit_for, plan_stages
from huying.catalogue.models import Grade
from huying.catalogue.queries import ItemCard, TownClock, item_card, published, town_clock
from huying.kit.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from huying.catalogue.limits import StageDue


def limit_of(
    clock: Clock, *, item: ItemCard | None, grade: str, town: TownClock, rework: bool = False
) -> Limit:
    """Return how long a clock runs for an item and grade, in rework a share of it; danger never waits."""
    if clock == Clock.RECEIVE and grade == Grade.A:
        return town.policies["sign_urgent"]
    limit = limit_for(item, str(clock), grade, town)
    return limit.portion(town.shares["rework"]) if rework and clock == Clock.HANDLE else limit


def deadline_row(
    case_id: UUID,
    clock: Clock,
    *,
    item: ItemCard | None,
    grade: str,
    at: datetime,
    round_: int = 0,
    town: TownClock | None = None,
) -> dict[str, Any]:
    """Return the row of a clock that starts at a moment, with everything its date was computed from.

    Without `town` it is computed by the calendar and clocks in force at that moment.
    """
    town = town or town_clock(at)
    limit = limit_of(clock, item=item, grade=grade, town=town, rework=round_ > 0)
    staged = _stages(item, grade, town, at=at, round_=round_) if clock == Clock.HANDLE else []
    # The whole of a matter in stages is due when its last stage is; that one began with the end before it.
    begin = staged[-1].from_at if staged else at
    due = due_at(begin, limit, town.calendar)
    return {
        "id": new_id(),
        "case_id": case_id,
        "clock": str(clock),
        "round": round_,
        "amount": limit.amount,
        "amount_unit": str(limit.unit),
        "started_at": at,
        "due_at": due.at,
        "warn_at": due_soon_at(begin, limit, town.calendar, share=float(town.shares["supervise_reminder"])),
        "catalogue_number": item.catalogue_number if item else published().number,
        "calendar_edition": town.edition,
        "policy_edition": town.policy_edition,
        "provisional": due.provisional or any(stage.provisional for stage in staged),
        "stages": [stage.kept() for stage in staged] or None,
    }


def _stages(
    item: ItemCard | None, grade: str, town: TownClock, *, at: datetime, round_: int
) -> list[StageDue]:
    if item is None or not in_stages(item, grade, rework=round_ > 0):
        return []
    return plan_stages(at, item.stages, town.calendar)


def turn(
    case: Case, *, meets: Iterable[Clock], ends: Iterable[Clock], starts: Iterable[Clock], at: datetime
) -> None:
    """Meet, end and start the clocks of a move, under the catalogue version the case was opened with.

    Sets the nearest clock and the day the matter is due on the case, which the caller saves.
    """
    met, ended, started = set(meets), set(ends), list(starts)
    if not (met or ended or started):
        return
    running = list(_running(case))
    _mark([row for row in running if row.clock in met], met_at=at)
    _mark([row for row in running if row.clock in ended - met], ended_at=at)
    fresh = _start(case, started, at=at)
    _show(case, [*(row for row in running if row.clock not in met | ended), *fresh])


def raise_grade(case: Case, grade: str, *, at: datetime) -> None:
    """Make a case as urgent as a voice that came to it later, and bring its dates forward; never put one off.

    Clocks that would run out later than if they began now, under the graver grade, begin anew. The caller
    saves the case.
    """
    graver = max_grade(case.grade, grade)
    if graver == case.grade:
        return
    case.grade = graver
    item, town = item_card(case.item_id), town_clock(at)
    kept: list[Deadline] = []
    late: list[Deadline] = []
    for row in _running(case):
        limit = limit_of(Clock(row.clock), item=item, grade=graver, town=town, rework=case.round > 0)
        (late if due_at(at, limit, town.calendar).at < row.due_at else kept).append(row)
    _mark(late, ended_at=at)
    _show(case, [*kept, *_start(case, [Clock(row.clock) for row in late], at=at)])


def max_grade(*grades: str) -> str:
    """Return the gravest of these grades (A before D); empty ones do not count."""
    return min((grade for grade in grades if grade), default=Grade.C)


def refresh(case: Case) -> None:
    """Set the nearest running clock on the case, so that lists sort by one column."""
    _show(case, _running(case))


def _running(case: Case) -> QuerySet[Deadline]:
    return Deadline.objects.filter(case=case, met_at=None, ended_at=None)


def _mark(rows: Sequence[Deadline], **when: datetime) -> None:
    if rows:
        Deadline.objects.filter(pk__in=[row.pk for row in rows]).update(**when)


def _start(case: Case, clocks: Sequence[Clock], *, at: datetime) -> list[Deadline]:
    if not clocks:
        return []
    item = item_card(case.item_id)
    rows = [
        deadline_row(case.pk, clock, item=item, grade=case.grade, at=at, round_=case.round)
        for clock in clocks
    ]
    return Deadline.objects.bulk_create([Deadline(**row) for row in rows])


def _show(case: Case, running: Iterable[Deadline]) -> None:
    rows = list(running)
    nearest = min(rows, key=lambda row: row.due_at, default=None)
    case.next_due_at = nearest.due_at if nearest else None
    case.warn_at = nearest.warn_at if nearest else None
    for row in rows:
        if row.clock == Clock.HANDLE:
            case.due_at = row.due_at
