"""Taking power to look into cases in an emergency, and ending it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from huying.home.desk.access import staff_required
from huying.kit.errors import Refusal
from huying.kit.network import client_ip
from huying.kit.telling import TellingForm
from huying.people.access import POWER, Look, log_access
from huying.people.forms import code_field
from huying.people.models import Seen
from huying.people.permissions import Permission
from huying.people.power import LONGEST_MINUTES, SHORTEST_MINUTES, end_power, running_power, take_power
from huying.people.tries import count_sign_in, forget_sign_ins

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.http import HttpResponse

    from huying.home.desk.access import DeskRequest

RIGHTS = (Permission.SYSTEM_EDIT, Permission.PEOPLE_EDIT)


class PowerForm(TellingForm):
    """Why, how long, and the one-time code anew."""

    reason = forms.CharField(
        label=gettext_lazy("Why do you have to look into cases?"), max_length=300,
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"), min_value=SHORTEST_MINUTES, max_value=LONGEST_MINUTES, initial=30
    )
    code = code_field(gettext_lazy("One-time code, asked for anew"))


@staff_required(*RIGHTS)
def power(request: DeskRequest) -> HttpResponse:
    """Ask for a reason, a time and a code, and open the cases of the town for reading."""
    form = PowerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        name, ip = request.user.username, client_ip(request)
        try:
            count_sign_in(name, ip, at=request.at)
            take_power(**form.cleaned_data, by=request.actor, at=request.at)
        except Refusal as refusal:
            form.tell(refusal)
        else:
            forget_sign_ins(name, ip)
            messages.warning(request, _("You may look into cases now. Every page you open is written down."))
            return redirect("desk:area")
    status = form.refusal.reason.status if form.refusal else 422 if form.errors else 200
    running = running_power(request.user.pk, at=request.at)
    return render(request, "desk/power.html", {"form": form, "running": running}, status=status)


@require_POST
@staff_required(*RIGHTS)
def power_end(request: DeskRequest) -> HttpResponse:
    """End one's power."""
    end_power(by=request.actor, at=request.at)
    messages.success(request, _("Your power has ended."))
    return redirect("desk:power")


def note_page(request: DeskRequest, appeal_ids: Iterable[UUID], *, subject: str, page: str) -> None:
    """Write down a page read in a session of power; outside of one nothing is written."""
    if request.actor.power is not None:
        appeals: list[Any] = list(appeal_ids) or [None]
        look = Look(POWER)
        log_access(appeals, look, seen=Seen.PAGE, subject=subject, page=page, by=request.actor, at=request.at)
