"""A topic comes before a meeting: agenda, frozen pack, notes, decision, order, minutes that stay."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from huying.cases.tests.stories import AT
from huying.ledger.queries import timeline, verify
from huying.supervision.deciding import decide, take_off
from huying.supervision.meetings import (
    add_business,
    agenda_of,
    digest_of,
    order_items,
    release_minutes,
    write_attendance,
    write_notes,
)
from huying.supervision.models import AgendaItem, Body, Household, Meeting, Order, Topic
from huying.supervision.moves import TOPIC_MOVES
from huying.supervision.queries import orders_of, orders_open, topics_on_agenda
from huying.supervision.rules import meetings_visible_to, topics_visible_to
from huying.supervision.states import Outcome, TopicState
from huying.supervision.tests.cast import called, closed, decided, draft, listed, made, proposed
from huying.supervision.topics import add_cases, move_topic
from huying.testing.cast import staff
from huying.testing.refusals import refused
from huying.testing.town import DISTRICT

pytestmark = pytest.mark.django_db


def fresh(topic: Topic) -> Topic:
    return Topic.objects.get(pk=topic.pk)


def test_a_body_meets_and_its_standing_item_comes_last_with_its_topics() -> None:
    meeting = called()
    first = listed(meeting=meeting)
    add_business(meeting.pk, "传达上级会议精神", key=uuid4(), by=staff("du", at=AT), at=AT)
    second = listed(proposed(title="楼顶漏水"), meeting=meeting)
    titles = [item.title for item in agenda_of(meeting)]
    assert titles == ["传达上级会议精神", "民生诉求专项议题", first.title, second.title]
    order_items(meeting.pk, [second.pk, first.pk], by=staff("du", at=AT), at=AT)
    assert [item.title for item in agenda_of(meeting)][2:] == [second.title, first.title]
    Body.objects.update(standing_last=False)
    assert agenda_of(Meeting.objects.get())[0].title == "民生诉求专项议题"
    assert [card.title for card in topics_on_agenda(meeting)] == [second.title, first.title]


def test_a_decision_becomes_an_order_once_however_often_the_form_is_sent() -> None:
    item, key, du = listed(), uuid4(), staff("du", at=AT)
    first = decide(item.meeting_id, item.pk, draft(), key=key, by=du, at=AT)
    again = decide(item.meeting_id, item.pk, draft(), key=key, by=du, at=AT)
    assert (first.pk, Order.objects.count()) == (again.pk, 1)
    other = decide(item.meeting_id, item.pk, draft(unit="city"), key=uuid4(), by=du, at=AT)
    assert [order.number for order in (first, other)] == [1, 2]
    topic = Topic.objects.get()
    assert topic.state == TopicState.DECIDED
    kinds = [fact.kind for fact in timeline(f"topic:{topic.pk}")]
    assert kinds == ["TopicProposed", "TopicListed", "TopicDecided", "TopicDecided"]
    assert {card.number for card in orders_open(at=AT)} == {"〔2026〕1", "〔2026〕2"}
    assert verify().broken is None


def test_the_pack_stays_as_it_was_when_the_topic_went_on_the_agenda() -> None:
    item = listed()
    again = listed(Topic.objects.get(), meeting=Meeting.objects.get())
    assert (again.pk, AgendaItem.objects.filter(topic__isnull=False).count()) == (item.pk, 1)
    told = timeline(f"topic:{item.topic_id}").get(kind="TopicListed").data
    assert told["pack_sha256"] == item.pack.sha256
    with refused("listed_already"):
        listed(Topic.objects.get(), meeting=called(at=AT + timedelta(days=7)))


def test_minutes_are_released_when_they_are_whole_and_stay_from_then_on() -> None:
    du = staff("du", at=AT)
    item = listed()
    meeting = item.meeting
    with refused("meeting_to_come"):
        release_minutes(meeting.pk, by=du, at=AT - timedelta(hours=1))
    with refused("items_open"):
        release_minutes(meeting.pk, by=du, at=AT)
    decide(meeting.pk, item.pk, draft(assists=("city",)), key=uuid4(), by=du, at=AT)
    write_notes(meeting.pk, item.pk, "社区书记汇报情况。", by=du, at=AT)
    done = release_minutes(meeting.pk, by=du, at=AT)
    assert done.minutes is not None
    told = done.minutes["items"][1]
    assert (done.minutes["present"], told["notes"]) == (["党工委书记"], "社区书记汇报情况。")
    assert told["decisions"][0] | {"due_on": ""} == {
        "text": "一周内建立每日两清制度", "order": "〔2026〕1", "unit": "环卫所", "assists": ["城管执法队"],
        "due_on": "",
    }  # fmt: skip
    for act in (
        lambda: write_notes(meeting.pk, item.pk, "改了", by=du, at=AT),
        lambda: release_minutes(meeting.pk, by=du, at=AT),
        lambda: decide(meeting.pk, item.pk, draft(), key=uuid4(), by=du, at=AT),
        lambda: write_attendance(meeting.pk, [], by=du, at=AT),
    ):
        with refused("minutes_released"):
            act()


def test_two_who_write_the_same_notes_do_not_lose_each_others_words() -> None:
    du, item = staff("du", at=AT), listed()
    empty = digest_of("")
    write_notes(item.meeting_id, item.pk, "第一段", seen=empty, by=du, at=AT)
    write_notes(item.meeting_id, item.pk, "第一段", seen=empty, by=du, at=AT)  # the same form, sent twice
    with refused("order_changed_meanwhile", field="notes"):
        write_notes(item.meeting_id, item.pk, "别的", seen=empty, by=du, at=AT)
    assert AgendaItem.objects.get(pk=item.pk).notes == "第一段"


def test_a_topic_is_put_off_and_comes_before_the_next_meeting() -> None:
    du, item = staff("du", at=AT), listed()
    take_off(item.meeting_id, item.pk, outcome=Outcome.PUT_OFF, reason="材料不齐", by=du, at=AT)
    topic = Topic.objects.get()
    assert topic.state == TopicState.PROPOSED
    with refused("not_on_agenda"):
        decide(item.meeting_id, item.pk, draft(), key=uuid4(), by=du, at=AT)
    later = AT + timedelta(days=7)
    assert listed(topic, meeting=called(at=later), at=later).pk != item.pk


def test_who_may_not_run_a_meeting_is_told_so() -> None:
    item = listed()
    for who in ("lin", "wu", "dong"):
        by = staff(who, at=AT)
        with refused("supervision_not_yours"):
            decide(item.meeting_id, item.pk, draft(), key=uuid4(), by=by, at=AT)
        with refused("supervision_not_yours"):
            write_notes(item.meeting_id, item.pk, "x", by=by, at=AT)
    assert Meeting.objects.filter(meetings_visible_to(staff("wu", at=AT))).count() == 0


def test_a_topic_is_seen_in_its_area_and_by_the_units_with_an_order_of_it() -> None:
    topic = proposed(by="dong")

    def seen(who: str) -> bool:
        return Topic.objects.filter(topics_visible_to(staff(who, at=AT)), pk=topic.pk).exists()

    assert [seen(who) for who in ("dong", "du", "lin", "wu")] == [True, True, False, False]
    decided(topic=topic)
    assert [seen(who) for who in ("lin", "wu")] == [True, False]
    with refused("supervision_not_yours"):
        proposed(by="wu")


def test_a_hot_spot_is_one_running_topic_and_the_same_form_twice_is_one() -> None:
    spot, key = uuid4(), uuid4()
    first = proposed(source="hot_spot", hot_spot=spot, key=key)
    assert proposed(source="hot_spot", hot_spot=spot, key=key).pk == first.pk
    with refused("running_topic"):
        proposed(source="hot_spot", hot_spot=spot)
    move_topic(first.pk, "drop", reason="已自行解决", by=staff("du", at=AT), at=AT)
    second = proposed(source="hot_spot", hot_spot=spot)
    with refused("running_topic"):
        move_topic(first.pk, "revive", reason="还是要办", by=staff("du", at=AT), at=AT)
    order = decided(topic=second)
    assert [card.id for card in orders_of(spot, at=AT)] == [order.pk]


def test_a_topic_ends_after_its_orders_and_may_be_opened_again() -> None:
    order = decided()
    topic, du = order.topic, staff("du", at=AT)
    assert topic is not None
    with refused("orders_open"):
        move_topic(topic.pk, "end", reason="办结", by=du, at=AT)
    made(made(made(order, "take", "lin"), "report", "lin", note="好"), "approve", "du")
    assert move_topic(topic.pk, "end", reason="办结", by=du, at=AT).ended_at == AT
    assert move_topic(topic.pk, "reopen", reason="反弹", by=du, at=AT).state == TopicState.DECIDED
    with refused("topic_not_from_here"):
        move_topic(topic.pk, "drop", reason="x", by=du, at=AT)


def test_cases_join_a_topic_once() -> None:
    from huying.cases.tests.stories import signed

    topic, case, du = proposed(), signed(), staff("du", at=AT)
    assert [add_cases(topic.pk, [case.pk], by=du, at=AT) for _twice in range(2)] == [1, 0]
    assert fresh(topic).district == DISTRICT


def test_the_table_of_a_topic_reads_off_what_the_actions_do() -> None:
    assert {move.key for move in TOPIC_MOVES if not move.hidden} == {"drop", "revive", "end", "reopen"}
    assert closed().topic is None
    assert Household.objects.count() == 0
