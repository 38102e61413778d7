"""Names as they slip from the fingers: one character off in a short name, pinyin, first letters."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from rapidfuzz.distance import OSA

from huying.places.core.chinese import SEPARATOR, initials, pinyin
from huying.places.core.endings import ALL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from huying.places.core.entries import What
    from huying.places.core.lexicon import Word

_LEAST_WORD = 4
_MOST_STEM = 3  # longer stems are found by their pairs, see `mentions`
# A run of letters shorter than this is anything: a wifi, a suv.
_LEAST_LETTERS = 5
_LEAST_INITIALS = 4
_MOST_INITIALS = 8
_GAP: Final = "\x00"
_LETTERS: Final = re.compile("[a-z]{4,40}")
_HAN: Final = re.compile("[\u3400-\u9fff]+")


class Slip(NamedTuple):
    """A piece `[start, end)` of folded text that stands for a word, and how; `likeness` of its stem."""

    start: int
    end: int
    word: int
    what: What
    likeness: float


class Slips:
    """Indexes over a gazetteer's words for reading names that are written almost right."""

    def __init__(self, words: Sequence[Word]) -> None:
        self._words = words
        self._openings: dict[str, tuple[int, ...]] = _openings(words)
        self._firsts = frozenset(key[0] for key in self._openings) - {_GAP}
        self._seconds = frozenset(key[1] for key in self._openings if key[0] == _GAP)
        self._letters: dict[str, tuple[tuple[int, bool], ...]] = _letters(words)
        self._initials: dict[str, tuple[int, ...]] = _initials(words)

    def one_off(self, text: str, taken: set[int]) -> Iterator[Slip]:
        """Yield short names of which a piece of the text differs by one character, outside `taken`."""
        firsts, seconds = self._firsts, self._seconds
        # Most characters of a text begin no name: they are passed over before anything is looked up.
        places = [at for at, one in enumerate(text) if one in firsts]
        places += [
            at - 1 for at, two in enumerate(text) if at and two in seconds and text[at - 1] not in firsts
        ]
        for at in places:
            for row in self._possible(text[at : at + 3]):
                slip = None if at in taken else self._compared(text, at, row, taken)
                if slip is not None:
                    yield slip

    def _possible(self, opening: str) -> list[int]:
        """Return the words a piece may stand for by its first three characters, of which one may be wrong."""
        if len(opening) < 3:  # noqa: PLR2004 - the end of the text
            return []
        one, two, three = list(opening)
        keys = (one + two, one + _GAP + three, _GAP + two + three)
        return list(dict.fromkeys(row for key in keys for row in self._openings.get(key, ())))

    def _compared(self, text: str, at: int, row: int, taken: set[int]) -> Slip | None:
        word = self._words[row]
        for length in (len(word.text), len(word.text) + 1, len(word.text) - 1):
            piece = text[at : at + length]
            if len(piece) < length or OSA.distance(piece, word.text, score_cutoff=1) != 1:
                continue
            if not _HAN.fullmatch(piece) or not taken.isdisjoint(range(at, at + length)):
                continue
            if _ends_otherwise(text, at, piece, word):
                continue
            stem = word.text[: word.stem]
            whole = piece.startswith(stem)
            likeness = 1.0 if whole else 1 - 1 / word.stem
            return Slip(at, at + length, row, "slip" if whole else "fuzzy", likeness)
        return None

    def in_letters(self, text: str) -> Iterator[Slip]:
        """Yield names written in pinyin or by first letters: yunping花园, yunpinghuayuan, qlwhy."""
        for found in _LETTERS.finditer(text):
            run, start, end = found[0], found.start(), found.end()
            if len(run) >= _LEAST_LETTERS:
                for row, whole in self._letters.get(run, ()):
                    ending = "" if whole else self._words[row].text[self._words[row].stem :]
                    if text.startswith(ending, end):
                        yield Slip(start, end + len(ending), row, "pinyin", 1.0)
            if _LEAST_INITIALS <= len(run) <= _MOST_INITIALS:
                for row in self._initials.get(run, ()):
                    yield Slip(start, end, row, "initials", 1.0)


def _ends_otherwise(text: str, at: int, piece: str, word: Word) -> bool:
    """Tell whether the piece ends in a kind of place of its own: 云坪公园 is not 云坪花园 miswritten."""
    ending = word.text[word.stem :]
    beyond = text[at : at + len(piece) + 1]
    return any(
        known != ending and len(known) > 1 and (piece.endswith(known) or beyond.endswith(known))
        for known in ALL
        if not ending.endswith(known)
    )


def _told_in_full(word: Word) -> bool:
    return any(meaning.how in {"name", "alias", "former"} for meaning in word.meanings)


def _openings(words: Sequence[Word]) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = defaultdict(list)
    for row, word in enumerate(words):
        text = word.text
        if len(text) >= _LEAST_WORD and 2 <= word.stem <= _MOST_STEM < len(text) and _told_in_full(word):  # noqa: PLR2004 - one character tells nothing
            for key in (text[:2], text[0] + _GAP + text[2], _GAP + text[1:3]):
                found[key].append(row)
    return {key: tuple(rows) for key, rows in found.items()}


def _letters(words: Sequence[Word]) -> dict[str, tuple[tuple[int, bool], ...]]:
    found: dict[str, dict[tuple[int, bool], None]] = defaultdict(dict)
    for row, word in enumerate(words):
        if _told_in_full(word) and SEPARATOR not in word.text:
            found[pinyin(word.text)][row, True] = None
            if word.stem < len(word.text):
                found[pinyin(word.text[: word.stem])][row, False] = None
    return {key: tuple(rows) for key, rows in found.items() if len(key) >= _LEAST_LETTERS}


def _initials(words: Sequence[Word]) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = defaultdict(list)
    for row, word in enumerate(words):
        if _told_in_full(word) and _HAN.fullmatch(word.text) and len(word.text) >= _LEAST_INITIALS:
            found[initials(word.text)].append(row)
    return {key: tuple(rows) for key, rows in found.items()}
