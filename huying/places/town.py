"""The town's map in memory: every area and place that exists today, and the words they go by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from huying.places.core.addresses import Gazetteer
    from huying.places.core.geometry import AreaIndex


@dataclass(frozen=True)
class AreaCard:
    """An area in memory."""

    id: UUID
    code: str
    name: str
    level: str
    rank: int
    path: str
    lat: float | None
    lon: float | None


@dataclass(frozen=True)
class LevelCard:
    """A level of the area tree in memory; rank 0 is the widest."""

    key: str
    rank: int
    name: str
    name_en: str


@dataclass
class TownMap:
    """Every area and place that exists today, ready to be asked."""

    areas: dict[str, AreaCard]
    index: AreaIndex
    gazetteer: Gazetteer
    root: AreaCard | None
    day: date
    levels: dict[str, LevelCard] = field(default_factory=dict)
    place_code: dict[str, str] = field(default_factory=dict)
    place_area: dict[str, str] = field(default_factory=dict)
    place_name: dict[str, str] = field(default_factory=dict)
    place_point: dict[str, tuple[float | None, float | None]] = field(default_factory=dict)

    def label(self, area_id: str) -> str:
        """Return an area's name with what makes it findable: community and grid, not the whole line."""
        card = self.areas[area_id]
        line = [other for code in card.path.split("/")[1:] if (other := self._by_code.get(code)) is not None]
        return " ".join(other.name for other in line if other.level not in {"district", "block"})

    def __post_init__(self) -> None:
        self._by_code = {card.code: card for card in self.areas.values()}

    def code_of(self, key: str) -> str:
        """Return the code of an area or place, which `by_any_code` takes."""
        return self.areas[key].code if key in self.areas else self.gazetteer.entry(key).code

    def by_any_code(self, code: str) -> str | None:
        """Return the key of the area or named place with this code, None when there is none or no code."""
        card = self._by_code.get(code) if code else None
        return str(card.id) if card else self.place_code.get(code) if code else None

    def by_code(self, code: str) -> AreaCard | None:
        """Return the area with this code that exists today."""
        return self._by_code.get(code)
