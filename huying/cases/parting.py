"""Parts of a case: units that assist or are called in (吹哨), with a clock, an attendance and a result."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.dateparse import parse_datetime

from huying.cases import facts, reasons
from huying.cases.making import unit_of
from huying.cases.models import Task, TaskKind, TaskState
from huying.cases.rules import covers_unit
from huying.catalogue.core.clock import due_at, due_soon_at
from huying.catalogue.models import Grade
from huying.catalogue.queries import item_card, town_clock
from huying.dispatch.actions import refuse_if_closed
from huying.kit.errors import Refusal
from huying.people.permissions import Permission
from huying.people.queries import unit_book

if TYPE_CHECKING:
    from huying.cases.making import Making

POLICY = {TaskKind.ASSIST: "assist", TaskKind.CALL_IN: "call_in"}


def part_times(kind: TaskKind, *, at: datetime) -> dict[str, Any]:
    """Return when a part that begins now is due, and when its unit is reminded."""
    town = town_clock(at)
    limit = town.policies[POLICY[kind]]
    return {"due_at": due_at(at, limit, town.calendar).at, "warn_at": due_soon_at(at, limit, town.calendar)}


def _open_part(making: Making, kind: TaskKind, meet_at: datetime | None = None) -> facts.TaskOpened:
    unit = unit_of(making)
    if unit.id == making.case.unit_id:
        raise Refusal(reasons.SAME_UNIT, field="unit")
    if Task.objects.filter(case=making.case, unit_id=unit.id, state=TaskState.OPEN).exists():
        raise Refusal(reasons.HAS_A_PART, field="unit")
    item = item_card(making.case.item_id)
    if item is not None:
        # What may not be pushed down to a street or community is not pushed down as a part either.
        refuse_if_closed(item, [unit], at=making.at, is_danger=making.case.grade == Grade.A)
    times = part_times(kind, at=making.at)
    task = Task.objects.create(
        case=making.case,
        unit_id=unit.id,
        kind=kind,
        opened_at=making.at,
        asked_by_name=making.by.name,
        note=making.text("note"),
        meet_at=meet_at,
        **times,
    )
    return facts.TaskOpened(
        **making.states,
        task=str(task.pk),
        kind=kind,
        unit=str(unit.id),
        unit_name=unit.name,
        note=task.note,
        meet_at=meet_at.isoformat() if meet_at else "",
        due_at=times["due_at"].isoformat(),
    )


def add_assist(making: Making) -> facts.TaskOpened:
    """Ask another unit to do a part of the work, within a time of its own."""
    return _open_part(making, TaskKind.ASSIST)


def call_in(making: Making) -> facts.TaskOpened:
    """Call a unit to the spot: when to be there is written down, and whether it came."""
    given = making.given.get("meet_at")
    meet_at = given if isinstance(given, datetime) or not given else parse_datetime(str(given))
    if given and (meet_at is None or meet_at.tzinfo is None or meet_at < making.at):
        raise Refusal(reasons.DAY_IMPOSSIBLE, field="meet_at")
    return _open_part(making, TaskKind.CALL_IN, meet_at or None)


def _part(making: Making) -> Task:
    """Return the open part that was named, locked; Refusal `no_such_part`."""
    try:
        key = UUID(str(making.given["task"]))
    except ValueError:
        raise Refusal(reasons.NO_SUCH_PART, field="task") from None
    task = (
        Task.objects.select_for_update()
        .filter(pk=key, case=making.case, state=TaskState.OPEN)
        .exclude(kind=TaskKind.LEAD)
        .first()
    )
    if task is None:
        raise Refusal(reasons.NO_SUCH_PART, field="task")
    return task


def _own_part(making: Making) -> Task:
    """Return the open part that was named, if it is the actor's unit's; Refusal `not_yours`."""
    task = _part(making)
    card = unit_book().by_id.get(task.unit_id)
    if card is None or not covers_unit(making.by, Permission.CASE_WORK, card, making.case):
        raise Refusal(reasons.NOT_YOURS)
    return task


def attend(making: Making) -> facts.TaskAttended:
    """Record that the unit that was called in is on the spot; once."""
    task = _own_part(making)
    if task.kind != TaskKind.CALL_IN or task.attended_at is not None:
        raise Refusal(reasons.ATTENDED_ALREADY)
    task.attended_at = making.at
    task.save(update_fields=["attended_at"])
    return facts.TaskAttended(
        **making.states, task=str(task.pk), unit_name=_name(task), note=making.text("note")
    )


def finish_task(making: Making) -> facts.TaskDone:
    """Say what the unit did: its part is done, the lead goes on."""
    task = _own_part(making)
    task.state, task.ended_at, task.result = TaskState.DONE, making.at, making.text("note")
    task.done_by_name = making.by.name
    task.save(update_fields=["state", "ended_at", "result", "done_by_name"])
    return facts.TaskDone(
        **making.states,
        task=str(task.pk),
        unit_name=_name(task),
        result=task.result,
        in_time=task.due_at is None or making.at <= task.due_at,
    )


def end_task(making: Making) -> facts.TaskEnded:
    """Call a part off: the lead, or the dispatch centre, no longer needs it."""
    task = _part(making)
    task.state, task.ended_at = TaskState.ENDED, making.at
    task.save(update_fields=["state", "ended_at"])
    return facts.TaskEnded(
        **making.states,
        task=str(task.pk),
        unit=str(task.unit_id),
        unit_name=_name(task),
        reason=making.text("reason"),
    )


def _name(task: Task) -> str:
    card = unit_book().by_id.get(task.unit_id)
    return card.name if card else ""
