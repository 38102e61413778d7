"""Parts of a case on its page: what each unit was asked and did; and splitting appeals off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huying.cases.actions import move_case
from huying.cases.models import TaskKind, TaskState
from huying.cases.moves import MOVE
from huying.cases.queries import find_case
from huying.cases.rules import covers_unit, why_not
from huying.home.desk.access import staff_required
from huying.home.desk.voices import LONGEST_WORDS, found_among
from huying.kit.errors import Refusal
from huying.people.permissions import Permission
from huying.people.queries import unit_book

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from huying.cases.models import Case, Task
    from huying.home.desk.access import DeskRequest

PART_MOVES = ("attend", "finish_task", "end_task")
# What the move of a part takes, by the name its form has for the words.
WORDS = {"attend": "note", "finish_task": "note", "end_task": "reason"}


def parts_of(case: Case, request: DeskRequest) -> list[dict[str, Any]]:
    """Return each unit's part of a case, the newest first, with the moves this clerk can make on it."""
    able = {key for key in PART_MOVES if why_not(case, MOVE[key], by=request.actor, at=request.at) is None}
    return [{"task": task, "acts": _acts(case, task, able, request)} for task in case.tasks.all()]


def _acts(case: Case, task: Task, able: set[str], request: DeskRequest) -> list[dict[str, str]]:
    if task.state != TaskState.OPEN or task.kind == TaskKind.LEAD:
        return []
    card = unit_book().by_id.get(task.unit_id)
    mine = card is not None and covers_unit(request.actor, Permission.CASE_WORK, card, case)
    keys = [key for key in PART_MOVES if key in able and (mine or key == "end_task")]
    if task.kind != TaskKind.CALL_IN or task.attended_at is not None:
        keys = [key for key in keys if key != "attend"]
    return [{"key": key, "label": str(MOVE[key].label), "words": WORDS[key]} for key in keys]


@require_POST
@staff_required()
def part(request: DeskRequest, number: str, task_id: UUID, key: str) -> HttpResponse:
    """Make a move on a unit's part of a case: be there, have done it, call it off."""
    from huying.home.desk.case import show_case

    if key not in PART_MOVES:
        raise Http404(key)
    found = find_case(number, by=request.actor)
    told = {"task": str(task_id), WORDS[key]: request.POST.get(WORDS[key], "")}
    try:
        move_case(found.pk, key, by=request.actor, at=request.at, seen=_seen(request), **told)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        found = find_case(number, by=request.actor)
        return show_case(request, found, status=refusal.reason.status)
    messages.success(request, _("It is recorded."))
    return redirect("desk:case", number)


@require_POST
@staff_required(Permission.CASE_MERGE)
def split(request: DeskRequest, number: str) -> HttpResponse:
    """Make some appeals of a case a case of their own."""
    from huying.home.desk.case import show_case

    found = find_case(number, by=request.actor)
    appeals, words = request.POST.getlist("appeals"), request.POST.get("among", "").strip()[:LONGEST_WORDS]
    if request.POST.get("every") and words:
        appeals = [str(key) for key in found_among(found, words)]
    told = {"appeals": appeals, "reason": request.POST.get("reason", "")}
    try:
        fresh = move_case(found.pk, "split", by=request.actor, at=request.at, seen=_seen(request), **told)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return show_case(request, find_case(number, by=request.actor), status=refusal.reason.status)
    messages.success(request, _("Split off: %(number)s. Its residents are told.") % {"number": fresh.number})
    return redirect("desk:case", fresh.number)


def _seen(request: DeskRequest) -> int:
    told = request.POST.get("seen", "")
    return int(told) if told.isdecimal() else -1
