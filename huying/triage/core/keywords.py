"""Finds all keywords of a catalogue in one pass over a text."""

import math
from collections import defaultdict
from collections.abc import Sequence

import ahocorasick

from .features import HEAD_CHARS, TAIL_EMPHASIS
from .fold import fold

_LONGEST_THAT_COUNTS = 6


class KeywordIndex:
    """Which items claim which keyword, and how telling each keyword is.

    A keyword weighs more when it is longer (up to 6 characters) and when fewer items claim it:
    w = min(length, 6) / 6 / items that claim it; behind the head of the text half of that.
    """

    __slots__ = ("_automaton", "_claims", "items")

    def __init__(self, keywords: Sequence[Sequence[str]]) -> None:
        """Take the keywords of each item, in item order; single characters are ignored."""
        claims: dict[str, set[int]] = defaultdict(set)
        for item, words in enumerate(keywords):
            for word in words:
                folded = fold(word).strip()
                if len(folded) > 1:
                    claims[folded].add(item)
        self.items = len(keywords)
        self._claims = {word: tuple(sorted(owners)) for word, owners in sorted(claims.items())}
        self._automaton = ahocorasick.Automaton()
        for word in self._claims:
            self._automaton.add_word(word, word)
        self._automaton.make_automaton()

    def hits(self, folded: str) -> dict[int, dict[str, float]]:
        """Return the keywords found in a folded text and their weight, by item number."""
        if not self._claims:
            return {}
        first: dict[str, int] = {}
        for end, word in self._automaton.iter(folded):
            if word not in first and _stands_alone(folded, end, word):
                first[word] = end
        found: dict[int, dict[str, float]] = {}
        for word, end in sorted(first.items()):
            owners = self._claims[word]
            emphasis = 1 if end < HEAD_CHARS else TAIL_EMPHASIS
            weight = emphasis * min(len(word), _LONGEST_THAT_COUNTS) / _LONGEST_THAT_COUNTS / len(owners)
            for item in owners:
                found.setdefault(item, {})[word] = weight
        return found


def strength(hits: dict[str, float]) -> float:
    """Return how much several keyword hits of one item say together: 0 to 1, each further one adding less."""
    return 1 - math.exp(-sum(hits.values()))


def _stands_alone(folded: str, end: int, word: str) -> bool:
    """Return whether a Latin keyword is not merely a part of a longer Latin word."""
    if not word.isascii():
        return True
    start = end - len(word) + 1
    before, after = folded[start - 1 : start], folded[end + 1 : end + 2]
    return not any(char.isascii() and char.isalnum() for char in (before, after) if char)
