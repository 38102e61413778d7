"""Every clock the town keeps is started by a move or used elsewhere, and has an effect when it passes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huying.cases import reasons
from huying.cases.deadlines import POLICY_OF
from huying.cases.keeping import keep_cases
from huying.cases.models import Clock
from huying.cases.moves import MOVES
from huying.cases.tests import stories
from huying.cases.tests.stories import AT, HOUR, facts_of, fresh, made, running
from huying.catalogue.policies import USUAL
from huying.testing.refusals import refused

DAY = timedelta(days=1)
# Clocks of the table that are no clock of a case by their own name, and where they count.
ELSEWHERE = {
    "sign_urgent": "signing, and placing, of danger and urgent items",
    "contact_urgent": "first contact in danger",
    "danger": "handling", "utilities": "handling", "ordinary": "handling", "complex": "handling",
    "inquiry": "handling", "rework": "handling again",
    "adjudicate": "ruling on a second dispute",
    "assist": "a part of another unit", "call_in": "a part of another unit",
    "need_info_reminder": "reminders to residents", "supervise_reminder": "every warning",
    "supervise_letter": "as shipped the moment a clock is over: the overdue letter and the red colour",
    "objection": "guard", "reopen_window": "guard", "recheck_window": "looking back",
    "archive_after": "keeping", "rule_vote": "proposed duty rules",
    "admission_notice": "admission", "admission_ruling": "admission", "admission_reminder": "admission",
    # Said in the clock's own words as well (`catalogue.policies.NAMES`).
    "answer_message": "met by the number and confirmation given in the same moment",
    "answer_letter": "met by the number and confirmation given in the same moment",
}  # fmt: skip


def test_every_clock_of_the_table_is_one_of_a_case_or_counts_elsewhere() -> None:
    named = {POLICY_OF.get(clock, str(clock)) for clock in Clock} - {"handle", "stage"}
    assert named | set(ELSEWHERE) == set(USUAL)
    assert not named & set(ELSEWHERE)


@pytest.mark.parametrize("clock", list(Clock))
def test_every_clock_of_a_case_is_started_and_stopped_by_moves(clock: Clock) -> None:
    assert any(clock in move.starts for move in MOVES)
    assert any(clock in move.meets for move in MOVES) or clock == Clock.SUSPEND
    assert any(clock in move.ends for move in MOVES)


@pytest.mark.django_db
def test_residents_are_asked_within_a_time_of_its_own() -> None:
    case = stories.passed()
    asking = running(case)[Clock.ASKING]
    assert (asking.amount, asking.amount_unit) == (4, "working_days")
    assert case.next_due_at == asking.due_at
    made(case, "rework", "", at=AT + HOUR, reason="resident_not_satisfied")
    asking.refresh_from_db()
    assert asking.met_at == AT + HOUR
    assert Clock.ASKING not in running(case)


@pytest.mark.django_db
def test_supervision_is_answered_in_writing_and_ends_its_clock() -> None:
    case = stories.supervised()
    assert running(case)[Clock.REPORT].amount == 5
    case = made(case, "report", "lin", at=AT + HOUR, note="三日内办结")
    assert Clock.REPORT not in running(case)
    with refused(reasons.NO_REPORT_ASKED.key):
        made(case, "report", "lin", at=AT + HOUR, note="再报一次")


@pytest.mark.django_db
def test_blue_asks_for_no_report_and_ending_supervision_ends_the_asking() -> None:
    case = made(stories.signed(), "supervise", "du", colour="blue", reason="临期")
    assert Clock.REPORT not in running(case)
    case = made(stories.supervised(), "lift_supervision", "du", reason="已说明")
    assert Clock.REPORT not in running(case)


@pytest.mark.django_db
def test_without_a_report_the_colour_rises_and_under_red_those_who_supervise_are_told_once() -> None:
    case = made(stories.supervised(), "first_contact", "lin", note="已联系")
    late = running(case)[Clock.REPORT].due_at + HOUR
    for days in range(8):
        while keep_cases(at=late + days * 3 * DAY):
            pass
    case = fresh(case)
    assert case.supervision == "red"
    assert [fact.kind for fact in facts_of(case)].count("SupervisionUnanswered") == 1
    assert Clock.REPORT not in running(case)
