"""Reading supervision: open orders, orders of a hot spot, agendas; cards for the rooms above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q

from huying.catalogue.core.calendar import local_day
from huying.people.queries import SHANGHAI, unit_book
from huying.supervision.models import AgendaItem, Meeting, Order
from huying.supervision.rules import within
from huying.supervision.states import OPEN_ORDERS, OrderState, Outcome, Tint

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from django.db.models import QuerySet

    from huying.supervision.models import Topic

# Days before its date from which an order is blue, and days of silence after which it is yellow.
NEAR_DAYS, SILENT_DAYS = 7, 14


@dataclass(frozen=True)
class OrderCard:
    """An order as other rooms need it. `number` reads 〔2026〕12; `tint` is its colour by date."""

    id: UUID
    number: str
    title: str
    kind: str
    state: str
    tint: str
    unit_id: UUID
    unit: str
    area_path: str
    given_at: datetime
    due_on: date
    closed_at: datetime | None
    hot_spot: UUID | None


@dataclass(frozen=True)
class TopicCard:
    """A topic as it stands on an agenda, with what became of it there."""

    id: UUID
    number: int
    title: str
    outcome: str
    decisions: int


def tint_of(order: Order, *, on: date) -> Tint | None:
    """Return an order's colour by its date on a day; None when it is over."""
    if OrderState(order.state) not in OPEN_ORDERS:
        return None
    if order.state != OrderState.REPORTED and order.due_on < on:
        return Tint.RED
    silent = order.state == OrderState.AT_WORK and local_day(order.heard_at) <= on - timedelta(SILENT_DAYS)
    if order.sent_back or silent:
        return Tint.YELLOW
    return Tint.BLUE if order.due_on <= on + timedelta(NEAR_DAYS) else Tint.GREEN


def with_tint(tint: str, *, at: datetime) -> Q:
    """Return the filter for open orders of a colour at a moment: the same rule as `tint_of`."""
    on = local_day(at)
    is_open = Q(state__in=OPEN_ORDERS)
    red = Q(due_on__lt=on) & ~Q(state=OrderState.REPORTED)
    # The day of `heard_at` in the town is at least so long ago when the moment lies before this midnight.
    midnight = at.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    limit = midnight - timedelta(days=SILENT_DAYS - 1)
    yellow = Q(sent_back=True) | Q(state=OrderState.AT_WORK, heard_at__lt=limit)
    near = Q(due_on__lte=on + timedelta(NEAR_DAYS))
    return is_open & {
        Tint.RED: red,
        Tint.YELLOW: ~red & yellow,
        Tint.BLUE: ~red & ~yellow & near,
        Tint.GREEN: ~red & ~yellow & ~near,
    }.get(Tint(tint), Q(pk__in=[]))


def end_of(day: date) -> datetime:
    """Return the last moment of a day in the town: until then what is due on it is in time."""
    return datetime.combine(day, time.max, SHANGHAI)


def open_orders() -> QuerySet[Order]:
    """Return the orders that are not over, the most urgent first."""
    return Order.objects.filter(state__in=OPEN_ORDERS).order_by("due_on", "id")


def orders_open(*, at: datetime, areas: Iterable[str] | None = None) -> list[OrderCard]:
    """Return the open orders of these areas (their paths; None: of the whole town), the most urgent first."""
    found = open_orders().select_related("topic")
    if areas is not None:
        found = found.filter(within(areas))
    return [card_of(order, on=local_day(at)) for order in found]


def orders_by_key(keys: Iterable[UUID | str], *, at: datetime) -> list[OrderCard]:
    """Return these orders, open and closed, by number; keys of none are left out."""
    found = Order.objects.filter(pk__in=list(keys)).select_related("topic")
    return [card_of(order, on=local_day(at)) for order in found.order_by("year", "number")]


def orders_of(hot_spot: UUID, *, at: datetime) -> list[OrderCard]:
    """Return the orders that came of a hot spot, open and closed, by number."""
    found = Order.objects.filter(topic__hot_spot=hot_spot).select_related("topic")
    return [card_of(order, on=local_day(at)) for order in found.order_by("year", "number")]


def orders_of_topic(topic: Topic) -> list[Order]:
    """Return the orders of a topic, by number."""
    return list(topic.orders.order_by("year", "number").prefetch_related("assists"))


def card_of(order: Order, *, on: date) -> OrderCard:
    """Return an order as other rooms read it."""
    unit = unit_book().by_id.get(order.unit_id)
    return OrderCard(
        id=order.pk, number=str(order), title=order.title, kind=order.kind, state=order.state,
        tint=str(tint_of(order, on=on) or ""), unit_id=order.unit_id, unit=unit.name if unit else "",
        area_path=order.area_path, given_at=order.given_at, due_on=order.due_on, closed_at=order.closed_at,
        hot_spot=order.topic.hot_spot if order.topic else None,
    )  # fmt: skip


def topics_on_agenda(meeting: Meeting | UUID) -> list[TopicCard]:
    """Return the topics on the agenda of a meeting in their order."""
    key = meeting.pk if isinstance(meeting, Meeting) else meeting
    items = AgendaItem.objects.filter(meeting=key, topic__isnull=False).exclude(outcome=Outcome.TAKEN_OFF)
    return [
        TopicCard(item.topic.pk, item.topic.number, item.topic.title, item.outcome, len(item.decisions.all()))
        for item in items.select_related("topic").prefetch_related("decisions").order_by("place", "pk")
        if item.topic is not None
    ]
