"""How long a clock runs for an item and a grade, and the stages of an item's limit one after another.

Of several limits that could hold, the nearest to the matter does: the item's for this grade, the item's for
every grade, the grade's, the town's. Handling differs in one thing: an item's own limit is meant for the
grade it usually has, so a case graver than that gets what its grade says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from huying.catalogue.core.clock import Limit, due_at
from huying.catalogue.grades import GRAVEST
from huying.kit.names import in_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from huying.catalogue.core.calendar import Calendar
    from huying.catalogue.core.clock import Pause
    from huying.catalogue.queries import ItemCard, TownClock

EVERY_GRADE: Final = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """One limit of several that run one after another."""

    name: str
    name_en: str
    limit: Limit

    @property
    def label(self) -> str:
        """Return the name in the language of the page."""
        return in_language(self.name, self.name_en)


@dataclass(frozen=True, slots=True)
class StageDue:
    """A stage with its days: it begins when the one before it is due."""

    stage: Stage
    from_at: datetime
    due_at: datetime
    provisional: bool

    def kept(self) -> dict[str, Any]:
        """Return the stage as a deadline keeps it; what is over is marked there."""
        return {
            "name": self.stage.name,
            "name_en": self.stage.name_en,
            "amount": self.stage.limit.amount,
            "unit": str(self.stage.limit.unit),
            "due_at": self.due_at.astimezone(UTC).isoformat(),
        }


def limit_for(item: ItemCard | None, clock: str, grade: str, town: TownClock) -> Limit:
    """Return how long `clock` ("sign", "contact", "handle", or a clock of the town by its key) runs.

    For handling in stages this is the limit of the last stage; `plan_stages` has the days of all.
    """
    if item is not None:
        own = item.limits.get((clock, grade)) or item.limits.get((clock, EVERY_GRADE))
        if own is not None:
            return own
    if clock == "handle":
        return _handling(item, grade, town)
    row = town.grades.by_key.get(grade)
    if row is not None and clock in row.limits:
        return row.limits[clock]
    return town.policies[_town_clock_for(item, clock, grade)]


def _town_clock_for(item: ItemCard | None, clock: str, grade: str) -> str:
    """Return which clock of the town holds: danger has a shorter one, to sign also an urgent item."""
    danger = grade == GRAVEST
    if clock == "sign" and (danger or (item is not None and item.urgent)):
        return "sign_urgent"
    if clock == "contact" and danger:
        return "contact_urgent"
    return clock


def _handling(item: ItemCard | None, grade: str, town: TownClock) -> Limit:
    row = town.grades.by_key.get(grade)
    graver = item is None or grade < item.grade
    if graver and row is not None and "handle" in row.limits:
        return row.limits["handle"]
    if graver and grade == GRAVEST:
        return town.policies["danger"]
    if item is None:
        return town.policies["ordinary"]
    limit = item.stages[-1].limit if item.stages else item.limit
    if graver and row is not None and row.handle_share is not None:
        return limit.portion(row.handle_share)
    return limit


def in_stages(item: ItemCard | None, grade: str, *, rework: bool = False) -> bool:
    """Whether an item's handling runs in stages here: not for danger beyond its kind, and not in rework."""
    if item is None or not item.stages or rework:
        return False
    has_own = (("handle", grade) in item.limits) or (("handle", EVERY_GRADE) in item.limits)
    return grade >= item.grade and not has_own


def plan_stages(
    start: datetime, stages: Sequence[Stage], calendar: Calendar, pauses: Sequence[Pause] = ()
) -> list[StageDue]:
    """Return the days of stages one after another from a start; the last one's end is the whole's."""
    planned: list[StageDue] = []
    begin = start
    for stage in stages:
        due = due_at(begin, stage.limit, calendar, pauses)
        planned.append(StageDue(stage, begin, due.at, due.provisional))
        begin = due.at
    return planned
