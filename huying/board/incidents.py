"""Leading an incident: opened, groups and tasks, closed with what came of it; each a named action."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from huying.board import reasons
from huying.board.facts import (
    GroupFormed,
    IncidentClosed,
    IncidentOpened,
    IncidentTaskEnded,
    IncidentTaskLate,
    IncidentTaskSet,
)
from huying.board.kinds import is_kind
from huying.board.models import (
    Group,
    Incident,
    IncidentState,
    Statement,
    StatementState,
    Task,
    TaskState,
)
from huying.board.rules import check_open, check_over, leads, sees, works_in
from huying.kit.errors import Refusal
from huying.kit.text import clean, on_one_line
from huying.ledger.actions import record
from huying.ledger.actor import SYSTEM
from huying.people.permissions import Permission
from huying.people.reasons import NOT_ALLOWED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from huying.ledger.actor import Actor
    from huying.ledger.chain import FactBody
    from huying.people.queries import UnitCard
    from huying.places.queries import AreaCard

MOST_LATE = 200  # noted in one go


@dataclass(frozen=True)
class IncidentDraft:
    """What is known when an incident is opened. `spokes_unit` is the only one that speaks for the town."""

    title: str
    kind: str
    area: AreaCard
    since: datetime
    spokes_unit: UnitCard
    is_drill: bool = False


def open_incident(draft: IncidentDraft, *, by: Actor, at: datetime) -> Incident:
    """Lead something out of the ordinary from one place.

    Refusal `not_allowed`, `words_needed`, `begins_later`.
    """
    check_over(by, Permission.INCIDENT_LEAD, draft.area.path)
    title = on_one_line(draft.title)[:80]
    if not title or not is_kind(draft.kind):
        raise Refusal(reasons.WORDS_NEEDED, field="title")
    if draft.since > at:
        raise Refusal(reasons.BEGINS_LATER, field="since")
    with transaction.atomic():
        incident = Incident(
            district=settings.DISTRICT, title=title, kind=draft.kind, area_id=draft.area.id,
            area_path=draft.area.path, since=draft.since, opened_at=at, opened_by_name=by.name[:80],
            spokes_unit_id=draft.spokes_unit.id, is_drill=draft.is_drill,
        )  # fmt: skip
        incident.save(force_insert=True)
        body = IncidentOpened(
            title=title, kind=draft.kind, area=draft.area.path, since=draft.since.isoformat(),
            spokes_unit=draft.spokes_unit.name, is_drill=draft.is_drill,
        )  # fmt: skip
        told(incident, body, by=by, at=at)
        return incident


def form_group(
    incident_id: UUID,
    name: str,
    *,
    lead: UnitCard,
    members: Sequence[UnitCard],
    by: Actor,
    at: datetime,
    lead_post: str = "",
) -> Group:
    """Form a working group of units, or give a group of this name another lead and other units.

    Refusal `not_allowed`, `incident_over`, `words_needed`.
    """
    with transaction.atomic():
        incident = _led(incident_id, by)
        named = on_one_line(name)[:40]
        if not named:
            raise Refusal(reasons.WORDS_NEEDED, field="name")
        group, _new = Group.objects.update_or_create(
            incident=incident,
            name=named,
            defaults={"lead_id": lead.id, "lead_post": on_one_line(lead_post)[:40]},
            create_defaults={
                "lead_id": lead.id, "lead_post": on_one_line(lead_post)[:40], "made_at": at,
            },
        )  # fmt: skip
        others = [card for card in members if card.id != lead.id]
        keys: list[Any] = [card.id for card in others]
        group.members.set(keys)
        body = GroupFormed(
            group=str(group.pk), name=named, lead=lead.name, members=[card.name for card in others]
        )
        told(incident, body, by=by, at=at)
        return group


def set_task(
    incident_id: UUID, group_id: UUID, words: str, *, due_at: datetime, by: Actor, at: datetime
) -> Task:
    """Give a group a task. Refusal `not_allowed`, `incident_over`, `not_your_group`, `due_too_early`."""
    with transaction.atomic():
        incident = _led(incident_id, by)
        group = Group.objects.filter(pk=group_id, incident=incident).first()
        if group is None:
            raise Refusal(reasons.NOT_YOUR_GROUP, field="group")
        said = on_one_line(words)[:200]
        if not said:
            raise Refusal(reasons.WORDS_NEEDED, field="words")
        if due_at <= at:
            raise Refusal(reasons.DUE_TOO_EARLY, field="due_at")
        task = Task.objects.create(
            incident=incident, group=group, words=said, due_at=due_at, set_at=at, set_by_name=by.name[:80]
        )
        body = IncidentTaskSet(task=str(task.pk), group=group.name, words=said, due_at=due_at.isoformat())
        told(incident, body, by=by, at=at)
        return task


def end_task(
    incident_id: UUID, task_id: UUID, *, proof: str, by: Actor, at: datetime, dropped: bool = False
) -> Task:
    """Say that a task is done, with its proof, or (who leads the incident) that it is no longer needed.

    Refusal `not_your_group`, `task_over` (somebody was first), `proof_needed`, `incident_over`.
    """
    with transaction.atomic():
        incident = lock(incident_id, by)
        check_open(incident)
        task = Task.objects.select_for_update().filter(pk=task_id, incident=incident).first()
        if task is None or not (leads(by, incident) or (works_in(by, task.group) and not dropped)):
            raise Refusal(reasons.NOT_YOUR_GROUP)
        if task.state != TaskState.OPEN:
            raise Refusal(reasons.TASK_OVER)
        said = clean(proof)[:2000]
        if not said:
            raise Refusal(reasons.PROOF_NEEDED, field="proof")
        task.state = TaskState.DROPPED if dropped else TaskState.DONE
        task.ended_at, task.ended_by_name, task.proof = at, by.name[:80], said
        task.save()
        told(incident, IncidentTaskEnded(task=str(task.pk), state=task.state, words=said), by=by, at=at)
        return task


def note_late_tasks(*, at: datetime) -> int:
    """Note of each task whose time passed that it is late, once; return how many. Safe to repeat.

    Each is a transaction that looks again under its lock: a task ended meanwhile, or noted by another worker,
    is left alone.
    """
    late = Task.objects.filter(state=TaskState.OPEN, due_at__lt=at, late_told_at=None)
    found = late.filter(incident__state=IncidentState.OPEN).order_by("due_at", "id")
    return sum(_note_late(*keys, at=at) for keys in list(found.values_list("incident_id", "pk")[:MOST_LATE]))


def _note_late(incident_id: UUID, task_id: UUID, *, at: datetime) -> bool:
    with transaction.atomic():
        incident = Incident.objects.select_for_update().get(pk=incident_id)
        waiting = Task.objects.select_for_update(of=("self",)).select_related("group")
        task = waiting.filter(pk=task_id, state=TaskState.OPEN, late_told_at=None).first()
        if task is None or incident.state != IncidentState.OPEN:
            return False
        task.late_told_at = at
        task.save(update_fields=["late_told_at"])
        body = IncidentTaskLate(str(task.pk), task.group.name, task.words, task.due_at.isoformat())
        told(incident, body, by=SYSTEM, at=at)
        return True


def close_incident(incident_id: UUID, *, summary: str, by: Actor, at: datetime) -> Incident:
    """End an incident and say what came of it; what residents were shown is taken down.

    Refusal `not_allowed`, `incident_over`, `words_needed`, `tasks_open`.
    """
    with transaction.atomic():
        incident = _led(incident_id, by)
        said = clean(summary)[:4000]
        if not said:
            raise Refusal(reasons.WORDS_NEEDED, field="summary")
        waiting = Task.objects.filter(incident=incident, state=TaskState.OPEN).count()
        if waiting:
            raise Refusal(reasons.TASKS_OPEN, number=waiting)
        incident.state, incident.closed_at, incident.summary = IncidentState.CLOSED, at, said
        Statement.objects.filter(incident=incident, state=StatementState.SHOWN).update(
            state=StatementState.TAKEN_DOWN, ended_at=at
        )
        told(incident, IncidentClosed(words=said), by=by, at=at)
        return incident


def lock(incident_id: UUID, by: Actor) -> Incident:
    """Return an incident an actor sees, its row locked. Refusal `incident_not_found`."""
    incident = Incident.objects.select_for_update().filter(pk=incident_id).first()
    if incident is None or not sees(by, incident):
        raise Refusal(reasons.INCIDENT_NOT_FOUND)
    return incident


def told(incident: Incident, body: FactBody, *, by: Actor, at: datetime) -> None:
    """Record a fact on the incident and save its row with it."""
    record(incident, body, district=incident.district, by=by, at=at)
    incident.save()


def _led(incident_id: UUID, by: Actor) -> Incident:
    incident = lock(incident_id, by)
    if not leads(by, incident):
        raise Refusal(NOT_ALLOWED)
    check_open(incident)
    return incident


def incidents_for(by: Actor, *, only_open: bool = False) -> list[Incident]:
    """Return the incidents an actor sees, those that go on first, the newest first."""
    found = Incident.objects.select_related("area", "spokes_unit").prefetch_related("groups__members")
    if only_open:
        found = found.filter(state=IncidentState.OPEN)
    return [one for one in found.order_by("-state", "-opened_at")[:200] if sees(by, one)]


def find_incident(incident_id: UUID, *, by: Actor) -> Incident:
    """Return an incident with its groups. Refusal `incident_not_found` for who may not see it."""
    found = Incident.objects.select_related("area", "spokes_unit").prefetch_related(
        "groups__members", "groups__lead"
    )
    incident = found.filter(pk=incident_id).first()
    if incident is None or not sees(by, incident):
        raise Refusal(reasons.INCIDENT_NOT_FOUND)
    return incident


def open_tasks_for(by: Actor) -> Iterable[Task]:
    """Return the tasks the units of an actor have to do, the nearest first."""
    waiting = (
        Task.objects.filter(state=TaskState.OPEN, incident__state=IncidentState.OPEN)
        .select_related("incident", "group")
        .prefetch_related("group__members")
        .order_by("due_at")
    )
    return [task for task in waiting[:300] if works_in(by, task.group)]
