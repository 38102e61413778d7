"""What papers are made of, read by the database: cases late or poorly answered, praise, residents' words.

The tables of cases, feedback and intake are read by their names, in one statement each. What residents wrote
is redacted before it leaves this module, and confidential cases are in none of it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

from huying.cases.states import OPEN, Status
from huying.kit.redact import redact
from huying.kit.text import on_one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from uuid import UUID

# Work a unit has in hand: the states of an open case that are a unit's, not a resident's or a dispatcher's.
IN_HAND = [str(one) for one in OPEN if one not in {Status.SUBMITTED, Status.FOLLOW_UP, Status.NEED_INFO}]
# Estate and building together come near to a home: a bulletin, read by many, names no building.
_BUILDING = re.compile(
    r"[0-9A-Za-z一二三四五六七八九十]+ ?(?:栋|幢|座|号楼)(?:[0-9一二三四五六七八九十]+ ?单元)?"
)
LONGEST_VOICE, FEWEST_STARS = 90, 5
MOST_ROWS, MOST_READ = 12, 400


@dataclass(frozen=True)
class CaseLine:
    """A case as a paper names it: number, redacted title, place, who works on it and since or until when."""

    id: UUID
    number: str
    title: str
    place: str
    unit_id: UUID | None
    due_at: datetime | None
    item_code: str = ""


@dataclass(frozen=True)
class Voice:
    """What a resident said, redacted, and where the matter lies; never who."""

    number: str
    text: str
    place: str
    unit_id: UUID | None
    item_code: str


def _inside(area_path: str) -> tuple[str, dict[str, Any]]:
    below = area_path.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    condition = "NOT c.confidential AND (c.area_path = %(area)s OR c.area_path LIKE %(below)s)"
    return condition, {"area": area_path, "below": f"{below}/%"}


_LINE = "c.id, c.number, c.title, c.place_name, c.unit_id, c.next_due_at, c.item_code"


def _lines(where: str, told: Mapping[str, Any], *, order: str, limit: int) -> list[CaseLine]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_LINE} FROM cases_case c WHERE {where} ORDER BY {order} LIMIT %(limit)s",  # noqa: S608 - our own words only
            {**told, "limit": limit},
        )
        return [
            CaseLine(key, number, redact(on_one_line(title)).text, redact(place).text, unit, due, item)
            for key, number, title, place, unit, due, item in cursor.fetchall()
        ]


def late(area_path: str, *, at: datetime, limit: int = MOST_READ) -> list[CaseLine]:
    """Return the cases units have in hand past their nearest clock, the longest late first."""
    inside, told = _inside(area_path)
    where = f"c.status = ANY(%(open)s) AND c.next_due_at < %(at)s AND {inside}"
    return _lines(where, told | {"open": IN_HAND, "at": at}, order="c.next_due_at", limit=limit)


def near(area_path: str, *, at: datetime, limit: int = MOST_READ) -> list[CaseLine]:
    """Return the cases that have used four fifths of their nearest clock, the nearest first."""
    inside, told = _inside(area_path)
    where = f"c.status = ANY(%(open)s) AND c.next_due_at >= %(at)s AND c.warn_at < %(at)s AND {inside}"
    return _lines(where, told | {"open": IN_HAND, "at": at}, order="c.next_due_at", limit=limit)


def poorly_answered(area_path: str, *, limit: int = MOST_READ) -> list[CaseLine]:
    """Return the open cases that came back: sent back by a reviewer, or residents were not satisfied."""
    inside, told = _inside(area_path)
    where = f"c.status = ANY(%(open)s) AND c.round > 0 AND {inside}"
    return _lines(where, told | {"open": IN_HAND}, order="c.round DESC, c.next_due_at", limit=limit)


def in_hand(unit_id: UUID, area_path: str, *, limit: int = MOST_READ) -> list[CaseLine]:
    """Return the cases a unit has in hand in an area, by their nearest clock."""
    inside, told = _inside(area_path)
    where = f"c.unit_id = %(unit)s AND c.status = ANY(%(open)s) AND {inside}"
    return _lines(
        where, told | {"unit": unit_id, "open": IN_HAND}, order="c.next_due_at NULLS LAST", limit=limit
    )


def chosen(numbers: Iterable[str], unit_id: UUID, area_path: str) -> list[CaseLine]:
    """Return those of these cases the unit has in hand in the area, by their nearest clock."""
    inside, told = _inside(area_path)
    where = f"c.number = ANY(%(numbers)s) AND c.unit_id = %(unit)s AND c.status = ANY(%(open)s) AND {inside}"
    told |= {"numbers": list(numbers), "unit": unit_id, "open": IN_HAND}
    return _lines(where, told, order="c.next_due_at NULLS LAST, c.number", limit=MOST_READ)


def returned(area_path: str, *, since: datetime, until: datetime) -> list[CaseLine]:
    """Return the cases of a time that a unit sent back as not its own, newest first."""
    inside, told = _inside(area_path)
    where = f"c.opened_at >= %(since)s AND c.opened_at < %(until)s AND c.returned AND {inside}"
    return _lines(where, told | {"since": since, "until": until}, order="c.opened_at DESC", limit=MOST_READ)


def praise(area_path: str, *, since: datetime, until: datetime) -> list[Voice]:
    """Return what residents wrote with full marks: solved, five stars on every axis they judged."""
    inside, told = _inside(area_path)
    stars = "num_nonnulls(r.speed, r.result, r.service, r.process)"
    return _voices(
        "SELECT c.number, r.comment, c.place_name, c.unit_id, c.item_code, r.request_id::text "  # noqa: S608 - our own words only
        "FROM feedback_rating r JOIN feedback_ratingrequest q ON q.id = r.request_id "
        "JOIN cases_case c ON c.id = q.case_id JOIN intake_appeal a ON a.id = q.appeal_id "
        f"WHERE r.at >= %(since)s AND r.at < %(until)s AND r.solved = 'yes' AND {stars} > 0 "
        "AND r.by_kind = 'resident' AND a.masked_at IS NULL AND length(r.comment) >= 6 "
        "AND coalesce(r.speed, 0) + coalesce(r.result, 0) + coalesce(r.service, 0) "
        f"+ coalesce(r.process, 0) = %(full)s * {stars} AND {inside} ORDER BY r.at DESC LIMIT %(limit)s",
        told | {"since": since, "until": until, "full": FEWEST_STARS, "limit": MOST_READ},
    )


def said(area_path: str, *, since: datetime, until: datetime) -> list[Voice]:
    """Return what residents wrote in a time, one voice a case, in an order chance gives and nobody chooses.

    The order is the hash of case and week, so that it is the same however often it is asked for, and whoever
    asks cannot turn it.
    """
    inside, told = _inside(area_path)
    return _voices(
        "SELECT c.number, a.text, c.place_name, c.unit_id, c.item_code, a.id::text "  # noqa: S608 - our own words only
        "FROM cases_case c JOIN cases_membership m ON m.case_id = c.id AND m.how = 'opened' "
        "JOIN intake_appeal a ON a.id = m.appeal_id "
        "WHERE c.opened_at >= %(since)s AND c.opened_at < %(until)s "
        "AND a.masked_at IS NULL AND a.withdrawn_at IS NULL AND length(a.text) >= 10 "
        f"AND {inside} ORDER BY md5(c.id::text || %(seed)s) LIMIT %(limit)s",
        told | {"since": since, "until": until, "seed": since.isoformat(), "limit": MOST_READ},
    )


def _voices(statement: str, told: Mapping[str, Any]) -> list[Voice]:
    with connection.cursor() as cursor:
        cursor.execute(statement, told)
        rows = cursor.fetchall()
    return [
        Voice(number, short(text), redact(place).text, unit, item)
        for number, text, place, unit, item, _key in rows
    ]


def short(text: str) -> str:
    """Return what somebody wrote, redacted and cut at the end of a sentence or with an ellipsis."""
    told = _BUILDING.sub("某楼", redact(on_one_line(text)).text)
    if len(told) <= LONGEST_VOICE:
        return told
    cut = told[:LONGEST_VOICE]
    end = max(cut.rfind(mark) for mark in "。！？；")
    return cut[: end + 1] if end >= LONGEST_VOICE // 2 else cut.rstrip("，、 ") + "……"


def fair_sample(voices: list[Voice], most: int) -> list[Voice]:
    """Return at most `most` voices: one of each kind of matter in turn, kinds with more voices first.

    Within a kind the order given is kept, which chance made. So what many write of comes first, and what few
    write of is still heard.
    """
    kinds: dict[str, list[Voice]] = {}
    for voice in voices:
        kinds.setdefault(voice.item_code[:2], []).append(voice)
    queues = sorted(kinds.values(), key=lambda queue: (-len(queue), queue[0].item_code))
    picked: list[Voice] = []
    while queues and len(picked) < most:
        for queue in queues:
            picked.append(queue.pop(0))
            if len(picked) == most:
                break
        queues = [queue for queue in queues if queue]
    return picked


def set_key(unit_id: UUID, reason: str, cases: Iterable[UUID]) -> str:
    """Return what makes a set of cases one: unit, reason and cases, in any order."""
    told = "|".join([str(unit_id), reason, *sorted(map(str, cases))])
    return hashlib.sha256(told.encode()).hexdigest()
