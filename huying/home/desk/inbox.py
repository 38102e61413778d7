"""The inbox by clock, the view over an area, and search: three ways to the same rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huying.cases.lists import (
    AREA_TABS,
    WORK_TABS,
    Place,
    Scope,
    Tab,
    counts,
    inbox,
    my_areas,
)
from huying.cases.searching import Search, read_number, search
from huying.home.desk.access import staff_required
from huying.home.desk.choosing import area_choices, item_name, offered_areas, unit_choices
from huying.home.desk.frame import counted, may_dispatch, works_for_units
from huying.home.desk_forms import FilterForm, SearchForm
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.http import HttpResponse, QueryDict

    from huying.cases.lists import Page
    from huying.cases.models import Case
    from huying.home.desk.access import DeskRequest

# What narrows a list, as it stands in the address; everything else (tab, place) is the page's own.
FILTERS = ("item", "grade", "unit", "area", "supervised")
LABELS = {
    Tab.TO_SIGN: _("To sign"),
    Tab.WORKING: _("In progress"),
    Tab.TODAY: _("Due today"),
    Tab.SOON: _("Soon due"),
    Tab.OVERDUE: _("Overdue"),
    Tab.TO_REVIEW: _("To review"),
    Tab.WAITING: _("With the resident"),
    Tab.ASSIST: _("We assist"),
}
# A place told in more words is a line of areas: street, community, grid, cell.
MOST_WORDS = 2
TONES = {Tab.SOON: "warn", Tab.OVERDUE: "bad"}


def row(case: Case) -> dict[str, Any]:
    """Return a case as lists show it."""
    return {
        "url": reverse("desk:case", args=[case.number]),
        "number": case.number, "title": case.title, "item": item_name(case.item), "status": case.status,
        "grade": case.grade, "place": short_place(case.place_name),
        "unit": case.unit.name if case.unit else "",
        "due_at": case.next_due_at, "soon_at": case.warn_at, "opened_at": case.opened_at,
        "voices": case.appeal_count, "rework": case.round > 0, "supervised": case.supervised,
    }  # fmt: skip


def short_place(name: str) -> str:
    """Return a place as a row has room for it: of a line of areas only the community and the finest."""
    line = name.split(" ")
    return f"{line[1]} {line[-1]}" if len(line) > MOST_WORDS else name


@staff_required()
def mine(request: DeskRequest) -> HttpResponse:
    """Show the inbox; who has no unit's work to do is led to what there is to do."""
    by = request.actor
    if works_for_units(by):
        return _tabbed(request, Scope.UNITS)
    if may_dispatch(by):
        return redirect("desk:queue")
    if my_areas(by):
        return redirect("desk:area")
    if by.holds(Permission.APPEAL_ENTER):
        return redirect("desk:enter")
    return redirect("desk:items")


@staff_required(Permission.CASE_SEE)
def area(request: DeskRequest) -> HttpResponse:
    """Show all open work in the areas an actor looks over, whoever does it."""
    return _tabbed(request, Scope.AREAS)


def _tabbed(request: DeskRequest, scope: Scope) -> HttpResponse:
    tabs = WORK_TABS if scope == Scope.UNITS else AREA_TABS
    asked = request.GET.get("tab", "")
    tab = Tab(asked) if asked in tabs else None
    filters = FilterForm(request.GET) if request.GET else FilterForm()
    narrow = filters.narrow()
    if scope == Scope.UNITS and not narrow:
        numbers = request.frame.counts
    else:
        numbers = counts(request.actor, at=request.at, scope=scope, tabs=tabs, narrow=narrow)
    tab = tab or _first(tabs, numbers)
    after = Place.read(request.GET.get("after", ""))
    page = inbox(tab, by=request.actor, at=request.at, scope=scope, after=after, narrow=narrow)
    context = {
        "scope": str(scope), "tab": str(tab), "label": LABELS[tab], "filters": filters,
        "narrowed": bool(narrow),
        "tabs": [_tab(one, numbers.get(one, 0), request.GET, current=one == tab) for one in tabs],
        "area_names": _area_names(request) if scope == Scope.AREAS else [],
        **_rows(page, request.GET, tab=tab), **_lists(),
    }  # fmt: skip
    return render(request, "desk/inbox.html", context)


def _first(tabs: Iterable[Tab], numbers: Mapping[Tab, int]) -> Tab:
    """Return the tab to start with: what is late or to be signed first, an empty one only if all are."""
    order = (Tab.OVERDUE, Tab.TO_SIGN, Tab.SOON, Tab.TO_REVIEW, Tab.WORKING, *tabs)
    return next((tab for tab in order if numbers.get(tab)), Tab.TO_SIGN)


def _tab(tab: Tab, number: int, told: QueryDict, *, current: bool) -> dict[str, Any]:
    address = _kept(told)
    address["tab"] = str(tab)
    return {
        "label": LABELS[tab], "url": f"?{address.urlencode()}", "count": counted(number),
        "tone": TONES.get(tab, "") if number else "", "current": current,
    }  # fmt: skip


def _kept(told: QueryDict, *more: str) -> QueryDict:
    """Return what narrows the list, without the page's own place in it."""
    kept = told.copy()
    for name in list(kept):
        if name not in (*FILTERS, *more) or not kept[name]:
            del kept[name]
    return kept


def _rows(page: Page, told: QueryDict, *, tab: Tab) -> dict[str, Any]:
    """Return the rows of a page and the addresses of its neighbours."""
    address = _kept(told)
    address["tab"] = str(tab)
    first = f"?{address.urlencode()}" if told.get("after") else ""
    address["after"] = page.following
    following = f"?{address.urlencode()}" if page.following else ""
    return {"cases": [row(case) for case in page.cases], "first_url": first, "next_url": following}


def _lists() -> dict[str, Any]:
    """Return what the filters are completed from while typing."""
    return {"unit_choices": unit_choices().all, "area_choices": offered_areas()}


def _area_names(request: DeskRequest) -> list[str]:
    known = {choice.card.path: choice.card.name for choice in area_choices().all}
    return [known[path] for path in my_areas(request.actor) if path in known]


@staff_required(Permission.CASE_SEE)
def find(request: DeskRequest) -> HttpResponse:
    """Show what fits the words and filters of the address; a number leads straight to its case."""
    words = request.GET.get("q", "").strip()[:200]
    form = SearchForm(request.GET) if request.GET else SearchForm()
    asked = Search(words, form.status_told(), form.narrow())
    page = search(asked, by=request.actor, before=_before(request.GET.get("before", "")))
    if read_number(words) and len(page.cases) == 1:
        return redirect("desk:case", page.cases[0].number)
    address = _kept(request.GET, "q", "status")
    first = f"?{address.urlencode()}" if request.GET.get("before") else ""
    address["before"] = page.following
    context = {
        "query": words, "filters": form, "narrowed": bool(asked.narrow or asked.status),
        "searched": asked != Search(),
        "cases": [row(case) for case in page.cases], "first_url": first,
        "next_url": f"?{address.urlencode()}" if page.following else "", **_lists(),
    }  # fmt: skip
    return render(request, "desk/search.html", context)


def _before(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
