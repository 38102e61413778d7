"""Words of the history for what is asked and ruled, for parts, residents' own moves and overlays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from huying.cases.states import AskKind, Colour
from huying.catalogue.queries import find_route
from huying.kit.moments import in_words, read_out
from huying.kit.names import in_language

if TYPE_CHECKING:
    from collections.abc import Callable

Data = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """A fact in words. `icon` is a kind of the timeline component; `text` may be empty or several lines."""

    icon: str
    title: str
    text: str = ""


def lines(*told: str) -> str:
    """Return the lines that say something, one below the other."""
    return "\n".join(line for line in told if line)


def when(text: str) -> str:
    """Return a moment of a fact for people, "" for none."""
    moment = parse_datetime(text) if text else None
    return in_words(moment) if moment else ""


def unit_or(name: str) -> str:
    """Return the name of a unit, or a word for it."""
    return name or _("The unit")


def _asked_for(data: Data) -> Told:
    titles = {
        AskKind.INADMISSIBLE: _("Found not admissible: %(wish)s; somebody else confirms"),
        AskKind.DISPUTE: _("%(unit)s works on it and says it belongs to %(wish)s"),
        AskKind.EXTENSION: _("%(unit)s asks for %(wish)s more working days"),
        AskKind.SUSPENSION: _("%(unit)s asks to suspend it until %(wish)s"),
        AskKind.UNREASONABLE: _("%(unit)s says that the demand is unreasonable"),
    }
    title = titles.get(data["kind"], _("An application")) % {
        "unit": unit_or(data["unit_name"]),
        "wish": read_out(data["wish"]),
    }
    return Told("note", title, data["reason"])


def _ask_refused(data: Data) -> Told:
    titles = {
        AskKind.INADMISSIBLE: _("It is admissible"),
        AskKind.DISPUTE: _("It stays with the unit"),
        AskKind.EXTENSION: _("More time was refused"),
        AskKind.SUSPENSION: _("The suspension was refused"),
        AskKind.UNREASONABLE: _("The demand was found reasonable"),
    }
    return Told("note", titles.get(data["kind"], _("An application was refused")), data["reason"])


def _ruled(data: Data) -> Told:
    title = _("Ruling: it stays with %(unit)s") if data["stays"] else _("Ruling: it goes to %(unit)s")
    proposed = _("The ruling is a proposed duty rule now; the units vote on it.")
    return Told("returned", title % {"unit": unit_or(data["unit_name"])}, lines(data["reason"], proposed))


def _extended(data: Data) -> Told:
    dates = {"old": when(data["old_due_at"]), "new": when(data["due_at"])}
    return Told("note", _("Put off from %(old)s to %(new)s") % dates, data["reason"])


def _suspended(data: Data) -> Told:
    review = _("It is looked at again on %(day)s; granted by %(name)s.") % {
        "day": read_out(data["review_on"]), "name": data["approver"],
    }  # fmt: skip
    return Told("note", _("Suspended"), lines(data["reason"], data["plan"], review))


def _resumed(data: Data) -> Told:
    return Told("note", _("Taken up again"), data["note"])


def _seconded(data: Data) -> Told:
    return Told("reviewed", _("A second person finds the demand unreasonable"), data["reason"])


def _info_asked(data: Data) -> Told:
    return Told("contacted", _("The resident is asked for details"), data["question"])


def _info_given(_data: Data) -> Told:
    return Told("received", _("The resident supplied details"))


def _lapsed(_data: Data) -> Told:
    return Told("withdrawn", _("Lapsed: the details never came"))


def _refiled(_data: Data) -> Told:
    return Told("received", _("Taken up again: the resident supplied details"))


def _objected(_data: Data) -> Told:
    return Told("rework", _("The resident objects to “not admissible”"))


def _transferred(data: Data) -> Told:
    route = find_route(data["route"])
    name = in_language(route.name, route.name_en) if route else data["route"]
    receipt = _("Receipt %(receipt)s") % {"receipt": data["receipt"]}
    return Told("dispatched", _("Transferred: %(route)s") % {"route": name}, lines(receipt, data["reason"]))


def _passed_down(data: Data) -> Told:
    return Told(
        "dispatched", _("Passed down to %(unit)s") % {"unit": unit_or(data["unit_name"])}, data["note"]
    )


def _stage_done(data: Data) -> Told:
    late = "" if data["in_time"] else _("It was late: due %(due)s.") % {"due": when(data["due_at"])}
    following = _("Next: %(stage)s, due %(due)s.") % {
        "stage": in_language(data["following"], data["following_en"]), "due": when(data["following_due_at"]),
    }  # fmt: skip
    title = _("Stage %(number)s of %(of)s is done: %(stage)s") % {
        "number": data["number"], "of": data["of"], "stage": in_language(data["stage"], data["stage_en"]),
    }  # fmt: skip
    return Told("reviewed", title, lines(data["result"], late, following))


def _stage_undone(data: Data) -> Told:
    name = in_language(data["stage"], data["stage_en"])
    return Told("note", _("A slip: stage “%(stage)s” is not done yet") % {"stage": name})


def _task_opened(data: Data) -> Told:
    called = data["kind"] == "call_in"
    title = _("%(unit)s was called in") if called else _("%(unit)s was asked to assist")
    meet = _("To be there at %(when)s.") % {"when": when(data["meet_at"])} if data["meet_at"] else ""
    due = _("Due %(due)s.") % {"due": when(data["due_at"])}
    return Told("dispatched", title % {"unit": unit_or(data["unit_name"])}, lines(data["note"], meet, due))


def _attended(data: Data) -> Told:
    return Told(
        "contacted", _("%(unit)s is on the spot") % {"unit": unit_or(data["unit_name"])}, data["note"]
    )


def _task_done(data: Data) -> Told:
    late = "" if data["in_time"] else _("It was late.")
    title = _("%(unit)s did its part") % {"unit": unit_or(data["unit_name"])}
    return Told("reviewed", title, lines(data["result"], late))


def _task_ended(data: Data) -> Told:
    title = _("The part of %(unit)s is no longer needed") % {"unit": unit_or(data["unit_name"])}
    return Told("note", title, data["reason"])


def _restarted(data: Data) -> Told:
    false = _("It had been called solved, so it counts as closed falsely.") if data["false_closure"] else ""
    return Told("rework", _("Opened again: it was not solved after all"), false)


def _false_closure(data: Data) -> Told:
    title = _("The same came back as case %(number)s") % {"number": data["later"]}
    return Told("rework", title, _("This case counts as closed falsely."))


def _archived(_data: Data) -> Told:
    return Told("closed", _("Archived"))


def _split(data: Data) -> Told:
    title = _("Some appeals became case %(number)s") % {"number": data["into_number"]}
    return Told("merged", title, data["reason"])


def _split_off(data: Data) -> Told:
    return Told("merged", _("Split off from case %(number)s") % {"number": data["from_number"]})


def _urged(data: Data) -> Told:
    return Told("rework", _("The resident urges (no. %(count)s)") % {"count": data["count"]})


def why_supervised(reason: str) -> str:
    """Return why a case is supervised: what a clock said in words, what a person wrote as it is."""
    own = {
        "order_near": _("The date of an order it is under is near."),
        "order_late": _("The date of an order it is under has passed."),
        "order_silent": _("Nothing was said about an order it is under for two weeks."),
        "near_due": _("Four fifths of its time are gone."),
        "overdue": _("Its time is over."),
        "stage_near_due": _("Four fifths of the time of a stage are gone."),
        "stage_overdue": _("The time of a stage is over."),
        "no_report": _("No report came in time."),
        "came_back": _("The same had been closed as solved."),
    }
    return own.get(reason) or reason


def _supervised(data: Data) -> Told:
    colour = str(Colour(data["colour"]).label) if data["colour"] in Colour.values else ""
    return Told(
        "note", _("Supervision: %(colour)s") % {"colour": colour}, why_supervised(str(data["reason"]))
    )


def _reported(data: Data) -> Told:
    return Told("reply", _("Report to supervision"), data["note"])


def _unreported(_data: Data) -> Told:
    return Told("note", _("No report to supervision came in time"))


def _unsupervised(data: Data) -> Told:
    return Told("note", _("Supervision ended"), data["reason"])


def _instructed(data: Data) -> Told:
    return Told("note", _("A leader's instruction"), data["note"])


def _major(data: Data) -> Told:
    return Told("note", _("A major emergency: grade A from now"), data["reason"])


def _confidential(data: Data) -> Told:
    title = _("Kept confidential") if data["confidential"] else _("No longer confidential")
    return Told("note", title, data["reason"])


def _masked(_data: Data) -> Told:
    return Told("note", _("Personal data was masked for good"))


def _hold_set(data: Data) -> Told:
    return Told("note", _("Kept whole for now"), data["reason"])


def _hold_lifted(_data: Data) -> Told:
    return Told("note", _("Need not be kept whole any longer"))


def _retention_set(_data: Data) -> Told:
    return Told("note", _("How long personal data is kept was changed"))


def _contact_corrected(_data: Data) -> Told:
    return Told("note", _("The resident corrected how they are reached"))


def _proxy_named(_data: Data) -> Told:
    return Told("note", _("Filed for somebody else, who agreed"))


def _proxy_ended(_data: Data) -> Told:
    return Told("note", _("Nobody follows it for the resident any more"))


MORE: dict[str, Callable[[Data], Told]] = {
    "ApplicationMade": _asked_for,
    "ApplicationRefused": _ask_refused,
    "DisputeRuled": _ruled,
    "ExtensionGranted": _extended,
    "CaseSuspended": _suspended,
    "CaseResumed": _resumed,
    "UnreasonableSeconded": _seconded,
    "NeedInfoAsked": _info_asked,
    "InfoGiven": _info_given,
    "CaseLapsed": _lapsed,
    "CaseRefiled": _refiled,
    "CaseObjected": _objected,
    "CaseTransferred": _transferred,
    "CasePassedDown": _passed_down,
    "StageDone": _stage_done,
    "StageUndone": _stage_undone,
    "TaskOpened": _task_opened,
    "TaskAttended": _attended,
    "TaskDone": _task_done,
    "TaskEnded": _task_ended,
    "CaseRestarted": _restarted,
    "FalseClosureFound": _false_closure,
    "CaseArchived": _archived,
    "CaseSplit": _split,
    "CaseSplitOff": _split_off,
    "CaseUrged": _urged,
    "SupervisionSet": _supervised,
    "SupervisionAnswered": _reported,
    "SupervisionUnanswered": _unreported,
    "SupervisionLifted": _unsupervised,
    "LeaderNoted": _instructed,
    "MajorMarked": _major,
    "ConfidentialSet": _confidential,
    "AppealMasked": _masked,
    "HoldSet": _hold_set,
    "HoldLifted": _hold_lifted,
    "RetentionSet": _retention_set,
    "ContactCorrected": _contact_corrected,
    "ProxyNamed": _proxy_named,
    "ProxyEnded": _proxy_ended,
}
