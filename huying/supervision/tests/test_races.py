"""Two clerks at once: one approves, one opens, one releases; the other is told why."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from huying.cases.tests.stories import AT
from huying.ledger.queries import timeline, verify
from huying.supervision.deciding import decide
from huying.supervision.meetings import release_minutes
from huying.supervision.models import Effect, Order, WeekList
from huying.supervision.tests.cast import draft, given, listed, made, proposed, reported
from huying.supervision.weeks import freeze_week, keep_orders
from huying.testing.apart import keys_of, race
from huying.testing.cast import staff

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.usefixtures("apart")


@pytest.fixture(autouse=True)
def _chains_hold() -> Iterator[None]:
    yield
    assert verify().broken is None


def test_of_two_who_approve_at_once_one_does() -> None:
    order = reported()
    approve = partial(made, order, "approve", "du")
    back = partial(made, order, "send_back", "ling", reason="再看")
    answers = keys_of(race(approve, back, approve))
    assert answers.count("") == 1
    assert set(answers) == {"", "order_not_from_here"}
    assert Effect.objects.filter(order=order).count() == int(Order.objects.get(pk=order.pk).state == "closed")


def test_a_decision_sent_twice_at_once_is_one_order() -> None:
    item, key, du = listed(), uuid4(), staff("du", at=AT)
    send = partial(decide, item.meeting_id, item.pk, draft(), key=key, by=du, at=AT)
    answers = race(send, send, send)
    assert {one.pk for one in answers if isinstance(one, Order)} == {Order.objects.get(decision=key).pk}
    release = partial(release_minutes, item.meeting_id, by=du, at=AT)
    assert keys_of(race(release, release)) == ["", "minutes_released"]


def test_one_hot_spot_proposed_by_two_at_once_is_one_topic() -> None:
    spot = uuid4()
    make = partial(proposed, source="hot_spot", hot_spot=spot)
    assert keys_of(race(make, make)) == ["", "running_topic"]


def test_two_workers_tell_of_a_date_once_and_freeze_a_week_once() -> None:
    order, late = given(), AT + timedelta(days=30)
    race(partial(keep_orders, at=late), partial(keep_orders, at=late))
    kinds = [fact.kind for fact in timeline(f"order:{order.pk}")]
    assert (kinds.count("OrderOverdue"), kinds.count("OrderLettered")) == (1, 1)
    race(partial(freeze_week, at=late), partial(freeze_week, at=late))
    assert WeekList.objects.count() == 1
