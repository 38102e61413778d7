"""An incident is led from one place: groups, tasks with proof, one voice, a report a day, an honest end."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, transaction

from huying.board.incidents import (
    IncidentDraft,
    close_incident,
    end_task,
    find_incident,
    form_group,
    incidents_for,
    open_incident,
    open_tasks_for,
    set_task,
)
from huying.board.models import DailyReport, Group, Incident, Statement, Task
from huying.board.reporting import report_all, report_day
from huying.board.speaking import decide_statement, draft_statement, spoken, take_down
from huying.board.told import tell_story
from huying.cases.tests.stories import AT, HOUR
from huying.ledger.queries import verify
from huying.people.queries import UnitCard, unit_book
from huying.places.queries import AreaCard, town_map
from huying.testing.cast import staff
from huying.testing.refusals import refused
from huying.testing.town import EAST, STREET

if TYPE_CHECKING:
    from collections.abc import Callable

    from huying.ledger.actor import Actor

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def no(key: str, act: Callable[..., object], *given: object, **more: object) -> None:
    """Expect that an act is refused with this reason."""
    with refused(key):
        act(*given, **more)


def unit(code: str) -> UnitCard:
    return unit_book().by_code[code]


def area(code: str = STREET) -> AreaCard:
    found = town_map().by_code(code)
    assert found is not None
    return found


def who(name: str) -> Actor:
    return staff(name, at=AT)


def draft(**more: Any) -> IncidentDraft:  # noqa: ANN401 - of a draft
    told: dict[str, Any] = {
        "title": "台风过境", "kind": "storm", "area": area(), "since": AT - HOUR,
        "spokes_unit": unit("dispatch"),
    } | more  # fmt: skip
    return IncidentDraft(**told)


def going_on(**more: Any) -> Incident:  # noqa: ANN401 - of a draft
    return open_incident(draft(**more), by=who("ling"), at=AT)


def with_group() -> tuple[Incident, Group]:
    incident = going_on()
    others = [unit("east"), unit("cleaning")]
    return incident, form_group(
        incident.pk, "清障组", lead=unit("cleaning"), members=others, by=who("ling"), at=AT
    )


def with_task() -> tuple[Incident, Task]:
    incident, group = with_group()
    return incident, set_task(incident.pk, group.pk, "清理倒伏树木", due_at=AT + HOUR, by=who("ling"), at=AT)


def test_only_who_leads_there_opens_an_incident() -> None:
    for name in ("mei", "dong", "lin"):
        no("not_allowed", open_incident, draft(), by=who(name), at=AT)
    no("words_needed", open_incident, draft(title=" "), by=who("ling"), at=AT)
    no("words_needed", open_incident, draft(kind="war"), by=who("ling"), at=AT)
    no("begins_later", open_incident, draft(since=AT + HOUR), by=who("ling"), at=AT)
    assert not Incident.objects.exists()
    incident = going_on()
    assert (incident.state, incident.area_path) == ("open", area().path)
    assert verify().broken is None


def test_a_group_is_of_units_and_given_others_by_its_name() -> None:
    incident, group = with_group()
    assert [one.code for one in group.members.all()] == ["east"]
    again = form_group(incident.pk, "清障组", lead=unit("city"), members=[], by=who("ling"), at=AT + HOUR)
    assert (again.pk, again.lead.code, again.members.count()) == (group.pk, "city", 0)
    no("not_allowed", form_group, incident.pk, "x", lead=unit("city"), members=[], by=who("mei"), at=AT)


def test_who_works_in_it_or_watches_the_area_sees_it_and_a_neighbour_does_not() -> None:
    incident, _group = with_group()
    for name in ("ling", "lin", "mei", "dong"):
        assert incidents_for(who(name)) == [incident], name
    assert incidents_for(who("wu")) == []
    no("incident_not_found", find_incident, incident.pk, by=who("wu"))
    only_east = going_on(area=area(EAST), title="东边停水")
    assert only_east in incidents_for(who("dong"))


def test_a_task_is_done_by_its_group_once_and_with_proof() -> None:
    incident, task = with_task()
    assert [one.pk for one in open_tasks_for(who("lin"))] == [task.pk]
    assert list(open_tasks_for(who("mei"))) == []
    no("not_your_group", end_task, incident.pk, task.pk, proof="x", by=who("mei"), at=AT)
    no("proof_needed", end_task, incident.pk, task.pk, proof=" ", by=who("lin"), at=AT)
    no("not_your_group", end_task, incident.pk, task.pk, proof="x", by=who("lin"), at=AT, dropped=True)
    done = end_task(incident.pk, task.pk, proof="已清理，照片存档", by=who("lin"), at=AT + HOUR)
    assert (done.state, done.ended_by_name) == ("done", "林清")
    no("task_over", end_task, incident.pk, task.pk, proof="又一次", by=who("dong"), at=AT + HOUR)
    no("due_too_early", set_task, incident.pk, task.group_id, "x", due_at=AT, by=who("ling"), at=AT)
    assert verify().broken is None


def test_one_unit_speaks_another_approves_and_residents_see_the_last_only() -> None:
    incident = going_on()
    no("not_the_voice", draft_statement, incident.pk, "大家放心", by=who("ling"), at=AT)
    no("personal_numbers", draft_statement, incident.pk, "请打13812345678", by=who("du"), at=AT)
    no("words_needed", draft_statement, incident.pk, " ", by=who("du"), at=AT)
    first = draft_statement(incident.pk, "请减少外出。", by=who("du"), at=AT)
    assert spoken() == []
    no("approved_by_another", decide_statement, incident.pk, 1, approved=True, by=who("du"), at=AT)
    no("not_allowed", decide_statement, incident.pk, 1, approved=True, by=who("mei"), at=AT)
    no("words_needed", decide_statement, incident.pk, 1, approved=False, by=who("ling"), at=AT)
    decide_statement(incident.pk, 1, approved=True, by=who("ling"), at=AT)
    no("statement_decided", decide_statement, incident.pk, 1, approved=True, by=who("ling"), at=AT)
    assert [one.pk for one in spoken()] == [first.pk]
    draft_statement(incident.pk, "道路已恢复。", by=who("mei"), at=AT + HOUR)
    decide_statement(incident.pk, 2, approved=True, by=who("ling"), at=AT + HOUR)
    assert [one.number for one in spoken()] == [2]
    assert Statement.objects.get(number=1).state == "replaced"
    take_down(incident.pk, 2, reason="已过时", by=who("ling"), at=AT + 2 * HOUR)
    assert spoken() == []


def test_residents_see_nothing_of_a_drill() -> None:
    incident = going_on(is_drill=True)
    draft_statement(incident.pk, "演练", by=who("du"), at=AT)
    decide_statement(incident.pk, 1, approved=True, by=who("ling"), at=AT)
    assert spoken() == []


def test_a_day_is_reported_once_as_it_was_known_then() -> None:
    incident, task = with_task()
    end_task(incident.pk, task.pk, proof="已清理", by=who("lin"), at=AT + HOUR / 2)
    no("not_allowed", report_day, incident.pk, by=who("mei"), at=AT + HOUR)
    made = report_day(incident.pk, by=who("ling"), at=AT + HOUR)
    assert made.day == date(2026, 9, 22)
    [group] = made.data["groups"]
    assert (group["name"], group["done"][0]["proof"], group["open"]) == ("清障组", "已清理", [])
    assert report_day(incident.pk, by=who("ling"), at=AT + 2 * HOUR).pk == made.pk
    assert report_all(at=AT + DAY) == 1
    later = DailyReport.objects.get(day=date(2026, 9, 23))
    assert later.data["groups"][0]["done"] == []


def test_it_ends_when_its_tasks_have_and_what_was_said_is_taken_down() -> None:
    incident, task = with_task()
    draft_statement(incident.pk, "请减少外出。", by=who("du"), at=AT)
    decide_statement(incident.pk, 1, approved=True, by=who("ling"), at=AT)
    no("tasks_open", close_incident, incident.pk, summary="结束", by=who("ling"), at=AT)
    end_task(incident.pk, task.pk, proof="不再需要", by=who("ling"), at=AT, dropped=True)
    no("words_needed", close_incident, incident.pk, summary="", by=who("ling"), at=AT)
    no("not_allowed", close_incident, incident.pk, summary="结束", by=who("mei"), at=AT)
    closed = close_incident(incident.pk, summary="台风已过，树木清理完毕。", by=who("ling"), at=AT + HOUR)
    assert (closed.state, spoken()) == ("closed", [])
    no("incident_over", close_incident, incident.pk, summary="再次", by=who("ling"), at=AT + HOUR)
    no("incident_over", draft_statement, incident.pk, "晚了", by=who("du"), at=AT + HOUR)
    no("incident_over", report_day, incident.pk, by=who("ling"), at=AT + HOUR)
    assert len(tell_story(closed)) == closed.fact_seq == 7
    assert all(line.words for line in tell_story(closed))
    assert verify().broken is None


def test_the_database_keeps_the_promises_of_incidents() -> None:
    incident, task = with_task()
    du, ling = who("du").id, who("ling").id
    shown: dict[str, Any] = {
        "incident": incident,
        "text": "x",
        "drafted_at": AT,
        "drafted_by_id": du,
        "drafted_by_name": "x",
    }

    def broken(name: str, write: Any) -> None:  # noqa: ANN401 - a write
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            write()

    incidents, tasks = Incident.objects.filter(pk=incident.pk), Task.objects.filter(pk=task.pk)
    broken("a_closed_incident_has_a_summary", lambda: incidents.update(state="closed", closed_at=AT))
    broken("a_task_that_is_over_has_its_proof", lambda: tasks.update(state="done", ended_at=AT))
    broken("a_group_has_its_own_name", lambda: Group.objects.create(
        incident=incident, name="清障组", lead_id=unit("city").id, made_at=AT))  # fmt: skip
    Statement.objects.create(**shown, number=1, state="shown", decided_by_id=ling)
    broken("statements_are_numbered_once", lambda: Statement.objects.create(**shown, number=1))
    broken("an_incident_speaks_with_one_voice", lambda: Statement.objects.create(
        **shown, number=2, state="shown"))  # fmt: skip
    broken("a_statement_is_approved_by_another", lambda: Statement.objects.create(
        **shown, number=3, decided_by_id=du))  # fmt: skip
    report: dict[str, Any] = {"incident": incident, "day": AT.date(), "made_at": AT, "data": {}}
    DailyReport.objects.create(**report)
    broken("an_incident_has_one_report_a_day", lambda: DailyReport.objects.create(**report))
