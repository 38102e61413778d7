"""What a whole verdict costs: item, grade, danger, place, days asked for, and twins but for the database."""

from __future__ import annotations

import csv
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import psutil

from huying.triage.core.blend import Blended, History
from huying.triage.core.concepts import concepts_of, wrongs_mask
from huying.triage.core.danger import DangerRules
from huying.triage.core.dangermodel import danger_model
from huying.triage.core.dangerwatch import DangerWatch
from huying.triage.core.itemtext import ItemText
from huying.triage.core.reading import read
from huying.triage.core.signature import Signature
from huying.triage.core.textmodel import TextModel
from huying.triage.core.twins import TwinInput, find_twins, worth_a_look
from huying.triage.core.verdict import judge_many

if TYPE_CHECKING:
    from collections.abc import Sequence

    from report import Report

    from huying.demo.town.rows import AppealRow
    from huying.places.locating import Where
    from huying.places.town import TownMap

ON: Final = date(2026, 3, 2)
WARM, MARKS, BATCH = 300, 40, 256
MB: Final = 2**20


def starter_rows(name: str) -> list[dict[str, str]]:
    """Return a table of the starter catalogue."""
    text = files("huying.catalogue").joinpath("starter", name).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def starter_items() -> tuple[list[ItemText], dict[str, str], dict[str, str]]:
    """Return the items of the starter catalogue, and of each its grade and its group."""
    rows = {row["code"]: row for row in starter_rows("items.csv")}
    items, grades, groups = [], {}, {}
    for row in rows.values():
        if row["level"] == "3":
            second = rows[row["parent"]]
            names = (row["name"], second["name"], rows[second["parent"]]["name"])
            words, told = (tuple(filter(None, row[key].split("|"))) for key in ("keywords", "examples"))
            items.append(ItemText(row["code"], names, words, told))
            grades[row["code"]], groups[row["code"]] = row["grade"], second["code"]
    return items, grades, groups


@dataclass
class Parts:
    """All that stands in memory of a web process that takes appeals in."""

    history: History
    model: Blended
    rules: DangerWatch
    town: TownMap
    grades: dict[str, str]
    groups: dict[str, str]
    marks: list[TwinInput]

    @classmethod
    def made(cls, rows: Sequence[AppealRow], folder: Path | None = None) -> Parts:
        """Learn from the demo's appeals as if people had judged them all, or read what was so learnt."""
        from huying.demo.written import demo_map

        items, grades, groups = starter_items()
        if folder is None:
            history = History.learn([(row.text, row.item, 1.0) for row in rows if row.item in grades], items)
        else:
            history = History.load(folder)
        model = history.beside(TextModel.build(items, version="bench"), number=1)
        rules = DangerWatch(DangerRules.from_rows(starter_rows("danger_phrases.csv")), danger_model())
        parts = cls(history, model, rules, demo_map(), grades, groups, [])
        parts.marks = [parts.marked(row, row.item) for row in rows[:MARKS]]
        return parts

    def marked(self, row: AppealRow, item: str, where: Where | None = None) -> TwinInput:
        """Return an appeal as its twins are looked for."""
        from huying.triage.neighbours import matter_of

        matter = matter_of(row.text, where.said if where else ())
        path = tuple(where.area_path.split("/")) if where else ()
        signature, concepts = Signature.of(matter), concepts_of(matter)
        group = self.groups.get(item)
        return TwinInput(
            row.key, item, group, row.lat, row.lon, path, row.received_at, signature, concepts
        )  # fmt: skip

    def verdicts(self, rows: Sequence[AppealRow]) -> int:
        """Judge appeals in every part; return how many suspicions there were among some stored marks."""
        from huying.places.locating import Told, locate_in

        wheres = locate_in(self.town, [Told(row.lat, row.lon, "", row.text) for row in rows])
        texts = [row.text for row in rows]
        judged = judge_many(texts, self.model, self.rules, grade_of=self.grades.__getitem__)
        stored = [(mark.signature.to_bytes(), mark.concepts) for mark in self.marks]
        found = 0
        for row, where, judgement in zip(rows, wheres, judged, strict=True):
            read(row.text, on=ON)
            best = judgement.suggestions[0].code if judgement.suggestions else ""
            one = self.marked(row, best, where)
            wrongs_mask(one.concepts)
            near = worth_a_look(one.signature, one.concepts, stored)
            found += len(find_twins(one, [self.marks[number] for number in near]))
        return found


def whole(report: Report) -> None:
    """Measure one text to verdict, a batch, and the memory of the process, warm, on one processor."""
    rows = town_rows()
    started = time.process_time()
    parts = Parts.made(rows)
    report.say(
        f"a model of {len(parts.grades)} items from {len(rows)} judged appeals: "
        f"{time.process_time() - started:.0f} s of processor"
    )
    waits, used = [], []
    for row in (*rows[:WARM], *rows):
        began, busy = time.perf_counter(), time.thread_time()
        parts.verdicts([row])
        waits.append((time.perf_counter() - began) * 1000)
        used.append((time.thread_time() - busy) * 1000)
    told = {
        name: {"p50": float(np.percentile(took[WARM:], 50)), "p99": float(np.percentile(took[WARM:], 99))}
        for name, took in (("clock", waits), ("processor", used))
    }
    busy = time.process_time()
    for start in range(0, len(rows), BATCH):
        parts.verdicts(rows[start : start + BATCH])
    batch = len(rows) / (time.process_time() - busy)
    report.keep("whole_verdict", told | {"batch_per_second": batch})
    for name, took in told.items():
        report.say(
            f"one text to verdict, all parts, by {name}: p50 {took['p50']:.2f}, p99 {took['p99']:.2f} ms"
        )
    p99 = told["processor"]["p99"]
    report.goal("one text to verdict, all parts, p99", p99, 10, most=True, unit=" ms of processor")
    report.say(f"batch, all parts with their reasons, one core: {batch:.0f} texts/s")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "learnt"
        parts.history.save(place, learnt_at="2026-01-01T00:00:00+00:00")
        size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file()) / MB
        report.goal("the learnt model of the town on disk", size, 60, most=True, unit=" MB")
        with psutil.Popen([sys.executable, __file__, str(place)], stdin=-1, stdout=-1, text=True) as child:
            child.stdout.readline()
            resident = child.memory_info().rss / MB
            child.stdin.close()
    report.goal("a process with all parts", resident, 400, most=True, unit=" MB")


def town_rows() -> list[AppealRow]:
    """Return the demo's appeals that say something."""
    from huying.demo.town.build import build_town

    return [row for row in build_town(until=ON).appeals if row.text]


def stand(folder: Path) -> None:
    """Judge some appeals as a web process would, say that it is done, and wait to be looked at."""
    rows = town_rows()[: 2 * WARM]
    Parts.made(rows, folder).verdicts(rows)
    print("ready", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huying.site.settings")

    import django

    django.setup()
    stand(Path(sys.argv[1]))
