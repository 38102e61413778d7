"""Entering an appeal for a resident: at the telephone desk, at a counter, on a walk through the grid."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from huying.home.desk.access import staff_required
from huying.home.desk.entry_form import EntryForm
from huying.intake.actions import Draft, raw_of
from huying.intake.links import link_of
from huying.intake.models import Adapter, Appeal, Channel, Inbound
from huying.intake.photos import keep_photo, waiting_photos
from huying.journeys.appeal import submit_appeal
from huying.kit.errors import Refusal
from huying.kit.qr import qr_picture
from huying.people.permissions import Permission
from huying.triage.queries import latest_verdict, open_suspicions

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from huying.home.desk.access import DeskRequest
    from huying.intake.models import Photo


@dataclass(frozen=True)
class Entry:
    """One look at the entry form: what was typed, under its one-time key."""

    form: EntryForm
    key: str
    at: datetime

    @property
    def photos(self) -> list[Photo]:
        """Return the photos waiting under this form's key."""
        return list(waiting_photos(self.key))


def channels() -> list[Channel]:
    """Return the channels staff type for, by name."""
    return list(
        Channel.objects.filter(adapter__in=(Adapter.PHONE, Adapter.PROXY), is_active=True).order_by("key")
    )


@staff_required(Permission.APPEAL_ENTER)
def enter(request: DeskRequest) -> HttpResponse:
    """Show the form, or take the appeal in; the same form sent twice is one appeal."""
    at = request.at
    if request.method != "POST":
        key = str(uuid4())
        return _show(request, Entry(EntryForm(channels(), initial={"key": key}), key, at))
    entry = _sent(request, at)
    known = (
        Inbound.objects.filter(key=entry.key, channel__in=channels())
        .values_list("appeal_id", flat=True)
        .first()
    )
    if known is not None:
        return redirect("desk:entered", number=Appeal.objects.get(pk=known).number)
    _keep_photos(entry)
    if not entry.form.is_valid():
        return _show(request, entry)
    try:
        taken = submit_appeal(_draft(request, entry), by=request.actor, at=at)
    except Refusal as refusal:
        entry.form.tell(refusal, field="place_words" if refusal.reason.key.startswith("coordinate") else None)
        return _show(request, entry)
    return redirect("desk:entered", number=taken.number)


def _sent(request: DeskRequest, at: datetime) -> Entry:
    data = request.POST.copy()
    try:
        key = str(UUID(data.get("key", "")))
    except ValueError:
        key = str(uuid4())
    data["key"] = key
    return Entry(EntryForm(channels(), data, request.FILES), key, at)


def _keep_photos(entry: Entry) -> None:
    entry.form.full_clean()
    for upload in entry.form.cleaned_data.get("photos") or ():
        try:
            keep_photo(upload.read(), name=upload.name or "", upload_key=entry.key, at=entry.at)
        except Refusal as refusal:
            entry.form.tell(refusal, field="photos")


def _draft(request: DeskRequest, entry: Entry) -> Draft:
    told, photos = entry.form.cleaned_data, entry.photos
    shown = ("channel", "told_how", "text", "place_words", "lat", "lon", "name", "phone")
    raw = {name: told[name] for name in shown} | {"photos": [photo.original_sha256 for photo in photos]}
    return Draft(
        channel=told["channel"],
        key=entry.key,
        text=told["text"],
        place_words=told["place_words"],
        lat=told["lat"],
        lon=told["lon"],
        raw=raw_of(raw),
        language=get_language() or "zh-hans",
        name=told["name"],
        phone=told["phone"],
        told_how=told["told_how"],
        typed_by_id=request.actor.id,
        photo_ids=tuple(photo.pk for photo in photos),
    )


def _show(request: DeskRequest, entry: Entry) -> HttpResponse:
    status = HTTPStatus.OK
    if entry.form.is_bound:
        refusal = entry.form.refusal
        status = HTTPStatus(refusal.reason.status) if refusal else HTTPStatus.BAD_REQUEST
    context = {"form": entry.form, "kept": entry.photos if entry.form.is_bound else [], "key": entry.key}
    return render(request, "desk/enter.html", context, status=status)


@require_safe
@staff_required(Permission.APPEAL_ENTER)
def entered(request: DeskRequest, number: str) -> HttpResponse:
    """Show what to read out: the number, who has it until when, and the resident's own link.

    Only to whoever typed it: the link opens the appeal, so it is nobody else's to see.
    """
    from huying.cases.queries import present_case
    from huying.intake.reasons import APPEAL_NOT_FOUND

    appeal = Appeal.objects.filter(number=number, typed_by=request.actor.id).first()
    if appeal is None:
        raise Refusal(APPEAL_NOT_FOUND)
    verdict, case = latest_verdict(appeal.pk), present_case(appeal.pk)
    address = request.build_absolute_uri(link_of(appeal.pk, appeal.number, edition=appeal.link_edition))
    context = {
        "appeal": appeal,
        "case": case,
        "dangers": verdict.dangers if verdict else [],
        "twins": open_suspicions([appeal.pk])[:3],
        "address": address,
        "qr": qr_picture(address),
    }
    return render(request, "desk/entered.html", context)
