"""Who may write, sign, release and read papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from huying.bulletin.models import BulletinState, ReminderState
from huying.bulletin.reasons import NOT_YOUR_PAPER
from huying.kit.errors import Refusal
from huying.ledger.actor import ActorKind
from huying.people.permissions import Permission
from huying.people.queries import unit_book
from huying.places.queries import town_map

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from huying.ledger.actor import Actor
    from huying.people.queries import UnitCard
    from huying.places.queries import AreaCard

WRITING = (Permission.REMINDER_WRITE, Permission.REMINDER_SIGN)
MAKING = (Permission.BULLETIN_WRITE, Permission.BULLETIN_RELEASE)
ANSWERING = (Permission.CASE_WORK, Permission.CASE_REVIEW)


def covers(top: str, path: str) -> bool:
    """Return whether the area or unit at `top` contains `path`; an empty `top` contains nothing."""
    return bool(top) and (path == top or path.startswith(f"{top}/"))


def tops_of(by: Actor, *rights: Permission) -> list[str]:
    """Return the paths of the areas an actor holds one of these rights over, each once."""
    found = (
        one.area_path for one in by.grants if one.area_path and any(right in one.on_area for right in rights)
    )
    return list(dict.fromkeys(found))


def holds_over(by: Actor, right: Permission, area_path: str) -> bool:
    """Return whether an actor holds a right over an area."""
    return by.kind == ActorKind.SYSTEM or any(covers(top, area_path) for top in tops_of(by, right))


def need(by: Actor, right: Permission, area_path: str) -> None:
    """Refuse `not_your_paper` unless the actor holds this right over the area."""
    if not holds_over(by, right, area_path):
        raise Refusal(NOT_YOUR_PAPER)


def areas_for(by: Actor, *rights: Permission) -> list[AreaCard]:
    """Return the areas from streets and communities up that an actor may issue papers for, widest first."""
    tops = tops_of(by, *rights)
    cards = [card for card in town_map().areas.values() if card.level in PAPER_LEVELS]
    return [card for card in cards if any(covers(top, card.path) for top in tops)]


# Below a community there is no office that issues papers.
PAPER_LEVELS = ("city", "district", "street", "community")


def own_units(by: Actor) -> list[UnitCard]:
    """Return the units an actor may receive and answer letters for."""
    tops = [one.unit_path for one in by.grants if any(right in one.on_unit for right in ANSWERING)]
    return [card for card in unit_book().all() if any(covers(top, card.path) for top in tops)]


def may_answer(by: Actor, unit_id: UUID) -> bool:
    """Return whether an actor may receive and answer letters to a unit."""
    return any(card.id == unit_id for card in own_units(by))


def letters_visible_to(by: Actor) -> Q:
    """Return the filter for the letters an actor may see: of areas they write or sign for, and to own units.

    A unit sees a letter once it is issued. A neighbour sees none.
    """
    if by.kind == ActorKind.SYSTEM:
        return Q()
    hidden = (ReminderState.DRAFT, ReminderState.DROPPED)
    own = Q(unit_id__in=[card.id for card in own_units(by)]) & ~Q(state__in=hidden)
    return own | _within(tops_of(by, *WRITING))


def bulletins_visible_to(by: Actor) -> Q:
    """Return the filter for the bulletins an actor may see.

    Drafts: whoever writes or releases for the area. Released ones: whoever may see numbers of it, and whoever
    may see numbers of a part of it, for a street's bulletin goes to its communities.
    """
    if by.kind == ActorKind.SYSTEM:
        return Q()
    sight = _within(tops_of(by, *MAKING))
    for top in tops_of(by, Permission.STATS_SEE, *MAKING):
        above = ["/".join(top.split("/")[:depth]) for depth in range(1, top.count("/") + 2)]
        read = Q(area_path__in=above) | Q(area_path=top) | Q(area_path__startswith=f"{top}/")
        sight |= read & Q(state=BulletinState.RELEASED)
    return sight


def _within(tops: Iterable[str]) -> Q:
    found = Q(pk__in=[])
    for top in tops:
        found |= Q(area_path=top) | Q(area_path__startswith=f"{top}/")
    return found
