"""What happens at the duty board, as facts of the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from huying.ledger.chain import FactBody


@dataclass(frozen=True)
class AlertAcknowledged(FactBody):
    """Somebody on duty has seen an alert and takes it up."""

    key: str
    kind: str
    note: str


@dataclass(frozen=True)
class WallScreenSet(FactBody):
    """A screen on a wall may show the board of an area."""

    name: str
    area: str
    ends_at: str


@dataclass(frozen=True)
class WallScreenRevoked(FactBody):
    """The link of a screen was taken back."""

    name: str


@dataclass(frozen=True)
class IncidentOpened(FactBody):
    """Something out of the ordinary is led from one place from now on."""

    title: str
    kind: str
    area: str
    since: str
    spokes_unit: str
    is_drill: bool


@dataclass(frozen=True)
class GroupFormed(FactBody):
    """A working group was formed, or another lead or other units were given to it."""

    group: str
    name: str
    lead: str
    members: list[str]


@dataclass(frozen=True)
class IncidentTaskSet(FactBody):
    """A group was given a task."""

    task: str
    group: str
    words: str
    due_at: str


@dataclass(frozen=True)
class IncidentTaskEnded(FactBody):
    """A task was done, with its proof, or is no longer needed, and why."""

    task: str
    state: str
    words: str


@dataclass(frozen=True)
class IncidentTaskLate(FactBody):
    """The time of a task passed and nobody had said that it is done; told once."""

    task: str
    group: str
    words: str
    due_at: str


@dataclass(frozen=True)
class StatementDrafted(FactBody):
    """The one unit that speaks for the town drafted a statement."""

    number: int
    words: str


@dataclass(frozen=True)
class StatementDecided(FactBody):
    """A statement was approved and is shown to residents, or was not, and why."""

    number: int
    approved: bool
    reason: str


@dataclass(frozen=True)
class StatementTakenDown(FactBody):
    """A statement is no longer shown."""

    number: int
    reason: str


@dataclass(frozen=True)
class IncidentReported(FactBody):
    """The report of a day was made."""

    day: str


@dataclass(frozen=True)
class IncidentClosed(FactBody):
    """The incident is over; what came of it."""

    words: str


@dataclass(frozen=True)
class KindOfIncidentSet(FactBody):
    """A kind of incident was named, switched off or on; `before` is its name, English name and state."""

    key: str
    name: str
    name_en: str
    is_active: bool
    before: list[Any]
