"""The stories of topics, meetings and orders in words: every fact with a title and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from huying.cases.states import Colour
from huying.kit.moments import in_words
from huying.supervision.states import EffectFound, HouseholdState, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Event:
    """What happened, for a timeline: `kind` picks the mark, `title` and `text` are in words."""

    kind: str
    title: str
    text: str = ""


def event_of(kind: str, data: dict[str, Any]) -> Event:
    """Return a fact of a topic or order, by its kind and data, in the language active now."""
    teller = _TELLERS.get(kind)
    return teller(data) if teller else Event("note", kind)


def day_in_words(iso: str) -> str:
    """Return a day as people read it; a dash without one."""
    day = parse_date(iso) if iso else None
    return in_words(day, "day") if day else "—"


def why_in_words(reason: str) -> str:
    """Return why a letter went out: in words where the platform sent it by itself."""
    own = {
        "order_near": _("Its last day is near."),
        "order_late": _("Its last day has passed."),
        "order_silent": _("Nothing was said for two weeks."),
        "appeals_came_back": _("The appeals about this matter came back."),
    }
    return own.get(reason, reason)


def _given(data: dict[str, Any]) -> Event:
    title = _("Given to {unit}, due {day}").format(unit=data["unit_name"], day=day_in_words(data["due_on"]))
    return Event("dispatched", title, data["words"])


def _interview(data: dict[str, Any]) -> Event:
    title = _("Interview with {who} on {day}").format(who=data["who"], day=day_in_words(data["held_on"]))
    if not data["promised_on"]:
        return Event("contact", title, data["words"])
    until = _("Promised for {day}").format(day=day_in_words(data["promised_on"]))
    return Event("contact", title, f"{data['words']}（{until}）")


def _works(data: dict[str, Any]) -> Event:
    cost = f" · {data['cost_yuan']} " + _("yuan") if data["cost_yuan"] else ""
    return Event("note", _("Works entered"), f"{data['name']} {data['quantity']} {data['measure']}{cost}")


def _closed(data: dict[str, Any]) -> Event:
    title = _("Closed, in time") if data["on_time"] else _("Closed, after its date")
    return Event("closed", title, data["note"])


def _lettered(data: dict[str, Any]) -> Event:
    title = _("Letter: {colour}").format(colour=Colour(data["colour"]).label)
    return Event("overdue", title, why_in_words(data["reason"]))


def _effect(data: dict[str, Any]) -> Event:
    text = _("Before: {before} appeals; after: {after}.").format(
        before=data["appeals_before"], after=data["appeals_after"]
    )
    return Event("reviewed", _("Effect: {found}").format(found=EffectFound(data["found"]).label), text)


def _off(data: dict[str, Any]) -> Event:
    put_off = data["outcome"] == Outcome.PUT_OFF
    title = _("Put off to a later meeting") if put_off else _("Taken off the agenda")
    return Event("returned", title, data["reason"])


def _households(data: dict[str, Any]) -> Event:
    said = _("{moved} households: {state}; {done} of {total} are done").format(
        moved=data["moved"], state=HouseholdState(data["state"]).label, done=data["done"], total=data["total"]
    )
    return Event("note", said)


def _with(kind: str, title: Callable[[], str], key: str = "reason") -> Callable[[dict[str, Any]], Event]:
    return lambda data: Event(kind, title(), why_in_words(str(data.get(key, ""))))


_TELLERS: dict[str, Callable[[dict[str, Any]], Event]] = {
    "OrderGiven": _given,
    "OrderTaken": _with("signed", lambda: _("Taken on")),
    "OrderDisputed": _with("returned", lambda: _("Said to be another's")),
    "OrderInsisted": _with("returned", lambda: _("It stays with the unit")),
    "OrderReassigned": lambda data: Event(
        "dispatched", _("Given to {unit}").format(unit=data["unit_name"]), data["reason"]
    ),
    "OrderProgressed": lambda data: Event(
        "note", _("{unit}: how it stands").format(unit=data["unit_name"]), data["note"]
    ),
    "InterviewHeld": _interview,
    "PromiseKept": lambda data: Event("closed", _("{who} kept the promise").format(who=data["who"])),
    "PromisePassed": lambda data: Event(
        "overdue", _("The day {who} promised has passed").format(who=data["who"]), data["words"]
    ),
    "WorksEntered": _works,
    "WorksStruck": lambda data: Event(
        "withdrawn", _("Works struck out: {name}").format(name=data["name"]), data["reason"]
    ),
    "OrderReported": _with("reply", lambda: _("Reported done"), "note"),
    "OrderClosed": _closed,
    "OrderSentBack": _with("rework", lambda: _("Sent back to work")),
    "OrderPutOff": lambda data: Event(
        "note", _("New last day: {day}").format(day=day_in_words(data["due_on"])), data["reason"]
    ),
    "OrderLettered": _lettered,
    "OrderCancelled": _with("withdrawn", lambda: _("Cancelled order")),
    "OrderReopened": _with("rework", lambda: _("Opened again")),
    "OrderDueSoon": _with("overdue", lambda: _("Its last day is near")),
    "OrderOverdue": _with("overdue", lambda: _("Its last day has passed")),
    "EffectSettled": _effect,
    "TopicProposed": _with("received", lambda: _("Proposed topic"), "words"),
    "TopicCasesAdded": lambda data: Event(
        "merged", _("{number} cases were added").format(number=len(data["cases"]))
    ),
    "TopicListed": _with("dispatched", lambda: _("Put on an agenda")),
    "TopicTakenOff": _off,
    "TopicDecided": lambda data: Event(
        "signed", _("Decided: order {order}").format(order=data["order"]), data["words"]
    ),
    "TopicDropped": _with("withdrawn", lambda: _("Not taken up")),
    "TopicRevived": _with("rework", lambda: _("Taken up after all")),
    "TopicEnded": _with("closed", lambda: _("Topic ended")),
    "TopicReopened": _with("rework", lambda: _("Opened again")),
    "HouseholdsListed": lambda data: Event(
        "note", _("{added} households were listed, {total} in all").format(**data)
    ),
    "HouseholdsMoved": _households,
}
