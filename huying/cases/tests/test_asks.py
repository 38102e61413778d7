"""Applications and their rulings, parts, suspensions, disputes: who may, when, and what the clocks do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from huying.cases.models import Application, Case, Status, Task
from huying.cases.rules import may, visible_to
from huying.cases.tests import stories
from huying.cases.tests.stories import AT, HOUR, fresh, look, made, running
from huying.catalogue.core.clock import Limit, Unit, due_at
from huying.catalogue.queries import town_clock
from huying.dispatch.models import RuleProposal
from huying.people.actions import give_post
from huying.people.models import Account
from huying.people.models import Unit as PeopleUnit
from huying.people.permissions import Permission
from huying.testing.cast import staff
from huying.testing.refusals import refused
from huying.testing.town import FOUNDED_ON

pytestmark = pytest.mark.django_db
WHY: dict[str, Any] = {"reason": "有原因"}


def post(name: str, role: str, unit: str = "cleaning") -> None:
    """Give somebody one more post."""
    where = PeopleUnit.objects.get(code=unit)
    give_post(Account.objects.get(username=name), unit=where, role=role, valid_from=FOUNDED_ON)


# --- details from the resident ---------------------------------------------------------------------------
def test_while_details_are_awaited_the_clock_stands_still_and_then_runs_on() -> None:
    case = stories.waiting()
    due = running(case)["receive"].due_at
    made(case, "ask_info", "shou", at=AT + HOUR, question="几号楼？")
    assert fresh(case).next_due_at == running(case)["info"].due_at
    made(case, "give_info", "resident", at=AT + 25 * HOUR, text="三号楼")
    assert running(case).keys() == {"receive"}
    assert running(case)["receive"].due_at == due + 24 * HOUR
    assert fresh(case).next_due_at == due + 24 * HOUR
    assert case.supplements.get().text == "三号楼"


def test_what_was_supplied_is_not_in_the_ledger() -> None:
    case = made(stories.need_info(), "give_info", "resident", text="我住三号楼，电话13800000000")
    assert all("13800000000" not in str(fact.data) for fact in stories.facts_of(case))


# --- not admissible, and the objection -------------------------------------------------------------------
def test_not_admissible_takes_two_people() -> None:
    case = stories.found_inadmissible()
    assert case.status == Status.SUBMITTED
    post("shou", "dispatcher", "dispatch")
    before = look(case)
    with refused("own_application"):
        made(case, "inadmissible", "shou")
    assert look(case) == before
    made(case, "inadmissible", "mei")
    assert fresh(case).route_id == "litigation"


def test_nothing_is_confirmed_that_nobody_found() -> None:
    with refused("nothing_asked"):
        made(stories.waiting(), "inadmissible", "mei")


def test_a_resident_objects_once_and_in_time() -> None:
    case = stories.inadmissible()
    with refused("too_late_to_object"):
        made(case, "object", "resident", at=AT + timedelta(days=30), text="没有起诉")
    made(case, "object", "resident", at=AT + HOUR, text="没有起诉")
    made(case, "find_inadmissible", "shou", at=AT + HOUR, reason="确已起诉", route="litigation")
    made(case, "inadmissible", "mei", at=AT + HOUR)
    with refused("objected_already"):
        made(case, "object", "resident", at=AT + HOUR, text="还是没有")


# --- whose it is -----------------------------------------------------------------------------------------
def test_a_first_disagreement_is_a_return_and_the_second_a_ruling() -> None:
    with refused("not_returned_yet"):
        made(stories.dispatched(), "dispute", "lin", unit="city", **WHY)
    case = stories.given_back()
    with refused("returned_already"):
        made(case, "return", "wu", unit="cleaning", **WHY)
    case = made(case, "dispute", "wu", unit="cleaning", **WHY)
    assert case.status == Status.IN_PROGRESS, "worked on while it is argued"
    assert {"handle", "ruling"} <= running(case).keys()


@pytest.mark.parametrize("stays", [True, False])
def test_a_ruling_becomes_a_proposed_duty_rule_that_the_units_vote_on(stays: bool) -> None:  # noqa: FBT001 - a pytest parameter
    case = stories.disputed()
    handle = running(case)["handle"].due_at
    if stays:
        made(case, "adjudicate_stay", "mei", at=AT + HOUR, **WHY)
    else:
        made(case, "adjudicate_move", "mei", at=AT + HOUR, unit="cleaning", **WHY)
    case = fresh(case)
    unit = "city" if stays else "cleaning"
    assert (case.unit and case.unit.code, case.status) == (
        unit, Status.IN_PROGRESS if stays else Status.DISPATCHED,
    )  # fmt: skip
    proposal = RuleProposal.objects.get(case_number=case.number)
    assert proposal.lead.code == unit
    assert {vote.unit.code for vote in proposal.votes.all()} >= {"city", "cleaning"}
    assert running(case)["handle"].due_at == handle, "arguing costs the resident no time"
    assert Task.objects.get(case=case, kind="lead", state="open").unit.code == unit
    made(case, "sign", "lin", at=AT + HOUR) if not stays else None
    with refused("nothing_asked"):
        made(case, "adjudicate_stay", "mei", at=AT + HOUR, **WHY)


def test_a_dispute_that_was_not_ruled_on_is_dropped_when_the_case_closes() -> None:
    case = stories.reply(stories.disputed(), by="wu")
    made(case, "pass_review", "du")
    stories.close(case)
    assert Application.objects.get(case=case).state == "dropped"
    assert (fresh(case).open_asks, running(case)) == (0, {})


# --- more time -------------------------------------------------------------------------------------------
def test_the_first_extension_is_the_reviewer_s_and_counts_from_the_date_there_was() -> None:
    case = stories.extension_asked()
    old = running(case)["handle"]
    made(case, "grant_extension", "hao", at=AT + HOUR)
    new = running(case)["handle"]
    expected = due_at(old.due_at, Limit(3, Unit.WORKING_DAYS), town_clock(AT).calendar).at
    assert (new.due_at, new.extends_id, new.started_at) == (expected, old.pk, old.started_at)
    old.refresh_from_db()
    assert old.ended_at == AT + HOUR, "the old date is kept as it was"
    assert (fresh(case).due_at, fresh(case).extensions) == (expected, 1)


def test_the_second_extension_takes_a_supervisor_and_there_is_no_third() -> None:
    case = stories.extension_asked()
    made(case, "grant_extension", "hao")
    made(case, "ask_extension", "lin", days="2", **WHY)
    with refused("needs_higher"):
        made(case, "grant_extension", "hao")
    made(case, "grant_extension", "du")
    with refused("no_more_extensions"):
        made(case, "ask_extension", "lin", days="2", **WHY)


def test_more_time_is_asked_for_before_the_date_is_over_and_may_be_granted_after() -> None:
    case, late = stories.signed(), stories.extension_asked()
    over = running(case)["handle"].due_at + timedelta(minutes=1)
    with refused("too_late_to_extend"):
        made(case, "ask_extension", "lin", at=over, days="2", **WHY)
    assert made(late, "grant_extension", "hao", at=over).due_at is not None


@pytest.mark.parametrize("days", ["0", "-1", "366", "三天", "2.5"])
def test_days_are_a_number_that_makes_sense(days: str) -> None:
    with refused("days_impossible", field="days"):
        made(stories.signed(), "ask_extension", "lin", days=days, **WHY)


def test_who_asks_never_rules_even_with_the_right() -> None:
    case = stories.extension_asked()
    post("lin", "reviewer")
    with refused("own_application"):
        made(case, "grant_extension", "lin")


def test_one_thing_is_asked_for_at_a_time_and_a_reply_drops_it() -> None:
    case = stories.extension_asked()
    with refused("asked_already"):
        made(case, "ask_suspension", "lin", plan="改造", review_on="2026-12-01", **WHY)
    stories.reply(case)
    assert (Application.objects.get(case=case).state, fresh(case).open_asks) == ("dropped", 0)
    assert running(case).keys() == {"review"}


# --- suspension ------------------------------------------------------------------------------------------
def test_a_suspended_case_is_open_stands_still_and_loses_no_time() -> None:
    case = stories.suspension_asked()
    due = running(case)["handle"].due_at
    made(case, "suspend", "du", at=AT + HOUR)
    case = fresh(case)
    assert (case.status, case.closure, case.closed_at) == (Status.SUSPENDED, "", None)
    made(case, "resume", "lin", at=AT + timedelta(days=7))
    assert running(case)["handle"].due_at > due
    assert running(case).keys() == {"contact", "handle"}


@pytest.mark.parametrize("day", ["2026-09-22", "2026-09-01", "昨天", "2026-13-01"])
def test_a_suspension_is_looked_at_again_on_a_day_to_come(day: str) -> None:
    with refused("day_impossible", field="review_on"):
        made(stories.signed(), "ask_suspension", "lin", plan="改造", review_on=day, **WHY)


def test_a_suspension_is_never_granted_by_the_unit_itself() -> None:
    with refused("not_yours"):
        made(stories.suspension_asked(), "suspend", "hao")


# --- unreasonable demands --------------------------------------------------------------------------------
def test_a_demand_is_called_unreasonable_only_after_residents_sent_it_back() -> None:
    with refused("not_reworked"):
        made(stories.signed(), "claim_unreasonable", "lin", public_text="已说明", **WHY)


def test_two_people_beside_the_unit_s_own_close_it_and_it_counts_apart() -> None:
    case = stories.claimed()
    with refused("not_seconded"):
        made(case, "close_unreasonable", "du", **WHY)
    made(case, "second_unreasonable", "du", **WHY)
    with refused("second_person"):
        made(case, "close_unreasonable", "du", **WHY)
    with refused("seconded_already"):
        made(case, "second_unreasonable", "hao", **WHY)
    case = made(case, "close_unreasonable", "ling", **WHY)
    assert (case.status, case.closure, case.resolution) == (Status.CLOSED, "unreasonable", "no")
    assert case.replies.latest("at", "id").public_text == "按规划此处不能设站，已说明理由。"


# --- opening again ---------------------------------------------------------------------------------------
def test_what_was_called_solved_and_is_opened_again_was_closed_falsely() -> None:
    case = stories.closed()
    with refused("too_late_to_restart"):
        made(case, "restart", "resident", at=AT + timedelta(days=40), text="又来了")
    with refused("has_a_unit"):
        made(case, "restart_at_desk", "resident", text="又来了")
    case = made(case, "restart", "resident", at=AT + timedelta(days=2), text="又来了")
    assert (case.false_closure, case.status, case.round) == (True, Status.IN_PROGRESS, 1)
    assert Task.objects.get(case=case, kind="lead", state="open").unit_id == case.unit_id


def test_what_no_unit_had_goes_back_to_the_desk() -> None:
    case = stories.answered_and_closed()
    with refused("no_unit_yet"):
        made(case, "restart", "resident", text="答非所问")
    case = made(case, "restart_at_desk", "resident", text="答非所问")
    assert (case.status, case.held_for) == (Status.SUBMITTED, "resident_not_satisfied")


# --- parts -----------------------------------------------------------------------------------------------
def test_a_unit_s_part_is_its_own_and_has_its_own_clock() -> None:
    case = stories.called_in()
    task = Task.objects.get(pk=stories.part_of(case))
    assert task.due_at is not None
    for name in ("wu", "hao"):
        with refused("not_yours"):
            made(case, "attend", name, task=str(task.pk))
    made(case, "attend", "dong", at=AT + HOUR, task=str(task.pk))
    with refused("attended_already"):
        made(case, "attend", "dong", task=str(task.pk))
    made(case, "finish_task", "dong", at=AT + HOUR, task=str(task.pk), note="已到场处置")
    task.refresh_from_db()
    assert (task.state, task.result, task.attended_at) == ("done", "已到场处置", AT + HOUR)
    with refused("not_yours"):
        made(case, "finish_task", "dong", task=str(task.pk), note="再来")
    assert fresh(case).unit_id != task.unit_id, "the lead goes on"


def test_a_part_of_another_case_or_the_lead_s_is_no_part_to_finish() -> None:
    case, other = stories.helped(), stories.helped()
    lead = Task.objects.get(case=case, kind="lead", state="open")
    for wrong in (stories.part_of(other), str(lead.pk), "nothing"):
        with refused("no_such_part"):
            made(case, "finish_task", "dong", task=wrong, note="办了")


def test_a_unit_that_leads_or_has_a_part_gets_no_second() -> None:
    case = stories.helped()
    with refused("same_unit"):
        made(case, "add_assist", "lin", unit="cleaning", note="自己")
    with refused("has_a_part"):
        made(case, "call_in", "lin", unit="east", note="再来")


def test_a_case_is_passed_down_only_to_units_below() -> None:
    case = stories.street_has()
    with refused("not_below"):
        made(stories.signed(), "pass_down", "lin", unit="east")
    case = made(case, "pass_down", "ling", unit="east")
    assert (case.unit and case.unit.code, case.status) == ("east", Status.IN_PROGRESS)


# --- overlays --------------------------------------------------------------------------------------------
def test_a_resident_urges_once_a_day() -> None:
    case = stories.signed()
    made(case, "urge", "resident")
    with refused("urged_just_now"):
        made(case, "urge", "resident", at=AT + HOUR)
    assert made(case, "urge", "resident", at=AT + timedelta(days=1)).urged_count == 2


def test_a_major_emergency_brings_every_date_forward() -> None:
    case = stories.signed()
    due = running(case)["handle"].due_at
    case = made(case, "mark_major", "mei", at=AT + HOUR, **WHY)
    assert (case.grade, case.major) == ("A", True)
    assert running(case)["handle"].due_at < due


def test_a_confidential_case_is_seen_by_its_unit_and_who_holds_the_right() -> None:
    case = stories.confidential()
    for name, sees in (("lin", True), ("mei", True), ("du", True), ("shou", False), ("dong", False),
                       ("dian", False), ("wu", True)):  # fmt: skip
        by = staff(name, at=AT)
        assert may(by, Permission.CASE_SEE, fresh(case)) == sees, name
        assert Case.objects.filter(visible_to(by), pk=case.pk).exists() == sees, name


def test_supervision_is_set_changed_and_ended_and_never_set_twice() -> None:
    case = stories.supervised()
    told: dict[str, Any] = {"colour": "yellow", **WHY}
    with refused("nothing_changes"):
        made(case, "supervise", "du", **told)
    made(case, "lift_supervision", "du", **WHY)
    with refused("not_supervised"):
        made(case, "lift_supervision", "du", **WHY)
