"""What happens to a list that is taken out, as facts of the ledger."""

from __future__ import annotations

from dataclasses import dataclass

from huying.ledger.chain import FactBody


@dataclass(frozen=True)
class ListAskedFor(FactBody):
    """Somebody asked for a list as a file: what for, which cases, with residents' numbers or not."""

    why: str
    listed: str
    filters: dict[str, object]
    columns: list[str]
    contacts: bool


@dataclass(frozen=True)
class ListWritten(FactBody):
    """The file was written. `more` says that it holds the first rows only; `sha256` is that of the file."""

    rows: int
    more: bool
    contacts: bool
    sha256: str


@dataclass(frozen=True)
class ListFailed(FactBody):
    """The file could not be written."""

    reason: str


@dataclass(frozen=True)
class ListTaken(FactBody):
    """Its owner downloaded the file."""

    rows: int


@dataclass(frozen=True)
class ListDeleted(FactBody):
    """The file was deleted when its time was over."""

    rows: int


@dataclass(frozen=True)
class ModuleSwitched(FactBody):
    """A part of Huying was switched on or off for the town."""

    module: str
    is_on: bool
