"""What every list of cases has: a lens read off the address, tabs, columns, rows, views, and its links."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse

from huying.cases.lists import STATUSES, Order, Tab
from huying.cases.moves import MOVE
from huying.home.desk.cells import cells_of, short_place
from huying.home.desk.choosing import area_choices, item_name, offered_areas, unit_choices
from huying.home.desk.frame import counted, works_for_units
from huying.home.desk_forms import FilterForm, SearchForm
from huying.kit.ids import new_id
from huying.people.permissions import Permission
from huying.workbench.bulk import ACTS, MOST_CASES
from huying.workbench.columns import COLUMN, COLUMNS, USUAL, known_columns
from huying.workbench.lens import LONGEST_WORDS, Lens
from huying.workbench.models import Listed, SharedWith
from huying.workbench.saving import habit_of, views_of
from huying.workbench.telling import ORDERS, TABS, tell_lens

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from huying.cases.models import Case
    from huying.home.desk.access import DeskRequest
    from huying.ledger.actor import Actor
    from huying.workbench.saving import ViewCard

PAGES = {Listed.INBOX: "desk:inbox", Listed.AREA: "desk:area", Listed.SEARCH: "desk:search"}
TONES = {Tab.SOON: "warn", Tab.OVERDUE: "bad"}
# How many rows a page may have; more than the usual only when asked for.
SIZES = (50, MOST_CASES)
MOST_PRINTED = 500
# Panels of a list that are shown open right after something was changed in them.
PANELS = ("columns", "views")


def row(case: Case) -> dict[str, Any]:
    """Return a case as the dispatchers' lists show it."""
    return {
        "url": reverse("desk:case", args=[case.number]),
        "number": case.number, "title": case.title, "item": item_name(case.item), "status": case.status,
        "grade": case.grade, "place": short_place(case.place_name),
        "unit": case.unit.name if case.unit else "",
        "due_at": case.next_due_at, "soon_at": case.warn_at, "opened_at": case.opened_at,
        "voices": case.appeal_count, "rework": case.round > 0, "supervised": case.supervised,
    }  # fmt: skip


def rows(cases: Iterable[Case], columns: tuple[str, ...], now: datetime) -> list[dict[str, Any]]:
    """Return cases as a table shows them: what every row has, and the cells of the columns."""
    return [
        {
            "url": reverse("desk:case", args=[case.number]), "number": case.number, "title": case.title,
            "item": "" if "item" in columns else item_name(case.item), "voices": case.appeal_count,
            "due_at": case.next_due_at, "soon_at": case.warn_at, "mark": f"{case.number}:{case.fact_seq}",
            "cells": cells_of(case, columns, now),
        }
        for case in cases
    ]  # fmt: skip


class Listing:
    """One list as it was asked for: its lens, its filters, and everything around the rows."""

    def __init__(self, request: DeskRequest, listed: Listed, tabs: tuple[Tab, ...] = ()) -> None:
        """Read the lens off the address; what the address does not say is as this person last had it."""
        self.request, self.listed, self.tabs = request, listed, tabs
        told = request.GET
        kind = SearchForm if listed == Listed.SEARCH else FilterForm
        self.form = kind(told or None, confidential=_sees_secrets(request.actor))
        columns, order = known_columns(told.get("columns", "").split(",")), told.get("sort", "")
        if not columns or order not in list(Order):
            liked_columns, liked_order = habit_of(request.actor, listed)
            columns = columns or liked_columns or USUAL
            order = order if order in list(Order) else liked_order or Order.DUE
        narrow = self.form.narrow()
        status = self.form.status_told() if isinstance(self.form, SearchForm) else ""
        words = told.get("q", "").strip()[:LONGEST_WORDS] if listed == Listed.SEARCH else ""
        tab = told.get("tab", "")
        self.lens = Lens(
            listed, tab if tab in tabs else "", words, status, narrow, columns,
            Order.DUE if listed == Listed.SEARCH else Order(order),
        )  # fmt: skip
        self.size = SIZES[1] if told.get("rows") == str(SIZES[1]) else SIZES[0]

    @property
    def printed(self) -> bool:
        """Return whether the list is asked for as a page to be printed."""
        return "print" in self.request.GET

    def url(self, lens: Lens | None = None, /, **more: str) -> str:
        """Return the address of this list through a lens (its own, if none is given)."""
        told = {**(lens or self.lens).address, **{name: value for name, value in more.items() if value}}
        return f"{reverse(PAGES[self.listed])}?{urlencode(told)}"

    def tabs_shown(self, numbers: Mapping[Tab, int]) -> list[dict[str, Any]]:
        """Return the tabs with their counts, each with the filters as they are."""
        return [
            {
                "label": TABS[tab], "url": self.url(self.lens.on(tab)), "key": str(tab),
                "count": counted(numbers.get(tab, 0)), "current": tab == self.lens.tab,
                "tone": TONES.get(tab, "") if numbers.get(tab) else "",
            }
            for tab in self.tabs
        ]  # fmt: skip

    def around(self, following: str, place: str) -> dict[str, Any]:
        """Return all but the rows; `place` is the name the address gives to a place in the list."""
        lens, told = self.lens, self.request.GET
        rows_told = str(self.size) if self.size != SIZES[0] else ""
        return {
            "lens": lens, "listed": str(self.listed), "tab": lens.tab, "query": lens.words,
            "filters": self.form, "narrowed": bool(lens.narrow or lens.status),
            "secrets": _sees_secrets(self.request.actor), "told": tell_lens(lens.without("tab", "q"))[1:],
            "columns": self._headings(), "panel": told.get("panel", ""),
            "first_url": self.url(rows=rows_told) if told.get(place) else "",
            "next_url": self.url(self.lens, rows=rows_told, **{place: following}) if following else "",
            "more_url": self.url(rows=str(SIZES[1])) if following and not rows_told else "",
            "clear_url": self.url(replace(lens, narrow=type(lens.narrow)(), status="")),
            "columns_url": f"{self.url(panel='columns', view=told.get('view', ''))}#columns",
            "print_url": self.url(print="1"), "most_printed": MOST_PRINTED,
            "address": urlencode(lens.address), "list_url": reverse(PAGES[self.listed]),
            "counts_url": f"{reverse('desk:counts')}?{urlencode({'listed': self.listed, **lens.told})}",
            "tree_url": f"{reverse('desk:tree')}?{urlencode({'listed': self.listed, **lens.address})}",
            "export_url": self._export_url(), **self._column_panel(),
            "acts": self._acts(), "bulk_key": new_id(), "most_cases": MOST_CASES, **self._views(),
            "unit_choices": unit_choices().all, "area_choices": offered_areas(),
        }  # fmt: skip

    def _headings(self) -> list[dict[str, Any]]:
        found = []
        for key in self.lens.columns:
            column = COLUMN[key]
            order = Order(column.order) if column.order and self.listed != Listed.SEARCH else None
            falls = order == Order.NEWEST and self.lens.order == Order.NEWEST
            shown = self.lens.order
            sorted_ = {Order.NEWEST: "descending", Order.OLDEST: "ascending"}.get(shown, "ascending")
            here = order is not None and shown in (
                (order, Order.OLDEST) if order == Order.NEWEST else (order,)
            )
            target = Order.OLDEST if falls else order
            url = self.url(replace(self.lens, order=target)) if target else ""
            found.append({"label": column.label, "url": url, "sorted": sorted_ if here else ""})
        return found

    def _column_panel(self) -> dict[str, Any]:
        """Return what the panel of columns offers, when it is open."""
        if self.request.GET.get("panel") != "columns":
            return {}
        return {"picks": self._picks(), "orders": self._orders()}

    def _picks(self) -> list[dict[str, Any]]:
        """Return the columns to choose from: those shown in their order, then the others."""
        shown = self.lens.columns
        others = [column.key for column in COLUMNS if column.key not in shown]
        return [
            {
                "key": key, "label": COLUMN[key].label, "shown": key in shown,
                "first": key == shown[0], "last": key == shown[-1], "only": len(shown) == 1,
            }
            for key in (*shown, *others)
        ]  # fmt: skip

    def _orders(self) -> list[dict[str, Any]]:
        if self.listed == Listed.SEARCH:
            return []
        return [
            {
                "label": ORDERS[order], "url": self.url(replace(self.lens, order=order)),
                "current": order == self.lens.order, "key": str(order),
            }
            for order in Order
        ]  # fmt: skip

    def _acts(self) -> list[dict[str, Any]]:
        """Return what can be done with several cases of this tab, as far as any post gives a right to it."""
        states = set(STATUSES[Tab(self.lens.tab)]) if self.lens.tab else None
        return [
            {"key": key, "label": MOVE[key].label, "asks": bool(ACTS[key].needs)}
            for key in ACTS
            if any(self.request.actor.holds(right) for right in MOVE[key].rights)
            and (states is None or states & set(MOVE[key].from_))
        ]

    def _export_url(self) -> str:
        if not self.request.actor.holds(Permission.EXPORT_RUN):
            return ""
        return f"{reverse('desk:export_new')}?{urlencode({'listed': self.listed, **self.lens.address})}"

    def _views(self) -> dict[str, Any]:
        cards = [card for card in views_of(self.request.actor) if card.lens.listed == self.listed]
        opened = next((card for card in cards if str(card.id) == self.request.GET.get("view")), None)
        shown = [
            {
                "card": card, "url": reverse("desk:view", args=[card.id]), "current": card is opened,
                "pinned": card.pinned,
            }
            for card in cards
        ]  # fmt: skip
        return {
            "views": shown, "view": opened, "view_changed": opened is not None and opened.lens != self.lens,
            "sharings": SharedWith.choices,
        }  # fmt: skip


def _sees_secrets(by: Actor) -> bool:
    """Return whether confidential cases may be among what somebody sees: over an area, or of the own unit."""
    return by.holds(Permission.CASE_CONFIDENTIAL) or works_for_units(by)


def view_url(card: ViewCard) -> str:
    """Return the address a view stands for: all of its lens, so that the link shows the same to others."""
    told = {**card.lens.address, "columns": ",".join(card.lens.columns), "sort": str(card.lens.order)}
    return f"{reverse(PAGES[card.lens.listed])}?{urlencode({**told, 'view': str(card.id)})}"


def area_names(paths: Iterable[str]) -> list[str]:
    """Return the names of areas known by their paths."""
    known = {choice.card.path: choice.card.name for choice in area_choices().all}
    return [known[path] for path in paths if path in known]
