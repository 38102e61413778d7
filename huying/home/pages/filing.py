"""Filing an appeal: one page, a check before it is sent where there is something to ask, and the number at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.core import signing
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.views.decorators.http import require_GET, require_POST

from huying.home.forms import AppealForm
from huying.home.pages.dangers import told_dangers
from huying.home.pages.reach import actor_at, remember, resident_of, show
from huying.intake.actions import MOST_PHOTOS, Draft, raw_of
from huying.intake.limits import check_limits
from huying.intake.limits_core import PHOTOS
from huying.intake.links import link_of
from huying.intake.models import Appeal, Inbound, Photo
from huying.intake.photos import drop_photos, keep_photo, show_file, waiting_photos
from huying.kit.errors import Refusal
from huying.kit.network import client_ip
from huying.journeys.appeal import submit_appeal
from huying.journeys.previewing import Preview, preview_appeal
from huying.places.queries import locate_all, town_map
from huying.triage.queries import judge

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse, QueryDict

CHANNEL = "web"
WRITE, CHECK, EDIT = "write", "check", "edit"
MOST_PLACES = 6
_KEPT = ("text", "place_words", "lat", "lon", "name", "phone")


@dataclass
class Filing:
    """One look at the form on its way: what was told, the photos kept so far, and what to ask before sending."""

    request: HttpRequest
    form: AppealForm
    key: str
    at: datetime
    step: str = WRITE
    told: dict[str, str] = field(default_factory=dict)

    @property
    def photos(self) -> list[Photo]:
        """Return the photos waiting under this form's key."""
        return list(waiting_photos(self.key))


def file(request: HttpRequest) -> HttpResponse:
    """Show the form, ask what there is to ask, or take the appeal in."""
    at = timezone.now()
    if request.method != "POST":
        key = str(uuid4())
        account = resident_of(request)
        initial = {"key": key, "phone": account.phone if account else ""}
        return _write(Filing(request, AppealForm(initial=initial), key, at))
    filing = _read(request, at=at)
    before = Inbound.objects.filter(channel=CHANNEL, key=filing.key).values_list("appeal_id", flat=True).first()
    if before is not None:
        return redirect(f"{_done_url(Appeal.objects.get(pk=before))}?again=1")
    drop_photos(filing.key, _keys(request.POST.getlist("drop")))
    _keep_new(filing)
    if filing.step == EDIT or not filing.form.is_valid():
        return _write(filing)
    try:
        return _go_on(filing)
    except Refusal as refusal:
        filing.form.tell(refusal, field=_field_of(refusal))
        return _write(filing)


def _read(request: HttpRequest, *, at: datetime) -> Filing:
    """Return what came in, with a sound key; a point that cannot be read is not sent round again."""
    data = request.POST.copy()
    try:
        key = str(UUID(data.get("key", "")))
    except ValueError:
        key = str(uuid4())
    data["key"] = key
    step = data.get("step", WRITE)
    return Filing(request, AppealForm(data, request.FILES), key, at, step, told=data.dict())


def _keep_new(filing: Filing) -> None:
    """Keep the photos that came with this look; one that cannot be taken is told, the others stay."""
    form = filing.form
    form.is_valid()
    account = resident_of(filing.request)
    for upload in (form.cleaned_data.get("photos") or []) if hasattr(form, "cleaned_data") else []:
        try:
            check_limits(
                client_ip(filing.request), account.pk if account else None, filing.at, policy=PHOTOS, what="photo"
            )
            keep_photo(upload.read(), name=upload.name or "", upload_key=filing.key, at=filing.at)
        except Refusal as refusal:
            form.tell(refusal, field="photos")


def _go_on(filing: Filing) -> HttpResponse:
    """Ask what there is to ask, else send."""
    draft = _draft(filing)
    preview = preview_appeal(draft, at=filing.at)
    # In danger nobody is kept waiting by a question.
    if filing.step != CHECK and not preview.dangers and _asks(filing, preview):
        return _check(filing, preview)
    return _send(filing, draft)


def _draft(filing: Filing) -> Draft:
    """Return the draft of what was written and chosen."""
    told, request, photos = filing.form.cleaned_data, filing.request, filing.photos
    account = resident_of(request)
    lat, lon = told["lat"], told["lon"]
    occurred_at = None
    if filing.step == CHECK:
        by_key = {str(photo.pk): photo for photo in photos}
        here, then = by_key.get(filing.told.get("photo_place", "")), by_key.get(filing.told.get("photo_time", ""))
        if here is not None and lat is None and lon is None:
            lat, lon = here.hint_lat, here.hint_lon
        occurred_at = then.hint_taken_at if then is not None else None
    fields = {name: told[name] for name in _KEPT} | {
        "photos": [photo.original_sha256 for photo in photos], "same": filing.told.get("same", ""),
        "photo_place": filing.told.get("photo_place", ""), "photo_time": filing.told.get("photo_time", ""),
    }  # fmt: skip
    return Draft(
        channel=CHANNEL, key=filing.key, text=told["text"], raw=raw_of(fields), place_words=told["place_words"],
        lat=lat, lon=lon, occurred_at=occurred_at, language=get_language() or "zh-hans", name=told["name"],
        phone=told["phone"], account_id=account.pk if account else None,
        photo_ids=tuple(photo.pk for photo in photos), joins=_chosen_twin(filing),
    )  # fmt: skip


def _twin_signer(key: str) -> signing.Signer:
    """Return what signs the twins shown in a form, so that only those can be joined with it."""
    return signing.Signer(salt=f"huying.home.twin.{key}")


def _chosen_twin(filing: Filing) -> UUID | None:
    if filing.step != CHECK or not filing.told.get("same"):
        return None
    try:
        return UUID(_twin_signer(filing.key).unsign(filing.told["same"]))
    except (signing.BadSignature, ValueError):
        return None


def _asks(filing: Filing, preview: Preview) -> bool:
    """Return whether there is something to ask before sending: the same matter nearby, or where it is."""
    return bool(preview.twins) or not preview.knows_place


def _send(filing: Filing, draft: Draft) -> HttpResponse:
    """Take the appeal in; it is on disk when the resident sees the number."""
    request, account = filing.request, resident_of(filing.request)
    held = check_limits(client_ip(request), account.pk if account else None, filing.at)
    if held:
        draft = Draft(**{**vars(draft), "held_for": held})
    taken = submit_appeal(draft, by=actor_at(request, at=filing.at), at=filing.at)
    appeal = Appeal.objects.get(pk=taken.appeal_id)
    answer = redirect(_done_url(appeal) + ("" if taken.new else "?again=1"))
    remember(answer, request, appeal)
    return answer


def _done_url(appeal: Appeal) -> str:
    return f"{link_of(appeal.pk, appeal.number, edition=appeal.link_edition)}done/"
