"""The history of appeals and cases in words for staff: what each fact says.

Residents read theirs in kinder words and see less of it (`home.pages.story`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huying.cases.models import Clock, Closure, Solved
from huying.cases.told import MORE, Data, Told, lines, unit_or, when
from huying.cases.words import WAITING, item_name, why_assigned, why_waiting
from huying.catalogue.queries import find_route
from huying.kit.names import in_language

if TYPE_CHECKING:
    from collections.abc import Callable


class FactLike(Protocol):
    """What is read of a fact of the ledger."""

    kind: str
    data: Data


def tell_fact(fact: FactLike) -> Told:
    """Return what a fact says to staff; a kind without words is shown by its name, never left out."""
    words = STAFF.get(fact.kind)
    return words(fact.data) if words else Told("note", fact.kind)


def _reason(text: str) -> str:
    """Return a reason as it was typed, or the sentence for one Huying itself gives as a key."""
    own = {"nobody_left": _("No appeal is left on it.")}
    return own.get(text) or (why_waiting(text) if text in WAITING else text)


def _opened(data: Data) -> Told:
    item = item_name(data["item"]) or _("Item not known yet")
    text = _("%(item)s, grade %(grade)s") % {"item": item, "grade": data["grade"]} if data["grade"] else item
    return Told("received", _("Case %(number)s was opened") % {"number": data["number"]}, text)


def _waits(data: Data) -> Told:
    return Told("note", _("A person decides"), why_waiting(data["why"]))


def _dispatched(data: Data) -> Told:
    due = when(data["due_at"])
    until = _("Due %(due)s.") % {"due": due} if due else ""
    title = _("Dispatched to %(unit)s at once") if data["automatic"] else _("Dispatched to %(unit)s by hand")
    text = lines(item_name(data["item"]), *why_assigned(data["why"]), until)
    return Told("dispatched", title % {"unit": unit_or(data["unit_name"])}, text)


def _signed(data: Data) -> Told:
    return Told("signed", _("%(unit)s signed for it") % {"unit": unit_or(data["unit_name"])})


def _sign_undone(_data: Data) -> Told:
    return Told("note", _("The signing was undone"))


def _recalled(data: Data) -> Told:
    return Told("note", _("The dispatch to %(unit)s was taken back") % {"unit": unit_or(data["unit_name"])})


def _handed_to(data: Data) -> Told:
    return Told("signed", _("Handed to %(name)s") % {"name": data["handler_name"]}, data["note"])


def _contacted(data: Data) -> Told:
    return Told("contacted", _("First contact with the resident"), data["note"])


def _return_asked(data: Data) -> Told:
    title = _("Return asked for: it belongs to %(unit)s") % {"unit": data["proposed_unit_name"]}
    return Told("returned", title, data["reason"])


def _return_refused(data: Data) -> Told:
    return Told("returned", _("The return was refused"), data["reason"])


def _solved(key: str) -> str:
    return str(Solved(key).label) if key in Solved.values else ""


def _replied(data: Data) -> Told:
    return Told("reply", _("A reply was written and waits for review"), _solved(data["solved"]))


def _review_passed(data: Data) -> Told:
    return Told("reviewed", _("The reply passed review and went to the residents"), _solved(data["solved"]))


def _review_failed(data: Data) -> Told:
    return Told("rework", _("The reviewer sent it back to work"), data["reason"])


def _answered_at_once(data: Data) -> Told:
    return Told("reply", _("Answered at once"), _solved(data["solved"]))


def _reworked(data: Data) -> Told:
    supervised = _("It came back again, so supervision watches it.") if data["supervised"] else ""
    reason = _reason(data["reason"])
    if data["reason"] == "resident_not_satisfied":
        reason = _("A resident says that it is not solved or not satisfactory.")
    return Told("rework", _("Rework, round %(round)s") % {"round": data["round"]}, lines(reason, supervised))


def _followed_up(data: Data) -> Told:
    if data["reached"]:
        return Told("contacted", _("Follow-up call: the resident was reached"))
    return Told("contacted", _("Follow-up call: the resident was not reached"))


def _closed(data: Data) -> Told:
    known = data["closure"] in Closure.values
    return Told("closed", _("The case was closed"), str(Closure(data["closure"]).label) if known else "")


def _withdrawn(data: Data) -> Told:
    return Told("withdrawn", _("The case was withdrawn"), _reason(data["reason"]))


def _inadmissible(data: Data) -> Told:
    route = find_route(data["route"])
    name = in_language(route.name, route.name_en) if route else data["route"]
    return Told("withdrawn", _("Not admissible: %(route)s") % {"route": name}, data["reason"])


def _merged(data: Data) -> Told:
    return Told("merged", _("Merged into case %(number)s") % {"number": data["into_number"]})


def _received_merged(data: Data) -> Told:
    return Told("merged", _("Case %(number)s was merged into this one") % {"number": data["from_number"]})


def _unmerged(_data: Data) -> Told:
    return Told("merged", _("The merge was undone"))


def _voices(count: int) -> str:
    return ngettext("%(count)d appeal on it now", "%(count)d appeals on it now", count) % {"count": count}


def _joined(data: Data) -> Told:
    return Told("received", _("A neighbour joined"), _voices(data["count"]))


def _left(data: Data) -> Told:
    return Told("withdrawn", _("An appeal left the case"), _voices(data["count"]))


def _restated(data: Data) -> Told:
    title = _("Voices left; the closure now rests on: %(closure)s") % {
        "closure": Closure(data["closure"]).label
    }
    return Told("note", title)


def _noted(data: Data) -> Told:
    return Told("note", _("Note"), data["note"])


def _note_retracted(data: Data) -> Told:
    title = _("A note was corrected") if data["kept"] else _("A note was retracted")
    return Told("note", title, data["reason"])


def _received(data: Data) -> Told:
    held = why_waiting(data["held_for"])
    return Told("received", _("Appeal %(number)s was received") % {"number": data["number"]}, held)


def _taken_back(data: Data) -> Told:
    return Told("withdrawn", _("The resident took the appeal back"), data["reason"])


def _link_renewed(_data: Data) -> Told:
    return Told("note", _("The appeal has a new link; the old one opens nothing"))


def _judged(data: Data) -> Told:
    sure = _("Confidence %(percent)s %%") % {"percent": round(data["confidence"] * 100)}
    twins = data["twins"]
    alike = ngettext(
        "%(count)d appeal may be the same", "%(count)d appeals may be the same", twins
    ) % {"count": twins} if twins else ""  # fmt: skip
    danger = _("Words of danger were found.") if data["dangers"] else ""
    title = _("Judged: %(item)s") % {"item": item_name(data["item"]) or _("Item not known yet")}
    return Told("note", title, lines(danger, sure, alike))


def _asked(data: Data) -> Told:
    title = _("The resident was asked; the window closes %(until)s") % {"until": when(data["closes_at"])}
    return Told("note", title)


def _rated(data: Data) -> Told:
    axes = {
        "speed": _("Speed"), "result": _("Result"), "service": _("Service"), "process": _("Process"),
    }  # fmt: skip
    stars = [f"{name} {data[axis]}" for axis, name in axes.items() if data[axis] is not None]
    title = _("The resident's verdict: %(solved)s") % {"solved": _solved(data["solved"])}
    return Told("rated", title, " · ".join(stars))


def _lapsed(_data: Data) -> Told:
    return Told("note", _("The resident did not answer in time: unconfirmed"))


def _recomputed(data: Data) -> Told:
    was = dict(data["before"])
    rows = [
        _("%(clock)s: %(before)s → %(after)s")
        % {"clock": Clock(clock).label, "before": when(was.get(clock, "")), "after": when(due)}
        for clock, due in data["after"]
    ]
    return Told("note", _("Dates were computed anew"), lines(data["reason"], *rows))


# Every kind of fact an appeal or case can have; a test holds this against the facts themselves.
STAFF: dict[str, Callable[[Data], Told]] = {
    "AppealReceived": _received,
    "AppealJudged": _judged,
    "AppealWithdrawn": _taken_back,
    "LinkRenewed": _link_renewed,
    "CaseOpened": _opened,
    "CaseWaits": _waits,
    "CaseDispatched": _dispatched,
    "CaseSigned": _signed,
    "CaseHandedTo": _handed_to,
    "SignUndone": _sign_undone,
    "DispatchRecalled": _recalled,
    "ContactMade": _contacted,
    "ReturnAsked": _return_asked,
    "ReturnRefused": _return_refused,
    "CaseReplied": _replied,
    "ReviewPassed": _review_passed,
    "ReviewFailed": _review_failed,
    "AnsweredAtOnce": _answered_at_once,
    "CaseReworked": _reworked,
    "FollowedUp": _followed_up,
    "CaseClosed": _closed,
    "CaseWithdrawn": _withdrawn,
    "CaseInadmissible": _inadmissible,
    "CaseMerged": _merged,
    "CaseReceivedMerged": _received_merged,
    "CaseUnmerged": _unmerged,
    "AppealJoined": _joined,
    "AppealLeft": _left,
    "ClosureRestated": _restated,
    "CaseNoted": _noted,
    "NoteRetracted": _note_retracted,
    "DeadlinesRecomputed": _recomputed,
    "RatingAsked": _asked,
    "ReplyRated": _rated,
    "RatingLapsed": _lapsed,
    **MORE,
}
