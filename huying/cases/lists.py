"""The lists of the desk: inbox by clock, dispatchers' queue, search; a page costs the same in any town."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Q

from huying.cases.models import OPEN, Case, Status
from huying.cases.rules import lies_under, visible_to
from huying.kit.text import bigrams
from huying.people.permissions import Permission
from huying.people.queries import unit_book
from huying.places.queries import town_map

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from huying.ledger.actor import Actor

PAGE = 50
MOST_COUNTED = 999
MOST_PLACES = 8


class Tab(StrEnum):
    """The tabs of the inbox, in the order they are shown."""

    TO_SIGN = "to_sign"
    WORKING = "working"
    SOON = "soon"
    OVERDUE = "overdue"
    TO_REVIEW = "to_review"
    WAITING = "waiting"
    QUEUE = "queue"
    RETURNS = "returns"


_UNDER_WAY = (Status.DISPATCHED, Status.IN_PROGRESS, Status.RETURN_REVIEW, Status.REPLIED)
STATUSES: dict[Tab, tuple[Status, ...]] = {
    Tab.TO_SIGN: (Status.DISPATCHED,),
    Tab.WORKING: (Status.IN_PROGRESS,),
    Tab.SOON: _UNDER_WAY,
    Tab.OVERDUE: _UNDER_WAY,
    Tab.TO_REVIEW: (Status.REPLIED,),
    Tab.WAITING: (Status.FOLLOW_UP,),
    Tab.QUEUE: (Status.SUBMITTED,),
    Tab.RETURNS: (Status.RETURN_REVIEW,),
}
# Tabs of the dispatch centre: cases without an owner, or whose owner is in question, anywhere in the area.
CENTRE_TABS = (Tab.QUEUE, Tab.RETURNS)
UNIT_TABS = tuple(tab for tab in Tab if tab not in CENTRE_TABS)


@dataclass(frozen=True)
class Place:
    """A place in a list to go on from: the clock and id of the last row shown."""

    due: str
    id: str

    def __str__(self) -> str:
        return f"{self.due}_{self.id}"

    @classmethod
    def read(cls, text: str) -> Place | None:
        """Return the place a page address names; None when it names none (the list starts at its top)."""
        due, _, key = text.partition("_")
        well = re.fullmatch(r"[0-9T:.+\-]{10,40}|infinity", due) and re.fullmatch(r"[0-9a-f\-]{36}", key)
        return cls(due, key) if well else None


@dataclass(frozen=True)
class Page:
    """One page of a list, and where the next one starts."""

    cases: list[Case]
    following: str


def my_units(by: Actor) -> list[UUID]:
    """Return the units whose work an actor sees: those of the posts, and the units below them."""
    mine = [grant for grant in by.grants if Permission.CASE_SEE in grant.on_unit]
    return [
        card.id for card in unit_book().all() if any(lies_under(card.path, grant.unit_path) for grant in mine)
    ]


def my_areas(by: Actor, permission: Permission = Permission.CASE_SEE) -> list[str]:
    """Return the paths of the areas in which an actor holds a right, the widest only."""
    paths = sorted(
        {grant.area_path for grant in by.grants if permission in grant.on_area and grant.area_path}
    )
    return [path for path in paths if not any(path != top and lies_under(path, top) for top in paths)]


# For each unit and state its own walk along the index, then the first page of all of them: the cost is pages,
# not cases, however many the town has.
_UNIT_WALK = """
SELECT x.id FROM unnest(%(units)s::uuid[]) AS u(id)
CROSS JOIN unnest(%(statuses)s::text[]) AS s(status)
CROSS JOIN LATERAL (
    SELECT c.id, c.next_due_at FROM cases_case c
    WHERE c.unit_id = u.id AND c.status = s.status {narrow}
    ORDER BY c.next_due_at, c.id LIMIT %(limit)s
) AS x ORDER BY x.next_due_at, x.id LIMIT %(limit)s
"""
_TOWN_WALK = """
SELECT x.id FROM unnest(%(statuses)s::text[]) AS s(status)
CROSS JOIN LATERAL (
    SELECT c.id, c.next_due_at FROM cases_case c
    WHERE c.status = s.status AND ({areas}) {narrow}
    ORDER BY c.next_due_at, c.id LIMIT %(limit)s
) AS x ORDER BY x.next_due_at, x.id LIMIT %(limit)s
"""
_OPEN = "AND c.status IN ('submitted','dispatched','in_progress','return_review','replied','follow_up')"


@dataclass
class _Walk:
    sql: str
    parameters: dict[str, Any] = field(default_factory=dict)


def _walk(tab: Tab, *, by: Actor, at: datetime, after: Place | None) -> _Walk | None:
    """Return the statement of a tab for an actor, or None when there is nothing of it to see."""
    narrow, parameters = [_OPEN], {"statuses": [str(status) for status in STATUSES[tab]], "now": at}
    if tab == Tab.OVERDUE:
        narrow.append("AND c.next_due_at < %(now)s")
    elif tab == Tab.SOON:
        narrow.append("AND c.next_due_at >= %(now)s AND c.warn_at <= %(now)s")
    if after is not None:
        narrow.append(
            "AND (coalesce(c.next_due_at, 'infinity'), c.id) > (%(due)s::timestamptz, %(after)s::uuid)"
        )
        parameters |= {"due": after.due, "after": after.id}
    if tab in CENTRE_TABS:
        areas = my_areas(by, Permission.CASE_DISPATCH) or my_areas(by, Permission.CASE_RECEIVE)
        if not areas:
            return None
        conditions = []
        for number, path in enumerate(areas):
            conditions.append(f"c.area_path = %(area{number})s OR c.area_path LIKE %(below{number})s")
            parameters |= {f"area{number}": path, f"below{number}": f"{path}/%"}
        return _Walk(_TOWN_WALK.format(areas=" OR ".join(conditions), narrow=" ".join(narrow)), parameters)
    units = my_units(by)
    items = _items(by)
    if not units:
        return None
    if items:
        narrow.append("AND c.item_code LIKE ANY(%(items)s)")
        parameters["items"] = [f"{prefix}%" for prefix in items]
    return _Walk(_UNIT_WALK.format(narrow=" ".join(narrow)), {**parameters, "units": units})


def _items(by: Actor) -> tuple[str, ...]:
    """Return the item prefixes an actor is limited to; empty when any post has no limit."""
    mine = [grant.items for grant in by.grants if Permission.CASE_SEE in grant.on_unit]
    return () if any(not items for items in mine) else tuple({prefix for items in mine for prefix in items})


def inbox(tab: Tab, *, by: Actor, at: datetime, after: Place | None = None) -> Page:
    """Return a page of a tab, most urgent first. A right over areas shows in search only: this is work."""
    walk = _walk(tab, by=by, at=at, after=after)
    if walk is None:
        return Page([], "")
    with connection.cursor() as cursor:
        cursor.execute(walk.sql, {**walk.parameters, "limit": PAGE + 1})
        keys = [row[0] for row in cursor.fetchall()]
    found = Case.objects.select_related("unit", "item").defer("search").in_bulk(keys)
    cases = [found[key] for key in keys if key in found]
    return _page(cases)


def _page(cases: Sequence[Case]) -> Page:
    shown = list(cases[:PAGE])
    if len(cases) <= PAGE:
        return Page(shown, "")
    last = shown[-1]
    return Page(
        shown, str(Place(last.next_due_at.isoformat() if last.next_due_at else "infinity", str(last.pk)))
    )


def counts(by: Actor, *, at: datetime) -> dict[Tab, int]:
    """Return how many cases each tab has, up to `MOST_COUNTED` + 1 (shown as "999+")."""
    found: dict[Tab, int] = {}
    for tab in Tab:
        walk = _walk(tab, by=by, at=at, after=None)
        if walk is None:
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*) FROM ({walk.sql}) AS n",  # noqa: S608 - our own text; values are parameters
                {**walk.parameters, "limit": MOST_COUNTED + 1},
            )
            found[tab] = cursor.fetchone()[0]
    return found


@dataclass(frozen=True)
class Search:
    """What is searched for. `words`: a number, words of the text, or a place (name, pinyin, initials)."""

    words: str = ""
    status: str = ""
    item: str = ""
    grade: str = ""
    unit: str = ""
    area: str = ""
    supervised: bool = False


def search(asked: Search, *, by: Actor, before: UUID | None = None) -> Page:
    """Return the cases an actor may see that fit, newest first. `before`: the last id of the page before."""
    cases = Case.objects.filter(visible_to(by)).select_related("unit", "item").defer("search")
    cases = cases.filter(_narrowed(asked)).filter(_said(asked.words.strip()))
    if before is not None:
        cases = cases.filter(pk__lt=before)
    found = list(cases.order_by("-id")[: PAGE + 1])
    return Page(found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else "")


def _narrowed(asked: Search) -> Q:
    narrow = Q()
    if asked.status == "open":
        narrow &= Q(status__in=OPEN)
    elif asked.status:
        narrow &= Q(status=asked.status)
    if asked.item:
        narrow &= Q(item_code__startswith=asked.item)
    if asked.grade:
        narrow &= Q(grade=asked.grade)
    if asked.unit:
        card = unit_book().by_code.get(asked.unit)
        narrow &= Q(unit_id=card.id) if card else Q(pk__in=[])
    if asked.area:
        area = town_map().by_code(asked.area)
        narrow &= Q(area_path=area.path) | Q(area_path__startswith=f"{area.path}/") if area else Q(pk__in=[])
    if asked.supervised:
        narrow &= Q(supervised=True)
    return narrow


def _said(words: str) -> Q:
    """Return the filter for what was typed: a number, else words of the text, or a place or unit by sound."""
    if not words:
        return Q()
    tidy = words.upper().replace("-", "").replace(" ", "")
    if re.fullmatch(r"(SQ|GD)\d{4,}", tidy):
        return Q(number=tidy) | Q(memberships__appeal__number=tidy, memberships__until_at=None)
    pieces = bigrams(words)
    said = Q(search__contains=pieces) if pieces else Q()
    if not re.fullmatch(r"[a-zA-Z ]+", words):
        return said
    return said | _sounds(words.replace(" ", "").lower())


def _sounds(letters: str) -> Q:
    """Return the filter for places and units whose pinyin or initials begin with these letters."""
    town, found = town_map(), Q()
    for entry in town.gazetteer.search(letters)[:MOST_PLACES]:
        if entry.id in town.areas:
            path = town.areas[entry.id].path
            found |= Q(area_path=path) | Q(area_path__startswith=f"{path}/")
        else:
            found |= Q(place_id=entry.id)
    units = [card.id for card in unit_book().all() if letters in card.pinyin or letters in card.initials]
    return found | Q(unit_id__in=units) if units else found
