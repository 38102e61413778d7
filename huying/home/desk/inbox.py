"""The inbox by clock, the view over an area, and search: three ways to the same rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from huying.cases.lists import AREA_TABS, WORK_TABS, Place, Scope, Tab, counts, inbox, my_areas
from huying.cases.searching import Search, read_number, search
from huying.home.desk.access import staff_required
from huying.home.desk.frame import may_dispatch, works_for_units
from huying.home.desk.hinting import hints_for
from huying.home.desk.listing import MOST_PRINTED, Listing, area_names, row, rows, view_url
from huying.people.permissions import Permission
from huying.workbench.models import Listed
from huying.workbench.saving import start_view
from huying.workbench.telling import TABS, tell_lens

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.http import HttpResponse

    from huying.cases.models import Case
    from huying.home.desk.access import DeskRequest

__all__ = ["area", "find", "mine", "row"]
SCOPES = {Listed.INBOX: Scope.UNITS, Listed.AREA: Scope.AREAS}


@require_safe
@staff_required()
def mine(request: DeskRequest) -> HttpResponse:
    """Show the inbox; who has no unit's work to do is led to what there is to do.

    Who has chosen a view to start with is led to it, as long as the address asks for nothing else.
    """
    by = request.actor
    if not request.GET and (start := start_view(by)) is not None:
        return redirect(view_url(start))
    if works_for_units(by):
        return _tabbed(request, Listed.INBOX, WORK_TABS)
    if may_dispatch(by):
        return redirect("desk:queue")
    if my_areas(by):
        return redirect("desk:area")
    if by.holds(Permission.APPEAL_ENTER):
        return redirect("desk:enter")
    return redirect("desk:items")


@require_safe
@staff_required(Permission.CASE_SEE)
def area(request: DeskRequest) -> HttpResponse:
    """Show all open work in the areas an actor looks over, whoever does it."""
    return _tabbed(request, Listed.AREA, AREA_TABS)


def _tabbed(request: DeskRequest, listed: Listed, tabs: tuple[Tab, ...]) -> HttpResponse:
    listing, scope = Listing(request, listed, tabs), SCOPES[listed]
    narrow = listing.lens.narrow
    if scope == Scope.UNITS and not narrow:
        numbers = request.frame.counts
    else:
        numbers = counts(request.actor, at=request.at, scope=scope, tabs=tabs, narrow=narrow)
    if not listing.lens.tab:
        listing.lens = replace(listing.lens, tab=_first(tabs, numbers))
    lens, tab = listing.lens, Tab(listing.lens.tab)
    page = inbox(
        tab, by=request.actor, at=request.at, scope=scope, narrow=narrow, order=lens.order,
        after=Place.read(request.GET.get("after", "")),
        size=MOST_PRINTED if listing.printed else listing.size,
    )  # fmt: skip
    heading = _("My area") if scope == Scope.AREAS else _("My inbox")
    if listing.printed:
        return _printed(listing, page.cases, f"{heading} · {TABS[tab]}", more=bool(page.following))
    context = {
        "scope": str(scope), "label": TABS[tab], "tabs": listing.tabs_shown(numbers),
        "cases": rows(page.cases, lens.columns, request.at),
        "area_names": area_names(my_areas(request.actor)) if scope == Scope.AREAS else [],
        **listing.around(page.following, "after"),
    }  # fmt: skip
    return render(request, "desk/inbox.html", context)


def _first(tabs: Iterable[Tab], numbers: Mapping[Tab, int]) -> Tab:
    """Return the tab to start with: what is late or to be signed first, an empty one only if all are."""
    order = (Tab.OVERDUE, Tab.TO_SIGN, Tab.SOON, Tab.TO_REVIEW, Tab.WORKING, *tabs)
    return next((tab for tab in order if numbers.get(tab)), Tab.TO_SIGN)


def _printed(listing: Listing, cases: Sequence[Case], heading: str, *, more: bool) -> HttpResponse:
    """Show a list as it goes on paper: all rows at once, who printed it and when, no buttons."""
    request, lens = listing.request, listing.lens
    context: dict[str, Any] = {
        "heading": heading, "told": tell_lens(lens)[1:], "columns": listing.around("", "")["columns"],
        "cases": rows(cases, lens.columns, request.at), "more": more, "most": MOST_PRINTED,
        "back_url": listing.url(), "by": request.actor.name,
    }  # fmt: skip
    return render(request, "desk/print.html", context)


@require_safe
@staff_required(Permission.CASE_SEE)
def find(request: DeskRequest) -> HttpResponse:
    """Show what fits the words and filters of the address; a number leads straight to its case."""
    listing = Listing(request, Listed.SEARCH)
    lens = listing.lens
    asked = Search(lens.words, lens.status, lens.narrow)
    page = search(
        asked, by=request.actor, before=_before(request.GET.get("before", "")),
        size=MOST_PRINTED if listing.printed else listing.size,
    )  # fmt: skip
    if read_number(lens.words) and len(page.cases) == 1:
        return redirect("desk:case", page.cases[0].number)
    if listing.printed:
        heading = _("Search: %(query)s") % {"query": lens.words} if lens.words else _("Newest cases")
        return _printed(listing, page.cases, heading, more=bool(page.following))
    context = {
        "searched": asked != Search(), "cases": rows(page.cases, lens.columns, request.at),
        "hints": hints_for(listing), **listing.around(page.following, "before"),
    }  # fmt: skip
    return render(request, "desk/search.html", context)


def _before(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
