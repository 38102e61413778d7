"""Who is looking: a case page gives a sign now and then, and learns who else has the case open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_POST

from huying.cases.queries import find_case
from huying.home.desk.access import staff_required
from huying.workbench.models import Doing
from huying.workbench.presence import give_sign, go_away, others_at

if TYPE_CHECKING:
    from django.http import HttpResponse

    from huying.home.desk.access import DeskRequest

AWAY = "away"


@require_POST
@staff_required()
def here(request: DeskRequest, number: str) -> HttpResponse:
    """Take a sign that the clerk has a case open (or has left it), and tell who else has."""
    found = find_case(number, by=request.actor)
    doing = request.POST.get("doing", "")
    if doing == AWAY:
        go_away(found.pk, by=request.actor)
    else:
        told = Doing(doing) if doing in Doing.values else Doing.LOOKING
        give_sign(found.pk, told, by=request.actor, at=request.at)
    others = others_at([found.pk], by=request.actor, at=request.at)
    return render(request, "desk/parts/here.html", {"others": others.get(found.pk, [])})
