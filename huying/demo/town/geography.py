"""The invented street as plain rows: areas with boundaries, and named places with points."""

from functools import cache
from typing import Any, Literal, TypedDict

import shapely
from shapely import Polygon

from huying.demo.town import names, sites
from huying.demo.town.land import land

Level = Literal["district", "street", "community", "block", "grid", "cell"]
PlaceKind = Literal["estate", "building", "road", "facility"]


class AreaRow(TypedDict):
    """An area. `old_names` come with their last year.

    `boundary` is a GeoJSON Polygon, `lat` and `lon` a point inside it (WGS-84 degrees).
    """

    code: str
    level: Level
    name: str
    aliases: list[str]
    old_names: list[tuple[str, int]]
    parent: str | None
    boundary: dict[str, Any]
    lat: float
    lon: float


class PlaceRow(TypedDict):
    """A named place; `area` is the code of the smallest area it is said to belong to."""

    id: str
    kind: PlaceKind
    name: str
    aliases: list[str]
    old_names: list[tuple[str, int]]
    area: str
    lat: float
    lon: float


class RoadLine(TypedDict):
    """The course of a road as a GeoJSON LineString, for drawing."""

    name: str
    geometry: dict[str, Any]


@cache
def shapes() -> dict[str, Polygon]:
    """Map every area's code to its polygon, parents before their children."""
    town = land()
    found = {names.DISTRICT_CODE: town.district, names.STREET_CODE: town.street}
    for community in town.communities:
        found[community.code] = community.shape
        for block in community.blocks:
            found[block.code] = block.shape
            for grid in sorted(block.grids, key=lambda grid: grid.code):
                found[grid.code] = grid.shape
                for cell in sorted(grid.cells, key=lambda cell: cell.code):
                    found[cell.code] = cell.shape
    return found


def areas() -> list[AreaRow]:
    """Return all areas, parents before children.

    One district, one street, 10 communities, 60 blocks, 304 grids, 840 building cells.
    Codes: six digits for the district in the structure of GB/T 2260 (440399 is not given out), nine for
    the street, twelve for a community, fourteen for a block, fifteen for a grid (GB/T 30428.1: 6 + 3 + 3 + 3)
    and seventeen for a building cell. A grid's parent is its block, though its code names its community only.
    """
    cell_names = sites.built()[1]
    rows = [
        _area(names.DISTRICT_CODE, "district", names.DISTRICT, [names.CITY + names.DISTRICT], None),
        _area(names.STREET_CODE, "street", names.STREET, ["映溪街道办", "映溪"], names.DISTRICT_CODE),
    ]
    for community in land().communities:
        name = community.named.name
        short = name.removesuffix("社区")
        rows.append(_area(community.code, "community", name, [short, f"{short}居委会"], names.STREET_CODE))
        for block in community.blocks:
            rows.append(_area(block.code, "block", block.named.name, [], community.code))
            for grid in sorted(block.grids, key=lambda grid: grid.code):
                number = grid.code[-3:]
                aliases = [f"{short}{int(number)}号网格", f"{short}第{sites.numeral(int(number))}网格"]
                rows.append(_area(grid.code, "grid", f"{name}{number[1:]}网格", aliases, block.code))
                rows += [
                    _area(cell.code, "cell", cell_names[cell.code], [], grid.code)
                    for cell in sorted(grid.cells, key=lambda cell: cell.code)
                ]
    return rows


def _area(code: str, level: Level, name: str, aliases: list[str], parent: str | None) -> AreaRow:
    shape = shapes()[code]
    inside = shape.representative_point()
    ring = [[x, y] for x, y in shape.exterior.coords]
    return AreaRow(
        code=code,
        level=level,
        name=name,
        aliases=aliases,
        old_names=names.old_names(name),
        parent=parent,
        boundary={"type": "Polygon", "coordinates": [ring]},
        lat=round(inside.y, 6),
        lon=round(inside.x, 6),
    )


@cache
def _building_ids() -> dict[str, str]:
    """Give every building an id: the cell's code and three digits, as a door plate would be numbered."""
    counts: dict[str, int] = {}
    ids = {}
    for building in sites.built()[0]:
        counts[building.cell] = counts.get(building.cell, 0) + 1
        ids[building.name] = f"B{building.cell}{counts[building.cell]:03d}"
    return ids


def places() -> list[PlaceRow]:
    """Return estates, buildings, roads and facilities.

    Estates and facilities name their grid, buildings their cell, roads the community or the street.
    """
    rows = [
        PlaceRow(
            id=f"E{i:04d}",
            kind="estate",
            name=spot.name,
            aliases=names.site_aliases(spot.name),
            old_names=names.old_names(spot.name),
            area=spot.code,
            lat=spot.lat,
            lon=spot.lon,
        )
        for i, spot in enumerate(sites.estates(), 1)
    ]
    ids = _building_ids()
    rows += [
        PlaceRow(
            id=ids[building.name],
            kind="building",
            name=building.name,
            aliases=[alias + building.number for alias in names.site_aliases(building.site)],
            old_names=[],
            area=building.cell,
            lat=building.lat,
            lon=building.lon,
        )
        for building in sites.built()[0]
    ]
    for i, road in enumerate(sites.roads(), 1):
        middle = road.line.interpolate(0.5, normalized=True)
        rows.append(
            PlaceRow(
                id=f"R{i:04d}",
                kind="road",
                name=road.name,
                aliases=[],
                old_names=names.old_names(road.name),
                area=road.code,
                lat=round(middle.y, 6),
                lon=round(middle.x, 6),
            )
        )
    rows += [
        PlaceRow(
            id=f"F{i:04d}",
            kind="facility",
            name=spot.name,
            aliases=facility_aliases(spot.name),
            old_names=names.old_names(spot.name),
            area=spot.code,
            lat=spot.lat,
            lon=spot.lon,
        )
        for i, spot in enumerate(sites.facilities(), 1)
    ]
    return rows


def facility_aliases(name: str) -> list[str]:
    """Other names of a facility: 公交站 is a 公交站台, a 地铁站 often just its first part and 站."""
    swaps = {
        "公交站": "公交站台",
        "地铁站": "站",
        "社区党群服务中心": "党群中心",
        "综合市场": "菜市场",
        "农贸市场": "菜市场",
        "社康中心": "社康",
        "污水处理站": "污水站",
        "街道办事处": "街道办",
    }
    return [name.removesuffix(old) + new for old, new in swaps.items() if name.endswith(old)]


def road_lines() -> list[RoadLine]:
    """Return the courses of the roads, with six decimals."""
    return [
        RoadLine(name=road.name, geometry=shapely.geometry.mapping(shapely.set_precision(road.line, 1e-6)))
        for road in sites.roads()
    ]
