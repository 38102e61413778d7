"""Who approves by the table of grades: more time, a suspension, an end against the resident's word.

A grade names a role. Whoever grants these for a case of that grade holds, beside the right the move asks for,
a post of that role over the case, or one that stands higher: supervision stands above reviewing. Where none
is named (ordinary matters, as shipped) the right alone does. To refuse takes the right alone, at every grade.
"""

from __future__ import annotations

from dataclasses import replace
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from huying.cases import reasons
from huying.catalogue.queries import grade_table
from huying.ledger.actor import ActorKind
from huying.people.permissions import Permission
from huying.people.queries import role_names, role_rights

if TYPE_CHECKING:
    from collections.abc import Collection

    from huying.cases.models import Case
    from huying.kit.errors import Reason
    from huying.ledger.actor import Actor


class Standing(IntEnum):
    """How high a post stands among those that rule: not at all, reviewing, supervising."""

    NONE = 0
    REVIEWS = 1
    SUPERVISES = 2


# The moves that take the approver of the case's grade.
APPROVED: Final = frozenset({"grant_extension", "suspend", "close_unreasonable"})


def standing_of(rights: Collection[str]) -> Standing:
    """Return how high a role with these rights stands."""
    if Permission.CASE_SUPERVISE in rights:
        return Standing.SUPERVISES
    return Standing.REVIEWS if Permission.CASE_REVIEW in rights else Standing.NONE


def approver_of(case: Case) -> str:
    """Return the key of the role that approves cases of this grade; "" where the right alone does."""
    row = grade_table().by_key.get(case.grade)
    return row.approver if row is not None else ""


def is_for_supervision(case: Case) -> bool:
    """Whether those who supervise rule at once, because no reviewer may at this grade."""
    rights = role_rights(approver_of(case))
    return rights is not None and standing_of(rights) == Standing.SUPERVISES


def not_approver_why(case: Case, by: Actor) -> Reason | None:
    """Return why somebody with the right may not grant it: the grade of the case asks for another post."""
    from huying.cases.rules import may

    role = approver_of(case)
    needed = role_rights(role)
    # A role the town no longer has keeps nobody from ruling.
    if by.kind == ActorKind.SYSTEM or needed is None:
        return None
    for grant in by.grants:
        named = grant.role == role
        if named or standing_of(grant.on_unit | grant.on_area) > standing_of(needed):
            alone = replace(by, grants=(grant,))
            if may(alone, Permission.CASE_REVIEW, case) or may(alone, Permission.CASE_SUPERVISE, case):
                return None
    words = {"grade": case.grade, "role": role_names().get(role, role)}
    told = str(reasons.NEEDS_APPROVER.sentence).format(**words)
    # Told as it stands: what a town calls its roles may hold anything.
    return replace(reasons.NEEDS_APPROVER, sentence=told.replace("{", "{{").replace("}", "}}"))
