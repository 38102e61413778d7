"""Filing an appeal: one page, one check where there is something to ask, and the number at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from huying.home.left_open import left_open
from huying.home.pages.asking import alarm_of
from huying.home.pages.drafting import (
    CHANNEL,
    CHECK,
    EDIT,
    Filing,
    draft_of,
    fresh,
    keep_photos,
    mark_of,
    sent_back,
    sign_twin,
)
from huying.home.pages.reach import mine, reach, remember, show
from huying.home.pages.standing import due_of, present_cases, status_of
from huying.intake.links import link_of
from huying.intake.models import Appeal, Inbound
from huying.journeys.appeal import submit_appeal
from huying.journeys.previewing import preview_appeal
from huying.kit.errors import Refusal
from huying.kit.qr import qr_picture
from huying.places.queries import Told, locate_all
from huying.triage.queries import latest_verdict

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from huying.intake.actions import Draft
    from huying.intake.models import Photo
    from huying.journeys.previewing import Preview, Twin

# The same words, place and photos within this time are the same appeal sent again.
SAME_AGAIN = timedelta(minutes=30)


# Private, yet kept by the browser: going back must bring the same one-time key.
@cache_control(private=True)
def file(request: HttpRequest) -> HttpResponse:
    """Show the form, ask what there is to ask, or take the appeal in."""
    at = timezone.now()
    if request.method != "POST":
        return _write(fresh(request, at=at))
    filing = sent_back(request, at=at)
    known = taken_under(filing.key)
    if known is not None:
        return redirect(f"{done_url(known)}?again=1")
    keep_photos(filing, request.POST.getlist("drop"))
    if filing.step == EDIT or not filing.form.is_valid():
        return _write(filing)
    try:
        return _go_on(filing)
    except Refusal as refusal:
        filing.tell(refusal)
        return _write(filing)


def _go_on(filing: Filing) -> HttpResponse:
    draft = draft_of(filing)
    before = sent_before(filing, draft)
    if before is not None:
        return redirect(f"{done_url(before)}?again=1")
    if filing.step != CHECK:
        preview = preview_appeal(draft, at=filing.at)
        # In danger nobody is kept waiting by a question, but without a place nobody could come.
        if not preview.knows_place or ((preview.twins or preview.places) and not preview.dangers):
            return _check(filing, preview)
    return _send(filing, draft)


def sent_before(filing: Filing, draft: Draft) -> Appeal | None:
    """Return what this resident sent a moment ago, when it is this very appeal with another key.

    A browser that goes back may fetch the form anew, with a new key, and fill in the old words by itself.
    """
    hashes = {photo.original_sha256 for photo in filing.photos}
    told = (draft.text, draft.place_words, draft.lat, draft.lon)
    for one in mine(filing.request, limit=3):
        appeal = one.appeal
        same = (appeal.text, appeal.place_words, appeal.lat, appeal.lon) == told
        if not same or filing.at - appeal.received_at > SAME_AGAIN:
            continue
        if set(appeal.photos.values_list("original_sha256", flat=True)) == hashes:
            return appeal
    return None


def _write(filing: Filing) -> HttpResponse:
    """Show the form with what was written and the photos kept so far."""
    form = filing.form
    status = HTTPStatus.OK
    if form.is_bound and form.errors:
        status = HTTPStatus(form.refusal.reason.status) if form.refusal else HTTPStatus.BAD_REQUEST
    context = {"form": form, "kept": filing.photos if form.is_bound else [], "tab": "file"}
    context["who"] = mark_of(filing.account)
    answer = show(filing.request, "home/file.html", context, status=status)
    if form.refusal and form.refusal.retry_after_seconds is not None:
        answer.headers["Retry-After"] = str(form.refusal.retry_after_seconds)
    return answer


def _check(filing: Filing, preview: Preview) -> HttpResponse:
    """Ask before it is sent: whether it is one of these, and where it is."""
    own = _my_cases(filing.request) if preview.twins else {}
    photos = filing.photos
    context = {
        "form": filing.form, "key": filing.key, "kept": photos, "tab": "file",
        "who": mark_of(filing.account),
        "asks_place": not preview.knows_place,
        "alarm": alarm_of(preview.dangers),
        # The place is asked for on this page; in danger nobody is kept by what would be good to know.
        "left_open": [] if preview.dangers else left_open(
            str(filing.form.cleaned_data.get("text", "")), knows_place=True, knows_time=False,
            has_photo=bool(photos),
        ),
        "twins": [] if preview.dangers else [_offer(filing.key, twin, own) for twin in preview.twins],
        "photo_places": [] if preview.knows_place else _photo_places(photos),
        "place_choices": preview.places,
        "photo_times": _photo_times(photos, at=filing.at),
        "found": preview.where.name if preview.knows_place else "",
    }  # fmt: skip
    return show(filing.request, "home/check.html", context)


def _my_cases(request: HttpRequest) -> dict[UUID, str]:
    """Return the cases this resident's own appeals are in, with the page of the appeal."""
    own = mine(request, limit=20)
    cases = present_cases([one.appeal.pk for one in own])
    return {cases[one.appeal.pk].pk: one.url() for one in own if one.appeal.pk in cases}


def _offer(key: str, twin: Twin, own: dict[UUID, str]) -> dict[str, Any]:
    return {"value": sign_twin(key, twin.case_id), "twin": twin, "own_url": own.get(twin.case_id, "")}


def _photo_places(photos: list[Photo]) -> list[dict[str, Any]]:
    """Return the photos that say where in town they were taken, each place once."""
    with_place = [photo for photo in photos if photo.hint_lat is not None]
    wheres = locate_all([Told(photo.hint_lat, photo.hint_lon, "", "") for photo in with_place])
    offers: dict[str, dict[str, Any]] = {}
    for photo, where in zip(with_place, wheres, strict=True):
        if "point" in where.reasons:
            offers.setdefault(where.name, {"photo": photo, "name": where.name})
    return list(offers.values())


def _photo_times(photos: list[Photo], *, at: datetime) -> list[Photo]:
    """Return the photos that say when they were taken, each minute once."""
    offers: dict[datetime, Photo] = {}
    for photo in photos:
        taken = photo.hint_taken_at
        if taken is not None and taken <= at:
            offers.setdefault(taken.replace(second=0, microsecond=0), photo)
    return list(offers.values())


def _send(filing: Filing, draft: Draft) -> HttpResponse:
    """Take the appeal in and lead to its number."""
    appeal, new = take_in(filing, draft)
    answer = redirect(done_url(appeal) + ("" if new else "?again=1"))
    if filing.account is None:
        remember(answer, filing.request, appeal)
    return answer


def take_in(filing: Filing, draft: Draft) -> tuple[Appeal, bool]:
    """Take the appeal in and return it, and whether it is new: it is on disk when its number is seen.

    Raises the refusals of `intake.limits` and of `submit_appeal`.
    """
    held = filing.check_limits()
    taken = submit_appeal(replace(draft, held_for=held) if held else draft, by=filing.by, at=filing.at)
    return Appeal.objects.get(pk=taken.appeal_id), taken.new


def taken_under(key: str) -> Appeal | None:
    """Return the appeal that was taken in under a form's one-time key."""
    known = Inbound.objects.filter(channel=CHANNEL, key=key).values_list("appeal_id", flat=True).first()
    return Appeal.objects.get(pk=known) if known is not None else None


def done_url(appeal: Appeal) -> str:
    """Return the address of the page that shows the number of an appeal just filed."""
    return f"{link_of(appeal.pk, appeal.number, edition=appeal.link_edition)}done/"


@never_cache
@require_safe
def done(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """Show the number, the link, and who has it until when."""
    reached = reach(request, number, token)
    appeal = reached.appeal
    case = present_cases([appeal.pk]).get(appeal.pk)
    verdict = latest_verdict(appeal.pk)
    status = status_of(appeal, case)
    address = request.build_absolute_uri(reached.url())
    context = {
        "appeal": appeal, "case": case, "status": status, "due_at": due_of(status, case),
        "alarm": alarm_of(verdict.dangers if verdict else ()), "again": "again" in request.GET,
        "address": address, "qr": qr_picture(address), "url": reached.url(), "tab": "file",
        "joined": case is not None and case.appeal_count > 1, "now": timezone.now(),
        "key": _key_of(appeal),
        # In danger nothing else is spoken of.
        "left_open": [] if verdict and verdict.dangers else left_open(
            appeal.text, knows_place=bool(case and case.area_path), knows_time=appeal.occurred_at is not None,
            has_photo=appeal.photos.exists(),
        ),
    }  # fmt: skip
    return show(request, "home/done.html", context)


def _key_of(appeal: Appeal) -> str:
    """Return the one-time key of the form, by which the browser knows which of its drafts is done with."""
    known = Inbound.objects.filter(pk=appeal.inbound_id, channel=CHANNEL)
    return known.values_list("key", flat=True).first() or ""
