"""Reading places: the town's map in memory, where a point or some words lie, search as you type."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.utils import timezone

from huying.ledger.snapshots import Snapshot
from huying.places.core.addresses import Gazetteer
from huying.places.core.entries import NO_MATCH, Entry
from huying.places.core.geometry import AreaIndex
from huying.places.models import Area, AreaLevel, Place

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from django.db.models import QuerySet

    from huying.places.core.entries import Kind, Match

logger = logging.getLogger("huying.places")
PLACES = "places"
# How sure a place is that came from a point, and from a point the words contradict.
POINT_CONFIDENCE = 0.95
POINT_AGAINST_WORDS = 0.6
# Below this, words do not place an appeal finer than the town.
LEAST_WORDS_CONFIDENCE = 0.5


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


@dataclass(frozen=True)
class Where:
    """Where an appeal is about: the finest area known, a named place if any, and how sure that is.

    `area_path` is the town's root when nothing finer is known. `reasons` are keys.
    """

    area_id: UUID | None
    place_id: UUID | None
    area_path: str
    area_code: str
    name: str
    lat: float | None
    lon: float | None
    confidence: float
    reasons: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()


@dataclass
class TownMap:
    """Every area and place that exists today, ready to be asked."""

    areas: dict[str, AreaCard]
    index: AreaIndex
    gazetteer: Gazetteer
    root: AreaCard | None
    day: date
    levels: dict[str, LevelCard] = field(default_factory=dict)
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

    def by_code(self, code: str) -> AreaCard | None:
        """Return the area with this code that exists today."""
        return self._by_code.get(code)


def _build() -> TownMap:
    today = timezone.localdate()
    levels = {
        level.key: LevelCard(level.key, level.rank, level.name, level.name_en)
        for level in AreaLevel.objects.order_by("rank")
    }
    areas: dict[str, AreaCard] = {}
    shapes, entries = [], []
    for area in Area.objects.valid_on(today).order_by("path"):
        key, rank = str(area.pk), levels[area.level_id].rank
        areas[key] = AreaCard(
            area.pk, area.code, area.name, area.level_id, rank, area.path, area.lat, area.lon
        )
        if area.boundary:
            shapes.append((key, rank, area.boundary))
        entries.append(
            Entry(
                id=key,
                kind="area",
                rank=rank,
                name=area.name,
                aliases=tuple(area.aliases),
                parent=str(area.parent_id) if area.parent_id else None,
                lat=area.lat,
                lon=area.lon,
                code=area.code,
            )
        )
    town = TownMap(areas, AreaIndex(shapes), Gazetteer(()), None, today, levels)
    for place in Place.objects.order_by("code"):
        key, parent = str(place.pk), str(place.area_id)
        if parent not in areas:
            continue
        town.place_area[key], town.place_name[key] = parent, place.name
        town.place_point[key] = (place.lat, place.lon)
        entries.append(
            Entry(
                id=key,
                kind=cast("Kind", place.kind),
                rank=areas[parent].rank + 1,
                name=place.name,
                aliases=tuple(place.aliases),
                parent=parent,
                lat=place.lat,
                lon=place.lon,
                code=place.code,
            )
        )
    town.gazetteer = Gazetteer(entries)
    tops = [card for card in areas.values() if "/" not in card.path]
    town.root = min(tops, key=lambda card: card.rank, default=None)
    return town


_MAP = Snapshot(_build, PLACES)


def levels() -> QuerySet[AreaLevel]:
    """Return the levels of the area tree, widest first."""
    return AreaLevel.objects.order_by("rank")


def town_map() -> TownMap:
    """Return the map as it stands today: areas begin and end at midnight, without a new edition."""
    town = _MAP.get()
    if town.day != timezone.localdate():
        _MAP.clear()
        town = _MAP.get()
    return town


def clear() -> None:
    """Forget the map held in memory (between tests)."""
    _MAP.clear()


def standing_areas() -> dict[str, Area]:
    """Return the areas whose end is not known, by code."""
    return {area.code: area for area in Area.objects.filter(valid_until=None)}


Told = tuple["float | None", "float | None", str, str]


def locate_all(told: Sequence[Told]) -> list[Where]:
    """Return where each of these is: (lat, lon, place words, text), WGS-84. Never fails for want of a place.

    A point decides; words confirm it, or are all there is. Words said for the place count before the text.
    """
    town = town_map()
    with_point = [
        number for number, (lat, lon, _, _) in enumerate(told) if lat is not None and lon is not None
    ]
    found = town.index.locate_many(
        [told[number][0] or 0.0 for number in with_point], [told[number][1] or 0.0 for number in with_point]
    )
    at_point = dict(zip(with_point, found, strict=True))
    return [_locate(town, one, at_point.get(number)) for number, one in enumerate(told)]


def _locate(town: TownMap, told: Told, at_point: list[str] | None) -> Where:
    lat, lon, words, text = told
    match = _match(town, words, text)
    if at_point:
        return _by_point(town, at_point[0], match, lat, lon)
    outside = at_point is not None
    if match.found and match.confidence >= LEAST_WORDS_CONFIDENCE:
        return _by_words(town, match, lat, lon, outside=outside)
    area = town.areas.get(match.common_area or "") or town.root
    return Where(
        area_id=area.id if area else None,
        place_id=None,
        area_path=area.path if area else "",
        area_code=area.code if area else "",
        name="",
        lat=lat,
        lon=lon,
        confidence=round(match.confidence, 3),
        reasons=(*match.reasons, "point_outside_town" if outside else "place_unknown"),
        alternatives=_names(town, match),
    )


def _match(town: TownMap, words: str, text: str) -> Match:
    """Read the words said for the place; where they name none, the text."""
    try:
        match = town.gazetteer.parse(words) if words else NO_MATCH
        return match if match.found else town.gazetteer.parse(text)
    except Exception:
        # Words that break the reader must not cost an appeal: a person finds the place.
        logger.exception("the place could not be read")
        return NO_MATCH


def _names(town: TownMap, match: Match) -> tuple[str, ...]:
    found = [match, *match.alternatives] if match.found else []
    return tuple(dict.fromkeys(_name(town, one) for one in found))


def _name(town: TownMap, match: Match) -> str:
    """Return what a matched place is called, with the building that was named."""
    key = match.entry or ""
    if key not in town.place_name:
        return town.label(key)
    name = town.place_name[key]
    return name if match.kind == "building" else f"{name}{match.parts.building_key}"


def _by_point(town: TownMap, area_key: str, match: Match, lat: float | None, lon: float | None) -> Where:
    """Place by the point; words that lie elsewhere lower the confidence, those lying there add the name."""
    area = town.areas[area_key]
    agrees = match.found and match.area is not None and _same_community(area, town.areas[match.area])
    if match.found and not agrees and match.confidence >= LEAST_WORDS_CONFIDENCE:
        confidence, reasons = POINT_AGAINST_WORDS, ["point", "words_disagree"]
    else:
        confidence, reasons = POINT_CONFIDENCE, ["point", "words_agree"] if agrees else ["point"]
    place = UUID(match.entry) if agrees and match.entry in town.place_name else None
    name = _name(town, match) if agrees else town.label(area_key)
    return Where(
        area.id, place, area.path, area.code, name, lat, lon, confidence, tuple(reasons), _names(town, match)
    )


def _same_community(one: AreaCard, other: AreaCard) -> bool:
    """Return whether two areas lie in one line, or share the community (the third step of the path)."""
    shorter, longer = sorted((one.path, other.path), key=len)
    return (
        longer == shorter
        or longer.startswith(f"{shorter}/")
        or (one.path.split("/")[:3] == other.path.split("/")[:3] and one.path.count("/") > 1)
    )


def _by_words(town: TownMap, match: Match, lat: float | None, lon: float | None, *, outside: bool) -> Where:
    """Place by words alone; a named place lends its point when the resident gave none."""
    area = town.areas[match.area or ""]
    is_place = match.entry in town.place_name
    known = town.place_point.get(match.entry or "", (None, None)) if lat is None else (lat, lon)
    confidence = min(match.confidence, POINT_AGAINST_WORDS) if outside else match.confidence
    reasons = (*match.reasons, "point_outside_town") if outside else tuple(match.reasons)
    return Where(
        area_id=area.id,
        place_id=UUID(match.entry) if is_place else None,
        area_path=area.path,
        area_code=area.code,
        name=_name(town, match),
        lat=known[0],
        lon=known[1],
        confidence=round(confidence, 3),
        reasons=reasons,
        alternatives=_names(town, match)[1:],
    )
