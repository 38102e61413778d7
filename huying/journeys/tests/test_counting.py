"""The town in numbers: every outcome counted where it belongs, every share over what it is a share of."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huying.cases.actions import move_case
from huying.cases.tests import stories
from huying.cases.tests.stories import AT, HOUR, voices_of
from huying.feedback.actions import Answer, lapse_questions, rate_reply
from huying.journeys.counting import town_stats
from huying.ledger.queries import count_facts
from huying.testing.cast import appeal_of, resident, staff

pytestmark = pytest.mark.django_db


def test_an_empty_town_has_no_shares() -> None:
    stats = town_stats()
    assert (stats["appeals"], stats["cases"], stats["first_dispatch_judged"]) == (0, 0, 0)
    assert stats["share_automatic"] is stats["first_dispatch_success"] is stats["seconds_to_dispatch"] is None
    assert stats["facts"] == count_facts() > 0, "the town's own founding"


def test_every_outcome_is_counted_where_it_belongs() -> None:
    for start in stories.AT_STATUS.values():
        start()
    stats = town_stats()
    # "merged" needs a second case, and "closed" is confirmed.
    assert (stats["appeals"], stats["cases"]) == (16, 16)
    assert (stats["closed"], stats["confirmed"], stats["unconfirmed"], stats["solved"]) == (2, 2, 0, 2)
    assert (stats["merged"], stats["withdrawn"], stats["inadmissible"]) == (1, 1, 1)
    assert stats["waiting_for_person"] == 1
    assert (stats["dispatched"], stats["dispatched_automatically"]) == (11, 11)
    assert stats["share_automatic"] == round(11 / 16, 4)


def test_silence_and_what_is_not_solved_are_counted_apart() -> None:
    silent = stories.asked()
    lapse_questions(at=AT + timedelta(days=8))
    partly = stories.passed(solved="partly")
    stories.close(partly)
    stats = town_stats()
    assert (stats["closed"], stats["confirmed"], stats["unconfirmed"]) == (2, 1, 1)
    assert (stats["solved"], stats["partly_solved"], stats["not_solved"]) == (1, 1, 0)
    assert voices_of(silent)


def test_the_first_dispatch_succeeds_where_nobody_gave_it_back() -> None:
    stories.signed()
    case = stories.returned()
    move_case(case.pk, "redispatch", by=staff("mei", at=AT), at=AT, unit="city", reason="有理")
    move_case(case.pk, "sign", by=staff("wu", at=AT), at=AT)
    stories.dispatched()  # nobody has judged it yet
    stats = town_stats()
    assert (stats["first_dispatch_judged"], stats["first_dispatch_success"]) == (2, 0.5)


def test_the_time_to_dispatch_is_the_mean_over_what_was_dispatched() -> None:
    stories.dispatched()
    case = stories.waiting()
    mei = staff("mei", at=AT)
    move_case(case.pk, "dispatch", by=mei, at=AT + HOUR, unit="city", item="010101")
    stories.waiting()
    assert town_stats()["seconds_to_dispatch"] == 1800


def test_rework_and_supervision_count_cases_and_one_case_may_carry_many_appeals() -> None:
    case = stories.asked()
    appeal_of(joins=case.pk, at=AT)
    rate_reply(voices_of(case)[0], Answer("no"), by=resident(), at=AT)
    stats = town_stats()
    assert (stats["appeals"], stats["cases"], stats["reworked"], stats["supervised"]) == (2, 1, 1, 0)
