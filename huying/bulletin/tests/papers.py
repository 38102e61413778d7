"""What the tests of papers share: cases that are late, a letter about them, a week that is over."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from huying.bulletin.bulletins import draft_bulletin, release_bulletin
from huying.bulletin.models import Bulletin, Reminder, Span
from huying.bulletin.reminders import draft_reminder, sign_reminder
from huying.cases.tests.stories import AT, asked, dispatched
from huying.feedback.actions import Answer, rate_reply
from huying.insight.rolling import roll
from huying.people.queries import unit_book
from huying.testing.cast import resident, staff
from huying.testing.town import STREET

if TYPE_CHECKING:
    from uuid import UUID

    from huying.cases.models import Case

# The cases of the stories are opened on a Tuesday; they are late three weeks after.
LATER = AT + timedelta(days=21)
DAY = AT.date()
MONDAY = datetime(2026, 9, 28, 7, 30, tzinfo=AT.tzinfo)
IN_THE_WEEK = date(2026, 9, 24)


def cleaners() -> UUID:
    """Return the unit the rules give the cast's matters to."""
    return unit_book().by_code["cleaning"].id


def drafted(*cases: Case, reason: str = "overdue", by: str = "du") -> Reminder:
    """Return a letter Du drafted to the cleaners about cases that are late."""
    numbers = [case.number for case in cases or (dispatched(),)]
    return draft_reminder(cleaners(), numbers, reason=reason, by=staff(by, at=LATER), at=LATER)


def issued(*cases: Case) -> Reminder:
    """Return a letter Ling signed."""
    letter = drafted(*cases)
    return sign_reminder(letter.pk, seen=letter.fact_seq, by=staff("ling", at=LATER), at=LATER)


def praised(words: str = "小王师傅13800138000来得很快，处理得很好，谢谢！") -> Case:
    """Return a case whose resident gave full marks with words."""
    case = asked()
    appeal = case.memberships.get().appeal_id
    full = Answer("yes", speed=5, result=5, service=5, process=5, comment=words)
    rate_reply(appeal, full, by=resident(), at=AT)
    return case


def week(area: str = STREET, *, by: str = "ling", at: datetime = MONDAY) -> Bulletin:
    """Return the draft of the bulletin of the stories' week."""
    while roll(at=at):
        pass
    return draft_bulletin(area, Span.WEEK, IN_THE_WEEK, by=staff(by, at=at), at=at)


def released(bulletin: Bulletin | None = None, *, by: str = "ling", at: datetime = MONDAY) -> Bulletin:
    """Return a bulletin Ling released."""
    draft = bulletin or week()
    return release_bulletin(draft.pk, seen=draft.revision, by=staff(by, at=at), at=at)
