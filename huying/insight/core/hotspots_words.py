"""Reads a telling into what it is about: names of places and objects, and the words that tell the cause."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from huying.triage.core.learning.wording import words_of

from .hotspots_names import HAN, LETTERED, NESTED, own_names

if TYPE_CHECKING:
    from huying.places.core.names import NameKind

    from .hotspots_names import Names
    from .hotspots_told import Telling

READ_CHARS: Final = 500
"""People name their matter early; what stands behind is mostly petition."""
TITLE_WEIGHT: Final = 2.0

_LATIN: Final = re.compile("[a-z]+")
_FUNCTION: Final = frozenset(
    Path(__file__).with_name("english_function_words.txt").read_text(encoding="utf-8").split()
)
# Endings of number and form, the longest first, and what stands in their place.
_FORMS: Final = {"ings": "", "ping": "p", "ing": "", "ies": "y", "ped": "p", "ed": "", "es": "", "s": ""}
_LEAST_STEM: Final = 3
_PIECE: Final = 0.7


class Reading(NamedTuple):
    """A telling read: names and words with how loud they speak, and the words of its title."""

    names: dict[str, float]
    words: dict[str, float]
    title_words: frozenset[str]


def shown_names(telling: Telling) -> dict[str, NameKind]:
    """Return the names a telling shows by their form alone."""
    return own_names(telling.text[:READ_CHARS]) | own_names(telling.title)


def read(telling: Telling, known: Names) -> Reading:
    """Return what a telling is about, with the names that are known; the same telling always reads alike."""
    body = telling.text[:READ_CHARS]
    if HAN.search(telling.title) or HAN.search(body):
        return _read_chinese(telling, body, known)
    words: dict[str, float] = {}
    title = _latin(telling.title)
    place = set(_latin(" ".join(telling.place_codes)))
    for weight, part in (
        (TITLE_WEIGHT, title),
        (1.0, _latin(body)),
        (TITLE_WEIGHT, _latin(telling.category)),
    ):
        for word in part:
            if word not in place:
                words[word] = words.get(word, 0.0) + weight
    return Reading({}, words, frozenset(title))


def _latin(text: str) -> list[str]:
    return [_stem(word) for word in _LATIN.findall(text.lower()) if word not in _FUNCTION]


def _stem(word: str) -> str:
    """Return an English word without the commonest endings of number and form."""
    for ending, instead in _FORMS.items():
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            return word[: -len(ending)] + instead
    return word


@lru_cache(maxsize=1 << 16)
def _pieces(word: str) -> tuple[str, ...]:
    """Return the words within a longer word, so that 搅拌站 and 搅拌厂 have 搅拌 in common."""
    if len(word) < _LEAST_STEM or not HAN.match(word):
        return ()
    # Thirty megabytes of dictionary: the first text wakes it, no start of a program does.
    import rjieba

    return tuple(piece for piece in rjieba.cut_for_search(word) if 1 < len(piece) < len(word))


def _read_chinese(telling: Telling, body: str, known: Names) -> Reading:
    names: dict[str, float] = {}
    words: dict[str, float] = {}
    title_words: list[str] = []
    for weight, text in ((TITLE_WEIGHT, telling.title), (1.0, body)):
        rest = text
        for spotted in known.spotted(text):
            loud = weight * known.weight(spotted.name) * (NESTED if spotted.nested else 1.0)
            names[spotted.name] = names.get(spotted.name, 0.0) + loud
            if not spotted.nested:
                gap = "，" * (spotted.end - spotted.start)
                rest = rest[: spotted.start] + gap + rest[spotted.end :]
        for code in telling.place_codes:  # where it is says nothing of what it is
            rest = rest.replace(code, "，")
        cut = [word for word in words_of(LETTERED.sub("，", rest), READ_CHARS) if not word.isdigit()]
        for word in cut:
            words[word] = words.get(word, 0.0) + weight
            for piece in _pieces(word):
                words[piece] = words.get(piece, 0.0) + _PIECE * weight
        if not title_words:
            title_words = cut
    return Reading(names, words, frozenset(title_words))
