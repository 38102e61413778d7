"""Live: what each new appeal, and each one taken back or hidden, does to its matter; jobs after the fact.

Intake does nothing of this: it defers one job in its own statement. Whatever fails here is tried again and
set right by the night's pass; an appeal never waits for it and is never lost by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from huying.cases.words import item_name
from huying.insight.core.hotspots_titles import trimmed
from huying.insight.hot_counting import lock_spots, one_at_a_time, recount
from huying.insight.lexicons import lexicon_now
from huying.insight.marking import (
    GROUP_LETTERS,
    count_weeks,
    forget_who,
    keep_marks,
    read_marks,
    sign_marks,
)
from huying.insight.matching import find_match
from huying.insight.models import HotMark, HotSpot
from huying.kit.redact import find
from huying.ledger.handlers import together

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from huying.insight.core.hotspots import Profile
    from huying.insight.lexicons import Reading
    from huying.insight.marking import Mark
    from huying.ledger.models import Fact

LONGEST_TITLE = 120


def appeal_of(fact: Fact) -> UUID:
    """Return the appeal or case a fact is told of."""
    return UUID(fact.stream.partition(":")[2])


@together
def update_matters(facts: Sequence[Fact]) -> None:
    """Put new appeals into their matters, and count each matter they touch anew."""
    take_in([appeal_of(fact) for fact in facts], at=max(fact.at for fact in facts))


def take_in(appeals: Iterable[UUID], *, at: datetime) -> set[UUID]:
    """Mark appeals that are new and put them into their matters; return the matters that changed."""
    marks = read_marks(appeals)
    now = lexicon_now()
    about = sign_marks(marks, now)
    with one_at_a_time():
        fresh = keep_marks(marks, now.edition, about)
        count_weeks(mark.week for mark in fresh)
        touched = {key for mark in fresh if (key := _place(mark, about[mark.appeal], now)) is not None}
        for spot in lock_spots(sorted(touched)).values():
            recount(spot, now=now, at=at)
    return touched


def _place(mark: Mark, about: Profile, now: Reading) -> UUID | None:
    """Put one appeal where it belongs; return the matter, None when it stays by itself."""
    if mark.me_too:
        spot = _spot_of_case(mark.case) if mark.case else None
        if spot is not None:
            attach([mark.appeal], spot)
        return spot
    match = find_match(mark, about, now)
    if match.spot is not None:
        attach([mark.appeal, *match.together], match.spot)
        return match.spot
    if not match.together:
        return None
    appeals = [mark.appeal, *match.together]
    spot = found_spot(appeals, mark)
    attach(appeals, spot)
    return spot


def found_spot(appeals: Sequence[UUID], mark: Mark) -> UUID:
    """Make a matter of these appeals; it is named after the first, as the case's title says it."""
    spot = HotSpot.objects.create(
        district=settings.DISTRICT, title=title_from(appeals[0], mark.item_code), area_path=mark.area_path,
        item_code=mark.item_code, first_at=mark.at, last_at=mark.at,
    )  # fmt: skip
    return spot.pk


def title_from(appeal: UUID, item_code: str) -> str:
    """Return a title in people's words: the masked one of the case; the item where it tells too much."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.title FROM cases_membership m JOIN cases_case c ON c.id = m.case_id "
            "WHERE m.appeal_id = %s AND m.until_at IS NULL",
            [appeal],
        )
        row = cursor.fetchone()
    return fit_title(row[0] if row else "", item_code)


def fit_title(said: str, item_code: str) -> str:
    """Return what was said as a title, who called left out; the item where it tells nothing or too much."""
    said = trimmed(" ".join(said.split()))
    if not said or find(said):
        said = item_name(item_code).partition(" ")[2] or "—"
    return said[:LONGEST_TITLE]


_ATTACH = """
UPDATE insight_hotmark k SET spot_id = %s, who = w.who FROM unnest(%s::uuid[], %s::bytea[]) AS w(appeal, who)
WHERE k.appeal_id = w.appeal AND (k.spot_id IS NULL OR (k.spot_id <> %s AND NOT k.pinned))
"""


def attach(appeals: Sequence[UUID], spot: UUID) -> None:
    """Give marks to a matter, each with what tells its appellant apart; those who joined come along."""
    whose = {mark.appeal: mark.who for mark in read_marks([*appeals, *_joined(appeals)])}
    with connection.cursor() as cursor:
        cursor.execute(_ATTACH, [spot, list(whose), list(whose.values()), spot])


def _joined(appeals: Sequence[UUID]) -> list[UUID]:
    """Return the appeals of neighbours who said "me too" to the cases of these."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.appeal_id FROM cases_membership m JOIN cases_membership o ON o.case_id = m.case_id "
            "WHERE m.appeal_id = ANY(%s) AND m.until_at IS NULL AND o.until_at IS NULL AND o.how = 'me_too'",
            [list(appeals)],
        )
        return [row[0] for row in cursor.fetchall()]


def _spot_of_case(case: UUID) -> UUID | None:
    """Return the matter the appeals of a case belong to."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k.spot_id FROM cases_membership m JOIN insight_hotmark k ON k.appeal_id = m.appeal_id "
            "WHERE m.case_id = %s AND m.until_at IS NULL AND k.spot_id IS NOT NULL "
            "ORDER BY m.from_at LIMIT 1",
            [case],
        )
        row = cursor.fetchone()
    return row[0] if row else None


# --- taken back, hidden, masked ----------------------------------------------------------------------
def take_out(appeals: Iterable[UUID], *, at: datetime) -> None:
    """Forget the marks of appeals that may not be looked at, and count their matters anew."""
    with one_at_a_time():
        marks = HotMark.objects.filter(pk__in=list(appeals))
        gone = list(marks.values_list("spot_id", "area_key", "item_code", "at"))
        touched = {spot for spot, *_week in gone if spot is not None}
        marks.delete()
        count_weeks(((area, item[:GROUP_LETTERS], moment) for _s, area, item, moment in gone), sign=-1)
        for spot in lock_spots(sorted(touched)).values():
            recount(spot, at=at, whole=True)


def forget_withdrawn(fact: Fact) -> None:
    """Take an appeal its resident took back out of its matter."""
    take_out([appeal_of(fact)], at=fact.at)


def follow_secrecy(fact: Fact) -> None:
    """Take the appeals of a case that became confidential out; take them in when it is so no longer."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT appeal_id FROM cases_membership WHERE case_id = %s AND until_at IS NULL",
            [appeal_of(fact)],
        )
        appeals = [row[0] for row in cursor.fetchall()]
    if fact.data["confidential"]:
        take_out(appeals, at=fact.at)
    else:
        take_in(appeals, at=fact.at)


def forget_appellant(fact: Fact) -> None:
    """Make an appellant whose data was masked unrecognisable here, too."""
    with transaction.atomic():
        forget_who([appeal_of(fact)])
