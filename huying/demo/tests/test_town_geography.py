"""The invented street: its numbers, its codes, and a map without gaps or overlaps."""

import math
import random
import re
from collections import Counter, defaultdict

import pytest
import shapely
from shapely import Point, Polygon

from huying.demo.town import geography, land, plane
from huying.demo.town.geography import AreaRow

KM2 = land.METRES_PER_DEGREE_LAT * land.METRES_PER_DEGREE_LON / 1e6
LEVELS = {"district": 1, "street": 1, "community": 10, "block": 60, "grid": 304, "cell": 840}
CODES = {"district": 6, "street": 9, "community": 12, "block": 14, "grid": 15, "cell": 17}


@pytest.fixture(scope="module")
def areas() -> list[AreaRow]:
    return geography.areas()


@pytest.fixture(scope="module")
def by_code(areas: list[AreaRow]) -> dict[str, AreaRow]:
    return {row["code"]: row for row in areas}


@pytest.fixture(scope="module")
def polygons(areas: list[AreaRow]) -> dict[str, Polygon]:
    return {row["code"]: Polygon(row["boundary"]["coordinates"][0]) for row in areas}


def children(areas: list[AreaRow]) -> dict[str, list[str]]:
    found = defaultdict(list)
    for row in areas:
        if row["parent"] and row["level"] != "street":
            found[row["parent"]].append(row["code"])
    return found


def test_there_are_as_many_areas_of_each_level_as_in_the_articles(areas: list[AreaRow]) -> None:
    assert Counter(row["level"] for row in areas) == LEVELS


def test_the_street_has_34_6_square_kilometres(polygons: dict[str, Polygon]) -> None:
    assert polygons["440399007"].area * KM2 == pytest.approx(34.6, abs=0.05)


def test_codes_are_unique_digits_of_the_length_of_their_level(areas: list[AreaRow]) -> None:
    assert len({row["code"] for row in areas}) == len(areas)
    for row in areas:
        assert re.fullmatch(r"440399\d*", row["code"])
        assert len(row["code"]) == CODES[row["level"]]


def test_a_parent_comes_before_its_children_and_codes_start_alike(by_code: dict[str, AreaRow]) -> None:
    seen = set()
    for row in by_code.values():
        seen.add(row["code"])
        if row["parent"] is None:
            assert row["level"] == "district"
            continue
        assert row["parent"] in seen
        shared = 12 if row["level"] == "grid" else len(row["parent"])
        assert row["code"][:shared] == row["parent"][:shared]


def test_grids_of_a_community_are_numbered_without_gaps_from_the_north_west(
    areas: list[AreaRow], polygons: dict[str, Polygon]
) -> None:
    numbers = defaultdict(list)
    for row in areas:
        if row["level"] == "grid":
            numbers[row["code"][:12]].append(row["code"])
    for community, codes in numbers.items():
        assert sorted(int(code[-3:]) for code in codes) == list(range(1, len(codes) + 1))
        first, last = polygons[min(codes)].centroid, polygons[max(codes)].centroid
        middle = polygons[community].centroid
        assert first.y > middle.y > last.y


def test_boundaries_are_valid_counter_clockwise_and_of_six_decimals(areas: list[AreaRow]) -> None:
    for row in areas:
        ring = row["boundary"]["coordinates"][0]
        shape = Polygon(ring)
        assert shape.is_valid
        assert shape.exterior.is_ccw
        assert all(x == round(x, 6) and y == round(y, 6) for x, y in ring)
        assert shape.contains(Point(row["lon"], row["lat"]))


@pytest.mark.parametrize("level", ["community", "block", "grid", "cell"])
def test_areas_of_a_level_share_their_edges_without_gap_or_overlap(
    level: str, areas: list[AreaRow], polygons: dict[str, Polygon]
) -> None:
    shapes = [polygons[row["code"]] for row in areas if row["level"] == level]
    assert shapely.coverage_is_valid(shapes)


def test_children_are_together_exactly_their_parent(
    areas: list[AreaRow], polygons: dict[str, Polygon]
) -> None:
    for parent, codes in children(areas).items():
        whole = shapely.coverage_union_all([polygons[code] for code in codes])
        assert whole.equals(polygons[parent])
        assert sum(polygons[code].area for code in codes) == pytest.approx(polygons[parent].area, abs=1e-9)


def test_the_district_reaches_beyond_the_street_on_all_sides(polygons: dict[str, Polygon]) -> None:
    assert polygons["440399"].contains_properly(polygons["440399007"])


def test_cells_are_uneven_in_size_but_none_is_a_sliver(
    areas: list[AreaRow], polygons: dict[str, Polygon]
) -> None:
    metres = [
        shapely.transform(
            polygons[row["code"]],
            lambda xy: xy * [land.METRES_PER_DEGREE_LON, land.METRES_PER_DEGREE_LAT],
        )
        for row in areas
        if row["level"] == "cell"
    ]
    assert min(4 * math.pi * cell.area / cell.length**2 for cell in metres) > 0.3
    sizes = sorted(cell.area for cell in metres)
    assert sizes[0] > 2000
    assert sizes[800] > 8 * sizes[40]


def test_no_two_areas_or_places_have_the_same_name(areas: list[AreaRow]) -> None:
    names = [row["name"] for row in areas] + [place["name"] for place in geography.places()]
    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_places_lie_in_the_areas_they_name(polygons: dict[str, Polygon]) -> None:
    for place in geography.places():
        point = Point(place["lon"], place["lat"])
        if place["kind"] == "road":
            assert polygons[place["area"]].distance(point) < 1e-5
        else:
            assert polygons[place["area"]].contains(point)


def test_every_cell_has_buildings_and_every_place_its_own_id() -> None:
    places = geography.places()
    assert len({place["id"] for place in places}) == len(places)
    housed = Counter(place["area"] for place in places if place["kind"] == "building")
    assert len(housed) == 840
    assert 2300 < sum(housed.values()) < 3000
    kinds = Counter(place["kind"] for place in places)
    assert kinds["estate"] > 120
    assert kinds["facility"] > 150
    assert kinds["road"] == 59


def test_an_aliased_building_keeps_its_number() -> None:
    works = next(place for place in geography.places() if place["name"] == "望禾安居苑1栋")
    assert works["aliases"] == ["望禾回迁房1栋", "望禾安置房1栋"]


def test_cutting_keeps_the_area_and_the_proportions() -> None:
    square = Polygon([(0, 0), (1000, 0), (1000, 1000), (0, 1000)])
    parts, cuts = plane.partition(square, [1, 2, 3], random.Random(3), bend=0.04)
    assert len(cuts) == 2
    assert sum(part.area for part in parts) == pytest.approx(1e6)
    assert [part.area / 1e6 for part in parts] == pytest.approx([1 / 6, 2 / 6, 3 / 6], abs=0.06)


def test_cells_that_cannot_be_told_apart_are_refused() -> None:
    square = Polygon([(0, 0), (1, 0), (1, 1), (0, 1)])
    with pytest.raises(ValueError, match="2 cells went in, 1 came back"):
        plane.share_edges([square, square])
