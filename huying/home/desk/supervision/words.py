"""How supervision is shown: tones and icons of states and colours, rows of lists, stories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from huying.catalogue.core.calendar import local_day
from huying.home.desk.telling import who
from huying.ledger.queries import timeline
from huying.people.queries import unit_book
from huying.places.queries import town_map
from huying.supervision.queries import tint_of
from huying.supervision.settings import thresholds
from huying.supervision.states import EffectFound, OrderState, Tint, TopicState
from huying.supervision.told import event_of

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from huying.supervision.models import Effect, Order, Topic

TINT_LOOKS: dict[str, tuple[str, str]] = {
    Tint.RED: ("bad", "alert"), Tint.YELLOW: ("warn", "return"), Tint.BLUE: ("info", "soon"),
    Tint.GREEN: ("ok", "check"),
}  # fmt: skip
ORDER_LOOKS: dict[str, tuple[str, str]] = {
    OrderState.GIVEN: ("turn", "inbox"), OrderState.DISPUTED: ("warn", "return"),
    OrderState.AT_WORK: ("info", "edit"), OrderState.REPORTED: ("call", "check"),
    OrderState.CLOSED: ("ok", "check"), OrderState.CANCELLED: ("mute", "ban"),
}  # fmt: skip
TOPIC_LOOKS: dict[str, tuple[str, str]] = {
    TopicState.PROPOSED: ("warn", "clock"), TopicState.LISTED: ("call", "list"),
    TopicState.DECIDED: ("info", "edit"), TopicState.ENDED: ("ok", "check"),
    TopicState.DROPPED: ("mute", "ban"),
}  # fmt: skip
EFFECT_TONES: dict[str, str] = {
    EffectFound.RUNNING: "info", EffectFound.FELL: "ok", EffectFound.SAME: "warn",
    EffectFound.ROSE: "bad", EffectFound.RETURNED: "bad", EffectFound.TOO_FEW: "mute",
}  # fmt: skip


def unit_name(unit_id: UUID | None) -> str:
    """Return the name of a unit, a dash for none."""
    card = unit_book().by_id.get(unit_id) if unit_id else None
    return card.name if card else "—"


def area_name(path: str) -> str:
    """Return the name of an area by its path."""
    card = town_map().by_code(path.rpartition("/")[2]) if path else None
    return card.name if card else ""


def order_row(order: Order, *, at: datetime) -> dict[str, Any]:
    """Return an order as a list shows it; its assists were fetched before."""
    tint = tint_of(order, on=local_day(at))
    tone, icon = ORDER_LOOKS[order.state]
    tint_tone, tint_icon = TINT_LOOKS[tint] if tint else ("", "")
    return {
        "one": order, "number": str(order), "url": reverse("desk:order", args=[order.pk]),
        "tone": tone, "icon": icon,
        "tint": tint, "tint_label": tint.label if tint else "", "tint_tone": tint_tone,
        "tint_icon": tint_icon,
        "unit": unit_name(order.unit_id), "assists": [unit_name(one.unit_id) for one in order.assists.all()],
        "area": area_name(order.area_path), "days": (order.due_on - local_day(at)).days,
    }  # fmt: skip


def topic_row(topic: Topic) -> dict[str, Any]:
    """Return a topic as a list shows it."""
    tone, icon = TOPIC_LOOKS[topic.state]
    return {
        "one": topic, "url": reverse("desk:topic", args=[topic.pk]), "tone": tone, "icon": icon,
        "area": area_name(topic.area_path), "unit": unit_name(topic.unit_id) if topic.unit_id else "",
    }  # fmt: skip


def story_of(stream: str) -> list[dict[str, Any]]:
    """Return what happened to an order or topic, newest first, for `{% timeline %}`."""
    events = []
    for fact in timeline(stream):
        told = event_of(fact.kind, fact.data)
        events.append(
            {"kind": told.kind, "title": told.title, "text": told.text, "at": fact.at, "who": who(fact)}
        )
    events.reverse()
    if events:
        events[0]["current"] = True
    return events


def effect_row(effect: Effect, *, on: date) -> dict[str, Any]:
    """Return what a check found as the page shows it: counts as they are, bars in twelfths of the largest."""
    most = max(effect.before, effect.after, 1)
    return {
        "one": effect, "label": effect.get_found_display(), "tone": EFFECT_TONES[effect.found],
        "days": min((on - local_day(effect.since)).days, (effect.until - effect.since).days),
        "window": (effect.until - effect.since).days,
        "before_bar": round(12 * effect.before / most), "after_bar": round(12 * effect.after / most),
        "months": list(enumerate(effect.months, start=1)), "rule": thresholds(at=effect.settled_at),
    }  # fmt: skip


def pack_shown(pack: dict[str, Any]) -> dict[str, Any]:
    """Return a pack as pages show it: months with their bars, what happened when in words."""
    most = max((row["count"] for row in pack["months"]), default=1)
    months = [row | {"bar": round(12 * row["count"] / most)} for row in pack["months"]]
    return pack | {"months": months, "timeline": [row | {"told": _told(row)} for row in pack["timeline"]]}


def _told(row: dict[str, Any]) -> str:
    words = {
        "first": _("first appeal"), "last": _("latest appeal"), "proposed": _("proposed as a topic"),
        "dispatched": _("{n} cases given to {words}"), "closed": _("{n} cases closed by {words}"),
        "order": _("order {words}"),
    }  # fmt: skip
    return words[row["kind"]].format(n=row["count"], words=row["words"] or "—")
