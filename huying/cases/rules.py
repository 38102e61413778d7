"""Who may do what with a case: rights joined with units and areas, behind one door."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db.models import Q

from huying.cases import reasons
from huying.cases.guards import GUARDS, asks_why_not
from huying.cases.models import Case, Status, Task, TaskKind, TaskState
from huying.cases.moves import MOVE, Hand, Move
from huying.ledger.actor import ActorKind
from huying.people.permissions import Permission
from huying.people.queries import unit_book

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from huying.kit.errors import Reason
    from huying.ledger.actor import Actor, Grant
    from huying.people.queries import UnitCard


def lies_under(path: str, top: str) -> bool:
    """Return whether `path` is `top` or below it; an empty `top` covers nothing."""
    return bool(top) and (path == top or path.startswith(f"{top}/"))


def _covers_item(grant: Grant, case: Case) -> bool:
    return not grant.items or case.item_code.startswith(grant.items)


def covers_unit(by: Actor, permission: Permission, unit: UnitCard, case: Case) -> bool:
    """Return whether one of the actor's posts gives a right over the work of this unit on this case."""
    if by.kind == ActorKind.SYSTEM:
        return True
    return any(
        permission in grant.on_unit and _covers_item(grant, case) and lies_under(unit.path, grant.unit_path)
        for grant in by.grants
    )


def may(by: Actor, permission: Permission, case: Case) -> bool:
    """Return whether one of the actor's posts gives this right over this case.

    A right over a unit's work holds for the unit that leads, and those below it; units with a part of it may
    see the case and add notes. A right over an area holds for every case whose place lies in it, confidential
    ones only together with the right to see those.
    """
    if by.kind == ActorKind.SYSTEM:
        return True
    grants = [grant for grant in by.grants if _covers_item(grant, case)]
    if any(
        permission in grant.on_area
        and lies_under(case.area_path, grant.area_path)
        and (not case.confidential or Permission.CASE_CONFIDENTIAL in grant.on_area)
        for grant in grants
    ):
        return True
    mine = [grant for grant in grants if permission in grant.on_unit]
    if not mine:
        return False
    units = [case.unit_id]
    if permission in (Permission.CASE_SEE, Permission.CONTACT_SEE):
        units += [task.unit_id for task in case.tasks.all() if task.state == TaskState.OPEN]
    book = unit_book().by_id
    paths = [book[unit].path for unit in units if unit in book]
    return any(lies_under(path, grant.unit_path) for path in paths for grant in mine)


def as_deputy(by: Actor, rights: Collection[Permission], case: Case) -> Actor:
    """Return the actor as facts name them: a deputy's act says for whom, unless an own post allows it.

    `rights` are those of which one does.
    """
    if not any(grant.acting_for for grant in by.grants):
        return by
    own = replace(by, grants=tuple(grant for grant in by.grants if not grant.acting_for))
    if any(may(own, right, case) for right in rights):
        return by
    for grant in by.grants:
        alone = replace(by, grants=(grant,))
        if grant.acting_for and any(may(alone, right, case) for right in rights):
            return replace(by, name=f"{by.name}（代{grant.acting_for}）")
    return by


def visible_to(by: Actor) -> Q:
    """Return the filter for the cases an actor may see; matches nothing when there are none."""
    if by.kind == ActorKind.SYSTEM:
        return Q()
    sight = Q(pk__in=[])
    cards = unit_book().all()
    for grant in by.grants:
        items = Q()
        for prefix in grant.items:
            items |= Q(item_code__startswith=prefix)
        if Permission.CASE_SEE in grant.on_area and grant.area_path:
            open_ones = Q() if Permission.CASE_CONFIDENTIAL in grant.on_area else Q(confidential=False)
            within = Q(area_path=grant.area_path) | Q(area_path__startswith=f"{grant.area_path}/")
            sight |= within & items & open_ones
        if Permission.CASE_SEE in grant.on_unit:
            units = [card.id for card in cards if lies_under(card.path, grant.unit_path)]
            tasks = Task.objects.filter(unit_id__in=units, state=TaskState.OPEN).values("case_id")
            sight |= (Q(unit_id__in=units) | Q(pk__in=tasks)) & items
    return sight


def why_not(case: Case, move: Move, *, by: Actor, at: datetime) -> Reason | None:
    """Return why this actor cannot make this move now, or None when it can be made."""
    if Status(case.status) not in move.from_:
        return reasons.NOT_FROM_HERE
    refused = _why_not_theirs(case, move, by)
    if refused is not None:
        return refused
    guard = GUARDS.get(move.key)
    reason = guard(case, by, at) if guard else None
    return reason or asks_why_not(case, move, by=by)


def _why_not_theirs(case: Case, move: Move, by: Actor) -> Reason | None:
    """Return why the move is not this actor's to make: no right, and no hand that needs none."""
    if by.kind == ActorKind.SYSTEM or any(may(by, right, case) for right in move.also):
        return None
    if move.over_task:
        return None if _works_on_a_part(by, move, case) else reasons.NOT_YOURS
    if not isinstance(move.right, Hand):
        return None if may(by, move.right, case) else reasons.NOT_YOURS
    if move.right == Hand.APPELLANT and by.kind == ActorKind.RESIDENT:
        return None
    return reasons.NOT_BY_HAND if move.right == Hand.SYSTEM else reasons.NOT_YOURS


def _works_on_a_part(by: Actor, move: Move, case: Case) -> bool:
    parts = [task for task in case.tasks.all() if task.state == TaskState.OPEN and task.kind != TaskKind.LEAD]
    book = unit_book().by_id
    units = [book[part.unit_id] for part in parts if part.unit_id in book]
    return isinstance(move.right, Permission) and any(
        covers_unit(by, move.right, unit, case) for unit in units
    )


def allowed_moves(case: Case, *, by: Actor, at: datetime) -> list[Move]:
    """Return the moves this actor can make now, in the order of the table, for the buttons."""
    return [move for move in MOVE.values() if not move.hidden and why_not(case, move, by=by, at=at) is None]
