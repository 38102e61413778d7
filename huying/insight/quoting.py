"""What a matter's people say: shared words kept with it, and sentences quoted for who may see their cases.

Quotes are chosen when somebody looks and kept nowhere, so that what is forgotten, hidden or taken back is not
quoted a moment longer; everything personal that is found in them is taken out, with the appellant's name.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from django.db import connection

from huying.insight.core.hotspots_quotes import telling_sentences
from huying.insight.core.hotspots_titles import trimmed
from huying.insight.core.hotspots_words import read
from huying.insight.lexicons import tellings_of
from huying.insight.models import HotMark
from huying.kit.personal import strip_words
from huying.kit.redact import find

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from huying.insight.core.hotspots import Lexicon
    from huying.insight.models import HotSpot

MOST_WORDS, MOST_QUOTES = 4, 4
READ_FOR_WORDS, READ_FOR_QUOTES = 12, 40
SHARED: Final = 0.5
"""A word that so many of the latest texts use is told."""
LONGEST_WORD: Final = 20


@dataclass(frozen=True)
class Quoted:
    """A sentence of an appeal, everything personal that is found taken out, and when it was told."""

    appeal: UUID
    words: str
    at: datetime


def shared_words(spot: HotSpot, lexicon: Lexicon) -> list[str]:
    """Return the words most of the latest texts of a matter share, none of its place, none of a person."""
    latest = HotMark.objects.filter(spot=spot, me_too=False).order_by("-at", "-pk")
    told = tellings_of(list(latest.values_list("pk", flat=True)[:READ_FOR_WORDS]))
    said = Counter(
        word for one in told for word in read(replace(one, text=trimmed(one.text)), lexicon.names).words
    )
    found = [
        word for word, number in sorted(said.items(), key=lambda item: (-item[1], -len(item[0]), item[0]))
        if number >= max(SHARED * len(told), 2) and _may_be_told(word, spot.place)
    ]  # fmt: skip
    whole = [word for word in found if not any(word != other and word in other for other in found)]
    return whole[:MOST_WORDS]


def _may_be_told(word: str, place: str) -> bool:
    """Only what a dictionary knows is told, so that no surname and no number is."""
    # Thirty megabytes of dictionary: the first text wakes it, no start of a program does.
    import rjieba

    known = 1 < len(word) <= LONGEST_WORD and rjieba.has_word(word)
    return known and word not in place and not find(word)


_TEXTS = """
SELECT a.id, a.text, coalesce(p.name, ''), k.at
FROM insight_hotmark k JOIN intake_appeal a ON a.id = k.appeal_id
LEFT JOIN intake_party p ON p.appeal_id = a.id
WHERE k.appeal_id = ANY(%s) AND NOT k.me_too AND a.withdrawn_at IS NULL ORDER BY k.at DESC, a.id LIMIT %s
"""


def quotes(appeals: Sequence[UUID], *, most: int = MOST_QUOTES) -> list[Quoted]:
    """Return sentences of these appeals, all of one matter, that say what most say; the most telling first.

    Whoever calls gives only appeals that may be read by who looks.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TEXTS, [list(appeals), READ_FOR_QUOTES])
        rows = cursor.fetchall()
    plain = [strip_words(text, names=[name]) for _appeal, text, name, _at in rows]
    return [
        Quoted(rows[one.text][0], one.sentence, rows[one.text][3]) for one in telling_sentences(plain, most)
    ]
