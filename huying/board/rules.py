"""Who may do what at the duty board, and over which areas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huying.board import reasons
from huying.cases.rules import lies_under
from huying.kit.errors import Refusal
from huying.people.permissions import Permission
from huying.people.queries import unit_book
from huying.people.reasons import NOT_ALLOWED

if TYPE_CHECKING:
    from uuid import UUID

    from huying.board.models import Group, Incident
    from huying.ledger.actor import Actor


def areas_of(by: Actor, right: Permission) -> list[str]:
    """Return the paths of the areas an actor has a right over, the widest only, in their order."""
    paths = sorted({grant.area_path for grant in by.grants if right in grant.on_area and grant.area_path})
    return [path for path in paths if not any(lies_under(path, other) for other in paths if other != path)]


def holds_over(by: Actor, right: Permission, area_path: str) -> bool:
    """Return whether an actor has a right over an area; what concerns the whole town ("") anybody's does."""
    tops = areas_of(by, right)
    return bool(tops) if not area_path else any(lies_under(area_path, top) for top in tops)


def check_over(by: Actor, right: Permission, area_path: str) -> None:
    """Refuse (`not_allowed`) unless an actor has a right over an area."""
    if not holds_over(by, right, area_path):
        raise Refusal(NOT_ALLOWED)


def leads(by: Actor, incident: Incident) -> bool:
    """Return whether an actor leads the incident: the right over its area."""
    return holds_over(by, Permission.INCIDENT_LEAD, incident.area_path)


def sees(by: Actor, incident: Incident) -> bool:
    """Return whether an actor sees an incident: who leads it, watches its area, or works in it."""
    return (
        leads(by, incident)
        or holds_over(by, Permission.STATS_SEE, incident.area_path)
        or speaks(by, incident)
        or any(works_in(by, group) for group in incident.groups.all())
    )


def speaks(by: Actor, incident: Incident) -> bool:
    """Return whether an actor belongs to the one unit that speaks for the town in it."""
    return incident.spokes_unit_id in by.unit_ids


def works_in(by: Actor, group: Group) -> bool:
    """Return whether an actor holds a post in a unit of the group, or in one below it."""
    book = unit_book().by_id
    tops = [book[unit].path for unit in units_of(group) if unit in book]
    return any(lies_under(book[unit].path, top) for unit in by.unit_ids if unit in book for top in tops)


def units_of(group: Group) -> list[UUID]:
    """Return the keys of the units of a group, its lead first."""
    return list(dict.fromkeys([group.lead_id, *(unit.pk for unit in group.members.all())]))


def check_open(incident: Incident) -> None:
    """Refuse (`incident_over`) what makes no sense after the end."""
    if incident.state != "open":
        raise Refusal(reasons.INCIDENT_OVER)
