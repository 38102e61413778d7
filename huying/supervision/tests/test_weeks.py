"""What time does to orders: colours, letters that go by themselves, promises, and the list of each week."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from huying.cases.models import Case
from huying.cases.tests.stories import AT, signed
from huying.catalogue.core.calendar import local_day
from huying.ledger.queries import timeline, verify
from huying.supervision.models import Order, WeekList
from huying.supervision.queries import tint_of, with_tint
from huying.supervision.states import Tint
from huying.supervision.tests.cast import day, given, made, reported, taken
from huying.supervision.weeks import freeze_week, keep_orders, monday_of
from huying.testing.refusals import refused

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def kept(order: Order) -> list[str]:
    return [fact.kind for fact in timeline(f"order:{order.pk}")]


def sweep(days: float) -> int:
    return sum(iter(lambda: keep_orders(at=AT + days * DAY), 0))


def test_a_date_that_comes_near_and_passes_is_told_once_each_with_its_letter() -> None:
    case = signed()
    order = taken(due_on=day(10), cases=(case.pk,))
    assert sweep(1) == 0
    assert sweep(4) == 2
    assert sweep(4) == 0
    assert Case.objects.get(pk=case.pk).supervision == "blue"
    assert sweep(11) == 2
    assert kept(order)[2:] == ["OrderDueSoon", "OrderLettered", "OrderOverdue", "OrderLettered"]
    assert Case.objects.get(pk=case.pk).supervision == "red"
    made(order, "put_off", "ling", at=AT + 11 * DAY, due_on=day(30), reason="待立项")
    assert sweep(12) == 0
    assert sweep(31) == 2


def test_a_unit_that_says_nothing_for_two_weeks_gets_a_yellow_letter_until_it_does() -> None:
    order = taken(due_on=day(60))
    assert sweep(13) == 0
    assert sweep(15) == 1
    assert Order.objects.get(pk=order.pk).letter == "yellow"
    made(order, "progress", "lin", at=AT + 15 * DAY, note="正在协调")
    assert sweep(16) == 0
    assert sweep(31) == 1


def test_what_is_reported_waits_for_others_and_is_not_called_late() -> None:
    order = reported(due_on=day(2))
    assert sweep(5) == 0
    assert tint_of(Order.objects.get(pk=order.pk), on=day(5)) == Tint.BLUE


def test_a_promise_whose_day_passed_is_reminded_of_once() -> None:
    order = taken(due_on=day(60))
    told: dict[str, Any] = {"who": "某物业", "held_on": day(0), "promise": "修好", "promised_on": day(3)}
    made(order, "interview", "lin", **told)
    assert sweep(3) == 0
    assert sweep(4) == 1
    assert sweep(5) == 0
    assert kept(order)[-1] == "PromisePassed"


@settings(max_examples=25)
@for_all(st.integers(0, 40), st.integers(0, 40), st.booleans(), st.booleans())
def test_the_colour_of_a_list_is_the_colour_of_each_order(
    due: int,
    silent: int,
    back: bool,  # noqa: FBT001 - drawn
    asked: bool,  # noqa: FBT001 - drawn
) -> None:
    order = reported(due_on=day(due)) if asked else taken(due_on=day(due))
    Order.objects.filter(pk=order.pk).update(sent_back=back)
    at = AT + silent * DAY
    tint = tint_of(Order.objects.get(pk=order.pk), on=local_day(at))
    found = [one for one in Tint if Order.objects.filter(with_tint(one, at=at), pk=order.pk).exists()]
    assert found == [tint]


def test_on_monday_the_week_is_frozen_and_open_orders_go_on() -> None:
    monday = monday_of(local_day(AT))
    still, over = given(), made(reported(), "approve", "du", at=AT + DAY)
    at = AT + timedelta(days=7)
    given(at=at)  # of the week after
    week = freeze_week(at=at)
    assert week is not None
    assert (week.week_on, week.carried) == (monday, 1)
    assert {row["number"]: row["carried"] for row in week.rows} == {str(still): True, str(over): False}
    assert freeze_week(at=at + DAY) is None
    again = freeze_week(at=at + timedelta(days=7))
    assert again is not None
    assert [row["weeks"] for row in again.rows] == [2, 1]
    assert WeekList.objects.count() == 2
    assert verify().broken is None


def test_a_week_that_is_frozen_stays_as_it_was() -> None:
    order = given()
    week = freeze_week(at=AT + timedelta(days=7))
    assert week is not None
    made(order, "take", "lin", at=AT + timedelta(days=7))
    assert WeekList.objects.get().rows[0]["state"] == "given"
    with refused("order_not_from_here"):
        made(order, "take", "lin", at=AT + timedelta(days=7))
