"""Columns a list can show, in the order they are offered: read by the desk's tables and by files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from huying.catalogue.queries import published
from huying.kit.names import in_language
from huying.places.queries import town_map

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django_stubs_ext import StrOrPromise

    from huying.cases.models import Case
    from huying.kit.tabular import Cell


@dataclass(frozen=True)
class Column:
    """One column: its heading, what a file holds in it, and in which order the list then stands, if any."""

    key: str
    label: StrOrPromise
    cell: Callable[[Case], Cell]
    order: str = ""


def _item(case: Case) -> str:
    if case.item is None:
        return ""
    return in_language(case.item.name, case.item.name_en)


def _group(case: Case) -> str:
    """Return the name of the uppermost level of the catalogue the case belongs to."""
    line = published().line(case.item_code) if case.item_code in published().by_code else []
    return in_language(line[0].name, line[0].name_en) if line else ""


def _area(case: Case) -> str:
    """Return the community a case lies in, or the nearest wider area known."""
    town, codes = town_map(), case.area_path.split("/")
    area = town.by_code(codes[min(2, len(codes) - 1)])
    return area.name if area else ""


COLUMNS: tuple[Column, ...] = (
    Column("due", _("Time limit"), lambda case: case.next_due_at, "due"),
    Column("status", _("State"), lambda case: str(case.get_status_display())),
    Column("grade", _("Grade"), lambda case: case.grade, "grade"),
    Column("place", _("Place"), lambda case: case.place_name),
    Column("unit", _("Unit"), lambda case: case.unit.name if case.unit else ""),
    Column("opened", _("Opened"), lambda case: case.opened_at, "newest"),
    Column("handler", _("Worked on by"), lambda case: str(case.handler) if case.handler else ""),
    Column("item", _("Item"), _item),
    Column("group", _("Group of items"), _group),
    Column("area", _("Community"), _area),
    Column("voices", _("Appeals"), lambda case: case.appeal_count),
    Column("round", _("Times reworked"), lambda case: case.round),
    Column("signed", _("Signed"), lambda case: case.signed_at),
    Column("contacted", _("First contact"), lambda case: case.contacted_at),
    Column("replied", _("Replied"), lambda case: case.replied_at),
    Column("closed", _("Closed"), lambda case: case.closed_at),
    Column("solved", _("Solved?"), lambda case: str(case.get_resolution_display() or "")),
    Column("closure", _("How it was closed"), lambda case: str(case.get_closure_display() or "")),
)
COLUMN = {column.key: column for column in COLUMNS}
# What a list shows to who has chosen nothing.
USUAL = ("due", "status", "grade", "place", "unit", "opened")


def known_columns(keys: Iterable[str]) -> tuple[str, ...]:
    """Return those of the keys that are columns, each once, in the order given."""
    return tuple(dict.fromkeys(key for key in keys if key in COLUMN))
