"""The cases behind a count are as many as the count says, whatever was counted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from huying.cases.tests.stories import AT, asked, dispatched
from huying.insight.behind import cases_behind
from huying.insight.core.tallying import HAPPENED
from huying.insight.models import CaseTally
from huying.insight.rolling import roll
from huying.insight.tally import RATES, today_of
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
