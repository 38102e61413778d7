"""The clocks of a case: started, met or stopped with the moves, computed in working time."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from huying.cases.models import Case, Clock, Deadline
from huying.catalogue.core.clock import Limit, due_at, due_soon_at
from huying.catalogue.models import Grade
from huying.catalogue.queries import ItemCard, TownClock, item_card, published, town_clock
from huying.kit.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

# Rework gets half the time the matter had at first (our choice, standards B.3).
REWORK_SHARE = Fraction(1, 2)


def limit_of(
    clock: Clock, *, item: ItemCard | None, grade: str, town: TownClock, rework: bool = False
) -> Limit:
    """Return how long a clock runs for an item and grade; grade A never waits for office hours."""
    danger = grade == Grade.A
    urgent = danger or (item is not None and item.urgent)
    if clock == Clock.SIGN:
        return town.policies["sign_urgent" if urgent else "sign"]
    if clock == Clock.CONTACT:
        return town.policies["contact_urgent" if danger else "contact"]
    if clock == Clock.HANDLE:
        limit = item.limit if item else town.policies["danger"]
        if danger and (item is None or item.grade != Grade.A):
            limit = town.policies["danger"]
        return limit.portion(REWORK_SHARE) if rework else limit
    if clock == Clock.RECEIVE and danger:
        return town.policies["sign_urgent"]
    return town.policies[str(clock)]


def deadline_row(
    case_id: UUID, clock: Clock, *, item: ItemCard | None, grade: str, at: datetime, round_: int = 0
) -> dict[str, Any]:
    """Return the row of a clock that starts now, with everything its date was computed from."""
    town = town_clock()
    limit = limit_of(clock, item=item, grade=grade, town=town, rework=round_ > 0)
    due = due_at(at, limit, town.calendar)
    return {
        "id": new_id(),
        "case_id": case_id,
        "clock": str(clock),
        "round": round_,
        "amount": limit.amount,
        "amount_unit": str(limit.unit),
        "started_at": at,
        "due_at": due.at,
        "warn_at": due_soon_at(at, limit, town.calendar),
        "catalogue_number": item.catalogue_number if item else published().number,
        "calendar_edition": town.edition,
        "provisional": due.provisional,
    }


def start(case: Case, clocks: Iterable[Clock], *, at: datetime) -> None:
    """Start these clocks for a case under the catalogue version it was opened with."""
    item = item_card(case.item_id)
    rows = [
        deadline_row(case.pk, clock, item=item, grade=case.grade, at=at, round_=case.round)
        for clock in clocks
    ]
    Deadline.objects.bulk_create([Deadline(**row) for row in rows])
    for row in rows:
        if row["clock"] == Clock.HANDLE:
            case.due_at = row["due_at"]


def stop(case: Case, *, meets: Iterable[Clock], ends: Iterable[Clock], at: datetime) -> None:
    """Stop the running clocks of a case: met, or ended without being met."""
    running = Deadline.objects.filter(case=case, met_at=None, ended_at=None)
    met, ended = list(meets), list(ends)
    if met:
        running.filter(clock__in=met).update(met_at=at)
    if ended:
        running.filter(clock__in=ended).update(ended_at=at)


def refresh(case: Case) -> None:
    """Set the nearest running clock on the case, so that lists sort by one column."""
    nearest = (
        Deadline.objects.filter(case=case, met_at=None, ended_at=None)
        .order_by("due_at")
        .values("due_at", "warn_at")
        .first()
    )
    case.next_due_at = nearest["due_at"] if nearest else None
    case.warn_at = nearest["warn_at"] if nearest else None
