"""What there is to learn from: texts and the items people gave them, each with its weight."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

REACH: Final = timedelta(days=3 * 365)
"""Older judgements are of another town: items, words and duties have moved on."""
MOST: Final = 50_000
CORRECTED, CONFIRMED, UNOPPOSED = 2.0, 1.0, 0.3
"""A correction says most; a person who agreed says something; nobody objecting says a little."""
SETTLED: Final = timedelta(days=30)
"""So long after a dispatch by the machine nobody is likely to object any more."""

# Only a person's verdict has confidence 1. The newest holds; the machine's first word stands beside it.
_BY_PEOPLE = """
SELECT DISTINCT ON (v.appeal_id) v.appeal_id::text, left(a.title || chr(10) || a.text, 2000), item.code,
    coalesce(said.code, ''), coalesce(said.confidence, 0), v.at
FROM triage_verdict v
JOIN intake_appeal a ON a.id = v.appeal_id
JOIN catalogue_item item ON item.id = v.item_id
LEFT JOIN LATERAL (
    SELECT i.code, m.confidence FROM triage_verdict m LEFT JOIN catalogue_item i ON i.id = m.item_id
    WHERE m.appeal_id = v.appeal_id AND m.confidence < 1 ORDER BY m.at, m.id LIMIT 1
) said ON true
WHERE v.confidence = 1 AND v.at > %s AND v.at <= %s
ORDER BY v.appeal_id, v.at DESC, v.id DESC
"""
_UNOPPOSED = """
SELECT v.appeal_id::text, left(a.title || chr(10) || a.text, 2000), item.code, item.code, v.confidence, v.at
FROM triage_verdict v
JOIN intake_appeal a ON a.id = v.appeal_id
JOIN catalogue_item item ON item.id = v.item_id
WHERE v.decided AND v.confidence < 1 AND v.at > %s AND v.at <= %s AND a.withdrawn_at IS NULL
    AND NOT EXISTS (SELECT FROM triage_verdict p WHERE p.appeal_id = v.appeal_id AND p.id <> v.id)
ORDER BY v.at DESC, v.id
LIMIT %s
"""


@dataclass(frozen=True)
class Judged:
    """An appeal's text (at most 2,000 characters), its `code`, and what the machine `said` how `surely`.

    `weight` is what the example counts in learning; `by_person` is whether somebody judged it.
    """

    appeal: str
    text: str
    code: str
    said: str
    surely: float
    at: datetime
    weight: float
    by_person: bool

    @property
    def is_correction(self) -> bool:
        """Return whether a person judged otherwise than the machine."""
        return self.by_person and self.said != self.code


def judged_by_people(*, at: datetime, codes: Iterable[str]) -> list[Judged]:
    """Return what people judged up to `at`, oldest first; of items (`codes`) that are still there.

    The voices of one case are judged in one go, at one moment: together they count as one, so that an
    estate of five thousand does not teach five thousand times what one sentence of it would.
    """
    there = set(codes)
    with connection.cursor() as cursor:
        cursor.execute(_BY_PEOPLE, [at - REACH, at])
        rows = [row for row in cursor.fetchall() if row[2] in there]
    rows = sorted(rows, key=lambda row: (row[5], row[0]))[-MOST:]
    together = Counter((row[5], row[2]) for row in rows)
    return [
        Judged(
            appeal, text.strip(), code, said, surely, when,
            weight=(CONFIRMED if said == code else CORRECTED) / together[when, code], by_person=True,
        )
        for appeal, text, code, said, surely, when in rows
    ]  # fmt: skip


def unopposed(*, at: datetime, codes: Iterable[str], most: int) -> list[Judged]:
    """Return the newest `most` appeals the machine dispatched, long enough ago, that nobody judged anew."""
    there = set(codes)
    with connection.cursor() as cursor:
        cursor.execute(_UNOPPOSED, [at - REACH, at - SETTLED, most])
        rows = [row for row in cursor.fetchall() if row[2] in there]
    return [
        Judged(appeal, text.strip(), code, said, surely, when, weight=UNOPPOSED, by_person=False)
        for appeal, text, code, said, surely, when in reversed(rows)
    ]


def one_of_each_case(judged: Sequence[Judged]) -> list[Judged]:
    """Return one appeal of each judgement, so that a figure counts matters and not voices."""
    firsts: dict[tuple[datetime, str], Judged] = {}
    for one in judged:
        firsts.setdefault((one.at, one.code), one)
    return list(firsts.values())


def fingerprint(judged: Iterable[Judged]) -> str:
    """Return the sha256 (hex) of what would be learnt: which appeals, their texts, items and weights."""
    digest = hashlib.sha256()
    for one in judged:
        digest.update(f"{one.appeal}\0{one.code}\0{one.weight:.6f}\0{one.text}\n".encode())
    return digest.hexdigest()
