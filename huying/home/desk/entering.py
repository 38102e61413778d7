"""Entering an appeal for a resident: at the telephone desk, at a counter, on a walk through the grid."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from huying.cases.queries import present_case
from huying.cases.rules import may
from huying.home.desk.access import staff_required
from huying.home.desk.choosing import item_name
from huying.home.desk.entry_form import EntryForm
from huying.home.desk.matter import twins_of
from huying.home.left_open import left_open
from huying.home.pages.asking import alarm_of
from huying.intake.actions import Draft, raw_of
from huying.intake.links import link_of
from huying.intake.models import Adapter, Appeal, Channel, Inbound
from huying.intake.photos import drop_photos, keep_photo, show_file, waiting_photos
from huying.intake.reasons import APPEAL_NOT_FOUND
from huying.journeys.appeal import submit_appeal
from huying.journeys.walk_finding import CHANNEL as WALK
from huying.kit.errors import Refusal
from huying.kit.qr import qr_picture
from huying.people.models import Post
from huying.people.permissions import Permission
from huying.triage.queries import latest_verdict

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from huying.home.desk.access import DeskRequest
    from huying.intake.models import Photo

# Which channel the holder of a role types for; everybody else enters as staff.
CHANNEL_OF_ROLE = {"phone_desk": "phone", "grid_worker": "grid"}
USUAL = "staff"
# What was told, as it is kept raw.
TOLD = ("channel", "told_how", "text", "place_words", "lat", "lon", "name", "phone")


@dataclass(frozen=True)
class Entry:
    """One look at the entry form: what was typed, under its one-time key, by whom."""

    form: EntryForm
    key: str
    by: UUID
    at: datetime

    @property
    def photo_key(self) -> str:
        """Return what this form's photos wait under: the clerk's own, whoever else knows the form's key."""
        return f"{self.by.hex}{UUID(self.key).hex}"

    @property
    def photos(self) -> list[Photo]:
        """Return the photos waiting under this form's key."""
        return list(waiting_photos(self.photo_key))


def channels_for(request: DeskRequest) -> list[Channel]:
    """Return the channels staff type for, that of the clerk's own role first."""
    typed = Channel.objects.filter(adapter__in=(Adapter.PHONE, Adapter.PROXY), is_active=True)
    # What a walk finds is reported on the walk, where it is counted.
    found = typed.exclude(key=WALK).order_by("key")
    roles = (
        Post.objects.held_on(localdate(request.at))
        .filter(account=request.user)
        .values_list("role", flat=True)
    )
    own = {CHANNEL_OF_ROLE.get(role, USUAL) for role in roles} or {USUAL}
    return sorted(found, key=lambda channel: (channel.key not in own, channel.key != USUAL, channel.key))


@staff_required(Permission.APPEAL_ENTER)
def enter(request: DeskRequest) -> HttpResponse:
    """Show the form, or take the appeal in; the same form sent twice is one appeal."""
    channels = channels_for(request)
    if request.method != "POST":
        key = str(uuid4())
        form = EntryForm(channels, initial={"key": key})
        return _show(request, Entry(form, key, request.user.pk, request.at))
    entry = _sent(request, channels)
    known = (
        Inbound.objects.filter(key=entry.key, channel__in=channels)
        .values_list("appeal_id", flat=True)
        .first()
    )
    if known is not None:
        return redirect("desk:entered", number=Appeal.objects.get(pk=known).number)
    _keep_photos(request, entry)
    if not entry.form.is_valid():
        return _show(request, entry)
    try:
        taken = submit_appeal(_draft(entry), by=request.actor, at=entry.at)
    except Refusal as refusal:
        _tell(entry.form, refusal)
        return _show(request, entry)
    return redirect("desk:entered", number=taken.number)


def _tell(form: EntryForm, refusal: Refusal) -> None:
    """Tell a refusal beside the field one can mend it in."""
    if refusal.reason.key.startswith("coordinate"):
        form.forget_point()
        form.tell(refusal, field="place_words")
    else:
        form.tell(refusal)


def _sent(request: DeskRequest, channels: list[Channel]) -> Entry:
    data = request.POST.copy()
    try:
        key = str(UUID(data.get("key", "")))
    except ValueError:
        key = str(uuid4())
    data["key"] = key
    return Entry(EntryForm(channels, data, request.FILES), key, request.user.pk, request.at)


def _keep_photos(request: DeskRequest, entry: Entry) -> None:
    """Forget the photos that were taken out, keep those that came; one that cannot be kept is told."""
    known = {str(photo.pk): photo.pk for photo in entry.photos}
    if dropped := [known[text] for text in request.POST.getlist("drop") if text in known]:
        drop_photos(entry.photo_key, dropped)
    entry.form.full_clean()
    for upload in entry.form.cleaned_data.get("photos") or ():
        try:
            keep_photo(upload.read(), name=upload.name or "", upload_key=entry.photo_key, at=entry.at)
        except Refusal as refusal:
            entry.form.tell(refusal, field="photos")


def _draft(entry: Entry) -> Draft:
    told, photos = entry.form.cleaned_data, entry.photos
    raw = {name: told[name] for name in TOLD} | {"photos": [photo.original_sha256 for photo in photos]}
    return Draft(
        channel=told["channel"], key=entry.key, text=told["text"], place_words=told["place_words"],
        lat=told["lat"], lon=told["lon"], raw=raw_of(raw), language=get_language() or "zh-hans",
        name=told["name"], phone=told["phone"], told_how=told["told_how"], typed_by_id=entry.by,
        photo_ids=tuple(photo.pk for photo in photos),
    )  # fmt: skip


def _show(request: DeskRequest, entry: Entry) -> HttpResponse:
    status = HTTPStatus.OK
    if entry.form.is_bound:
        refusal = entry.form.refusal
        status = HTTPStatus(refusal.reason.status) if refusal else HTTPStatus.BAD_REQUEST
    context = {"form": entry.form, "kept": entry.photos if entry.form.is_bound else [], "key": entry.key}
    return render(request, "desk/enter.html", context, status=status)


@require_safe
@staff_required(Permission.APPEAL_ENTER)
def waiting_photo(request: DeskRequest, key: UUID, photo_id: UUID) -> HttpResponse:
    """Show a photo that waits in the clerk's own form."""
    own = waiting_photos(f"{request.user.pk.hex}{key.hex}")
    return show_file(get_object_or_404(own, pk=photo_id).thumb_as)


@require_safe
@staff_required(Permission.APPEAL_ENTER)
def entered(request: DeskRequest, number: str) -> HttpResponse:
    """Show what to read out: the number, who has it until when, and the resident's own link.

    Only to whoever typed it: the link opens the appeal, so it is nobody else's to see.
    """
    appeal = Appeal.objects.filter(number=number, typed_by=request.user).select_related("channel").first()
    if appeal is None:
        raise Refusal(APPEAL_NOT_FOUND)
    verdict, case = latest_verdict(appeal.pk), present_case(appeal.pk)
    if case is None:
        raise Http404(number)
    address = request.build_absolute_uri(link_of(appeal.pk, appeal.number, edition=appeal.link_edition))
    context = {
        "appeal": appeal, "case": case, "item": item_name(case.item), "address": address,
        "qr": qr_picture(address),
        "left_open": left_open(
            appeal.text, knows_place=bool(case.area_path), knows_time=appeal.occurred_at is not None,
            has_photo=appeal.photos.exists(),
        ),
        "alarm": alarm_of(verdict.dangers if verdict else ()), "place": case.place_name,
        "twins": twins_of(case, [appeal], by=request.actor),
        "may_see": may(request.actor, Permission.CASE_SEE, case),
        "may_merge": may(request.actor, Permission.CASE_MERGE, case),
    }  # fmt: skip
    return render(request, "desk/entered.html", context)
