"""Every fact is told to somebody, or it is said here why nobody is written to about it."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

import pytest

import huying
from huying.ledger.chain import FactBody
from huying.site.wiring import HANDLERS

if TYPE_CHECKING:
    from collections.abc import Iterator

# Modules whose handlers write notices; the others react without telling anybody.
TELLING = "huying.journeys.telling", "huying.journeys.watching"

SETTLED = "what the town settles for itself; it stands in the office with who changed it and when"
OWN_DOING = "the only reader it concerns did it a moment ago, and the page said so"
SHOWN = "those it concerns see it where they look next: the list, the case, the appeal's page"
TOLD_WITH = "told with the fact that follows from it at once: "
NO_ADDRESS = (
    "a sealed report has no address; who filed it reads it behind their own code, officers in their list"
)
QUIET = "a note of record that asks nobody to do anything"

UNTOLD: dict[str, str] = {
    # An appeal and its case begin.
    "AppealReceived": TOLD_WITH + "CaseDispatched, CaseWaits or AppealJoined",
    "AppealJudged": TOLD_WITH + "CaseDispatched or CaseWaits",
    "CaseOpened": TOLD_WITH + "CaseDispatched or CaseWaits",
    "RatingAsked": TOLD_WITH + "ReviewPassed or AnsweredAtOnce",
    "ReplyRated": TOLD_WITH + "CaseClosed or CaseReworked, when all have spoken",
    "RatingLapsed": TOLD_WITH + "CaseClosed",
    # What the resident does themselves.
    "AppealWithdrawn": OWN_DOING,
    "AppealLeft": OWN_DOING,
    "LinkRenewed": OWN_DOING,
    "ContactCorrected": OWN_DOING,
    "ProxyNamed": OWN_DOING,
    "ProxyEnded": OWN_DOING,
    "ErasureAsked": OWN_DOING,
    "ErasureDropped": OWN_DOING,
    "ErasureDecided": SHOWN,
    "ErasureDone": "there is nobody left to write to: the account and its addresses are gone",
    # What units do among themselves.
    "CaseHandedTo": SHOWN,
    "PostHandedOver": SHOWN,
    "WorkHandedOver": SHOWN,
    "DeputyNamed": SHOWN,
    "ContactMade": "the resident was spoken to in person",
    "FollowedUp": "the resident was spoken to in person",
    "CaseNoted": QUIET,
    "ClosureRestated": QUIET,
    "PaperAttached": SHOWN,
    "PaperTakenOff": SHOWN,
    "CaseArchived": "the case was closed long before, and that was told",
    "CaseSplit": TOLD_WITH + "CaseSplitOff",
    "ConfidentialSet": SHOWN,
    "NoteRetracted": QUIET,
    "SupervisionLifted": SHOWN,
    "SignUndone": OWN_DOING,
    "StageDone": SHOWN,
    "StageUndone": SHOWN,
    "TaskAttended": TOLD_WITH + "TaskDone, when there is something to tell",
    "AppealMasked": "there is nobody left to write to: the contact is gone",
    "DeadlinesRecomputed": SETTLED,
    "HoldSet": QUIET,
    # Hot spots: who looks after the place sees them in the list; a rise is told as HotAlertRaised.
    "HotStageChanged": TOLD_WITH + "HotAlertRaised, where it rises",
    **dict.fromkeys(
        ("HotSpotConfirmed", "HotSpotDismissed", "HotSpotReopened", "HotSpotRenamed", "HotSpotMerged",
         "HotSpotUnmerged", "HotSpotSplit", "HotSpotJoinedAgain"),
        SHOWN,
    ),
    "HotAlertSeen": OWN_DOING,
    "ThresholdLearnt": SETTLED,
    "HoldLifted": QUIET,
    # Walks and drives.
    "WalkFound": TOLD_WITH + "CaseDispatched or CaseWaits of its appeal",
    "WalkEnded": SHOWN,
    **dict.fromkeys(
        ("ThemeSet", "ChecklistSet", "MonthPlanned", "DriveSet", "DriveMarked", "QuantityEntered",
         "QuantityStruck", "IndexTakenIn"),
        SETTLED,
    ),
    # Supervision.
    "TopicProposed": "those who run meetings find it in their list of topics",
    "TopicRevived": SHOWN,
    "TopicReopened": SHOWN,
    "OrderTaken": SHOWN,
    "OrderProgressed": SHOWN,
    "InterviewHeld": QUIET,
    "PromiseKept": QUIET,
    "WorksEntered": QUIET,
    "WorksStruck": QUIET,
    "DecisionMade": TOLD_WITH + "OrderGiven",
    **dict.fromkeys(
        ("TopicCasesAdded", "HouseholdsListed", "HouseholdsMoved", "MeetingCalled", "AgendaChanged",
         "AttendanceWritten", "DiscussionWritten", "MinutesReleased", "WeekFrozen", "ProgressReleased",
         "ProgressWithdrawn", "GuideDrafted", "GuideEdited", "GuideOutForComments", "GuideCommented",
         "GuideCommentAnswered", "GuidePublished", "GuideWithdrawn"),
        SHOWN,
    ),
    # Papers.
    "ReminderReceived": SHOWN,
    "ReminderDropped": "it was a draft, and only its drafter's",
    "BulletinEdited": OWN_DOING,
    "BulletinRowRemoved": OWN_DOING,
    "BulletinPromised": OWN_DOING,
    "BulletinDropped": OWN_DOING,
    "PromiseJudged": "the next bulletin tells it",
    # Sealed reports.
    **dict.fromkeys(
        ("ReportSealed", "ReportTaken", "ReportAimed", "ReportWritten", "ReportAnswered", "ReportClosed",
         "UnsealingAsked", "UnsealingDecided", "IdentityOpened", "IdentityDestroyed",
         "PicturesDestroyed"),
        NO_ADDRESS,
    ),
    # The office.
    **dict.fromkeys(
        ("ModelLearnt", "ModelPutInForce", "ModelRetired",
         "CatalogueDrafted", "CataloguePublished", "CatalogueRetired", "DaysSet", "DayCleared", "HoursSet",
         "HoursRemoved", "ClockSet", "GradeSet", "DutyRuleSet", "DutyRuleEnded", "RuleVoted", "RuleWithdrawn",
         "RetentionSet", "RoleSet", "PostGiven", "PostEnded", "AdminProposed", "AdminDecided", "AccountMade",
         "AccountLocked", "AccountUnlocked", "PasswordReset", "PasswordChanged", "SecondStepReset",
         "AdminsSplit", "PowerEnded", "AreaDrawn", "AreasMerged", "AreaRenamed",
         "BoundaryChanged", "GazetteerLoaded", "ModuleSwitched", "BodySet", "EffectRuleSet",
         "KindOfIncidentSet"),
        SETTLED,
    ),
    # The duty board, and incidents.
    **dict.fromkeys(
        ("AlertAcknowledged", "WallScreenSet", "WallScreenRevoked"), OWN_DOING
    ),
    **dict.fromkeys(
        ("IncidentOpened", "StatementDrafted", "StatementDecided", "StatementTakenDown",
         "IncidentReported"),
        SHOWN + "; its units are told with GroupFormed, IncidentTaskSet and IncidentClosed",
    ),
    **dict.fromkeys(
        ("ListAskedFor", "ListWritten", "ListFailed", "ListTaken", "ListDeleted"), OWN_DOING
    ),
}  # fmt: skip


def _facts() -> dict[str, type[FactBody]]:
    for package in pkgutil.iter_modules(huying.__path__):
        for room in ("facts", "facts_more"):
            name = f"huying.{package.name}.{room}"
            if importlib.util.find_spec(name) is not None:
                importlib.import_module(name)
    return {kind.__name__: kind for kind in _below(FactBody) if not kind.__subclasses__()}


def _below(kind: type[FactBody]) -> Iterator[type[FactBody]]:
    for sub in kind.__subclasses__():
        yield sub
        yield from _below(sub)


def _is_told(kind: type[FactBody]) -> bool:
    return any(handler.__module__.startswith(TELLING) for handler in HANDLERS.get(kind, ()))


FACTS = {name: kind for name, kind in _facts().items() if kind.__module__.startswith("huying.")}


@pytest.mark.parametrize("name", sorted(FACTS))
def test_a_fact_is_told_or_it_is_said_why_not(name: str) -> None:
    told = _is_told(FACTS[name])
    assert told != (name in UNTOLD), "told to somebody, or explained: exactly one of the two"


def test_nothing_is_explained_that_is_no_fact() -> None:
    assert set(UNTOLD) <= set(FACTS)
