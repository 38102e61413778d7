"""The town's organisation as plain rows: 40 units, their staff accounts and 300 posts."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from huying.demo.town import names, persons
from huying.demo.town.items import ItemRow, groups_led_by
from huying.demo.town.land import land

RoleKey = Literal[
    "handler",
    "unit_lead",
    "reviewer",
    "dispatcher",
    "receiver",
    "phone_desk",
    "grid_worker",
    "community_head",
    "supervisor",
    "leader",
    "admin",
]
SEED = "huying-staff"
POSTS = 300
DOUBLE_POSTS = 18
SPLITTING_STAFF = 3
CENTRE_POSTS: tuple[tuple[RoleKey, int], ...] = (
    ("dispatcher", 7),
    ("receiver", 5),
    ("phone_desk", 9),
    ("admin", 2),
)
AREAS = {"district": names.DISTRICT_CODE, "street": names.STREET_CODE}

# The accounts named on the sign-in page of the demo: role, unit, and the user name.
WELL_KNOWN: dict[tuple[RoleKey, str], str] = {
    ("handler", "yingxi-urban"): "demo-handler",
    ("unit_lead", "yingxi-urban"): "demo-unit-lead",
    ("reviewer", "yingxi-urban"): "demo-reviewer",
    ("dispatcher", "dispatch-centre"): "demo-dispatcher",
    ("receiver", "dispatch-centre"): "demo-receiver",
    ("phone_desk", "dispatch-centre"): "demo-phone-desk",
    ("grid_worker", "community-009"): "demo-grid-worker",
    ("community_head", "community-009"): "demo-community-head",
    ("supervisor", "supervision"): "demo-supervisor",
    ("leader", "yingxi-office"): "demo-leader",
    ("admin", "dispatch-centre"): "demo-admin",
}


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit; `roles` are the duty roles it fills in the area of the code `area`."""

    code: str
    name: str
    name_en: str
    short_names: tuple[str, ...]
    parent: str | None
    roles: tuple[str, ...]
    area: str


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A staff account; `known_for` is a role key when the sign-in page of the demo names it."""

    username: str
    name: str
    known_for: RoleKey | None = None


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post: who, where, as what, for which items (code prefixes, empty = all), from when to when.

    `area` is None where the post covers its unit's area. `deputy_of` is the key of the post it stands in for.
    """

    key: str
    account: str
    unit: str
    role: RoleKey
    area: str | None
    items: tuple[str, ...]
    valid_from: date
    valid_until: date | None = None
    deputy_of: str | None = None


@dataclass(frozen=True, slots=True)
class Organisation:
    """Units (parents first), accounts and posts."""

    units: tuple[UnitRow, ...]
    accounts: tuple[AccountRow, ...]
    posts: tuple[PostRow, ...]


@dataclass(slots=True)
class _Wanted:
    """A post still without a person."""

    unit: str
    role: RoleKey
    area: str | None = None
    items: tuple[str, ...] = ()
    deputy: bool = False
    known: str = ""
    account: str = field(default="", init=False)


def units() -> tuple[UnitRow, ...]:
    """Return the 40 units, parents before children."""
    rows = [
        UnitRow(
            code=row["code"],
            name=row["name"],
            name_en=row["name_en"],
            short_names=tuple(row["short_names"]),
            parent=row.get("parent"),
            roles=tuple(row.get("roles", ())),
            area=AREAS[row["area"]],
        )
        for row in names.read_data("units.toml")["units"]
    ]
    rows += [
        UnitRow(
            code=f"community-{row.number}",
            name=f"{row.name}工作站",
            name_en=f"{row.name_en} Community Workstation",
            short_names=(row.name, f"{row.name}居委会", row.name.removesuffix("社区") + "工作站"),
            parent="yingxi-office",
            roles=("community",),
            area=names.STREET_CODE + row.number,
        )
        for row in names.communities()
    ]
    return tuple(rows)


def organisation(items: Sequence[ItemRow], until: date) -> Organisation:
    """Return the whole organisation as it stands on the day `until`.

    `items` is the catalogue: some handlers answer only for part of what their unit leads.
    """
    rng = random.Random(SEED)
    rows = units()
    wanted = list(_wanted(rows, items))
    if len(wanted) > POSTS:
        raise ValueError(f"{len(wanted)} posts are wanted, but the town has {POSTS}.")
    wanted += _more_hands(rows, POSTS - len(wanted))
    accounts = _fill(wanted, rng)
    return Organisation(rows, tuple(accounts), tuple(_posts(wanted, until, rng)))


def unit_for(role: str, area: str, rows: Sequence[UnitRow]) -> UnitRow | None:
    """Return the unit that fills a duty role at an area's code, the nearest one above it."""
    fitting = [row for row in rows if role in row.roles and area.startswith(row.area)]
    return max(fitting, key=lambda row: len(row.area), default=None)


def _wanted(rows: Sequence[UnitRow], items: Sequence[ItemRow]) -> Iterator[_Wanted]:
    staff = {row["code"]: row.get("staff", 0) for row in names.read_data("units.toml")["units"]}
    for row in rows:
        if row.code == "tinglan-office":
            yield from (_Wanted(row.code, "leader") for _ in range(3))
        elif row.code == "supervision":
            yield from (_Wanted(row.code, "unit_lead"), *(_Wanted(row.code, "supervisor") for _ in range(4)))
        elif row.roles == ("community",):
            yield from _community_posts(row)
        else:
            yield from (_Wanted(row.code, "unit_lead"), _Wanted(row.code, "reviewer"))
            yield from _handlers(row, staff[row.code], items)
    yield from (_Wanted("yingxi-office", "leader") for _ in range(4))
    for role, count in CENTRE_POSTS:
        yield from (_Wanted("dispatch-centre", role) for _ in range(count))


def _community_posts(row: UnitRow) -> Iterator[_Wanted]:
    """Want a head, a deputy, two at the desk, and a grid worker for every block."""
    yield _Wanted(row.code, "community_head")
    yield _Wanted(row.code, "community_head", deputy=True)
    yield _Wanted(row.code, "reviewer")
    yield from (_Wanted(row.code, "handler") for _ in range(2))
    community = next(area for area in land().communities if area.code == row.area)
    for block in community.blocks:
        yield _Wanted(row.code, "grid_worker", area=block.code)
    yield _Wanted(row.code, "grid_worker", area=community.blocks[0].code, deputy=True)


def _handlers(row: UnitRow, count: int, items: Sequence[ItemRow]) -> Iterator[_Wanted]:
    """Handlers of a unit: the first answers for everything, others for some groups of items."""
    groups = groups_led_by(row.roles, items)
    splits = count >= SPLITTING_STAFF and len(groups) >= count
    yield _Wanted(row.code, "handler")
    for i in range(1, count):
        last = i == count - 1
        part = tuple(groups[i - 1 :: count]) if splits and not last else ()
        yield _Wanted(row.code, "handler", items=part, deputy=last and count > SPLITTING_STAFF)


def _more_hands(rows: Sequence[UnitRow], count: int) -> list[_Wanted]:
    """Fill up with second grid workers, block after block over all communities."""
    blocks = [block for i in range(1, 7) for area in land().communities for block in area.blocks[i : i + 1]]
    by_area = {row.area: row.code for row in rows}
    return [_Wanted(by_area[block.code[:12]], "grid_worker", area=block.code) for block in blocks[:count]]


def _fill(wanted: list[_Wanted], rng: random.Random) -> list[AccountRow]:
    """Give every post a person; some hold two, as a reviewer who also stands in for a grid worker."""
    fresh = persons.full_names(rng)
    taken: set[str] = set()
    accounts: list[AccountRow] = []
    known = dict(WELL_KNOWN)
    shared = _second_posts(wanted)
    for i, post in enumerate(wanted):
        if i in shared:
            continue
        name = next(fresh)
        username = known.pop((post.role, post.unit), None)
        accounts.append(
            AccountRow(username or persons.username(name, taken), name, post.role if username else None)
        )
        post.account = accounts[-1].username
    for i, other in shared.items():
        wanted[i].account = wanted[other].account
    return accounts


def _second_posts(wanted: list[_Wanted]) -> dict[int, int]:
    """Choose posts that are held besides another one: index of the second post → index of the first."""
    first: dict[str, int] = {}
    for i, post in enumerate(wanted):
        if post.role in ("reviewer", "phone_desk") and (post.role, post.unit) not in WELL_KNOWN:
            first.setdefault(post.unit, i)
    pairs: dict[int, int] = {}
    for i, post in enumerate(wanted):
        held = first.get(post.unit)
        if held is not None and post.deputy and len(pairs) < DOUBLE_POSTS and held not in pairs.values():
            pairs[i] = held
    return pairs


def _posts(wanted: list[_Wanted], until: date, rng: random.Random) -> Iterator[PostRow]:
    """Date the posts; a few handed over within the last weeks, the rest held since long."""
    holder: dict[tuple[str, RoleKey, str | None], str] = {}
    for i, post in enumerate(wanted, 1):
        key = f"P{i:03d}"
        mine = (post.unit, post.role, post.area)
        deputy_of = holder.get(mine) if post.deputy else None
        holder.setdefault(mine, key)
        since = until - timedelta(days=rng.randint(200, 1500))
        ended = until - timedelta(days=rng.randint(1, 60)) if _leaves(i, post) else None
        yield PostRow(key, post.account, post.unit, post.role, post.area, post.items, since, ended, deputy_of)


def _leaves(number: int, post: _Wanted) -> bool:
    """Tell whether a post has ended lately: a few of the second grid workers."""
    return post.role == "grid_worker" and not post.deputy and number > POSTS - 4
