"""Everything that waits for me, whatever module it comes from; and the switches of the modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from huying.home.desk.access import staff_required
from huying.home.desk.frame import counted
from huying.home.inbox_sources import waiting_for
from huying.people.permissions import Permission
from huying.workbench.modules import MODULES, is_on, switch_module

if TYPE_CHECKING:
    from django.http import HttpResponse

    from huying.home.desk.access import DeskRequest


@require_safe
@staff_required()
def today(request: DeskRequest) -> HttpResponse:
    """Show what waits, the most urgent of each kind."""
    waiting = [
        {"source": source, "count": counted(number), "rows": rows, "more": number > len(rows)}
        for source, number, rows in waiting_for(request.frame)
    ]
    return render(request, "desk/today.html", {"waiting": waiting})


@require_http_methods(["GET", "POST"])
@staff_required(Permission.SYSTEM_EDIT)
def modules(request: DeskRequest) -> HttpResponse:
    """Show the modules of the town, and switch one."""
    if request.method == "POST":
        key, on = request.POST.get("module", ""), request.POST.get("on") == "1"
        switch_module(key, on=on, by=request.actor, at=request.at)
        messages.success(
            request, _("Switched on.") if on else _("Switched off; what it holds stays as it is.")
        )
        return redirect("desk:modules")
    told = [{"module": module, "is_on": is_on(module.key)} for module in MODULES]
    return render(request, "desk/modules.html", {"modules": told})
