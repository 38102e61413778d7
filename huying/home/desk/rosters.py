"""Duty rosters at the desk: who is on duty now, the next days, and taking a table in."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from huying.cases.lists import my_units
from huying.home.desk.access import staff_required
from huying.home.desk_forms import unit_field
from huying.home.forms import WordsField
from huying.home.office.forms_import import TABLES
from huying.kit.errors import Refusal
from huying.kit.tabular import read_table
from huying.kit.telling import TellingForm
from huying.people.queries import unit_book
from huying.workbench.models import Roster, Shift
from huying.workbench.rosters import keeps_rosters, read_shifts, set_roster, set_shifts

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from huying.home.desk.access import DeskRequest

MOST_BYTES, MOST_PROBLEMS, MOST_SHIFTS = 2**20, 50, 20
_PROBLEMS = "roster_problems"


class RosterForm(TellingForm):
    """A duty of a unit."""

    unit = unit_field(label=gettext_lazy("Unit"))
    name = WordsField(label=gettext_lazy("Name of the duty"), max_length=40)
    phone = WordsField(label=gettext_lazy("Number of the duty desk"), required=False, max_length=30)


class ShiftsForm(TellingForm):
    """A table of shifts."""

    file = forms.FileField(
        label=gettext_lazy("Table"), widget=forms.FileInput({"accept": TABLES}),
        help_text=gettext_lazy(
            "Excel or CSV: date, from, until, name, phone. Without times a day and its night."
        ),
    )  # fmt: skip


@require_safe
@staff_required()
def rosters(request: DeskRequest) -> HttpResponse:
    """Show who is on duty."""
    return _show(request)


def _show(
    request: DeskRequest,
    form: TellingForm | None = None,
    refused: tuple[UUID, ShiftsForm] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    by, at = request.actor, request.at
    keeps = [unit for unit in unit_book().all() if keeps_rosters(by, unit.id)]
    seen = {*my_units(by), *by.unit_ids, *(unit.id for unit in keeps)}
    above = {path for unit in map(unit_book().by_id.get, seen) if unit for path in _line(unit.path)}
    found = Roster.objects.filter(unit__path__in=above, is_active=True).select_related("unit")
    told = []
    for roster in found.order_by("unit__path", "name"):
        shifts = list(
            Shift.objects.filter(roster=roster, ends_at__gt=at).order_by("starts_at", "name")[:MOST_SHIFTS]
        )
        may_keep = keeps_rosters(by, roster.unit_id)
        wrong = refused[1] if refused and refused[0] == roster.pk else None
        told.append(
            {
                "roster": roster, "now": [one for one in shifts if one.starts_at <= at],
                "next": [one for one in shifts if one.starts_at > at], "may_keep": may_keep,
                "form": wrong or ShiftsForm(auto_id=f"id_{roster.pk.hex}_%s"),
                "is_open": wrong is not None,
            }
        )  # fmt: skip
    context = {
        "rosters": told, "may_keep": bool(keeps), "form": form or RosterForm(),
        "unit_choices": [{"value": unit.name, "label": unit.code} for unit in keeps],
        "problems": request.session.pop(_PROBLEMS, []),
    }  # fmt: skip
    return render(request, "desk/rosters.html", context, status=status)


def _line(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[: depth + 1]) for depth in range(len(parts))]


@require_POST
@staff_required()
def new(request: DeskRequest) -> HttpResponse:
    """Name a duty."""
    form = RosterForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        try:
            set_roster(told["unit"].id, name=told["name"], phone=told["phone"], by=request.actor)
        except Refusal as refusal:
            form.tell(refusal)
        else:
            messages.success(request, _("The duty is named; take its table in."))
            return redirect("desk:rosters")
    status = form.refusal.reason.status if form.refusal else HTTPStatus.BAD_REQUEST
    return _show(request, form=form, status=status)


@require_POST
@staff_required()
def upload(request: DeskRequest, roster_id: UUID) -> HttpResponse:
    """Take a table of shifts in; lines that could not be taken are told."""
    roster = Roster.objects.filter(pk=roster_id).first()
    if roster is None or not keeps_rosters(request.actor, roster.unit_id):
        raise Http404(str(roster_id))
    form = ShiftsForm(request.POST, request.FILES, auto_id=f"id_{roster.pk.hex}_%s")
    file = request.FILES.get("file")
    if form.is_valid() and file is not None:
        try:
            with read_table(file.read(MOST_BYTES), name=file.name or "") as table:
                read = read_shifts(table)
            count = set_shifts(roster.pk, read.shifts, by=request.actor)
        except Refusal as refusal:
            form.tell(refusal, field="file")
        else:
            request.session[_PROBLEMS] = [(one.line, one.sentence) for one in read.problems[:MOST_PROBLEMS]]
            messages.success(
                request, ngettext("{n} shift was written.", "{n} shifts were written.", count).format(n=count)
            )
            return redirect("desk:rosters")
    status = form.refusal.reason.status if form.refusal else HTTPStatus.BAD_REQUEST
    return _show(request, refused=(roster.pk, form), status=status)


@require_POST
@staff_required()
def close(request: DeskRequest, roster_id: UUID) -> HttpResponse:
    """Give a duty up; its shifts stay as they are."""
    roster = Roster.objects.filter(pk=roster_id).first()
    if roster is None:
        raise Http404(str(roster_id))
    set_roster(
        roster.unit_id,
        name=roster.name,
        phone=roster.phone,
        roster_id=roster.pk,
        is_active=False,
        by=request.actor,
    )
    messages.success(request, _("The duty is given up."))
    return redirect("desk:rosters")
