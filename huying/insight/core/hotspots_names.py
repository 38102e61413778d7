"""The names of estates, roads, schools and firms a body of texts knows, learnt from the texts themselves."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

import ahocorasick

from huying.places.core.names import NameKind, names_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HAN: Final = re.compile("[\u3400-\u9fff]")
LETTERED: Final = re.compile("[A-Z]\\d{0,2}[市区县]|西地省")
"""Where a town was made nameless its parts are letters: A市A3区."""
KIND_WEIGHT: Final[Mapping[NameKind, float]] = {
    "estate": 1.0,
    "school": 1.0,
    "firm": 0.9,
    "facility": 0.9,
    "road": 0.6,
    "area": 0.4,
}
NESTED: Final = 0.4
"""A name within a longer one (滨河苑 in 伊景园滨河苑) speaks this loud."""

# Endings that people leave out or add freely.
_LOOSE_ENDING: Final = re.compile(
    "(?:住宅小区|安置小区|小区|社区|街道办事处|街道办|物业|[一二三四五六七八九十\\d]+期)$"
)
_LEAST: Final = 3
_KNOWN_FROM: Final = 2
_CLEARER: Final = 2  # a shorter form told this many times as often is the name, the rest is sentence


class Spotted(NamedTuple):
    """A known name in a text: where it stands, what it is called, and whether within a longer one."""

    start: int
    end: int
    name: str
    nested: bool


def bare(name: str) -> str:
    """Return a name without lettered areas before it and loose endings behind it."""
    name = LETTERED.sub("", name)
    shorter = _LOOSE_ENDING.sub("", name)
    return shorter if len(shorter) >= _LEAST else name


def own_names(text: str) -> dict[str, NameKind]:
    """Return the names a Chinese text shows by their form alone."""
    return {bare(found.text): found.kind for found in names_in(text)} if HAN.search(text) else {}


class Names:
    """All names that at least two texts showed by their form; then found in any text, whatever its form.

    A form that only drags words along (救救广铁集团 beside 广铁集团) is told as the shorter one.
    """

    __slots__ = ("_automaton", "_kinds", "_true", "counts")

    def __init__(self, counts: Mapping[str, int], kinds: Mapping[str, NameKind]) -> None:
        """Know names by in how many texts each was seen, and what each is."""
        self.counts = {name: counts[name] for name in sorted(counts)}
        self._kinds = {name: kinds[name] for name in self.counts}
        self._true = {name: self._truest(name) for name in self.counts}
        self._automaton = ahocorasick.Automaton()
        for name in self.counts:
            self._automaton.add_word(name, name)
        if self.counts:
            self._automaton.make_automaton()

    @classmethod
    def learnt(cls, shown: Iterable[Mapping[str, NameKind]]) -> Names:
        """Learn from what `own_names` found in each text."""
        counts: Counter[str] = Counter()
        kinds: dict[str, Counter[NameKind]] = {}
        for names in shown:
            counts.update(names.keys())
            for name, kind in names.items():
                kinds.setdefault(name, Counter())[kind] += 1
        known = {
            name: count for name, count in counts.items() if count >= _KNOWN_FROM and len(name) >= _LEAST
        }
        return cls(
            known, {name: max(kinds[name].items(), key=lambda kind: (kind[1], kind[0]))[0] for name in known}
        )

    def spotted(self, text: str) -> list[Spotted]:
        """Return the known names in a text: the longest first, and those that lie within one of them."""
        if not self.counts:
            return []
        found = [(end - len(name) + 1, end + 1, name) for end, name in self._automaton.iter(text)]
        found.sort(key=lambda hit: (hit[0] - hit[1], hit[0]))
        kept: list[Spotted] = []
        for start, end, name in found:
            around = next((one for one in kept if start < one.end and end > one.start), None)
            if around is None or (around.start <= start and end <= around.end):
                kept.append(Spotted(start, end, self._true[name], around is not None))
        return kept

    def weight(self, name: str) -> float:
        """Return how well a name tells one place from another by its kind."""
        return KIND_WEIGHT[self._kinds[name]] if name in self._kinds else KIND_WEIGHT["facility"]

    def state(self) -> dict[str, list[int | str]]:
        """Return what was learnt as JSON-able values, for `restored`."""
        return {name: [count, self._kinds[name]] for name, count in self.counts.items()}

    @classmethod
    def restored(cls, state: Mapping[str, tuple[int, NameKind]]) -> Names:
        """Return the names whose `state` this is."""
        return cls(
            {name: count for name, (count, _) in state.items()},
            {name: kind for name, (_, kind) in state.items()},
        )

    def _truest(self, name: str) -> str:
        true = name
        for start in range(1, len(name) - _LEAST + 1):
            shorter = name[start:]
            if self.counts.get(shorter, 0) >= _CLEARER * self.counts[name]:
                true = shorter
        return true


def _most(counts: Counter[NameKind]) -> NameKind:
    """Return what was counted most; of equals always the same."""
    return max(counts.items(), key=lambda item: (item[1], item[0]))[0]
