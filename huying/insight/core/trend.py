"""How a count moves from month to month, and whether a fall is a success or only fatigue.

A count that falls may mean that the matter is mended, or that people have given up telling of it. So a fall
is never told alone: beside it stands how often cases came back and how many were satisfied, three months
against the three before. Shares are compared by Newcombe's interval for a difference (Statistics in Medicine
17, 1998, method 10); where it holds 0, nothing is said of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

SPAN: Final = 3
"""Months that must have fallen one after another, and that are compared with as many before."""
YEAR: Final = 12
LEAST: Final = 5
"""A change is told in per cent only from so many: from 1 to 2 is no doubling worth a word."""
Z: Final = 1.959964


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    hits: int
    whole: int

    def __add__(self, other: Share) -> Share:
        """Return both together."""
        return Share(self.hits + other.hits, self.whole + other.whole)


NOTHING: Final = Share(0, 0)


@dataclass(frozen=True, slots=True)
class Month:
    """One whole month ("2026-09") of a matter, place or item: appeals, and what became of its cases."""

    month: str
    count: int
    returned: Share = NOTHING
    satisfied: Share = NOTHING


@dataclass(frozen=True, slots=True)
class Change:
    """A month beside the one before and the same of last year, in per cent; None where that says nothing."""

    month: str
    count: int
    on_month: float | None
    on_year: float | None


class Fall(StrEnum):
    """What a fall is worth."""

    NONE = "none"  # it did not fall so many months in a row
    MENDED = "mended"  # it fell, and neither more came back nor were fewer satisfied
    TIRED = "tired"  # it fell, but more came back or fewer were satisfied
    UNKNOWN = "unknown"  # it fell, and too few answered to say why


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it fell, and what stands beside it: the shares of the last months and of those before."""

    fall: Fall
    months: int
    returned: tuple[Share, Share]
    satisfied: tuple[Share, Share]


def changes(months: Sequence[Month]) -> list[Change]:
    """Return each month with its changes; months are whole, in order and without gaps, oldest first."""
    return [
        Change(
            one.month, one.count,
            _change(months[place - 1].count if place else None, one.count),
            _change(months[place - YEAR].count if place >= YEAR else None, one.count),
        )
        for place, one in enumerate(months)
    ]  # fmt: skip


def _change(before: int | None, now: int) -> float | None:
    return None if before is None or before < LEAST else 100 * (now - before) / before


def fell_in_a_row(counts: Sequence[int]) -> int:
    """Return for how many months up to the last the count has fallen, each strictly below the one before."""
    fell = 0
    for place in range(len(counts) - 1, 0, -1):
        if counts[place] >= counts[place - 1]:
            break
        fell += 1
    return fell


def judge(months: Sequence[Month]) -> Verdict:
    """Return what is to be said of the last months: a fall of `SPAN` months paired with the two shares.

    More coming back or fewer satisfied makes it fatigue; only a share that stands on answers makes it a
    success. Without enough answers it is said that nobody knows.
    """
    fell = fell_in_a_row([one.count for one in months])
    now, before = months[-SPAN:], months[-2 * SPAN : -SPAN]
    returned = (_sum([one.returned for one in before]), _sum([one.returned for one in now]))
    satisfied = (_sum([one.satisfied for one in before]), _sum([one.satisfied for one in now]))
    if fell < SPAN or not now or months[-SPAN - 1].count < LEAST:
        return Verdict(Fall.NONE, fell, returned, satisfied)
    worse = differs(*returned) > 0 or differs(*satisfied) < 0
    known = min(share.whole for share in satisfied) >= LEAST and min(s.whole for s in returned) >= LEAST
    fall = Fall.TIRED if worse else Fall.MENDED if known else Fall.UNKNOWN
    return Verdict(fall, fell, returned, satisfied)


def _sum(shares: Sequence[Share]) -> Share:
    return sum(shares, NOTHING)


def differs(before: Share, after: Share) -> int:
    """Return 1 when the second share is surely greater, -1 when surely smaller, 0 when that is not sure."""
    if not before.whole or not after.whole:
        return 0
    one, other = before.hits / before.whole, after.hits / after.whole
    low_one, high_one = _wilson(before)
    low_other, high_other = _wilson(after)
    step = other - one
    if step - sqrt((other - low_other) ** 2 + (high_one - one) ** 2) > 0:
        return 1
    return -1 if step + sqrt((high_other - other) ** 2 + (one - low_one) ** 2) < 0 else 0


def _wilson(share: Share) -> tuple[float, float]:
    p, n = share.hits / share.whole, share.whole
    middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return middle - half, middle + half
