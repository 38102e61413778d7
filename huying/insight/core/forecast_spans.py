"""What a day and a month are expected to bring, with the range; honestly nothing where too little is known.

The Gamma-Poisson model of `forecast`, told for spans that are not alike: each has an exposure (how much of
an average span it is, by its weekday or its length), and the rate is of one unit of that (West and Harrison
1997, ch. 14). A day needs eight weeks and one appeal a day, a month a year and five a month: with less, the
range would be from nothing to anything, and a warning outside it would be chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .forecast import (
    DAYS,
    LEAST_SHAPE,
    MOST_SHAPE,
    PRIOR_RATE,
    PRIOR_SHAPE,
    ROUNDS,
    SEASON_PRIOR,
    Expected,
    negative_binomial_range,
    weekday_shares,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

DAYS_KEPT: Final = 56
LEAST_DAYS, LEAST_OF_DAYS = 56, 56
DAY_DISCOUNT: Final = 0.97 ** (1 / 7)
"""A day counts so much of the day after it: as much less in a week as `forecast.DISCOUNT` says."""
MONTHS_KEPT: Final = 12
LEAST_MONTHS, LEAST_OF_MONTHS = 12, 60
MONTH_DISCOUNT: Final = 0.9
YEAR_MONTHS: Final = 12
_EDGE: Final = 2.0  # standard deviations from which on a span is brought down to the edge


@dataclass(frozen=True, slots=True)
class TooShort:
    """Why nothing is forecast: so many spans and appeals there are, and so many it takes."""

    spans: int
    count: int
    least_spans: int
    least_count: int


def expect_day(history: Sequence[int], weekday: int) -> Expected | TooShort:
    """Return what a day (Monday 0) is expected to bring after daily counts, oldest first, until the eve.

    The weekday moves the mean: by the share of a week that such days brought in the last eight weeks.
    """
    recent = history[-DAYS_KEPT:]
    short = _too_short(recent, LEAST_DAYS, LEAST_OF_DAYS)
    if short is not None:
        return short
    weekdays = [(weekday - back) % DAYS for back in range(len(recent), 0, -1)]
    totals = [0] * DAYS
    for day, count in zip(weekdays, recent, strict=True):
        totals[day] += count
    shares = weekday_shares(totals)
    exposures = [DAYS * shares[day] for day in weekdays]
    return _expect(recent, exposures, DAYS * shares[weekday], DAY_DISCOUNT)


def expect_month(history: Sequence[int], lengths: Sequence[int]) -> Expected | TooShort:
    """Return what a month is expected to bring after monthly counts, oldest first, up to the month before.

    `lengths` are the days of those months and, last, of the month itself. With two years of months the season
    moves the mean: the same month of last year against the twelve around it, held back where they are few.
    """
    recent = history[-MONTHS_KEPT:]
    short = _too_short(recent, LEAST_MONTHS, LEAST_OF_MONTHS)
    if short is not None:
        return short
    season = _season(history)
    return _expect(
        recent, [float(days) for days in lengths[-len(recent) - 1 : -1]], season * lengths[-1],
        MONTH_DISCOUNT, season,
    )  # fmt: skip


def _season(history: Sequence[int]) -> float:
    if len(history) < 2 * YEAR_MONTHS:
        return 1.0
    same = history[-YEAR_MONTHS]
    around = history[-YEAR_MONTHS - YEAR_MONTHS // 2 : -YEAR_MONTHS // 2]
    return (same + SEASON_PRIOR) / (sum(around) / len(around) + SEASON_PRIOR)


def _too_short(recent: Sequence[int], spans: int, count: int) -> TooShort | None:
    if len(recent) >= spans and sum(recent) >= count:
        return None
    return TooShort(len(recent), sum(recent), spans, count)


def _expect(
    counts: Sequence[int], exposures: Sequence[float], target: float, discount: float, season: float = 1.0
) -> Expected:
    weights = [discount**age for age in range(len(counts) - 1, -1, -1)]
    capped = [float(count) for count in counts]
    rate, shape = _fitted(capped, exposures, weights)
    for _round in range(ROUNDS):
        limited = [
            min(float(count), max(_edge(rate * exposure, shape), 1.0))
            for count, exposure in zip(counts, exposures, strict=True)
        ]
        if limited == capped:
            break
        capped = limited
        rate, shape = _fitted(capped, exposures, weights)
    low, high = negative_binomial_range(rate * target, shape)
    return Expected(mean=rate * target, low=low, high=high, weeks=len(counts), season=season)


def _edge(mean: float, shape: float) -> float:
    return mean + _EDGE * float((mean + mean * mean / shape) ** 0.5)


def _fitted(
    counts: Sequence[float], exposures: Sequence[float], weights: Sequence[float]
) -> tuple[float, float]:
    """Return the rate of one unit of exposure and the shape of what a span brings (see `forecast`)."""
    rows = list(zip(counts, exposures, weights, strict=True))
    gamma_shape = PRIOR_SHAPE + sum(count * weight for count, _exposure, weight in rows)
    gamma_rate = PRIOR_RATE + sum(exposure * weight for _count, exposure, weight in rows)
    rate = gamma_shape / gamma_rate
    means = [rate * exposure for exposure in exposures]
    beyond = sum(
        weight * ((count - mean) ** 2 - mean) for (count, _e, weight), mean in zip(rows, means, strict=True)
    )
    squares = sum(weight * mean * mean for (_c, _e, weight), mean in zip(rows, means, strict=True))
    shape = 1 / (1 / gamma_shape + max(beyond / max(squares, 1e-9), 0.0))
    return rate, min(max(shape, LEAST_SHAPE), MOST_SHAPE)
