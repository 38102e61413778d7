"""The whole way: a hot spot becomes a topic, a decision, an order with a letter, and what came of it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from huying.cases.actions import move_case
from huying.cases.models import Case
from huying.cases.tests.stories import AT
from huying.insight.tests.hotstories import PIT, follow, pit, the_spot, told
from huying.journeys.hotspot_to_topic import (
    count_effects,
    put_on_agenda,
    topic_from_hot_spot,
    topic_from_overdue,
)
from huying.journeys.packing import make_pack
from huying.ledger.queries import timeline, verify
from huying.notify.letters import words_of
from huying.notify.models import Notice
from huying.supervision.deciding import decide
from huying.supervision.models import Effect, Order, Topic
from huying.supervision.queries import orders_of
from huying.supervision.states import EffectFound, OrderState
from huying.supervision.tests.cast import EAST_PATH, called, day, draft, made
from huying.supervision.topics import TopicDraft
from huying.supervision.weeks import keep_orders
from huying.testing.cast import case_of, staff
from huying.testing.refusals import refused
from huying.testing.town import DISTRICT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
THEN = AT + 2 * DAY


@pytest.fixture(autouse=True)
def _chain_holds() -> Iterator[None]:
    yield
    assert verify().broken is None


def topic_of_the_pit() -> Topic:
    """Return the topic made of a hot spot six neighbours told of."""
    pit(6)
    return topic_from_hot_spot(
        the_spot().pk, why="", key=uuid4(), district=DISTRICT, by=staff("du", at=THEN), at=THEN
    )


def decided(topic: Topic, *, due: int = 20) -> Order:
    """Let a meeting decide on it: the cleaners have it."""
    meeting, du = called(at=THEN), staff("du", at=THEN)
    item = put_on_agenda(meeting.pk, topic.pk, by=du, at=THEN)
    return decide(meeting.pk, item.pk, draft(at=THEN, due_on=day(due, at=THEN)), key=uuid4(), by=du, at=THEN)


def brought_to_its_end(order: Order, *, at: datetime) -> Order:
    """Let Lin take it on and report it, and Du approve its end."""
    made(order, "take", "lin", at=at)
    made(order, "report", "lin", at=at, note="已清掏，改为每月一次")
    return made(order, "approve", "du", at=at)


def sweep(at: datetime) -> None:
    """Count all effects there are to count."""
    while count_effects(at=at):
        pass


def told_to(who: str) -> list[str]:
    """Return the kinds of notices the units of somebody have, and see that each reads well."""
    notices = list(Notice.objects.filter(to_unit_id__in=staff(who).unit_ids).order_by("at", "id"))
    for notice in notices:
        assert "—" not in words_of(notice), notice.kind
    return [notice.kind for notice in notices]


def test_from_a_hot_spot_to_an_effect_that_is_shown() -> None:
    topic = topic_of_the_pit()
    assert topic.area_path.startswith(EAST_PATH)
    assert (topic.source, topic.members.exists()) == ("hot_spot", True)
    order = decided(topic)
    assert order.cases.exists()
    late = THEN + 21 * DAY
    while keep_orders(at=late):
        pass
    under = Case.objects.filter(pk__in=order.cases.values("case"))
    assert {case.supervision for case in under} == {"red"}
    order = brought_to_its_end(Order.objects.get(pk=order.pk), at=late)
    told(PIT[0], who=50, at=late + 10 * DAY)
    sweep(late + 40 * DAY)
    effect = Effect.objects.get(order=order)
    assert (effect.before, effect.after, effect.found) == (6, 1, EffectFound.RUNNING)
    sweep(late + 93 * DAY)
    sweep(late + 120 * DAY)
    effect.refresh_from_db()
    assert (effect.found, effect.months) == (EffectFound.FELL, [1, 0, 0])
    assert [card.state for card in orders_of(the_spot().pk, at=late)] == [OrderState.CLOSED]
    kinds = [fact.kind for fact in timeline(f"order:{order.pk}")]
    assert kinds == [
        "OrderGiven", "OrderOverdue", "OrderLettered", "OrderTaken", "OrderReported", "OrderClosed",
        "EffectSettled",
    ]  # fmt: skip
    follow()
    heard = told_to("lin")
    assert [kind for kind in heard if kind.startswith(("order", "effect"))] == [
        "order_given", "order_late", "order_closed", "effect_found",
    ]  # fmt: skip
    assert {"order_late", "order_reported", "effect_found"} <= set(told_to("du"))


def test_appeals_that_come_back_open_the_order_again_once() -> None:
    order = brought_to_its_end(decided(topic_of_the_pit()), at=THEN + DAY)
    back = THEN + 20 * DAY
    pit(3, at=back, first=10)
    sweep(back + DAY)
    sweep(back + DAY)
    sweep(back + 200 * DAY)
    order = Order.objects.get(pk=order.pk)
    assert (order.state, order.round, order.due_on) == (OrderState.AT_WORK, 1, day(15, at=back))
    kinds = [fact.kind for fact in timeline(f"order:{order.pk}")]
    assert kinds.count("OrderReopened") == kinds.count("EffectSettled") == 1
    assert order.effects.get().found == EffectFound.RETURNED
    # The next end has a check of its own; what was found before stays.
    made(order, "report", "lin", at=back + 3 * DAY, note="再次清掏")
    made(order, "approve", "du", at=back + 3 * DAY)
    sweep(back + 100 * DAY)
    found = list(order.effects.order_by("round").values_list("found", flat=True))
    assert found == [EffectFound.RETURNED, EffectFound.FELL]


def test_when_it_got_worse_by_few_voices_it_is_said_so() -> None:
    order = brought_to_its_end(decided(topic_of_the_pit()), at=THEN + DAY)
    for place in range(9):
        told(PIT[place % 6], who=place % 2, at=THEN + (10 + place) * DAY)
    sweep(THEN + 100 * DAY)
    effect = order.effects.get()
    assert (effect.before, effect.after, effect.people_after) == (6, 9, 2)
    assert effect.found == EffectFound.ROSE


def test_the_pack_tells_of_the_matter_and_of_nobody() -> None:
    topic = topic_of_the_pit()
    named = "我是张小花，电话13812345678，住听澜花园2栋305，化粪池满了臭味很大"
    hidden = case_of(told("听澜花园2栋化粪池臭味很大，机密反映", who=70, at=AT + 8 * timedelta(hours=1)))
    move_case(hidden.pk, "keep_confidential", by=staff("du", at=THEN), at=THEN, reason="涉及隐私")
    told(named, who=71, at=AT + timedelta(hours=9), name="张小花")
    pack = make_pack(topic, at=THEN)
    text = json.dumps(pack, ensure_ascii=False)
    assert pack["numbers"]["people"] >= 6
    assert sum(row["count"] for row in pack["months"]) == pack["numbers"]["appeals"]
    for secret in ("13812345678", "张小花", "305", "机密反映", hidden.number, "1380000"):
        assert secret not in text, secret
    assert pack["points"]
    assert all(len(str(lat).partition(".")[2]) <= 3 for lat, _lon, _n in pack["points"])
    assert {row["kind"] for row in pack["timeline"]} >= {"first", "last", "proposed"}


def test_what_is_overdue_becomes_a_topic_with_its_cases() -> None:
    case = case_of(told(PIT[0], at=AT))
    du = staff("du", at=AT)
    matter = TopicDraft("超期工单", "多件超期", EAST_PATH)
    with refused("topic_no_cases"):
        topic_from_overdue(matter, key=uuid4(), district=DISTRICT, by=du, at=AT)
    late, key = AT + 60 * DAY, uuid4()
    for _twice in range(2):
        topic = topic_from_overdue(matter, key=key, district=DISTRICT, by=du, at=late)
    assert (topic.source, topic.members.get().case_id) == ("overdue", case.pk)
    assert Topic.objects.count() == 1
