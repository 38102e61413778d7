"""Coordinates: there and back within a metre, and impossible ones refused with a reason."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huying.kit.errors import Refusal
from huying.places.core.coordinates import (
    Point,
    System,
    check_point,
    distance_metres,
    from_wgs84,
    in_china,
    looks_swapped,
    read_position,
    read_system,
    rounded,
    to_wgs84,
)

systems = st.sampled_from(System)
# A kilometre within the rectangle's edge a shifted point may lie beyond it.
chinese = st.builds(
    Point, st.floats(min_value=0.9, max_value=55.8), st.floats(min_value=72.1, max_value=137.8)
)
anywhere = st.builds(Point, st.floats(min_value=-90, max_value=90), st.floats(min_value=-180, max_value=180))


@settings(deadline=None)
@given(chinese, systems)
def test_a_point_in_china_comes_back_within_a_centimetre(point: Point, system: System) -> None:
    there = from_wgs84(point.lat, point.lon, system)
    assert distance_metres(to_wgs84(there.lat, there.lon, system), point) < 0.01


@settings(deadline=None)
@given(chinese, st.sampled_from([System.GCJ02, System.BD09]))
def test_a_shifted_system_is_shifted_by_less_than_two_kilometres(point: Point, system: System) -> None:
    assert 10 < distance_metres(point, from_wgs84(point.lat, point.lon, system)) < 2_000


@settings(deadline=None)
@given(anywhere.filter(lambda point: not in_china(*point)), systems)
def test_a_point_outside_china_is_never_shifted(point: Point, system: System) -> None:
    assert from_wgs84(point.lat, point.lon, system) == point


@settings(deadline=None)
@given(anywhere, systems)
def test_any_point_can_be_read_without_a_warning(point: Point, system: System) -> None:
    found = to_wgs84(point.lat, point.lon, system)
    assert math.isfinite(found.lat)
    assert math.isfinite(found.lon)


def test_london_and_new_york_are_read_as_they_are() -> None:
    for lat, lon in ((51.5, -0.12), (40.7, -74.0)):
        assert to_wgs84(lat, lon, System.GCJ02) == (lat, lon)
        assert to_wgs84(lat, lon, System.BD09) == (lat, lon)


def test_the_shift_in_shenzhen_is_about_five_hundred_metres_west_to_east() -> None:
    here = Point(22.69, 114.35)
    gcj = from_wgs84(here.lat, here.lon, System.GCJ02)
    assert 450 < distance_metres(Point(here.lat, gcj.lon), here) < 600
    assert 200 < distance_metres(Point(gcj.lat, here.lon), here) < 400


def test_cgcs2000_is_wgs84_for_our_purposes() -> None:
    assert to_wgs84(22.69, 114.35, System.CGCS2000) == (22.69, 114.35)


@pytest.mark.parametrize(
    ("lat", "lon", "reason"),
    [
        (None, 114.3, "coordinate_missing"),
        (22.7, " ", "coordinate_missing"),
        ("north", 114.3, "coordinate_not_a_number"),
        (True, 114.3, "coordinate_not_a_number"),
        ([22.7], 114.3, "coordinate_not_a_number"),
        (10**400, 114.3, "coordinate_not_a_number"),
        ("nan", 114.3, "coordinate_not_finite"),
        (22.7, float("inf"), "coordinate_not_finite"),
        (0, 0, "coordinate_zero"),
        (114.3, 22.7, "coordinate_swapped"),
        (87.6, 43.8, "coordinate_swapped"),
        (2_512_345.6, 38_512_345.6, "coordinate_projected"),
        (91, -10, "coordinate_out_of_range"),
        (22.7, 181, "coordinate_out_of_range"),
    ],
)
def test_an_impossible_coordinate_is_refused_with_its_reason(lat: object, lon: object, reason: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_position(lat, lon)
    assert refused.value.reason.key == reason


def test_a_position_keeps_its_original_and_its_system() -> None:
    position = read_position("22.69", " 114.35 ", "GCJ-02")
    assert position.original == (22.69, 114.35)
    assert position.system is System.GCJ02
    assert 450 < distance_metres(position.point, position.original) < 700


@settings(deadline=None)
@given(anywhere)
def test_every_point_on_earth_is_accepted_unless_swapped_or_zero(point: Point) -> None:
    if looks_swapped(*point) or point == (0, 0):
        with pytest.raises(Refusal):
            check_point(*point)
    else:
        assert check_point(*point) == point


@pytest.mark.parametrize(
    ("text", "system"),
    [
        ("WGS-84", System.WGS84),
        ("GCJ-02", System.GCJ02),
        ("bd09ll", System.BD09),
        ("EPSG:4490", System.CGCS2000),
        (System.BD09, System.BD09),
    ],
)
def test_systems_are_known_by_their_usual_names(text: str, system: System) -> None:
    assert read_system(text) is system


def test_an_unknown_system_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        read_system("beijing54")
    assert refused.value.reason.key == "system_unknown"


@settings(deadline=None)
@given(chinese, chinese)
def test_distance_is_symmetric_and_zero_only_at_home(first: Point, second: Point) -> None:
    assert distance_metres(first, second) == pytest.approx(distance_metres(second, first))
    assert distance_metres(first, first) == 0


def test_a_degree_of_latitude_is_a_hundred_and_eleven_kilometres() -> None:
    assert distance_metres(Point(22, 114), Point(23, 114)) == pytest.approx(111_195, rel=1e-4)
    assert distance_metres(Point(0, 0), Point(0, 180)) == pytest.approx(20_015_115, rel=1e-4)


@settings(deadline=None)
@given(chinese)
def test_rounding_moves_a_point_by_less_than_a_centimetre(point: Point) -> None:
    assert distance_metres(point, rounded(point)) < 0.01
    assert distance_metres(point, rounded(point, 6)) < 0.1
