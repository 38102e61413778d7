"""What happens to a case, as facts of the ledger; one move writes one fact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from huying.ledger.chain import FactBody


@dataclass(frozen=True)
class CaseOpened(FactBody):
    """A case was opened for an appeal."""

    tells: ClassVar[bool] = True
    number: str
    appeal: str
    item: str
    grade: str
    area: str
    catalogue: int | None


@dataclass(frozen=True)
class CaseWaits(FactBody):
    """Nobody could be named at once: a person decides, and why."""

    tells: ClassVar[bool] = True
    why: str


@dataclass(frozen=True)
class CaseMoved(FactBody):
    """Base of every move: the state before and after."""

    tells: ClassVar[bool] = True
    before: str
    after: str


@dataclass(frozen=True)
class CaseDispatched(CaseMoved):
    """The case was given to a unit, by a rule or a person."""

    unit: str
    unit_name: str
    item: str
    automatic: bool
    why: dict[str, object]
    due_at: str


@dataclass(frozen=True)
class CaseSigned(CaseMoved):
    """The unit took the case on."""

    unit_name: str


@dataclass(frozen=True)
class CaseHandedTo(CaseMoved):
    """Within the unit, somebody else works on it from now on."""

    tells: ClassVar[bool] = False
    handler: str
    handler_name: str
    note: str


@dataclass(frozen=True)
class ContactMade(CaseMoved):
    """The unit spoke with the resident for the first time."""

    note: str


@dataclass(frozen=True)
class ReturnAsked(CaseMoved):
    """The unit says the case belongs elsewhere, and where."""

    tells: ClassVar[bool] = False
    reason: str
    proposed_unit: str
    proposed_unit_name: str


@dataclass(frozen=True)
class ReturnRefused(CaseMoved):
    """The dispatch centre leaves the case where it is."""

    tells: ClassVar[bool] = False
    reason: str


@dataclass(frozen=True)
class CaseReplied(CaseMoved):
    """The unit answered; a reviewer looks at it next."""

    tells: ClassVar[bool] = False
    reply: str
    solved: str


@dataclass(frozen=True)
class ReviewPassed(CaseMoved):
    """The reply was found good; every appellant is asked now."""

    reply: str
    solved: str
    round: int


@dataclass(frozen=True)
class ReviewFailed(CaseMoved):
    """The reviewer sends the case back to work."""

    tells: ClassVar[bool] = False
    reason: str


@dataclass(frozen=True)
class AnsweredAtOnce(CaseMoved):
    """The receiver answered from what is known; every appellant is asked now."""

    reply: str
    solved: str
    round: int


@dataclass(frozen=True)
class CaseReworked(CaseMoved):
    """An appellant said not solved or not satisfied: the case is worked on again."""

    reason: str
    round: int
    supervised: bool


@dataclass(frozen=True)
class FollowedUp(CaseMoved):
    """The telephone desk asked an appellant."""

    tells: ClassVar[bool] = False
    appeal: str
    reached: bool


@dataclass(frozen=True)
class CaseClosed(CaseMoved):
    """The case is closed: confirmed by residents, or unconfirmed."""

    closure: str


@dataclass(frozen=True)
class CaseWithdrawn(CaseMoved):
    """The only appeal of the case was taken back."""

    reason: str


@dataclass(frozen=True)
class CaseInadmissible(CaseMoved):
    """The matter belongs to a statutory route."""

    reason: str
    route: str


@dataclass(frozen=True)
class CaseMerged(CaseMoved):
    """The case went into another; its appeals keep their own reply and rating.

    `tasks` and `clocks` are the keys of what the merge stopped, so that undoing it starts just these again.
    """

    into: str
    into_number: str
    appeals: list[str]
    tasks: list[str]
    clocks: list[str]


@dataclass(frozen=True)
class CaseReceivedMerged(CaseMoved):
    """Another case was merged into this one."""

    tells: ClassVar[bool] = False
    from_case: str
    from_number: str
    appeals: list[str]


@dataclass(frozen=True)
class CaseUnmerged(CaseMoved):
    """A merge was undone; the case goes on by itself."""

    from_case: str
    appeals: list[str]


@dataclass(frozen=True)
class AppealJoined(CaseMoved):
    """A neighbour said "me too": one more voice on the same case."""

    tells: ClassVar[bool] = False
    appeal: str
    count: int


@dataclass(frozen=True)
class AppealLeft(CaseMoved):
    """One of several appellants took their appeal back; the case goes on."""

    tells: ClassVar[bool] = False
    appeal: str
    count: int


@dataclass(frozen=True)
class CaseNoted(CaseMoved):
    """An internal note."""

    tells: ClassVar[bool] = False
    note: str


@dataclass(frozen=True)
class DeadlinesRecomputed(FactBody):
    """Running dates were computed anew by the editions of the day; lines are clock and moment."""

    reason: str
    begin: str
    before: list[list[str]]
    after: list[list[str]]
    catalogue: int | None
    calendar: int
    clocks: int


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
