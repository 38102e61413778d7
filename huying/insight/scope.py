"""What is counted: a span of days, within what the actor may see, narrowed to an area, a unit or an item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from huying.people.permissions import Permission

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from huying.ledger.actor import Actor


@dataclass(frozen=True)
class Scope:
    """Cases opened from `since` until before `until`, of an area (path), a unit, items (a code's beginning).

    `sight` holds what the actor may see: (area path, item prefixes) of each grant; None: everything.
    """

    since: datetime
    until: datetime
    sight: tuple[tuple[str, tuple[str, ...]], ...] | None
    area: str = ""
    unit: UUID | None = None
    items: str = ""


def sight_of(by: Actor) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the areas an actor may see numbers of, each with the items its post is limited to."""
    return tuple(
        dict.fromkeys(
            (grant.area_path, tuple(grant.items))
            for grant in by.grants
            if Permission.STATS_SEE in grant.on_area and grant.area_path
        )
    )


def where(scope: Scope) -> tuple[str, dict[str, Any]]:
    """Return the condition on `cases_case c` and what it is filled with."""
    told: dict[str, Any] = {"since": scope.since, "until": scope.until}
    parts = ["c.opened_at >= %(since)s", "c.opened_at < %(until)s"]
    if scope.sight is not None:
        seen = [_sight(place, area, items, told) for place, (area, items) in enumerate(scope.sight)]
        parts.append(f"({' OR '.join(seen)})" if seen else "FALSE")
    if scope.area:
        told["area"], told["below"] = scope.area, f"{_like(scope.area)}/%"
        parts.append("(c.area_path = %(area)s OR c.area_path LIKE %(below)s)")
    if scope.unit is not None:
        told["unit"] = scope.unit
        parts.append("c.unit_id = %(unit)s")
    if scope.items:
        told["items"] = f"{_like(scope.items)}%"
        parts.append("c.item_code LIKE %(items)s")
    return " AND ".join(parts), told


def _sight(place: int, area: str, items: tuple[str, ...], told: dict[str, Any]) -> str:
    told[f"sight{place}"], told[f"sight_below{place}"] = area, f"{_like(area)}/%"
    seen = f"(c.area_path = %(sight{place})s OR c.area_path LIKE %(sight_below{place})s)"
    if items:
        told[f"sight_items{place}"] = [f"{_like(prefix)}%" for prefix in items]
        seen = f"({seen} AND c.item_code LIKE ANY(%(sight_items{place})s))"
    return seen


def _like(text: str) -> str:
    """Return a text as LIKE takes it literally."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
