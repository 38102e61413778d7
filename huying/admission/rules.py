"""Who may apply for admission, rule on it, and see an application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from huying.admission.models import Ruling
from huying.ledger.actor import ActorKind
from huying.people.permissions import Permission
from huying.people.queries import unit_book

if TYPE_CHECKING:
    from uuid import UUID

    from huying.ledger.actor import Actor
    from huying.people.queries import UnitCard


def covers(top: str, path: str) -> bool:
    """Return whether the area or unit at `top` contains `path`; an empty `top` contains nothing."""
    return bool(top) and (path == top or path.startswith(f"{top}/"))


def applying_units(by: Actor) -> list[UnitCard]:
    """Return the units an actor may apply for, by code."""
    tops = [grant.unit_path for grant in by.grants if Permission.ADMISSION_APPLY in grant.on_unit]
    return [card for card in unit_book().all() if any(covers(top, card.path) for top in tops)]


def ruled_areas(by: Actor) -> list[str]:
    """Return the paths of the areas an actor guards."""
    return [grant.area_path for grant in by.grants if Permission.ADMISSION_RULE in grant.on_area]


def may_rule(by: Actor, area_path: str) -> bool:
    """Return whether an actor may rule for an area: whoever guards it or an area above it."""
    return by.kind == ActorKind.SYSTEM or any(covers(top, area_path) for top in ruled_areas(by))


def visible_to(by: Actor) -> Q:
    """Return the filter for the applications an actor may see: of their units, or that touch their areas.

    Whoever guards an area also sees what was asked of an area above it, for they may refuse for their own.
    """
    if by.kind == ActorKind.SYSTEM:
        return Q()
    sight = Q(unit_id__in=_keys(applying_units(by)))
    touched = Q(pk__in=[])
    for path in ruled_areas(by):
        if path:
            above = ["/".join(path.split("/")[:depth]) for depth in range(1, path.count("/") + 1)]
            touched |= Q(area__path=path) | Q(area__path__startswith=f"{path}/") | Q(area__path__in=above)
    return sight | Q(pk__in=Ruling.objects.filter(touched).values("application_id"))


def _keys(units: list[UnitCard]) -> list[UUID]:
    return [card.id for card in units]
