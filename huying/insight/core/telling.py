"""How a number may be told: as a share, only as a range, or not at all where single people could be meant."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Below the first nothing is told, for single people could be meant; below the second only a range.
FEWEST, FEWEST_FOR_A_SHARE = 5, 30
# 95 % of the normal distribution lies within this many standard deviations.
_Z = 1.96


class Told(StrEnum):
    """How much of a number is told."""

    NOTHING = "nothing"  # nothing was counted
    HIDDEN = "hidden"  # too few, or hidden so that too few cannot be worked out
    RANGE = "range"
    PLAIN = "plain"


class Tier(StrEnum):
    """How a unit stands to the whole where a town compares units: in tiers, never in ranks."""

    ABOVE = "above"
    LIKE = "like"
    BELOW = "below"


@dataclass(frozen=True)
class Counted:
    """What was counted for one indicator and row: `hits` of `whole`, and what was left out, by reason.

    `seconds` is the median where the indicator is a length of time.
    """

    hits: int
    whole: int
    left: Mapping[str, int] = field(default_factory=dict)
    seconds: float | None = None

    @property
    def all(self) -> int:
        """Return everything looked at: what counts and what was left out."""
        return self.whole + sum(self.left.values())


@dataclass(frozen=True)
class Number:
    """A number as it may be told. `low` and `high` are shares; `share` is None unless it is told plainly."""

    told: Told
    counted: Counted
    share: float | None = None
    low: float | None = None
    high: float | None = None


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Return the 95 % range of a share (E. B. Wilson, J. Am. Stat. Assoc. 22, 1927, 209)."""
    share, z2 = part / whole, _Z**2
    middle = (share + z2 / (2 * whole)) / (1 + z2 / whole)
    reach = _Z / (1 + z2 / whole) * math.sqrt(share * (1 - share) / whole + z2 / (4 * whole**2))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def tell(counted: Counted) -> Number:
    """Return a number as it may be told by itself."""
    if counted.whole == 0:
        return Number(Told.NOTHING, counted)
    if counted.whole < FEWEST:
        return Number(Told.HIDDEN, counted)
    low, high = wilson(counted.hits, counted.whole)
    if counted.whole < FEWEST_FOR_A_SHARE:
        return Number(Told.RANGE, counted, low=low, high=high)
    return Number(Told.PLAIN, counted, share=counted.hits / counted.whole, low=low, high=high)


def tell_table(rows: Sequence[Counted], total: Counted) -> tuple[list[Number], Number]:
    """Return the numbers of a table and of its total, none of which gives away one that is hidden.

    Where exactly one row is hidden it could be worked out from the total and the others; so the smallest of
    those that would be told is hidden as well. Where the total itself is hidden, so is every row.
    """
    told = [tell(counted) for counted in rows]
    whole = tell(total)
    hidden = [place for place, number in enumerate(told) if number.told == Told.HIDDEN]
    if len(hidden) == 1 and whole.told != Told.HIDDEN:
        others = [place for place, number in enumerate(told) if number.told in {Told.RANGE, Told.PLAIN}]
        if others:
            second = min(others, key=lambda place: (rows[place].whole, place))
            told[second] = Number(Told.HIDDEN, rows[second])
    if whole.told == Told.HIDDEN:
        told = [
            number if number.told == Told.NOTHING else Number(Told.HIDDEN, number.counted) for number in told
        ]
    return told, whole


def tier_of(number: Number, whole: Number) -> Tier | None:
    """Return whether a row lies surely above or below the whole, or is like it; None when it is not told."""
    if number.low is None or number.high is None or whole.share is None:
        return None
    if number.low > whole.share:
        return Tier.ABOVE
    return Tier.BELOW if number.high < whole.share else Tier.LIKE
