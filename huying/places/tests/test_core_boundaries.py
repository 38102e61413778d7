"""Boundary files: good rows are read, bad rows are refused one by one with a reason."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon

from huying.kit.errors import Refusal
from huying.places.core.boundaries import read_area, read_boundaries
from huying.places.core.coordinates import Point, System, distance_metres
from huying.places.core.geometry import centroid

SQUARE = [[114.3, 22.6], [114.4, 22.6], [114.4, 22.7], [114.3, 22.7], [114.3, 22.6]]
BOW_TIE = [[114.3, 22.6], [114.4, 22.7], [114.4, 22.6], [114.3, 22.7], [114.3, 22.6]]


def polygon(*rings: object) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def feature(geometry: object, **properties: object) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: object, **members: object) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features), **members}


def test_good_rows_are_read_beside_bad_ones() -> None:
    read = read_boundaries(
        collection(
            feature(polygon(SQUARE), code="a"),
            feature(None, code="b"),
            feature({"type": "Point", "coordinates": [114, 22]}, code="c"),
            "not a feature",
            feature(polygon(SQUARE), code="a"),
            feature(polygon(SQUARE)),
            feature(polygon(BOW_TIE), code="d"),
            feature({"type": "MultiPolygon", "coordinates": [[SQUARE]]}, code="e", name="east"),
        ),
        key_property="code",
    )
    assert [boundary.key for boundary in read.boundaries] == ["a", "d", "e"]
    assert read.boundaries[-1].properties["name"] == "east"
    assert [(remark.row, remark.reason) for remark in read.refused] == [
        (2, "geometry_missing"),
        (3, "geometry_not_an_area"),
        (4, "not_a_feature"),
        (5, "key_twice"),
        (6, "key_missing"),
    ]
    mended = [remark for remark in read.remarks if remark.accepted]
    assert [(remark.row, remark.reason) for remark in mended] == [(7, "geometry_mended")]
    assert "Self-intersection" in mended[0].refusal.sentence


def test_a_mended_outline_covers_both_wings() -> None:
    (boundary,) = read_boundaries(polygon(BOW_TIE)).boundaries
    assert boundary.area.is_valid
    assert isinstance(boundary.area, MultiPolygon)
    assert boundary.area.area == pytest.approx(0.1 * 0.1 / 2)


@pytest.mark.parametrize(
    ("geometry", "reason"),
    [
        (polygon([[lat, lon] for lon, lat in SQUARE]), "coordinate_swapped"),
        (polygon([[lon + 200, lat] for lon, lat in SQUARE]), "coordinate_out_of_range"),
        (polygon([[lon * 4000, lat * 100_000] for lon, lat in SQUARE]), "coordinate_projected"),
        (polygon([*SQUARE[:2], [0, 0], *SQUARE[3:]]), "coordinate_zero"),
        (polygon([*SQUARE[:2], [114.4, "22.7"], *SQUARE[3:]]), "geometry_broken"),
        (polygon([*SQUARE[:2], [114.4, True], *SQUARE[3:]]), "geometry_broken"),
        (polygon([*SQUARE[:2], [114.4], *SQUARE[3:]]), "geometry_broken"),
        (polygon([*SQUARE[:2], [114.4, float("inf")], *SQUARE[3:]]), "coordinate_not_finite"),
        (polygon(SQUARE[:3]), "geometry_broken"),
        (polygon([SQUARE[0]] * 5), "geometry_empty"),
        (polygon(), "geometry_empty"),
        ({"type": "Polygon", "coordinates": None}, "geometry_broken"),
        ({"type": "Polygon"}, "geometry_broken"),
        ({"type": "MultiPolygon", "coordinates": []}, "geometry_empty"),
        ({"type": "GeometryCollection", "geometries": []}, "geometry_not_an_area"),
        ([1, 2], "geometry_broken"),
    ],
)
def test_a_row_that_is_no_area_is_refused_with_its_reason(geometry: object, reason: str) -> None:
    read = read_boundaries(collection(feature(geometry), feature(polygon(SQUARE))))
    assert [(remark.row, remark.reason) for remark in read.remarks] == [(1, reason)]
    assert len(read.boundaries) == 1


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("{", "json_broken"),
        (b"\xff\xfe\x00", "json_broken"),
        ('{"type": "Polygon", "coordinates": [[[NaN, 1]]]}', "json_broken"),
        ("[" * 200_000, "json_broken"),
        ("[]", "not_geojson"),
        ("{}", "not_geojson"),
        ('{"type": "FeatureCollection", "features": {}}', "not_geojson"),
        (json.dumps({"type": "Topology"}), "not_geojson"),
        (
            json.dumps(
                collection(crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4547"}})
            ),
            "crs_unknown",
        ),
        (json.dumps(collection(crs="somewhere")), "crs_unknown"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(data: str | bytes, reason: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_boundaries(data)
    assert refused.value.reason.key == reason


@pytest.mark.parametrize(
    "name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4490", "CGCS2000"]
)
def test_files_in_wgs84_or_cgcs2000_may_say_so(name: str) -> None:
    data = collection(feature(polygon(SQUARE)), crs={"type": "name", "properties": {"name": name}})
    assert len(read_boundaries("\ufeff" + json.dumps(data)).boundaries) == 1


def test_a_file_drawn_on_a_shifted_map_is_moved_back() -> None:
    plain = centroid(read_area(polygon(SQUARE)))
    moved = centroid(read_area(polygon(SQUARE), System.GCJ02))
    assert 400 < distance_metres(plain, moved) < 800


def test_rings_are_turned_anticlockwise_and_heights_dropped() -> None:
    clockwise = [[lon, lat, 35.0] for lon, lat in reversed(SQUARE)]
    (boundary,) = read_boundaries(feature(polygon(clockwise))).boundaries
    assert not boundary.area.has_z
    assert list(boundary.area.exterior.coords)[1] == (114.4, 22.6)  # type: ignore[union-attr] # one polygon in
    assert centroid(boundary.area) == pytest.approx(Point(22.65, 114.35))


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=3) | st.integers(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=15,
)


@settings(deadline=None)
@given(json_values, st.sampled_from(["Polygon", "MultiPolygon", "Point"]))
def test_any_geometry_is_read_or_refused_and_never_an_error(coordinates: object, kind: str) -> None:
    read = read_boundaries(collection(feature({"type": kind, "coordinates": coordinates})))
    assert len(read.boundaries) + len(read.refused) == 1
