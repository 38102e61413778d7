"""One order at the desk: how it stands, its story, interviews, works, photos, effect, and every move."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from huying.catalogue.core.calendar import local_day
from huying.home.desk.access import staff_required
from huying.home.desk.moving import waiting_key
from huying.home.desk.supervision.forms import InterviewForm, MoveForm, ReasonForm, WorkForm
from huying.home.desk.supervision.words import effect_row, order_row, story_of
from huying.intake.photos import keep_photo, show_file, waiting_photos
from huying.kit.errors import Refusal
from huying.people.permissions import Permission
from huying.supervision.models import Order
from huying.supervision.moves import ORDER_MOVE
from huying.supervision.orders import move_order
from huying.supervision.rules import (
    SUPERVISING,
    is_own,
    order_moves,
    orders_visible_to,
    over_area,
    why_not_order,
)
from huying.supervision.states import Shows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpResponse

    from huying.home.desk.access import DeskRequest
    from huying.intake.models import Photo
    from huying.kit.telling import TellingForm
    from huying.ledger.actor import Actor
    from huying.supervision.models import OrderPhoto, Work


def found_order(request: DeskRequest, order_id: UUID) -> Order:
    """Return an order the actor may see; Http404 otherwise."""
    seen = Order.objects.filter(orders_visible_to(request.actor))
    order = (
        seen.select_related("topic", "decision__item__meeting__body")
        .prefetch_related("assists", "interviews", "works__photos", "photos", "cases__case")
        .filter(pk=order_id)
        .first()
    )
    if order is None:
        raise Http404
    return order


@require_safe
@staff_required(*SUPERVISING)
def order(request: DeskRequest, order_id: UUID) -> HttpResponse:
    """Show an order."""
    return show_order(request, found_order(request, order_id))


# What an order waits for: shown unfolded. Whoever supervises it looks first, and acts when need be.
_LEADING = {"take", "progress", "report", "approve", "insist"}


def show_order(
    request: DeskRequest, shown: Order, answered: TellingForm | None = None, act: str = ""
) -> HttpResponse:
    """Show an order; a form that was refused stands where it was, with what was typed."""
    by, today = request.actor, local_day(request.at)
    moves = [
        {
            "move": move, "form": answered if answered is not None and act == move.key
            else MoveForm(None, move, initial={"seen": shown.fact_seq}),
            "opened": act == move.key, "leads": move.key in _LEADING,
        }
        for move in order_moves(shown, by=by)
    ]  # fmt: skip
    works = sorted(shown.works.all(), key=lambda work: work.at)
    kept = [work for work in works if work.struck_at is None]
    context = order_row(shown, at=request.at) | {
        "moves": moves, "now": request.at, "events": story_of(f"order:{shown.pk}"),
        "interviews": sorted(shown.interviews.all(), key=lambda one: one.held_on),
        "interview_form": _form(shown, "interview", InterviewForm, answered, act, by=by),
        "may_keep": why_not_order(shown, ORDER_MOVE["keep_promise"], by=by) is None,
        "works": [_work_row(shown, work) for work in works],
        "cost": sum((work.cost_yuan or Decimal(0) for work in kept), Decimal(0)), "kept": len(kept),
        "work_form": _form(shown, "enter_work", WorkForm, answered, act, by=by),
        "may_strike": why_not_order(shown, ORDER_MOVE["strike_work"], by=by) is None,
        "photos": [_photo(shown, one) for one in shown.photos.all() if one.shows == Shows.EVIDENCE],
        "effects": [effect_row(one, on=today) for one in shown.effects.order_by("round")],
        "cases": [one.case for one in shown.cases.all() if not one.case.confidential],
        "may_release": shown.topic_id is None and over_area(by, Permission.CASE_PUBLISH, shown.area_path),
        "is_own": is_own(by, shown), "today": today,
    }  # fmt: skip
    status = 200 if answered is None else answered.refusal.reason.status if answered.refusal else 422
    return render(request, "desk/supervision/order.html", context, status=status)


def _form(
    shown: Order, key: str, kind: type[TellingForm], answered: TellingForm | None, act: str, *, by: Actor
) -> TellingForm | None:
    """Return a form that has a place of its own on the page; None for whom it is not."""
    if why_not_order(shown, ORDER_MOVE[key], by=by) is not None:
        return None
    return answered if answered is not None and act == key else kind(auto_id=f"{key}_%s")


def _photo(shown: Order, one: OrderPhoto) -> dict[str, Any]:
    url = reverse("desk:order_photo", args=[shown.pk, one.pk])
    return {"url": url, "thumb_url": f"{url}?small=1", "alt": one.get_shows_display(), "shows": one.shows}


def _work_row(shown: Order, work: Work) -> dict[str, Any]:
    photos = [_photo(shown, one) for one in work.photos.all()]
    return {"one": work, "photos": photos, "strike": ReasonForm(auto_id=f"strike_{work.pk}_%s")}


@require_POST
@staff_required(Permission.ORDER_WORK, Permission.ORDER_APPROVE)
def order_move(request: DeskRequest, order_id: UUID, key: str) -> HttpResponse:
    """Make a move on an order, from its button."""
    shown, move = found_order(request, order_id), ORDER_MOVE.get(key)
    if move is None or move.hidden:
        raise Http404
    form = MoveForm(request.POST, move, request.FILES)
    if not form.is_valid():
        return show_order(request, shown, form, key)
    told = dict(form.cleaned_data)
    seen = told.pop("seen", None)
    return _act(request, shown, form, key, told, seen=seen if seen is not None else -1)


def _act(
    request: DeskRequest, shown: Order, form: TellingForm, key: str, told: dict[str, Any], *, seen: int | None
) -> HttpResponse:
    """Keep the photos a form brought, make its move, and show the order; a refusal stays on the form."""
    try:
        for name in ("evidence", "before", "after"):
            if name in told:
                told[name] = _kept(request, told[name])
        move_order(shown.pk, key, by=request.actor, at=request.at, seen=seen, **told)
    except Refusal as refusal:
        form.tell(refusal)
        return show_order(request, found_order(request, shown.pk), form, key)
    messages.success(request, f"{shown}: {ORDER_MOVE[key].label}")
    return redirect("desk:order", order_id=shown.pk)


def _kept(request: DeskRequest, uploads: Iterable[UploadedFile[Any]]) -> list[Photo]:
    """Return the photos a form brought, cleaned and stored. Refusals of intake say what is wrong."""
    key = waiting_key(request, uuid4().hex)
    for upload in uploads or ():
        keep_photo(upload.read(), name=upload.name or "", upload_key=key, at=request.at)
    return list(waiting_photos(key))


@require_POST
@staff_required(Permission.ORDER_WORK, Permission.ORDER_APPROVE)
def interview(request: DeskRequest, order_id: UUID) -> HttpResponse:
    """Write down an interview."""
    shown, form = found_order(request, order_id), InterviewForm(request.POST, auto_id="interview_%s")
    if not form.is_valid():
        return show_order(request, shown, form, "interview")
    return _act(request, shown, form, "interview", dict(form.cleaned_data), seen=None)


@require_POST
@staff_required(Permission.ORDER_WORK, Permission.ORDER_APPROVE)
def promise(request: DeskRequest, order_id: UUID, interview_id: UUID) -> HttpResponse:
    """Note that a promise was kept."""
    shown, form = found_order(request, order_id), ReasonForm({"reason": "-"})
    return _act(request, shown, form, "keep_promise", {"interview": interview_id}, seen=None)


@require_POST
@staff_required(Permission.ORDER_WORK, Permission.ORDER_APPROVE)
def work(request: DeskRequest, order_id: UUID) -> HttpResponse:
    """Enter a line in the works ledger."""
    shown = found_order(request, order_id)
    form = WorkForm(request.POST, request.FILES, auto_id="enter_work_%s")
    if not form.is_valid():
        return show_order(request, shown, form, "enter_work")
    return _act(request, shown, form, "enter_work", dict(form.cleaned_data), seen=None)


@require_POST
@staff_required(Permission.ORDER_WORK, Permission.ORDER_APPROVE)
def strike(request: DeskRequest, order_id: UUID, work_id: UUID) -> HttpResponse:
    """Strike out a line of the works ledger, with a reason."""
    shown, form = found_order(request, order_id), ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return _act(request, shown, form, "strike_work", {"work": work_id, "reason": reason}, seen=None)


@require_safe
@staff_required(*SUPERVISING)
def order_photo(request: DeskRequest, order_id: UUID, photo_id: UUID) -> HttpResponse:
    """Show a photo of an order."""
    photo = found_order(request, order_id).photos.filter(pk=photo_id).first()
    if photo is None:
        raise Http404
    return show_file(photo.thumb_as if "small" in request.GET else photo.stored_as)
