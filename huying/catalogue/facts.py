"""What happens to the catalogue and the calendar, as facts."""

from __future__ import annotations

from dataclasses import dataclass

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
