"""Topics: proposed, joined by cases, dropped, taken up again, ended; and the households of a matter."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Max

from huying.kit.errors import Refusal
from huying.kit.text import clean, on_one_line
from huying.ledger.actions import record
from huying.people.permissions import Permission
from huying.places.queries import town_map
from huying.supervision import facts, reasons
from huying.supervision.models import AgendaItem, Topic, TopicCase
from huying.supervision.moves import TOPIC_MOVE
from huying.supervision.rules import over_area, over_unit, why_not_topic
from huying.supervision.states import OPEN_ORDERS, TopicSource, TopicState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from uuid import UUID

    from huying.ledger.actor import Actor
    from huying.ledger.chain import FactBody

LONGEST_TITLE, LONGEST_TEXT, LONGEST_PLACE = 120, 4_000, 120


@dataclass(frozen=True)
class TopicDraft:
    """What a topic is proposed with: `area_path` of the town, `unit` that proposes it, if one does."""

    title: str
    why: str
    area_path: str
    source: str = TopicSource.HAND
    item_code: str = ""
    place_name: str = ""
    unit: UUID | None = None
    hot_spot: UUID | None = None
    walk: UUID | None = None
    cases: Sequence[UUID] = field(default=())


def may_propose(by: Actor, draft: TopicDraft) -> bool:
    """Return whether an actor may propose this: over its area, or for a unit of theirs."""
    right = Permission.TOPIC_PROPOSE
    return over_area(by, right, draft.area_path) or (
        draft.unit is not None and over_unit(by, right, draft.unit)
    )


def propose_topic(draft: TopicDraft, *, key: UUID, district: str, by: Actor, at: datetime) -> Topic:
    """Propose a matter for a meeting; the same key again is the same topic.

    Refusals: `supervision_not_yours`, `topic_area_unknown`, `supervision_missing`; `running_topic` when the
    hot spot is a topic that still runs.
    """
    if not may_propose(by, draft):
        raise Refusal(reasons.NOT_YOURS)
    title, why = on_one_line(draft.title)[:LONGEST_TITLE], clean(draft.why)[:LONGEST_TEXT]
    for name, told in (("title", title), ("why", why)):
        if not told:
            raise Refusal(reasons.MISSING, field=name)
    area = town_map().by_code(draft.area_path.rpartition("/")[2]) if draft.area_path else None
    if area is None or area.path != draft.area_path:
        raise Refusal(reasons.AREA_UNKNOWN, field="area")
    with transaction.atomic():
        # Numbers are given one after the other; whoever proposes the same hot spot waits here, too.
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE supervision_topic IN SHARE ROW EXCLUSIVE MODE")
        known = Topic.objects.filter(pk=key).first()
        if known is not None:
            return known
        _check_fresh(draft.hot_spot)
        number = (Topic.objects.aggregate(last=Max("number"))["last"] or 0) + 1
        topic = Topic(
            id=key, number=number, district=district, title=title, why=why, source=draft.source,
            hot_spot=draft.hot_spot, walk=draft.walk, area_path=draft.area_path, item_code=draft.item_code,
            place_name=on_one_line(draft.place_name)[:LONGEST_PLACE], unit_id=draft.unit, proposed_at=at,
            proposed_by_id=by.id, proposed_by_name=by.name[:80],
        )  # fmt: skip
        cases = list(dict.fromkeys(draft.cases))
        body = facts.TopicProposed(
            number=number, title=title, words=why, source=draft.source, hot_spot=str(draft.hot_spot or ""),
            walk=str(draft.walk or ""), area_path=draft.area_path, item=draft.item_code,
            unit=str(draft.unit or ""), cases=[str(case) for case in cases],
        )  # fmt: skip
        record(topic, body, district=district, by=by, at=at)
        topic.save(force_insert=True)
        TopicCase.objects.bulk_create(TopicCase(topic=topic, case_id=case) for case in cases)
        return topic


def _check_fresh(hot_spot: UUID | None) -> None:
    if hot_spot is None:
        return
    running = Topic.objects.filter(hot_spot=hot_spot).exclude(
        state__in=[TopicState.ENDED, TopicState.DROPPED]
    )
    number = running.values_list("number", flat=True).first()
    if number is not None:
        raise Refusal(reasons.RUNNING_TOPIC, number=number)


def lock_topic(topic_id: UUID) -> Topic:
    """Return a topic with its row locked until the transaction ends; Refusal `topic_not_found`."""
    topic = Topic.objects.select_for_update().filter(pk=topic_id).first()
    if topic is None:
        raise Refusal(reasons.TOPIC_NOT_FOUND)
    return topic


def check_topic(topic: Topic, key: str, *, by: Actor) -> None:
    """Refuse a move of a topic that is not possible, or not this actor's."""
    reason = why_not_topic(topic, TOPIC_MOVE[key], by=by)
    if reason is not None:
        raise Refusal(reason, state=TopicState(topic.state).label)


def write_topic(topic: Topic, body: FactBody, *, by: Actor, at: datetime) -> None:
    """Record a fact of a topic and save it: the same end for every move."""
    record(topic, body, district=topic.district, by=by, at=at)
    topic.save()


def add_cases(topic_id: UUID, cases: Sequence[UUID], *, by: Actor, at: datetime) -> int:
    """Add cases to a topic; return how many were new. The door has looked whether the actor sees them."""
    with transaction.atomic():
        topic = lock_topic(topic_id)
        check_topic(topic, "add_cases", by=by)
        known = set(topic.members.values_list("case_id", flat=True))
        fresh = [case for case in dict.fromkeys(cases) if case not in known]
        if not fresh:
            return 0
        TopicCase.objects.bulk_create(TopicCase(topic=topic, case_id=case) for case in fresh)
        body = facts.TopicCasesAdded(topic.number, [str(case) for case in fresh])
        write_topic(topic, body, by=by, at=at)
        return len(fresh)


def move_topic(
    topic_id: UUID, key: str, *, reason: str, by: Actor, at: datetime, seen: int | None = None
) -> Topic:
    """Drop a topic, take it up after all, end it or open it again, with a reason.

    `seen` as in `move_order`. Refusals: those of `why_not_topic`, `supervision_missing`, `orders_open` when
    it is to end before its orders, `waits_on_agenda`.
    """
    words = clean(reason)[:LONGEST_TEXT]
    with transaction.atomic():
        topic = lock_topic(topic_id)
        if seen is not None and seen != topic.fact_seq:
            raise Refusal(reasons.CHANGED_MEANWHILE)
        check_topic(topic, key, by=by)
        if not words:
            raise Refusal(reasons.MISSING, field="reason")
        topic.said = words
        if key in {"reopen", "revive"}:
            _check_fresh(topic.hot_spot)
        if key == "end":
            _check_over(topic)
        to = TOPIC_MOVE[key].to
        if to is not None:
            topic.state = to
        topic.ended_at = at if topic.state in {TopicState.ENDED, TopicState.DROPPED} else None
        write_topic(topic, _BODIES[key](topic.number, words), by=by, at=at)
        return topic


def _check_over(topic: Topic) -> None:
    still = topic.orders.filter(state__in=OPEN_ORDERS).count()
    if still:
        raise Refusal(reasons.ORDERS_OPEN, number=still)
    if AgendaItem.objects.filter(topic=topic, outcome="").exists():
        raise Refusal(reasons.WAITS_ON_AGENDA)


_BODIES: dict[str, Callable[..., Any]] = {
    "drop": facts.TopicDropped, "revive": facts.TopicRevived, "end": facts.TopicEnded,
    "reopen": facts.TopicReopened,
}  # fmt: skip
