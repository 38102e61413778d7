"""One incident at the desk: its groups, tasks, statements and reports, with the acts its reader may do."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huying.board.incidents import close_incident, end_task, find_incident, form_group, set_task
from huying.board.kinds import kind_name
from huying.board.models import Incident, StatementState, Task, TaskState
from huying.board.reporting import report_day
from huying.board.rules import leads, speaks, units_of, works_in
from huying.board.speaking import decide_statement, draft_statement, take_down
from huying.board.told import tell_story
from huying.home.desk.access import staff_required
from huying.home.desk.board.incident_forms import CloseForm, GroupForm, StatementForm, TaskForm
from huying.home.desk.board.report_paper import paper_of
from huying.home.desk.choosing import unit_choices
from huying.home.desk.paper_files import paper_file
from huying.kit.errors import Refusal
from huying.workbench.rosters import on_duty

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.http import HttpResponse

    from huying.board.models import DailyReport
    from huying.home.desk.access import DeskRequest
    from huying.kit.telling import TellingForm


@require_safe
@staff_required()
def incident(request: DeskRequest, incident_id: UUID) -> HttpResponse:
    """Show an incident."""
    return _page(request, find_incident(incident_id, by=request.actor))


def _page(
    request: DeskRequest, found: Incident, form: TellingForm | None = None, act: str = ""
) -> HttpResponse:
    by, at = request.actor, request.at
    is_lead, is_open = leads(by, found), found.state == "open"
    tasks = list(found.tasks.select_related("group").order_by("due_at", "id"))
    forms: dict[str, Any] = {
        "group": GroupForm(), "task": TaskForm(incident=found), "statement": StatementForm(),
        "close": CloseForm(),
    }  # fmt: skip
    if form is not None:
        forms[act] = form
    groups = list(found.groups.all())
    units = list(dict.fromkeys(unit for group in groups for unit in units_of(group)))
    works = {group.pk for group in groups if is_lead or works_in(by, group)}
    statements = list(found.statements.order_by("-number"))
    context = {
        "incident": found, "kind": kind_name(found.kind), "is_lead": is_lead and is_open, "is_open": is_open,
        "speaks": speaks(by, found) and is_open,
        "groups": [
            {
                "group": group, "may_end": group.pk in works and is_open,
                "tasks": [_task(task, at) for task in tasks if task.group_id == group.pk],
            }
            for group in groups
        ],
        "duty": on_duty(units, at=at), "statements": statements, "reports": found.reports.order_by("-day"),
        "shown": next((one for one in statements if one.state == StatementState.SHOWN), None),
        "story": tell_story(found), "forms": forms, "act": act,
        "done": sum(task.state != TaskState.OPEN for task in tasks), "all": len(tasks),
        "unit_choices": unit_choices().all if is_lead else (), "me": by.id,
    }  # fmt: skip
    status = form.refusal.reason.status if form is not None and form.refusal else 200
    return render(request, "desk/board/incident.html", context, status=status)


def _task(task: Task, at: datetime) -> dict[str, Any]:
    return {"task": task, "late": task.state == TaskState.OPEN and task.due_at < at}


@require_POST
@staff_required()
def act(request: DeskRequest, incident_id: UUID, act: str) -> HttpResponse:
    """Do one thing in an incident; what is refused is told beside its field."""
    found = find_incident(incident_id, by=request.actor)
    if act in _FORMS:
        form = _FORMS[act](request, found)
        if not form.is_valid():
            return _page(request, found, form, act)
        try:
            _WITH_FORM[act](request, found, form.cleaned_data)
        except Refusal as refusal:
            form.tell(refusal)
            return _page(request, found, form, act)
    elif act in _PLAIN:
        _PLAIN[act](request, found)
    else:
        raise Http404
    messages.success(request, _("Done."))
    return redirect("desk:incident", incident_id)


_FORMS: dict[str, Callable[[DeskRequest, Incident], TellingForm]] = {
    "group": lambda request, _found: GroupForm(request.POST),
    "task": lambda request, found: TaskForm(request.POST, incident=found),
    "statement": lambda request, _found: StatementForm(request.POST),
    "close": lambda request, _found: CloseForm(request.POST),
}


def _form_group(request: DeskRequest, found: Incident, told: dict[str, Any]) -> None:
    form_group(found.pk, told.pop("name"), **told, by=request.actor, at=request.at)


def _set_task(request: DeskRequest, found: Incident, told: dict[str, Any]) -> None:
    group = UUID(told["group"])
    set_task(found.pk, group, told["words"], due_at=told["due_at"], by=request.actor, at=request.at)


def _draft(request: DeskRequest, found: Incident, told: dict[str, Any]) -> None:
    draft_statement(found.pk, told["text"], by=request.actor, at=request.at)


def _close(request: DeskRequest, found: Incident, told: dict[str, Any]) -> None:
    close_incident(found.pk, summary=told["summary"], by=request.actor, at=request.at)


_WITH_FORM = {"group": _form_group, "task": _set_task, "statement": _draft, "close": _close}


def _end_task(request: DeskRequest, found: Incident) -> None:
    dropped = request.POST.get("dropped") == "1"
    proof = request.POST.get("proof", "")
    end_task(found.pk, _key(request, "task"), proof=proof, by=request.actor, at=request.at, dropped=dropped)


def _decide(request: DeskRequest, found: Incident) -> None:
    decide_statement(
        found.pk, _number(request), approved=request.POST.get("approved") == "1",
        reason=request.POST.get("reason", ""), by=request.actor, at=request.at,
    )  # fmt: skip


def _take_down(request: DeskRequest, found: Incident) -> None:
    why = request.POST.get("reason", "")
    take_down(found.pk, _number(request), reason=why, by=request.actor, at=request.at)


_PLAIN: dict[str, Callable[[DeskRequest, Incident], None]] = {
    "task-end": _end_task, "statement-decide": _decide, "statement-down": _take_down,
}  # fmt: skip


def _key(request: DeskRequest, name: str) -> UUID:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        raise Http404 from None


def _number(request: DeskRequest) -> int:
    told = request.POST.get("number", "")
    if not told.isdecimal() or len(told) > 4:  # noqa: PLR2004 - nobody says so much
        raise Http404
    return int(told)


@require_POST
@staff_required()
def report(request: DeskRequest, incident_id: UUID) -> HttpResponse:
    """Make the report of today."""
    made = report_day(incident_id, by=request.actor, at=request.at)
    return redirect("desk:incident_report", incident_id, made.day.isoformat())


@require_safe
@staff_required()
def reported(request: DeskRequest, incident_id: UUID, day: str) -> HttpResponse:
    """Show the report of a day as it was made."""
    found = find_incident(incident_id, by=request.actor)
    made = _report_of(found, day)
    context = {"incident": found, "kind": kind_name(found.kind), "report": made, "data": made.data}
    return render(request, "desk/board/report.html", context)


@require_safe
@staff_required()
def report_file(request: DeskRequest, incident_id: UUID, day: str, kind: str) -> HttpResponse:
    """Hand out the report of a day as a Word document or as PDF."""
    found = find_incident(incident_id, by=request.actor)
    return paper_file(paper_of(found, _report_of(found, day)), f"incident-{day}", kind)


def _report_of(incident: Incident, day: str) -> DailyReport:
    """Return the report of a day; Http404 where there is none."""
    try:
        made = incident.reports.filter(day=date.fromisoformat(day)).first()
    except ValueError:
        made = None
    if made is None:
        raise Http404
    return made
