"""Turns words into hashed features (words, pairs, runs of characters), a batch in one numpy pass."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

Hashes: TypeAlias = npt.NDArray[np.uint64]
Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float32]
Matrix: TypeAlias = Any  # scipy.sparse.csr_matrix ships no types

LONGEST_RUN: Final = 3
HEAD_WORDS: Final = 10
"""People name their matter first: what stands in a title or first line is looked at once more by itself."""
_WORDS: Final = 0
_RUNS: Final = 1
_HEAD: Final = 2
_VIEW_WEIGHTS: Final = np.array([1.0, 1.0, 0.5])
_VIEWS: Final = len(_VIEW_WEIGHTS)
_BASE: Final = np.uint64(0x9E3779B97F4A7C15 | 1)
# Odd numbers have an inverse modulo 2^64, so that a span's hash is a difference of prefix sums, shifted back.
_BACK: Final = np.uint64(pow(int(_BASE), -1, 1 << 64))
_PAIR: Final = np.uint64(0xD1B54A32D192ED03)
_SALTS: Final = np.array(
    [0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0, 0x082EFA98EC4E6C89], dtype=np.uint64
)


class Found(NamedTuple):
    """Where features stand in a batch: text, hash, view, and the span of characters in `letters`."""

    rows: Ints
    hashes: Hashes
    views: npt.NDArray[np.int8]
    starts: Ints
    ends: Ints

    @classmethod
    def of(cls, rows: Ints, hashes: Hashes, view: int, starts: Ints, ends: Ints) -> "Found":
        """Return features that are all of one view."""
        return cls(rows, hashes, np.full(len(rows), view, dtype=np.int8), starts, ends)


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts as words, laid out for numpy: all letters one after the other, and where each word ends."""

    letters: str
    text_of_word: Ints
    ends: Ints

    @classmethod
    def of(cls, texts: Sequence[Sequence[str]]) -> "Batch":
        """Lay out texts that are given as their words."""
        words = list(chain.from_iterable(texts))
        lengths = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
        counts = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
        return cls("".join(words), np.repeat(np.arange(len(texts)), counts), np.cumsum(lengths))

    def found(self) -> Found:
        """Return every feature: words, pairs of neighbours, runs of characters, and those of the head."""
        points = np.frombuffer(self.letters.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
        starts = np.concatenate([[0], self.ends[:-1]]) if len(self.ends) else self.ends
        hash_of = _Spans(points)
        words = hash_of(starts, self.ends)
        paired = np.flatnonzero(self.text_of_word[1:] == self.text_of_word[:-1])
        pairs = words[paired] * _PAIR + words[paired + 1]
        parts = [
            Found.of(self.text_of_word, _mixed(words, 0), _WORDS, starts, self.ends),
            Found.of(
                self.text_of_word[paired], _mixed(pairs, 1), _WORDS, starts[paired], self.ends[paired + 1]
            ),
        ]
        lengths = self.ends - starts
        text_of_letter = np.repeat(self.text_of_word, lengths)
        first_words = np.searchsorted(self.text_of_word, self.text_of_word)
        in_head = np.repeat(np.arange(len(starts)) - first_words < HEAD_WORDS, lengths)
        at = np.arange(len(points))
        for length in range(1, LONGEST_RUN + 1):
            begin = at[: max(0, len(points) - length + 1)]
            begin = begin[text_of_letter[begin] == text_of_letter[begin + length - 1]]
            end = begin + length
            runs = hash_of(begin, end)
            parts.append(Found.of(text_of_letter[begin], _mixed(runs, 2), _RUNS, begin, end))
            head = in_head[end - 1]
            begin, end = begin[head], end[head]
            parts.append(Found.of(text_of_letter[begin], _mixed(runs[head], 3), _HEAD, begin, end))
        return Found(*(np.concatenate(column) for column in zip(*parts, strict=True)))


class _Spans:
    """Hashes of spans of letters: the polynomial of their code points (Karp and Rabin 1987), modulo 2^64."""

    def __init__(self, points: Hashes) -> None:
        size = len(points) + 1
        powers = np.cumprod(np.concatenate([[np.uint64(1)], np.full(size - 1, _BASE, dtype=np.uint64)]))
        self._back = np.cumprod(np.concatenate([[np.uint64(1)], np.full(size - 1, _BACK, dtype=np.uint64)]))
        spread = _mixed(points, 0)
        self._sums = np.concatenate([[np.uint64(0)], np.cumsum(spread * powers[:-1], dtype=np.uint64)])

    def __call__(self, starts: Ints, ends: Ints) -> Hashes:
        hashes: Hashes = (self._sums[ends] - self._sums[starts]) * self._back[starts]
        return hashes


def _mixed(hashes: Hashes, salt: int) -> Hashes:
    """Spread hashes over all 64 bits, differently for each kind (the finaliser of splitmix64, Vigna)."""
    mixed = hashes + _SALTS[salt]
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    spread: Hashes = mixed ^ (mixed >> np.uint64(31))
    return spread


class Features:
    """The features a model knows, and how telling each is.

    Values are (1 + ln tf) x idf; each of the three views (words with their pairs, runs of characters, runs of
    characters of the head) is scaled to a length of its own, so that none drowns the others, and the whole
    row to length 1. Features are known by a 64-bit hash: that any two of a million share one has a chance of
    3 in 10^8.
    """

    __slots__ = ("hashes", "idf")

    def __init__(self, hashes: Hashes, idf: Floats) -> None:
        """Take sorted hashes and their idf; see `learnt`."""
        self.hashes, self.idf = hashes, idf

    @classmethod
    def learnt(cls, found: Found, texts: int, least_texts: int) -> "Features":
        """Return the features that stand in at least so many of the texts, with their smoothed idf.

        idf = ln((1 + N) / (1 + n)) + 1 (Salton and Buckley 1988).
        """
        order = np.lexsort((found.rows, found.hashes))
        hashes, rows = found.hashes[order], found.rows[order]
        if not len(hashes):
            return cls(np.zeros(0, np.uint64), np.zeros(0, np.float32))
        first = np.concatenate([[True], (hashes[1:] != hashes[:-1]) | (rows[1:] != rows[:-1])])
        known, counts = np.unique(hashes[first], return_counts=True)
        kept = counts >= least_texts
        idf = np.log((1 + texts) / (1 + counts[kept])) + 1
        return cls(known[kept], idf.astype(np.float32))

    def __len__(self) -> int:
        return len(self.hashes)

    def state(self) -> dict[str, Any]:
        """Return what was learnt as arrays, for `restored`."""
        return {"hashes": self.hashes, "idf": self.idf}

    @classmethod
    def restored(cls, state: Mapping[str, npt.NDArray[Any]]) -> "Features":
        """Return the features whose `state` this is."""
        return cls(state["hashes"], state["idf"])

    def only(self, columns: Ints) -> "Features":
        """Return these features (ascending columns) and no others."""
        return Features(self.hashes[columns], self.idf[columns])

    def columns(self, hashes: Hashes) -> Ints:
        """Return the column of each hash, or -1 where it is not known."""
        if not len(self.hashes):
            return np.full(len(hashes), -1)
        places = np.minimum(np.searchsorted(self.hashes, hashes), len(self.hashes) - 1)
        columns: Ints = np.where(self.hashes[places] == hashes, places, -1)
        return columns

    def matrix(self, found: Found, texts: int) -> Matrix:
        """Return the texts of a batch as rows (length 1, or 0 where nothing is known) of a CSR matrix."""
        order = np.argsort(found.hashes)  # neighbours in the search are neighbours in memory
        columns = self.columns(found.hashes[order])
        known = columns >= 0
        order = order[known]
        # One number for text, column and view (a column is of one view), sorted as a whole.
        keys = np.sort((found.rows[order] * len(self) + columns[known]) * _VIEWS + found.views[order])
        first = np.flatnonzero(np.diff(keys, prepend=-1))
        counts = np.diff(np.append(first, len(keys)))
        keys, views = np.divmod(keys[first], _VIEWS)
        rows, columns = np.divmod(keys, max(1, len(self)))
        values = (1 + np.log(counts)) * self.idf[columns]
        places = rows * _VIEWS + views
        squares = np.bincount(places, values**2, minlength=texts * _VIEWS).reshape(texts, _VIEWS)
        shares = np.where(squares > 0, _VIEW_WEIGHTS, 0)
        shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1e-12)
        scale = np.sqrt(shares / np.maximum(squares, 1e-12))
        values = (values * scale[rows, views]).astype(np.float32)
        starts = np.searchsorted(rows, np.arange(texts + 1))
        shape = (texts, len(self))
        return sparse.csr_matrix((values, columns.astype(np.int32), starts.astype(np.int32)), shape=shape)


def spans_hashed(letters: str, length: int) -> Hashes:
    """Return the hash of every run of `length` characters; a shorter text is one run."""
    points = np.frombuffer(letters.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    if not len(points):
        return np.zeros(0, np.uint64)
    length = min(length, len(points))
    begin = np.arange(len(points) - length + 1)
    return _mixed(_Spans(points)(begin, begin + length), 2)
