"""A storm over the small town: an incident with a group, tasks, a statement and a report."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from huying.board.incidents import IncidentDraft, end_task, form_group, open_incident, set_task
from huying.board.reporting import report_day
from huying.board.speaking import decide_statement, draft_statement
from huying.people.queries import unit_book
from huying.places.queries import town_map
from huying.testing.cast import staff
from huying.testing.town import STREET

if TYPE_CHECKING:
    from datetime import datetime

    from huying.board.models import Incident

HOUR = timedelta(hours=1)


def an_incident(*, at: datetime) -> Incident:
    """Return an incident that goes on, led by Ling, spoken for by the dispatch centre."""
    units, area = unit_book().by_code, town_map().by_code(STREET)
    assert area is not None
    ling = staff("ling", at=at)
    draft = IncidentDraft("台风过境，多处树木倒伏", "storm", area, at - HOUR, units["dispatch"])
    incident = open_incident(draft, by=ling, at=at)
    group = form_group(incident.pk, "清障组", lead=units["cleaning"], members=[units["east"]], by=ling, at=at)
    done = set_task(incident.pk, group.pk, "清理竹影路倒伏树木", due_at=at + HOUR, by=ling, at=at)
    set_task(incident.pk, group.pk, "巡查低洼路段", due_at=at + 3 * HOUR, by=ling, at=at)
    end_task(incident.pk, done.pk, proof="已清理，道路恢复通行", by=staff("lin", at=at), at=at)
    draft_statement(incident.pk, "台风期间请减少外出。", by=staff("du", at=at), at=at)
    decide_statement(incident.pk, 1, approved=True, by=ling, at=at)
    draft_statement(incident.pk, "竹影路已恢复通行。", by=staff("du", at=at), at=at)
    report_day(incident.pk, by=ling, at=at)
    return incident
