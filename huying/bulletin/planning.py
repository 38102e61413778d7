"""Bulletins that draft themselves: which areas get which, by the town's plan, and when."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from huying.bulletin.bulletins import draft_bulletin, release_bulletin
from huying.bulletin.models import BulletinPlan, BulletinState, Letterhead, Span
from huying.bulletin.rules import PAPER_LEVELS
from huying.catalogue.core.calendar import local_day
from huying.kit.errors import Refusal
from huying.kit.text import on_one_line
from huying.ledger.actor import SYSTEM
from huying.people.permissions import Permission
from huying.people.reasons import NOT_ALLOWED
from huying.places.queries import town_map

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime
    from uuid import UUID

    from huying.bulletin.models import Bulletin
    from huying.ledger.actor import Actor

# What a town without a plan gets: (level, span).
USUAL = {("street", Span.WEEK), ("community", Span.WEEK)}


LONGEST = {"issuer": 60, "word": 20, "printed_by": 60, "masthead": 30, "copies_to": 300}


def plan_of(level: str, span: str) -> tuple[bool, bool]:
    """Return whether bulletins of a level and span are drafted by themselves, and released by themselves."""
    row = BulletinPlan.objects.filter(level_id=level, span=span).first()
    return (row.is_on, row.by_itself) if row else ((level, span) in USUAL, False)


def set_plan(level: str, span: str, *, is_on: bool, by_itself: bool, by: Actor) -> None:
    """Set whether a level's bulletins draft and release themselves. Refusal `not_allowed`."""
    if not by.holds(Permission.SYSTEM_EDIT) or level not in PAPER_LEVELS or span not in Span.values:
        raise Refusal(NOT_ALLOWED)
    BulletinPlan.objects.update_or_create(
        level_id=level, span=span, defaults={"is_on": is_on, "by_itself": is_on and by_itself}
    )


def set_letterhead(area_id: UUID, *, by: Actor, **told: str) -> Letterhead:
    """Set how an area's papers are headed: issuer, word, printed_by, masthead, copies_to. `not_allowed`."""
    if not by.holds(Permission.SYSTEM_EDIT):
        raise Refusal(NOT_ALLOWED)
    cleaned = {name: on_one_line(told.get(name, ""))[:longest] for name, longest in LONGEST.items()}
    if not cleaned["issuer"] or not cleaned["word"]:
        raise Refusal(NOT_ALLOWED, field="issuer")
    return Letterhead.objects.update_or_create(area_id=area_id, defaults=cleaned)[0]


def spans_over(today: date) -> Iterator[tuple[Span, date]]:
    """Yield the spans that were over when this day began, each with a day inside it."""
    yesterday = today - timedelta(days=1)
    yield Span.DAY, yesterday
    if today.weekday() == 0:
        yield Span.WEEK, yesterday
    if today.day == 1:
        yield Span.MONTH, yesterday


def draft_what_is_due(*, at: datetime) -> list[Bulletin]:
    """Draft the bulletins the plan asks for this morning; those it trusts to are released. Safe to repeat."""
    made = []
    for span, day in spans_over(local_day(at)):
        for card in list(town_map().areas.values()):
            if card.level not in PAPER_LEVELS:
                continue
            is_on, by_itself = plan_of(card.level, span)
            if not is_on:
                continue
            bulletin = draft_bulletin(card.code, span, day, by=SYSTEM, at=at)
            if by_itself and bulletin.state == BulletinState.DRAFT and bulletin.revision == 0:
                bulletin = release_bulletin(bulletin.pk, seen=0, by=SYSTEM, at=at)
            made.append(bulletin)
    return made
