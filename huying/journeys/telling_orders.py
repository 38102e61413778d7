"""Facts of supervision become notices: to the unit of an order, those who help, and those who approve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from huying.cases.models import Colour
from huying.notify.actions import Told, tell_units
from huying.people.permissions import Permission
from huying.people.queries import unit_book, units_holding
from huying.supervision.models import Meeting, Order, Topic
from huying.supervision.states import EffectFound
from huying.supervision.told import why_in_words
from huying.supervision.weeks import LATE, NEAR

if TYPE_CHECKING:
    from collections.abc import Iterable

    from huying.ledger.models import Fact


def _key(fact: Fact) -> UUID:
    return UUID(fact.stream.partition(":")[2])


def _tell(units: Iterable[UUID | None], kind: str, data: dict[str, Any], fact: Fact) -> None:
    tell_units(Told(unit, kind, data, fact.at) for unit in dict.fromkeys(units) if unit is not None)


# --- topics ------------------------------------------------------------------------------------------
def _tell_proposer(fact: Fact, kind: str) -> None:
    """Tell the unit that proposed a topic; those who run the meeting did it themselves."""
    topic = Topic.objects.get(pk=_key(fact))
    data = {
        "topic": str(topic.pk), "no": topic.number, "title": topic.title,
        "reason": fact.data.get("reason", ""), "order": fact.data.get("order", ""),
    }  # fmt: skip
    if "meeting" in fact.data:
        data["body"] = Meeting.objects.select_related("body").get(pk=UUID(fact.data["meeting"])).body.name
    _tell([topic.unit_id], kind, data, fact)


def tell_topic_listed(fact: Fact) -> None:
    """Tell who proposed a topic that it is on an agenda."""
    _tell_proposer(fact, "topic_listed")


def tell_topic_taken_off(fact: Fact) -> None:
    """Tell who proposed a topic that it was taken off or put off, and why."""
    _tell_proposer(fact, "topic_taken_off")


def tell_topic_decided(fact: Fact) -> None:
    """Tell who proposed a topic which order came of it."""
    _tell_proposer(fact, "topic_decided")


def tell_topic_dropped(fact: Fact) -> None:
    """Tell who proposed a topic that it is not taken up, and why."""
    _tell_proposer(fact, "topic_dropped")


def tell_topic_ended(fact: Fact) -> None:
    """Tell who proposed a topic that it ended."""
    _tell_proposer(fact, "topic_over")


# --- orders ------------------------------------------------------------------------------------------
def _order(fact: Fact) -> tuple[Order, dict[str, Any]]:
    order = Order.objects.prefetch_related("assists").get(pk=_key(fact))
    unit = unit_book().by_id.get(order.unit_id)
    return order, {
        "order_id": str(order.pk), "order": str(order), "title": order.title,
        "unit": unit.name if unit else "", "due": order.due_on.isoformat(),
        "reason": why_in_words(str(fact.data.get("reason", ""))),
    }  # fmt: skip


def _helpers(order: Order) -> list[UUID]:
    return [assist.unit_id for assist in order.assists.all()]


def _approvers(order: Order, fact: Fact) -> list[UUID]:
    """Return the units that may approve its end: the street's own, and those that supervise the town."""
    holding = units_holding(Permission.ORDER_APPROVE, order.area_path, at=fact.at)
    return sorted(holding - {order.unit_id}) if len(holding) > 1 else sorted(holding)


def _tell_owner(fact: Fact, kind: str, **more: Any) -> None:  # noqa: ANN401 - whatever the letter names
    order, data = _order(fact)
    _tell([order.unit_id], kind, data | more, fact)


def _tell_workers(fact: Fact, kind: str) -> None:
    order, data = _order(fact)
    _tell([order.unit_id, *_helpers(order)], kind, data, fact)


def _tell_approvers(fact: Fact, kind: str) -> None:
    order, data = _order(fact)
    _tell(_approvers(order, fact), kind, data, fact)


def _tell_both(fact: Fact, kind: str, **more: Any) -> None:  # noqa: ANN401 - likewise
    order, data = _order(fact)
    _tell([order.unit_id, *_approvers(order, fact)], kind, data | more, fact)


def tell_order_given(fact: Fact) -> None:
    """Tell the unit that it has an order, and those who help that they do."""
    order, data = _order(fact)
    _tell([order.unit_id], "order_given", data, fact)
    _tell(_helpers(order), "order_assist", data, fact)


def tell_order_reassigned(fact: Fact) -> None:
    """Tell the new unit that it has an order, and the former that it has it no longer."""
    order, data = _order(fact)
    _tell([order.unit_id], "order_given", data, fact)
    before = unit_book().by_code.get(fact.data["unit_before"])
    _tell([before.id if before else None], "order_away", data, fact)


def tell_order_disputed(fact: Fact) -> None:
    """Tell those who approve that the unit says it is another's."""
    _tell_approvers(fact, "order_disputed")


def tell_order_insisted(fact: Fact) -> None:
    """Tell the unit that it stays theirs, and why."""
    _tell_owner(fact, "order_insisted")


def tell_order_reported(fact: Fact) -> None:
    """Tell those who approve that a report waits."""
    _tell_approvers(fact, "order_reported")


def tell_order_sent_back(fact: Fact) -> None:
    """Tell the unit why its report was sent back."""
    _tell_owner(fact, "order_sent_back")


def tell_order_closed(fact: Fact) -> None:
    """Tell the unit and those who helped that it is closed."""
    _tell_workers(fact, "order_closed")


def tell_order_put_off(fact: Fact) -> None:
    """Tell the unit and those who help of the new last day."""
    _tell_workers(fact, "order_put_off")


def tell_order_letter(fact: Fact) -> None:
    """Tell the unit of a letter; one that went by the date itself is told with the date."""
    if fact.data["reason"] not in {NEAR, LATE}:
        _tell_owner(fact, "order_letter", colour=str(Colour(fact.data["colour"]).label))


def tell_order_cancelled(fact: Fact) -> None:
    """Tell the unit and those who helped that there is nothing left to do."""
    _tell_workers(fact, "order_cancelled")


def tell_order_reopened(fact: Fact) -> None:
    """Tell the unit that it goes on, and those who approve when nobody of them said so."""
    _tell_both(fact, "order_reopened")


def tell_order_soon(fact: Fact) -> None:
    """Tell the unit that the last day is near."""
    _tell_owner(fact, "order_soon")


def tell_order_late(fact: Fact) -> None:
    """Tell the unit and those who approve that the last day has passed."""
    _tell_both(fact, "order_late")


def tell_promise_passed(fact: Fact) -> None:
    """Remind the unit and those who approve of a promise whose day has passed."""
    data = fact.data
    _tell_both(fact, "promise_passed", who=data["who"], day=data["promised_on"], words=data["words"])


def tell_effect(fact: Fact) -> None:
    """Tell the unit and those who approve what came of it, as it is."""
    data = fact.data
    _tell_both(
        fact, "effect_found", found=str(EffectFound(data["found"]).label), before=data["appeals_before"],
        after=data["appeals_after"],
    )  # fmt: skip
