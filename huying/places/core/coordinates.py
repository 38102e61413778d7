"""Coordinates as people and devices send them, turned into WGS-84 and back.

GCJ-02 (WeChat, Amap, Tencent) and BD-09 (Baidu) are shifted by 300 to 700 metres in China; CGCS2000 equals
WGS-84 within centimetres (GB/T 18522 and EPSG 4490), far below what a phone knows. `shifts` has the formulas.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from huying.kit.errors import Refusal
from huying.places.core import reasons
from huying.places.core.shifts import bd_to_gcj, gcj_to_bd, gcj_to_wgs, wgs_to_gcj

EARTH_RADIUS_METRES = 6_371_008.8  # mean radius, IUGG
METRES_PER_DEGREE = EARTH_RADIUS_METRES * math.pi / 180
STORED_DECIMALS = 7  # about one centimetre; more only pretends

# The rectangle outside which the shifted systems are the same as WGS-84.
_CHINA_LATS = (0.8293, 55.8271)
_CHINA_LONS = (72.004, 137.8347)
_MOST_LAT = 90.0
_MOST_LON = 180.0
# Degrees never exceed 360; a pair this large is metres on some national grid.
_LEAST_PROJECTED = 10_000.0


class System(StrEnum):
    """Coordinate systems we accept; WGS-84 is what we store."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"
    CGCS2000 = "cgcs2000"


class Point(NamedTuple):
    """Latitude and longitude in degrees; WGS-84 unless said otherwise."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Position:
    """A point as stored: WGS-84, with the original numbers and their system kept beside it."""

    point: Point
    original: Point
    system: System


def read_position(lat: object, lon: object, system: System | str = System.WGS84) -> Position:
    """Return the position sent as numbers or texts in `system`.

    Raises `Refusal` with the reason when it is missing, not a finite number of degrees, out of range,
    swapped, 0, 0 or metres, or when the system is unknown. Points outside China are accepted: whether they
    lie in the town is for the caller to ask.
    """
    known = read_system(system)
    original = check_point(_number(lat), _number(lon))
    return Position(point=to_wgs84(original.lat, original.lon, known), original=original, system=known)


def read_system(text: System | str) -> System:
    """Return the system named by `text` ("GCJ-02", "bd09ll", "EPSG:4490" …); raises `Refusal` if unknown."""
    folded = "".join(character for character in str(text).lower() if character.isalnum())
    try:
        return _SYSTEM_NAMES[folded]
    except KeyError:
        raise Refusal(reasons.SYSTEM_UNKNOWN, system=str(text)) from None


def check_point(lat: float, lon: float) -> Point:
    """Return the point when its degrees are possible; raises `Refusal` with the reason when not."""
    if not (math.isfinite(lat) and math.isfinite(lon)):
        raise Refusal(reasons.COORDINATE_NOT_FINITE)
    if lat == 0 and lon == 0:
        raise Refusal(reasons.COORDINATE_ZERO)
    if looks_swapped(lat, lon):
        raise Refusal(reasons.COORDINATE_SWAPPED)
    if max(abs(lat), abs(lon)) >= _LEAST_PROJECTED:
        raise Refusal(reasons.COORDINATE_PROJECTED)
    if abs(lat) > _MOST_LAT or abs(lon) > _MOST_LON:
        raise Refusal(reasons.COORDINATE_OUT_OF_RANGE)
    return Point(lat, lon)


def looks_swapped(lat: float, lon: float) -> bool:
    """Tell whether the pair lies outside China as given and inside it the other way round."""
    return in_china(lon, lat) and not in_china(lat, lon)


def in_china(lat: float, lon: float) -> bool:
    """Tell whether a point lies in the rectangle, wider than China, in which GCJ-02 and BD-09 are shifted."""
    return _CHINA_LATS[0] <= lat <= _CHINA_LATS[1] and _CHINA_LONS[0] <= lon <= _CHINA_LONS[1]


def to_wgs84(lat: float, lon: float, system: System) -> Point:
    """Return a point of `system` as WGS-84, exact to well under a metre; outside China it is unchanged."""
    if system is System.GCJ02:
        found = gcj_to_wgs(lat, lon)
    elif system is System.BD09:
        found = gcj_to_wgs(*bd_to_gcj(lat, lon))
    else:
        return Point(lat, lon)
    return Point(*found) if in_china(*found) else Point(lat, lon)


def from_wgs84(lat: float, lon: float, system: System) -> Point:
    """Return a WGS-84 point in `system`, for maps that show it; outside China it is unchanged."""
    if system in {System.WGS84, System.CGCS2000} or not in_china(lat, lon):
        return Point(lat, lon)
    shifted = wgs_to_gcj(lat, lon)
    return Point(*(gcj_to_bd(*shifted) if system is System.BD09 else shifted))


def rounded(point: Point, decimals: int = STORED_DECIMALS) -> Point:
    """Return the point rounded to `decimals` (7 is about a centimetre, 6 about a decimetre)."""
    return Point(round(point.lat, decimals), round(point.lon, decimals))


def distance_metres(first: Point, second: Point) -> float:
    """Return the great-circle distance in metres (haversine; 0.5 per cent at worst against the ellipsoid)."""
    lat_half = math.radians(second.lat - first.lat) / 2
    lon_half = math.radians(second.lon - first.lon) / 2
    chord = (
        math.sin(lat_half) ** 2
        + math.cos(math.radians(first.lat)) * math.cos(math.radians(second.lat)) * math.sin(lon_half) ** 2
    )
    return 2 * EARTH_RADIUS_METRES * math.asin(min(1.0, math.sqrt(chord)))


def _number(value: object) -> float:
    """Return a number from a number or text; raises `Refusal` when there is none."""
    if value is None or (isinstance(value, str) and not value.strip()):
        raise Refusal(reasons.COORDINATE_MISSING)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Refusal(reasons.COORDINATE_NOT_A_NUMBER)
    try:
        return float(value)
    except (ValueError, OverflowError):
        raise Refusal(reasons.COORDINATE_NOT_A_NUMBER) from None


_SYSTEM_NAMES = {
    "wgs84": System.WGS84,
    "gps": System.WGS84,
    "epsg4326": System.WGS84,
    "gcj02": System.GCJ02,
    "gcj02ll": System.GCJ02,
    "amap": System.GCJ02,
    "wechat": System.GCJ02,
    "tencent": System.GCJ02,
    "bd09": System.BD09,
    "bd09ll": System.BD09,
    "baidu": System.BD09,
    "cgcs2000": System.CGCS2000,
    "epsg4490": System.CGCS2000,
}
