"""Who is told what: residents of their own appeal, units of what they have to do, each clock once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from huying.cases.actions import move_case
from huying.cases.models import Case, Deadline
from huying.cases.tests import stories
from huying.cases.tests.stories import AT, HOUR
from huying.journeys.reminding import remind_of_clocks
from huying.ledger.handlers import TASK, react
from huying.notify.models import Delivery, Notice, Reminder
from huying.testing.cast import RUBBISH, appeal_of, staff

if TYPE_CHECKING:
    from datetime import datetime

    from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db


def follow() -> None:
    """Run the jobs that wait, as a worker would."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE task_name = %s "
            "RETURNING args->>'handler', array(SELECT jsonb_array_elements_text(args->'facts'))", [TASK],
        )  # fmt: skip
        jobs = cursor.fetchall()
    for handler, facts in jobs:
        react(handler, facts)


def units_told(kind: str) -> list[str]:
    """Return the codes of the units that were told this."""
    told = Notice.objects.filter(kind=kind).order_by("id").values_list("to_unit__code", flat=True)
    return [str(code) for code in told]


def data_of(kind: str) -> dict[str, object]:
    return dict(Notice.objects.get(kind=kind).data)


def overdue(case: Case) -> datetime:
    """Return a moment when every clock of a case has run out."""
    last = Deadline.objects.filter(case=case).order_by("-due_at").first()
    assert last is not None
    return last.due_at + HOUR


def test_a_new_case_is_told_to_its_resident_and_its_unit() -> None:
    case = stories.dispatched()
    follow()
    assert units_told("unit_dispatched") == ["cleaning"]
    sign = Deadline.objects.get(case=case, clock="sign")
    told = data_of("unit_dispatched")
    assert told["due"] == sign.due_at.astimezone(stories.SHANGHAI).strftime("%Y-%m-%d %H:%M")
    assert told["matter"]
    assert Notice.objects.get(kind="dispatched").to_appeal_id == stories.voices_of(case)[0]


def test_a_case_nobody_can_be_named_for_is_told_to_the_centre() -> None:
    stories.waiting()
    follow()
    assert units_told("centre_waiting") == ["dispatch"]
    assert Notice.objects.filter(kind="waiting_for_person").count() == 1


def test_a_return_is_told_to_the_centre_and_its_ruling_to_the_unit() -> None:
    case = stories.returned()
    follow()
    assert units_told("centre_return_asked") == ["dispatch"]
    assert data_of("centre_return_asked")["reason"] == "不归我们"
    move_case(case.pk, "refuse_return", by=staff("mei", at=AT), at=AT, reason="归你们")
    follow()
    assert units_told("unit_return_refused") == ["cleaning"]


def test_a_return_that_is_granted_is_told_to_both_units() -> None:
    case = stories.returned()
    follow()
    move_case(case.pk, "redispatch", by=staff("mei", at=AT), at=AT, unit="city", reason="属城管")
    follow()
    assert units_told("unit_dispatched") == ["cleaning", "city"]
    assert units_told("unit_returned_away") == ["cleaning"]
    assert data_of("unit_returned_away")["unit"] == "城管执法队"


def test_a_reply_is_told_to_its_reviewers_and_a_refused_one_to_its_unit() -> None:
    case = stories.replied()
    follow()
    assert units_told("unit_to_review") == ["cleaning"]
    assert not Notice.objects.filter(kind="replied").exists(), "the resident hears after the review"
    move_case(case.pk, "fail_review", by=staff("hao", at=AT), at=AT, reason="没有照片")
    follow()
    assert units_told("unit_review_failed") == ["cleaning"]
    assert data_of("unit_review_failed")["reason"] == "没有照片"


def test_each_of_several_appellants_gets_a_letter_with_their_own_number() -> None:
    case, other = stories.dispatched(), stories.dispatched()
    first, second = stories.voices_of(case)[0], stories.voices_of(other)[0]
    move_case(case.pk, "merge", by=staff("mei", at=AT), at=AT, into=other.pk)
    follow()
    assert [one.to_appeal_id for one in Notice.objects.filter(kind="merged")] == [first]
    move_case(other.pk, "sign", by=staff("lin", at=AT), at=AT)
    follow()
    told = {one.to_appeal_id: one.data["number"] for one in Notice.objects.filter(kind="signed")}
    assert set(told) == {first, second}
    assert len(set(told.values())) == 2
    move_case(case.pk, "unmerge", by=staff("mei", at=AT), at=AT)
    follow()
    assert [one.to_appeal_id for one in Notice.objects.filter(kind="split")] == [first]


def test_a_clock_is_told_of_once_near_its_end_and_once_after_it() -> None:
    case = stories.signed()
    follow()
    clocks = list(Deadline.objects.filter(case=case, met_at=None, ended_at=None))
    assert {clock.clock for clock in clocks} == {"contact", "handle"}
    first = min(clock.warn_at for clock in clocks)
    assert remind_of_clocks(at=first - timedelta(seconds=1)) == 0
    for at in sorted({moment for clock in clocks for moment in (clock.warn_at, clock.due_at)}):
        while remind_of_clocks(at=at):
            pass
        told = set(Reminder.objects.values_list("about", "stage"))
        assert {(clock.pk, "near") for clock in clocks if clock.warn_at <= at} <= told
        assert {(clock.pk, "over") for clock in clocks if clock.due_at <= at} <= told
    assert remind_of_clocks(at=overdue(case)) == 0
    assert units_told("unit_near_due") == units_told("unit_overdue") == ["cleaning", "cleaning"]


def test_what_is_overdue_already_is_not_told_of_as_near() -> None:
    case = stories.signed()
    at = overdue(case)
    while remind_of_clocks(at=at):
        pass
    assert units_told("unit_near_due") == []
    assert units_told("unit_overdue") == ["cleaning", "cleaning"]


def test_a_clock_that_was_met_is_not_told_of() -> None:
    case = stories.replied()
    Deadline.objects.filter(case=case, clock="review").delete()
    assert remind_of_clocks(at=overdue(case)) == 0


def test_the_centre_is_told_of_its_own_clock() -> None:
    case = stories.waiting()
    remind_of_clocks(at=overdue(case))
    assert units_told("unit_overdue") == ["dispatch"]


def test_reminding_takes_many_clocks_in_a_few_statements_and_goes_on() -> None:
    for _case in range(6):
        stories.dispatched()
    late = AT + timedelta(days=60)
    total, turns = 0, 0
    while dealt := remind_of_clocks(at=late, limit=5):
        total, turns = total + dealt, turns + 1
    assert total == Deadline.objects.count() == Reminder.objects.count()
    assert turns == -(-total // 5)


def test_danger_wakes_the_unit_at_night_and_nothing_else_does(settings: Settings) -> None:
    settings.CHANNELS = settings.CHANNELS | {"wecom_robots": {"*": "a-key"}}
    night = AT.replace(hour=23)
    for text in ("听澜花园燃气泄漏，味道很浓，快来人", RUBBISH):
        appeal_of(text, at=night)
    grades = set(Case.objects.values_list("grade", flat=True))
    assert "A" in grades
    follow()
    rows = {row.urgent: row.not_before for row in Delivery.objects.all()}
    assert rows[True] == night
    assert rows[False] == night + 9 * HOUR
