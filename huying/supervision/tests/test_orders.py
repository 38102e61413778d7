"""An order is given, worked on, reported and closed by another hand; who may not is told why."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from huying.cases.models import Case
from huying.cases.tests.stories import AT, signed
from huying.ledger.queries import timeline, verify
from huying.supervision.models import Effect, Interview, Order, Work
from huying.supervision.moves import ORDER_MOVES
from huying.supervision.rules import order_moves, orders_visible_to
from huying.supervision.states import OrderState
from huying.supervision.tests.cast import closed, day, decided, found_lead, given, made, reported, taken
from huying.testing.cast import staff
from huying.testing.refusals import refused

pytestmark = pytest.mark.django_db


def seen_by(who: str) -> set[Order]:
    return set(Order.objects.filter(orders_visible_to(staff(who, at=AT))))


def test_an_order_goes_its_way_and_its_end_is_approved_by_another_hand() -> None:
    order = closed()
    assert (order.state, order.closed_by_id) == (OrderState.CLOSED, staff("du", at=AT).id)
    kinds = [fact.kind for fact in timeline(f"order:{order.pk}")]
    assert kinds == ["OrderGiven", "OrderTaken", "OrderReported", "OrderClosed"]
    effect = Effect.objects.get(order=order)
    assert (effect.since, effect.round, effect.found) == (AT, 0, "running")
    assert verify().broken is None


def test_nobody_of_the_units_own_people_approves_its_end() -> None:
    found_lead()
    order = reported()
    for who in ("lin", "zhi"):
        with refused("supervision_not_yours"):
            made(order, "approve", who)
    # Ling leads the street that stands above the cleaners: the right to approve, and no part in the work.
    assert made(order, "approve", "ling").state == OrderState.CLOSED


def test_whoever_supervises_and_works_for_the_unit_too_has_to_leave_it_to_another() -> None:
    from huying.people.actions import give_post
    from huying.people.models import Account, Unit
    from huying.testing.town import FOUNDED_ON

    du = Account.objects.get(username="du")
    give_post(du, unit=Unit.objects.get(code="cleaning"), role="handler", valid_from=FOUNDED_ON)
    order = reported()
    turns: tuple[tuple[str, dict[str, Any]], ...] = (
        ("approve", {}), ("send_back", {"reason": "不行"}), ("cancel", {"reason": "不用了"})
    )  # fmt: skip
    for key, told in turns:
        with refused("own_order"):
            made(order, key, "du", **told)
    assert made(order, "send_back", "ling", reason="照片看不清").state == OrderState.AT_WORK


def test_a_neighbour_unit_neither_sees_nor_moves_an_order_until_it_assists() -> None:
    order = taken()
    assert order in seen_by("lin")
    assert order not in seen_by("wu")
    with refused("supervision_not_yours"):
        made(order, "progress", "wu", note="看看")
    helped = taken(assists=("city",))
    assert helped in seen_by("wu")
    assert made(helped, "progress", "wu", note="已到场协助").state == OrderState.AT_WORK
    with refused("supervision_not_yours"):
        made(helped, "report", "wu", note="办完了")
    assert {move.key for move in order_moves(helped, by=staff("wu", at=AT))} == {"progress"}


def test_a_unit_may_say_it_is_not_theirs_and_it_goes_to_another() -> None:
    order = made(given(), "dispute", "lin", reason="属于物业管理")
    with refused("supervision_missing", field="reason"):
        made(order, "reassign", "du", unit="city", reason=" ")
    with refused("order_same_unit", field="unit"):
        made(order, "reassign", "du", unit="cleaning", reason="x")
    moved = made(order, "reassign", "du", unit="city", reason="由城管牵头")
    assert (moved.state, moved in seen_by("wu"), moved in seen_by("lin")) == (OrderState.GIVEN, True, False)
    kept = made(made(given(), "dispute", "lin", reason="不归我们"), "insist", "du", reason="职责清单第3条")
    assert kept.state == OrderState.GIVEN


def test_a_report_is_sent_back_and_comes_again() -> None:
    order = made(reported(), "send_back", "du", reason="只清了一半")
    assert (order.round, order.sent_back, order.reported_by_id) == (1, True, None)
    again = made(order, "report", "lin", note="全部清完")
    assert made(again, "approve", "du").effects.get().round == 1


def test_a_letter_lies_over_the_open_cases_and_never_becomes_lighter() -> None:
    case = signed()
    order = taken(cases=(case.pk,))
    assert made(order, "letter", "du", colour="yellow", reason="推进缓慢").letter == "yellow"
    assert Case.objects.get(pk=case.pk).supervision == "yellow"
    with refused("same_letter", field="colour"):
        made(order, "letter", "du", colour="blue", reason="提醒")
    made(order, "letter", "du", colour="red", reason="仍未办")
    under = Case.objects.get(pk=case.pk)
    assert (under.supervision, under.supervised) == ("red", True)
    assert timeline(f"case:{case.pk}").filter(kind="SupervisionSet").count() == 2


def test_an_interview_is_kept_once_and_its_promise_noted() -> None:
    order, key = taken(), uuid4()
    told: dict[str, Any] = {
        "key": key,
        "who": "某物业公司",
        "held_on": day(0),
        "promise": "本周内修好",
        "promised_on": day(5),
    }
    made(order, "interview", "lin", **told)
    made(order, "interview", "lin", **told)
    assert Interview.objects.count() == 1
    with refused("promise_without_words", field="promise"):
        made(order, "interview", "lin", **{**told, "key": uuid4(), "promise": ""})
    with refused("day_to_come", field="held_on"):
        made(order, "interview", "lin", **{**told, "key": uuid4(), "held_on": day(1)})
    made(order, "keep_promise", "du", interview=key)
    with refused("promise_kept"):
        made(order, "keep_promise", "du", interview=key)
    with refused("interview_unknown"):
        made(taken(), "keep_promise", "du", interview=key)


def test_the_works_ledger_counts_what_is_not_struck_out() -> None:
    order, key = taken(), uuid4()
    told: dict[str, Any] = {"key": key, "name": "停车位", "quantity": Decimal(116), "measure": "个"}
    for _twice in range(2):
        made(order, "enter_work", "lin", **told, cost_yuan=Decimal("12000.50"))
    made(order, "enter_work", "lin", **{**told, "key": uuid4(), "quantity": Decimal(2)})
    assert Work.objects.count() == 2
    with refused("supervision_missing", field="quantity"):
        made(order, "enter_work", "lin", **{**told, "key": uuid4(), "quantity": Decimal(0)})
    made(order, "strike_work", "lin", work=key, reason="填错了")
    assert list(Work.objects.filter(struck_at=None).values_list("quantity", flat=True)) == [Decimal(2)]


def test_an_order_is_given_for_a_day_to_come_to_a_unit_there_is() -> None:
    with refused("day_passed", field="due_on"):
        given(due_on=day(-1))
    with refused("order_unit_unknown", field="unit"):
        given(unit="nobody")
    with refused("order_unit_unknown", field="assists"):
        given(assists=("nobody",))
    with refused("day_too_far", field="due_on"):
        given(due_on=day(4000))
    for who in ("lin", "wu", "dong", "mei"):
        with refused("supervision_not_yours"):
            given(by=who)
    assert [given().number, given().number] == [1, 2]


def test_what_was_on_an_old_screen_is_not_done() -> None:
    order = taken()
    with refused("order_changed_meanwhile"):
        made(order, "report", "lin", note="好了", seen=order.fact_seq - 1)
    made(order, "report", "lin", note="好了", seen=order.fact_seq)


def test_an_order_is_opened_again_and_its_check_ends_as_come_back() -> None:
    order = made(closed(), "reopen", "du", reason="又堆起来了", due_on=day(10))
    assert (order.state, order.round, order.closed_at) == (OrderState.AT_WORK, 1, None)
    assert Effect.objects.get(order=order).found == "returned"
    later = AT + timedelta(days=3)
    again = made(made(order, "report", "lin", note="再清", at=later), "approve", "du", at=later)
    assert [effect.round for effect in again.effects.order_by("round")] == [0, 1]


def test_an_order_of_a_decision_is_about_the_cases_of_its_topic() -> None:
    from huying.supervision.tests.cast import proposed

    case = signed()
    order = decided(topic=proposed(cases=(case.pk,)))
    assert list(order.cases.values_list("case_id", flat=True)) == [case.pk]
    assert order.topic is not None
    assert order.topic.state == "decided"


def test_every_move_of_the_table_has_an_effect_and_words() -> None:
    from huying.supervision.effects import EFFECTS

    assert {move.key for move in ORDER_MOVES} == set(EFFECTS)
    assert all(move.label for move in ORDER_MOVES)
