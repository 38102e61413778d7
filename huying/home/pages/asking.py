"""What the form asks of the server while it is filled in: dangers, places, the map, and its own photos."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from huying.home.left_open import left_open
from huying.home.pages.drafting import as_key
from huying.intake.actions import LONGEST_TEXT
from huying.intake.photos import show_file, waiting_photos
from huying.kit.text import clean
from huying.ledger.snapshots import Snapshot
from huying.places.models import Area
from huying.places.queries import PLACES, Told, locate_all, town_map
from huying.triage.queries import judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.http import HttpRequest

    from huying.places.core.entries import Entry

MOST_PLACES = 6
LONGEST_WORDS = 100
# Of a text just begun everything is open still.
FEWEST_LETTERS = 6
# The map shows the finest level that has no more areas than this: more would be a net nobody can read.
MOST_SHAPES = 40
SHAPE_COLOURS = ("#d7ece8", "#e4eef6", "#f3ecdc", "#e9e6f2", "#e3efd9")
_NUMBER = re.compile(r"\d{3,8}")


@dataclass(frozen=True)
class Alarm:
    """What is said to somebody who writes of danger: the numbers to dial, whom they reach, and what to do."""

    numbers: tuple[str, ...]
    whom: tuple[str, ...]
    advice: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.numbers or self.whom or self.advice)


def alarm_of(dangers: Iterable[Mapping[str, Any]]) -> Alarm:
    """Return one alarm for all dangers found in a text, each thing said once; false when there are none."""
    found = list(dangers)
    calls = tuple(dict.fromkeys(str(danger["call"]) for danger in found if danger.get("call")))
    return Alarm(
        numbers=tuple(dict.fromkeys(number for call in calls for number in _NUMBER.findall(call))),
        whom=tuple(call for call in calls if not call.isdecimal()),
        advice=tuple(dict.fromkeys(str(danger["advice"]) for danger in found if danger.get("advice"))),
    )


@require_POST
def dangers(request: HttpRequest) -> HttpResponse:
    """Say at once, while somebody still writes, whom to call when life is in danger."""
    rules = judge().rules
    found = rules.check(clean(request.POST.get("text", ""))) if rules else []
    alarm = alarm_of({"call": one.emergency_number, "advice": one.advice} for one in found)
    return render(request, "home/parts/alarm.html", {"alarm": alarm})


@require_POST
def hints(request: HttpRequest) -> HttpResponse:
    """Say while somebody still writes what the text leaves open; nothing is kept, and nothing waits for it.

    Photos are not spoken of: those chosen on the device have not been sent yet.
    """
    text = clean(request.POST.get("text", ""))[:LONGEST_TEXT]
    words = clean(request.POST.get("place_words", ""))[:LONGEST_WORDS]
    marked = bool(request.POST.get("lat", "") and request.POST.get("lon", ""))
    known = bool(words) or marked
    open_yet = []
    if len(text) >= FEWEST_LETTERS:
        known = known or "place_unknown" not in locate_all([Told(None, None, "", text)])[0].reasons
        open_yet = left_open(text, knows_place=known, knows_time=False, has_photo=True)
    return render(request, "home/parts/left_open.html", {"left_open": open_yet})


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """Offer places for the words typed so far."""
    words = clean(request.GET.get("place_words", ""))[:LONGEST_WORDS]
    found = town_map().gazetteer.search(words, MOST_PLACES) if words else []
    return render(
        request, "home/parts/places.html", {"places": [_place(entry) for entry in found], "words": words}
    )


def _place(entry: Entry) -> dict[str, Any]:
    """Return a place as it is offered; only a named one brings its point: an area's middle is no spot."""
    town = town_map()
    is_area = entry.kind == "area"
    within = town.place_area.get(entry.id, "")
    label = town.label(entry.id) if is_area else town.label(within) if within else ""
    point = None if is_area or entry.lat is None else (str(entry.lat), str(entry.lon))
    return {"name": entry.name, "within": label if label != entry.name else "", "point": point}


@require_safe
def waiting_photo(_request: HttpRequest, key: str, photo: str) -> HttpResponse:
    """Show a photo that waits for its appeal, to whoever holds the form's key."""
    if as_key(key) is None or as_key(photo) is None:
        raise Http404(key)
    found = get_object_or_404(waiting_photos(str(as_key(key))), pk=photo)
    return show_file(found.thumb_as)


def _build_shapes() -> bytes:
    """Return the outlines of the town as GeoJSON, of one level."""
    areas = Area.objects.valid_on(timezone.localdate()).exclude(boundary=None)
    levels: dict[int, list[Area]] = {}
    for area in areas.select_related("level").order_by("code"):
        levels.setdefault(area.level.rank, []).append(area)
    few = [rank for rank, held in levels.items() if len(held) <= MOST_SHAPES]
    chosen = levels[max(few)] if few else levels[min(levels)] if levels else []
    features = [
        {
            "type": "Feature",
            "properties": {"name": area.name, "color": SHAPE_COLOURS[number % len(SHAPE_COLOURS)]},
            "geometry": area.boundary,
        }
        for number, area in enumerate(chosen)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


_SHAPES = Snapshot(_build_shapes, PLACES)


@require_safe
def boundaries(_request: HttpRequest) -> HttpResponse:
    """Give the map the outlines of the town."""
    answer = HttpResponse(_SHAPES.get(), content_type="application/geo+json")
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer
