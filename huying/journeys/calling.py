"""A follow-up call of the telephone desk: that it was made, and what the resident said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from huying.cases.actions import move_case
from huying.feedback.actions import Answer, rate_reply

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from huying.cases.models import Case
    from huying.ledger.actor import Actor


def record_call(
    case_id: UUID,
    appeal_id: UUID,
    answer: Answer | None,
    *,
    reached: bool,
    by: Actor,
    at: datetime,
    seen: int,
) -> Case:
    """Note a call to an appellant, and take the verdict when there was one; return the case.

    Both or neither: a verdict that cannot be taken leaves no call behind. Raises the refusals of the move
    `follow_up` and of `rate_reply`.
    """
    with transaction.atomic():
        case = move_case(case_id, "follow_up", by=by, at=at, seen=seen, appeal=appeal_id, reached=reached)
        if reached and answer is not None:
            rate_reply(appeal_id, answer, by=by, at=at)
            case.refresh_from_db()
        return case
