"""The demo's staff: hired with one shared password, and chosen for each act as a duty roster would."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import make_password

from huying.demo.town.timing import SHANGHAI
from huying.people.models import Account, AccountKind, Post
from huying.people.permissions import STARTER_ROLES
from huying.people.queries import actor_of
from huying.places.models import Area

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime
    from uuid import UUID

    from huying.demo.town.organisation import Organisation, PostRow
    from huying.ledger.actor import Actor
    from huying.people.models import Unit

ADMIN = "admin"
# User names of the accounts on the sign-in page: this and their role.
KNOWN_PREFIX = "demo-"


def hire(organisation: Organisation, units: Mapping[str, Unit], *, password: str) -> None:
    """Write all accounts and posts. The password is hashed once: hashing is slow on purpose."""
    shared = make_password(password)
    accounts = {
        row.username: Account(
            username=row.username, name=row.name, kind=AccountKind.STAFF, password=shared,
            is_staff=row.known_for == ADMIN,
        )
        for row in organisation.accounts
    }  # fmt: skip
    Account.objects.bulk_create(accounts.values())
    areas = {
        area.code: area for area in Area.objects.filter(code__in={row.area for row in organisation.posts})
    }
    posts: dict[str, Post] = {}
    for row in organisation.posts:
        posts[row.key] = Post(
            account=accounts[row.account], unit=units[row.unit], role_id=row.role,
            area=areas[row.area] if row.area else None, items=list(row.items), valid_from=row.valid_from,
            valid_until=row.valid_until, deputy_of=posts[row.deputy_of] if row.deputy_of else None,
        )  # fmt: skip
    Post.objects.bulk_create(posts.values())
    first = min(post.valid_from for post in organisation.posts)
    for more in APART:
        account = Account.objects.create(
            username=more.username, name=more.name, kind=AccountKind.STAFF, password=shared
        )
        unit = units[more.unit]
        Post.objects.create(account=account, unit=unit, role_id=more.role, valid_from=first)


def open_to_all(password: str) -> None:
    """Give every member of staff this password."""
    Account.objects.filter(kind=AccountKind.STAFF).update(password=make_password(password))


def known_accounts(password: str) -> list[dict[str, str]]:
    """Return the accounts of the sign-in page, one a role, as `huying.people.demo` reads them."""
    posts = Post.objects.filter(account__username__startswith=KNOWN_PREFIX).select_related(
        "account", "role", "unit"
    )
    known: dict[str, dict[str, str]] = {}
    apart = {more.role: more.username for more in APART}
    for post in posts.order_by("valid_from", "id"):
        if post.account.username in (
            f"{KNOWN_PREFIX}{post.role_id.replace('_', '-')}",
            apart.get(post.role_id),
        ):
            known[post.role_id] = {
                "username": post.account.username, "password": password, "name": post.account.name,
                "role": post.role.name, "role_en": post.role.name_en, "unit": post.unit.name,
            }  # fmt: skip
    return [known[role.key] for role in STARTER_ROLES if role.key in known]


@dataclass(frozen=True)
class Apart:
    """An account that takes no part in the play: an administrator, an officer of discipline."""

    username: str
    name: str
    unit: str
    role: str


DISCIPLINE = "yingxi-discipline"
APART = (
    Apart("demo-security", "安澜", "dispatch-centre", "admin_security"),
    Apart("demo-auditor", "沈稽", "dispatch-centre", "admin_audit"),
    Apart("demo-discipline", "纪明远", DISCIPLINE, "discipline"),
    Apart("demo-discipline-lead", "廉正清", DISCIPLINE, "discipline_lead"),
)


class Roster:
    """Who may make a move, and who of them does: by unit, role, item and day."""

    def __init__(self, organisation: Organisation) -> None:
        self._accounts = {account.username: account for account in Account.objects.all()}
        self._names = {account.pk: account.username for account in self._accounts.values()}
        self._posts: dict[tuple[str, str], list[PostRow]] = defaultdict(list)
        self._by_role: dict[str, list[PostRow]] = defaultdict(list)
        self._by_account: dict[str, list[PostRow]] = defaultdict(list)
        for post in organisation.posts:
            self._posts[post.unit, post.role].append(post)
            self._by_role[post.role].append(post)
            self._by_account[post.account].append(post)
        self.resident = next(
            account for account in self._accounts.values() if account.kind == AccountKind.RESIDENT
        )
        self._actors: dict[tuple[str, tuple[str, ...]], Actor] = {}

    def resident_actor(self, at: datetime) -> Actor:
        """Return the one resident with an account."""
        return self.actor(self.resident.username, at)

    def account(self, username: str) -> Account:
        """Return an account by its user name."""
        return self._accounts[username]

    def actor(self, username: str, at: datetime) -> Actor:
        """Return somebody as an actor with the posts held at this moment."""
        day = at.astimezone(SHANGHAI).date()
        held = tuple(post.key for post in self._by_account[username] if _is_held(post, day))
        if (username, held) not in self._actors:
            self._actors[username, held] = actor_of(self._accounts[username], at=at)
        return self._actors[username, held]

    def at_centre(self, role: str, *, at: datetime, rng: random.Random) -> Actor:
        """Return one of those who do this for the whole town."""
        return self._one_of(self._by_role[role], at, rng)

    def in_unit(self, unit: str, role: str, *, at: datetime, rng: random.Random) -> Actor:
        """Return one of those who hold a role in a unit."""
        return self._one_of(self._posts[unit, role], at, rng)

    def handler(
        self, unit: str, *, item: str, area: str, before: UUID | None, at: datetime, rng: random.Random
    ) -> Actor:
        """Return who works on a case of this unit: whoever had it before, if they still may."""
        day = at.astimezone(SHANGHAI).date()
        fitting = [
            post
            for role in ("handler", "grid_worker", "unit_lead", "community_head")
            for post in self._posts[unit, role]
            if _is_held(post, day) and _covers(post, item, area)
        ]
        mine = [post for post in fitting if before is not None and post.account == self._names.get(before)]
        # Whoever answers for this kind of matter or this block comes before those who answer for everything.
        own = [post for post in fitting if post.items or post.role == "grid_worker"]
        usual = [post for post in fitting if post.role == "handler"]
        return self._one_of(mine or own or usual or fitting, at, rng)

    def reviewer(self, unit: str, *, other_than: UUID | None, at: datetime, rng: random.Random) -> Actor:
        """Return who reviews a reply of this unit, never whoever wrote it."""
        author = self._names.get(other_than) if other_than else None
        for role in ("reviewer", "unit_lead", "community_head"):
            others = [post for post in self._posts[unit, role] if post.account != author]
            if any(_is_held(post, at.astimezone(SHANGHAI).date()) for post in others):
                return self._one_of(others, at, rng)
        return self.at_centre("supervisor", at=at, rng=rng)

    def _one_of(self, posts: Iterable[PostRow], at: datetime, rng: random.Random) -> Actor:
        day = at.astimezone(SHANGHAI).date()
        names = sorted({post.account for post in posts if _is_held(post, day)})
        return self.actor(rng.choice(names), at)


def _is_held(post: PostRow, day: date) -> bool:
    return post.valid_from <= day and (post.valid_until is None or day < post.valid_until)


def _covers(post: PostRow, item: str, area: str) -> bool:
    """Tell whether a case is this post's: its items, and for a grid worker its block."""
    if post.items and not item.startswith(post.items):
        return False
    return post.role != "grid_worker" or bool(post.area and f"/{post.area}/" in f"/{area}/")
