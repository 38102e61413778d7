"""Whose desk it is: only members of staff have one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huying.kit.errors import Refusal
from huying.ledger.actor import ActorKind
from huying.people.reasons import NOT_ALLOWED

if TYPE_CHECKING:
    from uuid import UUID

    from huying.ledger.actor import Actor


def owner_of(by: Actor) -> UUID:
    """Return the account of a member of staff; Refusal `not_allowed` for anybody else."""
    if by.kind != ActorKind.STAFF or by.id is None:
        raise Refusal(NOT_ALLOWED)
    return by.id
