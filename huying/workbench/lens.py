"""A lens: one way to look at a list, as it stands in an address, in a saved view, and on an export."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from huying.cases.lists import Order, Tab
from huying.cases.models import AskKind, Colour, Status
from huying.cases.narrowing import ALL, ANY, HANDLERS, MARKS, Narrow
from huying.catalogue.models import Grade
from huying.kit.errors import Refusal
from huying.kit.text import on_one_line
from huying.workbench import reasons
from huying.workbench.columns import USUAL, known_columns
from huying.workbench.models import Listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

LONGEST_WORDS = 200
_CODE = re.compile(r"[0-9A-Za-z_-]{1,40}")
_ITEM = re.compile(r"\d{1,12}")


@dataclass(frozen=True)
class Lens:
    """Which list, which tab of it, what it is searched and narrowed by, which columns, in which order.

    It names no case and gives no right: whoever looks through it sees what is theirs to see.
    """

    listed: Listed
    tab: str = ""
    words: str = ""
    status: str = ""
    narrow: Narrow = ALL
    columns: tuple[str, ...] = USUAL
    order: Order = Order.DUE

    @property
    def told(self) -> dict[str, str]:
        """Return what the list is narrowed to as the address tells it, without what is not said."""
        narrow = self.narrow
        told = {
            "tab": self.tab, "q": self.words, "status": self.status, "item": narrow.item,
            "grade": narrow.grade, "unit": narrow.unit, "area": narrow.area, "handler": narrow.handler,
            "opened_from": narrow.opened_from.isoformat() if narrow.opened_from else "",
            "opened_to": narrow.opened_to.isoformat() if narrow.opened_to else "",
            "supervision": narrow.supervision, "asked": narrow.asked,
            **{mark: "on" if getattr(narrow, mark) else "" for mark in MARKS},
        }  # fmt: skip
        return {name: value for name, value in told.items() if value}

    @property
    def address(self) -> dict[str, str]:
        """Return all of the lens as the words of an address, so that a link shows the same to others."""
        told = self.told
        if self.columns != USUAL:
            told["columns"] = ",".join(self.columns)
        if self.order != Order.DUE:
            told["sort"] = str(self.order)
        return told

    def without(self, *names: str) -> Lens:
        """Return the same lens with these parts left open."""
        return read_lens(
            self.listed,
            {name: value for name, value in self.told.items() if name not in names},
            columns=self.columns,
            order=self.order,
        )

    def on(self, tab: str) -> Lens:
        """Return the same lens on another tab."""
        return replace(self, tab=tab)


def read_lens(
    listed: str, told: Mapping[str, Any], *, columns: Iterable[str] = USUAL, order: str = Order.DUE
) -> Lens:
    """Return the lens that filters kept as JSON (or given to be kept) say.

    Refusal `filter_unreadable` names the part that makes no sense: unknown, or of an impossible value.
    """
    kept = {name: value for name, value in told.items() if value not in ("", None)}
    for name, value in kept.items():
        reads = _READS.get(name)
        if reads is None or not isinstance(value, str) or not reads(value):
            raise Refusal(reasons.FILTER_UNREADABLE, what=name)
    if listed not in Listed.values or order not in list(Order):
        raise Refusal(reasons.FILTER_UNREADABLE, what=listed if listed not in Listed.values else order)
    narrow = Narrow(
        item=kept.get("item", ""), grade=kept.get("grade", ""), unit=kept.get("unit", ""),
        area=kept.get("area", ""), handler=kept.get("handler", ""),
        opened_from=_day(kept.get("opened_from")), opened_to=_day(kept.get("opened_to")),
        supervision=kept.get("supervision", ""), asked=kept.get("asked", ""),
        **{mark: mark in kept for mark in MARKS},
    )  # fmt: skip
    return Lens(
        Listed(listed), kept.get("tab", ""), on_one_line(kept.get("q", "")), kept.get("status", ""), narrow,
        known_columns(columns) or USUAL, Order(order),
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


_READS: dict[str, Callable[[str], bool]] = {
    "tab": lambda text: text in list(Tab),
    "q": lambda text: len(text) <= LONGEST_WORDS,
    "status": lambda text: text == "open" or text in Status.values,
    "item": lambda text: bool(_ITEM.fullmatch(text)),
    "grade": lambda text: text in Grade.values,
    "unit": lambda text: bool(_CODE.fullmatch(text)),
    "area": lambda text: bool(_CODE.fullmatch(text)),
    "handler": lambda text: text in HANDLERS,
    "opened_from": _is_day,
    "opened_to": _is_day,
    "supervision": lambda text: text in Colour.values,
    "asked": lambda text: text == ANY or text in AskKind.values,
    **{mark: lambda text: text == "on" for mark in MARKS},
}
