"""Facts of what is asked and ruled, of parts of a case, of residents' own moves and of overlays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from huying.cases.facts_base import CaseMoved


@dataclass(frozen=True)
class NeedInfoAsked(CaseMoved):
    """Residents are asked for what is missing; the clocks stand still."""

    question: str


@dataclass(frozen=True)
class InfoGiven(CaseMoved):
    """A resident supplied what was missing; the words lie in `cases.Supplement`."""

    supplement: str
    appeal: str


@dataclass(frozen=True)
class CaseLapsed(CaseMoved):
    """Nobody supplied what was missing in time; it may be taken up again."""


@dataclass(frozen=True)
class CaseRefiled(CaseMoved):
    """A lapsed case was taken up again with what was missing."""

    supplement: str
    appeal: str


@dataclass(frozen=True)
class CaseObjected(CaseMoved):
    """A resident objects, once, to “not admissible”; the words lie in `cases.Supplement`."""

    supplement: str
    appeal: str


@dataclass(frozen=True)
class CaseTransferred(CaseMoved):
    """The matter went to a statutory route, which gave a receipt."""

    route: str
    receipt: str
    reason: str


@dataclass(frozen=True)
class ApplicationMade(CaseMoved):
    """Somebody asks for what another rules on; `kind` is a `states.AskKind`, `wish` what is asked for."""

    tells: ClassVar[bool] = False
    kind: str
    application: str
    ordinal: int
    reason: str
    unit_name: str
    wish: str


@dataclass(frozen=True)
class ApplicationRefused(CaseMoved):
    """An application was refused, and why."""

    tells: ClassVar[bool] = False
    kind: str
    application: str
    reason: str


@dataclass(frozen=True)
class StageDone(CaseMoved):
    """A stage of the matter is over, in time or not, and the next one runs.

    `number` of `of` stages; moments are ISO; `following` is the next stage, due when the whole is if it is
    the last.
    """

    stage: str
    stage_en: str
    number: int
    of: int
    result: str
    due_at: str
    in_time: bool
    following: str
    following_en: str
    following_due_at: str


@dataclass(frozen=True)
class StageUndone(CaseMoved):
    """A stage was called done by a slip of the hand: it runs again, with the day it had."""

    stage: str
    stage_en: str


@dataclass(frozen=True)
class DisputeRuled(CaseMoved):
    """It was ruled whose a case is; the ruling is a proposed duty rule now."""

    tells: ClassVar[bool] = False
    application: str
    stays: bool
    unit: str
    unit_name: str
    reason: str
    proposal: str


@dataclass(frozen=True)
class ExtensionGranted(CaseMoved):
    """The date was put off, and why."""

    application: str
    reason: str
    old_due_at: str
    due_at: str


@dataclass(frozen=True)
class CaseSuspended(CaseMoved):
    """The case rests for a cause nobody here can mend; it is not closed."""

    application: str
    reason: str
    plan: str
    review_on: str
    approver: str


@dataclass(frozen=True)
class CaseResumed(CaseMoved):
    """A suspended case is worked on again."""

    note: str


@dataclass(frozen=True)
class UnreasonableSeconded(CaseMoved):
    """The first of two people agrees that the demand is unreasonable."""

    tells: ClassVar[bool] = False
    application: str
    reason: str


@dataclass(frozen=True)
class CasePassedDown(CaseMoved):
    """The case was passed to a unit below the one that had it."""

    unit: str
    unit_name: str
    note: str


@dataclass(frozen=True)
class TaskOpened(CaseMoved):
    """Another unit is asked to assist, or called in."""

    tells: ClassVar[bool] = False
    task: str
    kind: str
    unit: str
    unit_name: str
    note: str
    meet_at: str
    due_at: str


@dataclass(frozen=True)
class TaskAttended(CaseMoved):
    """The unit that was called in is on the spot."""

    tells: ClassVar[bool] = False
    task: str
    unit_name: str
    note: str


@dataclass(frozen=True)
class TaskDone(CaseMoved):
    """A unit did its part."""

    tells: ClassVar[bool] = False
    task: str
    unit_name: str
    result: str
    in_time: bool


@dataclass(frozen=True)
class TaskEnded(CaseMoved):
    """A part is no longer needed."""

    tells: ClassVar[bool] = False
    task: str
    unit: str
    unit_name: str
    reason: str


@dataclass(frozen=True)
class CaseRestarted(CaseMoved):
    """A closed case was opened again: it was not solved after all."""

    supplement: str
    appeal: str
    round: int
    false_closure: bool


@dataclass(frozen=True)
class FalseClosureFound(CaseMoved):
    """The same cause came back to the same place: the case had been closed falsely."""

    tells: ClassVar[bool] = False
    later: str


@dataclass(frozen=True)
class CaseArchived(CaseMoved):
    """A closed case was put away."""

    tells: ClassVar[bool] = False


@dataclass(frozen=True)
class CaseSplit(CaseMoved):
    """Some appeals of a case became a case of their own."""

    into: str
    into_number: str
    appeals: list[str]
    reason: str


@dataclass(frozen=True)
class CaseSplitOff(CaseMoved):
    """This case was split off from another."""

    from_case: str
    from_number: str
    appeals: list[str]


@dataclass(frozen=True)
class ClosureRestated(CaseMoved):
    """Voices left a closed case: what its closure rests on was counted anew among those who stayed."""

    tells: ClassVar[bool] = False
    closure: str
    was: str


@dataclass(frozen=True)
class CaseUrged(CaseMoved):
    """A resident urges."""

    appeal: str
    count: int


@dataclass(frozen=True)
class SupervisionSet(CaseMoved):
    """The case is supervised, in this colour."""

    tells: ClassVar[bool] = False
    colour: str
    old_colour: str
    reason: str


@dataclass(frozen=True)
class SupervisionAnswered(CaseMoved):
    """The unit, or the dispatchers, reported to supervision in writing."""

    tells: ClassVar[bool] = False
    note: str


@dataclass(frozen=True)
class SupervisionUnanswered(CaseMoved):
    """Under the gravest colour no report came in time."""

    tells: ClassVar[bool] = False


@dataclass(frozen=True)
class SupervisionLifted(CaseMoved):
    """The case is no longer supervised."""

    tells: ClassVar[bool] = False
    reason: str


@dataclass(frozen=True)
class LeaderNoted(CaseMoved):
    """A leader wrote an instruction on the case."""

    tells: ClassVar[bool] = False
    note: str


@dataclass(frozen=True)
class MajorMarked(CaseMoved):
    """The case is a major emergency."""

    tells: ClassVar[bool] = False
    reason: str


@dataclass(frozen=True)
class ConfidentialSet(CaseMoved):
    """Only those who work on the case see it from now, or all who may see cases do again."""

    tells: ClassVar[bool] = False
    confidential: bool
    reason: str


@dataclass(frozen=True)
class SignUndone(CaseMoved):
    """Whoever signed took it back at once: a slip of the hand."""

    tells: ClassVar[bool] = False
    unit_name: str


@dataclass(frozen=True)
class DispatchRecalled(CaseMoved):
    """The dispatcher took a dispatch back before anybody had signed."""

    tells: ClassVar[bool] = False
    unit_name: str
