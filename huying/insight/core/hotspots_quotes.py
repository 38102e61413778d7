"""Chooses what to quote of a matter: sentences of its members that say what most of them say."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from .hotspots_names import HAN
from .hotspots_titles import trimmed

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHORTEST, _LONGEST = 8, 90
_ALIKE: Final = 0.6  # of the pieces of the shorter one: the same said twice
_AROUND: Final = " ，,、：:"
_END: Final = re.compile("[。！？!?；;\\n]+")
_LETTERED: Final = re.compile("[\\W_]+")


class Quote(NamedTuple):
    """A sentence, and which of the texts it stands in."""

    text: int
    sentence: str


def telling_sentences(texts: Sequence[str], most: int) -> list[Quote]:
    """Return up to `most` sentences that speak for the texts, each of another text, the most telling first.

    A sentence speaks for all by the share of its pieces (pairs of characters, words) that others use too.
    What says nearly the same as one chosen before is left out.
    """
    told = [
        (Quote(place, sentence), pieces)
        for place, text in enumerate(texts)
        for sentence in _sentences(text)
        if (pieces := _pieces(sentence))
    ]
    heard = Counter(piece for place in range(len(texts)) for piece in _of_text(told, place))
    ranked = sorted(told, key=lambda one: (-_speaks(one[1], heard), one[0]))
    chosen: list[tuple[Quote, set[str]]] = []
    for quote, pieces in ranked:
        if len(chosen) == most:
            break
        if all(quote.text != other.text and not _alike(pieces, said) for other, said in chosen):
            chosen.append((quote, pieces))
    return [quote for quote, _pieces_of_it in chosen]


def _sentences(text: str) -> list[str]:
    found = (trimmed(part.strip(_AROUND)).strip(_AROUND) for part in _END.split(text))
    return [sentence[:_LONGEST] for sentence in found if len(sentence) >= _SHORTEST]


def _pieces(sentence: str) -> set[str]:
    plain = _LETTERED.sub(" ", sentence.lower())
    if HAN.search(plain):
        return {"".join(pair) for part in plain.split() for pair in pairwise(part)}
    return {word for word in plain.split() if len(word) > 2}  # noqa: PLR2004 - a, to, of


def _of_text(told: Sequence[tuple[Quote, set[str]]], place: int) -> set[str]:
    return set().union(*(pieces for quote, pieces in told if quote.text == place))


def _speaks(pieces: set[str], heard: Counter[str]) -> float:
    """Return how much of a sentence others say too; many such pieces count more than few."""
    return round(sum(heard[piece] - 1 for piece in pieces) / (len(pieces) + 6), 6)


def _alike(one: set[str], other: set[str]) -> bool:
    return len(one & other) >= _ALIKE * min(len(one), len(other))
