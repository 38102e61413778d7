"""A topic before a meeting: put on the agenda with its pack, put off, decided on; each decision an order."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from huying.cases.rules import lies_under
from huying.kit.errors import Refusal
from huying.kit.text import clean
from huying.ledger.actions import record
from huying.supervision import facts, reasons
from huying.supervision.meetings import item_of, lock_meeting
from huying.supervision.models import AgendaItem, Decision, Order, Pack
from huying.supervision.orders import OrderDraft, give_order
from huying.supervision.states import Outcome, TopicState
from huying.supervision.topics import LONGEST_TEXT, check_topic, lock_topic, write_topic

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from huying.ledger.actor import Actor
    from huying.supervision.models import Meeting, Topic


def list_topic(
    meeting_id: UUID, topic_id: UUID, *, pack: Mapping[str, Any], by: Actor, at: datetime
) -> AgendaItem:
    """Put a topic on an agenda and freeze what the meeting is given to read about it.

    `pack` is what `journeys.packing` gathered, plain JSON. A topic that stands there already is returned as
    it is. Refusals: those of `why_not_topic`, `minutes_released`, `wrong_body`, `listed_already`.
    """
    with transaction.atomic():
        meeting = lock_meeting(meeting_id, by=by)
        topic = lock_topic(topic_id)
        waiting = AgendaItem.objects.filter(topic=topic, outcome="").first()
        if waiting is not None and waiting.meeting_id == meeting.pk:
            return waiting
        if waiting is not None:
            raise Refusal(reasons.LISTED_ALREADY)
        check_topic(topic, "list", by=by)
        if not lies_under(topic.area_path, meeting.area_path):
            raise Refusal(reasons.WRONG_BODY)
        place = (meeting.items.aggregate(last=Max("place"))["last"] or 0) + 1
        item = AgendaItem.objects.create(meeting=meeting, topic=topic, place=place, title=topic.title)
        text = json.dumps(pack, ensure_ascii=False, sort_keys=True)
        digest = hashlib.sha256(text.encode()).hexdigest()
        Pack.objects.create(item=item, data=dict(pack), sha256=digest, made_at=at)
        topic.state = TopicState.LISTED
        write_topic(topic, facts.TopicListed(topic.number, str(meeting.pk), digest), by=by, at=at)
        return item


def take_off(
    meeting_id: UUID, item_id: UUID, *, outcome: Outcome, reason: str, by: Actor, at: datetime
) -> AgendaItem:
    """Take a topic off the agenda before the meeting, or put it off to a later one, with a reason."""
    words = clean(reason)[:LONGEST_TEXT]
    if not words:
        raise Refusal(reasons.MISSING, field="reason")
    with transaction.atomic():
        meeting = lock_meeting(meeting_id, by=by)
        item = item_of(meeting, item_id)
        if item.topic_id is None or item.outcome:
            raise Refusal(reasons.NOT_ON_AGENDA)
        topic = lock_topic(item.topic_id)
        check_topic(topic, str(outcome if outcome == Outcome.PUT_OFF else "take_off"), by=by)
        item.outcome, item.settled_at = outcome, at
        if outcome == Outcome.PUT_OFF and not item.notes:
            item.notes = words
        item.save(update_fields=["outcome", "settled_at", "notes"])
        topic.state = TopicState.DECIDED if topic.orders.exists() else TopicState.PROPOSED
        body = facts.TopicTakenOff(topic.number, str(meeting.pk), str(outcome), words)
        write_topic(topic, body, by=by, at=at)
        return item


def decide(
    meeting_id: UUID, item_id: UUID, draft: OrderDraft, *, key: UUID, by: Actor, at: datetime
) -> Order:
    """Write down a decision on an item; it becomes an order at once. The same key again is the same order.

    On a topic the order is about its cases, unless the draft names others.
    """
    with transaction.atomic():
        meeting = lock_meeting(meeting_id, by=by)
        known = Order.objects.filter(decision=key).first()
        if known is not None:
            return known
        item = item_of(meeting, item_id)
        if item.outcome == Outcome.PUT_OFF:
            raise Refusal(reasons.NOT_ON_AGENDA)
        topic = lock_topic(item.topic_id) if item.topic_id is not None else None
        if topic is not None:
            check_topic(topic, "decide", by=by)
        text = clean(draft.text)[:LONGEST_TEXT]
        if not text:
            raise Refusal(reasons.MISSING, field="text")
        place = (item.decisions.aggregate(last=Max("place"))["last"] or 0) + 1
        decision = Decision.objects.create(
            id=key, item=item, place=place, text=text, decided_at=at, decided_by_name=by.name[:80]
        )
        order = give_order(
            _whole(draft, topic), key=_order_key(key), topic=topic, decision=decision,
            area_path=topic.area_path if topic else meeting.area_path, district=meeting.district,
            by=by, at=at,
        )  # fmt: skip
        item.outcome, item.settled_at = Outcome.DECIDED, at
        item.save(update_fields=["outcome", "settled_at"])
        _tell(meeting, topic, item, order, text, by=by, at=at)
        return order


def _whole(draft: OrderDraft, topic: Topic | None) -> OrderDraft:
    if topic is None or draft.cases:
        return draft
    cases = tuple(topic.members.order_by("case_id").values_list("case_id", flat=True))
    return OrderDraft(
        draft.title or topic.title, draft.text, draft.unit, draft.due_on, draft.kind, draft.assists, cases
    )


def _order_key(decision: UUID) -> UUID:
    """Return the key of a decision's order, the same each time it is asked for."""
    return UUID(bytes=hashlib.sha256(b"order of " + decision.bytes).digest()[:16], version=5)


def _tell(
    meeting: Meeting,
    topic: Topic | None,
    item: AgendaItem,
    order: Order,
    words: str,
    *,
    by: Actor,
    at: datetime,
) -> None:
    record(
        meeting, facts.DecisionMade(item.title, str(order), words), district=meeting.district, by=by, at=at
    )
    meeting.save(update_fields=["fact_seq", "fact_hash"])
    if topic is not None:
        topic.state = TopicState.DECIDED
        body = facts.TopicDecided(topic.number, str(meeting.pk), str(order), words)
        write_topic(topic, body, by=by, at=at)
