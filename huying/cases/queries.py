"""Reading cases: one by number for whoever may see it, and the lists of the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huying.cases import reasons
from huying.cases.models import OPEN, Case, Status
from huying.cases.rules import may
from huying.kit.errors import Refusal
from huying.kit.ids import may_be_number
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from huying.intake.models import Appeal
    from huying.ledger.actor import Actor


def find_case(number: str, *, by: Actor) -> Case:
    """Return the case with this number when the actor may see it; Refusal `case_not_found`."""
    if not may_be_number(number):
        raise Refusal(reasons.NOT_FOUND)
    case = (
        Case.objects.select_related("unit", "item", "area", "handler", "merged_into")
        .filter(number=number)
        .first()
    )
    if case is None or not may(by, Permission.CASE_SEE, case):
        raise Refusal(reasons.NOT_FOUND)
    return case


def voices(case: Case) -> QuerySet[Appeal]:
    """Return the appeals a case carries now, the first one first."""
    from huying.intake.models import Appeal

    return Appeal.objects.filter(memberships__case=case, memberships__until_at=None).order_by(
        "received_at", "id"
    )


def cases_of_appeal(appeal_id: UUID) -> list[Case]:
    """Return every case an appeal has belonged to, in order, the present one last."""
    return list(
        Case.objects.filter(memberships__appeal_id=appeal_id)
        .select_related("unit", "item")
        .order_by("memberships__from_at")
        .distinct()
    )


def present_case(appeal_id: UUID) -> Case | None:
    """Return the case an appeal belongs to now."""
    return (
        Case.objects.filter(memberships__appeal_id=appeal_id, memberships__until_at=None)
        .select_related("unit", "item")
        .first()
    )


def is_open(case: Case) -> bool:
    """Return whether something is still to be done on a case."""
    return Status(case.status) in OPEN
