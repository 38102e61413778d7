"""Stages of a matter: each has its day, is called done once, and its lateness is never hidden."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from huying.cases import reasons
from huying.cases.actions import move_case
from huying.cases.keeping import keep_cases
from huying.cases.models import Clock, Deadline
from huying.cases.recomputing import Begin, recompute_case
from huying.cases.stages import clock_label, was_late
from huying.cases.tests import stories
from huying.cases.tests.stories import AT, HOUR, facts_of, fresh, made, running
from huying.catalogue.models import Grade
from huying.ledger.actor import SYSTEM
from huying.testing.cast import staff
from huying.testing.refusals import refused

if TYPE_CHECKING:
    from huying.cases.models import Case

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def done(case: Case, *, at: datetime = AT) -> Case:
    return made(case, "stage_done", "lin", at=at, result="已责令停工")


def days_of(case: Case) -> list[str]:
    """Return the days of the stages as the handling clock keeps them."""
    return [stage["due_at"][:10] for stage in running(case)[Clock.HANDLE].stages or []]


def test_the_running_stage_is_what_lists_sort_by_and_the_whole_keeps_its_day() -> None:
    case = stories.staged()
    stage, whole = running(case)[Clock.STAGE], running(case)[Clock.HANDLE]
    assert stage.started_at == whole.started_at
    assert stage.due_at.isoformat() < running(case)[Clock.CONTACT].due_at.isoformat()
    assert case.next_due_at == stage.due_at < whole.due_at == case.due_at
    assert case.warn_at == stage.warn_at < stage.due_at
    assert clock_label(stage).endswith("停工")


def test_a_matter_is_in_its_first_stage_from_dispatch_on() -> None:
    stories.in_stages()
    assert Clock.STAGE in running(stories.dispatched())
    assert Clock.STAGE in running(made(stories.waiting(), "dispatch", "mei", unit="cleaning", item="010101"))
    assert Clock.STAGE not in running(stories.waiting())


def test_a_stage_done_in_time_lets_the_next_begin_and_moves_no_day() -> None:
    case = stories.staged()
    before, whole = days_of(case), running(case)[Clock.HANDLE].due_at
    first = running(case)[Clock.STAGE]
    case = done(case, at=AT + HOUR)
    first.refresh_from_db()
    assert first.met_at == AT + HOUR
    assert not was_late(first)
    second = running(case)[Clock.STAGE]
    assert (second.started_at, clock_label(second)[-2:]) == (AT + HOUR, "处罚")
    assert (days_of(case), running(case)[Clock.HANDLE].due_at) == (before, whole)
    told = facts_of(case)[-1]
    assert (told.data["stage"], told.data["in_time"], told.data["following"]) == ("停工", True, "处罚")


def test_who_is_late_with_a_stage_is_late_for_good_and_has_less_time_for_the_next() -> None:
    case = stories.staged()
    first, planned = running(case)[Clock.STAGE], running(case)[Clock.STAGE].due_at
    case = done(case, at=AT + 3 * DAY)
    first.refresh_from_db()
    assert was_late(first)
    second = running(case)[Clock.STAGE]
    assert second.started_at == planned
    assert not facts_of(case)[-1].data["in_time"]


def test_so_late_that_the_next_is_due_already_that_one_is_late_as_well() -> None:
    case = done(stories.staged(), at=AT + 30 * DAY)
    second = running(case)[Clock.STAGE]
    assert second.started_at < second.due_at < AT + 30 * DAY


def test_the_last_stage_ends_with_the_reply() -> None:
    case = done(done(stories.staged()), at=AT + HOUR)
    assert Clock.STAGE not in running(case)
    assert case.next_due_at is not None
    with refused(reasons.NO_STAGE.key):
        done(case, at=AT + 2 * HOUR)
    case = stories.reply(case, at=AT + 2 * HOUR)
    assert Clock.HANDLE not in running(case)


def test_a_matter_without_stages_has_none_to_finish() -> None:
    with refused(reasons.NO_STAGE.key):
        done(stories.signed())


def test_a_stage_nobody_called_done_ends_with_the_reply_late_if_it_was() -> None:
    case = stories.staged()
    stage = running(case)[Clock.STAGE]
    stories.reply(case, at=AT + 3 * DAY)
    stage.refresh_from_db()
    assert stage.met_at is None
    assert was_late(stage)


def test_supervision_looks_at_a_stage_that_is_nearly_and_then_really_over() -> None:
    case = stories.staged()
    stage = running(case)[Clock.STAGE]
    keep_cases(at=stage.warn_at)
    assert fresh(case).supervision == "blue"
    keep_cases(at=stage.due_at + HOUR)
    assert fresh(case).supervision == "red"
    assert facts_of(case)[-1].data["reason"] == "stage_overdue"


def test_a_stage_done_in_time_ends_the_warning() -> None:
    case = stories.staged()
    stage = running(case)[Clock.STAGE]
    keep_cases(at=stage.warn_at)
    assert done(case, at=stage.warn_at).supervision == ""


def test_a_slip_is_undone_soon_and_the_stage_has_the_day_it_had() -> None:
    case = stories.staged()
    planned, before = running(case)[Clock.STAGE].due_at, days_of(case)
    case = made(done(case), "undo_stage", "lin", at=AT + timedelta(minutes=2))
    stage = running(case)[Clock.STAGE]
    assert (stage.due_at, clock_label(stage)[-2:], days_of(case)) == (planned, "停工", before)
    with refused(reasons.NOTHING_TO_UNDO.key):
        made(case, "undo_stage", "lin", at=AT + timedelta(minutes=3))
    assert [fact.kind for fact in facts_of(case)][-2:] == ["StageDone", "StageUndone"]


def test_a_pause_moves_the_stages_to_come_and_leaves_those_that_are_over() -> None:
    case = done(stories.staged())
    before = days_of(case)
    case = made(
        case, "ask_suspension", "lin", reason="等待复议", plan="复议后继续", review_on="2026-10-20"
    )  # fmt: skip
    case = made(case, "suspend", "du")
    assert case.next_due_at == running(case)[Clock.SUSPEND].due_at
    case = made(case, "resume", "lin", at=AT + 7 * DAY)
    after = days_of(case)
    assert after[0] == before[0]
    assert after[1] > before[1]
    stage = running(case)[Clock.STAGE]
    assert stage.due_at.date().isoformat() == after[1]
    assert days_of(case)[-1] == running(case)[Clock.HANDLE].due_at.date().isoformat()


def test_more_time_puts_off_the_stages_to_come_but_none_that_is_late() -> None:
    case = stories.staged()
    late, whole = days_of(case), running(case)[Clock.HANDLE].due_at
    at = AT + 2 * DAY
    case = made(case, "ask_extension", "lin", at=at, reason="等鉴定", days="5")
    case = made(case, "grant_extension", "hao", at=at)
    assert days_of(case)[0] == late[0]
    assert days_of(case)[1] > late[1]
    assert running(case)[Clock.HANDLE].due_at > whole
    assert running(case)[Clock.STAGE].due_at < at
    case = done(case, at=at)
    assert running(case)[Clock.STAGE].due_at.date().isoformat() == days_of(case)[1]


def test_more_time_puts_off_the_stage_that_runs_and_keeps_the_day_it_had() -> None:
    case = done(stories.staged())
    second = running(case)[Clock.STAGE]
    case = made(case, "ask_extension", "lin", reason="等鉴定", days="5")
    case = made(case, "grant_extension", "hao")
    second.refresh_from_db()
    later = running(case)[Clock.STAGE]
    assert second.ended_at == AT
    assert (later.extends_id, later.due_at > second.due_at) == (second.pk, True)


@pytest.mark.parametrize("begin", list(Begin))
def test_computed_anew_what_is_over_stays_over(begin: Begin) -> None:
    case = done(stories.staged())
    Deadline.objects.filter(case=case).update(policy_edition=None)
    recompute_case(case.pk, by=staff("guan"), at=AT + DAY, reason="新办法", begin=begin)
    case = fresh(case)
    plan, stage = running(case)[Clock.HANDLE].stages or [], running(case)[Clock.STAGE]
    assert [bool(one.get("done_at")) for one in plan] == [True, False, False]
    assert stage.due_at == datetime.fromisoformat(plan[1]["due_at"])
    assert case.next_due_at == min(row.due_at for row in running(case).values())
    assert "stage" in {clock for clock, _ in facts_of(case)[-1].data["after"]}


def test_a_major_emergency_runs_in_no_stages() -> None:
    case = made(stories.staged(), "mark_major", "mei", reason="有人受伤")
    assert case.grade == Grade.A
    assert Clock.STAGE not in running(case)
    assert case.next_due_at == min(row.due_at for row in running(case).values())


def test_back_at_work_after_the_reply_it_begins_anew_without_stages() -> None:
    case = stories.reply(done(stories.staged()))
    case = made(case, "fail_review", "hao", reason="缺照片")
    assert Clock.STAGE not in running(case)
    assert running(case)[Clock.HANDLE].stages is None


def test_merged_and_parted_again_the_same_stage_runs_on() -> None:
    case, other = done(stories.staged()), stories.dispatched()
    before = running(case)[Clock.STAGE].pk
    mei = staff("mei")
    move_case(case.pk, "merge", by=mei, at=AT + HOUR, into=other.pk)
    assert Clock.STAGE not in running(case)
    move_case(case.pk, "unmerge", by=SYSTEM, at=AT + 2 * HOUR)
    assert running(case)[Clock.STAGE].pk == before
