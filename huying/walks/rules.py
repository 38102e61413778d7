"""Who may plan a walk, go on it, see it, and run a drive: rights over areas, joined with who takes part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from huying.cases.rules import lies_under
from huying.ledger.actor import ActorKind
from huying.people.permissions import Permission
from huying.walks.models import Walker

if TYPE_CHECKING:
    from collections.abc import Iterable

    from huying.ledger.actor import Actor
    from huying.walks.models import Walk

# Who sees walks and drives of an area without going: those who plan, and those who see its numbers.
SEEING = (Permission.WALK_PLAN, Permission.STATS_SEE)


def tops(by: Actor, *rights: Permission) -> list[str]:
    """Return the paths of the areas one of these rights holds over, each once."""
    found = (
        grant.area_path
        for grant in by.grants
        if grant.area_path and any(right in grant.on_area for right in rights)
    )
    return list(dict.fromkeys(found))


def over(by: Actor, right: Permission, area_path: str) -> bool:
    """Return whether a right holds over an area."""
    return by.kind == ActorKind.SYSTEM or any(lies_under(area_path, top) for top in tops(by, right))


def may_plan(by: Actor, area_path: str) -> bool:
    """Return whether an actor may plan walks in an area."""
    return over(by, Permission.WALK_PLAN, area_path)


def may_go(by: Actor, walk: Walk) -> bool:
    """Return whether an actor may report for a walk: a planner of its area, or somebody of a unit on it.

    The walk's units are asked for; fetch them with the walk where many are shown.
    """
    if may_plan(by, walk.area.path):
        return True
    units = {walker.unit_id for walker in walk.walkers.all()}
    return any(Permission.WALK_GO in grant.on_area and grant.unit_id in units for grant in by.grants)


def may_see(by: Actor, walk: Walk) -> bool:
    """Return whether an actor may read a walk."""
    return may_go(by, walk) or any(lies_under(walk.area.path, top) for top in tops(by, *SEEING))


def visible_walks(by: Actor) -> Q:
    """Return the filter for the walks an actor may read; matches none where there are none."""
    if by.kind == ActorKind.SYSTEM:
        return Q()
    units = [grant.unit_id for grant in by.grants if Permission.WALK_GO in grant.on_area and grant.unit_id]
    return under(tops(by, *SEEING)) | Q(pk__in=Walker.objects.filter(unit_id__in=units).values("walk_id"))


def under(paths: Iterable[str], field: str = "area__path") -> Q:
    """Return the filter for what lies in one of these areas."""
    found = Q(pk__in=[])
    for path in paths:
        found |= Q(**{field: path}) | Q(**{f"{field}__startswith": f"{path}/"})
    return found
