"""Found and dealt with on the spot (自行处置): from appeal to reply in one act; somebody else reviews it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from huying.cases.actions import move_case
from huying.cases.models import Case, Solved
from huying.cases.reasons import MISSING
from huying.cases.words import FIELDS
from huying.intake.actions import Draft, raw_of
from huying.intake.photos import waiting_photos
from huying.journeys.appeal import submit_appeal
from huying.kit.errors import Refusal
from huying.ledger.actor import SYSTEM
from huying.people.permissions import Permission
from huying.people.reasons import NOT_ALLOWED

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from huying.ledger.actor import Actor

CHANNEL = "self-found"
HELD = "self_handled"


@dataclass(frozen=True)
class SelfHandled:
    """What a member of staff found and did. `key` makes it one however often it is sent.

    `item` is an item code, empty when the text says it clearly enough. `before` and `after` are the upload
    keys photos wait under. `place_code` is of an area or place that was chosen from a list.
    """

    key: str
    text: str
    done: str
    item: str = ""
    place_words: str = ""
    lat: float | None = None
    lon: float | None = None
    before: str = ""
    after: str = ""
    place_code: str = ""
    channel: str = CHANNEL


def unit_at_work(by: Actor) -> UUID:
    """Return the unit an actor works for; Refusal `not_allowed` for whoever works for none."""
    unit = next((grant.unit_id for grant in by.grants if Permission.CASE_WORK in grant.on_unit), None)
    if unit is None or not by.holds(Permission.APPEAL_ENTER):
        raise Refusal(NOT_ALLOWED)
    return unit


def record_self_handled(found: SelfHandled, *, by: Actor, at: datetime) -> Case:
    """Open a case for what was found, give it to the finder's unit, sign, and reply; return it for review.

    All of it or nothing, once for each `key`. Nobody reviews their own reply: that rule is the cases' own.
    Refusal `not_allowed`; `missing` when the item is neither named nor recognised; whatever intake says.
    """
    unit = unit_at_work(by)
    with transaction.atomic():
        taken = submit_appeal(_draft(found, by=by), by=by, at=at)
        case = Case.objects.select_related("unit", "item").get(
            memberships__appeal=taken.appeal_id, memberships__until_at=None
        )
        if not taken.new:
            return case
        item = found.item or case.item_code
        if not item:
            raise Refusal(MISSING, field="item", what=FIELDS["item"])
        move_case(case.pk, "dispatch", by=SYSTEM, at=at, unit=unit, item=item, self_handled=True)
        move_case(case.pk, "sign", by=by, at=at)
        return move_case(
            case.pk, "reply", by=by, at=at, public_text=found.done, solved=Solved.YES,
            evidence=list(waiting_photos(found.after)) if found.after else [],
        )  # fmt: skip


def _draft(found: SelfHandled, *, by: Actor) -> Draft:
    """Return the finding as an appeal nobody but staff told; it waits for no dispatcher."""
    photos = list(waiting_photos(found.before)) if found.before else []
    raw: dict[str, object] = {
        "text": found.text, "done": found.done, "item": found.item, "place_words": found.place_words,
        "lat": found.lat, "lon": found.lon, "photos": [photo.original_sha256 for photo in photos],
    }  # fmt: skip
    return Draft(
        channel=found.channel, key=found.key, text=found.text, raw=raw_of(raw), place_words=found.place_words,
        place_code=found.place_code, place_chosen=bool(found.place_code), lat=found.lat,
        lon=found.lon, told_how="found", typed_by_id=by.id, held_for=HELD,
        photo_ids=tuple(photo.pk for photo in photos),
    )  # fmt: skip
