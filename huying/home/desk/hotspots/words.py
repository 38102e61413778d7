"""How hot spots look: tones and icons of stages, small drawings of weeks, rows of lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from huying.cases.words import area_name, item_name
from huying.insight.stages import Stage, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from huying.insight.core.forecast import Expected
    from huying.insight.models import HotSpot

TONES: dict[str, tuple[str, str]] = {
    Stage.EARLY: ("info", "info"), Stage.RISING: ("warn", "chart"), Stage.HOT: ("bad", "alert"),
    Stage.COOLING: ("mute", "clock"), Stage.RESOLVED: ("ok", "check"), Stage.RETURNED: ("bad", "history"),
    Stage.QUIET: ("mute", "clock"),
}  # fmt: skip
STATES: dict[str, tuple[str, str]] = {
    State.OPEN: ("mute", "info"), State.CONFIRMED: ("ok", "check"), State.DISMISSED: ("mute", "ban"),
    State.MERGED: ("mute", "route"),
}  # fmt: skip
# The small drawing of weeks, in its own units.
WIDE, HIGH = 104, 26
# The larger one, with the expected range.
CHART_WIDE, CHART_HIGH, LEFT, FOOT = 720, 200, 34, 24


def row_of(spot: HotSpot, weeks: Sequence[int]) -> dict[str, Any]:
    """Return what a list shows of a matter."""
    tone, icon = TONES[spot.stage]
    return {
        "spot": spot, "url": reverse("desk:hot_spot", args=[spot.pk]), "tone": tone, "icon": icon,
        "stage": spot.get_stage_display(), "item": item_name(spot.item_code) if spot.item_code else "",
        "area": area_name(spot.area_path), "spark": spark_of(weeks), "heat": f"{spot.heat:.1f}",
        "growth": f"{spot.growth:.1f}", "confirmed": spot.state == State.CONFIRMED,
        "lat": f"{spot.lat:.6f}" if spot.lat is not None else "",
        "lon": f"{spot.lon:.6f}" if spot.lon is not None else "",
    }  # fmt: skip


def spark_of(weeks: Sequence[int]) -> dict[str, Any]:
    """Return bars of the last weeks, and the same in words for who does not see them."""
    most, step = max([*weeks, 1]), WIDE / len(weeks)
    bars = []
    for place, number in enumerate(weeks):
        high = round((HIGH - 2) * number / most, 1) if number else 0.8
        bars.append(
            {
                "x": f"{place * step:.1f}",
                "y": f"{HIGH - high:.1f}",
                "w": f"{step - 1.5:.1f}",
                "h": f"{high:.1f}",
            }
        )
    said = _("appeals a week, the latest last: {numbers}").format(numbers=", ".join(map(str, weeks)))
    return {"bars": bars, "said": said, "wide": WIDE, "high": HIGH}


def chart_of(
    labels: Sequence[str], seen: Sequence[int], expected: Sequence[Expected] | None = None
) -> dict[str, Any]:
    """Return a line of counts over labels, with the expected range as a band behind it where there is one."""
    tops = [*seen, *(one.high for one in expected or ()), 1]
    most = max(tops)
    inner_wide, inner_high = CHART_WIDE - LEFT - 8, CHART_HIGH - FOOT - 10

    def x(place: int) -> float:
        return LEFT + inner_wide * (place + 0.5) / max(len(seen), 1)

    def y(value: float) -> float:
        return 10 + inner_high * (1 - value / most)

    points = [(x(place), y(value)) for place, value in enumerate(seen)]
    band = ""
    if expected:
        upper = [f"{x(place):.1f},{y(one.high):.1f}" for place, one in enumerate(expected)]
        lower = [f"{x(place):.1f},{y(one.low):.1f}" for place, one in enumerate(expected)]
        band = " ".join([*upper, *reversed(lower)])
    every = max(1, round(len(labels) / 7))
    return {
        "wide": CHART_WIDE, "high": CHART_HIGH, "band": band,
        "line": " ".join(f"{one:.1f},{two:.1f}" for one, two in points),
        "dots": [
            {"x": f"{points[place][0]:.1f}", "y": f"{points[place][1]:.1f}",
             "above": bool(expected) and (expected or [])[place].verdict(value) == "above"}
            for place, value in enumerate(seen)
        ],
        "labels": [
            {"x": f"{x(place):.1f}", "text": text, "anchor": "end" if place == len(labels) - 1 else "middle"}
            for place, text in enumerate(labels)
            if (len(labels) - 1 - place) % every == 0
        ],
        "ticks": [{"y": f"{y(value):.1f}", "text": value} for value in _ticks(most)],
        "foot": CHART_HIGH - 6, "left": LEFT, "right": CHART_WIDE - 8,
    }  # fmt: skip


def _ticks(most: int) -> list[int]:
    return sorted({0, most // 2, most})
