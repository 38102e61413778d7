"""What a bulletin promises of the supervision list, and what the next one says came of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huying.bulletin.bulletins import (
    correct_bulletin,
    draft_bulletin,
    drop_promise,
    judge_promise,
    promise_order,
    recount_bulletin,
    release_bulletin,
)
from huying.bulletin.models import Kept, Span
from huying.bulletin.numbers import NONE
from huying.bulletin.pledges import MOST_ORDERS, in_words, outcomes
from huying.bulletin.tests.papers import IN_THE_WEEK, MONDAY, released, week
from huying.bulletin.tests.test_bulletins import section, words_of
from huying.catalogue.core.calendar import local_day
from huying.supervision.tests.cast import day, made, taken
from huying.supervision.tests.cast import given as an_order
from huying.testing.cast import staff
from huying.testing.refusals import refused
from huying.testing.town import EAST, STREET, WEST

if TYPE_CHECKING:
    from datetime import datetime

    from huying.bulletin.models import Bulletin

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


def following(at: datetime = MONDAY + WEEK) -> Bulletin:
    """Return the street's draft of the week after."""
    return draft_bulletin(STREET, Span.WEEK, IN_THE_WEEK + WEEK, by=staff("ling", at=at), at=at)


def came_of(bulletin: Bulletin) -> list[str]:
    return [row["cells"][-1] for row in section(bulletin, "promised")["rows"]]


def test_a_draft_promises_the_open_orders_of_its_area_with_unit_and_date() -> None:
    order = taken(at=MONDAY, title="联系13800138000清空垃圾堆")
    made(an_order(at=MONDAY, title="已经撤销"), "cancel", "du", at=MONDAY, reason="重复")
    (promise,) = week().promises.all()
    assert (promise.owner, promise.due_on) == ("环卫所", order.due_on)
    assert promise.order_key == str(order.pk)
    assert "13800138000" not in promise.text
    assert promise.text.endswith("清空垃圾堆")
    assert week(EAST, by="dong").promises.count() == 1
    assert week(WEST).promises.count() == 0


def test_the_next_bulletin_reads_from_the_orders_what_came_of_each() -> None:
    done, late, waits, gone, early = (
        taken(at=MONDAY, title=title, due_on=day(days, at=MONDAY))
        for title, days in (("一", 3), ("二", 4), ("三", 5), ("四", 6), ("五", 20))
    )
    assert released().promises.count() == 5
    soon = MONDAY + timedelta(days=2)
    for order in (done, waits):
        made(order, "report", "lin", at=soon, note="已清运")
    made(done, "approve", "du", at=soon)
    made(gone, "cancel", "du", at=soon, reason="并入他项")
    assert came_of(following()) == [
        f"已落实：督办事项{done}已于2026年9月30日销号",
        f"未落实：督办事项{late}已超期3天，仍在办理",
        f"部分落实：督办事项{waits}已报结，待批准",
        f"未落实：督办事项{gone}已撤销",
        f"督办事项{early}正在办理，未到时限",
    ]


def test_what_a_person_says_of_a_promise_stands_before_what_its_order_says() -> None:
    taken(at=MONDAY, due_on=day(3, at=MONDAY))
    promise = released().promises.get()
    judge_promise(promise.pk, outcome="partly", told="清了一半", by=staff("ling", at=MONDAY), at=MONDAY)
    assert came_of(following()) == ["部分落实：清了一半"]


def test_an_order_is_promised_by_hand_once_and_one_taken_out_stays_out() -> None:
    order = taken(at=MONDAY)
    bulletin, ling = week(), staff("ling", at=MONDAY)
    drop_promise(bulletin.pk, 1, by=ling, at=MONDAY)
    bulletin.refresh_from_db()
    bulletin = recount_bulletin(bulletin.pk, seen=bulletin.revision, by=ling, at=MONDAY)
    assert bulletin.promises.count() == 0
    first = promise_order(bulletin.pk, order.pk, by=ling, at=MONDAY)
    assert promise_order(bulletin.pk, order.pk, by=ling, at=MONDAY).pk == first.pk
    bulletin.refresh_from_db()
    out = release_bulletin(bulletin.pk, seen=bulletin.revision, by=ling, at=MONDAY)
    assert order.title in words_of(out)
    with refused("no_draft"):
        promise_order(out.pk, order.pk, by=ling, at=MONDAY)
    again = correct_bulletin(out.pk, correction="更正", by=ling, at=MONDAY)
    assert again.promises.get().order_key == str(order.pk)


def test_an_order_of_elsewhere_or_one_that_is_over_is_not_promised() -> None:
    order = taken(at=MONDAY)
    west = week(WEST)
    with refused("row_unknown"):
        promise_order(west.pk, order.pk, by=staff("ling", at=MONDAY), at=MONDAY)
    street = week()
    drop_promise(street.pk, 1, by=staff("ling", at=MONDAY), at=MONDAY)
    made(order, "cancel", "du", at=MONDAY, reason="重复")
    with refused("row_unknown"):
        promise_order(street.pk, order.pk, by=staff("ling", at=MONDAY), at=MONDAY)
    assert not west.promises.exists()
    assert not street.promises.exists()


def test_a_draft_promises_the_most_urgent_and_no_more_than_a_reader_takes_in() -> None:
    for days in range(MOST_ORDERS + 2, 0, -1):
        an_order(at=MONDAY, due_on=day(days, at=MONDAY))
    due = [promise.due_on for promise in week().promises.all()]
    assert due == [day(days, at=MONDAY) for days in range(1, MOST_ORDERS + 1)]


@settings(max_examples=15)
@given(st.integers(1, 30), st.integers(0, 60))
def test_a_promise_is_broken_exactly_when_its_order_is_past_its_day(until: int, passed: int) -> None:
    order = taken(at=MONDAY, due_on=day(until, at=MONDAY))
    at = MONDAY + timedelta(days=passed)
    bulletin = week(at=MONDAY)
    ling = staff("ling", at=MONDAY)
    promise = promise_order(bulletin.pk, order.pk, by=ling, at=MONDAY)
    kept, told = outcomes([promise], at=at)[promise.place]
    assert (kept == Kept.BROKEN) is (local_day(at) > order.due_on)
    assert in_words((kept, told)) != NONE
    drop_promise(bulletin.pk, promise.place, by=ling, at=MONDAY)
    made(order, "cancel", "du", at=MONDAY, reason="下一例")
