"""Acts on a hot spot: plain forms, then one action each; a refusal is told beside the field it is about."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from huying.home.desk.access import staff_required
from huying.home.desk.hotspots.forms import DismissForm, MergeForm, RenameForm
from huying.home.desk.hotspots.page import found_spot, show_spot
from huying.insight import reasons
from huying.insight.deciding import confirm_spot, dismiss_spot, rename_spot, reopen_spot
from huying.insight.rearranging import merge_spots, split_spot, undo_rearrangement
from huying.kit.errors import Refusal
from huying.kit.telling import TellingForm
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse
    from django_stubs_ext import StrOrPromise

    from huying.home.desk.access import DeskRequest
    from huying.insight.models import HotSpot


@dataclass(frozen=True)
class Act:
    """One act: what is carried out, with which form, and what the page says afterwards."""

    done: StrOrPromise
    run: Callable[[DeskRequest, HotSpot, TellingForm, int | None], HotSpot]
    form: Callable[[DeskRequest, HotSpot], TellingForm]


def _no_form(request: DeskRequest, _spot: HotSpot) -> TellingForm:
    return TellingForm(request.POST)


def _confirm(request: DeskRequest, spot: HotSpot, _form: TellingForm, seen: int | None) -> HotSpot:
    return confirm_spot(spot.pk, seen=seen, by=request.actor, at=request.at)


def _dismiss(request: DeskRequest, spot: HotSpot, form: TellingForm, seen: int | None) -> HotSpot:
    said = str(form.cleaned_data["reason"])
    return dismiss_spot(spot.pk, reason=said, seen=seen, by=request.actor, at=request.at)


def _reopen(request: DeskRequest, spot: HotSpot, _form: TellingForm, seen: int | None) -> HotSpot:
    return reopen_spot(spot.pk, seen=seen, by=request.actor, at=request.at)


def _rename(request: DeskRequest, spot: HotSpot, form: TellingForm, seen: int | None) -> HotSpot:
    said = str(form.cleaned_data["title"])
    return rename_spot(spot.pk, title=said, seen=seen, by=request.actor, at=request.at)


def _merge(request: DeskRequest, spot: HotSpot, form: TellingForm, seen: int | None) -> HotSpot:
    target = UUID(str(form.cleaned_data["target"]))
    return merge_spots(spot.pk, target, seen=seen, by=request.actor, at=request.at)


def _split(request: DeskRequest, spot: HotSpot, _form: TellingForm, seen: int | None) -> HotSpot:
    chosen = [key for told in request.POST.getlist("appeals") if (key := _uuid(told)) is not None]
    return split_spot(spot.pk, chosen, seen=seen, by=request.actor, at=request.at)


def _undo(request: DeskRequest, _spot: HotSpot, _form: TellingForm, _seen: int | None) -> HotSpot:
    key = _uuid(request.POST.get("rearrangement", ""))
    if key is None:
        raise Refusal(reasons.NOT_FOUND)
    return undo_rearrangement(key, by=request.actor, at=request.at)


ACTS: dict[str, Act] = {
    "confirm": Act(_("It is confirmed as a hot spot."), _confirm, _no_form),
    "dismiss": Act(_("It is dismissed, and no longer shown among what draws appeals."), _dismiss,
                   lambda request, _spot: DismissForm(request.POST)),
    "reopen": Act(_("What was decided is taken back."), _reopen, _no_form),
    "rename": Act(_("It has another title; no pass changes it."), _rename,
                  lambda request, _spot: RenameForm(request.POST)),
    "merge": Act(_("The two are one now. You can undo it here."), _merge,
                 lambda request, spot: MergeForm(request.POST, by=request.actor, spot=spot)),
    "split": Act(_("These appeals are a matter of their own now. You can undo it here."), _split, _no_form),
    "undo": Act(_("That is undone."), _undo, _no_form),
}  # fmt: skip


@require_POST
@staff_required(Permission.HOTSPOT_DECIDE)
def act(request: DeskRequest, key: UUID, name: str) -> HttpResponse:
    """Carry out an act on a hot spot and show what came of it."""
    spot, asked = found_spot(request, key), ACTS.get(name)
    if asked is None:
        raise Http404
    form = asked.form(request, spot)
    if not form.is_valid():
        return show_spot(request, spot, refused=(name, form), status=HTTPStatus.BAD_REQUEST)
    try:
        shown = asked.run(request, spot, form, _number(request.POST.get("seen", "")))
    except Refusal as refusal:
        spot = found_spot(request, key)
        if refusal.field and refusal.field in form.fields:
            form.tell(refusal)
            return show_spot(request, spot, refused=(name, form), status=refusal.reason.status)
        messages.error(request, refusal.sentence)
        return redirect("desk:hot_spot", key=key)
    messages.success(request, str(asked.done))
    return redirect("desk:hot_spot", key=shown.pk)


def _uuid(told: str) -> UUID | None:
    try:
        return UUID(told)
    except ValueError:
        return None


def _number(told: str) -> int | None:
    return int(told) if told.isascii() and told.isdigit() and len(told) < 10 else None  # noqa: PLR2004
