"""Undoing a slip of the hand: only by whoever made it, soon, and while nothing has happened since.

Nothing is taken out of the ledger; that it was undone is one more fact.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from huying.cases import reasons
from huying.cases.facts_more import DispatchRecalled, SignUndone
from huying.cases.making import end_tasks, unit_name
from huying.cases.models import Clock
from huying.cases.stages import done_part
from huying.ledger.actions import stream_of
from huying.ledger.queries import count_kind, timeline

if TYPE_CHECKING:
    from datetime import datetime

    from huying.cases.making import Making
    from huying.cases.models import Case
    from huying.kit.errors import Reason
    from huying.ledger.actor import Actor

UNDO_WITHIN = timedelta(minutes=30)
RECALLED = "dispatch_recalled"


def can_undo_sign(case: Case, by: Actor, at: datetime) -> Reason | None:
    """Return why signing cannot be undone; once for each dispatch, for the unit's clock starts anew."""
    if not _fresh(case.signed_at, at) or not _slip(case, "CaseSigned", by, at):
        return reasons.NOTHING_TO_UNDO
    undone = count_kind(stream_of(case), SignUndone.__name__)
    return reasons.NOTHING_TO_UNDO if undone >= case.dispatch_count else None


def can_undo_stage(case: Case, by: Actor, at: datetime) -> Reason | None:
    """Return why a stage stays done; undone it has the day it had, so that nobody gains time by it."""
    done = any(done_part(one.stages) for one in case.deadlines.all() if one.clock == Clock.HANDLE)
    return None if done and _slip(case, "StageDone", by, at) else reasons.NOTHING_TO_UNDO


def can_recall(case: Case, by: Actor, at: datetime) -> Reason | None:
    """Return why a dispatch cannot be taken back; what followed a return is a ruling, not a slip."""
    slip = _slip(case, "CaseDispatched", by, at) if _fresh(case.dispatched_at, at) else None
    return None if slip and slip.get("before") == "submitted" else reasons.NOTHING_TO_UNDO


def _fresh(done_at: datetime | None, at: datetime) -> bool:
    return done_at is not None and at - done_at <= UNDO_WITHIN


def _slip(case: Case, kind: str, by: Actor, at: datetime) -> dict[str, object] | None:
    """Return what the newest fact of the case says, if it is of this kind, by this hand, and fresh."""
    newest = timeline(stream_of(case)).filter(seq=case.fact_seq).first()
    if newest is None or newest.kind != kind or by.id is None or newest.actor_id != by.id:
        return None
    return dict(newest.data) if at - newest.at <= UNDO_WITHIN else None


def undo_sign(making: Making) -> SignUndone:
    """Let the case wait to be signed again, in nobody's hands."""
    making.case.signed_at = making.case.handler_id = None
    return SignUndone(**making.states, unit_name=unit_name(making.case))


def recall_dispatch(making: Making) -> DispatchRecalled:
    """Bring the case back to the dispatchers; the parts of the units that had it end."""
    case, unit = making.case, unit_name(making.case)
    end_tasks(making)
    case.unit_id = case.assignment = case.dispatched_at = case.due_at = None
    case.handler_id = None
    case.held_for = RECALLED
    return DispatchRecalled(**making.states, unit_name=unit)
