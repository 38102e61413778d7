"""A lens in words: what a list shows, for a page's head, a file's cover, a saved view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huying.cases.lists import Order
from huying.cases.models import AskKind, Colour, Status
from huying.cases.narrowing import ANY, ME
from huying.cases.words import item_name
from huying.people.queries import unit_book
from huying.places.queries import town_map
from huying.workbench.models import Listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from django_stubs_ext import StrOrPromise

    from huying.workbench.lens import Lens

TABS: dict[str, StrOrPromise] = {
    "to_sign": gettext_lazy("To sign"),
    "working": gettext_lazy("In progress"),
    "today": gettext_lazy("Due today"),
    "soon": gettext_lazy("Soon due"),
    "overdue": gettext_lazy("Overdue"),
    "to_review": gettext_lazy("To review"),
    "to_rule": gettext_lazy("Applications"),
    "need_info": gettext_lazy("Details asked for"),
    "suspended": gettext_lazy("On hold"),
    "waiting": gettext_lazy("With the resident"),
    "assist": gettext_lazy("We assist"),
    "call_in": gettext_lazy("We are called in"),
    "queue": gettext_lazy("Waiting for dispatch"),
    "returns": gettext_lazy("Returns to rule on"),
}


ORDERS: dict[Order, StrOrPromise] = {
    Order.DUE: gettext_lazy("Nearest time limit first"),
    Order.GRADE: gettext_lazy("Gravest first"),
    Order.NEWEST: gettext_lazy("Newest first"),
    Order.OLDEST: gettext_lazy("Oldest first"),
}


def tell_lens(lens: Lens) -> list[tuple[str, str]]:
    """Return what a list is narrowed to as (what, which) pairs in the reader's language."""
    lines = [(_("List"), str(Listed(lens.listed).label))]
    for name, value in lens.told.items():
        label, words = _WORDS[name]
        lines.append((str(label), words(value)))
    return lines


def _unit(code: str) -> str:
    card = unit_book().by_code.get(code)
    return card.name if card else code


def _area(code: str) -> str:
    area = town_map().by_code(code)
    return area.name if area else code


def _status(key: str) -> str:
    return _("Not ended") if key == "open" else str(Status(key).label)


def _asked(kind: str) -> str:
    return _("any") if kind == ANY else str(AskKind(kind).label)


def _yes(_value: str) -> str:
    return _("yes")


_WORDS: dict[str, tuple[StrOrPromise, Callable[[str], str]]] = {
    "tab": (gettext_lazy("Tab"), lambda key: str(TABS.get(key, key))),
    "q": (gettext_lazy("Words"), str),
    "status": (gettext_lazy("State"), _status),
    "item": (gettext_lazy("Item"), item_name),
    "grade": (gettext_lazy("Grade"), str),
    "unit": (gettext_lazy("Unit"), _unit),
    "area": (gettext_lazy("Area"), _area),
    "handler": (gettext_lazy("Worked on by"), lambda key: _("me") if key == ME else _("nobody yet")),
    "opened_from": (gettext_lazy("Opened from"), str),
    "opened_to": (gettext_lazy("Opened until"), str),
    "supervised": (gettext_lazy("Under supervision only"), _yes),
    "rework": (gettext_lazy("Reworked only"), _yes),
    "many": (gettext_lazy("Several appeals only"), _yes),
    "supervision": (gettext_lazy("Supervision"), lambda key: str(Colour(key).label)),
    "asked": (gettext_lazy("Application"), _asked),
    "urged": (gettext_lazy("Urged only"), _yes),
    "noted": (gettext_lazy("With a leader's instruction only"), _yes),
    "major": (gettext_lazy("Major emergencies only"), _yes),
    "concerns_many": (gettext_lazy("Concerning many only"), _yes),
    "confidential": (gettext_lazy("Confidential only"), _yes),
    "suspended": (gettext_lazy("On hold only"), _yes),
}
