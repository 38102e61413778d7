"""Finds entries while people type: by name, alias, pinyin, initials or code, in any order of words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from huying.places.core.chinese import fold_name, initials, pinyin

if TYPE_CHECKING:
    from huying.places.core.entries import Entry
    from huying.places.core.lexicon import Lexicon

# Between the keys of one entry; no one can type it.
_BETWEEN: Final = "\x1f"
_NOWHERE: Final = 9
# 澜庭3栋 is looked for as 澜庭 and 3栋, each anywhere.
_PIECES: Final = re.compile(r"[0-9]+[^0-9,]*|[^0-9,]+")
_KIND_ORDER: Final = {"area": 0, "estate": 1, "facility": 2, "road": 3, "building": 4}


class Typeahead:
    """All keys of all entries; a search reads them from end to end, milliseconds for ten thousand."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._keys = [self._keys_of(row) for row in range(len(lexicon.entries))]

    def search(self, words: str, limit: int = 10) -> list[Entry]:
        """Return the entries every word of `words` fits, the best first, at most `limit`.

        A word fits by an entry's own name, alias, pinyin, initials or code, or by a name it lies in; at least
        one word fits the entry itself. Whole keys come before beginnings, beginnings before pieces; wide
        areas before fine ones, areas before estates before buildings, shorter names before longer ones.
        3栋, 三栋 and 3号楼 are one.
        """
        wanted = [piece for word in words.split() for piece in _PIECES.findall(fold_name(word))]
        if not wanted:
            return []
        whole = fold_name(words)
        found: list[tuple[int, int, int, int, str, int]] = []
        for row, keys in enumerate(self._keys):
            fit = _fit(keys, whole)
            if fit == _NOWHERE and len(wanted) > 1:
                fit = self._fit_words(row, wanted)
            if fit != _NOWHERE:
                entry = self._lexicon.entries[row]
                wide = entry.rank if entry.kind == "area" else 0
                found.append((fit, _KIND_ORDER[entry.kind], wide, len(entry.name), entry.id, row))
        found.sort()
        return [self._lexicon.entries[row] for *_, row in found[: max(0, limit)]]

    def _fit_words(self, row: int, words: list[str]) -> int:
        """Return how well all words fit an entry and what it lies in, one at least the entry itself."""
        own = [_fit(self._keys[row], word) for word in words]
        if min(own) == _NOWHERE:
            return _NOWHERE
        for word, fit in zip(words, own, strict=True):
            outer = (_fit(self._keys[at], word) for at in self._lexicon.chains[row])
            if fit == _NOWHERE and all(other == _NOWHERE for other in outer):
                return _NOWHERE
        return 3 + min(own)

    def _keys_of(self, row: int) -> str:
        entry = self._lexicon.entries[row]
        names = [entry.name, *entry.aliases]
        if row in self._lexicon.owner_of:
            at, key = self._lexicon.owner_of[row]
            owner = self._lexicon.entries[at]
            names += [name + key for name in (owner.name, *owner.aliases)]
        spoken = [*names, *map(fold_name, names)]  # 二路 is found as erlu and as 2lu
        keys = dict.fromkeys([*map(_plain, spoken), *map(pinyin, spoken), *map(initials, spoken), entry.code])
        return _BETWEEN + _BETWEEN.join(key for key in keys if key) + _BETWEEN


def _plain(name: str) -> str:
    return "".join(name.lower().split())


def _fit(keys: str, word: str) -> int:
    """Return 0 for a whole key, 1 for the beginning of one, 2 for a piece of one, else `_NOWHERE`."""
    if word not in keys:
        return _NOWHERE
    if f"{_BETWEEN}{word}{_BETWEEN}" in keys:
        return 0
    if _BETWEEN + word in keys:
        return 1
    # 3栋 is no piece of 13栋.
    return _NOWHERE if word[0].isdigit() and not re.search(rf"(?<![0-9]){re.escape(word)}", keys) else 2
