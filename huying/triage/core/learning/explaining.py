"""Says which words of a text spoke for an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from .features import Features, Floats, Found, Matrix

_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Share:
    """A word of the text, and its part in the lead of the answer over the next (higher than 0)."""

    word: str
    weight: float


def shares_of(
    words: Sequence[str], found: Found, features: Features, *, row: Matrix, lead: Floats
) -> tuple[Share, ...]:
    """Return the words by their part in the lead, strongest first.

    `lead` says for each feature of `row` (one text) how much it speaks for the answer against the next. What
    a feature adds is shared out evenly to its letters, and a word gets what its letters got.
    """
    if not len(words) or not row.nnz:
        return ()
    columns = features.columns(found.hashes)
    there = np.flatnonzero(columns >= 0)
    places = np.searchsorted(row.indices, columns[there])
    times = np.bincount(places, minlength=row.nnz)
    starts, ends = found.starts[there], found.ends[there]
    each = (row.data * lead / np.maximum(times, 1))[places] / (ends - starts)
    word_ends = np.cumsum([len(word) for word in words])
    letters = int(word_ends[-1]) + 1
    change = np.bincount(starts, each, minlength=letters) - np.bincount(ends, each, minlength=letters)
    sums = np.concatenate([[0.0], np.cumsum(np.cumsum(change))])
    word_starts = np.concatenate([[0], word_ends[:-1]])
    by_word: dict[str, float] = {}
    for word, weight in zip(words, (sums[word_ends] - sums[word_starts]).tolist(), strict=True):
        by_word[word] = by_word.get(word, 0.0) + weight
    rounded = [Share(word, round(weight, _DIGITS)) for word, weight in by_word.items()]
    spoken = [share for share in rounded if share.weight > 0]
    return tuple(sorted(spoken, key=lambda share: (-share.weight, share.word)))
