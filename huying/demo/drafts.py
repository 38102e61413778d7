"""An appeal of the demo as its channel hands it over: the raw payload, and what is read out of it."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from huying.demo.town.photos import photo_bytes
from huying.intake.actions import Draft, raw_of
from huying.intake.photos import keep_photo

if TYPE_CHECKING:
    from uuid import UUID

    from huying.demo.town.rows import AppealRow

KEY_PREFIX = "demo-"
# Channels of the written material that the town calls otherwise.
CHANNEL_KEYS = {"proxy": "staff"}
# Why a person decides, for what should not go by itself: whoever took it down, or the resident, asked for it.
ASKED_FOR_A_PERSON = "asked_for_a_person"


def key_of(row: AppealRow) -> str:
    """Return the key under which a channel hands over an appeal: demo-0001 for T0001."""
    return f"{KEY_PREFIX}{row.key.removeprefix('T')}"


def draft_of(
    row: AppealRow, *, account_id: UUID | None, typed_by_id: UUID | None, joins: UUID | None
) -> Draft:
    """Return the draft of an appeal; its photos are drawn, cleaned and stored on the way."""
    key = key_of(row)
    raw, content_type = _raw(row, key)
    return Draft(
        channel=CHANNEL_KEYS.get(row.channel, row.channel),
        key=key,
        text=row.text,
        raw=raw,
        content_type=content_type,
        title=row.title,
        place_words=row.place_words,
        lat=row.lat,
        lon=row.lon,
        language=row.language,
        name=row.resident.name,
        phone=row.resident.phone,
        email=row.resident.email if row.channel == "mail" else "",
        told_how=row.told_how,
        account_id=account_id,
        typed_by_id=typed_by_id,
        photo_ids=_photos(row, key),
        joins=joins,
        held_for=ASKED_FOR_A_PERSON if row.hold else "",
    )


def _photos(row: AppealRow, key: str) -> tuple[UUID, ...]:
    return tuple(
        keep_photo(
            photo_bytes(photo.kind, photo.seed), name=f"{photo.kind}.jpg", upload_key=key, at=row.received_at
        ).pk
        for photo in row.photos
    )


def _raw(row: AppealRow, key: str) -> tuple[bytes, str]:
    """Return the payload as the channel would have sent it, and its content type."""
    if row.channel == "mail":
        return _letter(row, key), "message/rfc822"
    if row.channel == "api":
        return raw_of(_api_body(row)), "application/json"
    fields = {
        "key": key, "title": row.title, "text": row.text, "place": row.place_words, "name": row.resident.name,
        "phone": row.resident.phone, "lat": row.lat, "lon": row.lon,
    }  # fmt: skip
    return raw_of(
        {name: value for name, value in fields.items() if value not in (None, "")}
    ), "application/json"


def _api_body(row: AppealRow) -> dict[str, Any]:
    body: dict[str, Any] = {"text": row.text, "title": row.title, "place": row.place_words}
    if row.resident.name or row.resident.phone:
        body["person"] = {"name": row.resident.name, "phone": row.resident.phone}
    if row.lat is not None and row.lon is not None:
        body["point"] = {"lat": row.lat, "lon": row.lon, "system": "wgs84"}
    return body


def _letter(row: AppealRow, key: str) -> bytes:
    letter = EmailMessage()
    letter["From"] = Address(row.resident.name, addr_spec=row.resident.email or "nobody@mail.invalid")
    letter["To"] = "appeals@town.invalid"
    letter["Date"] = format_datetime(row.received_at)
    letter["Message-ID"] = f"<{key}@mail.invalid>"
    letter["Subject"] = " ".join((row.title or row.text[:20]).split())
    letter.set_content(row.text)
    return letter.as_bytes()
