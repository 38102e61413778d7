"""What a person says of two appeals that look alike: the same matter, and then one case; or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from huying.cases import reasons
from huying.cases.actions import move_case
from huying.cases.merging import lock_two
from huying.cases.models import Membership
from huying.cases.rules import may
from huying.kit.errors import Refusal
from huying.people.permissions import Permission
from huying.triage.actions import decide_twin
from huying.triage.models import TwinSuspect

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from huying.cases.models import Case
    from huying.ledger.actor import Actor


def settle_twin(case_id: UUID, suspect_id: UUID, *, same: bool, by: Actor, at: datetime, seen: int) -> Case:
    """Write what a person says of a suspicion, seen from one of its two cases; return the case that goes on.

    The same matter: the younger case is merged into the older one. Refusals: `not_in_case` when the suspicion
    is not of this case or both are in it already, `changed_meanwhile`, `not_yours`, and those of a merge.
    """
    with transaction.atomic():
        here, there = lock_two(*_cases(case_id, suspect_id))
        if here.fact_seq != seen:
            raise Refusal(reasons.CHANGED_MEANWHILE)
        if not may(by, Permission.CASE_MERGE, here):
            raise Refusal(reasons.NOT_YOURS)
        decide_twin(suspect_id, same=same, by=by, at=at)
        if not same:
            return here
        older, younger = sorted((here, there), key=lambda case: (case.opened_at, case.pk))
        move_case(younger.pk, "merge", by=by, at=at, into=older.pk)
        older.refresh_from_db()
        return older


def _cases(case_id: UUID, suspect_id: UUID) -> tuple[UUID, UUID]:
    """Return this case and the one of the other appeal."""
    suspect = TwinSuspect.objects.filter(pk=suspect_id).first()
    pair = (suspect.appeal_id, suspect.earlier_id) if suspect else ()
    cases = set(
        Membership.objects.filter(appeal_id__in=pair, until_at=None).values_list("case_id", flat=True)
    )
    if case_id not in cases or len(cases) != len(pair):
        raise Refusal(reasons.NOT_IN_CASE)
    return case_id, (cases - {case_id}).pop()
