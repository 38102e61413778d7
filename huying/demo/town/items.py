"""What the demo needs to know of a catalogue item, and a reader of the starter catalogue's table."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Protocol

from huying.catalogue.core.clock import Limit, Unit


class ItemRow(Protocol):
    """A leaf of the catalogue; the published catalogue's cards fit as they are."""

    @property
    def code(self) -> str:
        """Code of the item."""

    @property
    def name(self) -> str:
        """Name of the item."""

    @property
    def grade(self) -> str:
        """Grade A to D."""

    @property
    def keywords(self) -> tuple[str, ...]:
        """Words that tell the item."""

    @property
    def examples(self) -> tuple[str, ...]:
        """Example phrasings."""

    @property
    def urgent(self) -> bool:
        """Whether it is worked on round the clock."""

    @property
    def limit(self) -> Limit:
        """How long handling may take."""

    @property
    def lead(self) -> str:
        """Key of the duty role that leads."""

    @property
    def fallback(self) -> str:
        """Key of the duty role that takes it when nobody else does."""


@dataclass(frozen=True, slots=True)
class PlainItem:
    """An item read from a table."""

    code: str
    name: str
    grade: str
    urgent: bool
    limit: Limit
    keywords: tuple[str, ...]
    examples: tuple[str, ...]
    lead: str
    fallback: str


def starter_items() -> tuple[PlainItem, ...]:
    """Read the leaves of the starter catalogue."""
    text = files("huying.catalogue").joinpath("starter", "items.csv").read_text(encoding="utf-8-sig")
    return tuple(
        PlainItem(
            code=row["code"],
            name=row["name"],
            grade=row["grade"],
            urgent=row["urgent"] == "yes",
            limit=Limit(int(row["handle_amount"]), Unit(row["handle_unit"])),
            keywords=_parts(row["keywords"]),
            examples=_parts(row["examples"]),
            lead=row["lead"],
            fallback=row["fallback"],
        )
        for row in csv.DictReader(text.splitlines())
        if row["lead"]
    )


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)


def groups_led_by(roles: Sequence[str], items: Sequence[ItemRow]) -> list[str]:
    """Return the second-level codes (four digits) of the items these duty roles lead."""
    return sorted({item.code[:4] for item in items if item.lead in roles})
