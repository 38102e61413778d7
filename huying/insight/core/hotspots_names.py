"""The names of estates, roads, schools and firms a body of texts knows, learnt from the texts themselves."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

import ahocorasick

from huying.places.core.names import NameKind, names_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HAN: Final = re.compile("[\u3400-\u9fff]")
LETTERED: Final = re.compile("[A-Z]\\d{0,2}[市区县]|西地省")
"""Where a town was made nameless its parts are letters: A市A3区."""
Kind: TypeAlias = NameKind | Literal["joined", "phrase"]

KIND_WEIGHT: Final[Mapping[Kind, float]] = {
    "estate": 1.0,
    "school": 1.0,
    "firm": 0.9,
    "facility": 0.9,
    "road": 0.6,
    "area": 0.4,
    "joined": 0.8,  # no ending says so, only that its words stand together
    "phrase": 0.1,
}
NESTED: Final = 0.4
"""A name within a longer one (滨河苑 in 伊景园滨河苑) speaks this loud."""

# Endings that people leave out or add freely.
_LOOSE_ENDING: Final = re.compile(
    "(?:住宅小区|安置小区|小区|社区|街道办事处|街道办|物业|[一二三四五六七八九十\\d]+期)$"
)
# Names that only say what kind of place it is.
_GENERIC: Final = re.compile(
    "(?:职业|技术|科技|外国语|实验|附属|双语|国际|中心|人民|妇幼|儿童|中医|集团|有限|责任|股份|投资|置业|建设|"
    "工程|开发|物业|服务|管理|电信|移动|地铁|轨道|公交|燃气|水务|供水|城投|城建|前期|最近|别的|距离|改善|维护|"
    "家属|封闭式|垃圾|社区|卫生|中|小|大|高|快速|断头|必经之|水泥|泥巴|走投无|隔音|第?[一二三四五六七八九十]+)*"
    "(?:学院|大学|学校|小学|中学|幼儿园|医院|公司|集团|物业|小区|转运站|垃圾站|服务中心|派出所|路|隧道)|"
    "大街小巷|城中村"
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
    if not HAN.search(text):
        return {}
    found = ((bare(named.text), named.kind) for named in names_in(text))
    return {name: kind for name, kind in found if not _GENERIC.fullmatch(name)}


class Names:
    """All names that at least two texts showed by their form; then found in any text, whatever its form.

    A form that only drags words along (救救广铁集团 beside 广铁集团) is told as the shorter one.
    """

    __slots__ = ("_automaton", "_kinds", "_true", "counts")

    def __init__(self, counts: Mapping[str, int], kinds: Mapping[str, Kind]) -> None:
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
    def learnt(cls, shown: Iterable[Mapping[str, NameKind]], joined: Mapping[str, tuple[int, Kind]]) -> Names:
        """Learn from what `own_names` found in each text, and from what `joined_names` found in all."""
        counts: Counter[str] = Counter()
        kinds: dict[str, Counter[NameKind]] = {}
        for names in shown:
            counts.update(names.keys())
            for name, kind in names.items():
                kinds.setdefault(name, Counter())[kind] += 1
        known = {
            name: count for name, count in counts.items() if count >= _KNOWN_FROM and len(name) >= _LEAST
        }
        kind_of: dict[str, Kind] = {
            name: max(kinds[name].items(), key=lambda kind: (kind[1], kind[0]))[0] for name in known
        }
        for name, (count, form) in joined.items():
            if name not in known:
                known[name], kind_of[name] = count, form
        return cls(known, kind_of)

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
    def restored(cls, state: Mapping[str, tuple[int, Kind]]) -> Names:
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
