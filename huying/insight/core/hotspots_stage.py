"""Where a matter stands: an early sign, rising, hot, cooling, resolved, returned; and how fast it grows."""

from __future__ import annotations

from bisect import bisect_left
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from .hotspots_told import Stage

MONTH: Final = timedelta(weeks=4)
SILENCE: Final = timedelta(days=90)
"""Nothing heard for so long: the matter counts as resolved, until somebody speaks of it again."""
_FEW: Final = 5
_RISING: Final = 1.3
_COOLING: Final = 0.5


def growth_of(voices: Sequence[datetime], until: datetime) -> float:
    """Return how the voices of the four weeks before `until` compare with the four before (1.0: doubled).

    Half a voice is added to either side, so that from nothing to something is no infinity.
    """
    late = sum(until - MONTH < at <= until for at in voices)
    before = sum(until - 2 * MONTH < at <= until - MONTH for at in voices)
    return round((late + 0.5) / (before + 0.5) - 1, 2)


def stage_of(voices: Sequence[datetime], tellings: Sequence[datetime], now: datetime) -> Stage:
    """Return where a matter stands at `now`, by its voices (each person once) and tellings, both in time."""
    if now - tellings[-1] > SILENCE:
        return "resolved"
    gaps = [(later - earlier, later) for earlier, later in pairwise(tellings)]
    back = max((later for gap, later in gaps if gap > SILENCE), default=None)
    if back is not None and now - back <= SILENCE:
        return "returned"
    if len(voices) < _FEW:
        return "early"
    late = sum(at > now - MONTH for at in tellings)
    before = sum(now - 2 * MONTH < at <= now - MONTH for at in tellings)
    peak = max(bisect_left(tellings, start + MONTH) - bisect_left(tellings, start) for start in tellings)
    if late >= 2 and late > _RISING * before:  # noqa: PLR2004 - one voice is no rise
        return "rising"
    return "cooling" if late < _COOLING * peak else "hot"
