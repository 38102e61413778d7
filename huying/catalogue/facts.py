"""What happens to the catalogue, the calendar, clocks and grades, as facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from huying.ledger.chain import FactBody


@dataclass(frozen=True)
class CatalogueDrafted(FactBody):
    """A version was read in."""

    number: int
    name: str
    items: int
    sha256: str


@dataclass(frozen=True)
class CataloguePublished(FactBody):
    """A version came into force; open cases keep theirs."""

    number: int


@dataclass(frozen=True)
class CatalogueRetired(FactBody):
    """A version was followed by another."""

    number: int


@dataclass(frozen=True)
class DaysSet(FactBody):
    """Days of the calendar were written; each line is date, kind, name, provisional, hours."""

    edition: int
    source: str
    days: list[list[str]]
    before: list[list[str]]
    dropped: list[list[str]]


@dataclass(frozen=True)
class DayCleared(FactBody):
    """A day is again what its weekday says."""

    edition: int
    before: list[str]


@dataclass(frozen=True)
class HoursSet(FactBody):
    """Working hours were added or changed."""

    edition: int
    hours: dict[str, Any]
    before: dict[str, Any]


@dataclass(frozen=True)
class HoursRemoved(FactBody):
    """Working hours were taken away."""

    edition: int
    before: dict[str, Any]


@dataclass(frozen=True)
class ClockSet(FactBody):
    """A clock of the town was set from a day on; `before` is amount, unit and basis."""

    edition: int
    key: str
    amount: int
    unit: str
    basis: str
    valid_from: str
    before: list[Any]


@dataclass(frozen=True)
class GradeSet(FactBody):
    """What a grade means was changed."""

    edition: int
    key: str
    values: dict[str, Any]
    before: dict[str, Any]
