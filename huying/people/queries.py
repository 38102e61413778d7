"""Reading people: the actor behind an account, and units by duty role."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from huying.kit.names import in_language
from huying.ledger.actor import Actor, ActorKind, Grant
from huying.ledger.snapshots import Snapshot
from huying.people.models import Account, AccountKind, ApiKey, Post, PowerSession, Role, Unit
from huying.people.permissions import ADMIN_MARKS, Permission
from huying.places.queries import town_map

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from uuid import UUID

SHANGHAI = ZoneInfo("Asia/Shanghai")
EDITION = "people"
# So long nothing may be done in a session of power before it ends by itself.
POWER_IDLE = timedelta(minutes=10)


def actor_of(account: Account, *, at: datetime) -> Actor:
    """Return the actor an account is at this moment, with a grant for each post it holds."""
    if account.kind == AccountKind.RESIDENT:
        # Without the name: what an actor is called goes into the ledger, and nothing is taken out of it.
        return Actor(ActorKind.RESIDENT, account.pk, "")
    day = at.astimezone(SHANGHAI).date()
    posts = (
        Post.objects.held_on(day)
        .filter(account=account, unit__is_active=True)
        .exclude(deputy_of__valid_until__lte=day)  # nobody acts for a post that is over
        .select_related("unit__area", "role", "area", "deputy_of__account")
        .order_by("valid_from", "id")
    )
    grants = [_grant(post) for post in posts]
    actor = Actor(ActorKind.STAFF, account.pk, str(account), tuple(grants))
    return (
        _with_power(actor, at=at)
        if actor.holds(Permission.SYSTEM_EDIT) or actor.holds(Permission.PEOPLE_EDIT)
        else actor
    )


def _with_power(actor: Actor, *, at: datetime) -> Actor:
    """Return an administrator with what a running session of power adds: to see every case of the town."""
    power = PowerSession.objects.filter(
        account=actor.id, ended_at=None, ends_at__gt=at, seen_at__gt=at - POWER_IDLE
    ).first()
    root = town_map().root
    if power is None or root is None:
        return actor
    sight = Grant(None, "", root.path, frozenset(), frozenset({Permission.CASE_SEE, Permission.CONTACT_SEE}))
    return replace(actor, grants=(*actor.grants, sight), power=power.pk)


def is_administrator(by: Actor) -> bool:
    """Return whether an actor is an administrator of any kind: who then needs a second step."""
    return any(by.holds(right) for right in ADMIN_MARKS)


def _grant(post: Post) -> Grant:
    area = post.area or post.unit.area
    return Grant(
        unit_id=post.unit_id,
        unit_path=post.unit.path,
        area_path=area.path if area else "",
        on_unit=frozenset(post.role.on_unit),
        on_area=frozenset(post.role.on_area),
        items=tuple(post.items),
        acting_for=str(post.deputy_of.account) if post.deputy_of else "",
        role=post.role.key,
    )


@dataclass(frozen=True)
class Colleague:
    """Somebody who may see the cases of a unit: what letters to staff need to know."""

    account: UUID
    unit: UUID
    language: str


def who_sees_cases_of(units: Iterable[UUID], *, at: datetime) -> list[Colleague]:
    """Return who, by a post held in one of these units at this moment, may see cases; each once a unit."""
    posts = Post.objects.held_on(at.astimezone(SHANGHAI).date()).filter(
        Q(role__on_unit__contains=[Permission.CASE_SEE]) | Q(role__on_area__contains=[Permission.CASE_SEE]),
        unit__in=list(units),
        unit__is_active=True,
        account__is_active=True,
        account__kind=AccountKind.STAFF,
    )
    found = posts.values_list("account_id", "unit_id", "account__language").distinct()
    return [Colleague(*one) for one in found]


def may_configure(account: Account, by: Actor) -> bool:
    """Return whether an account may enter the tables of configuration; each asks for a right of its own."""
    return account.is_staff or by.holds(Permission.SYSTEM_EDIT)


def guarding_units(permission: str, area_path: str, *, on: date) -> list[UUID]:
    """Return the units whose posts give a right over an area on a day: those nearest to it, by code."""
    posts = (
        Post.objects.held_on(on)
        .filter(role__on_area__contains=[permission], account__is_active=True, unit__is_active=True)
        .select_related("unit__area", "area")
        .order_by("unit__code")
    )
    found: dict[UUID, int] = {}
    for post in posts:
        top = post.area or post.unit.area
        if top is not None and f"{area_path}/".startswith(f"{top.path}/"):
            found[post.unit_id] = max(found.get(post.unit_id, 0), len(top.path))
    nearest = max(found.values(), default=0)
    return [unit for unit, length in found.items() if length == nearest]


def units_holding(right: str, area_path: str, *, at: datetime, parts: bool = False) -> set[UUID]:
    """Return the units in which somebody holds a right over the area, by a post of this moment.

    With `parts` also those who hold it over some part of the area only.
    """
    posts = Post.objects.held_on(at.astimezone(SHANGHAI).date()).filter(
        role__on_area__contains=[right], unit__is_active=True, account__is_active=True
    )
    found = posts.values_list("unit_id", "area__path", "unit__area__path").distinct()
    return {
        unit
        for unit, own, of_unit in found
        if (path := own or of_unit)
        and (f"{area_path}/".startswith(f"{path}/") or (parts and path.startswith(f"{area_path}/")))
    }


def hash_key(key: str) -> str:
    """Return the hash an API key is kept as. Keys are long and random, so a plain SHA-256 is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


@dataclass(frozen=True)
class KnownKey:
    """An API key as the door needs it."""

    actor: Actor
    channel: str


def _build_keys() -> dict[str, KnownKey]:
    return {
        key.key_hash: KnownKey(Actor(ActorKind.SERVICE, key.pk, key.name), key.channel)
        for key in ApiKey.objects.filter(is_active=True)
    }


_KEYS = Snapshot(_build_keys, EDITION)


def find_api_key(key: str) -> KnownKey | None:
    """Return who an API key belongs to, or None."""
    return _KEYS.get().get(hash_key(key))


@dataclass(frozen=True)
class Holder:
    """Somebody who holds a post: key, sign-in name, name as shown, and the unit of the post."""

    id: UUID
    username: str
    name: str
    unit_name: str


def holders_over(unit_id: UUID, permission: str, *, at: datetime) -> list[Holder]:
    """Return who holds, at this moment, a right over the work of a unit: by a post there or in a unit above.

    Each person once, those of the unit itself first, by name. Accounts that are switched off are left out.
    """
    card = unit_book().by_id.get(unit_id)
    if card is None:
        return []
    line = card.path.split("/")
    above = ["/".join(line[: depth + 1]) for depth in range(len(line))]
    posts = (
        Post.objects.held_on(at.astimezone(SHANGHAI).date())
        .filter(unit__path__in=above, unit__is_active=True, account__is_active=True)
        .filter(account__kind=AccountKind.STAFF, role__on_unit__contains=[str(permission)])
        .select_related("account", "unit")
    )
    found: dict[UUID, tuple[int, Holder]] = {}
    for post in posts:
        depth = len(post.unit.path)
        holder = Holder(post.account_id, post.account.username, str(post.account), post.unit.name)
        if post.account_id not in found or found[post.account_id][0] < depth:
            found[post.account_id] = (depth, holder)
    return [holder for _, holder in sorted(found.values(), key=lambda one: (-one[0], one[1].name))]


@dataclass(frozen=True)
class UnitCard:
    """A unit as dispatch and pages need it, kept in memory."""

    id: UUID
    code: str
    name: str
    path: str
    area_path: str
    roles: frozenset[str]
    pinyin: str
    initials: str


class UnitBook:
    """All active units, found by key, code, or duty role and place."""

    def __init__(self, cards: list[UnitCard]) -> None:
        self.by_id = {card.id: card for card in cards}
        self.by_code = {card.code: card for card in cards}
        self._by_role: dict[str, list[UnitCard]] = {}
        for card in sorted(cards, key=lambda card: card.code):
            for role in card.roles:
                self._by_role.setdefault(role, []).append(card)

    def answering(self, role: str, area_path: str) -> UnitCard | None:
        """Return the unit that fills `role` and whose area is the nearest one at or above `area_path`.

        Where the place is only known roughly (a street, while every community has such a unit), nobody can be
        named and None is returned.
        """
        return next(iter(self.all_answering(role, area_path)), None)

    def all_answering(self, role: str, area_path: str) -> list[UnitCard]:
        """Return every unit that fills `role` at or above `area_path`, the nearest first."""
        above = [
            card
            for card in self._by_role.get(role, ())
            if area_path == card.area_path or area_path.startswith(f"{card.area_path}/") or not card.area_path
        ]
        return sorted(above, key=lambda card: -len(card.area_path))

    def all(self) -> list[UnitCard]:
        """Return every unit, by code."""
        return sorted(self.by_id.values(), key=lambda card: card.code)


def _build_units() -> UnitBook:
    return UnitBook(
        [
            UnitCard(
                id=unit.pk,
                code=unit.code,
                name=unit.name,
                path=unit.path,
                area_path=unit.area.path if unit.area else "",
                roles=frozenset(unit.roles),
                pinyin=unit.pinyin,
                initials=unit.initials,
            )
            for unit in Unit.objects.filter(is_active=True).select_related("area")
        ]
    )


_UNITS = Snapshot(_build_units, EDITION, "places")


def unit_book() -> UnitBook:
    """Return the units of the town as they stand now."""
    return _UNITS.get()


def role_names() -> dict[str, str]:
    """Return what the roles of the town are called, by key."""
    rows = Role.objects.order_by("key").values_list("key", "name", "name_en")
    return {key: in_language(name, name_en) for key, name, name_en in rows}


def role_rights(key: str) -> frozenset[str] | None:
    """Return the rights a role gives, over units and areas; None when there is no such role."""
    row = Role.objects.filter(key=key).values_list("on_unit", "on_area").first() if key else None
    return frozenset([*row[0], *row[1]]) if row else None


@dataclass(frozen=True)
class RightHolder:
    """Somebody who holds a right over a unit's work."""

    account: UUID
    unit: UUID
    path: str


def holders_of(right: Permission, *, on: date | None = None) -> list[RightHolder]:
    """Return who holds a right over a unit's work on a day (today in Shanghai when none is given)."""
    day = on or timezone.localdate(timezone=SHANGHAI)
    posts = Post.objects.held_on(day).filter(
        role__on_unit__contains=[right], unit__is_active=True, account__is_active=True
    )
    return [RightHolder(*one) for one in posts.values_list("account_id", "unit_id", "unit__path").distinct()]


def units_ever_served(account_id: UUID) -> list[str]:
    """Return the paths of every unit an account ever held a post in, past ones included."""
    return list(Post.objects.filter(account_id=account_id).values_list("unit__path", flat=True).distinct())
