"""Marks: what the live search for matters keeps of each appeal, and the week it is counted in.

Cases and appeals are read by the names of their tables, as `queries` does. Confidential cases and appeals
that were taken back leave no mark; sealed reports never were appeals.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from math import floor
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection

from huying.catalogue.core.calendar import local_day
from huying.insight.core.hotspots import profiles_of
from huying.insight.lexicons import telling_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from huying.insight.core.hotspots import Profile, Telling
    from huying.insight.lexicons import Reading

# Squares of about 180 m: what is near lies in the square or one beside it.
CELL_DEGREES = 0.0016
# The path down to the community: district, street, community.
COMMUNITY_DEPTH = 3
NO_AREA = "-"
GROUP_LETTERS = 4
ME_TOO = "me_too"
_READ = """
SELECT a.id, a.title, a.text, coalesce(a.occurred_at, a.received_at), a.area_path, a.place_id, a.lat, a.lon,
    coalesce(c.item_code, ''), coalesce(m.how, ''), c.id,
    coalesce(a.account_id::text, nullif(p.phone, ''), nullif(p.email, ''), a.id::text),
    coalesce(c.confidential, FALSE) OR a.withdrawn_at IS NOT NULL
FROM intake_appeal a
LEFT JOIN intake_party p ON p.appeal_id = a.id
LEFT JOIN cases_membership m ON m.appeal_id = a.id AND m.until_at IS NULL
LEFT JOIN cases_case c ON c.id = m.case_id
WHERE a.id = ANY(%s) ORDER BY 4, a.id
"""


@dataclass(frozen=True)
class Mark:
    """An appeal as matters are looked for."""

    appeal: UUID
    at: datetime
    item_code: str
    area_path: str
    place_key: str
    lat: float | None
    lon: float | None
    telling: Telling
    me_too: bool
    case: UUID | None
    who: bytes

    @property
    def group(self) -> str:
        """Return the group of the item, by which kinds are told apart."""
        return self.item_code[:GROUP_LETTERS]

    @property
    def week(self) -> tuple[str, str, datetime]:
        """Return what it is counted by."""
        return self.area_key, self.group, self.at

    @property
    def area_key(self) -> str:
        """Return the path down to the community, a dash where the place is not known that finely."""
        codes = self.area_path.split("/")
        return "/".join(codes[:COMMUNITY_DEPTH]) if len(codes) >= COMMUNITY_DEPTH else NO_AREA


def read_marks(appeals: Iterable[UUID]) -> list[Mark]:
    """Return the marks of these appeals, oldest first; those that may not be looked at are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, [list(appeals)])
        rows = cursor.fetchall()
    return [_mark(row) for row in rows if not row[-1]]


def _mark(row: tuple[Any, ...]) -> Mark:
    appeal, title, text, at, path, place, lat, lon, item, how, case, contact, _hidden = row
    return Mark(
        appeal=appeal, at=at, item_code=item, area_path=path, place_key=str(place or ""), lat=lat, lon=lon,
        telling=telling_of((appeal, title, text, at, lat, lon, str(place or ""), item)), me_too=how == ME_TOO,
        case=case, who=who_of(contact),
    )  # fmt: skip


def who_of(contact: str) -> bytes:
    """Return a keyed digest of a contact: tells two appellants apart, and says nothing of either."""
    key = hashlib.sha256(b"hot spots:" + settings.SECRET_KEY.encode()).digest()
    return hashlib.blake2b(contact.encode(), key=key, digest_size=8).digest()


def sign_marks(marks: Sequence[Mark], now: Reading) -> dict[UUID, Profile]:
    """Return what each mark is about by the lexicon in use."""
    made = profiles_of([mark.telling for mark in marks], now.lexicon)
    return {mark.appeal: told for mark, told in zip(marks, made, strict=True)}


def keep_marks(marks: Sequence[Mark], edition: int, about: Mapping[UUID, Profile]) -> list[Mark]:
    """Write the marks that are not there yet, with what each is about, and return those."""
    if not marks:
        return []
    columns = zip(*(_row(mark, edition, about[mark.appeal]) for mark in marks), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO insight_hotmark (appeal_id, at, item_code, area_path, area_key, place_key, cell, "
            "lat, lon, signature, edition, me_too, pinned) SELECT *, FALSE FROM unnest(%s::uuid[], "
            "%s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::float8[], "
            "%s::float8[], %s::bytea[], %s::bigint[], %s::boolean[]) "
            "ON CONFLICT (appeal_id) DO NOTHING RETURNING appeal_id",
            [list(column) for column in columns],
        )
        new = {row[0] for row in cursor.fetchall()}
    return [mark for mark in marks if mark.appeal in new]


def _row(mark: Mark, edition: int, about: Profile) -> tuple[object, ...]:
    return (
        mark.appeal, mark.at, mark.item_code, mark.area_path, mark.area_key, mark.place_key,
        cell_of(mark.lat, mark.lon), mark.lat, mark.lon, about.to_bytes(), edition, mark.me_too,
    )  # fmt: skip


def cell_of(lat: float | None, lon: float | None, *, north: int = 0, east: int = 0) -> str:
    """Return the name of the square a point lies in, or of one `north` and `east` of it; empty: no point."""
    if lat is None or lon is None:
        return ""
    return f"{floor(lat / CELL_DEGREES) + north}:{floor(lon / CELL_DEGREES) + east}"


def cells_around(lat: float | None, lon: float | None) -> list[str]:
    """Return the names of the nine squares around a point."""
    if lat is None or lon is None:
        return []
    return [cell_of(lat, lon, north=north, east=east) for north in (-1, 0, 1) for east in (-1, 0, 1)]


def monday_of(moment: datetime) -> date:
    """Return the Monday of the week a moment falls into, in the town's own time."""
    day = local_day(moment)
    return day - timedelta(days=day.weekday())


def count_weeks(rows: Iterable[tuple[str, str, datetime]], *, sign: int = 1) -> None:
    """Count appeals (community, item group, moment) into their weeks, or out of them again with `sign` -1.

    In one order, so that two workers never lock in a ring.
    """
    added = Counter((area, group, monday_of(at)) for area, group, at in rows)
    counted = sorted((*key, number) for key, number in added.items())
    if not counted:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT_IN if sign > 0 else _COUNT_OUT, [list(column) for column in zip(*counted, strict=True)]
        )


_COUNT_IN = """
INSERT INTO insight_placeweek AS w (area_path, item_group, week_on, count)
SELECT * FROM unnest(%s::text[], %s::text[], %s::date[], %s::int[])
ON CONFLICT ON CONSTRAINT a_week_of_a_place_is_counted_once DO UPDATE SET count = w.count + excluded.count
"""
_COUNT_OUT = """
UPDATE insight_placeweek w SET count = greatest(w.count - o.number, 0)
FROM unnest(%s::text[], %s::text[], %s::date[], %s::int[]) AS o(area, item, week, number)
WHERE w.area_path = o.area AND w.item_group = o.item AND w.week_on = o.week
"""


def forget_who(appeals: Iterable[UUID]) -> None:
    """Put chance in the place of what told the appellants of these appeals apart: they were masked."""
    with connection.cursor() as cursor:
        for appeal in appeals:
            cursor.execute(
                "UPDATE insight_hotmark SET who = %s WHERE appeal_id = %s AND who IS NOT NULL",
                [secrets.token_bytes(8), appeal],
            )
