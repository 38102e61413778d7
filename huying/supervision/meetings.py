"""Meetings: called, their agendas set, attended, written down while they go on, and released."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from huying.catalogue.core.calendar import local_day
from huying.kit.errors import Refusal
from huying.kit.ids import new_id
from huying.kit.text import clean, on_one_line
from huying.ledger.actions import record
from huying.people.permissions import Permission
from huying.people.queries import unit_book
from huying.places.queries import town_map
from huying.supervision import facts, reasons
from huying.supervision.models import AgendaItem, Attendance, Body, Meeting
from huying.supervision.rules import may_run, over_area
from huying.supervision.states import MeetingState, Outcome, Presence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from huying.ledger.actor import Actor
    from huying.ledger.chain import FactBody

# A meeting that was never written up is no longer offered after so many days.
LATEST_DAYS = 60
LONGEST_TITLE, LONGEST_NAME, LONGEST_NOTES, MOST_THERE = 120, 80, 20_000, 200
# What a new town starts with; edited as data afterwards.
STARTER_BODY = ("党工委会", "Party working committee", "民生诉求专项议题")


@dataclass(frozen=True)
class Call:
    """What a meeting is called with: when and where, who chairs it and who writes the minutes (posts)."""

    starts_at: datetime
    where: str = ""
    chaired_by: str = ""
    written_by: str = ""


def set_starter_bodies() -> None:
    """Write the body a new town starts with, unless it has one."""
    name, name_en, standing = STARTER_BODY
    if not Body.objects.exists():
        Body.objects.get_or_create(name=name, defaults={"name_en": name_en, "standing_title": standing})


def meetings_open(*, at: datetime) -> QuerySet[Meeting]:
    """Return the meetings whose minutes are still being written, the next first."""
    since = at - timedelta(days=LATEST_DAYS)
    found = Meeting.objects.filter(state=MeetingState.CALLED, starts_at__gte=since)
    return found.select_related("body").order_by("starts_at")


def area_of(body: Body) -> str:
    """Return the path of the area whose matters a body takes up; "" while a town has none."""
    root = town_map().root
    return body.area.path if body.area else root.path if root else ""


def call_meeting(body_id: UUID, call: Call, *, key: UUID, district: str, by: Actor, at: datetime) -> Meeting:
    """Call a meeting of a body, its standing item on it; the same key again is the same meeting."""
    with transaction.atomic():
        body = Body.objects.select_for_update(of=("self",)).select_related("area").filter(pk=body_id).first()
        if body is None or not body.is_active:
            raise Refusal(reasons.MEETING_NOT_FOUND)
        if not over_area(by, Permission.MEETING_RUN, area_of(body)):
            raise Refusal(reasons.NOT_YOURS)
        known = Meeting.objects.filter(pk=key).first()
        if known is not None:
            return known
        year = local_day(call.starts_at).year
        last = body.meetings.filter(year=year).aggregate(last=Max("number"))["last"] or 0
        meeting = Meeting(
            id=key, district=district, body=body, year=year, number=last + 1, area_path=area_of(body),
            called_by_id=by.id, called_by_name=by.name[:80], **_called(call),
        )  # fmt: skip
        fact = facts.MeetingCalled(body.name, year, meeting.number, call.starts_at.isoformat())
        record(meeting, fact, district=district, by=by, at=at)
        meeting.save(force_insert=True)
        if body.standing_title:
            AgendaItem.objects.create(meeting=meeting, place=0, title=body.standing_title, is_standing=True)
        return meeting


def _called(call: Call) -> dict[str, Any]:
    return {
        "starts_at": call.starts_at, "where": on_one_line(call.where)[:LONGEST_TITLE],
        "chaired_by": on_one_line(call.chaired_by)[:LONGEST_NAME],
        "written_by": on_one_line(call.written_by)[:LONGEST_NAME],
    }  # fmt: skip


def lock_meeting(meeting_id: UUID, *, by: Actor) -> Meeting:
    """Return a meeting that is still being written, locked.

    Refusals: `meeting_not_found`, `supervision_not_yours`, `minutes_released`.
    """
    found = Meeting.objects.select_for_update(of=("self",)).select_related("body__area")
    meeting = found.filter(pk=meeting_id).first()
    if meeting is None:
        raise Refusal(reasons.MEETING_NOT_FOUND)
    if not may_run(by, meeting):
        raise Refusal(reasons.NOT_YOURS)
    if meeting.state == MeetingState.RELEASED:
        raise Refusal(reasons.MINUTES_RELEASED)
    return meeting


def _write(meeting: Meeting, body: FactBody, *, by: Actor, at: datetime) -> None:
    record(meeting, body, district=meeting.district, by=by, at=at)
    meeting.save()


def item_of(meeting: Meeting, item_id: UUID) -> AgendaItem:
    """Return an item that stands on the agenda of a meeting, locked; Refusal `not_on_agenda`."""
    found = AgendaItem.objects.select_for_update(of=("self",)).select_related("topic")
    item = found.filter(pk=item_id, meeting=meeting).exclude(outcome=Outcome.TAKEN_OFF).first()
    if item is None:
        raise Refusal(reasons.NOT_ON_AGENDA)
    return item


def agenda_of(meeting: Meeting) -> list[AgendaItem]:
    """Return the agenda in its order: other business, then the standing item with its topics."""
    items = meeting.items.exclude(outcome=Outcome.TAKEN_OFF).select_related("topic")
    rows = list(items.order_by("place", "pk").prefetch_related("decisions__order__assists"))
    standing = [row for row in rows if row.is_standing or row.topic_id is not None]
    standing.sort(key=lambda row: not row.is_standing)
    business = [row for row in rows if not row.is_standing and row.topic_id is None]
    return [*business, *standing] if meeting.body.standing_last else [*standing, *business]


def _next_place(meeting: Meeting) -> int:
    return (meeting.items.aggregate(last=Max("place"))["last"] or 0) + 1


def add_business(meeting_id: UUID, title: str, *, key: UUID, by: Actor, at: datetime) -> AgendaItem:
    """Add an item that is no topic to an agenda; the same key again is the same item."""
    words = on_one_line(title)[:LONGEST_TITLE]
    if not words:
        raise Refusal(reasons.MISSING, field="title")
    with transaction.atomic():
        meeting = lock_meeting(meeting_id, by=by)
        known = AgendaItem.objects.filter(pk=key, meeting=meeting).first()
        if known is not None:
            return known
        item = AgendaItem.objects.create(id=key, meeting=meeting, place=_next_place(meeting), title=words)
        _write(meeting, facts.AgendaChanged(_titles(meeting)), by=by, at=at)
        return item


def _titles(meeting: Meeting) -> list[str]:
    return [item.title for item in agenda_of(meeting)]


def order_items(meeting_id: UUID, item_ids: Sequence[UUID], *, by: Actor, at: datetime) -> None:
    """Put the items of an agenda in this order; those not named keep theirs, after them."""
    with transaction.atomic():
        meeting = lock_meeting(meeting_id, by=by)
        rows = {item.pk: item for item in agenda_of(meeting)}
        wanted = [rows[key] for key in dict.fromkeys(item_ids) if key in rows]
        rest = [row for row in rows.values() if row not in wanted]
        before = _titles(meeting)
        for place, row in enumerate([*wanted, *rest], start=1):
            AgendaItem.objects.filter(pk=row.pk).update(place=place)
        after = _titles(meeting)
        if after != before:
            _write(meeting, facts.AgendaChanged(after), by=by, at=at)


def write_attendance(
    meeting_id: UUID,
    there: Sequence[tuple[str, str]],
    *,
    call: Call | None = None,
    by: Actor,
    at: datetime,
) -> None:
    """Write down anew who is at a meeting: posts, units or guests in the order given."""
    rows: dict[str, str] = {}
    for told, presence in there:
        who = on_one_line(told)[:LONGEST_NAME]
        if who and presence in Presence.values:
            rows.setdefault(who, presence)
    with transaction.atomic():
        meeting = lock_meeting(meeting_id, by=by)
        if call is not None:
            for name, value in _called(call).items():
                setattr(meeting, name, value)
        before = list(meeting.attendance.order_by("place").values_list("who", "presence"))
        kept = list(rows.items())[:MOST_THERE]
        meeting.attendance.all().delete()
        Attendance.objects.bulk_create(
            Attendance(meeting=meeting, place=place, who=who, presence=presence)
            for place, (who, presence) in enumerate(kept, start=1)
        )
        if kept == before:
            meeting.save()
            return
        counts = [sum(one == presence for _who, one in kept) for presence in Presence.values]
        _write(meeting, facts.AttendanceWritten(*counts), by=by, at=at)


def digest_of(words: str) -> str:
    """Return the digest by which a page says which words it had on the screen."""
    return hashlib.sha256(words.encode()).hexdigest()


def write_notes(
    meeting_id: UUID, item_id: UUID, words: str, *, seen: str | None = None, by: Actor, at: datetime
) -> AgendaItem:
    """Write down what was said about an item, in place of what stood there; the same twice is one note.

    `seen` is the digest of the words the page began with: when somebody else wrote meanwhile, nothing is
    written (Refusal `order_changed_meanwhile`), for the page to show both.
    """
    told = clean(words)[:LONGEST_NOTES]
    with transaction.atomic():
        meeting = lock_meeting(meeting_id, by=by)
        item = item_of(meeting, item_id)
        if item.notes == told:
            return item
        if seen is not None and seen != digest_of(item.notes):
            raise Refusal(reasons.CHANGED_MEANWHILE, field="notes")
        item.notes = told
        item.save(update_fields=["notes"])
        _write(meeting, facts.DiscussionWritten(item.title, digest_of(told)), by=by, at=at)
        return item


def release_minutes(meeting_id: UUID, *, by: Actor, at: datetime, seen: int | None = None) -> Meeting:
    """Release the minutes of a meeting as its rows tell them now; from here they stay.

    Refusals: `meeting_to_come`, `nobody_present`, `items_open` when a topic has neither notes nor outcome.
    """
    with transaction.atomic():
        meeting = lock_meeting(meeting_id, by=by)
        if seen is not None and seen != meeting.fact_seq:
            raise Refusal(reasons.CHANGED_MEANWHILE)
        if at < meeting.starts_at:
            raise Refusal(reasons.MEETING_TO_COME)
        if not meeting.attendance.exclude(presence=Presence.EXCUSED).exists():
            raise Refusal(reasons.NOBODY_PRESENT)
        items = agenda_of(meeting)
        for item in items:
            if item.topic_id is not None and not item.outcome and not item.notes:
                raise Refusal(reasons.ITEMS_OPEN, title=item.title)
        meeting.minutes = minutes_of(meeting, items)
        meeting.items.filter(outcome="").update(outcome=Outcome.HEARD, settled_at=at)
        meeting.state, meeting.released_at = MeetingState.RELEASED, at
        meeting.released_by_name = by.name[:80]
        text = json.dumps(meeting.minutes, ensure_ascii=False, sort_keys=True)
        count = sum(len(item["decisions"]) for item in meeting.minutes["items"])
        body = facts.MinutesReleased(meeting.body.name, meeting.year, meeting.number, digest_of(text), count)
        _write(meeting, body, by=by, at=at)
        return meeting


def minutes_of(meeting: Meeting, items: Sequence[AgendaItem] | None = None) -> dict[str, Any]:
    """Return the minutes as the rows tell them: who was there, what was said and decided, item by item."""
    rows = agenda_of(meeting) if items is None else items
    there = list(meeting.attendance.order_by("place").values_list("who", "presence"))
    return {
        "body": meeting.body.name, "year": meeting.year, "number": meeting.number,
        "starts_at": timezone.localtime(meeting.starts_at).strftime("%Y-%m-%d %H:%M"),
        "where": meeting.where, "chaired_by": meeting.chaired_by, "written_by": meeting.written_by,
        **{presence: [who for who, one in there if one == presence] for presence in Presence.values},
        "items": [_item(row) for row in rows],
    }  # fmt: skip


def _item(row: AgendaItem) -> dict[str, Any]:
    return {
        "title": row.title, "is_standing": row.is_standing,
        "topic": row.topic.number if row.topic else None, "notes": row.notes, "outcome": row.outcome,
        "decisions": [_decision(one) for one in sorted(row.decisions.all(), key=lambda one: one.place)],
    }  # fmt: skip


def _decision(decision: Any) -> dict[str, Any]:  # noqa: ANN401 - a Decision with its order
    order, book = decision.order, unit_book().by_id
    helping = [book[one.unit_id].name for one in order.assists.all() if one.unit_id in book]
    unit = book.get(order.unit_id)
    return {
        "text": decision.text, "order": str(order), "unit": unit.name if unit else "", "assists": helping,
        "due_on": order.first_due_on.isoformat(),
    }  # fmt: skip


def new_key() -> UUID:
    """Return a key for a form that may be sent twice."""
    return new_id()
