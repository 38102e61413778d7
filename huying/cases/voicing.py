"""What residents do with a case: supply details, object, say that it is not solved after all, urge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huying.cases import facts
from huying.cases.making import voice_of
from huying.cases.models import SaidOn, Supplement, Task, TaskKind

if TYPE_CHECKING:
    from huying.cases.making import Making


def _supplement(making: Making, on: SaidOn) -> Supplement:
    """Keep a resident's words beside the appeal; facts carry the key only, so words can be masked."""
    return Supplement.objects.create(
        case=making.case,
        appeal_id=voice_of(making),
        on=on,
        text=making.text("text"),
        by_kind=str(making.by.kind),
        at=making.at,
    )


def ask_info(making: Making) -> facts.NeedInfoAsked:
    """Ask the residents for what is missing; until they answer, or the time lapses, clocks stand still."""
    return facts.NeedInfoAsked(**making.states, question=making.text("question"))


def give_info(making: Making) -> facts.InfoGiven:
    """Take what a resident supplied: the case goes back to where it waited, and its clocks run on."""
    supplement = _supplement(making, SaidOn.INFO)
    return facts.InfoGiven(
        **making.states, supplement=str(supplement.pk), appeal=str(supplement.appeal_id or "")
    )


def lapse(making: Making) -> facts.CaseLapsed:
    """End a case whose details never came; residents are told, and may take it up again."""
    return facts.CaseLapsed(**making.states)


def refile(making: Making) -> facts.CaseRefiled:
    """Take a lapsed case up again with what was missing."""
    supplement = _supplement(making, SaidOn.INFO)
    return facts.CaseRefiled(
        **making.states, supplement=str(supplement.pk), appeal=str(supplement.appeal_id or "")
    )


def object_to(making: Making) -> facts.CaseObjected:
    """Take the one objection to “not admissible”: a person looks again."""
    supplement = _supplement(making, SaidOn.OBJECTION)
    case = making.case
    case.objected, case.route_id = True, None
    case.held_for = "resident_objected"
    return facts.CaseObjected(
        **making.states, supplement=str(supplement.pk), appeal=str(supplement.appeal_id or "")
    )


def restart(making: Making) -> facts.CaseRestarted:
    """Open a closed case again: it was not solved after all; called solved, it was closed falsely."""
    supplement = _supplement(making, SaidOn.RESTART)
    case = making.case
    false = case.resolution == "yes"
    case.false_closure = case.false_closure or false
    case.round += 1
    case.resolution, case.closure, case.closed_at = "", "", None
    if case.unit_id:
        Task.objects.create(
            case=case,
            unit_id=case.unit_id,
            kind=TaskKind.LEAD,
            assignment=case.assignment,
            opened_at=making.at,
        )
    else:
        case.held_for = "resident_not_satisfied"
    return facts.CaseRestarted(
        **making.states,
        supplement=str(supplement.pk),
        appeal=str(supplement.appeal_id or ""),
        round=case.round,
        false_closure=false,
    )


def urge(making: Making) -> facts.CaseUrged:
    """Let a resident urge: the unit is told, and the page of the case counts it."""
    appeal = voice_of(making)
    case = making.case
    case.urged_count += 1
    case.urged_at = making.at
    return facts.CaseUrged(**making.states, appeal=str(appeal or ""), count=case.urged_count)
