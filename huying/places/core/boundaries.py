"""Reads area boundaries from GeoJSON (RFC 7946), row by row, saying of each row what is wrong with it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn, cast

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon

from huying.kit.errors import Refusal
from huying.places.core import reasons
from huying.places.core.coordinates import Point, System, check_point, looks_swapped, to_wgs84

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from huying.places.core.geometry import Area

# The names files give to WGS-84 and CGCS2000 in the `crs` member of the older GeoJSON of 2008.
_READABLE_CRS = ("crs84", "4326", "4490", "wgs84", "cgcs2000")
_LEAST_RING = 4
_LEAST_POSITION = 2


@dataclass(frozen=True, slots=True)
class Boundary:
    """One area read from a file, in WGS-84; `row` counts features from 1, `key` is its id in the file."""

    row: int
    key: str
    area: Area
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Remark:
    """What was found about one row: refused, or accepted and mended (`accepted`)."""

    row: int
    refusal: Refusal
    accepted: bool

    @property
    def reason(self) -> str:
        """The reason key."""
        return self.refusal.reason.key


@dataclass(slots=True)
class BoundaryFile:
    """All rows of a file: those that can be used, and what there is to say about the rest."""

    boundaries: list[Boundary] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def refused(self) -> list[Remark]:
        """The remarks on rows that cannot be used."""
        return [remark for remark in self.remarks if not remark.accepted]


def read_boundaries(
    data: str | bytes | Mapping[str, Any],
    *,
    system: System = System.WGS84,
    key_property: str | None = None,
) -> BoundaryFile:
    """Read a feature collection, a feature or a bare polygon.

    `system` is what the coordinates are in when the file does not say (files drawn on Amap are GCJ-02); they
    are turned into WGS-84. `key_property` names the property that tells the areas apart; without it the key
    is the feature's `id` or its row number. Keys have to be there and to be unique.
    Self-crossing outlines are mended and remarked on. Raises `Refusal` when the whole file cannot be read.
    """
    document = load_document(data) if isinstance(data, str | bytes) else data
    features = features_of(document)
    check_crs(document)
    result = BoundaryFile()
    rows_of: dict[str, int] = {}
    for row, feature in enumerate(features, start=1):
        try:
            key, properties = _key_of(feature, row, key_property)
            _check_unique(key, rows_of)
            area = read_area(feature.get("geometry"), system)
            mended, detail = mend(area)
        except Refusal as refusal:
            result.remarks.append(Remark(row, refusal, accepted=False))
            continue
        rows_of[key] = row
        if detail:
            result.remarks.append(Remark(row, Refusal(reasons.GEOMETRY_MENDED, detail=detail), accepted=True))
        result.boundaries.append(Boundary(row, key, mended, properties))
    return result


def read_area(geometry: object, system: System = System.WGS84) -> Area:
    """Return a GeoJSON polygon or multi-polygon as a WGS-84 shape, possibly invalid; raises `Refusal`."""
    if geometry is None:
        raise Refusal(reasons.GEOMETRY_MISSING)
    if not isinstance(geometry, dict):
        raise Refusal(reasons.GEOMETRY_BROKEN, detail="geometry")
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind == "Polygon":
        parts = [_polygon(coordinates, system)]
    elif kind == "MultiPolygon":
        parts = [_polygon(part, system) for part in _list(coordinates, "coordinates")]
    else:
        raise Refusal(reasons.GEOMETRY_NOT_AN_AREA, type=str(kind))
    parts = [part for part in parts if not part.is_empty]
    if not parts:
        raise Refusal(reasons.GEOMETRY_EMPTY)
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def load_document(data: str | bytes) -> Mapping[str, Any]:
    """Return the JSON object a file holds; Refusal `json_broken` or `not_geojson`."""

    def refuse_constant(name: str) -> NoReturn:
        raise ValueError(f"{name} is not JSON")

    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data.removeprefix("\ufeff")
        document = json.loads(text, parse_constant=refuse_constant)
    except (ValueError, RecursionError) as error:
        raise Refusal(reasons.JSON_BROKEN, detail=str(error)) from None
    if not isinstance(document, dict):
        raise Refusal(reasons.NOT_GEOJSON)
    return document


def features_of(document: Mapping[str, Any]) -> list[Any]:
    """Return the features of a document, not looked into; Refusal `not_geojson`."""
    kind = document.get("type")
    if kind == "FeatureCollection" and isinstance(document.get("features"), list):
        return cast("list[Any]", document["features"])
    if kind == "Feature":
        return [document]
    if kind in {"Polygon", "MultiPolygon"}:
        return [{"type": "Feature", "properties": {}, "geometry": document}]
    raise Refusal(reasons.NOT_GEOJSON)


def check_crs(document: Mapping[str, Any]) -> None:
    """Refuse a file in another coordinate system; RFC 7946 dropped this member, exports still write it."""
    crs = document.get("crs")
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = str(properties.get("name") if isinstance(properties, dict) else crs)
    last = name.replace("/", ":").rsplit(":", 1)[-1].lower().replace("-", "").replace(" ", "")
    if last not in _READABLE_CRS:
        raise Refusal(reasons.CRS_UNKNOWN, crs=name[:100])


def _key_of(feature: object, row: int, key_property: str | None) -> tuple[str, Mapping[str, Any]]:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise Refusal(reasons.NOT_A_FEATURE)
    given = feature.get("properties")
    properties = given if isinstance(given, dict) else {}
    if key_property is None:
        return str(feature.get("id", row)), properties
    key = properties.get(key_property)
    if key is None or isinstance(key, dict | list) or not str(key).strip():
        raise Refusal(reasons.KEY_MISSING, property=key_property)
    return str(key).strip(), properties


def _check_unique(key: str, rows_of: Mapping[str, int]) -> None:
    if key in rows_of:
        raise Refusal(reasons.KEY_TWICE, key=key, row=rows_of[key])


def _polygon(rings: object, system: System) -> Polygon:
    outline, *holes = [_ring(ring, system) for ring in _list(rings, "coordinates")] or [[]]
    return Polygon(outline, holes)


def _ring(ring: object, system: System) -> list[tuple[float, float]]:
    positions = [_position(position) for position in _list(ring, "ring")]
    if len(positions) < _LEAST_RING:
        raise Refusal(reasons.GEOMETRY_BROKEN, detail=f"ring of {len(positions)} positions")
    points = np.array(positions)
    lows, highs = points.min(axis=0), points.max(axis=0)
    # Two opposite corners of the box speak for all its positions; a swapped file is swapped everywhere.
    if np.isfinite(points).all() and all(looks_swapped(lat, lon) for lon, lat in (lows, highs)):
        raise Refusal(reasons.COORDINATE_SWAPPED)
    for lon, lat in positions:
        check_point(lat, lon)
    moved = [to_wgs84(lat, lon, system) for lon, lat in positions]
    return [(point.lon, point.lat) for point in moved]


def _position(position: object) -> Point | tuple[float, float]:
    """Return longitude and latitude of one position; a height behind them is dropped."""
    numbers: Sequence[object] = _list(position, "position")[:_LEAST_POSITION]
    if len(numbers) < _LEAST_POSITION or any(
        isinstance(number, bool) or not isinstance(number, int | float) for number in numbers
    ):
        raise Refusal(reasons.GEOMETRY_BROKEN, detail=f"position {str(position)[:60]}")
    lon, lat = cast("tuple[float, float]", tuple(numbers))
    return float(lon), float(lat)


def _list(value: object, what: str) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise Refusal(reasons.GEOMETRY_BROKEN, detail=what)
    return list(value)


def mend(area: Area) -> tuple[Area, str]:
    """Return a valid shape with the outline anticlockwise, and what was mended (empty when nothing)."""
    detail = ""
    if not area.is_valid:
        detail = shapely.is_valid_reason(area)
        mended = shapely.make_valid(area, method="structure", keep_collapsed=False)
        if not isinstance(mended, Polygon | MultiPolygon):
            raise Refusal(reasons.GEOMETRY_EMPTY)
        area = mended
    if area.is_empty or area.area == 0:
        raise Refusal(reasons.GEOMETRY_EMPTY)
    return shapely.orient_polygons(area), detail
