"""Shapes: every point finds its areas, finest first and the same every time; sizes are right."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon, box

from huying.places.core.coordinates import METRES_PER_DEGREE, Point, distance_metres
from huying.places.core.geometry import (
    AreaIndex,
    area_square_metres,
    as_area,
    centroid,
    inside_point,
    simplify,
    simplify_together,
    to_geojson,
)

WEST, SOUTH, SIDE, COUNT = 114.30, 22.68, 0.004, 5
STREET, COMMUNITY, CELL = 2, 3, 6


def cell(column: int, row: int) -> Polygon:
    """Return one square of the town, by its own corner coordinates so that neighbours share them exactly."""
    edges = (
        [WEST + SIDE * number for number in range(COUNT + 1)],
        [SOUTH + SIDE * n for n in range(COUNT + 1)],
    )
    return box(edges[0][column], edges[1][row], edges[0][column + 1], edges[1][row + 1])


CELLS = {f"cell-{column}-{row}": cell(column, row) for column in range(COUNT) for row in range(COUNT)}
COMMUNITIES = {
    f"community-{column}": shapely.union_all([cell(column, row) for row in range(COUNT)])
    for column in range(COUNT)
}
TOWN: list[tuple[str, int, Any]] = [
    ("street", STREET, to_geojson(as_area(shapely.union_all(list(CELLS.values()))), decimals=12)),
    *((name, COMMUNITY, shape) for name, shape in COMMUNITIES.items()),
    *((name, CELL, shape) for name, shape in CELLS.items()),
]
INDEX = AreaIndex(TOWN)

inner = st.floats(min_value=0, max_value=1, exclude_min=True, exclude_max=True)
edges = st.integers(min_value=0, max_value=COUNT)


@settings(deadline=None)
@given(st.integers(0, COUNT - 1), st.integers(0, COUNT - 1), inner, inner)
def test_every_point_inside_a_cell_finds_cell_community_and_street(
    column: int, row: int, across: float, up: float
) -> None:
    shape = CELLS[f"cell-{column}-{row}"]
    west, south, east, north = shape.bounds
    point = Point(south + (north - south) * up, west + (east - west) * across)
    if shape.contains(shapely.Point(point.lon, point.lat)):
        assert INDEX.locate(*point) == [f"cell-{column}-{row}", f"community-{column}", "street"]


@settings(deadline=None)
@given(edges, edges)
def test_a_corner_belongs_to_one_cell_of_the_community_it_is_given_to(column: int, row: int) -> None:
    lon, lat = WEST + SIDE * column, SOUTH + SIDE * row
    found = INDEX.locate(lat, lon)
    assert [name.split("-")[0] for name in found] == ["cell", "community", "street"]
    assert found[0].split("-")[1] == found[1].split("-")[1]
    assert found == INDEX.locate(lat, lon) == AreaIndex(reversed(TOWN)).locate(lat, lon)


def test_a_point_on_an_inner_border_goes_north_east() -> None:
    assert INDEX.locate(SOUTH + SIDE, WEST + SIDE) == ["cell-1-1", "community-1", "street"]


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.one_of(st.floats(22.67, 22.71), edges.map(lambda number: SOUTH + SIDE * number)),
            st.one_of(st.floats(114.29, 114.33), edges.map(lambda number: WEST + SIDE * number)),
        ),
        max_size=30,
    )
)
def test_many_points_at_once_find_what_each_finds_alone(points: list[tuple[float, float]]) -> None:
    lats, lons = [lat for lat, _ in points], [lon for _, lon in points]
    assert INDEX.locate_many(lats, lons) == [INDEX.locate(lat, lon) for lat, lon in points]


def test_a_point_in_no_area_finds_nothing() -> None:
    assert INDEX.locate(23.5, 114.3) == []
    assert INDEX.locate(float("nan"), 114.3) == []
    assert INDEX.locate_many([], []) == []
    assert AreaIndex([]).locate(22.7, 114.3) == []
    assert AreaIndex([]).locate_many([22.7], [114.3]) == [[]]
    assert AreaIndex([]).nearest(22.7, 114.3, 100) is None


def test_overlapping_areas_of_one_rank_are_all_told_the_smaller_first() -> None:
    index = AreaIndex(
        [("wide", 3, box(0, 0, 4, 4)), ("narrow", 3, box(1, 1, 3, 3)), ("other", 3, box(5, 5, 6, 6))]
    )
    assert index.locate(2, 2) == ["narrow", "wide"]
    assert index.locate(3.5, 3.5) == ["wide"]


def test_areas_of_several_pieces_and_with_holes_are_understood() -> None:
    ring = Polygon(box(0, 0, 3, 3).exterior.coords, [box(1, 1, 2, 2).exterior.coords])
    index = AreaIndex([("ring", 1, MultiPolygon([ring, box(5, 5, 6, 6)]))])
    assert index.locate(0.5, 0.5) == index.locate(5.5, 5.5) == ["ring"]
    assert index.locate(1.5, 1.5) == []


@settings(deadline=None)
@given(st.floats(min_value=1, max_value=900))
def test_the_nearest_area_is_found_as_far_as_asked_and_no_farther(metres: float) -> None:
    lat = SOUTH - metres / METRES_PER_DEGREE
    lon = WEST + SIDE * 2.5
    near = INDEX.nearest(lat, lon, metres + 5)
    assert near is not None
    assert near.id == "cell-2-0"
    assert near.metres == pytest.approx(metres, rel=0.01)
    assert INDEX.nearest(lat, lon, metres * 0.98) is None
    community = INDEX.nearest(lat, lon, 1_000, rank=COMMUNITY)
    assert community is not None
    assert community.id == "community-2"


def test_inside_an_area_the_nearest_is_itself() -> None:
    near = INDEX.nearest(SOUTH + SIDE / 2, WEST + SIDE / 2, 10)
    assert near is not None
    assert (near.id, near.metres) == ("cell-0-0", 0.0)


def test_of_equally_near_areas_the_finest_then_the_nearest_is_told() -> None:
    index = AreaIndex(
        [("big", 1, box(0, 0, 2, 2)), ("small", 2, box(0, 0, 1, 1)), ("far", 2, box(0, 1.1, 1, 2))]
    )
    near = index.nearest(0.5, -0.001, 500)
    assert near is not None
    assert near.id == "small"


@settings(deadline=None)
@given(st.floats(min_value=-70, max_value=70), st.floats(min_value=0.0005, max_value=0.02))
def test_the_size_of_a_square_is_right_at_every_latitude(lat: float, side: float) -> None:
    # The ellipsoid's own radii of curvature at the middle (Snyder 1987, formulas 4-18 and 4-20).
    semi_major, square = 6_378_137.0, 0.00669437999014
    bend = 1 - square * math.sin(math.radians(lat + side / 2)) ** 2
    north = semi_major * (1 - square) / bend**1.5 * math.radians(side)
    east = semi_major / math.sqrt(bend) * math.cos(math.radians(lat + side / 2)) * math.radians(side)
    assert area_square_metres(box(114, lat, 114 + side, lat + side)) == pytest.approx(north * east, rel=1e-5)


def test_the_middle_and_the_point_for_a_label() -> None:
    square = box(114, 22, 116, 24)
    assert centroid(square) == (23, 115)
    assert inside_point(square) == (23, 115)
    horseshoe = Polygon([(0, 0), (10, 0), (10, 10), (9, 10), (9, 1), (1, 1), (1, 10), (0, 10)])
    assert not horseshoe.contains(shapely.Point(*reversed(centroid(horseshoe))))
    assert horseshoe.contains(shapely.Point(*reversed(inside_point(horseshoe))))


def wavy(west: float, east: float) -> Polygon:
    """Return a strip whose left and right sides wave by about ten metres."""
    heights = [22.6 + step * 0.0001 for step in range(101)]
    left = [(west + 0.0001 * math.sin(number), lat) for number, lat in enumerate(heights)]
    right = [(east + 0.0001 * math.sin(number), lat) for number, lat in enumerate(heights)]
    return Polygon(left + right[::-1])


def test_neighbours_simplified_together_stay_neighbours() -> None:
    sides = [114.0, 114.01, 114.02, 114.03]
    strips = [wavy(west, east) for west, east in itertools.pairwise(sides)]
    assert shapely.coverage_is_valid(strips)
    simple = simplify_together(strips, tolerance_metres=60)
    assert shapely.coverage_is_valid(simple)
    assert all(len(now.exterior.coords) < 60 for now in simple if isinstance(now, Polygon))
    for was, now in zip(strips, simple, strict=True):
        assert now.area == pytest.approx(was.area, rel=0.02)


def test_simplifying_never_loses_an_area() -> None:
    tiny = box(114, 22, 114.00001, 22.00001)
    overlapping = [box(0, 0, 2, 2), box(1, 1, 3, 3), tiny]
    assert all(not area.is_empty for area in simplify_together(overlapping, 1_000))
    assert not simplify(tiny, 10_000).is_empty
    assert simplify_together([], 10) == []


def test_geojson_is_rounded_and_read_back() -> None:
    square = box(114.123456789, 22.1, 114.2, 22.2)
    written = to_geojson(square)
    assert written["type"] == "Polygon"
    assert [114.123457, 22.1] in written["coordinates"][0]
    assert distance_metres(centroid(as_area(written)), centroid(square)) < 0.1


def test_a_line_is_no_area() -> None:
    with pytest.raises(TypeError, match="LineString"):
        as_area({"type": "LineString", "coordinates": [[0, 0], [1, 1]]})
