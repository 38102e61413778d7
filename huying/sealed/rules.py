"""Who may see and handle a sealed report: officers of discipline, never anybody of the unit it accuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from huying.ledger.actor import ActorKind
from huying.people.permissions import Permission
from huying.people.queries import unit_book, units_ever_served
from huying.sealed.models import Report

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.db.models import QuerySet

    from huying.ledger.actor import Actor

RIGHTS = (Permission.SEALED_HANDLE, Permission.SEALED_UNSEAL)


def lies_under(path: str, top: str) -> bool:
    """Return whether a path is `top` or below it; an empty `top` covers nothing."""
    return bool(top) and (path == top or path.startswith(f"{top}/"))


def visible_to(by: Actor) -> QuerySet[Report]:
    """Return the reports an actor may see; none for whoever is no officer.

    Left out are those that accuse a unit the actor ever held a post in, one above such a unit, and those that
    accuse the actor. A report without a unit is every officer's who is not barred.
    """
    if by.kind != ActorKind.STAFF or by.id is None or not any(map(by.holds, RIGHTS)):
        return Report.objects.none()
    cards = unit_book().all()
    tops = [grant.unit_path for grant in by.grants if any(right in grant.on_unit for right in RIGHTS)]
    mine = [card.id for card in cards if any(lies_under(card.path, top) for top in tops)]
    return (
        Report.objects.filter(Q(unit__in=mine) | Q(unit=None))
        .exclude(accused_unit__path__in=_tops_of(by.id))
        .exclude(accused__account=by.id)
    )


def _tops_of(account_id: UUID) -> list[str]:
    """Return the paths of every unit somebody ever served in and of all above: accusing one bars them."""
    tops: set[str] = set()
    for path in units_ever_served(account_id):
        parts = path.split("/")
        tops |= {"/".join(parts[: length + 1]) for length in range(len(parts))}
    return sorted(tops)


def is_barred(account_id: UUID, accused_path: str) -> bool:
    """Return whether somebody ever served in the accused unit or below it."""
    return any(lies_under(path, accused_path) for path in units_ever_served(account_id))


def handling_unit(accused_path: str, officers: Iterable[tuple[UUID, str, UUID]]) -> UUID | None:
    """Return the unit that handles a report: the nearest with an officer not barred, or None.

    `officers` are (unit, path of the unit, account). Nearest is the longest common way from the root.
    """
    free = [
        (path, unit)
        for unit, path, account in officers
        if not lies_under(path, accused_path) and not is_barred(account, accused_path)
    ]
    if not free:
        return None
    wanted = accused_path.split("/") if accused_path else []

    def nearness(one: tuple[str, UUID]) -> tuple[int, int, str]:
        parts = one[0].split("/")
        common = [one for one, other in zip(parts, wanted, strict=False) if one == other]
        return len(common), -len(parts), one[0]

    return max(free, key=nearness)[1]
