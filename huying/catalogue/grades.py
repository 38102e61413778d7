"""Grades A to D as the town has them: what each means, whose level answers, who approves, its clocks."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from fractions import Fraction
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from huying.catalogue.core.clock import Limit, Unit
from huying.catalogue.policies import PERCENT
from huying.kit.names import in_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

GRAVEST: Final = "A"
TONES: Final = ("danger", "warn", "info", "quiet")
CLOCKS: Final = ("sign", "contact", "handle")


@dataclass(frozen=True, slots=True)
class GradeRow:
    """One grade. `level` is a key of the area tree, `approver` of a role, `tone` how it is coloured.

    `limits` holds the clocks it sets ("sign", "contact", "handle"); `handle_share` is a part of the item's
    limit instead of a limit of its own.
    """

    key: str
    name: str
    name_en: str = ""
    criteria: str = ""
    level: str = ""
    approver: str = ""
    tone: str = ""
    limits: Mapping[str, Limit] = field(default_factory=dict)
    handle_share: Fraction | None = None

    @property
    def label(self) -> str:
        """Return what a page shows: key and name."""
        return f"{self.key} · {in_language(self.name, self.name_en)}"


class GradeTable:
    """All grades, gravest first."""

    def __init__(self, rows: Iterable[GradeRow]) -> None:
        self.rows = tuple(sorted(rows, key=lambda row: row.key))
        self.by_key = {row.key: row for row in self.rows}

    def label(self, key: str) -> str:
        """Return what a grade is called; the bare key when the town has no such grade."""
        row = self.by_key.get(key)
        return row.label if row else key

    def level(self, key: str) -> str:
        """Return the level of the area tree that answers for a grade, "" when none is named."""
        row = self.by_key.get(key)
        return row.level if row else ""

    def choices(self) -> list[tuple[str, str]]:
        """Return the grades as choices of a form."""
        return [(row.key, row.label) for row in self.rows]


def row_of(values: Mapping[str, object]) -> GradeRow:
    """Return a grade from named values, as a line of the starter file or a row of the table has them."""
    limits: dict[str, Limit] = {}
    share: Fraction | None = None
    for clock in CLOCKS:
        amount, unit = values.get(f"{clock}_amount"), str(values.get(f"{clock}_unit") or "")
        if not amount or not unit:
            continue
        if unit == PERCENT:
            share = Fraction(int(str(amount)), 100)
        else:
            limits[clock] = Limit(int(str(amount)), Unit(unit))
    words = {
        name: str(values.get(name) or "")
        for name in ("key", "name", "name_en", "criteria", "level", "approver", "tone")
    }
    return GradeRow(**words, limits=limits, handle_share=share)


def usual_lines() -> list[dict[str, str]]:
    """Return the lines of the shipped table."""
    text = files("huying.catalogue.starter").joinpath("grades.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


USUAL_GRADES: Final = GradeTable(row_of(line) for line in usual_lines())
