"""Which level of the town's tree an area or a unit stands on: where a case was opened, and where it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huying.people.queries import unit_book
from huying.places.queries import town_map

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID


def level_of_area(area_path: str) -> str:
    """Return the level of the area at this path, "" when it no longer exists or the path is empty."""
    card = town_map().by_code(area_path.rpartition("/")[2])
    return card.level if card else ""


def level_of_unit(unit_id: UUID | None) -> str:
    """Return the level of the area a unit answers for; units of the whole town stand on its widest level."""
    card = unit_book().by_id.get(unit_id) if unit_id else None
    if card is None:
        return ""
    if card.area_path:
        return level_of_area(card.area_path)
    root = town_map().root
    return root.level if root else ""


def settled_in_place(
    opened_level: str, closed_level: str, ranks: Mapping[str, int] | None = None
) -> bool | None:
    """Whether a case ended on the level it was opened for or nearer to the people (就地解决).

    None when one of the levels is unknown: such a case belongs to neither side of the rate. `ranks` are the
    levels' ranks, 0 the widest; without them the town's.
    """
    known = {key: level.rank for key, level in town_map().levels.items()} if ranks is None else ranks
    if opened_level not in known or closed_level not in known:
        return None
    return known[closed_level] >= known[opened_level]
