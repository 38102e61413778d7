"""What a walk finds becomes an appeal of its own channel: reported, dispatched, or dealt with on the spot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from huying.cases.actions import move_case
from huying.cases.models import Case, Status
from huying.cases.rules import lies_under
from huying.intake.actions import Draft, raw_of
from huying.intake.photos import waiting_photos
from huying.journeys.appeal import submit_appeal
from huying.journeys.self_handled import SelfHandled, record_self_handled
from huying.kit.errors import Refusal
from huying.people.permissions import Permission
from huying.people.reasons import NOT_ALLOWED
from huying.walks import reasons
from huying.walks.actions import locked_walk
from huying.walks.going import note_finding
from huying.walks.models import CheckLine, Finding, FoundHow, Stop, Walk
from huying.walks.rules import may_go

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from huying.ledger.actor import Actor

CHANNEL = "walk"
# Why a case waits for the hand that names its unit in the same breath.
HELD = "walk_dispatch"


@dataclass(frozen=True)
class WalkFinding:
    """What was found on a walk. `key` makes it one however often a phone sends it.

    `stop` and `line` are of the walk; `text` may be empty where a line or a photo says it. `before` and
    `after` are the upload keys photos wait under; `done` says what was done on the spot. `unit` is the code
    of the unit it is given to by whoever may dispatch there. `written_at` is when, as the phone says.
    """

    key: UUID
    walk: UUID
    stop: UUID | None = None
    line: UUID | None = None
    text: str = ""
    place_words: str = ""
    lat: float | None = None
    lon: float | None = None
    item: str = ""
    before: str = ""
    after: str = ""
    done: str = ""
    unit: str = ""
    written_at: datetime | None = None


@dataclass(frozen=True)
class Noted:
    """The answer to the phone: the finding, and the case it is in."""

    finding: Finding
    case: Case
    new: bool


def record_finding(found: WalkFinding, *, by: Actor, at: datetime) -> Noted:
    """Take a finding in: appeal, case and the walk's own note, all of it or nothing, once for each key.

    Two phones on one walk wait for each other at the walk's row, so neither overwrites what the other saw.
    Refusals: `walk_not_found`, `not_your_walk`, `finding_taken` for a key of another walk, `not_allowed`
    where a unit is named by somebody who does not dispatch there, and whatever intake and the cases say.
    """
    with transaction.atomic():
        walk = locked_walk(found.walk)
        if not may_go(by, walk):
            raise Refusal(reasons.NOT_YOUR_WALK)
        before = Finding.objects.filter(pk=found.key).first()
        if before is not None:
            if before.walk_id != walk.pk:
                raise Refusal(reasons.FINDING_TAKEN)
            return Noted(before, _case_of(before.appeal_id), new=False)
        told = _whole(found, walk)
        how, case, appeal, number = _make(told, walk, by=by, at=at)
        finding = note_finding(
            walk, key=found.key, appeal=appeal, number=number, how=how, stop=found.stop, line=found.line,
            written_at=found.written_at, by=by, at=at,
        )  # fmt: skip
        return Noted(finding, case, new=True)


def finding_taken_under(key: UUID, *, by: Actor) -> Noted | None:
    """Return what a finding of this key came to, if it is of a walk this actor goes on."""
    found = Finding.objects.filter(pk=key).select_related("walk__area").first()
    if found is None or not may_go(by, found.walk):
        return None
    return Noted(found, _case_of(found.appeal_id), new=False)


def _case_of(appeal_id: UUID) -> Case:
    return Case.objects.get(memberships__appeal=appeal_id, memberships__until_at=None)


@dataclass(frozen=True)
class _Told:
    """A finding with what its place and line add to it."""

    found: WalkFinding
    text: str
    item: str
    place: dict[str, Any]


def _whole(found: WalkFinding, walk: Walk) -> _Told:
    """Fill in what was not typed: the words of the line looked at, the place one stood at."""
    line = (
        CheckLine.objects.filter(pk=found.line, checklist=walk.checklist_id).first() if found.line else None
    )
    stop = (
        Stop.objects.filter(pk=found.stop, walk=walk).select_related("place").first() if found.stop else None
    )
    where = found.place_words or (stop.name if stop else "")
    parts = [found.text or (line.text if line else ""), "" if found.text else where]
    text = "，".join(part for part in parts if part)
    if not found.text and (line or stop):
        text = f"行走发现：{text}"
    return _Told(
        found, text, found.item or (line.item_code if line else ""), _place(found, stop, where, walk)
    )


def _place(found: WalkFinding, stop: Stop | None, where: str, walk: Walk) -> dict[str, Any]:
    """Return where it is, the surest first: a marked point, the named place, its point, the walk's area."""
    if found.lat is not None and found.lon is not None:
        return {"place_words": where, "lat": found.lat, "lon": found.lon}
    if stop is not None and stop.place is not None and not found.place_words:
        return {"place_words": where, "place_code": stop.place.code}
    if stop is not None and stop.lat is not None and not found.place_words:
        return {"place_words": where, "lat": stop.lat, "lon": stop.lon}
    return {"place_words": where} if where else {"place_code": walk.area.code}


def _make(told: _Told, walk: Walk, *, by: Actor, at: datetime) -> tuple[FoundHow, Case, UUID, str]:
    """Make the appeal and its case in the way that was asked for."""
    found, key = told.found, str(told.found.key)
    if found.done:
        handled = SelfHandled(
            key=key, text=told.text, done=found.done, item=told.item, before=found.before, after=found.after,
            channel=CHANNEL, **told.place,
        )  # fmt: skip
        case = record_self_handled(handled, by=by, at=at)
        appeal = case.memberships.filter(until_at=None).values_list("appeal_id", "appeal__number").get()
        return FoundHow.HANDLED, case, *appeal
    unit = _unit_named(found, walk, by=by)
    taken = submit_appeal(_draft(told, walk, held_for=HELD if unit else "", by=by), by=by, at=at)
    case = _case_of(taken.appeal_id)
    if unit and case.status == Status.SUBMITTED:
        item = told.item or case.item_code
        case = move_case(case.pk, "dispatch", by=by, at=at, unit=unit, item=item)
        return FoundHow.DISPATCHED, case, taken.appeal_id, taken.number
    return FoundHow.REPORTED, case, taken.appeal_id, taken.number


def _unit_named(found: WalkFinding, walk: Walk, *, by: Actor) -> str:
    """Return the unit it is given to on the spot; Refusal `not_allowed` unless the actor dispatches there."""
    if found.unit and not may_dispatch_on(walk, by):
        raise Refusal(NOT_ALLOWED)
    return found.unit


def may_dispatch_on(walk: Walk, by: Actor) -> bool:
    """Return whether an actor dispatches cases of the walk's area."""
    return any(
        Permission.CASE_DISPATCH in grant.on_area and lies_under(walk.area.path, grant.area_path)
        for grant in by.grants
    )


def _draft(told: _Told, walk: Walk, *, held_for: str, by: Actor) -> Draft:
    photos = list(waiting_photos(told.found.before)) if told.found.before else []
    raw: dict[str, object] = {
        "walk": walk.number, "text": told.found.text, "item": told.item, "place": told.place,
        "photos": [photo.original_sha256 for photo in photos],
    }  # fmt: skip
    place = told.place | ({"place_chosen": True} if "place_code" in told.place else {})
    return Draft(
        channel=CHANNEL, key=str(told.found.key), text=told.text, raw=raw_of(raw), told_how="found",
        typed_by_id=by.id, held_for=held_for, photo_ids=tuple(photo.pk for photo in photos), **place,
    )  # fmt: skip
