"""What else stands against a move, beside its right: each guard returns why it cannot be made, or None."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from huying.cases import reasons
from huying.cases.approving import not_approver_why
from huying.cases.models import Application, AskKind, AskState, Case, Clock
from huying.cases.stages import no_stage_why
from huying.cases.undoing import can_recall, can_undo_sign, can_undo_stage
from huying.catalogue.core.clock import due_at
from huying.catalogue.queries import town_clock
from huying.ledger.actor import ActorKind
from huying.ledger.queries import has_kind

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from huying.cases.models import Deadline
    from huying.cases.moves import Move
    from huying.kit.errors import Reason
    from huying.ledger.actor import Actor

    Guard = Callable[[Case, Actor, datetime], Reason | None]

MOST_EXTENSIONS = 2
# A resident may urge once in so long; the unit is told each time.
URGE_AGAIN = timedelta(days=1)
# Applications of these kinds are made one at a time: each would change what the others are about.
ONE_AT_A_TIME = (AskKind.EXTENSION, AskKind.SUSPENSION, AskKind.UNREASONABLE)


def asks_why_not(case: Case, move: Move, *, by: Actor) -> Reason | None:
    """Return why a move cannot ask for, or rule on, what it asks for or rules on."""
    if move.asks is not None:
        rivals = ONE_AT_A_TIME if move.asks in ONE_AT_A_TIME else (move.asks,)
        asked = case.open_asks and _open(case, *rivals) is not None
        return reasons.ASKED_ALREADY if asked else None
    if move.rules is None:
        return None
    application = _open(case, move.rules) if case.open_asks else None
    if application is None:
        return reasons.NOTHING_ASKED
    return reasons.OWN_APPLICATION if _own(application.asked_by_id, by) else None


def _own(account_id: object, by: Actor) -> bool:
    return account_id is not None and by.kind == ActorKind.STAFF and account_id == by.id


def _open(case: Case, *kinds: AskKind) -> Application | None:
    asked = (one for one in case.applications.all() if one.state == AskState.OPEN and one.kind in kinds)
    return min(asked, key=lambda one: one.pk, default=None)


def _over(policy: str, since: datetime | None, at: datetime) -> bool:
    """Return whether a time that the town gives, counted from a moment, is over."""
    town = town_clock(at)
    return since is None or at > due_at(since, town.policies[policy], town.calendar).at


def _sign_window_over(case: Case, at: datetime) -> bool:
    running = _running(case, Clock.SIGN)
    return running is not None and running.due_at < at


def _running(case: Case, clock: Clock) -> Deadline | None:
    return next(
        (
            one
            for one in case.deadlines.all()
            if one.clock == clock and one.met_at is None and one.ended_at is None
        ),
        None,
    )


def _can_return(case: Case, _by: Actor, at: datetime) -> Reason | None:
    if case.returned:
        return reasons.RETURNED_ALREADY
    return reasons.SIGN_WINDOW_OVER if _sign_window_over(case, at) else None


def _can_dispute(case: Case, _by: Actor, at: datetime) -> Reason | None:
    if not case.returned:
        return reasons.NOT_RETURNED_YET
    if case.disputed:
        return reasons.DISPUTED_ALREADY
    return reasons.SIGN_WINDOW_OVER if _sign_window_over(case, at) else None


def _not_own_reply(case: Case, by: Actor, _at: datetime) -> Reason | None:
    reply = max(case.replies.all(), key=lambda one: (one.at, one.pk), default=None)
    return reasons.OWN_WORK if reply is not None and _own(reply.by_id, by) else None


def _not_contacted(case: Case, _by: Actor, _at: datetime) -> Reason | None:
    return reasons.ALREADY_CONTACTED if case.contacted_at else None


def _can_extend(case: Case, _by: Actor, at: datetime) -> Reason | None:
    if case.extensions >= MOST_EXTENSIONS:
        return reasons.NO_MORE_EXTENSIONS
    running = _running(case, Clock.HANDLE)
    return reasons.TOO_LATE_TO_EXTEND if running is None or running.due_at < at else None


def _may_grant_extension(case: Case, by: Actor, _at: datetime) -> Reason | None:
    """Return why not: the first is the reviewer's to grant, the second takes the right to supervise.

    Both take the approver of the case's grade.
    """
    from huying.cases.rules import may
    from huying.people.permissions import Permission

    first = case.extensions == 0
    if not first and not may(by, Permission.CASE_SUPERVISE, case):
        return reasons.NEEDS_HIGHER
    return not_approver_why(case, by)


def _was_reworked(case: Case, _by: Actor, _at: datetime) -> Reason | None:
    # Every way back opens a round, and so does a failed review: only then the ledger is asked which it was.
    sent_back = case.round and has_kind(f"case:{case.pk}", "CaseReworked", "CaseRestarted")
    return None if sent_back else reasons.NOT_REWORKED


def _can_second(case: Case, by: Actor, _at: datetime) -> Reason | None:
    application = _open(case, AskKind.UNREASONABLE) if case.open_asks else None
    if application is None:
        return reasons.NOTHING_ASKED
    if _own(application.asked_by_id, by):
        return reasons.OWN_APPLICATION
    return reasons.SECONDED_ALREADY if application.seconded_at else None


def _is_seconded(case: Case, by: Actor, _at: datetime) -> Reason | None:
    application = _open(case, AskKind.UNREASONABLE) if case.open_asks else None
    if application is None:
        return reasons.NOTHING_ASKED
    if application.seconded_at is None:
        return reasons.NOT_SECONDED
    return reasons.SECOND_PERSON if _own(application.seconded_by_id, by) else not_approver_why(case, by)


def _can_object(case: Case, _by: Actor, at: datetime) -> Reason | None:
    if case.objected:
        return reasons.OBJECTED_ALREADY
    ruled = Application.objects.filter(case=case, kind=AskKind.INADMISSIBLE, state=AskState.GRANTED).last()
    # A case found inadmissible before applications were kept may be objected to at any time.
    late = ruled is not None and _over("objection", ruled.ruled_at, at)
    return reasons.TOO_LATE_TO_OBJECT if late else None


def _can_restart(case: Case, _by: Actor, at: datetime) -> Reason | None:
    if case.unit_id is None:
        return reasons.NO_UNIT_YET
    return reasons.TOO_LATE_TO_RESTART if _over("reopen_window", case.closed_at, at) else None


def _can_restart_at_desk(case: Case, _by: Actor, at: datetime) -> Reason | None:
    if case.unit_id is not None:
        return reasons.HAS_A_UNIT
    return reasons.TOO_LATE_TO_RESTART if _over("reopen_window", case.closed_at, at) else None


def _can_urge(case: Case, _by: Actor, at: datetime) -> Reason | None:
    just_now = case.urged_at is not None and at - case.urged_at < URGE_AGAIN
    return reasons.URGED_JUST_NOW if just_now else None


def _is_supervised(case: Case, _by: Actor, _at: datetime) -> Reason | None:
    return None if case.supervision else reasons.NOT_SUPERVISED


def _is_to_report(case: Case, _by: Actor, _at: datetime) -> Reason | None:
    asked = case.deadlines.filter(clock=Clock.REPORT, met_at=None, ended_at=None)
    return None if case.supervision and asked.exists() else reasons.NO_REPORT_ASKED


def _not_yet(field: str) -> Guard:
    """Return the guard against setting what is set."""
    return lambda case, _by, _at: reasons.NOTHING_CHANGES if getattr(case, field) else None


def _is_confidential(case: Case, _by: Actor, _at: datetime) -> Reason | None:
    return None if case.confidential else reasons.NOTHING_CHANGES


GUARDS: dict[str, Guard] = {
    "return": _can_return,
    "dispute": _can_dispute,
    "undo_sign": can_undo_sign,
    "stage_done": lambda case, _by, _at: no_stage_why(case),
    "undo_stage": can_undo_stage,
    "recall_dispatch": can_recall,
    "pass_review": _not_own_reply,
    "fail_review": _not_own_reply,
    "first_contact": _not_contacted,
    "ask_extension": _can_extend,
    "grant_extension": _may_grant_extension,
    "suspend": lambda case, by, _at: not_approver_why(case, by),
    "claim_unreasonable": _was_reworked,
    "second_unreasonable": _can_second,
    "close_unreasonable": _is_seconded,
    "object": _can_object,
    "restart": _can_restart,
    "restart_at_desk": _can_restart_at_desk,
    "recheck": _not_yet("false_closure"),
    "urge": _can_urge,
    "report": _is_to_report,
    "report_lapses": _is_to_report,
    "lift_supervision": _is_supervised,
    "mark_major": _not_yet("major"),
    "keep_confidential": _not_yet("confidential"),
    "end_confidential": _is_confidential,
}
