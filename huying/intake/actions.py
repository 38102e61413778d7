"""Every write to intake: receiving what a channel hands over, and what happens to an appeal afterwards."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from huying.intake import reasons
from huying.intake.facts import AppealReceived, AppealWithdrawn, LinkRenewed
from huying.intake.models import Appeal
from huying.kit.errors import Refusal
from huying.kit.ids import new_id
from huying.kit.text import clean, is_plain, on_one_line
from huying.ledger.actions import record
from huying.places.core import coordinates

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

    from huying.ledger.actor import Actor

LONGEST_TEXT = 20_000
LONGEST_KEY = 200
MOST_PHOTOS = 9
# A phone's clock may be a little ahead; a day is not "a little".
FUTURE_TOLERANCE = timedelta(hours=1)
# Nobody tells of something older; such a date is a zero of some program.
EARLIEST_YEAR = 1900
_PHONE = re.compile(r"\+?[0-9][0-9 \-()]{4,24}")


@dataclass(frozen=True)
class Draft:
    """What a channel's adapter read out of a payload, before anything is checked.

    `raw` is the payload as it came. `lat`/`lon` are in `point_system` (wgs84, gcj02, bd09, cgcs2000). `joins`
    is the case a resident said "me too" to; `place_code` is of the area or place whose plate was scanned,
    or, with `place_chosen`, that was picked when asked.
    `held_for` is the reason key when limits ask for a person.
    """

    channel: str
    key: str
    text: str
    raw: bytes
    content_type: str = "application/json"
    title: str = ""
    place_words: str = ""
    place_code: str = ""
    place_chosen: bool = False
    lat: float | None = None
    lon: float | None = None
    point_system: str = "wgs84"
    occurred_at: datetime | None = None
    language: str = "zh-hans"
    name: str = ""
    phone: str = ""
    email: str = ""
    told_how: str = ""
    account_id: UUID | None = None
    typed_by_id: UUID | None = None
    photo_ids: tuple[UUID, ...] = ()
    joins: UUID | None = None
    held_for: str = ""


@dataclass
class Received:
    """An appeal that passed every check, with its rows, not yet written."""

    draft: Draft
    inbound_id: UUID
    appeal_id: UUID
    number: str
    title: str
    text: str
    place_words: str
    lat: float | None
    lon: float | None
    at: datetime
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    facts: list[AppealReceived] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Return title and text as triage reads them."""
        return f"{self.title}\n{self.text}" if self.title else self.text


def receive(draft: Draft, *, number: str, district: str, at: datetime) -> Received:
    """Check and clean a draft; return the appeal it becomes. Refusal with the reason and field otherwise."""
    text, title = _checked_text(draft)
    _check_key(draft)
    _check_phone(draft)
    _check_time(draft, at)
    point = _checked_point(draft)
    received = Received(
        draft=draft,
        inbound_id=new_id(),
        appeal_id=new_id(),
        number=number,
        title=title,
        text=text,
        place_words=clean(draft.place_words)[:200],
        lat=point.point.lat if point else None,
        lon=point.point.lon if point else None,
        at=at,
    )
    received.rows = _rows(received, district, str(point.system) if point else "")
    received.facts = [
        AppealReceived(
            number=number,
            channel=draft.channel,
            inbound=str(received.inbound_id),
            text_sha256=hashlib.sha256(text.encode()).hexdigest(),
            photos=len(draft.photo_ids),
            held_for=draft.held_for,
        )
    ]
    return received


def _checked_text(draft: Draft) -> tuple[str, str]:
    if len(draft.text) > LONGEST_TEXT:
        raise Refusal(reasons.TEXT_TOO_LONG, field="text", limit=LONGEST_TEXT)
    text, title = clean(draft.text), clean(draft.title).replace("\n", " ")[:200]
    if not text and not title and not draft.photo_ids:
        raise Refusal(reasons.TEXT_MISSING, field="text")
    if len(draft.photo_ids) > MOST_PHOTOS:
        raise Refusal(reasons.PHOTOS_TOO_MANY, field="photos", limit=MOST_PHOTOS)
    return text or title, title if text else ""


def _check_key(draft: Draft) -> None:
    if not draft.key.strip():
        raise Refusal(reasons.KEY_MISSING, field="key")
    if len(draft.key) > LONGEST_KEY:
        raise Refusal(reasons.KEY_TOO_LONG, field="key", limit=LONGEST_KEY)
    if not is_plain(draft.key):
        raise Refusal(reasons.KEY_NOT_READABLE, field="key")


def _check_time(draft: Draft, at: datetime) -> None:
    if draft.occurred_at is None:
        return
    if draft.occurred_at > at + FUTURE_TOLERANCE:
        raise Refusal(reasons.TIME_IN_FUTURE, field="occurred_at")
    if draft.occurred_at.year < EARLIEST_YEAR:
        raise Refusal(reasons.TIME_NOT_READABLE, field="occurred_at")


def is_phone(text: str) -> bool:
    """Return whether a text could be a phone number."""
    return _PHONE.fullmatch(text.strip()) is not None


def _check_phone(draft: Draft) -> None:
    if draft.phone and not is_phone(draft.phone):
        raise Refusal(reasons.PHONE_NOT_READABLE, field="phone")


def _checked_point(draft: Draft) -> coordinates.Position | None:
    if draft.lat is None and draft.lon is None:
        return None
    return coordinates.read_position(draft.lat, draft.lon, draft.point_system or "wgs84")


def _rows(received: Received, district: str, point_system: str) -> dict[str, dict[str, Any]]:
    """Return the rows of raw payload, appeal and party, by table."""
    draft = received.draft
    return {
        "intake_inbound": {
            "id": received.inbound_id,
            "channel_id": draft.channel,
            "key": draft.key,
            "body": draft.raw,
            "content_type": clean(draft.content_type)[:80],
            "received_at": received.at,
            "appeal_id": received.appeal_id,
        },
        "intake_appeal": {
            "id": received.appeal_id,
            "number": received.number,
            "district": district,
            "channel_id": draft.channel,
            "inbound_id": received.inbound_id,
            "title": received.title,
            "text": received.text,
            "place_words": received.place_words,
            "lat": received.lat,
            "lon": received.lon,
            "point_system": point_system,
            "point_original": {"lat": draft.lat, "lon": draft.lon} if point_system else None,
            "occurred_at": draft.occurred_at,
            "received_at": received.at,
            "language": clean(draft.language)[:10],
            "account_id": draft.account_id,
            "typed_by_id": draft.typed_by_id,
            "held_for": draft.held_for[:40],
            "link_edition": 1,
            "withdrawn_at": None,
        },
        "intake_party": {
            "appeal_id": received.appeal_id,
            "name": on_one_line(draft.name)[:40],
            "phone": draft.phone.strip()[:30],
            "email": on_one_line(draft.email)[:120],
            "told_how": clean(draft.told_how)[:30],
            "purpose": "answer",
        },
    }


def raw_of(fields: dict[str, object]) -> bytes:
    """Return a form's fields as the raw payload that is kept."""
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, default=str).encode()


def lock_appeal(appeal_id: UUID) -> Appeal:
    """Return the appeal with its row locked until the transaction ends, so that facts can be added to it."""
    return Appeal.objects.select_for_update().get(pk=appeal_id)


def lock_appeals(appeal_ids: Collection[UUID]) -> list[Appeal]:
    """Return many appeals as `lock_appeal` does, without their words; locked in one order."""
    rows = Appeal.objects.select_for_update().only("district", "fact_seq", "fact_hash")
    return list(rows.filter(pk__in=appeal_ids).order_by("pk"))


def mark_withdrawn(appeal_id: UUID, *, reason: str, by: Actor, at: datetime) -> Appeal:
    """Note on the appeal that the resident took it back."""
    with transaction.atomic():
        appeal = lock_appeal(appeal_id)
        if appeal.withdrawn_at is None:
            appeal.withdrawn_at = at
            record(
                appeal, AppealWithdrawn(reason=clean(reason)[:500]), district=appeal.district, by=by, at=at
            )
            appeal.save()
        return appeal


def renew_link(appeal_id: UUID, *, by: Actor, at: datetime) -> Appeal:
    """Make the appeal's old link worthless and a new one good."""
    with transaction.atomic():
        appeal = lock_appeal(appeal_id)
        appeal.link_edition += 1
        record(appeal, LinkRenewed(), district=appeal.district, by=by, at=at)
        appeal.save()
        return appeal
