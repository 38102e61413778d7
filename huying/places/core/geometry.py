"""Shapes on the ground: which areas a point lies in, which is nearest, how large a shape is.

All shapes are WGS-84, longitude first as in GeoJSON (RFC 7946); points are given latitude first, by name.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon, mapping, shape

from huying.places.core.coordinates import METRES_PER_DEGREE, Point, distance_metres

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Floats: TypeAlias = NDArray[np.float64]

Area: TypeAlias = Polygon | MultiPolygon

# The WGS-84 ellipsoid.
_SEMI_MAJOR_METRES = 6_378_137.0
_FLATTENING = 1 / 298.257223563
_ECCENTRICITY = math.sqrt(_FLATTENING * (2 - _FLATTENING))

# A point on a border belongs to the area to its north-east, else south-east, and so on round: about a
# centimetre aside, not on a diagonal, so that every level of the tree decides alike.
_ASIDE = ((1.0e-7, 1.3e-7), (-1.0e-7, 1.3e-7), (1.0e-7, -1.3e-7), (-1.0e-7, -1.3e-7))
# Shapes whose distances differ by less than this are equally near (their common border was drawn twice).
_SAME_METRES = 0.5
_WEB_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Near:
    """The nearest area to a point and the metres to it, 0 when the point lies inside."""

    id: str
    metres: float


class AreaIndex:
    """Finds areas by point. Built once from shapes, read by many threads.

    `areas` are `(id, rank, geometry)`: a greater rank is finer (street 2, community 3 …), the geometry is a
    GeoJSON dict or a shapely shape, polygon or multi-polygon, WGS-84.
    """

    def __init__(self, areas: Iterable[tuple[str, int, Mapping[str, Any] | BaseGeometry]]) -> None:
        rows = [(id_, rank, as_area(geometry)) for id_, rank, geometry in areas]
        # In the order in which answers are given, so that no look-up has to sort by more than a number:
        # finest first, then the smaller, then by id.
        rows.sort(key=lambda row: (-row[1], row[2].area, row[0]))
        self._ids = [row[0] for row in rows]
        self._ranks = np.array([row[1] for row in rows], dtype=np.int64)
        self._shapes = np.array([row[2] for row in rows], dtype=object)
        shapely.prepare(self._shapes)
        self._tree = shapely.STRtree(self._shapes)
        self._rank_list = [row[1] for row in rows]
        self._shrink = _shrink_of(self._shapes)
        self._flat_tree: shapely.STRtree | None = None

    def __len__(self) -> int:
        return len(self._ids)

    def locate(self, lat: float, lon: float) -> list[str]:
        """Return the ids of the areas that hold a point, finest first; an empty list when there is none.

        Overlapping areas of one rank are all returned, the smaller first. A point on the border between areas
        of one rank is given to one of them, the same on every call and alike on every level.
        """
        return [self._ids[row] for row in self._rows_at(lat, lon)]

    def locate_many(self, lats: Sequence[float] | Floats, lons: Sequence[float] | Floats) -> list[list[str]]:
        """Return `locate` for each pair of `lats` and `lons`, found together and several times faster."""
        lat_array, lon_array = np.asarray(lats, dtype=np.float64), np.asarray(lons, dtype=np.float64)
        found: list[list[str]] = [[] for _ in range(len(lat_array))]
        if not self._ids or not found:
            return found
        # Boxes first, then the prepared shapes; with a predicate the tree would prepare the points instead.
        points, rows = self._tree.query(shapely.points(lon_array, lat_array))
        hit = shapely.intersects_xy(self._shapes[rows], lon_array[points], lat_array[points])
        points, rows = points[hit], rows[hit]
        inside = shapely.contains_xy(self._shapes[rows], lon_array[points], lat_array[points])
        on_border = set(points[~inside].tolist())
        order = np.lexsort((rows, points))
        for point, row in zip(points[order].tolist(), rows[order].tolist(), strict=True):
            found[point].append(self._ids[row])
        for point in on_border:
            found[point] = self.locate(float(lat_array[point]), float(lon_array[point]))
        return found

    def nearest(self, lat: float, lon: float, within_metres: float, rank: int | None = None) -> Near | None:
        """Return the nearest area within `within_metres`, or `None`.

        With `rank` only areas of that rank count; without, the finest among the equally near. Distances are
        exact to about 0.5 per cent for an index the size of a city.
        """
        if not self._ids:
            return None
        around = [row for row in self._rows_at(lat, lon) if rank is None or self._rank_list[row] == rank]
        if around:
            return Near(self._ids[around[0]], 0.0)
        here = shapely.Point(lon * self._shrink, lat)
        degrees = within_metres / METRES_PER_DEGREE * 1.02
        near_rows = self._flat().query(here, predicate="dwithin", distance=degrees).tolist()
        wanted = [row for row in near_rows if rank is None or self._rank_list[row] == rank]
        distances = {row: self._metres_to(row, lat, lon) for row in wanted}
        least = min(distances.values(), default=math.inf)
        if least > within_metres:
            return None
        equal = [row for row in distances if distances[row] <= least + _SAME_METRES]
        best = min(equal, key=lambda row: (-self._rank_list[row], distances[row], row))
        return Near(self._ids[best], distances[best])

    def _rows_at(self, lat: float, lon: float) -> list[int]:
        if not (math.isfinite(lat) and math.isfinite(lon)) or not self._ids:
            return []
        boxes = self._tree.query(shapely.Point(lon, lat))
        if not len(boxes):
            return []
        rows = np.sort(boxes[shapely.intersects_xy(self._shapes[boxes], lon, lat)])
        inside = shapely.contains_xy(self._shapes[rows], lon, lat)
        if inside.all():
            return cast("list[int]", rows.tolist())
        return self._decide_border(rows, inside, lat, lon)

    def _decide_border(
        self, rows: NDArray[np.int64], inside: NDArray[np.bool_], lat: float, lon: float
    ) -> list[int]:
        """Return the rows that hold the point inside, and one row of each rank that only touches it."""
        kept = rows[inside].tolist()
        settled = {self._rank_list[row] for row in kept}
        touching = rows[~inside]
        for lat_aside, lon_aside in _ASIDE:
            aside = shapely.contains_xy(self._shapes[touching], lon + lon_aside, lat + lat_aside)
            for row in touching[aside].tolist():
                if self._rank_list[row] not in settled:
                    settled.add(self._rank_list[row])
                    kept.append(row)
        for row in touching.tolist():  # a sliver thinner than the step aside
            if self._rank_list[row] not in settled:
                settled.add(self._rank_list[row])
                kept.append(row)
        return sorted(kept)

    def _flat(self) -> shapely.STRtree:
        """Return the tree of the shapes with longitudes shrunk: a degree is as long in both directions."""
        if self._flat_tree is None:
            flat = shapely.transform(self._shapes, lambda xy: xy * (self._shrink, 1.0))
            self._flat_tree = shapely.STRtree(flat)
        return self._flat_tree

    def _metres_to(self, row: int, lat: float, lon: float) -> float:
        here = shapely.Point(lon * self._shrink, lat)
        flat = self._flat().geometries[row]
        foot = shapely.shortest_line(here, flat).coords[-1]
        return distance_metres(Point(lat, lon), Point(foot[1], foot[0] / self._shrink))


def as_area(geometry: Mapping[str, Any] | BaseGeometry) -> Area:
    """Return a GeoJSON dict or a shape as an area without heights; `TypeError` when it is no polygon."""
    found = geometry if isinstance(geometry, shapely.Geometry) else shape(dict(geometry))
    if not isinstance(found, Polygon | MultiPolygon):
        raise TypeError(f"an area needs a polygon, not a {found.geom_type}")
    return shapely.force_2d(found)


def area_square_metres(area: Area) -> float:
    """Return the area on the WGS-84 ellipsoid in square metres.

    Measured in the cylindrical equal-area projection (J. P. Snyder, Map Projections: A Working Manual, 1987,
    formulas 3-12, 10-1 and 10-2 with the equator as standard parallel), so right at every latitude and size.
    """
    return float(shapely.transform(area, _equal_area).area)


def centroid(area: Area) -> Point:
    """Return the centre of gravity, which may lie outside a bent area (see `inside_point`)."""
    middle = area.centroid
    return Point(middle.y, middle.x)


def inside_point(area: Area) -> Point:
    """Return the centre of gravity when it lies in the area, else another point inside (for a label)."""
    middle = area.centroid
    chosen = middle if area.contains(middle) else area.representative_point()
    return Point(chosen.y, chosen.x)


def simplify_together(areas: Sequence[Area], tolerance_metres: float) -> list[Area]:
    """Return the areas with fewer vertices for the web; common borders stay common, without gaps or overlaps.

    Details smaller than about `tolerance_metres` go. Areas that overlap or do not match at their borders are
    each simplified alone. No area vanishes.
    """
    if not areas:
        return []
    given = np.array(areas, dtype=object)
    shrink = _shrink_of(given)
    flat = shapely.transform(given, lambda xy: xy * (shrink, 1.0))
    tolerance = tolerance_metres / METRES_PER_DEGREE
    if shapely.coverage_is_valid(flat):
        simple = shapely.coverage_simplify(flat, tolerance)
    else:
        simple = shapely.simplify(flat, tolerance, preserve_topology=True)
    back = shapely.transform(simple, lambda xy: xy / (shrink, 1.0))
    return [was if now.is_empty else now for was, now in zip(areas, back.tolist(), strict=True)]


def simplify(area: Area, tolerance_metres: float) -> Area:
    """Return one area with fewer vertices (see `simplify_together` for neighbours)."""
    return simplify_together([area], tolerance_metres)[0]


def to_geojson(area: Area, decimals: int = _WEB_DECIMALS) -> dict[str, Any]:
    """Return an area as a GeoJSON geometry, coordinates rounded to `decimals` (6 is about a decimetre)."""
    cut = shapely.transform(area, lambda xy: np.round(xy, decimals))
    return _lists(mapping(cut))


def _lists(geometry: Mapping[str, Any]) -> dict[str, Any]:
    """Return shapely's mapping with lists for tuples, as a JSON reader would give it."""

    def listed(value: object) -> object:
        return [listed(part) for part in value] if isinstance(value, tuple | list) else value

    return {"type": geometry["type"], "coordinates": listed(geometry["coordinates"])}


def _equal_area(xy: Floats) -> Floats:
    """Project degrees (longitude, latitude) to metres so that areas are kept."""
    lon, sine = np.radians(xy[:, 0]), np.sin(np.radians(xy[:, 1]))
    turned = _ECCENTRICITY * sine
    authalic = (1 - _ECCENTRICITY**2) * (sine / (1 - turned**2) + np.arctanh(turned) / _ECCENTRICITY)
    return np.column_stack((_SEMI_MAJOR_METRES * lon, _SEMI_MAJOR_METRES * authalic / 2))


def _shrink_of(shapes: NDArray[np.object_]) -> float:
    """Return the length of a degree of longitude over one of latitude, in the middle of the shapes."""
    if not len(shapes):
        return 1.0
    _west, south, _east, north = shapely.total_bounds(shapes)
    return max(0.01, math.cos(math.radians((south + north) / 2)))
