"""The daily report of an incident: what happened since the one before, as known then; kept unchanged."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from huying.board.facts import IncidentReported
from huying.board.incidents import lock, told
from huying.board.models import DailyReport, Group, Incident, IncidentState, StatementState, Task, TaskState
from huying.board.rules import check_open, leads
from huying.catalogue.core.calendar import local_day
from huying.insight.tally import standing, tally
from huying.kit.errors import Refusal
from huying.ledger.actor import SYSTEM
from huying.people.reasons import NOT_ALLOWED

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from huying.ledger.actor import Actor

# A report made after midnight is still of the day that ended.
NIGHT = timedelta(hours=4)


def report_day(incident_id: UUID, *, by: Actor, at: datetime) -> DailyReport:
    """Make the report of today; made already, it is returned as it was.

    Refusal `not_allowed`, `incident_over`.
    """
    with transaction.atomic():
        incident = lock(incident_id, by)
        if not leads(by, incident):
            raise Refusal(NOT_ALLOWED)
        check_open(incident)
        return _report(incident, by=by, at=at)


def report_all(*, at: datetime) -> int:
    """Make the report of the day of every incident that goes on; return how many there are."""
    keys = Incident.objects.filter(state=IncidentState.OPEN).values_list("pk", flat=True)
    for key in keys:
        with transaction.atomic():
            incident = Incident.objects.select_for_update().get(pk=key)
            if incident.state == IncidentState.OPEN:
                _report(incident, by=SYSTEM, at=at)
    return len(keys)


def _report(incident: Incident, *, by: Actor, at: datetime) -> DailyReport:
    day = local_day(at - NIGHT)
    made = DailyReport.objects.filter(incident=incident, day=day).first()
    if made is not None:
        return made
    report = DailyReport.objects.create(incident=incident, day=day, made_at=at, data=_told(incident, day, at))
    told(incident, IncidentReported(day=day.isoformat()), by=by, at=at)
    return report


def _told(incident: Incident, day: date, at: datetime) -> dict[str, Any]:
    """Return what a report says: the town's numbers there, each group's tasks, what was said in public."""
    last = incident.reports.order_by("-made_at").first()
    since = last.made_at if last else incident.since
    numbers = tally(since=day, until=day + timedelta(days=1), areas=[incident.area_path])
    now = standing(areas=[incident.area_path])
    stands = next(iter(now.values()), None)
    return {
        "since": since.isoformat(),
        "numbers": {what: numbers[what] for what in ("came_in", "dispatched", "closed", "overdue")},
        "stands": {what: stands[what] if stands else 0 for what in ("open", "danger", "overdue_now")},
        "groups": [
            _group(group, since=since, at=at)
            for group in incident.groups.select_related("lead").order_by("made_at", "id")
        ],
        "statements": [
            {"number": one.number, "text": one.text}
            for one in incident.statements.filter(
                state__in=[StatementState.SHOWN, StatementState.REPLACED], decided_at__gte=since
            ).order_by("number")
        ],
    }  # fmt: skip


def _group(group: Group, *, since: datetime, at: datetime) -> dict[str, Any]:
    done = [one for one in _tasks(group.pk, TaskState.DONE) if one.ended_at and one.ended_at >= since]
    waiting = _tasks(group.pk, TaskState.OPEN)
    return {
        "name": group.name,
        "lead": group.lead.name,
        "done": [_task(task) for task in done],
        "open": [_task(task) | {"late": task.due_at < at} for task in waiting],
    }


def _tasks(group: UUID, state: str) -> list[Task]:
    return list(Task.objects.filter(group_id=group, state=state).order_by("due_at", "id"))


def _task(task: Task) -> dict[str, Any]:
    return {"words": task.words, "due_at": task.due_at.isoformat(), "proof": task.proof}
