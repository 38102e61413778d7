"""The town's lexicon: learnt from its latest texts, kept in the database, held ready in each process.

Live search and the night's pass read by the same one, so both mean the same by "one matter". A young town
learns anew as its texts double, later once a week; what was signed by an older lexicon is signed anew where
it is met (`signing`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import connection, transaction

from huying.insight.core.hotspots import Lexicon, Telling
from huying.insight.models import HotLexicon
from huying.places.queries import town_map

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

BLANK: Final = 0
"""The edition of a town that has learnt nothing yet: every word counts alike."""
WINDOW = timedelta(days=120)
MOST_TEXTS = 30_000
GROWN, LEAST_GROWN = 1.5, 20
STALE = timedelta(days=7)
KEPT = 2
# One key nobody else uses: two workers do not learn at once.
LOCK = 7_241_630_518


@dataclass(frozen=True)
class Reading:
    """By which lexicon something is read; asked for once for all that is done together."""

    edition: int
    lexicon: Lexicon


_held: dict[int, Lexicon] = {}


def lexicon_now() -> Reading:
    """Return the lexicon in use with its edition; it is read from the database once in each process."""
    edition = HotLexicon.objects.order_by("-pk").values_list("pk", flat=True).first() or BLANK
    held = _held.get(edition)
    if held is None:
        body = HotLexicon.objects.filter(pk=edition).values_list("body", flat=True).first()
        held = Lexicon.from_bytes(bytes(body)) if body is not None else Lexicon.blank()
        _held.clear()
        _held[edition] = held
    return Reading(edition, held)


def learn_anew(*, at: datetime, hourly: bool = False) -> bool:
    """Learn the lexicon from the latest texts where that is due; return whether it was.

    At night it is due when it is a week old or the town's texts have grown by half; `hourly` only for the
    latter.
    """
    known = HotLexicon.objects.order_by("-pk").only("texts", "learnt_at").first()
    since = at - WINDOW
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT 1 FROM insight_hotmark WHERE at >= %s AND NOT me_too LIMIT %s) m",
            [since, MOST_TEXTS],
        )
        texts = cursor.fetchone()[0]
    if not texts or not _is_due(known, texts, at=at, hourly=hourly):
        return False
    lexicon, _profiles = Lexicon.learn(list(tellings_since(since)))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                return False
        learnt = HotLexicon.objects.create(body=lexicon.to_bytes(), texts=texts, learnt_at=at)
        HotLexicon.objects.filter(pk__lte=learnt.pk - KEPT).delete()
    return True


def _is_due(known: HotLexicon | None, texts: int, *, at: datetime, hourly: bool) -> bool:
    before = known.texts if known else 0
    if texts >= max(GROWN * before, before + LEAST_GROWN):
        return True
    return not hourly and (known is None or at - known.learnt_at >= STALE)


_COLUMNS = """
SELECT k.appeal_id, a.title, a.text, k.at, k.lat, k.lon, k.place_key, k.item_code
FROM insight_hotmark k JOIN intake_appeal a ON a.id = k.appeal_id
"""


def tellings_since(since: datetime) -> list[Telling]:
    """Return the latest texts of the town, as a lexicon is learnt from them."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_COLUMNS} WHERE k.at >= %s AND NOT k.me_too ORDER BY k.at DESC LIMIT %s", [since, MOST_TEXTS]
        )
        return [telling_of(row) for row in cursor.fetchall()]


def tellings_of(appeals: Sequence[UUID]) -> list[Telling]:
    """Return appeals that have a mark as tellings."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_COLUMNS} WHERE k.appeal_id = ANY(%s)", [list(appeals)])
        return [telling_of(row) for row in cursor.fetchall()]


def telling_of(row: tuple[Any, ...]) -> Telling:
    """Return an appeal as the core reads it.

    A row tells appeal, title, text, moment, point, key of the named place, item, and perhaps what tells the
    appellant apart and how many neighbours joined.
    """
    appeal, title, text, at, lat, lon, place, item, *more = row
    contact, joined = more or ("", 0)
    name = town_map().place_name.get(place, "")
    return Telling(
        id=str(appeal), title=title, text=text, at=at, lat=lat, lon=lon, likes=joined, appellant=contact,
        category=item, place_codes=(name,) if name else (),
    )  # fmt: skip
