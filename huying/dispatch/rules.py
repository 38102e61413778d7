"""Who may see, vote on and decide about proposed duty rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from huying.dispatch.models import RuleProposal, RuleVote
from huying.ledger.actor import ActorKind
from huying.people.permissions import Permission
from huying.people.queries import unit_book
from huying.places.queries import town_map

if TYPE_CHECKING:
    from uuid import UUID

    from huying.ledger.actor import Actor


def covers(top: str, path: str) -> bool:
    """Return whether the area or unit at `top` contains `path`; an empty `top` contains nothing."""
    return bool(top) and (path == top or path.startswith(f"{top}/"))


def may_decide(by: Actor, area_path: str) -> bool:
    """Return whether an actor may decide which rule stands in an area ("": the whole town).

    Whoever edits the town's catalogue and duty rules may, and whoever dispatches for the whole of that area.
    """
    if by.kind == ActorKind.SYSTEM or by.holds(Permission.CATALOGUE_EDIT):
        return True
    root = town_map().root
    path = area_path or (root.path if root else "")
    return any(
        Permission.CASE_DISPATCH in grant.on_area and not grant.items and covers(grant.area_path, path)
        for grant in by.grants
    )


def voting_units(by: Actor) -> frozenset[UUID]:
    """Return the units an actor may give a vote for: those whose cases the actor works on."""
    tops = [grant.unit_path for grant in by.grants if Permission.CASE_WORK in grant.on_unit]
    return frozenset(card.id for card in unit_book().all() if any(covers(top, card.path) for top in tops))


def proposals_visible_to(by: Actor) -> Q:
    """Return the filter for the proposals an actor may see: of units voted for, of areas decided on."""
    if by.kind == ActorKind.SYSTEM or by.holds(Permission.CATALOGUE_EDIT):
        return Q()
    sight = Q(pk__in=[])
    for grant in by.grants:
        if Permission.CASE_DISPATCH in grant.on_area and grant.area_path:
            sight |= Q(area__path=grant.area_path) | Q(area__path__startswith=f"{grant.area_path}/")
    if may_decide(by, ""):
        sight |= Q(area=None)
    if units := voting_units(by):
        sight |= Q(pk__in=RuleVote.objects.filter(unit_id__in=units).values("proposal_id"))
    return sight


def may_see(by: Actor, proposal: RuleProposal) -> bool:
    """Return whether an actor may see a proposed rule."""
    return RuleProposal.objects.filter(proposals_visible_to(by), pk=proposal.pk).exists()
