"""The gazetteer made ready for reading: who lies in whom, under which words each place is found."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import ahocorasick

from huying.places.core.chinese import fold_name, reading, sound_code, sound_code_in_context
from huying.places.core.endings import COMMON_WORDS, short_form, stem_form, stem_length
from huying.places.core.parts import range_keys, whole_parts
from huying.places.core.slips import Slips

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from huying.places.core.entries import Entry, Kind

How = Literal["name", "alias", "former", "short", "stem"]
_HOWS: Final[tuple[How, ...]] = ("name", "alias", "former", "short", "stem")
_WHOLE: Final = frozenset({"name", "alias", "former"})
_OWNER_KINDS: Final = frozenset({"estate", "facility", "area"})
_LEAST_SOUNDS = 3  # two syllables sound like too many words
_LEAST_WORD = 2
# A building cell is called after its estate and numbers; 3网格 is a grid's own name.
_CELL_NAME: Final = re.compile("[0-9a-z][栋号巷区]格$")
_LEAST_FUZZY_STEM = 4
_LEAST_TOWER_NAME = 3
# A pair of characters in more names than this tells nothing about which one is meant.
_MOST_NAMES_OF_A_PAIR = 60


class Surface(NamedTuple):
    """A folded word under which an entry is found, and what the word is to it."""

    entry: int
    how: How


@dataclass(frozen=True, slots=True)
class Word:
    """One folded word with all entries it may mean, the surest first."""

    text: str
    meanings: tuple[Surface, ...]
    stem: int


class Lexicon:
    """All words of a gazetteer and the tree of its entries; entries are spoken of by their row number."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries: tuple[Entry, ...] = tuple(entries)
        self.row_of: dict[str, int] = {entry.id: row for row, entry in enumerate(self.entries)}
        if len(self.row_of) != len(self.entries):
            raise ValueError("two entries of a gazetteer have the same id")
        self.folded: tuple[str, ...] = tuple(fold_name(entry.name) for entry in self.entries)
        self.chains: tuple[tuple[int, ...], ...] = tuple(map(self._chain, range(len(self.entries))))
        self.chain_sets: tuple[frozenset[int], ...] = tuple(map(frozenset, self.chains))
        held = Counter(outer for chain in self.chains for outer in chain)
        # What share of all entries lies in each: that the text names the whole town tells nothing apart.
        self.share_held: dict[int, float] = {row: count / len(self.entries) for row, count in held.items()}
        self._buildings: dict[tuple[int, str], list[int]] = defaultdict(list)
        self._cells: dict[tuple[int, str], int] = {}
        self._spread: dict[int, set[int | None]] = defaultdict(set)
        self._listed: set[int] = set()
        self.owner_of: dict[int, tuple[int, str]] = {}
        self.words: tuple[Word, ...] = tuple(self._words())
        self._automaton = _automaton({word.text: row for row, word in enumerate(self.words)})
        self._sounds = _automaton(self._sound_keys())
        self.pairs: dict[str, tuple[tuple[int, int], ...]] = self._build_pairs()
        self.slips = Slips(self.words)

    def chain(self, row: int) -> tuple[int, ...]:
        """Return the rows an entry lies in, nearest first."""
        return self.chains[row]

    def within(self, inner: int, outer: int) -> bool:
        """Tell whether one entry is another or lies in it."""
        return inner == outer or outer in self.chain_sets[inner]

    def area_of(self, row: int) -> int | None:
        """Return the finest area an entry lies in, itself when it is one, or `None`."""
        return next((outer for outer in (row, *self.chains[row]) if self.entries[outer].kind == "area"), None)

    def extent_of(self, row: int) -> int | None:
        """Return the finest area that holds an entry and all its listed buildings, or `None`."""
        areas = {area for area in (self.area_of(row), *self._spread.get(row, ())) if area is not None}
        return self.common_area(sorted(areas)) if areas else None

    def common_area(self, areas: Sequence[int]) -> int | None:
        """Return the finest area that holds all of `areas`, or `None`."""
        first, *others = areas
        lines = (row for row in (first, *self.chains[first]) if self.entries[row].kind == "area")
        return next((row for row in lines if all(self.within(other, row) for other in others)), None)

    def buildings(self, owner: int, key: str) -> list[int]:
        """Return the buildings known under a folded number (3栋) in an estate or area, in order of id."""
        return self._buildings.get((owner, key), [])

    def cell(self, owner: int, key: str) -> int | None:
        """Return the building cell named after a number or range (…1-3栋格, …3巷格), or `None`."""
        return self._cells.get((owner, key))

    def lists_buildings(self, owner: int) -> bool:
        """Tell whether any building of the estate is in the gazetteer."""
        return owner in self._listed

    def exact(self, folded: str) -> Iterator[tuple[int, int, Word]]:
        """Yield start, end and word for every word in folded text, overlapping ones too."""
        if self.words:
            for last, row in self._automaton.iter(folded):
                word = self.words[row]
                yield last + 1 - len(word.text), last + 1, word

    def homophones(self, folded: str) -> Iterator[tuple[int, int, Word]]:
        """Yield start, end and word for every place where folded text sounds like a word of three or more."""
        if len(self._sounds):
            for last, rows in self._sounds.iter(sound_code(folded)):
                for row in rows:
                    word = self.words[row]
                    yield last + 1 - len(word.text), last + 1, word

    def _chain(self, row: int) -> tuple[int, ...]:
        chain: list[int] = []
        parent = self.entries[row].parent
        while parent is not None and parent in self.row_of:
            at = self.row_of[parent]
            if at == row or at in chain:
                raise ValueError(f"the entry {self.entries[row].id} lies in itself")
            chain.append(at)
            parent = self.entries[at].parent
        return tuple(chain)

    def _words(self) -> list[Word]:
        meanings: dict[str, dict[int, How]] = defaultdict(dict)
        later: list[int] = []
        for row, entry in enumerate(self.entries):
            if entry.kind == "building":
                later.append(row)
            else:
                self._add_words(meanings, row)
        for row in later:
            self._add_words(meanings, row, with_name=not self._settle_building(meanings, row))
        for row, entry in enumerate(self.entries):
            if entry.kind == "area" and _CELL_NAME.search(self.folded[row]):
                self._settle_building(meanings, row)
        return [self._word(text, meanings[text]) for text in sorted(meanings)]

    def _add_words(self, meanings: dict[str, dict[int, How]], row: int, *, with_name: bool = True) -> None:
        kind = self.entries[row].kind
        names = [self.folded[row]] if with_name else []
        aliases = [fold_name(alias) for alias in self.entries[row].aliases]
        if not with_name:  # 锦埔老村3栋 is found as its estate's other name and a number
            aliases = [alias for alias in aliases if not self._is_numbered(meanings, alias, row)]
        shorts = {text: self._short(text, kind) for text in (*names, *aliases)}
        stems = [stem_form(short or text, kind) for text, short in shorts.items()]
        kinds_of_words: tuple[tuple[How, Iterable[str | None]], ...] = (
            ("name", names),
            ("alias", aliases),
            ("former", map(fold_name, self.entries[row].former)),
            ("short", shorts.values()),
            ("stem", stems),
        )
        for how, texts in kinds_of_words:  # the surest first, so that the first is kept
            for text in texts:
                if text is not None and _is_word(text, how):
                    meanings[text].setdefault(row, how)

    def _short(self, text: str, kind: Kind) -> str | None:
        """Return a name without its generic ending, or a tower's without its number (创业大厦a栋)."""
        if kind == "building":
            cuts = range(_LEAST_TOWER_NAME, len(text))
            return next((text[:cut] for cut in cuts if whole_parts(text[cut:])), None)
        return short_form(text, kind)

    def _word(self, text: str, meanings: dict[int, How]) -> Word:
        order = sorted(meanings, key=lambda row: (_HOWS.index(meanings[row]), self.entries[row].id))
        return Word(text, tuple(Surface(row, meanings[row]) for row in order), stem_length(text))

    def _settle_building(self, meanings: dict[str, dict[int, How]], row: int) -> bool:
        """Put a building under its estate and number, not among the words; tell whether that could be."""
        entry, name = self.entries[row], self.folded[row]
        parent = self.row_of.get(entry.parent) if entry.parent is not None else None
        if parent is not None and (key := whole_parts(name)) and key.building_key:
            self._list_building(parent, key.building_key, row)
            return True
        for cut in range(len(name) - 1, 1, -1):
            owner = self._owner(meanings, name[:cut], row)
            keys = self._building_keys(name[cut:]) if owner is not None else []
            if owner is not None and keys:
                for key_text in keys:
                    self._list_building(owner, key_text, row)
                return True
        return False

    def _is_numbered(self, meanings: dict[str, dict[int, How]], alias: str, row: int) -> bool:
        """Tell whether an alias of a settled building is a word for its estate and the building's number."""
        owner, key = self.owner_of.get(row, (-1, ""))
        cuts = range(_LEAST_WORD, len(alias))
        return any(
            owner in meanings.get(alias[:cut], {}) and key in self._building_keys(alias[cut:]) for cut in cuts
        )

    def _building_keys(self, rest: str) -> list[str]:
        parts = whole_parts(rest.removesuffix("格"))
        return [parts.building_key] if parts and parts.building_key else range_keys(rest)

    def _owner(self, meanings: dict[str, dict[int, How]], text: str, row: int) -> int | None:
        """Return the place called `text` that a building lies in: the one sharing the most areas with it."""
        named = [at for at, how in meanings.get(text, {}).items() if how in {"name", "alias"}]
        fitting = [
            at for at in named if self.entries[at].kind in _OWNER_KINDS and self._share(at, row) is not None
        ]
        return min(fitting, key=lambda at: (-(self._share(at, row) or 0), self.entries[at].id), default=None)

    def _share(self, owner: int, row: int) -> int | None:
        """Return how many areas hold both; `None` when both have areas and share none."""
        shared = len(self.chain_sets[row] & {owner, *self.chains[owner]})
        return shared if shared or not self.chains[owner] or not self.chains[row] else None

    def _list_building(self, owner: int, key: str, row: int) -> None:
        self._spread[owner].add(self.area_of(row))
        if self.entries[row].kind == "area":
            self._cells.setdefault((owner, key), row)
            return
        known = self._buildings[owner, key]
        known[:] = sorted([*known, row], key=lambda at: self.entries[at].id)
        self._listed.add(owner)
        self.owner_of[row] = (owner, key)

    def _sound_keys(self) -> dict[str, tuple[int, ...]]:
        """Return words by their sounds, read character by character and in context."""
        rows: dict[str, list[int]] = defaultdict(list)
        for row, word in enumerate(self.words):
            sounds = sum(reading(character) != character for character in word.text)
            if sounds < _LEAST_SOUNDS or not any(meaning.how in _WHOLE for meaning in word.meanings):
                continue
            for code in {sound_code(word.text), sound_code_in_context(word.text)}:
                rows[code].append(row)
        return {code: tuple(found) for code, found in rows.items()}

    def _build_pairs(self) -> dict[str, tuple[tuple[int, int], ...]]:
        """Return for each pair of neighbouring characters the words with it and where it stands in them."""
        pairs: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for row, word in enumerate(self.words):
            if word.stem < _LEAST_FUZZY_STEM or all(meaning.how == "stem" for meaning in word.meanings):
                continue
            for at in range(word.stem - 1):
                pairs[word.text[at : at + 2]].append((row, at))
        return {pair: tuple(rows) for pair, rows in pairs.items() if len(rows) <= _MOST_NAMES_OF_A_PAIR}


def _is_word(text: str, how: How) -> bool:
    """Tell whether a name can be looked for in running text: no single character, number or everyday word."""
    too_plain = len(text) < _LEAST_WORD or text.isdigit() or whole_parts(text) is not None
    return not too_plain and not (how in {"short", "stem"} and text in COMMON_WORDS)


def _automaton(keys: Mapping[str, object]) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for key in sorted(keys):
        automaton.add_word(key, keys[key])
    if len(automaton):
        automaton.make_automaton()
    return automaton
