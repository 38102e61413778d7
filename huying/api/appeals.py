"""The JSON channel: appeals in, with an idempotency key, answered with number, unit and date."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import File, Router, UploadedFile
from ninja.responses import Status as Reply

from huying.api import reasons
from huying.api.doors import MachineKey
from huying.api.schemas import AppealIn, AppealTaken, PhotoOut, PlaceChoice, PreviewOut
from huying.intake.actions import Draft
from huying.intake.links import link_of
from huying.intake.models import Photo  # noqa: TC001 - ninja reads the annotation at run time
from huying.intake.photos import keep_photo
from huying.journeys.appeal import Taken, submit_appeal
from huying.journeys.previewing import preview_appeal
from huying.kit.errors import Refusal
from huying.triage.core.hints import missing

if TYPE_CHECKING:
    from huying.people.queries import KnownKey

router = Router(tags=["appeals"])
# What a draft that is only looked at carries for a key; it is never taken in.
PREVIEW = "preview"


@router.post("/appeals", auth=MachineKey(), response={201: AppealTaken, 200: AppealTaken}, url_name="submit")
def submit(request: HttpRequest, body: AppealIn) -> HttpResponse:
    """Take an appeal in.

    Send an `Idempotency-Key`: the same key of the same channel is one appeal, and a retry gets the first
    answer (200 instead of 201). The raw body is kept as it came.
    """
    known = cast("KnownKey", getattr(request, "auth"))  # noqa: B009 - ninja sets it
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        raise Refusal(reasons.NO_IDEMPOTENCY_KEY)
    taken = submit_appeal(_draft(known.channel, key, body, request.body), by=known.actor, at=timezone.now())
    # Written here: ninja would validate our own answer once more before it writes it, more slowly.
    return HttpResponse(
        answer(taken).model_dump_json(), status=201 if taken.new else 200, content_type="application/json"
    )


@router.post("/appeals/preview", auth=MachineKey(), response=PreviewOut, url_name="preview")
def preview(request: HttpRequest, body: AppealIn) -> PreviewOut:
    """Look at an appeal before it is sent: where it is, what to ask the resident, what is dangerous.

    Nothing is kept. When several places are possible and different units answer for them, `choices` holds the
    one question to ask; the answer goes into `place_code` with `place_chosen`.
    """
    known = cast("KnownKey", getattr(request, "auth"))  # noqa: B009 - ninja sets it
    at = timezone.now()
    seen = preview_appeal(_draft(known.channel, PREVIEW, body, request.body), at=at)
    return PreviewOut(
        place=seen.where.name if seen.knows_place else "",
        place_known=seen.knows_place,
        choices=[PlaceChoice(code=choice.code, name=choice.name) for choice in seen.places],
        left_open=list(
            missing(
                f"{body.title}\n{body.text}",
                knows_place=seen.knows_place,
                knows_time=body.occurred_at is not None,
                has_photo=bool(body.photos),
            )
        ),
        dangers=list(seen.dangers),
    )


@router.post("/photos", auth=MachineKey(), response={201: PhotoOut}, url_name="photo")
def keep(request: HttpRequest, photo: File[UploadedFile]) -> Reply[Photo]:
    """Send a photo (JPEG, PNG, HEIC or WebP, up to 10 MB) before its appeal; name its id there within a day.

    It is painted anew: metadata and anything hidden in the file are gone. Place and time of the camera come
    back as hints.
    """
    known = cast("KnownKey", getattr(request, "auth"))  # noqa: B009 - ninja sets it
    # Each photo waits under a key of its own, so that a machine's many photos do not count as one appeal's.
    waiting = f"api:{known.actor.id}:{secrets.token_hex(8)}"[:64]
    return Reply(
        201, keep_photo(photo.read(), name=photo.name or "photo", upload_key=waiting, at=timezone.now())
    )


def _draft(channel: str, key: str, body: AppealIn, raw: bytes) -> Draft:
    point, person = body.point, body.person
    return Draft(
        channel=channel,
        key=key,
        text=body.text,
        title=body.title,
        place_words=body.place,
        place_code=body.place_code.strip(),
        place_chosen=body.place_chosen and bool(body.place_code.strip()),
        raw=raw,
        lat=point.lat if point else None,
        lon=point.lon if point else None,
        point_system=point.system if point else "wgs84",
        occurred_at=body.occurred_at,
        language=body.language,
        name=person.name if person else "",
        phone=person.phone if person else "",
        email=person.email if person else "",
        photo_ids=tuple(dict.fromkeys(body.photos)),
    )


def answer(taken: Taken) -> AppealTaken:
    """Return what a machine is told of a taken appeal."""
    return AppealTaken(
        number=taken.number,
        link=settings.SITE_URL + link_of(taken.appeal_id, taken.number),
        new=taken.new,
        case=taken.case_number,
        item=taken.item_code,
        unit=taken.unit_name,
        due_at=taken.due_at,
        waits_for_person=taken.waits_for,
        dangers=list(taken.dangers),
    )
