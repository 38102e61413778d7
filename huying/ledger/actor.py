"""Who acts: the actor that stands behind every write, with the rights it was given."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID


class ActorKind(StrEnum):
    """What sort of actor it is."""

    STAFF = "staff"
    RESIDENT = "resident"
    SERVICE = "service"  # a channel's machine, known by its key
    SYSTEM = "system"  # Huying itself: jobs, clocks, the classifier


@dataclass(frozen=True)
class Grant:
    """What one post gives: rights over a unit's work, and rights over an area.

    `unit_path` and `area_path` are path prefixes ("" matches nothing); `items` limits the grant to item codes
    with one of these prefixes, empty means every item.
    """

    unit_id: UUID | None
    unit_path: str
    area_path: str
    on_unit: frozenset[str]
    on_area: frozenset[str]
    items: tuple[str, ...] = ()
    acting_for: str = ""  # whose post it is, for a deputy
    role: str = ""  # key of the post's role: grades name who approves by it


@dataclass(frozen=True)
class Actor:
    """Whoever does something. `id` names an account, an appeal's resident or a service; None: the system.

    `power` names the session of power an administrator acts in (people.power), None outside of one.
    """

    kind: ActorKind
    id: UUID | None
    name: str
    grants: tuple[Grant, ...] = ()
    power: UUID | None = None

    @property
    def unit_ids(self) -> tuple[UUID, ...]:
        """Return the units this actor holds a post in, each once, in the order of the posts."""
        return tuple(dict.fromkeys(grant.unit_id for grant in self.grants if grant.unit_id is not None))

    def holds(self, permission: str) -> bool:
        """Return whether any post gives this right over anything at all."""
        return any(permission in grant.on_unit or permission in grant.on_area for grant in self.grants)


SYSTEM = Actor(ActorKind.SYSTEM, None, "Huying")
