"""Kinds of incidents in the office: renamed, switched off, or a town's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from huying.board.kinds import LONGEST_NAME, LONGEST_NAME_EN, kinds, set_kind
from huying.home.forms import WordsField
from huying.home.office.access import StaffRequest, office
from huying.home.office.menu import show
from huying.kit.errors import Refusal
from huying.kit.telling import TellingForm
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from django.http import HttpResponse


class KindForm(TellingForm):
    """A kind of incident."""

    name = WordsField(label=gettext_lazy("Name"), max_length=LONGEST_NAME)
    name_en = WordsField(label=gettext_lazy("English name"), max_length=LONGEST_NAME_EN, required=False)
    is_active = forms.BooleanField(label=gettext_lazy("Can be chosen"), required=False)


@require_safe
@office(Permission.SYSTEM_EDIT)
def kinds_page(request: StaffRequest) -> HttpResponse:
    """List the kinds."""
    return show(request, "incident_kinds.html", {"kinds": kinds()})


@require_http_methods(["GET", "POST"])
@office(Permission.SYSTEM_EDIT)
def kind(request: StaffRequest, key: str = "") -> HttpResponse:
    """Add a kind, or change one."""
    shown = next((one for one in kinds() if one.key == key), None) if key else None
    if key and shown is None:
        raise Http404
    begun: dict[str, object] = {"is_active": True}
    if shown is not None:
        begun = {
            "name": shown.own_name or shown.name, "name_en": shown.own_name_en, "is_active": shown.is_active,
        }  # fmt: skip
    form = KindForm(request.POST if request.method == "POST" else None, initial=begun)
    if request.method == "POST" and form.is_valid():
        try:
            set_kind(key, **form.cleaned_data, by=request.actor, at=request.at)
        except Refusal as refusal:
            form.tell(refusal)
        else:
            messages.success(request, _("Kept. Incidents that were opened keep their kind."))
            return redirect("desk:office:incident_kinds")
    status = form.refusal.reason.status if form.refusal else 422 if form.errors else 200
    return show(request, "incident_kind.html", {"form": form, "shown": shown}, status=status)
