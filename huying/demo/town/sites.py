"""Puts buildings into the cells and says how cells, buildings, roads and facilities are called."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import shapely
from shapely import LineString, Point, Polygon

from huying.demo.town import names
from huying.demo.town.land import SEED, Block, Cell, Community, land

NUMERALS = "一二三四五六七八九十"
BUILDINGS: dict[names.SiteKind, tuple[int, int]] = {
    "village": (3, 6),
    "housing": (2, 4),
    "resettlement": (2, 4),
    "industry": (2, 3),
    "trade": (1, 2),
}
ROAD_SUFFIXES = ("路", "街", "道")


@dataclass(frozen=True, slots=True)
class Building:
    """A building of a site with its number as people say it (3栋, 二巷5号, B2栋) and its point."""

    site: str
    number: str
    cell: str
    lat: float
    lon: float

    @property
    def name(self) -> str:
        """The name in full: 映溪花园3栋."""
        return self.site + self.number


@dataclass(frozen=True, slots=True)
class Spot:
    """A named point that is not a building: the middle of a site or road, or a facility."""

    name: str
    code: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Road:
    """A road with its line in degrees and the code of the community or street it runs through."""

    name: str
    code: str
    line: LineString


def numeral(number: int) -> str:
    """Write a number below 100 in Chinese: 12 is 十二."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else NUMERALS[tens - 1] + "十"
    return head + (NUMERALS[ones - 1] if ones else "")


@cache
def built() -> tuple[tuple[Building, ...], dict[str, str]]:
    """All buildings, and the name of every cell by its code."""
    buildings: list[Building] = []
    cell_names: dict[str, str] = {}
    for community in land().communities:
        for block in community.blocks:
            for site, cells in _cells_by_site(block).items():
                for cell, numbers, label in _numbered(site, cells):
                    cell_names[cell.code] = f"{site}{label}格"
                    points = points_inside(cell.shape, len(numbers), random.Random(f"{SEED}:{cell.code}"))
                    buildings += [
                        Building(site, number, cell.code, point.y, point.x)
                        for number, point in zip(numbers, points, strict=True)
                    ]
    return tuple(buildings), cell_names


def _cells_by_site(block: Block) -> dict[str, list[Cell]]:
    sites: dict[str, list[Cell]] = {}
    for grid in sorted(block.grids, key=lambda grid: grid.code):
        sites.setdefault(grid.site, []).extend(sorted(grid.cells, key=lambda cell: cell.code))
    return sites


def _numbered(site: str, cells: list[Cell]) -> Iterator[tuple[Cell, list[str], str]]:
    """For each cell of a site the numbers of its buildings, and the part of the site it is."""
    kind = names.site_kind(site)
    rng = random.Random(f"{SEED}:{site}")
    first = 1
    for i, cell in enumerate(cells, 1):
        count = rng.randint(*BUILDINGS[kind])
        if kind == "village" and not site.endswith(("新村", "新居")):
            lane = f"{numeral(i)}巷"
            yield cell, [f"{lane}{number}号" for number in range(1, count + 1)], lane
            continue
        if kind == "industry":
            letter = chr(ord("A") + i - 1)
            works = [f"{letter}{number}栋" for number in range(1, count + 1)]
            yield cell, works, f"{letter}区"
            continue
        sign = "座" if kind == "trade" else "栋"
        last = first + count - 1
        label = f"{first}{sign}" if first == last else f"{first}—{last}{sign}"
        yield cell, [f"{number}{sign}" for number in range(first, last + 1)], label
        first = last + 1


def points_inside(shape: Polygon, count: int, rng: random.Random) -> list[Point]:
    """`count` points inside a polygon, of six decimals, away from its edge and from each other."""
    west, south, east, north = shape.bounds
    inner = shape.buffer(-0.12 * min(east - west, north - south))
    if inner.is_empty:
        inner = shape
    shapely.prepare(inner)
    tried: list[Point] = []
    while len(tried) < 4 * count:
        x, y = round(rng.uniform(west, east), 6), round(rng.uniform(south, north), 6)
        if shapely.contains_xy(inner, x, y):
            tried.append(Point(x, y))
    chosen = [tried.pop(0)]
    while len(chosen) < count:
        far = max(tried, key=lambda point: min(point.distance(other) for other in chosen))
        tried.remove(far)
        chosen.append(far)
    return sorted(chosen, key=lambda point: (point.x, point.y))


@cache
def estates() -> tuple[Spot, ...]:
    """Every site once, at the middle of its grids, with the code of its first grid."""
    spots = []
    for community in land().communities:
        for block in community.blocks:
            for site, cells in _cells_by_site(block).items():
                middle = shapely.union_all([cell.shape for cell in cells]).representative_point()
                inside = next((cell for cell in cells if cell.shape.contains(middle)), cells[0])
                spots.append(Spot(site, inside.code[:15], round(middle.y, 6), round(middle.x, 6)))
    return tuple(spots)


@cache
def facilities() -> tuple[Spot, ...]:
    """Schools, parks, markets, stations and bus stops, each somewhere in its block."""
    spots = []
    for community in land().communities:
        for block in community.blocks:
            rng = random.Random(f"{SEED}:{block.code}:facilities")
            cells = [cell for grid in block.grids for cell in grid.cells]
            wanted = [*block.named.facilities, f"{block.named.root}公交站"]
            for name, cell in zip(wanted, rng.sample(cells, len(wanted)), strict=True):
                point = points_inside(cell.shape, 1, rng)[0]
                spots.append(Spot(name, cell.code[:15], point.y, point.x))
    return tuple(spots)


@cache
def roads() -> tuple[Road, ...]:
    """Name the roads: the cuts between communities and between blocks."""
    data = names.read_data("roads.toml")
    found = [
        Road(name, names.STREET_CODE, line)
        for name, line in zip(data["arterials"], land().roads, strict=True)
    ]
    taken = {road.name for road in found}
    for community in land().communities:
        rng = random.Random(f"{SEED}:{community.code}:roads")
        for line in community.roads:
            name = _road_name(community, line, data["endings"], taken, rng)
            taken.add(name)
            found.append(Road(name, community.code, line))
    return tuple(found)


def _road_name(
    community: Community, line: LineString, endings: list[str], taken: set[str], rng: random.Random
) -> str:
    """Call a road after a block beside it."""
    beside = sorted(community.blocks, key=lambda block: block.shape.distance(line.centroid))
    roots = [block.named.root for block in beside]
    choices = [root if root.endswith(ROAD_SUFFIXES) else root + endings[0] for root in roots[:3]]
    choices += [root + ending for root in roots[:2] for ending in rng.sample(endings, len(endings))]
    return next(choice for choice in choices if choice not in taken)
