"""Facts of incidents become notices: to the units of its working groups, each for what is theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from huying.board.models import Group, Incident, Task, TaskState
from huying.board.rules import units_of
from huying.catalogue.core.calendar import local_day
from huying.notify.actions import Told, tell_units
from huying.people.permissions import Permission
from huying.people.queries import guarding_units

if TYPE_CHECKING:
    from collections.abc import Iterable

    from huying.ledger.models import Fact


def _tell(units: Iterable[UUID], kind: str, fact: Fact, **data: Any) -> None:  # noqa: ANN401 - what the letter names
    incident = Incident.objects.get(pk=UUID(fact.stream.partition(":")[2]))
    data |= {"incident": str(incident.pk), "title": incident.title}
    tell_units(Told(unit, kind, data, fact.at) for unit in dict.fromkeys(units))


def tell_group_formed(fact: Fact) -> None:
    """Tell the units of a group that they are in it."""
    group = Group.objects.get(pk=UUID(fact.data["group"]))
    _tell(units_of(group), "incident_group", fact, group=fact.data["name"], lead=fact.data["lead"])


def tell_task_set(fact: Fact) -> None:
    """Tell the units of a group of its task, and by when it is to be done."""
    task = Task.objects.select_related("group").get(pk=UUID(fact.data["task"]))
    _tell(
        units_of(task.group), "incident_task", fact, group=task.group.name, words=task.words,
        due=fact.data["due_at"],
    )  # fmt: skip


def tell_task_late(fact: Fact) -> None:
    """Tell the units of a group, and those who lead incidents of the area, that a task is late."""
    task = Task.objects.select_related("group", "incident").get(pk=UUID(fact.data["task"]))
    leading = guarding_units(Permission.INCIDENT_LEAD, task.incident.area_path, on=local_day(fact.at))
    _tell(
        [*units_of(task.group), *leading], "incident_task_late", fact, group=task.group.name,
        words=task.words, due=fact.data["due_at"],
    )  # fmt: skip


def tell_task_ended(fact: Fact) -> None:
    """Tell the units of a group that a task of theirs is no longer needed; what they did they know."""
    if fact.data["state"] == TaskState.DROPPED:
        task = Task.objects.select_related("group").get(pk=UUID(fact.data["task"]))
        _tell(
            units_of(task.group), "incident_task_dropped", fact, group=task.group.name, words=task.words,
            reason=task.proof,
        )  # fmt: skip


def tell_incident_closed(fact: Fact) -> None:
    """Tell every unit of every group, and the one that spoke, that it is over."""
    incident = Incident.objects.get(pk=UUID(fact.stream.partition(":")[2]))
    groups = incident.groups.prefetch_related("members")
    units = [unit for group in groups for unit in units_of(group)]
    _tell([*units, incident.spokes_unit_id], "incident_over", fact, words=fact.data["words"])
