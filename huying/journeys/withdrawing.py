"""A resident takes an appeal back: out of its case, marked on the appeal, and no longer asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from huying.cases.actions import withdraw_appeal
from huying.feedback.actions import drop_questions
from huying.intake.actions import mark_withdrawn

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from huying.cases.models import Case
    from huying.ledger.actor import Actor


def take_back(appeal_id: UUID, *, by: Actor, at: datetime, reason: str = "") -> Case:
    """Take an appeal back and return the case it left; with nobody left in it the case is withdrawn.

    The door checks whose appeal it is. Raises Refusal `not_in_case` (taken back before) or `not_from_here`
    (the case has ended).
    """
    # The case is locked first, then the appeal: the same order as everywhere, so nobody waits in a circle.
    with transaction.atomic():
        case = withdraw_appeal(appeal_id, by=by, at=at, reason=reason)
        drop_questions([appeal_id], case_id=case.pk, at=at)
        mark_withdrawn(appeal_id, reason=reason, by=by, at=at)
        return case
