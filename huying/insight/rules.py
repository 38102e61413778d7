"""Who may see hot spots and decide on them: rights over areas, behind one door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from huying.cases.rules import lies_under
from huying.ledger.actor import ActorKind
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable

    from huying.insight.models import HotSpot
    from huying.ledger.actor import Actor, Grant


def may(by: Actor, right: Permission, spot: HotSpot) -> bool:
    """Return whether one of the actor's posts gives this right over where a matter lies and what it is about.

    A matter nobody could place is seen by those whose post is over the whole town.
    """
    if by.kind == ActorKind.SYSTEM:
        return True
    return any(
        (lies_under(spot.area_path, grant.area_path) or (not spot.area_path and _is_whole_town(grant)))
        and (not grant.items or spot.item_code.startswith(grant.items))
        for grant in _grants(by, right)
    )


def visible_to(by: Actor) -> Q:
    """Return the filter for the matters an actor may see; matches nothing when there are none."""
    if by.kind == ActorKind.SYSTEM:
        return Q()
    sight = Q(pk__in=[])
    for grant in _grants(by, Permission.HOTSPOT_SEE):
        within = Q(area_path=grant.area_path) | Q(area_path__startswith=f"{grant.area_path}/")
        if _is_whole_town(grant):
            within |= Q(area_path="")
        items = Q()
        for prefix in grant.items:
            items |= Q(item_code__startswith=prefix)
        sight |= within & items
    return sight


def _grants(by: Actor, right: Permission) -> Iterable[Grant]:
    return (grant for grant in by.grants if right in grant.on_area and grant.area_path)


def _is_whole_town(grant: Grant) -> bool:
    return "/" not in grant.area_path
