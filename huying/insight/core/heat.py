"""How hot a matter is, and when it passes from one stage to the next: plain arithmetic with its sources.

Surprise, not volume: appellants of late, older ones counting less, against those to be expected there anyway.
The measure is the signed deviance residual of the negative binomial (McCullagh and Nelder, Generalized Linear
Models, 1989, ch. 2.3 and 11.2; used on outbreak counts by Noufaily, Farrington et al., Statistics in Medicine
32, 2013): about as many standard deviations above what is usual, robust where counts are small and restless.

Half its square is a log likelihood ratio, and that is told on the scale of 0 to 100 that the offline pass
tells Kulldorff's on (`hotspots_heat`): 50 for thirty, and never quite 100.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, log2, sqrt
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

HALF_LIFE_DAYS: Final = 14.0
"""An appellant of two weeks ago counts half as much as one of today."""
WINDOW_DAYS: Final = HALF_LIFE_DAYS / log(2)
"""So many days a steady stream is worth under that fading: what is expected a day counts this often."""
LEAST_EXPECTED: Final = 0.5
"""Nothing counts as less expected than this: three of one week are the fewest that can surprise."""
SHAPE: Final = 4.0
"""Shape of the negative binomial: counts of a place vary more than chance alone would have it."""
HALF_HEAT: Final = 30.0
"""The log likelihood ratio at which heat is 50."""
START_DEVIATIONS: Final = 2.0
RISING, HOT = 1.6, 2.5
"""Times the deviations of the town's threshold, from which a matter rises or is hot."""
PEOPLE: Final = {"early": 3, "rising": 5, "hot": 8}
"""So many appellants of late a stage takes, whatever the surprise: one or two are no hot spot."""
KEEPS: Final = 0.7
"""A stage once reached is kept until less than this share of the deviations it took is left (hysteresis)."""
RESOLVED_DAYS: Final = 28
RANK: Final = {"quiet": 0, "cooling": 0, "resolved": 0, "returned": 1, "early": 1, "rising": 2, "hot": 3}


@dataclass(frozen=True, slots=True)
class Appellant:
    """What one person wrote on one matter: how often, when last, and in which of the last fortnights."""

    own: int
    last_at: datetime
    lately: bool
    before: bool


@dataclass(frozen=True, slots=True)
class Heat:
    """How hot a matter is, 0 to 100. `weight`: appellants, faded; `recent`: those of the last 28 days."""

    heat: float
    growth: float
    weight: float
    expected: float
    recent: int


def heat_of(
    appellants: Iterable[Appellant], me_too: Iterable[datetime], *, daily: float, at: datetime
) -> Heat:
    """Return how hot a matter is.

    `appellants`: each once, however often they wrote. `me_too`: the moments of those who only joined; they
    count damped, half the binary logarithm. `daily`: appellants a day to be expected there for such matters.
    """
    weight, lately, before, recent = 0.0, 0, 0, 0
    for one in appellants:
        weight += _faded(one.last_at, at)
        lately += one.lately
        before += one.before
        recent += one.lately or one.before
    weight += 0.5 * log2(1 + sum(_faded(moment, at) for moment in me_too))
    expected = max(daily * WINDOW_DAYS, LEAST_EXPECTED)
    return Heat(
        heat=heat_at(surprise(weight, expected)),
        growth=(lately + 1) / (before + 1),
        weight=weight,
        expected=expected,
        recent=recent,
    )


def surprise(seen: float, expected: float, shape: float = SHAPE) -> float:
    """Return how far `seen` lies above `expected`, in about standard deviations; 0 at or below it.

    The signed root of the negative binomial deviance: 2 (y ln(y/m) - (y + k) ln((y + k)/(m + k))).
    """
    if seen <= expected:
        return 0.0
    deviance = seen * log(seen / expected) - (seen + shape) * log((seen + shape) / (expected + shape))
    return sqrt(max(2 * deviance, 0.0))


def scaled(ratio: float) -> float:
    """Return a log likelihood ratio as a heat of 0 to 100."""
    return 100 * ratio / (ratio + HALF_HEAT)


def heat_at(deviations: float) -> float:
    """Return the heat of so many standard deviations above what was expected; 2 are 6.25, 5 are 29.4."""
    return scaled(deviations**2 / 2)


def deviations_at(heat: float) -> float:
    """Return how many standard deviations a heat below 100 stands for."""
    return sqrt(2 * HALF_HEAT * heat / (100 - heat))


def times(threshold: float, factor: float) -> float:
    """Return the heat of `factor` times the deviations that a threshold (a heat) stands for."""
    return heat_at(factor * deviations_at(threshold))


START_THRESHOLD: Final = heat_at(START_DEVIATIONS)


def _faded(moment: datetime, at: datetime) -> float:
    days = max((at - moment).total_seconds() / 86_400, 0.0)
    return float(0.5 ** (days / HALF_LIFE_DAYS))


def reached(heat: Heat, threshold: float) -> str:
    """Return the highest stage a matter's heat is enough for, "quiet" for none."""
    if heat.heat >= times(threshold, HOT) and heat.recent >= PEOPLE["hot"]:
        return "hot"
    if heat.heat >= times(threshold, RISING) and heat.recent >= PEOPLE["rising"] and heat.growth >= 1:
        return "rising"
    return "early" if heat.heat >= threshold and heat.recent >= PEOPLE["early"] else "quiet"


_TAKES: Final = {"early": 1.0, "returned": 1.0, "rising": RISING, "hot": HOT}


def next_stage(now: str, heat: Heat, *, threshold: float, quiet_days: float) -> str:
    """Return the stage that follows `now`; the same stage where nothing changes.

    Up as soon as it is reached; down only when the heat is below `KEEPS` of what the stage took, and then
    through "cooling" to "resolved" after `RESOLVED_DAYS` without a new appellant. What was resolved and
    draws appeals again has "returned", and only from there gets hot.
    """
    to = reached(heat, threshold)
    if now in ("quiet", "cooling"):
        if to != "quiet":
            return to
        over = now == "cooling" and quiet_days >= RESOLVED_DAYS
        return "resolved" if over else now
    if now == "resolved":
        return "returned" if to != "quiet" else now
    if RANK[to] > RANK[now] and not (now == "returned" and to != "hot"):
        return to
    return "cooling" if heat.heat < times(threshold, KEEPS * _TAKES[now]) else now
