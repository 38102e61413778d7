"""Units hear of their topics and orders, in words that are whole; a neighbour hears nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import translation

from huying.cases.tests.stories import AT
from huying.insight.tests.hotstories import follow
from huying.notify.letters import words_of
from huying.notify.models import Notice
from huying.people.queries import unit_book
from huying.supervision.deciding import take_off
from huying.supervision.models import Topic
from huying.supervision.states import Outcome
from huying.supervision.tests.cast import closed, day, decided, given, listed, made, proposed, reported, taken
from huying.supervision.topics import move_topic
from huying.supervision.weeks import keep_orders
from huying.testing.cast import staff

if TYPE_CHECKING:
    from datetime import datetime

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_waits() -> None:
    follow()
    Notice.objects.all().delete()


def heard() -> dict[str, list[str]]:
    """Let follow what follows; return what each unit was told, each notice once, in whole words."""
    follow()
    book, found = unit_book().by_id, dict[str, list[str]]()
    for notice in Notice.objects.exclude(to_unit=None).order_by("at", "id"):
        for language in ("en", "zh-hans"):
            with translation.override(language):
                words = words_of(notice)
            assert "—" not in words, (notice.kind, words)
            assert "{" not in words, (notice.kind, words)
        if notice.to_unit_id is not None:
            found.setdefault(book[notice.to_unit_id].code, []).append(notice.kind)
    Notice.objects.all().delete()
    return found


def sweep(at: datetime) -> None:
    while keep_orders(at=at):
        pass


def test_an_order_is_told_to_its_unit_and_to_those_who_help() -> None:
    given(assists=("city",))
    assert heard() == {"cleaning": ["order_given"], "city": ["order_assist"]}


def test_what_a_unit_says_is_told_to_those_who_approve_and_the_answer_to_the_unit() -> None:
    order = reported()
    told = heard()
    assert told["dispatch"] == told["street"] == ["order_reported"]
    made(order, "send_back", "du", reason="照片不清")
    assert heard() == {"cleaning": ["order_sent_back"]}
    made(made(order, "report", "lin", note="补好了"), "approve", "du")
    assert heard()["cleaning"] == ["order_closed"]
    disputed = made(given(), "dispute", "lin", reason="不归我们")
    assert heard()["dispatch"] == ["order_disputed"]
    made(disputed, "reassign", "du", unit="city", reason="归城管")
    assert heard() == {"cleaning": ["order_away"], "city": ["order_given"]}


def test_dates_letters_and_promises_are_told_once() -> None:
    order = taken(due_on=day(20))
    talk: dict[str, Any] = {"who": "某物业", "held_on": day(0), "promise": "修好", "promised_on": day(2)}
    made(order, "interview", "lin", **talk)
    heard()
    sweep(AT + timedelta(days=3))
    assert heard()["cleaning"] == ["promise_passed"]
    sweep(AT + timedelta(days=14))
    assert heard()["cleaning"] == ["order_letter", "order_soon"]
    sweep(AT + timedelta(days=21))
    sweep(AT + timedelta(days=22))
    assert heard()["cleaning"] == ["order_late"]
    made(order, "put_off", "ling", at=AT + timedelta(days=22), due_on=day(40), reason="待立项")
    assert heard() == {"cleaning": ["order_put_off"]}
    made(order, "cancel", "ling", at=AT + timedelta(days=22), reason="并入其他事项")
    assert heard() == {"cleaning": ["order_cancelled"]}


def test_who_proposed_a_topic_hears_what_becomes_of_it() -> None:
    unit = unit_book().by_code["east"].id
    topic = proposed(by="dong", unit=unit)
    item = listed(topic)
    assert heard() == {"east": ["topic_listed"]}
    du = staff("du", at=AT)
    take_off(item.meeting_id, item.pk, outcome=Outcome.PUT_OFF, reason="材料不齐", by=du, at=AT)
    assert heard() == {"east": ["topic_taken_off"]}
    move_topic(topic.pk, "drop", reason="已解决", by=du, at=AT)
    assert heard() == {"east": ["topic_dropped"]}
    order = decided(topic=proposed(by="dong", unit=unit))
    assert heard()["east"] == ["topic_listed", "topic_decided"]
    made(made(made(order, "take", "lin"), "report", "lin", note="好"), "approve", "du")
    move_topic(Topic.objects.get(orders=order).pk, "end", reason="办结", by=du, at=AT)
    assert heard()["east"] == ["topic_over"]


def test_an_order_opened_again_is_told_to_both_sides() -> None:
    order = closed()
    heard()
    made(order, "reopen", "du", reason="又堆起来了", due_on=day(9))
    told = heard()
    assert told["cleaning"] == told["street"] == ["order_reopened"]
