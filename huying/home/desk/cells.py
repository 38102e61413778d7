"""The cells of a list's table: each column of the workbench as the desk shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huying.home.desk.choosing import item_name
from huying.ui.templatetags.ui import due, grade, status, tag, when
from huying.workbench.columns import COLUMN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from django.utils.safestring import SafeString
    from django_stubs_ext import StrOrPromise

    from huying.cases.models import Case

# A place told in more words is a line of areas: street, community, grid, cell.
MOST_WORDS = 2
NOTHING = gettext_lazy("No clock is running")


@dataclass(frozen=True)
class Cell:
    """One cell: what it shows, the class of its column, and its label where rows are cards ("" for none)."""

    shown: StrOrPromise
    css: str = ""
    label: StrOrPromise = ""


def short_place(name: str) -> str:
    """Return a place as a row has room for it: of a line of areas only the community and the finest."""
    line = name.split(" ")
    return f"{line[1]} {line[-1]}" if len(line) > MOST_WORDS else name


def _due(case: Case, now: datetime) -> SafeString:
    if case.next_due_at is None:
        return format_html('<span class="muted" title="{}">—</span>', NOTHING)
    return due(case.next_due_at, now, case.warn_at)


def _status(case: Case, _now: datetime) -> SafeString:
    marks = [status(case.status)]
    if case.round:
        marks.append(tag(_("Rework"), "bad", "return"))
    if case.supervised:
        marks.append(tag(_("Supervised"), "solid-bad", "flag"))
    if case.concerns_many:
        marks.append(tag(_("Many people"), "warn", "users"))
    return format_html("{} " * len(marks), *marks)


def _moment(name: str) -> Callable[[Case, datetime], SafeString]:
    return lambda case, _now: when(getattr(case, name), "short")


# Columns that are more than the words a file holds, and the class their cells have.
_SHOWN: dict[str, Callable[[Case, datetime], StrOrPromise]] = {
    "due": _due,
    "status": _status,
    "grade": lambda case, _now: grade(case.grade),
    "place": lambda case, _now: short_place(case.place_name),
    "item": lambda case, _now: item_name(case.item),
    "opened": _moment("opened_at"),
    "signed": _moment("signed_at"),
    "contacted": _moment("contacted_at"),
    "replied": _moment("replied_at"),
    "closed": _moment("closed_at"),
}
_CLASSES = {
    "place": "table-place", "unit": "table-unit", "opened": "keep", "signed": "keep", "contacted": "keep",
    "replied": "keep", "closed": "keep",
}  # fmt: skip
# Marks that speak for themselves on a card.
_UNLABELLED = frozenset({"due", "status", "grade"})


def cells_of(case: Case, columns: Sequence[str], now: datetime) -> list[Cell]:
    """Return the cells of one row in the order of the columns."""
    found = []
    for key in columns:
        show = _SHOWN.get(key)
        words = show(case, now) if show else str(COLUMN[key].cell(case))
        label = "" if key in _UNLABELLED else COLUMN[key].label
        found.append(Cell(words or "—", _CLASSES.get(key, ""), label))
    return found
