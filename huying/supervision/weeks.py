"""What time does to orders: dates that come near or pass, promises, silence, and the list of each week."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q

from huying.cases.states import Colour
from huying.catalogue.core.calendar import local_day
from huying.kit.errors import Refusal
from huying.ledger.actions import record
from huying.ledger.actor import SYSTEM
from huying.people.queries import SHANGHAI, unit_book
from huying.supervision import facts, reasons
from huying.supervision.letters import GRAVER
from huying.supervision.models import Interview, Order, WeekList
from huying.supervision.orders import move_order
from huying.supervision.queries import NEAR_DAYS, SILENT_DAYS, tint_of
from huying.supervision.states import OPEN_ORDERS, OrderState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

AT_ONCE = 500
# Refused because somebody was there first: another worker, or a person.
OVERTAKEN = frozenset({reasons.NOT_FROM_HERE, reasons.SAME_LETTER, reasons.ORDER_NOT_FOUND})
# Why a letter goes out by itself (words in `told`).
NEAR, LATE, SILENT = "order_near", "order_late", "order_silent"


def keep_orders(*, at: datetime, limit: int = AT_ONCE) -> int:
    """Do what has come due, an order at a time; return how many moves were made. Run again until that is 0.

    Each move is a transaction of its own that looks again: killed anywhere, or run by two at once, nothing is
    done twice.
    """
    on = local_day(at)
    at_work = Q(state__in=[OrderState.GIVEN, OrderState.AT_WORK])
    waits = at_work | Q(state=OrderState.DISPUTED)
    late = Q(due_on__lt=on) & waits
    near = Q(due_on__gte=on, due_on__lte=on + timedelta(NEAR_DAYS)) & at_work
    since = datetime.combine(on - timedelta(SILENT_DAYS - 1), datetime.min.time(), SHANGHAI)
    silent = Q(state=OrderState.AT_WORK, heard_at__lt=since)
    untold_late = Q(late_told_on=None) | ~Q(late_told_on=F("due_on"))
    untold_soon = Q(soon_told_on=None) | ~Q(soon_told_on=F("due_on"))
    return (
        _each(_keys(late & untold_late, limit), "note_late", at=at)
        + _each(_lighter(late, Colour.RED, limit), "letter", at=at, colour=Colour.RED, reason=LATE)
        + _each(_lighter(silent, Colour.YELLOW, limit), "letter", at=at, colour=Colour.YELLOW, reason=SILENT)
        + _each(_keys(near & untold_soon, limit), "note_soon", at=at)
        + _each(_lighter(near, Colour.BLUE, limit), "letter", at=at, colour=Colour.BLUE, reason=NEAR)
        + _promises(at=at, limit=limit)
    )


def _keys(fits: Q, limit: int) -> list[UUID]:
    return list(Order.objects.filter(fits).order_by("due_on", "id").values_list("pk", flat=True)[:limit])


def _lighter(fits: Q, colour: Colour, limit: int) -> list[UUID]:
    """Return the orders that fit and have had no letter of this colour, or a graver one."""
    lighter = [shade for shade, weight in GRAVER.items() if weight < GRAVER[colour]]
    return _keys(fits & Q(letter__in=lighter), limit)


def _each(orders: Iterable[UUID], key: str, *, at: datetime, **given: Any) -> int:  # noqa: ANN401 - as move_order
    moved = 0
    for order_id in orders:
        try:
            move_order(order_id, key, by=SYSTEM, at=at, **given)
        except Refusal as refusal:
            if refusal.reason not in OVERTAKEN:
                raise
        else:
            moved += 1
    return moved


def _promises(*, at: datetime, limit: int) -> int:
    passed = Interview.objects.filter(
        promised_on__lt=local_day(at), kept_at=None, passed_told_at=None, order__state__in=OPEN_ORDERS
    )
    found = passed.order_by("promised_on", "id").values_list("order_id", "pk")[:limit]
    return sum(_each([order], "promise_passes", at=at, interview=key) for order, key in list(found))


# --- the list of each week ---------------------------------------------------------------------------
def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def freeze_week(*, at: datetime) -> WeekList | None:
    """Freeze the list of the week that ended last, and carry what is open into the next; None when it is.

    What is in a week's list: every order that was open at any time in it, as it stood when the week ended.
    Run late, what happened since its end is left out as far as rows tell: orders given later, and closings.
    """
    week_on = monday_of(local_day(at)) - timedelta(days=7)
    if WeekList.objects.filter(week_on=week_on).exists():
        return None
    begins = datetime.combine(week_on, datetime.min.time(), SHANGHAI)
    ends = begins + timedelta(days=7)
    found = Order.objects.filter(given_at__lt=ends).filter(Q(closed_at=None) | Q(closed_at__gte=begins))
    last_day = week_on + timedelta(days=6)
    rows = [_row(order, ends=ends, last_day=last_day) for order in found.order_by("due_on", "id")]
    text = json.dumps(rows, ensure_ascii=False, sort_keys=True)
    carried = sum(row["carried"] for row in rows)
    kept = WeekList(district=settings.DISTRICT, week_on=week_on, rows=rows, carried=carried, frozen_at=at)
    digest = hashlib.sha256(text.encode()).hexdigest()
    body = facts.WeekFrozen(week_on.isoformat(), len(rows), carried, digest)
    try:
        with transaction.atomic():
            kept.save(force_insert=True)
            record(kept, body, district=kept.district, by=SYSTEM, at=at)
            kept.save()
    except IntegrityError:  # another worker got there first
        return None
    return kept


def _row(order: Order, *, ends: datetime, last_day: date) -> dict[str, Any]:
    closed = order.closed_at is not None and order.closed_at < ends
    unit = unit_book().by_id.get(order.unit_id)
    tint = None if closed else tint_of(order, on=last_day)
    return {
        "order": str(order.pk), "number": str(order), "title": order.title, "unit": unit.name if unit else "",
        "area_path": order.area_path, "unit_id": str(order.unit_id), "due_on": order.due_on.isoformat(),
        "state": order.state, "tint": str(tint or ""), "letter": order.letter, "carried": not closed,
        "weeks": weeks_old(order, on=last_day),
    }  # fmt: skip


def weeks_old(order: Order, *, on: date) -> int:
    """Return in how many weekly lists an order has stood by a day: 1 in the week it was given."""
    return (monday_of(on) - monday_of(local_day(order.given_at))).days // 7 + 1
