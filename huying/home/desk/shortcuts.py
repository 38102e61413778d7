"""Keyboard shortcuts of the desk: one table, read by the page that lists them and the script that obeys them.

Single keys are only comfort, never active while one types, and can be switched off (WCAG 2.1.4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huying.cases.moves import MOVE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django_stubs_ext import StrOrPromise

    from huying.home.desk.frame import Entry

OFF_COOKIE = "shortcuts"


@dataclass(frozen=True)
class Shortcut:
    """A key (or two, one after the other) and what it does.

    `does` is a word the script knows: help, search, next, previous, open, close, act (`on` is the key of a
    move), go (a page), pick (the number of a suggestion), press or focus (a selector).
    """

    keys: str
    label: StrOrPromise
    does: str
    on: str = ""


@dataclass(frozen=True)
class Group:
    """Shortcuts of one kind of page."""

    label: StrOrPromise
    shortcuts: tuple[Shortcut, ...]


def _act(keys: str, move: str) -> Shortcut:
    return Shortcut(keys, MOVE[move].label, "act", move)


ANYWHERE = Group(
    _("Anywhere"),
    (
        Shortcut("?", _("Show these shortcuts"), "help"),
        Shortcut("/", _("Search"), "search"),
        Shortcut("Escape", _("Close what lies on top"), "close"),
    ),
)
LISTS = Group(
    _("In a list"),
    (
        Shortcut("j", _("Next row; with a case open, the next case"), "next"),
        Shortcut("k", _("Previous row or case"), "previous"),
        Shortcut("o", _("Open the case beside the list"), "open"),
    ),
)
# Signing and other acts without questions are only brought under the finger; Enter makes them.
CASE = Group(
    _("On a case"),
    (
        _act("s", "sign"), _act("r", "reply"), _act("c", "first_contact"), _act("d", "dispatch"),
        _act("t", "return"), _act("p", "pass_review"), _act("b", "fail_review"), _act("n", "note"),
    ),
)  # fmt: skip
CONSOLE = Group(
    _("In the dispatch console"),
    (
        Shortcut("1", _("First suggestion; Enter dispatches"), "pick", "1"),
        Shortcut("2", _("Second suggestion"), "pick", "2"),
        Shortcut("3", _("Third suggestion"), "pick", "3"),
        Shortcut("u", _("Another item or unit"), "focus", "#console-item"),
        Shortcut("l", _("Put it off, take the next one"), "press", "[data-later]"),
    ),
)
PAGES = (
    ("t", "desk:today"), ("i", "desk:inbox"), ("q", "desk:queue"), ("d", "desk:console"),
    ("r", "desk:returns"), ("a", "desk:area"), ("g", "desk:grid"), ("e", "desk:enter"),
    ("n", "desk:notices"), ("p", "desk:phrases"),
)  # fmt: skip


def shortcuts_for(menu: Iterable[Entry]) -> list[Group]:
    """Return the shortcuts of somebody with this menu: what leads to a page follows the pages they have."""
    pages = {entry["url"]: entry["label"] for entry in menu}
    ways = tuple(
        Shortcut(f"g {key}", pages[url], "go", url) for key, page in PAGES if (url := reverse(page)) in pages
    )
    groups = [ANYWHERE, Group(_("Go to"), ways), LISTS, CASE]
    if reverse("desk:console") in pages:
        groups.append(CONSOLE)
    return groups
