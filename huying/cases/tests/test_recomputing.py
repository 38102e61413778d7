"""Dates computed anew on purpose: by the tables of today, recorded on every case; and never otherwise."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from huying.cases.models import Clock, Deadline
from huying.cases.recomputing import Begin, Which, matching, recompute_case, recompute_deadlines
from huying.cases.tests import stories
from huying.cases.tests.stories import AT, HOUR, closed, dispatched, made, running, suspended, waiting
from huying.catalogue.editing import set_clock, set_days, set_grade
from huying.catalogue.levels import level_of_unit
from huying.catalogue.models import CalendarDay
from huying.catalogue.queries import grade_table, town_clock
from huying.ledger.actor import SYSTEM
from huying.ledger.queries import timeline, verify
from huying.testing.cast import staff
from huying.testing.refusals import refused
from huying.testing.town import DISTRICT

if TYPE_CHECKING:
    from uuid import UUID

pytestmark = pytest.mark.django_db
LATER = AT + HOUR


def longer_signing() -> None:
    set_clock(
        "sign", amount=8, unit="working_hours", basis="会议纪要", valid_from=LATER.date(), district=DISTRICT,
        by=SYSTEM, at=LATER,
    )  # fmt: skip


def snapshot(case_id: UUID) -> list[tuple[object, ...]]:
    names = (
        "clock", "amount", "amount_unit", "started_at", "due_at", "warn_at", "met_at", "ended_at",
        "catalogue_number", "calendar_edition", "policy_edition", "provisional",
    )  # fmt: skip
    return list(Deadline.objects.filter(case_id=case_id).order_by("clock", "id").values_list(*names))


def test_every_date_keeps_the_editions_it_was_computed_from() -> None:
    case, town = dispatched(), town_clock(AT)
    for row in running(case).values():
        assert (row.calendar_edition, row.policy_edition) == (town.edition, town.policy_edition)
        assert row.catalogue_number is not None


def test_later_changes_of_calendar_clocks_and_grades_never_rewrite_a_date() -> None:
    case = dispatched()
    before = snapshot(case.pk)
    longer_signing()
    on = [CalendarDay(on=AT.date() + timedelta(days=n), kind="holiday", name="停工") for n in range(1, 9)]
    set_days(on, source="测试", district=DISTRICT, by=SYSTEM, at=LATER)
    set_grade("C", {"sign_amount": 9, "sign_unit": "working_hours"}, district=DISTRICT, by=SYSTEM, at=LATER)
    assert snapshot(case.pk) == before
    case.refresh_from_db()
    assert {row.due_at for row in running(case).values()} >= {case.next_due_at}


def test_computed_anew_from_their_start_clocks_have_todays_limit_and_keep_their_beginning() -> None:
    case = dispatched()
    old = running(case)[Clock.SIGN]
    longer_signing()
    assert recompute_case(case.pk, by=staff("guan"), at=LATER, reason="新办法", begin=Begin.START)
    new = running(case)[Clock.SIGN]
    assert (new.started_at, new.amount) == (old.started_at, 8)
    assert new.due_at > old.due_at
    assert new.policy_edition == town_clock(LATER).policy_edition
    old.refresh_from_db()
    assert (old.ended_at, old.met_at) == (LATER, None)


def test_computed_anew_from_today_the_whole_limit_runs_again_and_the_case_says_so() -> None:
    case = dispatched()
    handled = running(case)[Clock.HANDLE]
    assert recompute_case(case.pk, by=staff("guan"), at=LATER, reason="新办法")
    rows = running(case)
    assert {row.started_at for row in rows.values()} == {LATER}
    case.refresh_from_db()
    assert case.due_at == rows[Clock.HANDLE].due_at
    assert case.next_due_at == min(row.due_at for row in rows.values())
    fact = timeline(f"case:{case.pk}").latest("seq")
    assert (fact.kind, fact.data["reason"], fact.data["begin"]) == ("DeadlinesRecomputed", "新办法", "now")
    assert [Clock.HANDLE, handled.due_at.isoformat()] in fact.data["before"]
    assert [Clock.HANDLE, rows[Clock.HANDLE].due_at.isoformat()] in fact.data["after"]
    assert verify().broken is None


def test_where_nothing_would_differ_nothing_is_written() -> None:
    case = dispatched()
    before, facts = snapshot(case.pk), timeline(f"case:{case.pk}").count()
    assert not recompute_case(case.pk, by=staff("guan"), at=LATER, reason="看看", begin=Begin.START)
    assert snapshot(case.pk) == before
    assert timeline(f"case:{case.pk}").count() == facts


def test_who_keeps_the_catalogue_or_supervises_may_and_others_may_not() -> None:
    case = dispatched()
    longer_signing()
    before = snapshot(case.pk)
    for name in ("lin", "hao"):
        with refused("not_yours"):
            recompute_case(case.pk, by=staff(name), at=LATER, reason="我要更多时间")
    assert snapshot(case.pk) == before
    done = recompute_deadlines([case.pk], by=staff("lin"), at=LATER, reason="我要更多时间")
    assert (done.changed, done.refused) == (0, 1)


def test_an_act_without_a_reason_is_refused() -> None:
    with refused("missing"):
        recompute_deadlines([dispatched().pk], by=staff("guan"), at=LATER, reason="  ")


def test_only_cases_with_older_editions_are_offered_and_once() -> None:
    case, guan = dispatched(), staff("guan")
    assert case not in matching(Which(), by=guan, at=LATER)
    longer_signing()
    assert case in matching(Which(), by=guan, at=LATER)
    assert case in matching(Which(item=case.item_code[:4], grade=case.grade), by=guan, at=LATER)
    assert case not in matching(Which(item="99"), by=guan, at=LATER)
    assert case not in matching(Which(unit="no-such-unit"), by=guan, at=LATER)
    assert case not in matching(Which(provisional=True), by=guan, at=LATER)
    recompute_case(case.pk, by=guan, at=LATER, reason="新办法", begin=Begin.START)
    assert case not in matching(Which(), by=guan, at=LATER)


def test_a_date_beyond_the_known_days_is_provisional_until_it_is_computed_anew() -> None:
    case, guan = dispatched(at=AT.replace(month=12, day=31, hour=17, minute=30)), staff("guan")
    row = running(case)[Clock.HANDLE]
    assert row.provisional
    days = [CalendarDay(on=date(2027, 10, n), kind="holiday", name="国庆节") for n in range(1, 8)]
    days += [CalendarDay(on=date(2027, 1, n), kind="holiday", name="元旦") for n in range(1, 4)]
    set_days(days, source="通知", district=DISTRICT, by=SYSTEM, at=row.started_at)
    row.refresh_from_db()
    assert row.provisional
    found = matching(Which(provisional=True), by=guan, at=row.started_at)
    assert case in found
    recompute_case(case.pk, by=guan, at=row.started_at, reason="放假安排已公布", begin=Begin.START)
    assert not running(case)[Clock.HANDLE].provisional


# --- stages ------------------------------------------------------------------------------------------


def test_a_matter_in_stages_is_due_with_its_last_one_and_keeps_the_plan() -> None:
    stories.in_stages()
    case = dispatched()
    row = running(case)[Clock.HANDLE]
    assert row.stages is not None
    assert [stage["name"] for stage in row.stages] == ["停工", "处罚", "拆除"]
    assert [stage["due_at"][:10] for stage in row.stages] == ["2026-09-22", "2026-10-09", "2026-11-05"]
    assert datetime.fromisoformat(row.stages[-1]["due_at"]) == row.due_at == case.due_at
    assert (row.amount, row.amount_unit) == (20, "working_days")
    assert row.stages[0]["due_at"] < row.warn_at.isoformat() < row.due_at.isoformat()


def test_other_clocks_and_items_have_no_stages() -> None:
    rows = running(dispatched()).values()
    assert {row.stages for row in rows if row.stages} == set()


# --- clocks that stand still, and dates a person gave -----------------------------------------------


def test_what_stands_still_and_what_a_person_decided_stays() -> None:
    case = suspended()
    before = snapshot(case.pk)
    longer_signing()
    recompute_case(case.pk, by=staff("guan"), at=LATER, reason="新办法")
    kept = {row[0] for row in snapshot(case.pk) if row in before}
    assert {Clock.HANDLE, Clock.SUSPEND} <= kept


def test_time_a_clock_stood_still_is_not_counted_when_it_is_computed_anew() -> None:
    case = suspended()
    case = made(case, "resume", "lin", at=AT + timedelta(days=2))
    paused = running(case)[Clock.HANDLE]
    assert paused.pauses
    later = AT + timedelta(days=2, hours=1)
    recompute_case(case.pk, by=staff("guan"), at=later, reason="看看", begin=Begin.START)
    assert running(case)[Clock.HANDLE].due_at == paused.due_at
    recompute_case(case.pk, by=staff("guan"), at=later, reason="重新起算", begin=Begin.NOW)
    anew = running(case)[Clock.HANDLE]
    assert (anew.started_at, anew.pauses) == (later, [])


# --- the level a case belonged to, and the one it ended on -------------------------------------------


def test_a_case_keeps_the_level_of_its_grade_and_of_the_unit_that_closed_it() -> None:
    case = closed()
    assert case.opened_level == grade_table().level(case.grade) != ""
    assert case.closed_level == level_of_unit(case.unit_id) != ""


def test_a_case_a_person_dispatches_belongs_to_the_level_of_the_grade_they_gave() -> None:
    case = waiting()
    case = made(case, "dispatch", "mei", unit=dispatched().unit_id, item=dispatched().item_code, grade="A")
    assert case.opened_level == grade_table().level("A")
