"""How many appeals a place is to be expected to send in a week, with the range chance alone would keep to.

A discounted Gamma-Poisson model (West and Harrison, Bayesian Forecasting and Dynamic Models, 2nd ed. 1997,
ch. 14): older weeks count less, what is left is a Gamma over the rate, and what follows from it for one week
is a negative binomial. Weeks far above the rest are first brought down to the edge of the range, so that an
outbreak does not teach the model that outbreaks are usual (Farrington et al., JRSS A 159, 1996). With more
than a year of weeks the season of last year moves the mean, held back where it stands on few appeals.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, lgamma, log
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

WEEKS: Final = 26
YEAR: Final = 52
DISCOUNT: Final = 0.97
"""A week counts so much of the week after it: half after 23 weeks."""
PRIOR_SHAPE, PRIOR_RATE = 0.5, 0.5
SEASON_PRIOR: Final = 12.0
SEASON_HALF: Final = 2
INSIDE: Final = 0.95
LEAST_SHAPE, MOST_SHAPE = 1.0, 1_000.0
ROUNDS: Final = 3
LEAST_TO_WARN: Final = 3
"""Fewer appeals in a week are no warning, whatever was expected."""
DAYS: Final = 7
SHARE_PRIOR: Final = 10.0


@dataclass(frozen=True, slots=True)
class Expected:
    """What one week is expected to bring: the mean, and the range 95 of 100 such weeks stay within.

    `weeks` is on how many weeks it stands, `season` by how much the season moved the mean.
    """

    mean: float
    low: int
    high: int
    weeks: int
    season: float = 1.0

    def verdict(self, seen: int) -> str:
        """Return "above", "below" or "inside"."""
        if seen > self.high and seen >= LEAST_TO_WARN:
            return "above"
        return "below" if seen < self.low else "inside"


def expect(history: Sequence[int], *, part: float = 1.0) -> Expected:
    """Return what the week after `history` (weekly counts, oldest first) is expected to bring.

    `part` is the share of a week that is over, by `weekday_shares`, for a week still running.
    """
    season = season_of(history)
    recent = [float(count) for count in history[-WEEKS:]]
    weights = [DISCOUNT**age for age in range(len(recent) - 1, -1, -1)]
    capped = _capped(recent, weights)
    mean, shape = _fitted(capped, weights)
    mean *= season * part
    low, high = negative_binomial_range(mean, shape)
    return Expected(mean=mean, low=low, high=high, weeks=len(recent), season=season)


def _capped(counts: list[float], weights: list[float]) -> list[float]:
    """Return the counts with outbreaks brought down to the edge of what the others make likely."""
    capped = list(counts)
    for _round in range(ROUNDS):
        mean, shape = _fitted(capped, weights)
        _low, high = negative_binomial_range(mean, shape)
        limited = [min(count, float(max(high, 1))) for count in counts]
        if limited == capped:
            break
        capped = limited
    return capped


def _fitted(counts: Sequence[float], weights: Sequence[float]) -> tuple[float, float]:
    """Return the mean of next week and the shape of its negative binomial.

    The shape joins what is not known of the rate and how restless the counts are beyond chance.
    """
    gamma_shape = PRIOR_SHAPE + sum(count * weight for count, weight in zip(counts, weights, strict=True))
    gamma_rate = PRIOR_RATE + sum(weights)
    mean = gamma_shape / gamma_rate
    whole = sum(weights)
    if not whole:
        return mean, LEAST_SHAPE
    spread = sum(weight * (count - mean) ** 2 for count, weight in zip(counts, weights, strict=True)) / whole
    restless = max(spread - mean, 0.0) / (mean * mean)
    shape = 1 / (1 / gamma_shape + restless)
    return mean, min(max(shape, LEAST_SHAPE), MOST_SHAPE)


def season_of(history: Sequence[int]) -> float:
    """Return how many times the usual the same weeks of last year brought; 1 without a year of weeks."""
    if len(history) < YEAR + SEASON_HALF:
        return 1.0
    centre = len(history) - YEAR
    same = history[max(centre - SEASON_HALF, 0) : centre + SEASON_HALF + 1]
    # What the model has just learnt from is of the half year before; the season is told against the same
    # half year a year ago, so that a town that grew does not look like a season.
    before = history[max(centre - WEEKS, 0) : centre] or same
    usual = sum(before) / len(before)
    return (sum(same) + SEASON_PRIOR) / (usual * len(same) + SEASON_PRIOR)


def negative_binomial_range(mean: float, shape: float, inside: float = INSIDE) -> tuple[int, int]:
    """Return the smallest and largest count of the middle `inside` of a negative binomial."""
    if mean <= 0:
        return 0, 0
    lower, upper = (1 - inside) / 2, 1 - (1 - inside) / 2
    chance, total, count, low = shape / (shape + mean), 0.0, 0, -1
    far = int(mean + 40 * (mean + mean * mean / shape) ** 0.5) + 10
    while count <= far:
        total += exp(
            lgamma(count + shape) - lgamma(shape) - lgamma(count + 1)
            + shape * log(chance) + count * log(1 - chance)
        )  # fmt: skip
        if low < 0 and total >= lower:
            low = count
        if total >= upper:
            return low, count
        count += 1
    return max(low, 0), far


def weekday_shares(by_weekday: Sequence[int]) -> list[float]:
    """Return which share of a week each weekday brings (Monday first), drawn a little towards one seventh."""
    whole = sum(by_weekday) + SHARE_PRIOR * DAYS
    return [(count + SHARE_PRIOR) / whole for count in by_weekday]
