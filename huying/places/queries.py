"""Reading places: the town's map in memory, where a point or some words lie, search as you type."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, cast

from django.utils import timezone

from huying.ledger.snapshots import Snapshot
from huying.places.core.addresses import Gazetteer
from huying.places.core.entries import Entry
from huying.places.core.geometry import AreaIndex
from huying.places.locating import Choice, Told, Where, locate_in
from huying.places.models import Area, AreaLevel, OldName, Place
from huying.places.town import AreaCard, LevelCard, TownMap

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django.db.models import QuerySet

    from huying.places.core.entries import Kind

__all__ = [
    "PLACES", "AreaCard", "Choice", "LevelCard", "Told", "TownMap", "Where", "clear", "levels", "locate_all",
    "standing_areas", "town_map",
]  # fmt: skip
PLACES = "places"


def _build() -> TownMap:
    today = timezone.localdate()
    levels = {
        level.key: LevelCard(level.key, level.rank, level.name, level.name_en)
        for level in AreaLevel.objects.order_by("rank")
    }
    former: dict[UUID | None, list[str]] = defaultdict(list)
    for old in OldName.objects.order_by("name"):
        former[old.area_id or old.place_id].append(old.name)
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
                former=tuple(former.get(area.pk, ())),
            )
        )
    town = TownMap(areas, AreaIndex(shapes), Gazetteer(()), None, today, levels)
    for place in Place.objects.order_by("code"):
        key, parent = str(place.pk), str(place.area_id)
        if parent not in areas:
            continue
        if place.retired_at is not None:
            town.place_code[place.code] = parent  # a plate still on the wall leads to its area
            continue
        town.place_code[place.code] = key
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
                former=tuple(former.get(place.pk, ())),
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


def locate_all(told: Sequence[Told]) -> list[Where]:
    """Return where each of these is; see `locate_in`. Never fails for want of a place."""
    return locate_in(town_map(), told)
