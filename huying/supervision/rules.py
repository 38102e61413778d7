"""Who may do what with topics, meetings and orders: rights joined with units and areas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from huying.cases.rules import lies_under
from huying.ledger.actor import ActorKind
from huying.people.permissions import Permission
from huying.people.queries import unit_book
from huying.supervision import reasons
from huying.supervision.models import Meeting, Order, OrderAssist, Topic
from huying.supervision.moves import ORDER_MOVES, TOPIC_MOVES
from huying.supervision.states import OrderState, TopicState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from huying.kit.errors import Reason
    from huying.ledger.actor import Actor
    from huying.supervision.moves import OrderMove, TopicMove

# Who has to do with supervision at all.
SUPERVISING = (
    Permission.TOPIC_PROPOSE, Permission.MEETING_RUN, Permission.ORDER_SEE, Permission.ORDER_WORK,
    Permission.ORDER_APPROVE,
)  # fmt: skip
# Rights over an area by which topics of it are seen.
_SEES_TOPICS = frozenset({Permission.TOPIC_PROPOSE, Permission.MEETING_RUN, Permission.ORDER_APPROVE})


def over_area(by: Actor, right: Permission, area_path: str) -> bool:
    """Return whether a post gives this right over an area or one above it."""
    if by.kind == ActorKind.SYSTEM:
        return True
    return any(right in grant.on_area and lies_under(area_path, grant.area_path) for grant in by.grants)


def over_unit(by: Actor, right: Permission, unit_id: UUID) -> bool:
    """Return whether a post gives this right over the work of a unit, or of one above it."""
    if by.kind == ActorKind.SYSTEM:
        return True
    card = unit_book().by_id.get(unit_id)
    return card is not None and any(
        right in grant.on_unit and lies_under(card.path, grant.unit_path) for grant in by.grants
    )


def units_of(by: Actor, right: Permission) -> list[UUID]:
    """Return the units over whose work an actor has this right."""
    tops = [grant.unit_path for grant in by.grants if right in grant.on_unit]
    return [card.id for card in unit_book().all() if any(lies_under(card.path, top) for top in tops)]


def areas_of(by: Actor, *rights: Permission) -> list[str]:
    """Return the paths of the areas over which an actor has one of these rights, none inside another."""
    paths = {
        grant.area_path
        for grant in by.grants
        if grant.area_path and any(one in grant.on_area for one in rights)
    }
    return sorted(path for path in paths if not any(path != top and lies_under(path, top) for top in paths))


def within(paths: Iterable[str]) -> Q:
    """Return the filter for rows whose area lies in one of these areas; matches nothing without any."""
    found = Q(pk__in=[])
    for path in paths:
        found |= Q(area_path=path) | Q(area_path__startswith=f"{path}/")
    return found


def proposing_units(by: Actor) -> list[UUID]:
    """Return the units for which an actor may propose a topic."""
    return units_of(by, Permission.TOPIC_PROPOSE)


def topics_visible_to(by: Actor) -> Q:
    """Return the filter for the topics an actor may see: of their areas, from or for their units."""
    if by.kind == ActorKind.SYSTEM:
        return Q()
    mine = units_of(by, Permission.ORDER_SEE)
    owned = Order.objects.filter(topic__isnull=False, unit__in=mine).values("topic")
    assisted = OrderAssist.objects.filter(order__topic__isnull=False, unit__in=mine).values("order__topic")
    return (
        within(areas_of(by, *_SEES_TOPICS))
        | Q(unit__in=proposing_units(by))
        | Q(pk__in=owned)
        | Q(pk__in=assisted)
    )


def meetings_visible_to(by: Actor) -> Q:
    """Return the filter for the meetings an actor may see: whoever proposes for an area reads them."""
    if by.kind == ActorKind.SYSTEM:
        return Q()
    return within(areas_of(by, *_SEES_TOPICS))


def orders_visible_to(by: Actor) -> Q:
    """Return the filter for the orders an actor may see: of their areas and units, and assisted ones."""
    if by.kind == ActorKind.SYSTEM:
        return Q()
    mine = units_of(by, Permission.ORDER_SEE)
    assisted = OrderAssist.objects.filter(unit__in=mine).values("order")
    areas = areas_of(by, Permission.ORDER_SEE, Permission.ORDER_APPROVE)
    return within(areas) | Q(unit__in=mine) | Q(pk__in=assisted)


def is_own(by: Actor, order: Order) -> bool:
    """Return whether an order is this actor's own: by a post in its unit, its work, or its report."""
    if by.kind == ActorKind.SYSTEM:
        return False
    if order.unit_id in by.unit_ids or over_unit(by, Permission.ORDER_WORK, order.unit_id):
        return True
    return by.id is not None and by.id == order.reported_by_id


def why_not_order(order: Order, move: OrderMove, *, by: Actor) -> Reason | None:
    """Return why this actor cannot make this move on an order now, or None when it can be made."""
    if OrderState(order.state) not in move.from_:
        return reasons.NOT_FROM_HERE
    if by.kind == ActorKind.SYSTEM:
        return None
    if not any(_holds(by, right, order, move) for right in move.rights):
        return reasons.NOT_YOURS
    return reasons.OWN_ORDER if move.apart and is_own(by, order) else None


def _holds(by: Actor, right: Permission, order: Order, move: OrderMove) -> bool:
    if right != Permission.ORDER_WORK:
        return over_area(by, right, order.area_path)
    helping = [assist.unit_id for assist in order.assists.all()] if move.assists else []
    return any(over_unit(by, right, unit) for unit in (order.unit_id, *helping))


def order_moves(order: Order, *, by: Actor) -> list[OrderMove]:
    """Return the moves this actor can make on an order now, in the order of the table, for the buttons."""
    return [move for move in ORDER_MOVES if not move.hidden and why_not_order(order, move, by=by) is None]


def why_not_topic(topic: Topic, move: TopicMove, *, by: Actor) -> Reason | None:
    """Return why this actor cannot make this move on a topic now, or None when it can be made."""
    if TopicState(topic.state) not in move.from_:
        return reasons.TOPIC_NOT_FROM_HERE
    if by.kind == ActorKind.SYSTEM:
        return None
    if move.right is None:
        return reasons.NOT_YOURS
    if move.right == Permission.ORDER_WORK:
        return None if keeps_households(by, topic) else reasons.HOUSEHOLDS_ELSEWHERE
    if over_area(by, move.right, topic.area_path):
        return None
    is_proposer = topic.unit_id is not None and over_unit(by, move.right, topic.unit_id)
    return None if is_proposer else reasons.NOT_YOURS


def keeps_households(by: Actor, topic: Topic) -> bool:
    """Return whether an actor keeps a topic's households: whoever runs it, or works on an order of it."""
    if over_area(by, Permission.ORDER_APPROVE, topic.area_path):
        return True
    units = {order.unit_id for order in topic.orders.all()}
    units |= {assist.unit_id for order in topic.orders.all() for assist in order.assists.all()}
    return any(over_unit(by, Permission.ORDER_WORK, unit) for unit in units)


def topic_moves(topic: Topic, *, by: Actor) -> list[TopicMove]:
    """Return the moves this actor can make on a topic now, in the order of the table, for the buttons."""
    return [move for move in TOPIC_MOVES if not move.hidden and why_not_topic(topic, move, by=by) is None]


def may_run(by: Actor, meeting: Meeting) -> bool:
    """Return whether an actor may run a meeting."""
    return over_area(by, Permission.MEETING_RUN, meeting.area_path)
