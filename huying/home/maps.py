"""Outlines of areas for maps: simplified together, held in memory, sent once to each browser."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import parse_etags, quote_etag
from django.views.decorators.http import require_safe

from huying.ledger.snapshots import Snapshot
from huying.places.core.geometry import as_area, simplify_together, to_geojson
from huying.places.models import Area
from huying.places.queries import PLACES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

# More outlines than this on one map are a net nobody can read.
MOST_SHAPES = 60
# Around one case: its near surroundings, on a small map.
FEW_SHAPES = 16
# Finer than a wall on the map; coarser levels may lose more.
TOLERANCE_METRES = 4.0
COLOURS = ("#d7ece8", "#e4eef6", "#f3ecdc", "#e9e6f2", "#e3efd9")
FRESH_SECONDS = 3600


@dataclass(frozen=True)
class Outline:
    """An area as maps draw it."""

    level: str
    rank: int
    path: str
    name: str
    geometry: dict[str, object]


@dataclass
class Outlines:
    """Every outline of today, and the answers given so far."""

    all: list[Outline]
    answers: dict[tuple[str, str, int], tuple[bytes, str]] = field(default_factory=dict)

    def answer(self, level: str, within: str, most: int) -> tuple[bytes, str]:
        """Return GeoJSON and its tag for a level ("" for the finest with at most `most`) below an area."""
        asked = (level, within, most)
        if asked not in self.answers:
            body = _geojson(_chosen([one for one in self.all if _lies_in(one, within)], level, most))
            self.answers[asked] = (body, quote_etag(hashlib.sha256(body).hexdigest()[:32]))
        return self.answers[asked]


def _lies_in(one: Outline, code: str) -> bool:
    return not code or code in one.path.split("/")


def _chosen(found: Sequence[Outline], level: str, most: int) -> list[Outline]:
    if level:
        return [one for one in found if one.level == level]
    ranks: dict[int, list[Outline]] = defaultdict(list)
    for one in found:
        ranks[one.rank].append(one)
    few = [rank for rank, held in ranks.items() if len(held) <= most]
    return ranks[max(few)] if few else ranks[min(ranks)] if ranks else []


def _geojson(chosen: Sequence[Outline]) -> bytes:
    features = [
        {
            "type": "Feature",
            "properties": {"name": one.name, "color": COLOURS[number % len(COLOURS)]},
            "geometry": one.geometry,
        }
        for number, one in enumerate(chosen)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def _build() -> Outlines:
    levels: dict[str, list[Area]] = defaultdict(list)
    areas = Area.objects.valid_on(timezone.localdate()).exclude(boundary=None).select_related("level")
    for area in areas.order_by("code"):
        levels[area.level_id].append(area)
    outlines = []
    for held in levels.values():
        shapes = [as_area(area.boundary or {}) for area in held]
        for area, simple in zip(held, simplify_together(shapes, TOLERANCE_METRES), strict=True):
            geometry = to_geojson(simple)
            outlines.append(Outline(area.level_id, area.level.rank, area.path, area.name, geometry))
    return Outlines(outlines)


_OUTLINES = Snapshot(_build, PLACES)


@require_safe
def boundaries(request: HttpRequest) -> HttpResponse:
    """Give a map the outlines of one level (else the finest readable one), perhaps below an area (`within`).

    Boundaries are public. A browser that has them already is told so and gets nothing (304).
    """
    outlines = _OUTLINES.get()
    level, within = request.GET.get("level", ""), request.GET.get("within", "")
    most = MOST_SHAPES if request.GET.get("most") != str(FEW_SHAPES) else FEW_SHAPES
    known = any(level in ("", one.level) and _lies_in(one, within) for one in outlines.all)
    # What does not exist is not remembered either: anybody may ask for anything.
    body, tag = outlines.answer(level, within, most) if known else (_geojson([]), quote_etag("none"))
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        answer = HttpResponse(status=304)
    else:
        answer = HttpResponse(body, content_type="application/geo+json")
    answer.headers["ETag"] = tag
    answer.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    return answer
