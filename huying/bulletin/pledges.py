"""Promises that stand for orders: what a bulletin promises of the supervision list, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huying.bulletin.models import Kept, Promise
from huying.catalogue.core.calendar import local_day
from huying.kit.paper.model import date_in_figures
from huying.kit.redact import redact
from huying.kit.text import on_one_line
from huying.supervision.queries import orders_by_key, orders_open
from huying.supervision.states import OrderState, Tint

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from huying.bulletin.models import Bulletin
    from huying.supervision.queries import OrderCard

# As many as a reader takes in; the rest stands on the supervision list itself.
MOST_ORDERS = 8
LONGEST_PROMISE = 300
STANDS = {OrderState.GIVEN: "待领办", OrderState.DISPUTED: "承办单位有异议", OrderState.AT_WORK: "正在办理"}
KEPT = {Kept.OPEN: "尚未填写", Kept.KEPT: "已落实", Kept.PARTLY: "部分落实", Kept.BROKEN: "未落实"}


def unpromised(bulletin: Bulletin, *, at: datetime) -> list[OrderCard]:
    """Return the open orders of a bulletin's area that it does not promise yet, the most urgent first."""
    there = set(bulletin.promises.exclude(order_key="").values_list("order_key", flat=True))
    return [one for one in orders_open(at=at, areas=[bulletin.area_path]) if str(one.id) not in there]


def from_order(bulletin: Bulletin, place: int, order: OrderCard) -> Promise:
    """Return the promise that stands for an order, not saved yet: its matter, its unit, its last day."""
    return Promise(
        bulletin=bulletin, place=place, text=redact(on_one_line(order.title)).text[:LONGEST_PROMISE],
        unit_id=order.unit_id, owner=order.unit[:80], due_on=order.due_on, order_key=str(order.id),
    )  # fmt: skip


def from_orders(bulletin: Bulletin, *, at: datetime) -> list[Promise]:
    """Return the promises a first draft begins with, not saved yet: the area's most urgent open orders."""
    found = unpromised(bulletin, at=at)[:MOST_ORDERS]
    return [from_order(bulletin, place, order) for place, order in enumerate(found, 1)]


def outcomes(promises: Iterable[Promise], *, at: datetime) -> dict[int, tuple[Kept, str]]:
    """Return what came of each promise by its place, as it stands at a moment: how far kept, and words.

    What a person said counts. Where nobody said anything, a promise that stands for an order is as that
    order is.
    """
    asked = list(promises)
    silent = [one.order_key for one in asked if one.order_key and one.outcome == Kept.OPEN]
    orders = {str(card.id): card for card in orders_by_key(silent, at=at)} if silent else {}
    found = {}
    for one in asked:
        order = orders.get(one.order_key)
        found[one.place] = _of_order(order, one, at=at) if order else (Kept(one.outcome), one.outcome_text)
    return found


def in_words(outcome: tuple[Kept, str]) -> str:
    """Return what came of a promise as a bulletin prints it."""
    kept, told = outcome
    if kept == Kept.OPEN and told:
        return told
    return KEPT[kept] + (f"：{told}" if told else "")


def _of_order(order: OrderCard, promise: Promise, *, at: datetime) -> tuple[Kept, str]:
    named = f"督办事项{order.number}"
    if order.state == OrderState.CLOSED and order.closed_at is not None:
        on = local_day(order.closed_at)
        late = (on - promise.due_on).days if promise.due_on else 0
        return Kept.KEPT, f"{named}已于{date_in_figures(on)}销号" + (f"，超期{late}天" if late > 0 else "")
    if order.state == OrderState.CANCELLED:
        return Kept.BROKEN, f"{named}已撤销"
    if order.state == OrderState.REPORTED:
        return Kept.PARTLY, f"{named}已报结，待批准"
    if order.tint == Tint.RED:
        return Kept.BROKEN, f"{named}已超期{(local_day(at) - order.due_on).days}天，仍在办理"
    moved = f"，时限改为{date_in_figures(order.due_on)}" if order.due_on != promise.due_on else "，未到时限"
    return Kept.OPEN, f"{named}{STANDS[OrderState(order.state)]}{moved}"
