"""No sequence of moves, by whomever, loses an order, lets its own people close it, or breaks its chain."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from huying.cases.tests.stories import AT
from huying.catalogue.core.calendar import local_day
from huying.kit.errors import Refusal
from huying.ledger.actor import SYSTEM
from huying.ledger.queries import timeline, verify
from huying.supervision.models import Effect, Order
from huying.supervision.moves import ORDER_MOVE, ORDER_MOVES
from huying.supervision.orders import move_order
from huying.supervision.queries import tint_of
from huying.supervision.rules import is_own, why_not_order
from huying.supervision.states import OPEN_ORDERS, OrderState
from huying.supervision.tests.cast import day, given
from huying.supervision.weeks import keep_orders
from huying.testing.cast import staff

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

pytestmark = pytest.mark.django_db
WHO = ("lin", "hao", "wu", "dong", "du", "ling")
# What has a rule of its own here, or needs rows that are drawn elsewhere.
ASIDE = {"settle_effect", "promise_passes", "keep_promise", "strike_work"}
KEYS = sorted(move.key for move in ORDER_MOVES if move.key not in ASIDE)


class Orders(RuleBasedStateMachine):
    """Two orders, six people, and days that pass."""

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.savepoint()
        self.at = AT
        self.orders = [given(assists=("city",)).pk, given(unit="east").pk]
        self.told = dict.fromkeys(self.orders, 1)

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.point)

    def given(self, draw: dict[str, Any]) -> dict[str, Any]:
        due: date = local_day(self.at) + timedelta(days=draw["days"])
        return draw | {
            "due_on": due, "held_on": local_day(self.at), "promised_on": due, "quantity": Decimal(1),
            "measure": "个", "name": "井盖", "who": "某物业", "promise": "修好",
        }  # fmt: skip

    @rule(
        place=st.integers(0, 1),
        key=st.sampled_from(KEYS),
        who=st.sampled_from((*WHO, "system")),
        draw=st.fixed_dictionaries(
            {
                "reason": st.sampled_from(("有原因", "有原因", " ")),
                "note": st.just("记一笔"),
                "unit": st.sampled_from(("city", "cleaning", "east", "nobody")),
                "colour": st.sampled_from(("blue", "yellow", "red", "green")),
                "days": st.sampled_from((0, 3, 20, -1)),
            }
        ),
    )
    def move(self, place: int, key: str, who: str, draw: dict[str, Any]) -> None:
        by = SYSTEM if who == "system" else staff(who, at=self.at)
        order = self.fresh(self.orders[place])
        before, own = order.state, is_own(by, order)
        reason = why_not_order(order, ORDER_MOVE[key], by=by)
        refused: Refusal | None = None
        try:
            with transaction.atomic():
                after = move_order(order.pk, key, by=by, at=self.at, **self.given(draw))
        except Refusal as refusal:
            refused = refusal
        if refused is not None:
            assert reason in {None, refused.reason}
            assert self.fresh(order.pk).fact_seq == order.fact_seq
            return
        assert reason is None
        assert before in ORDER_MOVE[key].from_
        assert after.state == (ORDER_MOVE[key].to or before)
        if after.fact_seq > order.fact_seq and ORDER_MOVE[key].apart:
            assert not own
        self.told[order.pk] = after.fact_seq

    @rule(days=st.integers(0, 9))
    def time_passes(self, days: int) -> None:
        self.at += timedelta(days=days)
        while keep_orders(at=self.at):
            pass
        for order in self.orders:
            self.told[order] = self.fresh(order).fact_seq

    def fresh(self, order: UUID) -> Order:
        return Order.objects.prefetch_related("assists").get(pk=order)

    @invariant()
    def every_order_stands_as_its_facts_say(self) -> None:
        for key in self.orders:
            order, facts = self.fresh(key), list(timeline(f"order:{key}"))
            assert len(facts) == order.fact_seq == self.told[key]
            assert facts[-1].data["after"] == order.state
            assert (tint_of(order, on=local_day(self.at)) is None) == (order.state not in OPEN_ORDERS)

    @invariant()
    def an_end_is_checked_once_and_only_an_end(self) -> None:
        for key in self.orders:
            closings = timeline(f"order:{key}").filter(kind="OrderClosed").count()
            assert Effect.objects.filter(order=key).count() == closings
            running = Effect.objects.filter(order=key, settled_at=None).count()
            assert running == (self.fresh(key).state == OrderState.CLOSED)


@pytest.fixture(autouse=True)
def _chain_holds() -> Iterator[None]:
    yield
    assert verify().broken is None


def test_whatever_is_done_with_orders_they_stay_whole() -> None:
    how = settings(max_examples=12, stateful_step_count=25)
    run_state_machine_as_test(Orders, settings=how)


def test_the_day_of_an_order_is_kept() -> None:
    assert given(due_on=day(3)).first_due_on == day(3)
