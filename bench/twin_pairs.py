"""Pairs of appeals known to be of one matter, or of two: from real messages, the demo town and written pairs.

How they were judged is told in `docs/how-to/twins.md`. Of the real messages only their numbers are kept here.
"""

from __future__ import annotations

import csv
import itertools
import random
import zlib
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from huying.places.core.names import names_in
from huying.triage.core.concepts import concepts_of
from huying.triage.core.signature import Signature
from huying.triage.core.twins import DEFAULT_POLICY, TwinInput
from huying.triage.neighbours import matter_of
from huying.triage.tests.starter import starter_model

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from huying.places.locating import Where

JUDGED: Final = Path(__file__).with_name("twin_matters.csv")
WRITTEN: Final = Path(__file__).parents[1] / "huying/triage/tests/twin_pairs.txt"
TOWN: Final = ZoneInfo("Asia/Shanghai")
NOON: Final = datetime(2026, 3, 2, 12, tzinfo=TOWN)
LAT, LON = 22.6, 114.3
MOST_A_PLACE = 40  # pairs of one truth: two places were the talk of a whole summer
FILES: Final = {"messages": "messages_4326.csv", "replies": "replies_2816.csv"}


@dataclass(frozen=True)
class Told:
    """One appeal before it is marked: its words, when, where, and the words that name the place."""

    key: str
    text: str
    at: datetime
    lat: float | None = None
    lon: float | None = None
    path: tuple[str, ...] = ()
    said: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pair:
    """Two appeals and the truth. `learning` says that the weights may be fitted on it."""

    source: str
    kind: str
    learning: bool
    later: TwinInput
    earlier: TwinInput
    same: bool


def marked(told: Sequence[Told]) -> list[TwinInput]:
    """Return appeals as the pipe would mark them, judged by the starter catalogue."""
    model, groups = starter_model()
    found = []
    for one, guess in zip(told, model.predict_many([one.text for one in told], limit=1), strict=True):
        code, matter = guess[0].code if guess else None, matter_of(one.text, one.said)
        found.append(
            TwinInput(
                one.key, code, groups[code] if code else None, one.lat, one.lon, one.path, one.at,
                Signature.of(matter), concepts_of(matter),
            )
        )  # fmt: skip
    return found


def _half(key: str) -> bool:
    return zlib.crc32(key.encode()) % 2 == 0


def written_pairs() -> Iterator[Pair]:
    """Yield the written pairs: told of spots thirty metres apart, a day apart; odd lines teach."""
    lines = [line for line in WRITTEN.read_text(encoding="utf-8").splitlines() if line[:1] in "=!"]
    told = []
    for number, line in enumerate(lines):
        one, other = line[2:].split(" | ")
        told += [
            Told(f"{number}b", other, NOON, LAT, LON),
            Told(f"{number}a", one, NOON - timedelta(days=1), LAT + 0.00027, LON),
        ]
    placed = marked(told)
    for number, line in enumerate(lines):
        later, earlier = placed[2 * number : 2 * number + 2]
        kind = "other words" if line[0] == "=" else "look-alike"
        yield Pair("written", kind, number % 2 == 0, later, earlier, line[0] == "=")


def town_pairs() -> Iterator[Pair]:
    """Yield pairs of the demo town's voices: one matter in several words, and what else is near then."""
    from huying.demo.town.build import build_town
    from huying.demo.written import demo_map
    from huying.places.locating import Told as ToldPlace
    from huying.places.locating import locate_in

    rows = [row for row in build_town(until=date(2026, 3, 2)).appeals if row.lat is not None]
    rows.sort(key=lambda row: row.received_at)
    wheres = locate_in(demo_map(), [ToldPlace(row.lat, row.lon, "", row.text) for row in rows])
    placed = marked(
        [
            Told(row.key, row.text, row.received_at, row.lat, row.lon, _path(where), where.said)
            for row, where in zip(rows, wheres, strict=True)
        ]
    )  # fmt: skip
    seen: set[str] = set()
    for (earlier, before), (later, after) in itertools.combinations(zip(placed, rows, strict=True), 2):
        if after.received_at - before.received_at > DEFAULT_POLICY.window or not _near(earlier, later):
            continue
        said = "".join(sorted((before.text, after.text)))
        same = bool(before.matter) and _story(before.matter) == _story(after.matter)
        # The same item by chance at the same spot: whether it is one incident, nobody wrote down.
        if said in seen or (not same and before.item == after.item):
            continue
        seen.add(said)
        kind = "same place, other matter" if not same else "one matter"
        yield Pair("town", kind, _half(before.matter or before.area), later, earlier, same)


def _path(where: Where) -> tuple[str, ...]:
    return tuple(where.area_path.split("/"))


def _story(matter: str) -> str:
    """Return the incident: a rising matter is cut into cases of nine voices, all of one cause."""
    return matter if matter.startswith("twin-") else matter.rpartition("-")[0]


def _near(a: TwinInput, b: TwinInput) -> bool:
    return abs((a.lat or 0) - (b.lat or 0)) < 0.00135 and abs((a.lon or 0) - (b.lon or 0)) < 0.00145


def real_pairs(folder: Path) -> Iterator[Pair]:
    """Yield pairs of real messages of one place, as a person judged them; what was unclear is left out."""
    texts = _real_texts(folder)
    told: dict[str, list[tuple[str, set[str], Told]]] = defaultdict(list)
    with JUDGED.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = f"{row['file']}-{row['id']}"
            body, at = texts[key]
            said = tuple(sorted({name.text for name in names_in(body)}, key=len, reverse=True))
            one = Told(key, body, at, path=("D", "S", "C", "B", row["place"]), said=said)
            told[row["place"]].append((row["matter"], set(filter(None, row["unclear"].split())), one))
    dice = random.Random(4326)
    for place, messages in told.items():
        messages.sort(key=lambda message: message[2].at)
        appeals = marked([one for _, _, one in messages])
        judged: dict[bool, list[Pair]] = {True: [], False: []}
        for a, b in itertools.combinations(range(len(messages)), 2):
            (matter, unclear, one), (other_matter, _, other) = messages[a], messages[b]
            if other.key in unclear:
                continue
            same, later = matter == other_matter, appeals[b]
            # Told months apart, two messages are as alike as told within the fortnight.
            apart = (appeals[b].at - appeals[a].at) % DEFAULT_POLICY.window
            later = replace(later, at=appeals[a].at + apart)
            kind = "repeated matter" if same else "same place, other matter"
            judged[same].append(Pair("real", kind, _half(place), later, appeals[a], same))
        for pairs in judged.values():
            yield from dice.sample(pairs, min(len(pairs), MOST_A_PLACE))


def _real_texts(folder: Path) -> dict[str, tuple[str, datetime]]:
    """Return the body and moment of each real message, by file and number."""
    found = {}
    for key, name in FILES.items():
        with (folder / name).open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                told = (" ".join(row["留言详情"].split()), _moment(row["留言时间"]))
                found[f"{key}-{row['留言编号']}"] = told
    return found


def _moment(text: str) -> datetime:
    for form in ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M"):
        try:
            return datetime.strptime(text.strip(), form).replace(tzinfo=TOWN)
        except ValueError:
            continue
    raise ValueError(text)
