"""Says which items are mistaken for each other, and which words tell them apart."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log
from typing import Final

from .features import cut_words
from .fold import fold

READ_CHARS: Final = 400
_SMOOTH: Final = 0.5
_LEAST: Final = 2
"""A word that only one resident used tells nothing, and might point at them."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """Two items of which `n` appeals (`share` of those about either) were taken for the other.

    `words_first`, `words_second`: what residents say of one and hardly of the other.
    """

    first: str
    second: str
    n: int
    share: float
    words_first: tuple[str, ...]
    words_second: tuple[str, ...]


def confusions(judged: Iterable[tuple[str, str, str]], *, least: int = 3, limit: int = 20) -> list[Confusion]:
    """Return the pairs of items most often confused, worst first.

    `judged` are (text, what it truly was, what was said); the empty code stands for nothing said and is
    no item. Pairs with fewer than `least` slips are left out.
    """
    texts: dict[str, list[str]] = {}
    slips: Counter[tuple[str, str]] = Counter()
    for text, truth, said in judged:
        texts.setdefault(truth, []).append(text)
        if said and said != truth:
            slips[min(truth, said), max(truth, said)] += 1
    found = []
    for (first, second), n in slips.items():
        if n < least:
            continue
        one, other = texts.get(first, []), texts.get(second, [])
        words_first, words_second = telling_words(one, other)
        share = round(n / (len(one) + len(other)), 4)
        found.append(Confusion(first, second, n, share, words_first, words_second))
    return sorted(found, key=lambda pair: (-pair.n, -pair.share, pair.first, pair.second))[:limit]


def telling_words(
    one: Sequence[str], other: Sequence[str], *, limit: int = 6
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words that tell texts of `one` kind from the `other`, and the other way round.

    By the log-odds of how many texts hold a word, with its standard error: a word counts that is both
    common in one and rare in the other. Words that a single text holds are never shown.
    """
    counts = [_counts(one), _counts(other)]
    sizes = [len(one), len(other)]
    ranked: tuple[list[tuple[float, str]], list[tuple[float, str]]] = ([], [])
    for word in counts[0].keys() | counts[1].keys():
        a, b = counts[0][word], counts[1][word]
        if a + b < _LEAST:
            continue
        odds = log((a + _SMOOTH) / (sizes[0] - a + _SMOOTH)) - log((b + _SMOOTH) / (sizes[1] - b + _SMOOTH))
        surely = odds / (1 / (a + _SMOOTH) + 1 / (b + _SMOOTH)) ** 0.5
        side = 0 if surely > 0 else 1
        if (a, b)[side] >= _LEAST:
            ranked[side].append((-abs(surely), word))
    first, second = (tuple(word for _, word in sorted(side)[:limit]) for side in ranked)
    return first, second


def _counts(texts: Iterable[str]) -> Counter[str]:
    """Return how many texts hold each word."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update({word for word in cut_words(fold(text[:READ_CHARS])) if word.isalpha()})
    return counts
