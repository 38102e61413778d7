"""Giving orders and moving them: one transaction, one fact, safe against two at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Max

from huying.catalogue.core.calendar import local_day
from huying.intake.photos import hold_files
from huying.kit.errors import Refusal
from huying.kit.ids import new_id
from huying.kit.text import clean, on_one_line
from huying.ledger.actions import record
from huying.people.permissions import Permission
from huying.people.queries import unit_book
from huying.supervision import facts_more as facts
from huying.supervision import reasons
from huying.supervision.effects import EFFECTS, Turning
from huying.supervision.models import Order, OrderAssist, OrderCase
from huying.supervision.moves import ORDER_MOVE
from huying.supervision.rules import over_area, why_not_order
from huying.supervision.states import OrderKind, OrderState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from uuid import UUID

    from huying.ledger.actor import Actor
    from huying.supervision.models import Decision, Topic

LONGEST_TITLE, LONGEST_TEXT = 120, 4_000
FURTHEST = timedelta(days=3 * 366)


@dataclass(frozen=True)
class OrderDraft:
    """What an order says: what is to be done, by whom, until when. `unit` and `assists` are unit codes."""

    title: str
    text: str
    unit: str
    due_on: date
    kind: str = OrderKind.SUPERVISED
    assists: Sequence[str] = field(default=())
    cases: Sequence[UUID] = field(default=())


def give_order(
    draft: OrderDraft,
    *,
    key: UUID,
    area_path: str,
    district: str,
    by: Actor,
    at: datetime,
    topic: Topic | None = None,
    decision: Decision | None = None,
) -> Order:
    """Give a unit an order; the same key again is the same order.

    Refusals: `supervision_not_yours` without the right over the area, those of `check_draft`.
    """
    right = Permission.ORDER_APPROVE if decision is None else Permission.MEETING_RUN
    if not over_area(by, right, area_path):
        raise Refusal(reasons.NOT_YOURS)
    checked = check_draft(draft, at=at)
    with transaction.atomic():
        # Numbers are given one after the other; two who give an order wait for each other here.
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE supervision_order IN SHARE ROW EXCLUSIVE MODE")
        known = Order.objects.filter(pk=key).first()
        if known is not None:
            return known
        year = local_day(at).year
        last = Order.objects.filter(year=year).aggregate(last=Max("number"))["last"] or 0
        unit = unit_book().by_code[checked.unit]
        order = Order(
            id=key, district=district, year=year, number=last + 1, kind=checked.kind, title=checked.title,
            text=checked.text, topic=topic, decision=decision, area_path=area_path, unit_id=unit.id,
            given_at=at, given_by_name=by.name[:80], due_on=checked.due_on, first_due_on=checked.due_on,
            heard_at=at,
        )  # fmt: skip
        body = facts.OrderGiven(
            str(order), "", OrderState.GIVEN, title=checked.title, words=checked.text, kind=checked.kind,
            unit=unit.code, unit_name=unit.name, assists=list(checked.assists),
            due_on=checked.due_on.isoformat(), topic=str(topic.pk) if topic else "",
            decision=str(decision.pk) if decision else "", cases=[str(case) for case in checked.cases],
        )  # fmt: skip
        record(order, body, district=district, by=by, at=at)
        order.save(force_insert=True)
        helping = [unit_book().by_code[code].id for code in checked.assists]
        OrderAssist.objects.bulk_create(OrderAssist(order=order, unit_id=one) for one in helping)
        OrderCase.objects.bulk_create(OrderCase(order=order, case_id=case) for case in checked.cases)
        return order


def check_draft(draft: OrderDraft, *, at: datetime) -> OrderDraft:
    """Return the draft as it is kept; Refusal names the field and what is wrong with it."""
    title, text = on_one_line(draft.title)[:LONGEST_TITLE], clean(draft.text)[:LONGEST_TEXT]
    for name, told in (("title", title), ("text", text)):
        if not told:
            raise Refusal(reasons.MISSING, field=name)
    if draft.kind not in OrderKind.values:
        raise Refusal(reasons.MISSING, field="kind")
    check_unit(draft.unit)
    assists = [code for code in dict.fromkeys(draft.assists) if code != draft.unit]
    for code in assists:
        check_unit(code, field="assists")
    check_due(draft.due_on, at=at)
    cases = tuple(dict.fromkeys(draft.cases))
    return OrderDraft(title, text, draft.unit, draft.due_on, draft.kind, assists, cases)


def check_unit(code: str, *, field: str = "unit") -> None:
    """Refuse a unit that is not there, or works no longer."""
    if code not in unit_book().by_code:
        raise Refusal(reasons.UNIT_UNKNOWN, field=field)


def check_due(due_on: date, *, at: datetime) -> None:
    """Refuse a last day that has passed, or lies years ahead."""
    if due_on < local_day(at):
        raise Refusal(reasons.DAY_PASSED, field="due_on")
    if due_on > local_day(at) + FURTHEST:
        raise Refusal(reasons.DAY_TOO_FAR, field="due_on")


def lock_order(order_id: UUID) -> Order:
    """Return an order with its row locked until the transaction ends; Refusal `order_not_found`."""
    found = Order.objects.select_for_update(of=("self",)).prefetch_related("assists")
    order = found.filter(pk=order_id).first()
    if order is None:
        raise Refusal(reasons.ORDER_NOT_FOUND)
    return order


def move_order(
    order_id: UUID,
    key: str,
    /,
    *,
    by: Actor,
    at: datetime,
    seen: int | None = None,
    **given: Any,  # noqa: ANN401 - what a move needs differs by move; the table says
) -> Order:
    """Make one move on an order and return it.

    `seen` is the number of the last fact the clerk had on the screen: when more has happened since, nothing
    is done (Refusal `order_changed_meanwhile`). Raises Refusal with the reason `why_not_order` gives, or
    `supervision_missing`.
    """
    move = ORDER_MOVE[key]
    with transaction.atomic():
        hold_files()
        order = lock_order(order_id)
        if seen is not None and seen != order.fact_seq:
            raise Refusal(reasons.CHANGED_MEANWHILE)
        reason = why_not_order(order, move, by=by)
        if reason is not None:
            raise Refusal(reason, state=OrderState(order.state).label)
        for name in move.needs:
            told = given.get(name)
            if told is None or (isinstance(told, str) and not told.strip()):
                raise Refusal(reasons.MISSING, field=name)
        turning = Turning(order, given, by=by, at=at, before=order.state, after=move.to or order.state)
        body = EFFECTS[key](turning)
        if body is None:  # the same form sent twice: what it asked for is there already
            return order
        order.state = turning.after
        record(order, body, district=order.district, by=by, at=at)
        order.save()
        return order


def new_key() -> UUID:
    """Return a key for a form that may be sent twice."""
    return new_id()
