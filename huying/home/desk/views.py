"""Saved views at the desk: opened, saved, changed, shared, copied, pinned; and the columns of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from huying.cases.lists import Order
from huying.home.desk.access import staff_required
from huying.home.desk.listing import PAGES, view_url
from huying.kit.errors import Refusal
from huying.workbench.columns import USUAL, known_columns
from huying.workbench.lens import Lens, read_lens
from huying.workbench.models import Listed, SharedWith
from huying.workbench.saving import (
    change_view,
    copy_view,
    drop_view,
    find_view,
    keep_habit,
    pin_view,
    save_view,
    start_with,
    views_of,
)
from huying.workbench.telling import tell_lens

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpResponse
    from django_stubs_ext import StrOrPromise

    from huying.home.desk.access import DeskRequest

# What an address holds besides the lens: places in the list, panels, the name of a view.
LONGEST_ADDRESS = 2_000


def read_address(listed: str, address: str) -> Lens:
    """Return the lens a list's address stands for, as the forms of the list send it back.

    Refusal `filter_unreadable`; what is no part of a lens is left aside.
    """
    told = dict(parse_qsl(address[:LONGEST_ADDRESS]))
    columns, order = told.pop("columns", ""), told.pop("sort", "")
    order = order if order in list(Order) else Order.DUE
    return read_lens(listed, told, columns=known_columns(columns.split(",")) or USUAL, order=order)


@require_safe
@staff_required()
def views(request: DeskRequest) -> HttpResponse:
    """Show the views one finds: one's own, those of the unit, those for everybody."""
    cards = [
        {"card": card, "told": tell_lens(card.lens), "url": reverse("desk:view", args=[card.id])}
        for card in views_of(request.actor)
    ]
    return render(request, "desk/views.html", {"views": cards, "sharings": SharedWith.choices})


@require_safe
@staff_required()
def view(request: DeskRequest, view_id: UUID) -> HttpResponse:
    """Open a view: its address says all of it, so that it can be sent on."""
    return redirect(view_url(find_view(view_id, by=request.actor)))


@require_POST
@staff_required()
def save(request: DeskRequest) -> HttpResponse:
    """Save the list as it stands under a name."""
    told = request.POST
    listed, address = told.get("listed", ""), told.get("address", "")
    lens = read_address(listed, address)
    try:
        saved = save_view(
            told.get("name", ""), lens, shared_with=told.get("shared_with", SharedWith.NOBODY),
            by=request.actor, at=request.at,
        )  # fmt: skip
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect(_back(listed, address, panel="views"))
    messages.success(request, _("The view “%(name)s” is saved.") % {"name": saved.name})
    return redirect("desk:view", saved.pk)


def _back(listed: str, address: str, **more: str) -> str:
    page = PAGES[Listed(listed)] if listed in Listed.values else "desk:inbox"
    told = dict(parse_qsl(address[:LONGEST_ADDRESS])) | more
    return f"{reverse(page)}?{urlencode(told)}"


def _rename(request: DeskRequest, view_id: UUID) -> None:
    change_view(
        view_id, name=request.POST.get("name", ""), shared_with=request.POST.get("shared_with"),
        by=request.actor, at=request.at,
    )  # fmt: skip


def _look_anew(request: DeskRequest, view_id: UUID) -> None:
    lens = read_address(request.POST.get("listed", ""), request.POST.get("address", ""))
    change_view(view_id, lens=lens, by=request.actor, at=request.at)


ACTS: dict[str, tuple[Callable[[DeskRequest, UUID], object], StrOrPromise]] = {
    "rename": (_rename, gettext_lazy("The view is changed.")),
    "update": (_look_anew, gettext_lazy("The view shows the list as it stands now.")),
    "copy": (
        lambda request, view_id: copy_view(view_id, by=request.actor, at=request.at),
        gettext_lazy("The view is copied; the copy is yours alone."),
    ),
    "drop": (
        lambda request, view_id: drop_view(view_id, by=request.actor),
        gettext_lazy("The view is deleted."),
    ),
    "pin": (
        lambda request, view_id: pin_view(view_id, pinned=True, by=request.actor),
        gettext_lazy("The view stands above the list now."),
    ),
    "unpin": (
        lambda request, view_id: pin_view(view_id, pinned=False, by=request.actor),
        gettext_lazy("The view stands among the others again."),
    ),
    "start": (
        lambda request, view_id: start_with(view_id, by=request.actor),
        gettext_lazy("Your desk opens with this view from now on."),
    ),
    "no_start": (
        lambda request, _view_id: start_with(None, by=request.actor),
        gettext_lazy("Your desk opens by itself again."),
    ),
}  # fmt: skip


@require_POST
@staff_required()
def change(request: DeskRequest, view_id: UUID) -> HttpResponse:
    """Do with a view what the button says, and show how it stands."""
    act = request.POST.get("act", "")
    try:
        if act in ACTS:
            ACTS[act][0](request, view_id)
            messages.success(request, str(ACTS[act][1]))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    if request.POST.get("stay"):
        return redirect("desk:view", view_id)
    return redirect("desk:views")


@require_POST
@staff_required()
def columns(request: DeskRequest) -> HttpResponse:
    """Show, hide or move a column, remember it, and show the list with the panel still open.

    The button says what and which: `add:unit`, `drop:unit`, `up:unit`, `down:unit`, `sort:newest`, `usual:`.
    """
    listed, address = request.POST.get("listed", ""), request.POST.get("address", "")
    lens = read_address(listed, address)
    act, _colon, key = request.POST.get("do", "").partition(":")
    shown = changed_columns(lens.columns, act, key)
    order = key if act == "sort" and key in list(Order) else str(lens.order)
    keep_habit(lens.listed, columns=shown, order=order, by=request.actor)
    told = {**lens.told, "columns": ",".join(shown), "sort": order, "panel": "columns"}
    if view_id := request.POST.get("view", ""):
        told["view"] = view_id
    return redirect(f"{reverse(PAGES[lens.listed])}?{urlencode(told)}")


def changed_columns(shown: tuple[str, ...], act: str, key: str) -> tuple[str, ...]:
    """Return the columns after one step; the last one stays."""
    now = list(shown)
    if act == "usual":
        return USUAL
    if act == "add" and key not in now:
        now.append(key)
    elif act == "drop" and key in now and len(now) > 1:
        now.remove(key)
    elif act in ("up", "down") and key in now:
        at = now.index(key)
        to = min(max(at + (1 if act == "down" else -1), 0), len(now) - 1)
        now.insert(to, now.pop(at))
    return known_columns(now)
