"""What lies over a case whatever its state: supervision in three colours, instructions, confidentiality."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huying.cases import facts, reasons
from huying.cases.deadlines import raise_grade
from huying.cases.models import Clock, Colour
from huying.cases.words import FIELDS
from huying.catalogue.models import Grade
from huying.kit.errors import Refusal

if TYPE_CHECKING:
    from huying.cases.making import Making


def supervise(making: Making) -> facts.SupervisionSet:
    """Put a case under supervision, or change the colour."""
    colour = str(making.given["colour"])
    if colour not in Colour.values:
        raise Refusal(reasons.MISSING, field="colour", what=FIELDS["colour"])
    case = making.case
    if case.supervision == colour:
        raise Refusal(reasons.NOTHING_CHANGES)
    before = case.supervision
    if colour == Colour.BLUE:
        making.unstarted.add(Clock.REPORT)
    # Blue only says that the date is near; the other two are for supervision to see.
    case.supervision, case.supervised = colour, colour != Colour.BLUE
    return facts.SupervisionSet(
        **making.states, colour=colour, old_colour=before, reason=making.text("reason")
    )


def report(making: Making) -> facts.SupervisionAnswered:
    """Tell those who supervise, in writing, how it stands and what is done about it."""
    return facts.SupervisionAnswered(**making.states, note=making.text("note"))


def report_lapses(making: Making) -> facts.SupervisionUnanswered:
    """Note that under the gravest colour no report came in time; those who supervise are told."""
    return facts.SupervisionUnanswered(**making.states)


def lift_supervision(making: Making) -> facts.SupervisionLifted:
    """End the supervision of a case."""
    making.case.supervision, making.case.supervised = "", False
    return facts.SupervisionLifted(**making.states, reason=making.text("reason"))


def leader_note(making: Making) -> facts.LeaderNoted:
    """Write a leader's instruction (批示) on the case; the unit is told."""
    making.case.leader_noted = True
    return facts.LeaderNoted(**making.states, note=making.text("note"))


def mark_major(making: Making) -> facts.MajorMarked:
    """Call a case a major emergency: grade A from now, its dates brought forward."""
    case = making.case
    case.major = True
    raise_grade(case, Grade.A, at=making.at)
    return facts.MajorMarked(**making.states, reason=making.text("reason"))


def keep_confidential(making: Making) -> facts.ConfidentialSet:
    """Let only those see the case who work on it, and who hold the right to see confidential ones."""
    making.case.confidential = True
    return facts.ConfidentialSet(**making.states, confidential=True, reason=making.text("reason"))


def end_confidential(making: Making) -> facts.ConfidentialSet:
    """End the confidentiality of a case."""
    making.case.confidential = False
    return facts.ConfidentialSet(**making.states, confidential=False, reason=making.text("reason"))


def recheck(making: Making) -> facts.FalseClosureFound:
    """Flag a closed case when the same cause comes back to the same place (回头看)."""
    making.case.false_closure = True
    return facts.FalseClosureFound(**making.states, later=str(making.given["later"]))


def archive(making: Making) -> facts.CaseArchived:
    """Put a closed case away; from here its personal data is masked when its time is over."""
    making.case.archived_at = making.at
    return facts.CaseArchived(**making.states)
