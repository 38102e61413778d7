"""Gathers what many tellings say into flat arrays: keys of places and objects, and words of causes."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from math import cos, floor, radians
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from .hotspots_names import HAN, KIND_WEIGHT, own_names
from .hotspots_words import READ_CHARS, TITLE_WEIGHT, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .hotspots_names import Names
    from .hotspots_told import Telling
    from .hotspots_words import Reading

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float32]

POINT, CODE, NAME, WORD, COMMON = range(5)
"""What a key is: a corner of a grid around a point, a code, a name, a word of the title unknown or known."""
METRES_PER_DEGREE: Final = 111_195.0  # of latitude, on a sphere of 6,371 km
_FRESH: Final = 0.4  # a name never told before is perhaps no name


@dataclass(frozen=True, slots=True)
class Ragged:
    """Rows of (column, weight) of different length, laid end to end; `names` are the columns'."""

    names: list[str]
    rows: Ints
    columns: Ints
    weights: Floats


@dataclass(frozen=True, slots=True)
class Gathered:
    """What tellings say: place keys with the kind of each column, and words."""

    count: int
    places: Ragged
    kinds: npt.NDArray[np.int8]
    words: Ragged


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid over the earth, `metres` wide where the tellings are; `latitude` scales its longitudes."""

    metres: float
    latitude: float

    def corners(self, lat: float, lon: float) -> Iterator[tuple[str, float]]:
        """Yield the four corners around a point and how much of it each holds (bilinear, sum 1).

        The agreement of two points so told falls smoothly from 1 to 0 over about two widths.
        """
        north = lat * METRES_PER_DEGREE / self.metres
        east = lon * METRES_PER_DEGREE * cos(radians(self.latitude)) / self.metres
        row, column = floor(north), floor(east)
        up, right = north - row, east - column
        for down, share in ((0, 1 - up), (1, up)):
            for left, part in ((0, 1 - right), (1, right)):
                yield f"g:{row + down}:{column + left}", share * part


def gather(tellings: Iterable[Telling], known: Names, grid: Grid, *, fresh: bool = False) -> Gathered:
    """Return what the tellings say; with `fresh` also names that no other telling has shown yet."""
    places, words = _Collector(), _Collector()
    kinds = array("b")
    count = 0
    for row, telling in enumerate(tellings):
        count += 1
        reading = read(telling, known)
        for word, weight in reading.words.items():
            words.add(row, word, weight)
        keys = chain(_keys(telling, reading, grid), _fresh_names(telling, reading.names) if fresh else ())
        for kind, key, weight in keys:
            places.add(row, key, weight)
            if len(places.ids) > len(kinds):
                kinds.append(kind)
    return Gathered(count, places.ragged(), np.frombuffer(kinds, dtype=np.int8).copy(), words.ragged())


def _keys(telling: Telling, reading: Reading, grid: Grid) -> Iterator[tuple[int, str, float]]:
    if telling.lat is not None and telling.lon is not None:
        for key, weight in grid.corners(telling.lat, telling.lon):
            yield POINT, key, weight
    else:  # where the place is known, rare words say nothing of it
        for word in sorted(reading.title_words):
            if len(word) > 1:
                yield _word_kind(word), "w:" + word, TITLE_WEIGHT
    for code in dict.fromkeys(telling.place_codes):
        yield CODE, "c:" + code, 1.0
    for name, weight in reading.names.items():
        yield NAME, "n:" + name, weight


@lru_cache(maxsize=1 << 16)
def _word_kind(word: str) -> int:
    """Tell words no dictionary knows, mostly names, from common ones."""
    # Thirty megabytes of dictionary: the first text wakes it, no start of a program does.
    import rjieba

    return WORD if HAN.match(word) and not rjieba.has_word(word) else COMMON


def _fresh_names(telling: Telling, known: Mapping[str, float]) -> Iterator[tuple[int, str, float]]:
    for text, weight in ((telling.title, TITLE_WEIGHT), (telling.text[:READ_CHARS], 1.0)):
        for name, kind in own_names(text).items():
            if not any(one in name for one in known):
                yield NAME, "n:" + name, _FRESH * weight * KIND_WEIGHT[kind]


class _Collector:
    """Rows of weighted names as they come, names numbered in the order they are first seen."""

    __slots__ = ("_columns", "_rows", "_weights", "ids")

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}
        self._rows, self._columns, self._weights = array("q"), array("q"), array("f")

    def add(self, row: int, name: str, weight: float) -> None:
        self._rows.append(row)
        self._columns.append(self.ids.setdefault(name, len(self.ids)))
        self._weights.append(weight)

    def ragged(self) -> Ragged:
        return Ragged(
            list(self.ids),
            np.frombuffer(self._rows, dtype=np.int64).copy(),
            np.frombuffer(self._columns, dtype=np.int64).copy(),
            np.frombuffer(self._weights, dtype=np.float32).copy(),
        )
