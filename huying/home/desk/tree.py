"""The tree beside a list: items, areas and units to narrow it by, one click each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from huying.cases.lists import my_areas, my_units
from huying.cases.rules import lies_under
from huying.catalogue.queries import published
from huying.home.desk.access import staff_required
from huying.home.desk.choosing import area_choices, item_name
from huying.home.desk.listing import Listing
from huying.people.permissions import Permission
from huying.people.queries import unit_book
from huying.workbench.models import Listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.http import HttpResponse

    from huying.cases.lists import Tab
    from huying.home.desk.access import DeskRequest
    from huying.workbench.lens import Lens

Node = dict[str, Any]
MOST_AREAS = 400


@require_safe
@staff_required(Permission.CASE_SEE)
def tree(request: DeskRequest) -> HttpResponse:
    """Show the tree of a list as a page, or as the part that folds out beside it."""
    asked = request.GET.get("listed", "")
    listed = Listed(asked) if asked in Listed.values else Listed.SEARCH
    listing = Listing(request, listed, _tabs(listed))
    branches = [
        {"label": label, "nodes": nodes(listing), "chosen": getattr(listing.lens.narrow, name),
         "all_url": listing.url(_narrowed(listing, **{name: ""}))}
        for label, name, nodes in ((_("Items"), "item", _items), (_("Areas"), "area", _areas),
                                   (_("Units"), "unit", _units))
    ]  # fmt: skip
    context = {"branches": branches, "back_url": listing.url()}
    part = "HX-Request" in request.headers
    return render(request, "desk/parts/tree.html" if part else "desk/tree.html", context)


def _tabs(listed: Listed) -> tuple[Tab, ...]:
    from huying.cases.lists import AREA_TABS, WORK_TABS

    return {Listed.INBOX: WORK_TABS, Listed.AREA: AREA_TABS}.get(listed, ())


def _narrowed(listing: Listing, **told: str) -> Lens:
    return replace(listing.lens, narrow=replace(listing.lens.narrow, **told))  # type: ignore[arg-type] # names of texts only


def _items(listing: Listing) -> list[Node]:
    """Return the upper two levels of the catalogue in force."""
    book, chosen = published(), listing.lens.narrow.item
    cards = list(book.by_code.values())

    def node(code: str, name: str) -> Node:
        return {
            "name": name, "url": listing.url(_narrowed(listing, item=code)), "current": code == chosen,
            "open": bool(chosen) and chosen.startswith(code),
        }  # fmt: skip

    return [
        node(top.code, item_name(top))
        | {"nodes": [node(card.code, item_name(card)) for card in cards if card.parent_code == top.code]}
        for top in cards
        if top.level == 1
    ]


def _areas(listing: Listing) -> list[Node]:
    """Return the areas below those one looks over (for a unit: of the whole town), the wider levels first."""
    mine = my_areas(listing.request.actor)
    cards = [choice.card for choice in area_choices().all]
    if mine and listing.listed != Listed.INBOX:
        cards = [card for card in cards if any(lies_under(card.path, top) for top in mine)]
    kept = cards[:MOST_AREAS]
    return _by_path(
        ((card.path, card.code, card.name) for card in sorted(kept, key=lambda card: card.path)),
        lambda code: listing.url(_narrowed(listing, area=code)),
        listing.lens.narrow.area,
    )


def _units(listing: Listing) -> list[Node]:
    """Return the units whose work one sees; over an area, all of the town."""
    mine = set(my_units(listing.request.actor))
    cards = sorted(unit_book().all(), key=lambda card: card.path)
    if listing.listed == Listed.INBOX:
        cards = [card for card in cards if card.id in mine]
    return _by_path(
        ((card.path, card.code, card.name) for card in cards),
        lambda code: listing.url(_narrowed(listing, unit=code)),
        listing.lens.narrow.unit,
    )


def _by_path(things: Iterable[tuple[str, str, str]], url: Callable[[str], str], chosen: str) -> list[Node]:
    """Return things under those whose path they lie below, however deep; paths come in order."""
    tops: list[Node] = []
    known: dict[str, Node] = {}
    for path, code, name in things:
        node: Node = {"name": name, "url": url(code), "current": code == chosen, "nodes": [], "open": False}
        known[path] = node
        line = path.split("/")
        upwards = ("/".join(line[:end]) for end in range(len(line) - 1, 0, -1))
        above = next((known[one] for one in upwards if one in known), None)
        (above["nodes"] if above else tops).append(node)
        if code == chosen:
            for end in range(1, len(line)):
                if (upper := known.get("/".join(line[:end]))) is not None:
                    upper["open"] = True
    return tops
