"""The cases behind a count are as many as the count says, whatever was counted."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from huying.cases.actions import move_case
from huying.cases.tests.stories import AT, asked, closed, dispatched, voices_of, waiting
from huying.feedback.actions import Answer, rate_reply
from huying.insight.behind import cases_behind
from huying.insight.core.tallying import HAPPENED
from huying.insight.models import CaseTally
from huying.insight.rolling import roll
from huying.insight.tally import RATES, today_of
from huying.ledger.actor import SYSTEM
from huying.testing.cast import resident, staff
from huying.testing.town import DISTRICT, STREET

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=30)


def test_each_counter_leads_to_exactly_the_cases_that_count() -> None:
    for story in (dispatched, dispatched, asked):
        story()
    while roll(at=LATER):
        pass
    since, until = today_of(AT)[0] - timedelta(days=1), today_of(LATER)[1]
    for word in HAPPENED:
        wanted = {
            row.case_id
            for row in CaseTally.objects.all()
            if any(len(period) == 10 and counts.get(word) for period, _unit, _channel, counts in row.lines)
        }
        assert set(cases_behind([word], since=since, until=until, areas=[DISTRICT])) == wanted
    assert cases_behind(["opened"], since=since, until=until, areas=[f"{DISTRICT}/{STREET}x"]) == []
    assert cases_behind(["opened"], since=until, until=until, areas=[DISTRICT]) == []


def test_each_day_leads_to_its_own_cases_however_they_ended_and_however_early_in_the_day() -> None:
    """A day is Shanghai's: what is closed at one in the morning is closed that day, by UTC the day before."""
    early = (AT + timedelta(days=3)).replace(hour=1)
    confirmed, gone, other, came_back = asked(), dispatched(), dispatched(), closed()
    rate_reply(voices_of(confirmed)[0], Answer("yes"), by=resident(), at=early)
    move_case(gone.pk, "withdraw", by=resident(), at=early, reason="已解决")
    move_case(other.pk, "merge", by=staff("mei", at=early), at=early, into=waiting(at=early).pk)
    move_case(came_back.pk, "recheck", by=SYSTEM, at=early, later="SQ1")
    while roll(at=early):
        pass
    rows = list(CaseTally.objects.all())
    days = sorted({period for row in rows for period, *_rest in row.lines if len(period) == 10})
    assert len(days) > 1
    for day, word in product(days, HAPPENED):
        wanted = {
            row.case_id for row in rows
            if any(period == day and counts.get(word) for period, _unit, _channel, counts in row.lines)
        }  # fmt: skip
        since = date.fromisoformat(day)
        told = cases_behind([word], since=since, until=since + timedelta(days=1), areas=[DISTRICT])
        assert set(told) == wanted, (day, word)


def test_what_is_taken_off_is_taken_off_and_words_are_counters() -> None:
    asked()
    while roll(at=AT):
        pass
    told: dict[str, Any] = {"since": today_of(AT)[0], "until": today_of(AT)[1], "areas": [DISTRICT]}
    assert cases_behind(["opened"], **told)
    assert cases_behind(["opened", "-came_in"], **told) == []
    for rate in RATES:
        cases_behind(rate.hits, **told)
        cases_behind(rate.misses, **told)
    with pytest.raises(KeyError):
        cases_behind(["'); DROP TABLE"], **told)
