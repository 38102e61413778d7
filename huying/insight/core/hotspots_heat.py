"""How much more speaks of a matter than its own baseline and its peers would let expect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import log, log2
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from .heat import scaled

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from .hotspots_lexicon import Matrix
    from .hotspots_told import Telling

Days: TypeAlias = npt.NDArray[np.float64]

_LIKE: Final = 0.35
"""Of the doubled likes: one voice with 7 likes counts as two, one with 2,000 as not quite five."""
_SMOOTH_DAYS: Final = 91  # the level of reporting, season and growth in it, is a mean over a quarter
_WINDOWS_DAYS: Final = (7, 14, 28, 56, 91, 182, 365)
_PEERS: Final = 2.0  # voices a place's matter draws anyway while the town is watched
_STRAY: Final = 0.25  # voices that may come any day, so that three of one day are no sensation
_BURST, _LEVEL = 0.6, 0.4
_CLEAR_PLACE, _CLEAR_WORDS = 0.45, 0.2  # hardly any matter of the labelled ones agrees less
_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Voice:
    """One appellant of a matter: when first heard of it, how often, and how loud with others' likes."""

    at: datetime
    appellant: str
    tellings: int
    weight: float
    likes: int


@dataclass(frozen=True, slots=True)
class Heat:
    """How hot a matter is (0 to 100), and the window that speaks most: voices in it, and those expected."""

    heat: float
    since: datetime
    until: datetime
    heard: float
    expected: float


def voices_of(members: Sequence[Telling]) -> list[Voice]:
    """Return who speaks of a matter, each once; those nobody can tell apart are one each.

    Likes count with the logarithm of their number, so that a campaign of a thousand clicks is heard and does
    not drown forty people who wrote.
    """
    by_name: dict[str, list[Telling]] = {}
    for place, member in enumerate(members):
        by_name.setdefault(member.appellant or f"\0{place}", []).append(member)
    found = []
    for told in by_name.values():
        likes = max(one.likes for one in told)
        first = min(told, key=lambda one: (one.moment, one.id))
        weight = 1.0 + _LIKE * log2(1 + max(0, likes))
        found.append(Voice(first.moment, first.appellant, len(told), weight, likes))
    return sorted(found, key=lambda voice: (voice.at, voice.appellant))


class Baseline:
    """How many voices the whole body would let expect on a day: its level, season, weekday and growth."""

    def __init__(self, tellings: Sequence[Telling]) -> None:
        """Learn from all tellings, in time; there must be one at least."""
        self.first, self.last = tellings[0].moment, tellings[-1].moment
        days = (self.last - self.first).days + 1
        seen = {(one.appellant or str(at), (one.moment - self.first).days) for at, one in enumerate(tellings)}
        counts = np.bincount([day for _, day in seen], minlength=days).astype(np.float64)
        weekday = self._weekdays(counts)
        level = _smoothed(counts / weekday)
        expected = level * weekday
        self._until = np.concatenate([[0.0], np.cumsum(expected)])

    def _weekdays(self, counts: Days) -> Days:
        of_day = (np.arange(len(counts)) + self.first.weekday()) % _WEEK
        totals = np.bincount(of_day, counts, minlength=_WEEK)
        days = np.bincount(of_day, minlength=_WEEK)
        mean = max(counts.mean(), 1e-9)
        factor = (totals + mean) / (np.maximum(days, 1) * mean + mean)
        found: Days = np.maximum(factor, 0.05)[of_day]
        return found

    def day(self, at: datetime) -> int:
        """Return the day of a moment, 0 the first."""
        return min(max((at - self.first).days, 0), len(self._until) - 2)

    def exposure(self, since: int, until: int) -> float:
        """Return the share of all expected voices that fall on the days from `since` until before `until`."""
        last = len(self._until) - 1
        return float(
            (self._until[min(until, last)] - self._until[max(since, 0)]) / max(self._until[-1], 1e-9)
        )

    def heat(self, voices: Sequence[Voice], clarity: float = 1.0) -> Heat:
        """Return how hot a matter is by its voices; one that is less clear (see `clarity_of`) is cooler.

        The surprise of a window is the log likelihood ratio of a Poisson count (Kulldorff 1997): the voices
        heard in it against those its own rate outside, drawn toward what peers have, lets expect in these
        days. The window that surprises most counts, and, less, all voices against what peers draw.
        """
        days = np.array([self.day(voice.at) for voice in voices])
        weights = np.array([voice.weight for voice in voices])
        until = np.concatenate([[0.0], np.cumsum(weights)])
        total = float(until[-1])
        best = (-1.0, 0, len(voices) - 1, total, _PEERS)
        for length in _WINDOWS_DAYS:
            for start, stop in _windows(days, length):
                heard = float(until[stop + 1] - until[start])
                share = self.exposure(int(days[start]), int(days[start]) + length)
                outside = (total - heard + _PEERS) / max(1.0 - share + 1.0, 1e-9)
                expected = outside * share + _STRAY
                surprise = _surprise(heard, expected)
                if surprise > best[0] + 1e-9:
                    best = (surprise, start, stop, heard, expected)
        burst, start, stop, heard, expected = best
        surprise = clarity * (_BURST * max(burst, 0.0) + _LEVEL * _surprise(total, _PEERS))
        heat = round(scaled(surprise), 1)
        return Heat(heat, voices[start].at, voices[stop].at, heard, expected)


def clarity_of(places: Matrix, words: Matrix) -> float:
    """Return how clearly some tellings are one matter, 0 to 1: by how their places and their words agree.

    What is only of one theme, or only of one quarter, agrees less than any true matter does.
    """
    return min(1.0, _mean_agreement(places) / _CLEAR_PLACE) * min(1.0, _mean_agreement(words) / _CLEAR_WORDS)


def _mean_agreement(rows: Matrix) -> float:
    """Return the mean of the products of all pairs of rows, of which there must be two at least."""
    count = rows.shape[0]
    squares = float(rows.multiply(rows).sum())
    total = np.bincount(np.unique(rows.indices, return_inverse=True)[1], rows.data)
    return float((float(total @ total) - squares) / (count * (count - 1)))


def _windows(days: Days, length: int) -> list[tuple[int, int]]:
    """Return for each voice the first and last voice of the window that begins with it."""
    stops = np.searchsorted(days, days + length, side="left") - 1
    return list(zip(range(len(days)), stops.tolist(), strict=True))


def _surprise(heard: float, expected: float) -> float:
    return heard * log(heard / expected) - (heard - expected) if heard > expected else 0.0


def _smoothed(counts: Days) -> Days:
    """Return the running mean over a quarter, narrower at the ends."""
    half = min(_SMOOTH_DAYS, len(counts)) // 2
    sums = np.concatenate([[0.0], np.cumsum(counts)])
    at = np.arange(len(counts))
    low, high = np.maximum(at - half, 0), np.minimum(at + half + 1, len(counts))
    found: Days = np.maximum((sums[high] - sums[low]) / (high - low), 1e-6)
    return found


def weekly(moments: Sequence[datetime]) -> tuple[int, ...]:
    """Return how many of the moments (in order) fall in each week from the first on."""
    counts = [0] * ((moments[-1] - moments[0]) // timedelta(weeks=1) + 1)
    for moment in moments:
        counts[(moment - moments[0]) // timedelta(weeks=1)] += 1
    return tuple(counts)
