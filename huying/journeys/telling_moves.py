"""Facts become notices, the rarer moves: details asked for, more time, suspensions, transfers, overlays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from huying.cases.approving import is_for_supervision
from huying.cases.models import AskKind, Clock
from huying.cases.told import why_supervised
from huying.catalogue.models import StatutoryRoute
from huying.intake.models import Appeal
from huying.journeys.moments import case_id_of, when
from huying.journeys.telling import VOICE, Voice, tell_residents, tell_some
from huying.journeys.telling_units import (
    cases_of,
    centre_of,
    name_of_unit,
    running,
    tell,
    unit_before,
)
from huying.ledger.actor import ActorKind
from huying.ledger.handlers import together
from huying.notify.actions import tell_appeals
from huying.people.permissions import Permission
from huying.people.queries import units_holding

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from huying.cases.models import Case
    from huying.ledger.models import Fact

HIGHER = 2  # from the second extension on, those who supervise decide


def _data(facts: Sequence[Fact], name: str) -> dict[UUID, Any]:
    return {fact.pk: fact.data[name] for fact in facts}


def _owner(_fact: Fact, case: Case) -> UUID | None:
    """Return who has the case now: its unit, or the dispatch centre while it has none."""
    return case.unit_id or centre_of(case)


def _supervisors(case: Case, at: datetime) -> Iterable[UUID]:
    return units_holding(Permission.CASE_SUPERVISE, case.area_path, at=at)


def _tell_the_one(facts: Sequence[Fact], kind: str) -> None:
    """Tell the one appellant each fact names; nobody where staff entered it for no one in particular."""
    named = {UUID(fact.data["appeal"]): fact for fact in facts if fact.data.get("appeal")}
    voices = Appeal.objects.filter(pk__in=named).values_list(*VOICE)
    tell_appeals(Voice(*voice).told(kind, named[voice[0]].at, {}) for voice in voices)


# --- details from residents -------------------------------------------------------------------------------
@together
def tell_info_asked(facts: Sequence[Fact]) -> None:
    """Tell the residents what is asked of them, and until when."""
    until = running(facts, Clock.INFO)
    tell_residents(
        facts,
        "need_info",
        question=_data(facts, "question"),
        until={fact.pk: when(until.get(case_id_of(fact))) for fact in facts},
    )


@together
def tell_info_given(facts: Sequence[Fact]) -> None:
    """Tell who answered that it came, and whoever has the case that it goes on."""
    _tell_the_one(facts, "info_received")
    tell(facts, "unit_info_given", lambda _fact, _case: {}, to=_owner)


@together
def tell_lapsed(facts: Sequence[Fact]) -> None:
    """Tell the residents that the matter rests, and how to take it up again."""
    tell_residents(facts, "lapsed")


@together
def tell_objected(facts: Sequence[Fact]) -> None:
    """Tell who objected that it came, and the dispatchers that the case is open again."""
    _tell_the_one(facts, "info_received")
    tell(facts, "unit_reopened", lambda _fact, _case: {"reason": _("the resident objects")}, to=_owner)


@together
def tell_transferred(facts: Sequence[Fact]) -> None:
    """Tell the residents which statutory route has it, with its receipt."""
    names = dict(StatutoryRoute.objects.values_list("pk", "name"))
    routes = {str(key): name for key, name in names.items()}
    tell_residents(
        facts,
        "transferred",
        route={fact.pk: routes.get(str(fact.data["route"]), "—") for fact in facts},
        receipt=_data(facts, "receipt"),
    )


# --- what is asked for and ruled ----------------------------------------------------------------------------
_LETTER_OF = {AskKind.EXTENSION: "unit_extension", AskKind.SUSPENSION: "unit_suspension"}


@together
def tell_application(facts: Sequence[Fact]) -> None:
    """Tell those who rule on it that something is asked for."""
    for fact in facts:
        kind = AskKind(fact.data["kind"])
        letter = f"{_LETTER_OF[kind]}_asked" if kind in _LETTER_OF else "unit_application"
        tell([fact], letter, _application, to=_rulers)


def _application(fact: Fact, case: Case) -> dict[str, Any]:
    kind, wish = AskKind(fact.data["kind"]).label, fact.data["wish"]
    unit = fact.data["unit_name"] or fact.actor_name
    return {
        "unit": unit or name_of_unit(case),
        "reason": fact.data["reason"],
        "wish": f"{kind} {wish}".strip(),
    }


def _rulers(fact: Fact, case: Case) -> UUID | Iterable[UUID] | None:
    """Return who rules: reviewers of the unit, the centre, or those who supervise."""
    kind = AskKind(fact.data["kind"])
    if kind in {AskKind.INADMISSIBLE, AskKind.DISPUTE}:
        return centre_of(case)
    higher = kind == AskKind.SUSPENSION or (
        kind == AskKind.EXTENSION and (fact.data["ordinal"] >= HIGHER or is_for_supervision(case))
    )
    return _supervisors(case, fact.at) if higher else case.unit_id


@together
def tell_seconded(facts: Sequence[Fact]) -> None:
    """Tell those who supervise that a demand was found unreasonable by one, and waits for the second."""
    tell(
        facts,
        "unit_application",
        lambda fact, case: {
            "unit": name_of_unit(case),
            "reason": fact.data["reason"],
            "wish": str(AskKind.UNREASONABLE.label),
        },
        to=lambda fact, case: _supervisors(case, fact.at),
    )


@together
def tell_application_refused(facts: Sequence[Fact]) -> None:
    """Tell whoever asked that it was refused, and why."""
    for fact in facts:
        kind = AskKind(fact.data["kind"])
        letter = f"{_LETTER_OF[kind]}_refused" if kind in _LETTER_OF else "unit_application_refused"
        words = {"reason": fact.data["reason"], "wish": str(kind.label)}
        tell([fact], letter, lambda _fact, _case, words=words: words, to=_owner)  # type: ignore[misc]  # bound now


@together
def tell_dispute_ruled(facts: Sequence[Fact]) -> None:
    """Tell both units how it was ruled, and a new one that it has something to sign."""
    before = {fact.pk: unit_before(fact) for fact in facts}
    tell(
        facts,
        "unit_ruled",
        lambda fact, _case: {"unit": fact.data["unit_name"]},
        to=lambda fact, case: {unit for unit in (before[fact.pk], case.unit_id) if unit},
    )
    moved = [fact for fact in facts if not fact.data["stays"]]
    due = running(moved, Clock.SIGN)
    tell(moved, "unit_dispatched", lambda fact, _case: {"due": when(due.get(case_id_of(fact)))})


@together
def tell_extended(facts: Sequence[Fact]) -> None:
    """Tell the residents the new date and why, and the unit that it was granted."""
    due = {fact.pk: when(fact.data["due_at"]) for fact in facts}
    tell_residents(facts, "extended", reason=_data(facts, "reason"), due=due)
    tell(facts, "unit_extended", lambda fact, _case: {"due": due[fact.pk]})


@together
def tell_suspended(facts: Sequence[Fact]) -> None:
    """Tell the residents the plan and when it is looked at again; it is not closed."""
    tell_residents(facts, "suspended", plan=_data(facts, "plan"), review=_data(facts, "review_on"))
    tell(facts, "unit_suspended", lambda fact, _case: {"review": fact.data["review_on"]})


@together
def tell_resumed(facts: Sequence[Fact]) -> None:
    """Tell everybody that work goes on, and by when; and why, where the day of review came by itself."""
    cases, running_on = cases_of(facts), running(facts, Clock.HANDLE)
    due = {
        fact.pk: when(running_on.get(case_id_of(fact)) or cases[case_id_of(fact)].next_due_at)
        for fact in facts
    }
    by_clock = [fact for fact in facts if fact.actor_kind == ActorKind.SYSTEM]
    by_hand = [fact for fact in facts if fact.actor_kind != ActorKind.SYSTEM]
    tell_residents(by_clock, "review_came", due=due)
    tell_residents(by_hand, "resumed", due=due)
    tell(by_hand, "unit_resumed", lambda fact, _case: {"due": due[fact.pk]})
    tell(by_clock, "unit_review_came", lambda fact, _case: {"due": due[fact.pk]}, to=_unit_and_supervisors)


def _unit_and_supervisors(fact: Fact, case: Case) -> Iterable[UUID]:
    """Return the unit of a case, and those who agreed that it be suspended."""
    units = [case.unit_id] if case.unit_id else []
    return dict.fromkeys([*units, *_supervisors(case, fact.at)])


@together
def tell_recalled(facts: Sequence[Fact]) -> None:
    """Tell the unit that was given a case by mistake that it is gone again."""
    tell(facts, "unit_recalled", lambda _fact, _case: {}, to=lambda fact, _case: unit_before(fact))


@together
def tell_withdrawn(facts: Sequence[Fact]) -> None:
    """Tell the unit that has nothing left to do because the resident took the appeal back."""
    tell(facts, "unit_withdrawn", lambda _fact, _case: {})


# --- parts of a case ------------------------------------------------------------------------------------
@together
def tell_task(facts: Sequence[Fact]) -> None:
    """Tell a unit that it is asked to assist or called in, and by when."""
    tell(
        facts,
        "unit_task",
        lambda fact, _case: {"task": fact.data["note"], "due": when(fact.data["due_at"])},
        to=lambda fact, _case: UUID(fact.data["unit"]),
    )


@together
def tell_task_done(facts: Sequence[Fact]) -> None:
    """Tell the leading unit that a part is done."""
    tell(facts, "unit_task_done", lambda fact, _case: {"unit": fact.data["unit_name"]}, to=_owner)


@together
def tell_task_ended(facts: Sequence[Fact]) -> None:
    """Tell a unit that its part is no longer needed."""
    tell(
        facts,
        "unit_task_ended",
        lambda fact, _case: {"reason": fact.data["reason"]},
        to=lambda fact, _case: UUID(fact.data["unit"]),
    )


@together
def tell_passed_down(facts: Sequence[Fact]) -> None:
    """Tell the unit below that the case is with it now."""
    tell(
        facts,
        "unit_dispatched",
        lambda _fact, case: {"due": when(case.next_due_at)},
        to=lambda fact, _case: UUID(fact.data["unit"]),
    )


@together
def tell_split(facts: Sequence[Fact]) -> None:
    """Tell those who were split off that their own matter is handled by itself."""
    tell_some(facts, "split")


# --- after closing, and what lies over a case -----------------------------------------------------------
@together
def tell_restarted(facts: Sequence[Fact]) -> None:
    """Tell the residents and whoever has the case that it is open again."""
    tell_residents(facts, "reopened")
    reason = _("a resident says that it is not solved")
    tell(facts, "unit_reopened", lambda _fact, _case: {"reason": reason}, to=_owner)


@together
def tell_recheck(facts: Sequence[Fact]) -> None:
    """Tell the residents and the unit that the same came back, so that it is looked at once more."""
    tell_residents(facts, "recheck")
    tell(facts, "unit_recheck", lambda _fact, _case: {})


@together
def tell_urged(facts: Sequence[Fact]) -> None:
    """Tell who urged that the unit was reminded, and the unit that it is urged."""
    _tell_the_one(facts, "urged")
    tell(
        facts,
        "unit_urged",
        lambda fact, _case: {"reason": _("{n} times in all").format(n=fact.data["count"])},
        to=_owner,
    )


@together
def tell_supervised(facts: Sequence[Fact]) -> None:
    """Tell whoever has the case that it is supervised, and why."""
    tell(
        facts,
        "unit_supervised",
        lambda fact, _case: {"reason": why_supervised(str(fact.data["reason"]))},
        to=_owner,
    )


@together
def tell_unreported(facts: Sequence[Fact]) -> None:
    """Tell those who supervise that a unit did not report in time."""
    tell(
        facts,
        "supervision_unreported",
        lambda _fact, case: {"unit": name_of_unit(case)},
        to=lambda fact, case: _supervisors(case, fact.at),
    )


@together
def tell_reported(facts: Sequence[Fact]) -> None:
    """Tell those who supervise that a report has come; what it says, they read at the desk."""
    tell(
        facts,
        "supervision_reported",
        lambda _fact, case: {"unit": name_of_unit(case)},
        to=lambda fact, case: _supervisors(case, fact.at),
    )


@together
def tell_leader_noted(facts: Sequence[Fact]) -> None:
    """Tell whoever has the case that a leader wrote on it; what, they read at the desk."""
    tell(facts, "unit_noted_by_leader", lambda _fact, _case: {}, to=_owner)


@together
def tell_major(facts: Sequence[Fact]) -> None:
    """Tell whoever has the case that it is a major emergency."""
    tell(facts, "unit_major", lambda fact, _case: {"reason": fact.data["reason"]}, to=_owner)
