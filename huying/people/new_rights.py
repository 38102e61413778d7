"""Rights a new version brought that no role of the town gives yet, and giving them as new towns have them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from huying.kit.errors import Refusal
from huying.people import reasons
from huying.people.models import Role
from huying.people.permissions import STARTER_ROLES, Permission
from huying.people.rights import set_role

if TYPE_CHECKING:
    from datetime import datetime

    from huying.ledger.actor import Actor
    from huying.people.permissions import StarterRole


@dataclass(frozen=True)
class NewRight:
    """A right in nobody's role: the roles of this town that a new town would begin with having it, by key."""

    right: Permission
    roles: tuple[str, ...]


def new_rights() -> list[NewRight]:
    """Return the rights no role of the town gives, in the order of the table: one statement."""
    rows = Role.objects.values_list("key", "on_unit", "on_area")
    given: set[str] = set()
    keys: set[str] = set()
    for key, on_unit, on_area in rows:
        keys.add(key)
        given.update(on_unit, on_area)
    return [
        NewRight(right, tuple(role.key for role in _starters(right) if role.key in keys))
        for right in Permission
        if right not in given
    ]


def _starters(right: Permission) -> list[StarterRole]:
    return [role for role in STARTER_ROLES if right in role.on_unit or right in role.on_area]


def give_new_right(right: str, *, by: Actor, at: datetime) -> list[Role]:
    """Give a right nobody has to the town's roles as new towns begin with it; each change is a fact.

    Given twice, the second changes nothing. Refusal `not_allowed`, `right_unknown` (also where no role of
    the town has it at the start), or as `set_role`, which then takes all of it back.
    """
    with transaction.atomic():
        if not by.holds(Permission.PEOPLE_EDIT):
            raise Refusal(reasons.NOT_ALLOWED)
        if right not in list(Permission):
            raise Refusal(reasons.RIGHT_UNKNOWN)
        wanted = Permission(right)
        here = Role.objects.select_for_update().in_bulk([role.key for role in _starters(wanted)])
        if not here:
            raise Refusal(reasons.RIGHT_UNKNOWN)
        if any(new.right == wanted for new in new_rights()):
            return [
                set_role(
                    start.key, name=role.name, name_en=role.name_en,
                    on_unit=[*role.on_unit, *([right] if wanted in start.on_unit else [])],
                    on_area=[*role.on_area, *([right] if wanted in start.on_area else [])],
                    by=by, at=at,
                )
                for start in _starters(wanted)
                if (role := here.get(start.key)) is not None
            ]  # fmt: skip
        return []
