"""Incidents at the desk: the list, and opening one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from huying.board.incidents import IncidentDraft, incidents_for, open_incident
from huying.board.kinds import kind_name
from huying.home.desk.access import staff_required
from huying.home.desk.board.incident_forms import IncidentForm
from huying.home.desk.choosing import offered_areas, unit_choices
from huying.kit.errors import Refusal
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from django.http import HttpResponse

    from huying.home.desk.access import DeskRequest


@require_safe
@staff_required()
def incidents(request: DeskRequest) -> HttpResponse:
    """Show the incidents an actor sees."""
    context = {
        "incidents": [(one, kind_name(one.kind)) for one in incidents_for(request.actor)],
        "may_open": request.actor.holds(Permission.INCIDENT_LEAD),
    }
    return render(request, "desk/board/incidents.html", context)


@require_http_methods(["GET", "POST"])
@staff_required(Permission.INCIDENT_LEAD)
def new(request: DeskRequest) -> HttpResponse:
    """Open an incident."""
    begun = {"since": timezone.localtime(request.at).strftime("%Y-%m-%dT%H:%M")}
    form = IncidentForm(request.POST or None, initial=begun)
    if request.method == "POST" and form.is_valid():
        try:
            opened = open_incident(IncidentDraft(**form.cleaned_data), by=request.actor, at=request.at)
        except Refusal as refusal:
            form.tell(refusal)
        else:
            return redirect("desk:incident", opened.pk)
    status = form.refusal.reason.status if form.refusal else 400 if form.errors else 200
    context = {"form": form, "unit_choices": unit_choices().all, "area_choices": offered_areas()}
    return render(request, "desk/board/incident_new.html", context, status=status)
