"""The shifts of GCJ-02 and BD-09 against WGS-84, as published, and their exact inverses.

GCJ-02 displaces a point by sums of sines of its distance from 105 E, 35 N, scaled by the radii of the
Krasovsky 1940 ellipsoid there; BD-09 turns and stretches GCJ-02 a little further around the pole of its own
plane. Both are smooth, so the inverses converge by taking the error off again.
"""

from __future__ import annotations

from math import atan2, cos, hypot, pi, radians, sin, sqrt

# Krasovsky 1940: half the long axis in metres, and the first eccentricity squared.
_AXIS_METRES = 6_378_245.0
_ECCENTRICITY = 0.00669342162296594323
_ORIGIN_LAT, _ORIGIN_LON = 35.0, 105.0
_BAIDU_TURN = pi * 3000.0 / 180.0
_BAIDU_LAT, _BAIDU_LON = 0.006, 0.0065
# Each round divides the error by more than a hundred; five go below what a double can hold of a degree.
_ROUNDS = 5

Pair = tuple[float, float]


def _north_metres(x: float, y: float) -> float:
    """Return the shift to the north for x degrees east and y degrees north of the origin."""
    metres = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    metres += (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    metres += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    return metres + (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0


def _east_metres(x: float, y: float) -> float:
    """Return the shift to the east, likewise."""
    metres = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    metres += (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    metres += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    return metres + (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0


def wgs_to_gcj(lat: float, lon: float) -> Pair:
    """Return the GCJ-02 degrees of a WGS-84 point, wherever it lies."""
    x, y = lon - _ORIGIN_LON, lat - _ORIGIN_LAT
    bend = 1 - _ECCENTRICITY * sin(radians(lat)) ** 2
    north = _north_metres(x, y) * 180.0 / (_AXIS_METRES * (1 - _ECCENTRICITY) / (bend * sqrt(bend)) * pi)
    east = _east_metres(x, y) * 180.0 / (_AXIS_METRES / sqrt(bend) * cos(radians(lat)) * pi)
    return lat + north, lon + east


def gcj_to_wgs(lat: float, lon: float) -> Pair:
    """Return the WGS-84 degrees whose shift gives this GCJ-02 point."""
    found = (lat, lon)
    for _round in range(_ROUNDS):
        again = wgs_to_gcj(*found)
        found = (found[0] - (again[0] - lat), found[1] - (again[1] - lon))
    return found


def gcj_to_bd(lat: float, lon: float) -> Pair:
    """Return the BD-09 degrees of a GCJ-02 point."""
    far = hypot(lon, lat) + 0.00002 * sin(lat * _BAIDU_TURN)
    angle = atan2(lat, lon) + 0.000003 * cos(lon * _BAIDU_TURN)
    return far * sin(angle) + _BAIDU_LAT, far * cos(angle) + _BAIDU_LON


def bd_to_gcj(lat: float, lon: float) -> Pair:
    """Return the GCJ-02 degrees whose shift gives this BD-09 point."""
    found = (lat - _BAIDU_LAT, lon - _BAIDU_LON)
    for _round in range(_ROUNDS):
        again = gcj_to_bd(*found)
        found = (found[0] - (again[0] - lat), found[1] - (again[1] - lon))
    return found
