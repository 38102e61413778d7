"""What happens to a case, as facts of the ledger; one move writes one fact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from huying.cases.facts_base import CaseMoved
from huying.cases.facts_more import (
    ApplicationMade,
    ApplicationRefused,
    CaseArchived,
    CaseLapsed,
    CaseObjected,
    CasePassedDown,
    CaseRefiled,
    CaseRestarted,
    CaseResumed,
    CaseSplit,
    CaseSplitOff,
    CaseSuspended,
    CaseTransferred,
    CaseUrged,
    ClosureRestated,
    ConfidentialSet,
    DispatchRecalled,
    DisputeRuled,
    ExtensionGranted,
    FalseClosureFound,
    InfoGiven,
    LeaderNoted,
    MajorMarked,
    NeedInfoAsked,
    SignUndone,
    StageDone,
    StageUndone,
    SupervisionAnswered,
    SupervisionLifted,
    SupervisionSet,
    SupervisionUnanswered,
    TaskAttended,
    TaskDone,
    TaskEnded,
    TaskOpened,
    UnreasonableSeconded,
)
from huying.ledger.chain import FactBody

__all__ = [
    "AnsweredAtOnce",
    "AppealJoined",
    "AppealLeft",
    "ApplicationMade",
    "ApplicationRefused",
    "CaseArchived",
    "CaseClosed",
    "CaseDispatched",
    "CaseHandedTo",
    "CaseInadmissible",
    "CaseLapsed",
    "CaseMerged",
    "CaseMoved",
    "CaseNoted",
    "CaseObjected",
    "CaseOpened",
    "CasePassedDown",
    "CaseReceivedMerged",
    "CaseRefiled",
    "CaseReplied",
    "CaseRestarted",
    "CaseResumed",
    "CaseReworked",
    "CaseSigned",
    "CaseSplit",
    "CaseSplitOff",
    "CaseSuspended",
    "CaseTransferred",
    "CaseUnmerged",
    "CaseUrged",
    "CaseWaits",
    "CaseWithdrawn",
    "ClosureRestated",
    "ConfidentialSet",
    "ContactMade",
    "DeadlinesRecomputed",
    "DispatchRecalled",
    "DisputeRuled",
    "ExtensionGranted",
    "FalseClosureFound",
    "FollowedUp",
    "InfoGiven",
    "LeaderNoted",
    "MajorMarked",
    "NeedInfoAsked",
    "NoteRetracted",
    "ReturnAsked",
    "ReturnRefused",
    "ReviewFailed",
    "ReviewPassed",
    "SignUndone",
    "StageDone",
    "StageUndone",
    "SupervisionAnswered",
    "SupervisionLifted",
    "SupervisionSet",
    "SupervisionUnanswered",
    "TaskAttended",
    "TaskDone",
    "TaskEnded",
    "TaskOpened",
    "UnreasonableSeconded",
]


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
    """An internal note. Its words lie beside the ledger under `kept`; older facts hold them as `note`."""

    tells: ClassVar[bool] = False
    note: str
    kept: str = ""


@dataclass(frozen=True)
class NoteRetracted(CaseMoved):
    """A note was taken back, or corrected: the number of its fact, why, and the key of the words now."""

    tells: ClassVar[bool] = False
    noted: int
    reason: str
    kept: str


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
