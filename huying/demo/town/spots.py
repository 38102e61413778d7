"""Where things happen: a point in the right cell, and the words people have for it."""

import math
import random
import re
from dataclasses import dataclass
from functools import cache

import shapely
from shapely import Point

from huying.demo.town import geography, names, sites
from huying.demo.town.land import METRES_PER_DEGREE_LAT, METRES_PER_DEGREE_LON

FACILITY_ENDINGS: dict[str, tuple[str, ...]] = {
    "park": ("公园", "广场", "步行街"),
    "market": ("市场", "街市"),
    "school": ("学校", "小学", "中学", "幼儿园"),
    "bus": ("公交站", "公交总站"),
    "metro": ("地铁站",),
    "transfer": ("垃圾转运站",),
    "water": ("水闸", "水库", "码头广场", "滨水公园", "湿地公园"),
    "clinic": ("社康中心", "医院"),
    "bridge": ("人行天桥",),
    "parking": ("停车场",),
}
NUMBER = re.compile(r"^(\d+)(栋|座)$")
AROUND = ("门口", "旁边", "附近", "对面", "")
BELOW = ("楼下", "门口", "", "", "")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place with its kind, its true area (cell or grid), its point, and what it may be called."""

    kind: str
    name: str
    area: str
    lat: float
    lon: float
    words: tuple[str, ...]


@cache
def spots_of(kind: str) -> tuple[Spot, ...]:
    """Return every place of a kind: a kind of site, `road`, or a kind of facility."""
    if kind == "any":
        return spots_of("housing") + spots_of("village")
    if kind == "road":
        return tuple(_road_spots())
    if kind in FACILITY_ENDINGS:
        return tuple(
            Spot(kind, spot.name, spot.code, spot.lat, spot.lon, _facility_words(spot.name))
            for spot in sites.facilities()
            if spot.name.endswith(FACILITY_ENDINGS[kind])
        )
    return tuple(
        Spot(kind, building.name, building.cell, building.lat, building.lon, _building_words(building))
        for building in sites.built()[0]
        if names.site_kind(building.site) == kind
    )


@cache
def spots_of_site(site: str) -> tuple[Spot, ...]:
    """Return the buildings of one site."""
    return tuple(spot for spot in spots_of(names.site_kind(site)) if spot.name.startswith(site))


def _building_words(building: sites.Building) -> tuple[str, ...]:
    site, number = building.site, building.number
    words = [site + number + place for place in BELOW] + [site, site + "里面"]
    counted = NUMBER.match(number)
    if counted and counted[2] == "栋":
        words += [
            f"{site}{counted[1]}号楼",
            f"{site}{sites.numeral(int(counted[1]))}栋",
            f"{site}{counted[1]}栋一单元",
        ]
    words += [alias + number for alias in names.site_aliases(site)]
    return tuple(words)


def _facility_words(name: str) -> tuple[str, ...]:
    return (*(name + place for place in AROUND), *geography.facility_aliases(name))


def _road_spots() -> list[Spot]:
    """Points along the roads, each called after the road and something beside it."""
    marks = [*sites.estates(), *sites.facilities()]
    near = shapely.STRtree([Point(mark.lon, mark.lat) for mark in marks])
    found = []
    roads = sites.roads()
    for road in roads:
        for share in (0.12, 0.3, 0.5, 0.7, 0.88):
            at = road.line.interpolate(share, normalized=True)
            mark = marks[int(near.nearest(at))].name
            crossing = min((other for other in roads if other is not road), key=lambda o: o.line.distance(at))
            words = [road.name, f"{road.name}近{mark}", f"{road.name}{mark}路段", f"{mark}旁边的{road.name}"]
            if crossing.line.distance(at) < 0.0012:  # noqa: PLR2004 - about 120 metres
                words.append(f"{road.name}与{crossing.name}路口")
            found.append(
                Spot("road", road.name, grid_at(at.y, at.x), round(at.y, 6), round(at.x, 6), tuple(words))
            )
    return found


@cache
def _grids() -> tuple[shapely.STRtree, tuple[str, ...]]:
    codes = tuple(code for code in geography.shapes() if len(code) == len("440399007001001"))
    return shapely.STRtree([geography.shapes()[code] for code in codes]), codes


def grid_at(lat: float, lon: float) -> str:
    """Return the code of the grid a point lies in, or of the nearest one."""
    tree, codes = _grids()
    return codes[int(tree.nearest(Point(lon, lat)))]


def jittered(spot: Spot, rng: random.Random, metres: float = 22) -> tuple[float, float]:
    """Return latitude and longitude as a phone would give them, still inside the spot's area."""
    shape = geography.shapes()[spot.area]
    for _ in range(12):
        angle, away = rng.uniform(0, math.tau), abs(rng.gauss(0, metres / 2))
        lat = round(spot.lat + away * math.sin(angle) / METRES_PER_DEGREE_LAT, 6)
        lon = round(spot.lon + away * math.cos(angle) / METRES_PER_DEGREE_LON, 6)
        if shape.contains(Point(lon, lat)):
            return lat, lon
    return spot.lat, spot.lon


def neighbours(spot: Spot, metres: float = 90) -> tuple[Spot, ...]:
    """Return the spots of the same kind within so many metres, itself among them."""
    return tuple(
        other
        for other in spots_of(spot.kind)
        if math.hypot(
            (other.lat - spot.lat) * METRES_PER_DEGREE_LAT, (other.lon - spot.lon) * METRES_PER_DEGREE_LON
        )
        <= metres
    )
