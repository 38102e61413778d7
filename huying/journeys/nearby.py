"""What neighbours already reported near a place, as anybody may see it: no words, no persons, no doors.

Only open cases of items the catalogue calls public. A matter stands at the point of the estate, road or
facility it is about. Where only a building or a bare point is known, the point is rounded to a square of
about a hundred metres, and a square with fewer than `FEWEST` matters is told for the community as a whole:
alone in its square, a matter would point at the door it was reported from.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from huying.cases.models import OPEN, Case
from huying.catalogue.queries import item_card
from huying.kit.errors import Refusal
from huying.kit.ids import may_be_number
from huying.places.core.coordinates import METRES_PER_DEGREE
from huying.places.models import PlaceKind
from huying.places.queries import town_map
from huying.publicity.queries import public_numbers
from huying.publicity.reasons import NOT_PUBLIC
from huying.publicity.rules import (
    COMMUNITY_DEPTH,
    community_name,
    community_path,
    rough_place,
    why_not_public,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from huying.catalogue.queries import ItemCard
    from huying.places.queries import AreaCard, TownMap

FEWEST = 3
# A count of people is told from here on; below it points at few.
FEWEST_VOICES = 5
# A step of the grid bare points are rounded to, in degrees: 111 m to the north, about 103 m to the east here.
STEP = 0.001
MOST, MOST_COMMUNITIES = 200, 6
FARTHEST_METRES = 3000.0
FRESH = timedelta(days=180)


@dataclass(frozen=True)
class Matter:
    """One open case as strangers may see it. `voices` is 0 while too few spoke to tell."""

    number: str
    item: ItemCard
    place: str
    status: str
    opened_at: datetime
    voices: int
    has_page: bool


@dataclass
class Spot:
    """Matters told at one point of the map: of a named `place`, a `square`, or a whole `community`."""

    kind: str
    name: str
    lat: float | None
    lon: float | None
    matters: list[Matter] = field(default_factory=list)


def rounded(degrees: float) -> float:
    """Return a latitude or longitude as coarse as strangers may know it, and as a search needs it."""
    return round(round(degrees / STEP) * STEP, 3)


def communities() -> list[AreaCard]:
    """Return the communities of the town, by code."""
    depth = COMMUNITY_DEPTH - 1
    found = [card for card in town_map().areas.values() if card.path.count("/") == depth]
    return sorted(found, key=lambda card: card.code)


def spots_near(lat: float, lon: float, *, at: datetime) -> list[Spot]:
    """Return what was reported in the community around a point and in those next to it, nearest first."""
    town = town_map()
    found = town.index.locate(lat, lon)
    here = community_path(town.areas[found[0]].path) if found else ""
    around = sorted(
        (away, card.path)
        for card in communities()
        if card.lat is not None and card.lon is not None
        if (away := _metres(lat, lon, card.lat, card.lon)) <= FARTHEST_METRES
    )
    paths = list(dict.fromkeys([*([here] if here else []), *(path for _, path in around)]))
    spots = _spots(paths[:MOST_COMMUNITIES], town, at=at)
    return sorted(
        spots,
        key=lambda spot: (
            math.inf if spot.lat is None or spot.lon is None else _metres(lat, lon, spot.lat, spot.lon)
        ),
    )


def spots_in(area: AreaCard, *, at: datetime) -> list[Spot]:
    """Return what was reported in one area."""
    return _spots([area.path], town_map(), at=at)


def find_matter(number: str) -> Case:
    """Return the open public case with this number; Refusal `not_public`."""
    found = Case.objects.select_related("place").filter(number=number, status__in=OPEN)
    case = found.first() if may_be_number(number) else None
    if case is None or why_not_public(case) is not None:
        raise Refusal(NOT_PUBLIC)
    return case


def matter_of(case: Case) -> Matter:
    """Return a case as strangers may see it; the caller has checked that it is public."""
    return _matters([case])[0]


def _spots(paths: Sequence[str], town: TownMap, *, at: datetime) -> list[Spot]:
    if not paths:
        return []
    cases = _cases(paths, at=at)
    told = dict(zip((case.pk for case in cases), _matters(cases), strict=True))
    places: dict[object, Spot] = {}
    squares: dict[tuple[float, float], list[Case]] = defaultdict(list)
    alone: list[Case] = []
    for case in cases:
        place = case.place
        if place is not None and place.kind != PlaceKind.BUILDING and place.lat is not None:
            spot = places.setdefault(place.pk, Spot("place", place.name, place.lat, place.lon))
            spot.matters.append(told[case.pk])
        elif case.lat is not None and case.lon is not None:
            squares[rounded(case.lat), rounded(case.lon)].append(case)
        else:
            alone.append(case)
    spots = list(places.values())
    for (lat, lon), held in squares.items():
        if len(held) < FEWEST:
            alone += held
        else:
            name = community_name(held[0].area_path)
            spots.append(Spot("square", name, lat, lon, [told[case.pk] for case in held]))
    return spots + _by_community(alone, told, town)


def _by_community(cases: Iterable[Case], told: dict[UUID, Matter], town: TownMap) -> list[Spot]:
    spots: dict[str, Spot] = {}
    for case in cases:
        path = community_path(case.area_path)
        if path not in spots:
            card = town.by_code(path.rpartition("/")[2])
            name = card.name if card else community_name(path)
            spots[path] = Spot("community", name, card.lat if card else None, card.lon if card else None)
        spots[path].matters.append(told[case.pk])
    return list(spots.values())


def _cases(paths: Sequence[str], *, at: datetime) -> list[Case]:
    """Return the newest open public cases in these areas: by the index over area and time."""
    inside = Q()
    for path in paths:
        inside |= Q(area_path=path) | Q(area_path__startswith=f"{path}/")
    found = Case.objects.filter(
        inside,
        status__in=OPEN,
        opened_at__gte=at - FRESH,
        item__public=True,
        area__isnull=False,
        confidential=False,
    )
    return list(found.select_related("place").defer("search", "title").order_by("-opened_at", "-id")[:MOST])


def _matters(cases: Sequence[Case]) -> list[Matter]:
    pages = public_numbers([case.pk for case in cases])
    matters = []
    for case in cases:
        item = item_card(case.item_id)
        if item is None:
            raise Refusal(NOT_PUBLIC)
        voices = case.appeal_count if case.appeal_count >= FEWEST_VOICES else 0
        matters.append(
            Matter(
                case.number, item, rough_place(case), case.status, case.opened_at, voices, case.pk in pages
            )
        )
    return matters


def _metres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    east = (other_lon - lon) * math.cos(math.radians(lat))
    return math.hypot(other_lat - lat, east) * METRES_PER_DEGREE
