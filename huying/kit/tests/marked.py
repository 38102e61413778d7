"""Sentences with marked personal data, and how much of it the rules find: recall and precision by kind."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from huying.kit.redact import Kind, find

if TYPE_CHECKING:
    from collections.abc import Iterable

HERE = Path(__file__).parent
LOOK_ALIKE = "="
_MARK = re.compile(r"\{(=|[a-z_]+)\|([^}]*)\}")


@dataclass(frozen=True)
class Mark:
    """What somebody marked from `start` to before `end`: a kind, or LOOK_ALIKE for what has to stay."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Sentence:
    """A sentence without its marks, and the marks."""

    text: str
    marks: tuple[Mark, ...]


def sentences(name: str) -> list[Sentence]:
    """Return the sentences of a file beside this one."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [_read(line) for line in lines if line and not line.startswith("#")]


def _read(line: str) -> Sentence:
    text, marks, at = "", [], 0
    for found in _MARK.finditer(line):
        text += line[at : found.start()]
        marks.append(Mark(len(text), len(text) + len(found[2]), found[1]))
        text += found[2]
        at = found.end()
    return Sentence(text + line[at:], tuple(marks))


@dataclass
class Score:
    """Counts by kind. A mark is found when every sign of it is masked: a part tells the rest."""

    marked: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    masked: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def recall(self, *kinds: str) -> float:
        """Return the share of what is marked (as these kinds, or as any) that is masked whole."""
        names = kinds or [kind for kind in self.marked if kind != LOOK_ALIKE]
        return sum(self.found[name] for name in names) / sum(self.marked[name] for name in names)

    def precision(self, *kinds: str) -> float:
        """Return the share of what is masked (as these kinds, or as any) that touches something marked."""
        names = kinds or list(self.masked)
        return sum(self.right[name] for name in names) / max(1, sum(self.masked[name] for name in names))

    def left_alone(self) -> float:
        """Return the share of the look-alikes of which no sign is masked."""
        return self.found[LOOK_ALIKE] / self.marked[LOOK_ALIKE]


def score(told: Iterable[Sentence]) -> Score:
    """Return how much of what is marked the rules mask, and how much of what they mask is marked."""
    result = Score()
    for one in told:
        spans = find(one.text)
        hidden = {at for span in spans for at in range(span.start, span.end)}
        for mark in one.marks:
            signs = set(range(mark.start, mark.end))
            well = not signs & hidden if mark.kind == LOOK_ALIKE else signs <= hidden
            result.marked[mark.kind] += 1
            result.found[mark.kind] += well
            if not well:
                result.missed.append(f"{mark.kind} {one.text[mark.start : mark.end]} in {one.text}")
        for span in spans:
            touches = any(
                mark.start < span.end and span.start < mark.end and mark.kind != LOOK_ALIKE
                for mark in one.marks
            )
            name = Kind(span.kind).name.lower()
            result.masked[name] += 1
            result.right[name] += touches
            if not touches:
                result.wrong.append(f"{name} {one.text[span.start : span.end]} in {one.text}")
    return result
