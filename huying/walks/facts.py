"""What happens to walks, drives and indices, as facts."""

from __future__ import annotations

from dataclasses import dataclass

from huying.ledger.chain import FactBody


@dataclass(frozen=True)
class ThemeSet(FactBody):
    """A theme was named, renamed, or put out of use."""

    area: str
    name: str
    is_active: bool


@dataclass(frozen=True)
class ChecklistSet(FactBody):
    """A theme got a new version of its checklist."""

    number: int
    lines: list[list[str]]


@dataclass(frozen=True)
class MonthPlanned(FactBody):
    """An area set the theme and the key task of a month."""

    area: str
    month: str
    theme: str
    key_task: str


@dataclass(frozen=True)
class WalkPlanned(FactBody):
    """A walk was planned, or its plan was changed; all of it is here."""

    number: str
    area: str
    on: str
    theme: str
    checklist: int
    walkers: list[list[str]]
    stops: list[str]
    changed: bool


@dataclass(frozen=True)
class WalkCalledOff(FactBody):
    """A walk does not take place."""

    number: str
    reason: str


@dataclass(frozen=True)
class WalkFound(FactBody):
    """A walk found something; what became of it is told by its appeal."""

    number: str
    appeal: str
    how: str
    line: str
    late: bool


@dataclass(frozen=True)
class WalkEnded(FactBody):
    """A walk ended: what was seen, of how many lines of its checklist; `again` when a second phone told."""

    number: str
    seen: list[str]
    checked: int
    findings: int
    again: bool


@dataclass(frozen=True)
class DriveSet(FactBody):
    """A drive was set up or changed: its area, items and days are the rule its cases belong by."""

    name: str
    area: str
    items: list[str]
    starts_on: str
    ends_on: str


@dataclass(frozen=True)
class DriveMarked(FactBody):
    """A case was put into a drive, or taken out of it, by hand."""

    case: str
    is_in: bool
    reason: str


@dataclass(frozen=True)
class QuantityEntered(FactBody):
    """A drive's ledger got a line."""

    on: str
    what: str
    quantity: str
    measure: str


@dataclass(frozen=True)
class QuantityStruck(FactBody):
    """A line of a drive's ledger was struck out."""

    what: str
    quantity: str
    reason: str


@dataclass(frozen=True)
class IndexTakenIn(FactBody):
    """Values of a series were taken in from a file; those that stood there for the same day were replaced."""

    name: str
    file: str
    sha256: str
    values: int
    replaced: int
