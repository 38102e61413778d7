"""Cuts polygons into weighted parts along road-like lines and makes the parts share their edges exactly."""

import itertools
import math
import random
from collections.abc import Sequence

import shapely
from shapely import LineString, Polygon
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

TRIALS = 5
BISECTIONS = 14
GRID_DEGREES = 1e-6
FINEST_BEND_M = 4
FINEST_STRETCH_M = 45


def outline(rng: random.Random, area_m2: float, points: int = 168) -> Polygon:
    """Draw an irregular, closed shape of the given area in square metres around the origin of the plane."""
    waves = [
        (k, rng.uniform(0.35, 1.0) * 0.38 / k**1.15, rng.uniform(0, math.tau))
        for k in (1, 2, 3, 5, 8, 13, 21)
    ]
    ring = []
    for i in range(points):
        angle = math.tau * i / points
        radius = 1 + sum(size * math.sin(k * angle + phase) for k, size, phase in waves)
        radius *= 1 + rng.uniform(-0.012, 0.012)
        ring.append((1.22 * radius * math.cos(angle), 0.92 * radius * math.sin(angle)))
    shape = one_polygon(Polygon(ring).buffer(0))
    factor = math.sqrt(area_m2 / shape.area)
    centre = shape.centroid
    return Polygon([((x - centre.x) * factor, (y - centre.y) * factor) for x, y in shape.exterior.coords])


def partition(
    shape: Polygon, weights: Sequence[float], rng: random.Random, bend: float
) -> tuple[list[Polygon], list[LineString]]:
    """Cut `shape` into len(weights) parts with areas about in the proportion of the weights.

    `bend` is how far a cut leaves the straight line, as a share of its length (0 = straight).
    Returns the parts, in the order of the weights, neighbours mostly near in that order, and the
    cuts, in the order they were made.
    """
    if len(weights) == 1:
        return [shape], []
    total = sum(weights)
    # The middle of the list by weight, so that both halves stay compact.
    half, running = 1, weights[0]
    while half < len(weights) - 1 and running + weights[half] / 2 < total / 2:
        running += weights[half]
        half += 1
    first, second, cut = _cut(shape, running / total, rng, bend)
    left, left_cuts = partition(first, weights[:half], rng, bend)
    right, right_cuts = partition(second, weights[half:], rng, bend)
    return left + right, [cut, *left_cuts, *right_cuts]


def _cut(
    shape: Polygon, share: float, rng: random.Random, bend: float
) -> tuple[Polygon, Polygon, LineString]:
    """Cut off `share` of the area across the longer axis; of several tries the most compact one."""
    tries: list[tuple[float, Polygon, Polygon, LineString]] = []
    axis = _long_axis(shape)
    for trial in range(TRIALS):
        angle = axis + rng.gauss(0, 0.16 + 0.05 * trial)
        line = _dividing_line(shape, share, angle)
        road = _bend(line, bend, rng)
        first, second = _two_sides(shape, road, angle)
        quality = min(_compactness(first), _compactness(second))
        quality -= 0.8 * abs(first.area / shape.area - share)
        tries.append((quality, first, second, road))
    _, first, second, road = max(tries, key=lambda made: made[0])
    return first, second, road


def _long_axis(shape: Polygon) -> float:
    """Direction of the longer side of the smallest rectangle around the shape, in radians."""
    box = one_polygon(shapely.minimum_rotated_rectangle(shape))
    (ax, ay), (bx, by), (cx, cy) = box.exterior.coords[:3]
    if math.hypot(bx - ax, by - ay) >= math.hypot(cx - bx, cy - by):
        return math.atan2(by - ay, bx - ax)
    return math.atan2(cy - by, cx - bx)


def _dividing_line(shape: Polygon, share: float, angle: float) -> LineString:
    """Find the straight chord square to `angle` that leaves `share` of the area behind it."""
    ux, uy = math.cos(angle), math.sin(angle)
    ring = [(x * ux + y * uy, y * ux - x * uy) for x, y in shape.exterior.coords]
    low, high = min(ring)[0], max(ring)[0]
    wanted = share * shape.area
    offset = (low + high) / 2
    for _ in range(BISECTIONS):
        if _area_behind(ring, offset) < wanted:
            low = offset
        else:
            high = offset
        offset = (low + high) / 2
    sides = _crossings(ring, offset)
    return LineString(
        [(offset * ux - side * uy, offset * uy + side * ux) for side in (max(sides), min(sides))]
    )


def _crossings(ring: list[tuple[float, float]], offset: float) -> list[float]:
    """Find where, sideways, a ring of (ahead, side) crosses the line `ahead = offset`."""
    found = []
    for (ax, ay), (bx, by) in itertools.pairwise(ring):
        if (ax < offset) != (bx < offset):
            found.append(ay + (by - ay) * (offset - ax) / (bx - ax))
    return found


def _area_behind(ring: list[tuple[float, float]], offset: float) -> float:
    """Return the area of a ring of (ahead, side) behind `ahead = offset` (after Sutherland and Hodgman)."""
    clipped: list[tuple[float, float]] = []
    for (ax, ay), (bx, by) in itertools.pairwise(ring):
        if ax < offset:
            clipped.append((ax, ay))
        if (ax < offset) != (bx < offset):
            clipped.append((offset, ay + (by - ay) * (offset - ax) / (bx - ax)))
    closed = [*clipped, *clipped[:1]]
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in itertools.pairwise(closed))) / 2


def _bend(line: LineString, bend: float, rng: random.Random) -> LineString:
    """Bend a chord by displacing midpoints, and lengthen it a little beyond both ends."""
    (ax, ay), (bx, by) = line.coords
    length = math.hypot(bx - ax, by - ay)
    tail = length * 0.02 + 3
    dx, dy = (bx - ax) / length, (by - ay) / length
    points = [(ax, ay), (bx, by)]
    size = bend * length
    while size > FINEST_BEND_M and length / len(points) > FINEST_STRETCH_M:
        points = _displace(points, size, rng)
        size *= 0.46
    return LineString([(ax - dx * tail, ay - dy * tail), *points, (bx + dx * tail, by + dy * tail)])


def _displace(
    points: list[tuple[float, float]], size: float, rng: random.Random
) -> list[tuple[float, float]]:
    """Put a point into the middle of every stretch, moved sideways by about `size` metres."""
    out = [points[0]]
    for (ax, ay), (bx, by) in itertools.pairwise(points):
        stretch = math.hypot(bx - ax, by - ay) or 1
        move = max(-1.6, min(1.6, rng.gauss(0, 0.8))) * size / stretch
        out += [((ax + bx) / 2 - (by - ay) * move, (ay + by) / 2 + (bx - ax) * move), (bx, by)]
    return out


def _two_sides(shape: Polygon, road: LineString, angle: float) -> tuple[Polygon, Polygon]:
    """Return the two parts of the shape behind and before the road, each in one piece."""
    reach = 3 * math.dist(shape.bounds[:2], shape.bounds[2:])
    far = translate(road, -math.cos(angle) * reach, -math.sin(angle) * reach)
    behind = Polygon([*road.coords, *reversed(far.coords)]).buffer(0)
    first, rest = _largest(shape.intersection(behind))
    second, more = _largest(shape.difference(behind))
    if rest:
        second = _joined(second, rest)
    if more:
        first = _joined(first, more)
    return first, second


def _largest(shape: BaseGeometry) -> tuple[Polygon, list[Polygon]]:
    """Return the largest polygon of a geometry, and the other ones."""
    parts = [
        part for part in shapely.get_parts(shape).tolist() if isinstance(part, Polygon) and part.area > 0
    ]
    if not parts:
        return Polygon(), []
    parts.sort(key=lambda part: part.area, reverse=True)
    return parts[0], parts[1:]


def _joined(shape: Polygon, pieces: list[Polygon]) -> Polygon:
    """Return the shape with the pieces that touch it."""
    return _largest(shapely.union_all([shape, *pieces]))[0]


def _compactness(shape: Polygon) -> float:
    """1 for a circle, 0.79 for a square, near 0 for a sliver (Polsby and Popper)."""
    return 4 * math.pi * shape.area / shape.length**2 if shape.length else 0.0


def share_edges(cells: Sequence[Polygon]) -> list[Polygon]:
    """Snap cells given in degrees to one grid of 0.000001°, so that neighbours share their vertices.

    The cells' outlines are noded together on the grid and made into faces again; each face goes back
    to the cell it lies in. Raises ValueError when a cell did not come back as exactly one face.
    """
    lines = shapely.union_all([cell.exterior for cell in cells], grid_size=GRID_DEGREES)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines).tolist())).tolist()
    tree = shapely.STRtree(cells)
    found: dict[int, Polygon] = {}
    for face in faces:
        overlaps = [(cells[i].intersection(face).area, int(i)) for i in tree.query(face)]
        owner = max(overlaps)[1] if overlaps else -1
        if owner in found:
            found[owner] = _joined(found[owner], [face])
        elif owner >= 0:
            found[owner] = face
    if len(found) != len(cells):
        raise ValueError(f"{len(cells)} cells went in, {len(found)} came back; choose another seed.")
    return [rounded(found[i]) for i in range(len(cells))]


def one_polygon(shape: BaseGeometry) -> Polygon:
    """Return the geometry as the polygon it must be; raises TypeError when it is in several pieces."""
    if isinstance(shape, Polygon):
        return shape
    raise TypeError(f"An area fell into a {shape.geom_type}; choose another seed.")


def longest_line(shape: BaseGeometry) -> LineString:
    """Return the longest line of a cut road."""
    lines = [part for part in shapely.get_parts(shape).tolist() if isinstance(part, LineString)]
    return max(lines, key=lambda line: line.length)


def rounded(shape: BaseGeometry) -> Polygon:
    """Return the same polygon with coordinates of six decimals, starting at its south-western vertex."""
    ring = [(round(x, 6), round(y, 6)) for x, y in one_polygon(shape.normalize()).exterior.coords]
    start = min(range(len(ring) - 1), key=lambda i: ring[i])
    turned = ring[start:-1] + ring[:start]
    area = sum(ax * by - bx * ay for (ax, ay), (bx, by) in zip(turned, [*turned[1:], turned[0]], strict=True))
    if area < 0:
        turned.reverse()
        turned = [turned[-1], *turned[:-1]]
    return Polygon([*turned, turned[0]])
