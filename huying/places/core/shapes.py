"""A place's point and an area's outline from whatever shape a file gives, turned into WGS-84."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely

from huying.kit.errors import Refusal
from huying.places.core import reasons
from huying.places.core.boundaries import mend, read_area
from huying.places.core.coordinates import Point, System, read_position, rounded
from huying.places.core.geometry import inside_point, to_geojson

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Shape:
    """Where something is: a point (both or none), and an outline if the file drew one.

    `mended` says that the outline crossed itself, `kind_refused` that the shape draws no area.
    """

    lat: float | None = None
    lon: float | None = None
    boundary: dict[str, Any] | None = None
    mended: Refusal | None = None
    kind_refused: Refusal | None = None


def read_shape(geometry: Mapping[str, Any] | None, lat: str, lon: str, system: System) -> Shape:
    """Return the shape of a line: of its geometry if it has one, else of two cells, empty ones for none.

    Of a line on the map its middle is taken. Raises Refusal with the reason when it cannot be read.
    """
    if geometry is None:
        return _at(read_position(lat, lon, system).point) if lat or lon else Shape()
    kind, coordinates = str(geometry.get("type")), geometry.get("coordinates")
    if kind == "Point":
        if not isinstance(coordinates, list) or len(coordinates) < 2:  # noqa: PLR2004 - longitude, latitude
            raise Refusal(reasons.GEOMETRY_BROKEN, detail="position")
        return _at(read_position(coordinates[1], coordinates[0], system).point, not_an_area=kind)
    if kind in {"LineString", "MultiLineString", "MultiPoint"}:
        return _at(_middle(geometry, system), not_an_area=kind)
    area, detail = mend(read_area(geometry, system))
    point = rounded(inside_point(area))
    mended = Refusal(reasons.GEOMETRY_MENDED, detail=detail) if detail else None
    return Shape(point.lat, point.lon, to_geojson(area), mended)


def _at(point: Point, not_an_area: str = "") -> Shape:
    near = rounded(point)
    refused = Refusal(reasons.GEOMETRY_NOT_AN_AREA, type=not_an_area) if not_an_area else None
    return Shape(near.lat, near.lon, kind_refused=refused)


def _middle(geometry: Mapping[str, Any], system: System) -> Point:
    try:
        found = shapely.geometry.shape(dict(geometry))
    except (ValueError, TypeError, IndexError, AttributeError, shapely.errors.ShapelyError) as error:
        raise Refusal(reasons.GEOMETRY_BROKEN, detail=str(error)[:60]) from None
    if found.is_empty:
        raise Refusal(reasons.GEOMETRY_BROKEN, detail=str(geometry.get("type")))
    parts = list(getattr(found, "geoms", [found]))
    longest = max(parts, key=lambda part: part.length)
    middle = longest.interpolate(0.5, normalized=True) if longest.length else longest.representative_point()
    return read_position(middle.y, middle.x, system).point
