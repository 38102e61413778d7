"""Walks: planned by whom it is given, gone by who takes part, ended with findings or without."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from huying.cases.models import Case, Closure, Solved, Status
from huying.cases.tests.stories import AT, HOUR, made
from huying.feedback.actions import ask_appellants
from huying.intake.models import Appeal
from huying.ledger.queries import timeline
from huying.people.actions import give_post
from huying.people.models import Account, Unit
from huying.testing.cast import staff
from huying.testing.refusals import refused
from huying.testing.town import EAST, FOUNDED_ON, STREET, WEST
from huying.walks.actions import (
    LineDraft,
    StopDraft,
    call_off,
    change_walk,
    plan_month,
    set_checklist,
    set_theme,
)
from huying.walks.going import end_walk
from huying.walks.models import Checked, Checklist, Finding, FoundHow, Theme, Walk, WalkState
from huying.walks.rules import visible_walks
from huying.walks.starting import STARTER_THEMES, set_starter_themes
from huying.walks.tests.stories import DAY, LINES, drafted, found, planned, theme

if TYPE_CHECKING:
    from huying.walks.models import Walk as WalkType

pytestmark = pytest.mark.django_db


# --- themes and checklists ---------------------------------------------------------------------------
def test_a_checklist_is_versioned_and_a_walk_keeps_the_version_it_was_planned_with() -> None:
    walk = planned()
    more = (*LINES, LineDraft("公厕"))
    newer = set_checklist(walk.theme_id, more, seen=1, by=staff("dong"), at=AT)
    assert newer.number == 2
    walk.refresh_from_db()
    assert (walk.checklist.number, walk.checklist.lines.count()) == (1, 2)
    assert planned(key=uuid4()).checklist.number == 2


def test_the_same_lines_again_are_no_new_version_and_an_old_screen_is_told() -> None:
    of = theme()
    assert set_checklist(of.pk, LINES, seen=0, by=staff("dong"), at=AT).number == 1
    with refused("checklist_moved"):
        set_checklist(of.pk, LINES[:1], seen=0, by=staff("dong"), at=AT)
    assert Checklist.objects.count() == 1


def test_a_theme_is_named_once_and_only_by_those_who_plan_there() -> None:
    of = theme()
    with refused("theme_twice", field="name"):
        theme()
    with refused("not_yours_to_plan"):
        set_theme("安全", area=WEST, by=staff("dong"), at=AT)
    with refused("not_yours_to_plan"):
        set_checklist(of.pk, LINES[:1], seen=1, by=staff("ge"), at=AT)
    off = set_theme("市容环境", area=EAST, theme=of.pk, is_active=False, by=staff("ling"), at=AT)
    with refused("theme_not_found", field="theme"):
        planned(of=off)


def test_starter_themes_are_written_once() -> None:
    assert len(set_starter_themes(STREET, by=staff("ling"), at=AT)) == len(STARTER_THEMES)
    assert set_starter_themes(STREET, by=staff("ling"), at=AT) == []
    assert Checklist.objects.count() == len(STARTER_THEMES)


# --- plans of a month --------------------------------------------------------------------------------
def test_a_month_has_one_theme_and_one_key_task_and_its_walks_belong_to_it() -> None:
    of = theme()
    plan = plan_month(EAST, date(2026, 9, 5), theme=of.pk, key_task="整治背街小巷", by=staff("dong"), at=AT)
    again = plan_month(EAST, date(2026, 9, 9), theme=of.pk, key_task="清理卫生死角", by=staff("dong"), at=AT)
    assert (plan.pk, again.month, again.key_task) == (again.pk, date(2026, 9, 1), "清理卫生死角")
    assert planned(of=of).plan == again
    assert planned(of=of, on=date(2026, 10, 2)).plan is None
    with refused("not_yours_to_plan"):
        plan_month(STREET, date(2026, 9, 1), theme=of.pk, key_task="全街道", by=staff("dong"), at=AT)


# --- planning ----------------------------------------------------------------------------------------
def test_a_walk_is_planned_once_whatever_is_clicked_twice() -> None:
    key = uuid4()
    first, second = planned(key=key), planned(key=key)
    assert first == second
    assert [(stop.name, bool(stop.place_id)) for stop in first.stops.all()] == [
        ("听澜花园", True), ("菜市场后巷", False),
    ]  # fmt: skip
    assert [fact.kind for fact in timeline(f"walk:{first.pk}")] == ["WalkPlanned"]


def test_a_walk_needs_somebody_who_goes_a_near_day_and_places_of_its_area() -> None:
    of = theme()
    with refused("nobody_walks"):
        planned(of=of, walkers=(("nowhere", ""),))
    with refused("walk_too_far", field="on"):
        planned(of=of, on=AT.date() + timedelta(days=400))
    with refused("walk_area_outside", field="stops"):
        planned(of=of, stops=(StopDraft("", place_code="E3"),))
    with refused("not_yours_to_plan"):
        planned(of=of, by="ge")
    bare = set_theme("空", area=EAST, by=staff("dong"), at=AT)
    with refused("no_checklist", field="theme"):
        planned(of=bare)
    assert not Walk.objects.exists()


def test_a_planned_walk_is_changed_on_a_fresh_screen_only() -> None:
    walk = planned()
    draft = drafted(walk.theme, on=AT.date() + DAY, walkers=(("city", ""),))
    changed = change_walk(walk.pk, draft, seen=walk.fact_seq, by=staff("dong"), at=AT)
    assert (changed.on, changed.walkers.get().unit.code, changed.stops.count()) == (draft.on, "city", 2)
    with refused("walk_changed"):
        change_walk(walk.pk, draft, seen=1, by=staff("dong"), at=AT)


def test_a_walk_is_called_off_with_a_reason_and_is_then_over() -> None:
    walk = planned()
    with refused("walk_missing", field="reason"):
        call_off(walk.pk, reason=" ", by=staff("dong"), at=AT)
    with refused("not_yours_to_plan"):
        call_off(walk.pk, reason="暴雨", by=staff("ge"), at=AT)
    assert call_off(walk.pk, reason="暴雨", by=staff("dong"), at=AT).state == WalkState.CALLED_OFF
    with refused("walk_not_planned"):
        end_walk(walk.pk, by=staff("ge"), at=AT)


def test_a_neighbour_neither_sees_a_walk_nor_reports_for_it() -> None:
    walk = planned()
    seen = {name: Walk.objects.filter(visible_walks(staff(name))).exists() for name in ("ge", "ling", "wu")}
    assert seen == {"ge": True, "ling": True, "wu": False}
    with refused("not_your_walk"):
        found(walk, by="wu")
    with refused("not_your_walk"):
        end_walk(walk.pk, by=staff("wu"), at=AT)
    assert not Appeal.objects.exists()


# --- what is found -----------------------------------------------------------------------------------
def test_a_finding_without_a_word_is_an_appeal_of_its_line_and_place_and_goes_the_way_of_all() -> None:
    noted = found(walk := planned())
    appeal = Appeal.objects.get()
    assert (appeal.channel_id, appeal.text) == ("walk", "行走发现：垃圾桶满溢、垃圾堆积，听澜花园")
    assert (noted.case.status, noted.case.place and noted.case.place.name) == (Status.DISPATCHED, "听澜花园")
    assert noted.finding.how == FoundHow.REPORTED
    assert walk.checks.get().state == Checked.FOUND
    assert [fact.kind for fact in timeline(f"walk:{walk.pk}")] == ["WalkPlanned", "WalkFound"]


def test_sent_twice_it_is_one_finding_and_a_key_of_another_walk_is_refused() -> None:
    walk, key = planned(), uuid4()
    first, second = found(walk, key=key), found(walk, key=key)
    assert (first.new, second.new, first.case) == (True, False, second.case)
    assert Appeal.objects.count() == Finding.objects.count() == 1
    with refused("finding_taken"):
        found(planned(), key=key)


def test_what_was_dealt_with_on_the_spot_waits_for_a_reviewer_and_is_checked_by_its_evidence() -> None:
    noted = found(planned(), done="已当场清理。")
    assert (noted.case.status, noted.finding.how) == (Status.REPLIED, FoundHow.HANDLED)
    assert noted.case.unit == Unit.objects.get(code="east")
    passed = made(noted.case, "pass_review", "dong", at=AT + HOUR, note="到现场看过，已清走")
    ask_appellants(passed.pk, at=AT + HOUR, window_days=7)
    closed = Case.objects.get()
    assert (closed.status, closed.closure, closed.resolution) == (Status.CLOSED, Closure.CHECKED, Solved.YES)


def test_a_dispatcher_on_a_walk_gives_it_out_on_the_spot_and_nobody_else_does() -> None:
    give_post(
        Account.objects.get(username="mei"), unit=Unit.objects.get(code="east"), role="grid_worker",
        valid_from=FOUNDED_ON,
    )  # fmt: skip
    walk = planned()
    noted = found(walk, by="mei", unit="city")
    assert (noted.case.unit and noted.case.unit.code, noted.finding.how) == ("city", FoundHow.DISPATCHED)
    with refused("not_allowed"):
        found(walk, unit="city")
    assert Case.objects.count() == 1


def test_a_walk_ends_without_findings_and_says_what_it_saw() -> None:
    walk = planned()
    stop, line = walk.stops.all()[0], walk.checklist.lines.all()[1]
    ended = end_walk(walk.pk, summary="一切正常", seen=[stop.pk], fine=[line.pk], by=staff("ge"), at=AT)
    assert (ended.state, ended.summary) == (WalkState.ENDED, "一切正常")
    assert list(walk.stops.values_list("seen", flat=True)) == [True, False]
    assert not Finding.objects.exists()


def test_two_phones_on_one_walk_add_to_each_other_and_a_retry_adds_nothing() -> None:
    walk = planned()
    first, second = walk.stops.all()
    bin_line, cover = walk.checklist.lines.all()
    end_walk(walk.pk, summary="东片正常", seen=[first.pk], fine=[bin_line.pk], by=staff("ge"), at=AT)
    found(walk, at=AT + HOUR, written_at=AT - HOUR)  # the other phone had no network until now
    late: WalkType = end_walk(
        walk.pk, summary="西片有一处", seen=[second.pk], fine=[bin_line.pk, cover.pk], by=staff("dong"), at=AT
    )
    again = end_walk(walk.pk, summary="西片有一处", seen=[second.pk], by=staff("dong"), at=AT)
    assert (again.fact_seq, again.summary) == (late.fact_seq, "东片正常\n西片有一处")
    assert {check.line_id: check.state for check in walk.checks.all()} == {
        bin_line.pk: Checked.FOUND, cover.pk: Checked.FINE,
    }  # fmt: skip
    assert list(walk.stops.values_list("seen", flat=True)) == [True, True]
    finding = Finding.objects.get()
    assert (finding.at, finding.taken_at) == (AT - HOUR, AT + HOUR)
    assert timeline(f"walk:{walk.pk}").get(kind="WalkFound").data["late"]


def test_nobody_who_walks_is_named_anywhere_in_the_walk() -> None:
    walk = planned()
    found(walk)
    end_walk(walk.pk, by=staff("ge"), at=AT)
    stored = str([list(walk.walkers.values()), list(walk.stops.values()), list(walk.findings.values())])
    assert "葛格" not in stored
    assert Theme.objects.count() == 1
