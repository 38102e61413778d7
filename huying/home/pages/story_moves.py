"""What residents read of the moves beside the main way: details asked for, more time, a pause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from huying.kit.moments import in_words
from huying.kit.names import in_language

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from huying.ledger.models import Fact


def event(kind: str, title: str, *, text: str = "", who: str = "") -> dict[str, Any]:
    """Return an event as the timeline takes it, without its moment."""
    return {"kind": kind, "title": title, "text": text, "who": who}


def moment_of(text: str) -> str:
    """Return a moment of a fact in words, "" for none."""
    moment = parse_datetime(text) if text else None
    return in_words(moment) if moment else ""


def day_of(text: str) -> str:
    """Return a day of a fact in words, "" for none."""
    day: date | None = parse_date(text[:10]) if text else None
    return in_words(day) if day else ""


def _is_mine(fact: Fact, appeal: str) -> bool:
    return fact.data.get("appeal", "") in ("", appeal)


def _asked_for_details(fact: Fact, _appeal: str) -> dict[str, Any]:
    return event("note", _("We need to know more"), text=fact.data["question"])


def _details(fact: Fact, appeal: str) -> dict[str, Any]:
    title = _("You told us more") if _is_mine(fact, appeal) else _("A neighbour told us more")
    return event("received", title, text=_("Thank you. It goes on from where it waited."))


def _lapsed(_fact: Fact, _appeal: str) -> dict[str, Any]:
    text = _("What was missing did not come. Tell us at any time, and it goes on.")
    return event("note", _("Put aside for want of details"), text=text)


def _refiled(_fact: Fact, _appeal: str) -> dict[str, Any]:
    return event("received", _("Taken up again"))


def _objected(fact: Fact, appeal: str) -> dict[str, Any]:
    title = _("You objected") if _is_mine(fact, appeal) else _("A neighbour objected")
    return event("rework", title, text=_("A person looks again whether it belongs here."))


def _transferred(fact: Fact, _appeal: str) -> dict[str, Any]:
    receipt = fact.data.get("receipt", "")
    text = _("Its number there: %(receipt)s.") % {"receipt": receipt} if receipt else ""
    return event("note", _("Handed to the authority that decides it"), text=text)


def _extended(fact: Fact, _appeal: str) -> dict[str, Any]:
    text = _("New date: %(due)s. Why: %(reason)s") % {
        "due": moment_of(fact.data["due_at"]), "reason": fact.data["reason"]
    }  # fmt: skip
    return event("note", _("It takes longer"), text=text)


def _stage_done(fact: Fact, _appeal: str) -> dict[str, Any]:
    told = fact.data
    following = _("Next comes: %(stage)s, by %(due)s.") % {
        "stage": in_language(told["following"], told["following_en"]),
        "due": moment_of(told["following_due_at"]),
    }
    late = "" if told["in_time"] else _("It took longer than planned. We are sorry.")
    title = _("A step further: %(stage)s") % {"stage": in_language(told["stage"], told["stage_en"])}
    return event("reviewed", title, text=" ".join(part for part in (told["result"], late, following) if part))


def _stage_undone(fact: Fact, _appeal: str) -> dict[str, Any]:
    name = in_language(fact.data["stage"], fact.data["stage_en"])
    return event("note", _("We were too quick: “%(stage)s” is still being worked on") % {"stage": name})


def _suspended(fact: Fact, _appeal: str) -> dict[str, Any]:
    text = _("Why: %(reason)s Plan: %(plan)s It is looked at again on %(day)s. It is not closed.") % {
        "reason": fact.data["reason"], "plan": fact.data["plan"], "day": day_of(fact.data["review_on"])
    }  # fmt: skip
    return event("note", _("On hold, with a plan"), text=text)


def _resumed(_fact: Fact, _appeal: str) -> dict[str, Any]:
    return event("signed", _("Work goes on"))


def _passed_down(fact: Fact, _appeal: str) -> dict[str, Any]:
    unit = fact.data.get("unit_name") or _("another unit")
    return event("dispatched", _("Given to %(unit)s") % {"unit": unit})


def _restarted(fact: Fact, appeal: str) -> dict[str, Any]:
    mine = _is_mine(fact, appeal)
    title = _("You opened it again") if mine else _("A neighbour opened it again")
    return event("rework", title, text=_("It is worked on again, and you are asked again afterwards."))


def _split_off(_fact: Fact, _appeal: str) -> dict[str, Any]:
    return event("merged", _("Dealt with by itself"), text=_("It turned out to be a matter of its own."))


def _urged(fact: Fact, appeal: str) -> dict[str, Any]:
    title = _("You urged the unit") if _is_mine(fact, appeal) else _("A neighbour urged the unit")
    return event("note", title)


def _unspoken(_fact: Fact, _appeal: str) -> None:
    """Say nothing: it concerns neighbours only."""


# Kind of fact → its sentence for the resident of the appeal with this key.
MOVE_SENTENCES: dict[str, Callable[[Fact, str], dict[str, Any] | None]] = {
    "NeedInfoAsked": _asked_for_details,
    "InfoGiven": _details,
    "CaseLapsed": _lapsed,
    "CaseRefiled": _refiled,
    "CaseObjected": _objected,
    "CaseTransferred": _transferred,
    "StageDone": _stage_done,
    "StageUndone": _stage_undone,
    "ExtensionGranted": _extended,
    "CaseSuspended": _suspended,
    "CaseResumed": _resumed,
    "CasePassedDown": _passed_down,
    "CaseRestarted": _restarted,
    "CaseSplit": _unspoken,
    "CaseSplitOff": _split_off,
    "CaseUrged": _urged,
}
