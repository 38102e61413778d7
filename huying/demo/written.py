"""Measures how well places are read: written addresses over the demo town, by level, kind and confidence."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal, cast
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone

from huying.demo.town import geography, names
from huying.places.core.addresses import Gazetteer
from huying.places.core.entries import Entry
from huying.places.core.geometry import AreaIndex
from huying.places.locating import Told, Where, locate_in
from huying.places.town import AreaCard, TownMap

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from huying.places.core.entries import Kind

Half = Literal["build", "judge"]
Mark = Literal["right", "wrong", "unsure", "out"]
LEVELS: Final = ("district", "street", "community", "block", "grid", "cell")
_COMMUNITY, _GRID = LEVELS.index("community"), LEVELS.index("grid")
_BINS: Final = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 1.01)


@dataclass(frozen=True, slots=True)
class Sample:
    """A written address. `expected` names the places that are right; none when nobody could tell.

    `asks`: the community cannot be told from it, so a person has to be asked (between `expected`, if given).
    """

    half: Half
    kind: str
    expected: tuple[str, ...]
    asks: bool
    told: str
    text: str

    @property
    def decidable(self) -> bool:
        """Whether the community can be told."""
        return bool(self.expected) and not self.asks


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a sample: its mark at each level; `out` where the level cannot be told or judged."""

    sample: Sample
    where: Where
    community: Mark
    grid: Mark
    building: Mark
    offered: bool  # what is right is among the choices


@dataclass
class Report:
    """All outcomes of a set."""

    outcomes: list[Outcome] = field(default_factory=list)

    def share(self, level: str, kinds: frozenset[str] | None = None) -> tuple[int, int, int]:
        """Return how many were right, how many decided and how many decidable at a level."""
        marks = [
            getattr(one, level)
            for one in self.outcomes
            if one.sample.decidable and (kinds is None or one.sample.kind in kinds)
        ]
        counts = Counter(mark for mark in marks if mark != "out")
        return counts["right"], counts["right"] + counts["wrong"], sum(counts.values())

    @property
    def precision(self) -> float:
        """Share right of all that were decided at community level, those included that nobody could tell."""
        decided = [one for one in self.outcomes if one.community in {"right", "wrong"}]
        return sum(one.community == "right" for one in decided) / max(1, len(decided))

    @property
    def coverage(self) -> float:
        """Share decided of what can be decided at community level."""
        _, decided, decidable = self.share("community")
        return decided / max(1, decidable)

    @property
    def overconfident(self) -> list[Outcome]:
        """What was decided wrongly, the surest first."""
        wrong = [one for one in self.outcomes if one.community == "wrong"]
        return sorted(wrong, key=lambda one: -one.where.confidence)

    def calibration(self) -> list[tuple[float, float, int, float, float]]:
        """Return per bin of confidence: from, to, how many, mean confidence, share right."""
        placed = [one for one in self.outcomes if one.where.area_path.count("/") >= _COMMUNITY]
        rows = []
        for low, high in pairwise(_BINS):
            held = [one for one in placed if low <= one.where.confidence < high]
            if held:
                mean = sum(one.where.confidence for one in held) / len(held)
                right = sum(_in_expected(one.sample, one.where, _COMMUNITY) for one in held) / len(held)
                rows.append((low, high, len(held), mean, right))
        return rows

    def calibration_error(self) -> float:
        """Return the expected calibration error at community level, over the bins of `calibration`."""
        rows = self.calibration()
        total = sum(count for _, _, count, _, _ in rows)
        return sum(count * abs(mean - right) for _, _, count, mean, right in rows) / max(1, total)


def read_samples(half: Half | None = None) -> list[Sample]:
    """Read the written addresses of the demo town, of one half or all."""
    lines = (
        files("huying.demo.town").joinpath("data", "addresses.tsv").read_text(encoding="utf-8").splitlines()
    )
    rows = [line.split("\t") for line in lines if not line.startswith("#")][1:]
    samples = [_sample(row) for row in rows]
    return [sample for sample in samples if half is None or sample.half == half]


def _sample(row: Sequence[str]) -> Sample:
    half, kind, expected, told, text = row
    asks = expected.startswith("?")
    named = () if expected == "-" else tuple(filter(None, expected.removeprefix("?").split("/")))
    return Sample(cast("Half", half), kind, named, asks, told, text)


@cache
def demo_map() -> TownMap:
    """Return the demo town's map as it would stand in memory, made without a database."""
    ids = {row["code"]: uuid5(NAMESPACE_URL, row["code"]) for row in geography.areas()}
    paths: dict[str | None, str] = {None: ""}
    areas: dict[str, AreaCard] = {}
    entries: list[Entry] = []
    for row in geography.areas():
        code, rank = row["code"], LEVELS.index(row["level"])
        paths[code] = f"{paths[row['parent']]}/{code}".lstrip("/")
        key = str(ids[code])
        areas[key] = AreaCard(
            ids[code], code, row["name"], row["level"], rank, paths[code], row["lat"], row["lon"]
        )
        parent = str(ids[row["parent"]]) if row["parent"] else None
        former = tuple(name for name, _ in row["old_names"])
        entries.append(
            Entry(
                key,
                "area",
                rank,
                row["name"],
                tuple(row["aliases"]),
                parent,
                row["lat"],
                row["lon"],
                code,
                former,
            )
        )
    shapes = [
        (str(ids[row["code"]]), LEVELS.index(row["level"]), row["boundary"]) for row in geography.areas()
    ]
    town = TownMap(
        areas, AreaIndex(shapes), Gazetteer(()), areas[str(ids[names.DISTRICT_CODE])], timezone.localdate()
    )
    for place in geography.places():
        key, parent = str(uuid5(NAMESPACE_URL, place["id"])), str(ids[place["area"]])
        town.place_area[key], town.place_name[key] = parent, place["name"]
        town.place_point[key] = (place["lat"], place["lon"])
        town.place_code[place["id"]] = key
        entries.append(
            Entry(
                key, cast("Kind", place["kind"]), areas[parent].rank + 1, place["name"],
                tuple(place["aliases"]), parent, place["lat"], place["lon"], place["id"],
                tuple(name for name, _ in place["old_names"]),
            )
        )  # fmt: skip
    town.gazetteer = Gazetteer(entries)
    return town


def measure(samples: Iterable[Sample]) -> Report:
    """Locate every sample in the demo town and mark the answers."""
    kept = list(samples)
    wheres = locate_in(demo_map(), [_told(sample) for sample in kept])
    return Report([_outcome(sample, where) for sample, where in zip(kept, wheres, strict=True)])


def _told(sample: Sample) -> Told:
    how, _, name = sample.told.partition("=")
    if not how:
        return Told(None, None, "", sample.text)
    town, key = demo_map(), places_named(name)[0]
    code = next((code for code, known in town.place_code.items() if known == key), "")
    code = code or town.areas[key].code
    if how == "hint":
        return Told(None, None, "", sample.text, hint=code)
    if how == "code":
        return Told(None, None, "", sample.text, code=code)
    lat, lon = town.place_point[key]
    return Told(lat, lon, "", sample.text)


@cache
def _by_name() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    town = demo_map()
    for key, card in town.areas.items():
        found[card.name].append(key)
    for key, name in town.place_name.items():
        found[name].append(key)
    return found


def places_named(name: str) -> list[str]:
    """Return the ids of everything with this name; KeyError when there is none."""
    found = _by_name().get(name)
    if not found:
        raise KeyError(name)
    return found


def _spread(name: str) -> set[str]:
    """Return the paths a named place may lie in: of an estate, all its buildings' cells."""
    town, paths = demo_map(), set()
    for key in places_named(name):
        paths.add(town.areas[town.place_area.get(key, key)].path)
        entry = town.gazetteer.entry(key)
        if entry.kind == "estate":
            paths |= {
                town.areas[town.place_area[one]].path
                for one, called in town.place_name.items()
                if called.startswith(name) and town.gazetteer.entry(one).kind == "building"
            }
    return paths


def _keeps_to(name: str, level: int) -> bool:
    """Tell whether all of a place lies in one area of a level: an estate of several grids has no grid."""
    paths = _spread(name)
    return len({_cut(path, level) for path in paths}) == 1 and all(path.count("/") >= level for path in paths)


def _cut(path: str, level: int) -> str:
    return "/".join(path.split("/")[: level + 1])


def _in_expected(sample: Sample, where: Where, level: int) -> bool:
    paths = {path for name in sample.expected for path in _spread(name) if path.count("/") >= level}
    return _cut(where.area_path, level) in {_cut(path, level) for path in paths} and not sample.asks


def _outcome(sample: Sample, where: Where) -> Outcome:
    right = {_cut(path, _COMMUNITY) for name in sample.expected for path in _spread(name)}
    offered = any(_cut(choice.area_path, _COMMUNITY) in right for choice in where.choices)
    return Outcome(
        sample,
        where,
        _mark(sample, where, _COMMUNITY),
        _mark(sample, where, _GRID),
        _building(sample, where),
        offered,
    )


def _mark(sample: Sample, where: Where, level: int) -> Mark:
    decided = where.sure and where.area_path.count("/") >= level
    tellable = (
        not sample.asks and bool(sample.expected) and all(_keeps_to(name, level) for name in sample.expected)
    )
    if not tellable:
        return "wrong" if decided and level == _COMMUNITY else "out"
    if not decided:
        return "unsure"
    return "right" if _in_expected(sample, where, level) else "wrong"


def _building(sample: Sample, where: Where) -> Mark:
    town = demo_map()
    keys = [key for name in sample.expected for key in places_named(name)]
    if sample.asks or not keys or any(town.gazetteer.entry(key).kind != "building" for key in keys):
        return "out"
    if (
        not where.sure
        or where.place_id is None
        or town.gazetteer.entry(str(where.place_id)).kind != "building"
    ):
        return "unsure"
    return "right" if where.place_id in {UUID(key) for key in keys} else "wrong"
