"""Says which words of a text spoke for an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from .features import Features, Floats, Found, Matrix

Doubles: TypeAlias = npt.NDArray[np.float64]
_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Share:
    """A word of the text, and its part in the lead of the answer over the next (higher than 0)."""

    word: str
    weight: float


def shares_of(
    texts: Sequence[Sequence[str]],
    found: Found,
    features: Features,
    *,
    rows: Matrix,
    lead: Floats,
    limit: int,
) -> list[tuple[Share, ...]]:
    """Return for each text of a batch up to `limit` of its words by their part in the lead, strongest first.

    `lead` says for each entry of `rows` how much the feature speaks for the text's answer against the next.
    What a feature adds is shared out evenly to its letters, and a word gets what its letters got.
    """
    ends = np.cumsum([sum(map(len, words)) for words in texts])
    gains = _gains(found, features, rows=rows, lead=lead, letters=int(ends[-1]) + len(texts) + 1)
    told: list[tuple[Share, ...]] = []
    begin = 0
    for number, (words, end) in enumerate(zip(texts, ends.tolist(), strict=True)):
        told.append(_strongest(words, gains[begin + number : end + number], limit))
        begin = end
    return told


def _gains(found: Found, features: Features, *, rows: Matrix, lead: Floats, letters: int) -> Doubles:
    """Return by how much the part of each letter differs from that of the letter before.

    The letters of the batch, one spare one after each text: what ends with a text leaves the next untouched.
    """
    columns = features.columns(found.hashes)
    there = np.flatnonzero(columns >= 0)
    text_of_entry = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    entries = text_of_entry * len(features) + rows.indices
    places = np.searchsorted(entries, found.rows[there] * len(features) + columns[there])
    times = np.bincount(places, minlength=rows.nnz)
    starts, ends = found.starts[there], found.ends[there]
    each = (rows.data * lead / np.maximum(times, 1))[places] / (ends - starts)
    starts, ends = starts + found.rows[there], ends + found.rows[there]
    gains = np.zeros(letters)
    np.add.at(gains, starts, each)
    np.subtract.at(gains, ends, each)
    return gains


def _strongest(words: Sequence[str], gains: Doubles, limit: int) -> tuple[Share, ...]:
    """Return the words of one text, given by how much each letter's part differs from the one before."""
    sums = [0.0, *np.cumsum(np.cumsum(gains)).tolist()]
    by_word: dict[str, float] = {}
    start = 0
    for word in words:
        end = start + len(word)
        by_word[word] = by_word.get(word, 0.0) + sums[end] - sums[start]
        start = end
    spoken = [(-round(weight, _DIGITS), word) for word, weight in by_word.items() if weight > 0]
    return tuple(Share(word, -weight) for weight, word in sorted(spoken)[:limit] if weight < 0)
