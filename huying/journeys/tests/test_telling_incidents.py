"""Units of an incident's groups hear of their group, their tasks and the end; a neighbour hears nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from huying.board.incidents import close_incident, end_task, form_group, note_late_tasks, set_task
from huying.board.tests.storm import HOUR, an_incident
from huying.cases.tests.stories import AT
from huying.journeys.tests.test_telling_orders import heard
from huying.people.queries import unit_book
from huying.testing.cast import staff

if TYPE_CHECKING:
    from huying.board.models import Incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident() -> Incident:
    """Give an incident whose group of cleaners and the east has heard of it, its two tasks included."""
    found = an_incident(at=AT)
    told = ["incident_group", "incident_task", "incident_task"]
    assert heard() == {"cleaning": told, "east": told}
    return found


def test_a_task_is_told_to_the_group_s_units_alone(incident: Incident) -> None:
    ling, units = staff("ling", at=AT), unit_book().by_code
    group = form_group(incident.pk, "执法组", lead=units["city"], members=[], by=ling, at=AT)
    set_task(incident.pk, group.pk, "拆除危险广告牌", due_at=AT + HOUR, by=ling, at=AT)
    assert heard() == {"city": ["incident_group", "incident_task"]}


def test_a_task_that_is_dropped_is_told_one_that_is_done_is_not(incident: Incident) -> None:
    ling, open_task = staff("ling", at=AT), incident.tasks.get(state="open")
    group = incident.groups.get()
    done = set_task(incident.pk, group.pk, "设置警戒线", due_at=AT + HOUR, by=ling, at=AT)
    heard()
    end_task(incident.pk, done.pk, proof="已设置", by=staff("lin", at=AT), at=AT)
    assert heard() == {}
    end_task(incident.pk, open_task.pk, proof="水已退", dropped=True, by=ling, at=AT)
    assert heard() == {kind: ["incident_task_dropped"] for kind in ("cleaning", "east")}


def test_the_end_is_told_to_every_group_and_to_the_one_voice(incident: Incident) -> None:
    ling, waiting = staff("ling", at=AT), incident.tasks.get(state="open")
    end_task(incident.pk, waiting.pk, proof="已巡查", by=ling, at=AT)
    close_incident(incident.pk, summary="道路全部恢复通行", by=ling, at=AT)
    assert heard() == {unit: ["incident_over"] for unit in ("cleaning", "east", "dispatch")}


def test_a_late_task_is_told_once_to_its_group_and_to_who_leads(incident: Incident) -> None:
    waiting = incident.tasks.get(state="open")
    assert note_late_tasks(at=waiting.due_at) == 0
    later = waiting.due_at + HOUR
    assert note_late_tasks(at=later) == 1
    assert note_late_tasks(at=later + HOUR) == 0
    told = heard()
    assert {unit for unit, kinds in told.items() if kinds == ["incident_task_late"]} >= {"cleaning", "east"}
    assert "city" not in told, "a unit outside of the group hears nothing"


def test_a_task_that_ended_in_time_is_never_late(incident: Incident) -> None:
    waiting = incident.tasks.get(state="open")
    end_task(incident.pk, waiting.pk, proof="已完成", by=staff("lin", at=AT), at=AT)
    assert note_late_tasks(at=waiting.due_at + HOUR) == 0
