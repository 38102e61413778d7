"""Divides the invented street into communities, blocks, grids and building cells, with their codes."""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TypeVar

import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from huying.demo.town import names, plane

Shape = TypeVar("Shape", bound=BaseGeometry)

SEED = "huying-town-12"
AREA_M2 = 34.6e6
CELLS = 840
CENTRE_LON, CENTRE_LAT = 114.0, 22.7
METRES_PER_DEGREE_LAT = 110_750.0
METRES_PER_DEGREE_LON = 111_320.0 * math.cos(math.radians(CENTRE_LAT))

CELLS_WANTED: dict[names.SiteKind, float] = {
    "village": 3.3,
    "housing": 2.9,
    "resettlement": 3.4,
    "industry": 2.3,
    "trade": 1.9,
}


@dataclass(slots=True)
class Cell:
    """A building cell: the smallest area that has a boundary."""

    shape: Polygon
    code: str = ""


@dataclass(slots=True)
class Grid:
    """A unit grid with the site it belongs to."""

    site: str
    cells: list[Cell]
    shape: Polygon = field(default_factory=Polygon)
    code: str = ""


@dataclass(slots=True)
class Block:
    """A block with its grids; `code` is the community's twelve digits and two more."""

    named: names.BlockNames
    grids: list[Grid]
    shape: Polygon = field(default_factory=Polygon)
    code: str = ""


@dataclass(slots=True)
class Community:
    """A community with its blocks, and the roads that were cut through it."""

    named: names.CommunityNames
    blocks: list[Block]
    roads: list[LineString]
    shape: Polygon = field(default_factory=Polygon)
    code: str = ""


@dataclass(slots=True)
class Land:
    """The whole street, the district around it and the roads between communities; all in degrees."""

    communities: list[Community]
    roads: list[LineString]
    street: Polygon
    district: Polygon


@cache
def land() -> Land:
    """Make the one map of the town. It does not depend on the seed of the appeals: the town stays itself."""
    rng = random.Random(SEED)
    street = plane.outline(rng, AREA_M2)
    named = names.communities()
    shapes, cuts = plane.partition(street, [row.area_km2 for row in named], rng, bend=0.075)
    counts = _cell_counts(rng)
    made = [_community(row, shape, counts, rng) for row, shape in zip(named, shapes, strict=True)]
    roads = [plane.longest_line(_degrees(cut.intersection(street))) for cut in cuts]
    _share_edges(made)
    outer = shapely.coverage_union_all([community.shape for community in made])
    whole = Land(made, roads, plane.rounded(outer), _district(rng, outer))
    _number(whole)
    return whole


def _community(
    row: names.CommunityNames, shape: Polygon, counts: Iterator[int], rng: random.Random
) -> Community:
    weights = [block.grids * rng.uniform(0.7, 1.5) for block in row.blocks]
    shapes, cuts = plane.partition(shape, weights, rng, bend=0.05)
    blocks = [_block(block, part, counts, rng) for block, part in zip(row.blocks, shapes, strict=True)]
    return Community(row, blocks, [plane.longest_line(_degrees(cut.intersection(shape))) for cut in cuts])


def _block(block: names.BlockNames, shape: Polygon, counts: Iterator[int], rng: random.Random) -> Block:
    """Cut a block into grids of uneven size and give each site a run of neighbouring grids."""
    shapes, _ = plane.partition(shape, _uneven(block.grids, 0.42, rng), rng, bend=0.03)
    sites = _runs(block.sites, block.grids)
    grids = []
    for site, part in zip(sites, shapes, strict=True):
        cells, _ = plane.partition(part, _uneven(next(counts), 0.3, rng), rng, bend=0.012)
        grids.append(Grid(site, [Cell(cell) for cell in cells]))
    return Block(block, grids)


def _runs(sites: Sequence[str], count: int) -> list[str]:
    """Give `count` neighbouring grids to the sites in order, the earlier ones getting more."""
    share, extra = divmod(count, len(sites))
    return [site for i, site in enumerate(sites) for _ in range(share + (i < extra))]


def _uneven(count: int, spread: float, rng: random.Random) -> list[float]:
    return [math.exp(rng.gauss(0, spread)) for _ in range(count)]


def _cell_counts(rng: random.Random) -> Iterator[int]:
    """How many cells each grid has, in the order of the cutting: 840 in all, at least one each."""
    sites = [
        site
        for row in names.communities()
        for block in row.blocks
        for site in _runs(block.sites, block.grids)
    ]
    counts = [max(1, round(rng.gauss(CELLS_WANTED[names.site_kind(site)], 0.95))) for site in sites]
    while (missing := CELLS - sum(counts)) != 0:
        at = rng.randrange(len(counts))
        counts[at] = max(1, counts[at] + (1 if missing > 0 else -1))
    return iter(counts)


def _share_edges(made: list[Community]) -> None:
    """Move everything to degrees and let parents be exactly the union of their cells."""
    cells = [
        cell
        for community in made
        for block in community.blocks
        for grid in block.grids
        for cell in grid.cells
    ]
    snapped = plane.share_edges([_degrees(cell.shape) for cell in cells])
    for cell, shape in zip(cells, snapped, strict=True):
        cell.shape = shape
    for community in made:
        for block in community.blocks:
            for grid in block.grids:
                grid.shape = _union([cell.shape for cell in grid.cells])
            block.shape = _union([grid.shape for grid in block.grids])
        community.shape = _union([block.shape for block in community.blocks])


def _union(shapes: Sequence[Polygon]) -> Polygon:
    return plane.rounded(shapely.coverage_union_all(list(shapes)))


def _district(rng: random.Random, street: BaseGeometry) -> Polygon:
    """Draw the district around the street; its other streets are not part of the town."""
    whole = _degrees(shapely.affinity.translate(plane.outline(rng, 168e6), 3100, -2600))
    return plane.rounded(shapely.union_all([whole, street.buffer(0.004, quad_segs=3)]))


def _degrees(shape: Shape) -> Shape:
    """From metres on the plane to WGS-84 degrees around the town's centre."""
    return shapely.transform(
        shape,
        lambda xy: xy / [METRES_PER_DEGREE_LON, METRES_PER_DEGREE_LAT] + [CENTRE_LON, CENTRE_LAT],
    )


def _number(whole: Land) -> None:
    """Give codes. Grids count west to east and north to south in their community (GB/T 30428.1)."""
    for community in whole.communities:
        community.code = names.STREET_CODE + community.named.number
        for i, block in enumerate(community.blocks, 1):
            block.code = f"{community.code}{i:02d}"
        grids = [grid for block in community.blocks for grid in block.grids]
        for i, at in enumerate(_reading_order([grid.shape for grid in grids]), 1):
            grids[at].code = f"{community.code}{i:03d}"
        for grid in grids:
            for i, at in enumerate(_reading_order([cell.shape for cell in grid.cells]), 1):
                grid.cells[at].code = f"{grid.code}{i:02d}"


def _reading_order(shapes: Sequence[Polygon]) -> list[int]:
    """Indexes in rows from the north, each row from the west; a row is as high as a usual shape."""
    heights = sorted(shape.bounds[3] - shape.bounds[1] for shape in shapes)
    row = heights[len(heights) // 2]
    north = max(shape.centroid.y for shape in shapes)
    return sorted(
        range(len(shapes)),
        key=lambda i: (int((north - shapes[i].centroid.y) / row), shapes[i].centroid.x, i),
    )
