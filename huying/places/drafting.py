"""What a town's own list says: every fault of every line, and drafts of the lines without one."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from huying.kit.errors import Refusal
from huying.kit.text import clean
from huying.places import reasons
from huying.places.actions import CODE_KINDS, AreaDraft, Former, PlaceDraft
from huying.places.core.codes import check
from huying.places.core.coordinates import System
from huying.places.core.names import names_in
from huying.places.core.shapes import Shape, read_shape
from huying.places.grounding import Ground
from huying.places.models import Place, PlaceKind
from huying.places.splitting import address_tail, split_names, split_old_names

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeVar

    from huying.places.listing import Line, TownList

    T = TypeVar("T")

LONGEST_NAME, LONGEST_AREA_NAME, LONGEST_CODE, LONGEST_AREA_CODE = 80, 60, 40, 24
# What lists call the kinds of named places.
KIND_WORDS: dict[str, str] = {
    word: kind
    for kind, words in {
        PlaceKind.ESTATE: "小区 住宅小区 住宅区 花园 城中村 自然村 村 园区 工业区 工业园 estate village",
        PlaceKind.BUILDING: "楼栋 楼 栋 幢 大厦 建筑 建筑物 building",
        PlaceKind.ROAD: "道路 路 街 巷 街巷 桥 road bridge",
        PlaceKind.FACILITY: (
            "设施 公共设施 场所 学校 幼儿园 医院 社康 公园 市场 农贸市场 商场 车站 公交站 地铁站 停车场 广场 "
            "企业 机构 facility school hospital park market station"
        ),
    }.items()
    for word in words.split()
}
# What the ending of a name says its kind is; of an area nothing follows, for its level is not told.
_BY_ENDING = {"estate": "estate", "road": "road"} | dict.fromkeys(("school", "firm", "facility"), "facility")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Remark:
    """What is to say about one line; the line is taken nevertheless when `taken`."""

    line: int
    refusal: Refusal
    taken: bool = False

    @property
    def sentence(self) -> str:
        """The sentence for people, in the language active now."""
        return self.refusal.sentence


@dataclass
class Drafts:
    """What can be taken of a list, and everything there is to say about the rest, line by line."""

    areas: list[AreaDraft] = field(default_factory=list)
    places: list[PlaceDraft] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def refused(self) -> list[Remark]:
        """The faults of lines that cannot be taken."""
        return [remark for remark in self.remarks if not remark.taken]

    @property
    def bad_lines(self) -> int:
        """How many lines cannot be taken."""
        return len({remark.line for remark in self.refused})


def draft_list(
    found: TownList,
    mapping: Mapping[str, str],
    *,
    source: str = "",
    system: System = System.WGS84,
    kind: str = "",
) -> Drafts:
    """Return drafts of the areas and places a list names; nothing is written.

    `mapping` is field → column (see `guess_columns`), `system` what the coordinates are in, `kind` what a
    line is that does not say. Areas of the list count as known for its places, in whatever order they stand.
    """
    drafter = _Drafter(mapping, source=source, system=system, kind=kind)
    read = [told for line in found.lines if (told := drafter.read(line)) is not None]
    of_areas = [told for told in read if told.level]
    of_areas.sort(key=lambda told: drafter.ground.levels[told.level].rank)
    for told in of_areas:
        drafter.take_area(told)
    for told in read:
        if not told.level:
            drafter.take_place(told)
    drafter.drafts.remarks.sort(key=lambda remark: remark.line)
    return drafter.drafts


@dataclass
class _Told:
    """One line, read as far as it can be without knowing the others."""

    line: int
    name: str
    code: str
    kind: str
    level: str
    area: str
    address: str
    aliases: tuple[str, ...]
    old_names: tuple[Former, ...]
    shape: Shape
    faults: list[Refusal]


class _Drafter:
    def __init__(self, mapping: Mapping[str, str], *, source: str, system: System, kind: str) -> None:
        self.mapping, self.source, self.system, self.kind = mapping, source, system, kind
        self.ground = Ground()
        self.places = set(Place.objects.values_list("code", flat=True))
        self.drafts = Drafts()
        self.codes: dict[str, int] = {}

    def read(self, line: Line) -> _Told | None:
        """Return what a line says; None when it is not even a line."""
        if line.wrong:
            self._tell(line.number, list(line.wrong))
            return None
        said = {
            name: _SPACE.sub(" ", clean(line.values.get(self.mapping.get(name, ""), ""))).strip()
            for name in ("name", "code", "kind", "area", "address", "aliases", "old_names", "lat", "lon")
        }
        faults: list[Refusal] = []
        kind, level = self._attempt(faults, self._kind, said["kind"], said["name"]) or ("", "")
        if not said["name"]:
            faults.append(Refusal(reasons.NAME_MISSING))
        shape = self._attempt(faults, read_shape, line.geometry, said["lat"], said["lon"], self.system)
        old_names = self._attempt(faults, split_old_names, said["old_names"])
        aliases = [*split_names(said["aliases"])]
        tail = address_tail(said["address"])
        if tail and not level:
            aliases.append(tail)
        most = LONGEST_AREA_NAME if level else LONGEST_NAME
        named = [said["name"], *aliases, *(former.name for former in old_names or ())]
        faults += [
            Refusal(reasons.TOO_LONG, value=f"{one[:20]}…", most=most) for one in named if len(one) > most
        ]
        longest = LONGEST_AREA_CODE if level else LONGEST_CODE
        if len(said["code"]) > longest:
            faults.append(Refusal(reasons.TOO_LONG, value=f"{said['code'][:20]}…", most=longest))
        return _Told(
            line.number, said["name"], said["code"], kind, level, said["area"], said["address"],
            tuple(one for one in dict.fromkeys(aliases) if one != said["name"]), old_names or (),
            shape or Shape(), faults,
        )  # fmt: skip

    def _attempt(self, faults: list[Refusal], read: Callable[..., T], *told: object) -> T | None:
        try:
            return read(*told)
        except Refusal as refusal:
            faults.append(refusal)
            return None

    def _kind(self, said: str, name: str) -> tuple[str, str]:
        """Return (kind of place, "") or ("", level of area)."""
        word = said or self.kind
        if word.casefold() in KIND_WORDS:
            return KIND_WORDS[word.casefold()], ""
        level = self.ground.level_called(word) if word else None
        if level is not None:
            return "", level
        if said:
            possible = ", ".join([*PlaceKind.values, *self.ground.levels])
            raise Refusal(reasons.KIND_UNKNOWN, kind=said[:20], possible=possible)
        found = names_in(name)
        kind = _BY_ENDING.get(found[-1].kind, "") if found and found[-1].end == len(name) else ""
        if not kind:
            raise Refusal(reasons.KIND_NOT_TOLD, name=name[:20])
        return kind, ""

    def take_area(self, told: _Told) -> None:
        """Draft an area, or tell everything that is wrong with it."""
        faults = told.faults
        if not told.code:
            faults.append(Refusal(reasons.CODE_MISSING))
        elif told.level in CODE_KINDS:
            self._attempt(faults, check, told.code, CODE_KINDS[told.level])
        if told.code and told.code in self.places:
            faults.append(Refusal(reasons.CODE_OF_A_PLACE, code=told.code))
        self._once(told)
        if told.shape.kind_refused:
            faults.append(told.shape.kind_refused)
        parent = self._attempt(faults, self.ground.parent_of, told.code, told.level, told.area, told.shape)
        if faults:
            self._tell(told.line, faults)
            return
        if told.shape.mended:
            self._remark(told.line, told.shape.mended)
        draft = AreaDraft(
            told.code, told.level, told.name, parent, told.aliases, told.shape.boundary, told.shape.lat,
            told.shape.lon, told.old_names,
        )  # fmt: skip
        self.ground.add(draft)
        self.drafts.areas.append(draft)

    def take_place(self, told: _Told) -> None:
        """Draft a place, or tell everything that is wrong with it."""
        faults = told.faults
        told.code = told.code or _own_code(told)
        if self.ground.is_area(told.code):
            faults.append(Refusal(reasons.CODE_OF_AN_AREA, code=told.code))
        self._once(told)
        found = self._attempt(faults, self.ground.area_of, told.area, told.shape, told.address)
        if faults or found is None:
            self._tell(told.line, faults)
            return
        area, elsewhere = found
        if elsewhere is not None:
            self._remark(told.line, elsewhere)
        draft = PlaceDraft(
            told.code, told.kind, told.name, area, told.aliases, told.shape.lat, told.shape.lon,
            told.old_names, self.source,
        )  # fmt: skip
        self.drafts.places.append(draft)

    def _once(self, told: _Told) -> None:
        first = self.codes.setdefault(told.code, told.line) if told.code else told.line
        if first != told.line:
            told.faults.append(Refusal(reasons.CODE_TWICE, code=told.code, line=first))

    def _tell(self, line: int, faults: list[Refusal]) -> None:
        self.drafts.remarks += [Remark(line, fault) for fault in faults]

    def _remark(self, line: int, refusal: Refusal) -> None:
        self.drafts.remarks.append(Remark(line, refusal, taken=True))


def _own_code(told: _Told) -> str:
    """Return a code for a line without one: the same line has the same code in the next year's list."""
    words = f"{told.kind}|{told.name}|{told.area}|{told.address}"
    return f"L{hashlib.sha256(words.encode()).hexdigest()[:15]}"
