"""What time does to cases: it lapses, resumes, colours, archives and looks back, each once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from huying.cases.keeping import keep_cases
from huying.cases.looking_back import look_back
from huying.cases.models import Case, Status
from huying.cases.tests import stories
from huying.cases.tests.stories import AT, facts_of, fresh, made, running
from huying.testing.cast import appeal_of, case_of

if TYPE_CHECKING:
    from datetime import datetime

pytestmark = pytest.mark.django_db


def keep(at: datetime) -> int:
    done = 0
    while (moved := keep_cases(at=at)) > 0:
        done += moved
    return done


def test_details_that_never_come_let_a_case_lapse_and_it_can_be_taken_up_again() -> None:
    case = stories.need_info()
    due = running(case)["info"].due_at
    assert keep(due) == 0
    assert keep(due + timedelta(seconds=1)) == 1
    assert fresh(case).status == Status.LAPSED
    assert running(fresh(case)) == {}
    assert keep(due + timedelta(days=1)) == 0
    again = made(case, "refile", "resident", at=due + timedelta(days=2), text="是三号楼")
    assert (again.status, list(running(again))) == (Status.SUBMITTED, ["receive"])


def test_a_suspension_ends_on_its_day_and_the_clock_has_lost_no_time() -> None:
    case = stories.suspended()
    handle = running(case)["handle"]
    left = handle.due_at - AT
    review = running(case)["suspend"].due_at
    assert fresh(case).next_due_at == review
    assert keep(review) == 0
    assert keep(review + timedelta(seconds=1)) >= 1
    case = fresh(case)
    assert case.status == Status.IN_PROGRESS
    handle.refresh_from_db()
    assert handle.due_at > review
    assert handle.due_at - review >= left - timedelta(days=2)
    assert len(handle.pauses) == 1
    assert case.due_at == handle.due_at


def test_near_its_date_a_case_is_blue_and_over_it_red_each_told_once() -> None:
    case = stories.signed()
    handle = running(case)["handle"]
    keep(handle.warn_at)
    assert (fresh(case).supervision, fresh(case).supervised) == ("blue", False)
    keep(handle.warn_at + timedelta(minutes=1))
    keep(handle.due_at + timedelta(minutes=1))
    keep(handle.due_at + timedelta(minutes=2))
    assert (fresh(case).supervision, fresh(case).supervised) == ("red", True)
    told = [fact.data["colour"] for fact in facts_of(case) if fact.kind == "SupervisionSet"]
    assert told == ["blue", "red"]


def test_blue_goes_with_the_reply_and_red_stays() -> None:
    near, over = stories.signed(), stories.signed()
    keep(running(near)["handle"].warn_at)
    assert stories.reply(near, at=running(near)["handle"].warn_at).supervision == ""
    late = running(over)["handle"].due_at + timedelta(minutes=1)
    keep(late)
    assert stories.reply(over, at=late).supervision == "red"


def test_a_closed_case_is_archived_when_its_time_is_over_and_cannot_be_opened_again() -> None:
    case = stories.closed()
    assert keep(AT + timedelta(days=29)) == 0
    assert keep(AT + timedelta(days=32)) == 1
    case = fresh(case)
    assert (case.status, case.closure) == (Status.ARCHIVED, "confirmed")
    assert case.archived_at is not None


def test_the_same_at_the_same_place_flags_what_was_closed_as_solved() -> None:
    old = stories.closed()
    later = AT + timedelta(days=20)
    came = case_of(appeal_of(at=later))
    assert look_back(at=later + timedelta(minutes=5)) == 1
    old, came = fresh(old), fresh(came)
    assert (old.false_closure, old.status) == (True, Status.CLOSED)
    assert (came.recheck_of_id, came.supervision) == (old.pk, "yellow")
    assert facts_of(old)[-1].data["later"] == came.number
    assert look_back(at=later + timedelta(minutes=6)) == 0


@pytest.mark.parametrize(("days", "north"), [(20, 1), (200, 0)], ids=["another place", "long after"])
def test_another_place_or_a_time_long_after_flags_nothing(days: int, north: int) -> None:
    old = stories.closed()
    later = AT + timedelta(days=days)
    appeal_of(at=later, north=north)
    assert look_back(at=later) == 0
    assert not fresh(old).false_closure


def test_what_was_closed_as_not_solved_is_not_called_a_false_closure() -> None:
    case = stories.passed(solved="no")
    stories.close(case)
    later = AT + timedelta(days=3)
    appeal_of(at=later)
    assert look_back(at=later) == 0
    assert Case.objects.filter(false_closure=True).count() == 0
