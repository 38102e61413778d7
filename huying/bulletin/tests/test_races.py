"""Two at once: a letter is one, numbers are one after another, a bulletin is one."""

from __future__ import annotations

from functools import partial

import pytest

from huying.bulletin.models import Bulletin, Reminder
from huying.bulletin.reminders import sign_reminder
from huying.bulletin.tests.papers import LATER, drafted, week
from huying.cases.tests.stories import dispatched
from huying.ledger.queries import verify
from huying.testing.apart import keys_of, race
from huying.testing.cast import staff

pytestmark = pytest.mark.usefixtures("apart")


def test_a_double_click_drafts_one_letter() -> None:
    case = dispatched()
    answers = race(partial(drafted, case), partial(drafted, case), partial(drafted, case))
    assert sorted(keys_of(answers)) == ["", "letter_there", "letter_there"]


def test_letters_signed_at_once_get_numbers_without_gap_or_double() -> None:
    letters = [drafted(dispatched()) for _ in range(4)]
    ling = staff("ling", at=LATER)
    race(*(partial(sign_reminder, one.pk, seen=one.fact_seq, by=ling, at=LATER) for one in letters))
    numbers = Reminder.objects.filter(pk__in=[one.pk for one in letters]).values_list("number", flat=True)
    assert set(numbers) == {1, 2, 3, 4}
    assert verify().broken is None


def test_a_letter_signed_twice_at_once_is_issued_once() -> None:
    letter = drafted(dispatched())
    sign = partial(sign_reminder, letter.pk, seen=letter.fact_seq, by=staff("ling", at=LATER), at=LATER)
    assert sorted(keys_of(race(sign, sign))) == ["", "letter_moved"]


def test_a_bulletin_drafted_twice_at_once_is_one() -> None:
    dispatched()
    made = race(week, week)
    assert len({one.pk for one in made if isinstance(one, Bulletin)}) == 1
