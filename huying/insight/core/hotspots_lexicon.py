"""What a body of tellings teaches about its own words: which are names, how rare each is, which mean alike.

A lexicon is learnt over many tellings (once a night in a town) and then profiles any telling in about a
millisecond, so that the full pass and the live match see the same. It is stored as arrays and JSON.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .hotspots_gather import CODE, COMMON, NAME, POINT, WORD, Gathered, Grid, Ragged, gather
from .hotspots_joined import joined_names
from .hotspots_names import Names
from .hotspots_told import DEFAULT
from .hotspots_words import shown_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .hotspots_told import Settings, Telling

Floats: TypeAlias = npt.NDArray[np.float32]
Matrix: TypeAlias = Any  # scipy.sparse ships no types

CODE_VERSION: Final = 1
"""Raised whenever stored lexicons and profiles would no longer compare with new ones."""
DIMENSIONS: Final = 96
_FEWEST_FOR_MEANINGS: Final = 500
_WORDS_PER_MEANING: Final = 4
_TEXTS_BEFORE: Final = (
    500.0  # as if these had been seen before, none with the word: a young town exaggerates less
)
_PLAIN_DIMENSIONS: Final = 512  # without meanings, each word is a direction of its own
_SAMPLE: Final = 20_000  # texts the meanings are learnt from, at most
# What each part of a place weighs against the others; with a point, rare words say nothing of the place.
_SHARE: Final = np.array([0.5, 0.3, 0.2], dtype=np.float32)  # point, code, names and rare words
_RARE_WORD: Final = 0.7  # a rare word no dictionary knows names an object nearly as surely as a name does
_COMMON_WORD: Final = 0.2
_NEW_WORD: Final = 0.5  # a word never told before may be a slip of the pen
_ENOUGH: Final = (
    30.0  # squared weight from which on names and words tell a place whole; else they tell a part
)
_RARE_SHARE, _RARE_COUNT, _RARE_SHARE_OF_FEW = 0.01, 10, 0.1
_COMMON_SHARE, _COMMON_COUNT = 0.2, 50
_LEAST_RARITY: Final = 0.5
_TINY: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Profiles:
    """What many tellings are about: rows of length 1 (or 0) over place keys, meanings, and known words."""

    keys: list[str]
    places: Matrix
    causes: Floats
    words: Matrix


class Lexicon:
    """Names, counts and meanings of one body of tellings; `Lexicon.blank()` knows none and still profiles."""

    __slots__ = ("_basis", "_place_counts", "_rarity", "_texts", "_word_row", "_words", "grid", "names")

    def __init__(
        self,
        *,
        names: Names,
        grid: Grid,
        texts: int,
        place_counts: Mapping[str, int],
        words: Mapping[str, int],
        basis: Floats,
    ) -> None:
        """Take what was learnt: in how many of `texts` each key and word stood; a row of `basis` per word."""
        self.names, self.grid = names, grid
        self._texts, self._basis = texts, np.ascontiguousarray(basis)  # else each profile would copy it
        self._place_counts, self._words = dict(place_counts), dict(words)
        self._word_row = {word: row for row, word in enumerate(self._words)}
        counts = np.fromiter(self._words.values(), dtype=np.float32, count=len(self._words))
        self._rarity = _rarity(texts, counts)

    @classmethod
    def blank(cls, settings: Settings = DEFAULT) -> Lexicon:
        """Return a lexicon that has seen nothing: every key and word counts alike."""
        grid = Grid(settings.reach_metres, 0.0)
        none = np.zeros((0, _PLAIN_DIMENSIONS), dtype=np.float32)
        return cls(names=Names({}, {}), grid=grid, texts=0, place_counts={}, words={}, basis=none)

    @classmethod
    def learn(cls, tellings: Sequence[Telling], settings: Settings = DEFAULT) -> tuple[Lexicon, Profiles]:
        """Learn from tellings, and return the lexicon with the profiles of those very tellings."""
        shown = [shown_names(telling) for telling in tellings]
        names = Names.learnt(shown, joined_names(tellings, shown))
        latitudes = [telling.lat for telling in tellings if telling.lat is not None]
        grid = Grid(settings.reach_metres, round(float(np.median(latitudes)), 1) if latitudes else 0.0)
        said = gather(tellings, names, grid)
        place_counts = _counts(said.places)
        kept = {
            key: int(count)
            for key, count, kind in zip(said.places.names, place_counts, said.kinds, strict=True)
            if kind != POINT and count > 1
        }
        vocabulary = _vocabulary(said.words, said.count)
        lexicon = cls(
            names=names,
            grid=grid,
            texts=said.count,
            place_counts=kept,
            words=vocabulary,
            basis=np.zeros((0, 0), dtype=np.float32),
        )
        weighted = lexicon._weighted_words(said.words, said.count)
        lexicon._basis = np.ascontiguousarray(_meanings(weighted, vocabulary))
        return lexicon, lexicon._represent(said, weighted)

    def profiles(self, tellings: Sequence[Telling]) -> Profiles:
        """Return the profiles of any tellings."""
        said = gather(tellings, self.names, self.grid, fresh=True)
        if not self._texts:
            return self._represent(said, self._weighted_words(said.words, said.count))
        return self._represent_with_new(said)

    @property
    def vocabulary(self) -> list[str]:
        """The known words, in the order of the columns of `Profiles.words`."""
        return list(self._words)

    def to_bytes(self) -> bytes:
        """Return everything learnt, to be stored; equal lexicons give equal bytes."""
        head = {
            "version": CODE_VERSION,
            "grid": [self.grid.metres, self.grid.latitude],
            "texts": self._texts,
            "names": self.names.state(),
            "places": self._place_counts,
            "words": self._words,
        }
        written = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
        arrays = BytesIO()
        np.save(arrays, self._basis.astype(np.float16), allow_pickle=False)
        return zlib.compress(len(written).to_bytes(8, "big") + written + arrays.getvalue(), 6)

    @classmethod
    def from_bytes(cls, stored: bytes) -> Lexicon:
        """Read back what `to_bytes` wrote; `ValueError` when it is damaged or of another version."""
        try:
            unpacked = zlib.decompress(stored)
            size = int.from_bytes(unpacked[:8], "big")
            head = json.loads(unpacked[8 : 8 + size])
            basis = np.load(BytesIO(unpacked[8 + size :]), allow_pickle=False).astype(np.float32)
            version = head["version"]
        except (zlib.error, ValueError, KeyError, EOFError) as fault:
            message = "The lexicon is damaged; learn it anew."
            raise ValueError(message) from fault
        if version != CODE_VERSION:
            message = "The lexicon was written by another version; learn it anew."
            raise ValueError(message)
        grid, names = Grid(*head["grid"]), Names.restored(head["names"])
        return cls(
            names=names,
            grid=grid,
            texts=head["texts"],
            place_counts=head["places"],
            words=head["words"],
            basis=basis,
        )

    def _represent(self, said: Gathered, weighted: Matrix) -> Profiles:
        return Profiles(
            said.places.names, self._weighted_places(said), self._causes(said, weighted), weighted
        )

    def _represent_with_new(self, said: Gathered) -> Profiles:
        """Return profiles in which words nobody has told of before count too, though less.

        Else a matter of a new kind, whose every word is new, would have no cause until the next learning.
        """
        new = [word for word in said.words.names if len(word) > 1 and word not in self._word_row]
        row = self._word_row | {word: len(self._words) + place for place, word in enumerate(new)}
        rarity = np.concatenate([self._rarity, np.full(len(new), self._new_rarity(), dtype=np.float32)])
        weighted = _weighted(said.words, said.count, row, rarity)
        known, fresh = weighted[:, : len(self._words)], weighted[:, len(self._words) :]
        causes = np.asarray(known @ self._basis + fresh @ self._new_directions(new), dtype=np.float32)
        return Profiles(said.places.names, self._weighted_places(said), _unit(causes), known)

    def _new_rarity(self) -> float:
        part = 1.0 if self._is_plain() else _NEW_WORD
        return part * float(_rarity(self._texts, np.array([1.0], dtype=np.float32))[0])

    def _is_plain(self) -> bool:
        """Return whether each word is a direction of its own: so few texts taught it that most are new."""
        return bool(self._basis.shape[1] == _PLAIN_DIMENSIONS)

    def _new_directions(self, words: Sequence[str]) -> Floats:
        """Return directions for new words, the same in every process and nearly square to all others."""
        if self._is_plain():
            return _directions_of(words)
        long = float(np.median(np.linalg.norm(self._basis, axis=1))) if len(self._basis) else 1.0
        dimensions = self._basis.shape[1]
        drawn = [
            np.random.default_rng(zlib.crc32(word.encode())).standard_normal(dimensions) for word in words
        ]
        return long * _unit(np.asarray(drawn, dtype=np.float32).reshape(len(words), dimensions))

    def _weighted_places(self, said: Gathered) -> Matrix:
        """Return tellings by place keys: within each part weights by rarity, parts by their share."""
        places = said.places
        counts = np.fromiter(
            (self._place_counts.get(name, 1) for name in places.names),
            dtype=np.float32,
            count=len(places.names),
        )
        rarity = _rarity(self._texts, counts)
        kinds, rows = said.kinds[places.columns], places.rows
        weights = places.weights.astype(np.float64)
        worded = (kinds == WORD) | (kinds == COMMON)
        named = (kinds == NAME) | worded
        weights[named] = np.sqrt(weights[named])
        weights[kinds == WORD] *= _RARE_WORD
        weights[kinds == COMMON] *= _COMMON_WORD
        most = max(_RARE_SHARE * self._texts, min(_RARE_COUNT, _RARE_SHARE_OF_FEW * self._texts))
        column_counts = counts[places.columns]
        weights[worded & ((column_counts < 2) | (column_counts > most))] = 0.0  # noqa: PLR2004 - told twice
        weights[kinds != POINT] *= rarity[places.columns][kinds != POINT]
        part = np.where(kinds == POINT, 0, np.where(kinds == CODE, 1, 2))
        squares = np.bincount(rows * 3 + part, weights**2, minlength=3 * said.count).reshape(-1, 3)
        shares = np.where(squares > 0, _SHARE, 0.0)
        shares /= np.maximum(shares.sum(axis=1, keepdims=True), _TINY)
        squares[:, 2] = np.maximum(squares[:, 2], _ENOUGH)
        scale = np.sqrt(shares / np.maximum(squares, _TINY))
        values = (weights * scale[rows, part]).astype(np.float32)
        shape = (said.count, len(places.names))
        matrix = sparse.csr_matrix((values, (rows, places.columns)), shape=shape, dtype=np.float32)
        matrix.eliminate_zeros()
        matrix.sort_indices()
        return matrix

    def _weighted_words(self, words: Ragged, count: int) -> Matrix:
        return _weighted(words, count, self._word_row, self._rarity)

    def _causes(self, said: Gathered, weighted: Matrix) -> Floats:
        if not self._texts:
            words = said.words
            counts = sparse.csr_matrix(
                (words.weights, (words.rows, words.columns)), shape=(said.count, len(words.names))
            )
            return _unit(counts @ _directions_of(words.names))
        return _unit(np.asarray(weighted.astype(np.float32) @ self._basis, dtype=np.float32))


def _weighted(words: Ragged, count: int, word_row: Mapping[str, int], rarity: Floats) -> Matrix:
    """Return tellings by known words: (1 + ln tf) x idf, rows of length 1 (Salton and Buckley 1988)."""
    known = np.fromiter((word_row.get(word, -1) for word in words.names), np.int64, len(words.names))
    columns = known[words.columns] if len(words.names) else known
    there = columns >= 0
    rows, columns, loud = words.rows[there], columns[there], words.weights[there]
    values = (1.0 + np.log(np.maximum(loud, 1.0))) * rarity[columns]
    matrix = sparse.csr_matrix(
        (values.astype(np.float32), (rows, columns)), shape=(count, len(rarity)), dtype=np.float32
    )
    matrix.sort_indices()
    return (sparse.diags(1 / np.maximum(_lengths(matrix), _TINY)) @ matrix).tocsr()


def _counts(ragged: Ragged) -> npt.NDArray[np.int64]:
    """Return in how many rows each column stands; none is in a row twice."""
    counts: npt.NDArray[np.int64] = np.bincount(ragged.columns, minlength=len(ragged.names))
    return counts


def _vocabulary(words: Ragged, texts: int) -> dict[str, int]:
    """Return the words worth knowing, neither single nor everywhere, with their counts, in fixed order."""
    least = 1 if texts < 100 else 2 if texts < 1000 else 3  # noqa: PLR2004 - a small body cannot spare any
    most = max(_COMMON_SHARE * texts, _COMMON_COUNT)
    counts = zip(words.names, _counts(words).tolist(), strict=True)
    return dict(sorted((word, count) for word, count in counts if least <= count <= most))


def _meanings(weighted: Matrix, vocabulary: Iterable[str]) -> Floats:
    """Return for each word its direction among the meanings (latent semantic analysis, Deerwester 1990).

    Directions are scaled by the root of their strength, so that a small matter is not drowned by the great
    themes. A body too small for that keeps its words as they are.
    """
    filled = weighted[np.flatnonzero(np.diff(weighted.indptr))]
    step = max(1, -(-filled.shape[0] // _SAMPLE))
    sample = filled[::step].astype(np.float64)
    dimensions = min(DIMENSIONS, min(sample.shape) // _WORDS_PER_MEANING)
    if sample.shape[0] < _FEWEST_FOR_MEANINGS or not dimensions:
        return _directions_of(vocabulary)
    # Loaded by those that learn the meanings, not by all that read them.
    from scipy.sparse.linalg import svds

    start = np.ones(min(sample.shape))
    _, strengths, directions = svds(sample, k=dimensions, v0=start, random_state=0)
    return np.asarray(directions.T / np.sqrt(np.maximum(strengths, _TINY)), dtype=np.float32)


def _directions_of(words: Iterable[str]) -> Floats:
    """Return for each word a direction of its own, as far as there are enough; the same in every process."""
    homes = [zlib.crc32(word.encode()) % _PLAIN_DIMENSIONS for word in words]
    directions = np.zeros((len(homes), _PLAIN_DIMENSIONS), dtype=np.float32)
    directions[np.arange(len(homes)), homes] = 1.0
    return directions


def _rarity(texts: int, counts: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return how rare something is that stands in `counts` of `texts`; nothing is worth nothing."""
    rarity: Floats = np.log((_TEXTS_BEFORE + texts) / np.maximum(counts, 1.0)).astype(np.float32)
    return np.maximum(rarity, np.float32(_LEAST_RARITY))


def _lengths(matrix: Matrix) -> npt.NDArray[np.float64]:
    return np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1), dtype=np.float64)).ravel()


def _unit(table: Floats) -> Floats:
    rows: Floats = table / np.maximum(np.linalg.norm(table, axis=1, keepdims=True), np.float32(_TINY))
    return rows
