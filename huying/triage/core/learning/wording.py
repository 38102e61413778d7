"""Brings raw texts and texts already cut into words into one form: words that say something."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from huying.triage.core.fold import fold

FUNCTION_WORDS: Final = frozenset(
    Path(__file__).with_name("function_words.txt").read_text(encoding="utf-8").split()
)
"""Words of grammar; they say nothing of the matter, and lists of cut words mostly come without them."""

_RUN: Final = re.compile(r"[\u3400-\u9fff]{7,}")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_FEW_GAPS: Final = 0.12


def is_cut(text: str) -> bool:
    """Whether a text comes as words with spaces between.

    Nobody writes Chinese so: there are many gaps, and hardly a run of Chinese as long as a clause.
    """
    han = len(_HAN.findall(text))
    if han == 0:
        return False
    runs = sum(len(run) for run in _RUN.findall(text))
    return text.count(" ") >= _FEW_GAPS * han and runs <= _FEW_GAPS * han


def share_cut(texts: Iterable[str]) -> float:
    """Return the share of the texts that come as cut words; 0 for no texts."""
    found = [is_cut(text) for text in texts]
    return sum(found) / len(found) if found else 0.0


def words_of(text: str, read_chars: int) -> list[str]:
    """Return the telling words of the first characters of a text, folded, in their order."""
    folded = fold(text[:read_chars])
    return [word for word in _cut(folded) if word not in FUNCTION_WORDS and _tells(word)]


def _cut(folded: str) -> list[str]:
    if is_cut(folded):
        return folded.split()
    # Thirty megabytes of dictionary, loaded by the processes that judge texts and by no other.
    import rjieba

    words: list[str] = rjieba.cut(folded)
    return words


def _tells(word: str) -> bool:
    return word[0].isalnum() or (len(word) > 1 and word[1].isalnum())
