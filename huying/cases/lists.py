"""The lists of the desk: inbox by clock and dispatchers' queue; a page costs as much in a large town."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.db import connection

from huying.cases.models import OPEN, Case, Status, TaskKind
from huying.cases.narrowing import ALL, SHANGHAI, Narrow, conditions
from huying.cases.rules import lies_under
from huying.people.permissions import Permission
from huying.people.queries import unit_book

if TYPE_CHECKING:
    from collections.abc import Sequence

    from huying.ledger.actor import Actor

PAGE = 50
MOST_COUNTED = 999


class Scope(StrEnum):
    """Whose work a list shows: the units an actor works for, or the areas an actor may look over."""

    UNITS = "units"
    AREAS = "areas"


class Tab(StrEnum):
    """The tabs of the inbox, in the order they are shown."""

    TO_SIGN = "to_sign"
    WORKING = "working"
    TODAY = "today"
    SOON = "soon"
    OVERDUE = "overdue"
    TO_REVIEW = "to_review"
    TO_RULE = "to_rule"
    NEED_INFO = "need_info"
    SUSPENDED = "suspended"
    WAITING = "waiting"
    ASSIST = "assist"
    CALL_IN = "call_in"
    QUEUE = "queue"
    RETURNS = "returns"


class Order(StrEnum):
    """In what order a list is shown."""

    DUE = "due"  # the nearest clock first, cases without one last, the oldest first
    NEWEST = "newest"
    OLDEST = "oldest"
    GRADE = "grade"  # the gravest first, of each grade the nearest clock first


_UNDER_WAY = (Status.DISPATCHED, Status.IN_PROGRESS, Status.RETURN_REVIEW, Status.REPLIED)
STATUSES: dict[Tab, tuple[Status, ...]] = {
    Tab.TO_SIGN: (Status.DISPATCHED,),
    Tab.WORKING: (Status.IN_PROGRESS,),
    Tab.TODAY: _UNDER_WAY,
    Tab.SOON: _UNDER_WAY,
    Tab.OVERDUE: _UNDER_WAY,
    Tab.TO_REVIEW: (Status.REPLIED,),
    Tab.TO_RULE: OPEN,
    Tab.NEED_INFO: (Status.NEED_INFO,),
    Tab.SUSPENDED: (Status.SUSPENDED,),
    Tab.WAITING: (Status.FOLLOW_UP,),
    Tab.ASSIST: OPEN,
    Tab.CALL_IN: OPEN,
    Tab.QUEUE: (Status.SUBMITTED,),
    Tab.RETURNS: (Status.RETURN_REVIEW,),
}
# Tabs of the dispatch centre: cases without an owner, or whose owner is in question, anywhere in the area.
CENTRE_TABS = {
    Tab.QUEUE: (Permission.CASE_DISPATCH, Permission.CASE_RECEIVE),
    Tab.RETURNS: (Permission.CASE_DISPATCH,),
}
WORK_TABS = tuple(tab for tab in Tab if tab not in CENTRE_TABS)
# Parts a unit has beside the lead; over an area they are the units' own business.
PART_TABS = {Tab.ASSIST: TaskKind.ASSIST, Tab.CALL_IN: TaskKind.CALL_IN}
AREA_TABS = tuple(tab for tab in WORK_TABS if tab not in PART_TABS)


@dataclass(frozen=True)
class Place:
    """A place in a list to go on from: clock, id and grade of the last row shown."""

    NEVER: ClassVar[str] = "infinity"

    due: str
    id: str
    grade: str = ""

    def __str__(self) -> str:
        return f"{self.due}_{self.id}_{self.grade}"

    @classmethod
    def of(cls, case: Case) -> Place:
        """Return the place right after this case."""
        due = case.next_due_at.isoformat() if case.next_due_at else cls.NEVER
        return cls(due, str(case.pk), case.grade)

    @classmethod
    def read(cls, text: str) -> Place | None:
        """Return the place a page address names; None when it names none: the list starts at its top."""
        due, _, rest = text.partition("_")
        key, _, grade = rest.partition("_")
        try:
            moment = due if due == cls.NEVER else datetime.fromisoformat(due).isoformat()
            return cls(moment, str(UUID(key)), grade[:1])
        except ValueError:
            return None


@dataclass(frozen=True)
class Page:
    """One page of a list, and where the next one starts ("" when there is none)."""

    cases: list[Case]
    following: str


def my_units(by: Actor) -> list[UUID]:
    """Return the units whose work an actor sees: those of the posts, and the units below them."""
    mine = [grant for grant in by.grants if Permission.CASE_SEE in grant.on_unit]
    return [
        card.id for card in unit_book().all() if any(lies_under(card.path, grant.unit_path) for grant in mine)
    ]


def my_areas(by: Actor, *permissions: Permission) -> list[str]:
    """Return the paths of the areas an actor has one of these rights over (or to see), the widest only."""
    return _areas_of(by, permissions)


def _areas_of(by: Actor, permissions: Sequence[Permission], also: Permission | None = None) -> list[str]:
    """Return the same, as far as the very post gives another right over the area as well."""
    wanted = frozenset(permissions or (Permission.CASE_SEE,))
    paths = sorted(
        {
            grant.area_path
            for grant in by.grants
            if wanted & grant.on_area and grant.area_path and (also is None or also in grant.on_area)
        }
    )
    return [path for path in paths if not any(path != top and lies_under(path, top) for top in paths)]


# For each unit and state its own walk along the index, then the first page of all of them: the cost is pages,
# not cases, however many the town has. Cases without a running clock come last, in a walk of their own, so
# that going on from any row is a range of the index.
_UNITS = """
unnest(%(units)s::uuid[]) AS u(id)
CROSS JOIN unnest(%(statuses_{tab})s::text[]) AS s(status) CROSS JOIN LATERAL (
    SELECT c.id, c.next_due_at, c.grade FROM cases_case c WHERE c.unit_id = u.id AND c.status = s.status
"""
# First the open parts of the units, each case once however many of them assist in it, then those cases.
_PARTS = """
(SELECT DISTINCT t.case_id FROM cases_task t
 WHERE t.unit_id = ANY(%(units)s::uuid[]) AND t.kind = '{kind}' AND t.state = 'open') AS part
CROSS JOIN LATERAL (
    SELECT c.id, c.next_due_at, c.grade FROM cases_case c
    WHERE c.id = part.case_id AND c.status = ANY(%(statuses_{tab})s)
"""
_AREAS = """
unnest(%(statuses_{tab})s::text[]) AS s(status) CROSS JOIN LATERAL (
    SELECT c.id, c.next_due_at, c.grade FROM cases_case c WHERE c.status = s.status AND ({areas})
"""
_WALK = """
SELECT x.id, x.next_due_at, x.grade FROM {source} {narrow} {after}
    ORDER BY {order} LIMIT %(limit)s
) AS x
"""
_IDS = "SELECT id FROM {walk}"
# How many there are needs no order, and no walk of its own for those without a clock.
_COUNT = """
SELECT '{tab}', count(*) FROM (
SELECT x.id FROM {source} {narrow} LIMIT %(limit)s) AS x LIMIT %(limit)s
) AS n
"""
# For each order: along what a walk goes, and in which order the walks are put together.
_ORDERS = {
    Order.DUE: ("c.next_due_at, c.id", "next_due_at NULLS LAST, id"),
    Order.NEWEST: ("c.id DESC", "id DESC"),
    Order.OLDEST: ("c.id", "id"),
    Order.GRADE: (
        "c.grade, coalesce(c.next_due_at, 'infinity'), c.id",
        "grade, coalesce(next_due_at, 'infinity'), id",
    ),
}
# The partial indexes of open cases are found by these very words.
_OPEN = f"AND c.status IN ({', '.join(repr(str(status)) for status in OPEN)})"


@dataclass
class _Source:
    """Where the cases of a tab come from, what they are narrowed to, by which clock, and the parameters."""

    sql: str
    parameters: dict[str, Any] = field(default_factory=dict)
    narrow: str = ""
    clock: str = ""


def _narrowed(
    tab: Tab, scope: Scope, *, by: Actor, at: datetime, narrow: Narrow = ALL
) -> _Source | None:  # fmt: skip
    """Return the source of a tab for an actor, narrowed; None when there is nothing of it to see."""
    source = _source(tab, scope, by)
    if source is None:
        return None
    source.parameters |= {f"statuses_{tab}": [str(status) for status in STATUSES[tab]], "now": at}
    source.clock = _by_clock(tab, source)
    source.narrow = " ".join(
        [_OPEN, *_by_items(tab, scope, by, source), *conditions(narrow, source.parameters, by=by)]
    )
    return source


def _walk(source: _Source, *, after: Place | None, order: Order) -> str:
    """Return the statement that gives the ids of a source in order, at most `limit` of them."""
    along, together = _ORDERS[order]
    parts = [
        _WALK.format(source=source.sql, narrow=source.narrow, after=part, order=along)
        for part in _from(after, order, source)
    ]
    return f"({' UNION ALL '.join(parts)}) AS walk ORDER BY {together} LIMIT %(limit)s"


def _source(tab: Tab, scope: Scope, by: Actor) -> _Source | None:
    """Return where the cases of a tab come from: an actor's units, or areas."""
    if tab not in CENTRE_TABS and scope == Scope.UNITS:
        units = my_units(by)
        sql = _PARTS if tab in PART_TABS else _UNITS
        kind = PART_TABS.get(tab, "")
        return _Source(sql.format(tab=tab, kind=kind), {"units": units}) if units else None
    if tab in PART_TABS:
        return None
    areas = my_areas(by, *CENTRE_TABS.get(tab, ()))
    if not areas:
        return None
    name = tab if tab in CENTRE_TABS else "see"
    within, parameters = _within(areas, name)
    # What is kept confidential is seen over an area only where a post says so.
    known = _areas_of(by, CENTRE_TABS.get(tab, ()), also=Permission.CASE_CONFIDENTIAL)
    secret, more = _within(known, f"{name}_secret")
    sql = f"({within}) AND (NOT c.confidential{f' OR {secret}' if secret else ''})"
    return _Source(_AREAS.format(tab=tab, areas=sql), parameters | more)


def _within(areas: Sequence[str], name: str) -> tuple[str, dict[str, Any]]:
    """Return the condition that a case lies in one of the areas, and its parameters under this name."""
    parameters: dict[str, Any] = {}
    conditions = []
    for number, path in enumerate(areas):
        parameters |= {f"{name}_area{number}": path, f"{name}_below{number}": f"{path}/%"}
        conditions.append(
            f"c.area_path = %({name}_area{number})s OR c.area_path LIKE %({name}_below{number})s"
        )
    return " OR ".join(conditions), parameters


def _by_items(tab: Tab, scope: Scope, by: Actor, source: _Source) -> list[str]:
    """Return the condition for the items an actor is limited to; none when any post has no limit."""
    if tab in CENTRE_TABS:
        return []
    held = [
        grant.items
        for grant in by.grants
        if Permission.CASE_SEE in (grant.on_unit if scope == Scope.UNITS else grant.on_area)
    ]
    if any(not items for items in held):
        return []
    source.parameters["items"] = [f"{prefix}%" for items in held for prefix in items]
    return ["AND c.item_code LIKE ANY(%(items)s)"]


def _by_clock(tab: Tab, source: _Source) -> str:
    """Return the condition a tab has on the nearest clock, or on what waits besides."""
    if tab == Tab.TO_RULE:
        return "AND c.open_asks > 0"
    if tab == Tab.OVERDUE:
        return "AND c.next_due_at < %(now)s"
    if tab == Tab.SOON:
        return "AND c.next_due_at >= %(now)s AND c.warn_at <= %(now)s"
    if tab == Tab.TODAY:
        now: datetime = source.parameters["now"]
        today = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
        source.parameters["tomorrow"] = today + timedelta(days=1)
        return "AND c.next_due_at >= %(now)s AND c.next_due_at < %(tomorrow)s"
    return ""


def _from(after: Place | None, order: Order, source: _Source) -> list[str]:
    """Return the conditions of the walks a list is made of, each beginning after a place.

    By due date there are two: along the running clocks, and of the cases without one.
    """
    clock = source.clock
    if after is not None:
        source.parameters |= {"due": after.due, "after": after.id, "after_grade": after.grade}
    if order == Order.DUE:
        on = "AND (c.next_due_at, c.id) > (%(due)s::timestamptz, %(after)s::uuid)" if after else ""
        if clock:
            return [f"{clock} {on}"]
        dated, undated = f"AND c.next_due_at IS NOT NULL {on}", "AND c.next_due_at IS NULL"
        if after is None:
            return [dated, undated]
        return [f"{undated} AND c.id > %(after)s::uuid"] if after.due == Place.NEVER else [dated, undated]
    going_on = {
        Order.NEWEST: "AND c.id < %(after)s::uuid",
        Order.OLDEST: "AND c.id > %(after)s::uuid",
        Order.GRADE: "AND (c.grade, coalesce(c.next_due_at, 'infinity'), c.id) > "
        "(%(after_grade)s, %(due)s::timestamptz, %(after)s::uuid)",
    }
    return [f"{clock} {going_on[order] if after else ''}"]


def inbox(
    tab: Tab,
    *,
    by: Actor,
    at: datetime,
    scope: Scope = Scope.UNITS,
    after: Place | None = None,
    narrow: Narrow = ALL,
    order: Order = Order.DUE,
    size: int = 0,
) -> Page:
    """Return a page of a tab, in its order; `size` is how many cases, a page of the desk (`PAGE`) if 0."""
    source = _narrowed(tab, scope, by=by, at=at, narrow=narrow)
    if source is None:
        return Page([], "")
    size = size or PAGE
    walk = _walk(source, after=after, order=order)
    with connection.cursor() as cursor:
        cursor.execute(_IDS.format(walk=walk), {**source.parameters, "limit": size + 1})
        keys = [row[0] for row in cursor.fetchall()]
    found = Case.objects.select_related("unit", "item", "handler").defer("search").in_bulk(keys)
    cases = [found[key] for key in keys if key in found]
    return Page(cases[:size], str(Place.of(cases[size - 1])) if len(cases) > size else "")


def counts(
    by: Actor,
    *,
    at: datetime,
    scope: Scope = Scope.UNITS,
    tabs: Sequence[Tab] = tuple(Tab),
    narrow: Narrow = ALL,
) -> dict[Tab, int]:
    """Return how many cases each tab has, up to `MOST_COUNTED` + 1 (shown as "999+"), in one statement.

    A tab an actor has no right to is left out.
    """
    parts: list[str] = []
    parameters: dict[str, Any] = {"limit": MOST_COUNTED + 1}
    for tab in tabs:
        source = _narrowed(tab, scope, by=by, at=at, narrow=narrow)
        if source is not None:
            narrowed = f"{source.narrow} {source.clock}"
            parts.append(_COUNT.format(tab=tab, source=source.sql, narrow=narrowed))
            parameters |= source.parameters
    if not parts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), parameters)
        found = dict(cursor.fetchall())
    return {tab: found[tab] for tab in tabs if tab in found}
