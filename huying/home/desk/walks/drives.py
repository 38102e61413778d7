"""Drives at the desk: set up, compared before and after, their cases and the ledger of what was cleared."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huying.cases.models import Case
from huying.cases.rules import visible_to
from huying.cases.words import item_name
from huying.catalogue.core.calendar import local_day
from huying.home.desk.access import staff_required
from huying.home.desk.choosing import unit_choices
from huying.home.desk.walks.drive_forms import ClearedForm, DriveForm, MarkForm, StrikeForm
from huying.home.desk.walks.planning import area_choices_of, areas_of
from huying.journeys.drive_numbers import cases_of, cleared_of, compare
from huying.kit.errors import Refusal
from huying.people.permissions import Permission
from huying.walks import reasons
from huying.walks.driving import ClearedDraft, DriveDraft, enter_cleared, mark_case, set_drive, strike_cleared
from huying.walks.models import Drive
from huying.walks.rules import over, tops, under

if TYPE_CHECKING:
    from django.http import HttpResponse

    from huying.home.desk.access import DeskRequest
    from huying.kit.telling import TellingForm

SEEING = (Permission.DRIVE_RUN, Permission.STATS_SEE)
MOST_CASES = 50


def status_of(form: TellingForm) -> int:
    """Return the status of a page that shows a form."""
    if not form.is_bound:
        return HTTPStatus.OK
    return form.refusal.reason.status if form.refusal else HTTPStatus.BAD_REQUEST


def find_drive(request: DeskRequest, drive_id: UUID) -> Drive:
    """Return a drive an actor may read; Refusal `drive_not_found`."""
    found = Drive.objects.filter(under(tops(request.actor, *SEEING)), pk=drive_id)
    drive = found.select_related("area", "unit").first()
    if drive is None:
        raise Refusal(reasons.DRIVE_NOT_FOUND)
    return drive


@require_safe
@staff_required(*SEEING)
def drives(request: DeskRequest) -> HttpResponse:
    """Show the drives of one's areas, the newest first."""
    found = Drive.objects.filter(under(tops(request.actor, *SEEING))).select_related("area", "unit")
    context = {
        "drives": found.order_by("-starts_on", "name")[:100], "today": local_day(request.at),
        "may_run": request.actor.holds(Permission.DRIVE_RUN),
    }  # fmt: skip
    return render(request, "desk/walks/drives.html", context)


@require_http_methods(["GET", "POST"])
@staff_required(Permission.DRIVE_RUN)
def edit(request: DeskRequest, drive_id: UUID | None = None) -> HttpResponse:
    """Set a drive up, or change it."""
    drive = find_drive(request, drive_id) if drive_id else None
    start = {"key": uuid4(), "starts_on": local_day(request.at)}
    if drive is not None:
        start = {
            "key": drive.key, "name": drive.name, "area": drive.area.code,
            "unit": unit_choices().value_of(drive.unit.code) if drive.unit else "",
            "items": " ".join(drive.items), "starts_on": drive.starts_on, "ends_on": drive.ends_on,
            "aim": drive.aim,
        }  # fmt: skip
    form = DriveForm(request.POST or None, initial=start)
    areas = area_choices_of(areas_of(request.actor, Permission.DRIVE_RUN))
    form.fields["area"].choices = areas  # type: ignore[attr-defined] # a choice field
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        draft = DriveDraft(
            name=told["name"], area=told["area"], starts_on=told["starts_on"], ends_on=told["ends_on"],
            items=form.codes(), unit=told["unit"].code if told["unit"] else "", aim=told["aim"],
        )  # fmt: skip
        try:
            made = set_drive(draft, key=told["key"], drive=drive_id, by=request.actor, at=request.at)
        except Refusal as refusal:
            form.tell(refusal)
        else:
            messages.success(request, _("The drive is set up."))
            return redirect("desk:drive", drive_id=made.pk)
    context = {"form": form, "drive": drive, "unit_choices": unit_choices().all}
    return render(request, "desk/walks/drive_form.html", context, status=status_of(form))


@require_safe
@staff_required(*SEEING)
def drive(request: DeskRequest, drive_id: UUID) -> HttpResponse:
    """Show a drive: its numbers, its ledger, its cases."""
    return _show(request, drive_id)


def _show(
    request: DeskRequest, drive_id: UUID, mark: MarkForm | None = None, line: ClearedForm | None = None,
    strike: StrikeForm | None = None,
) -> HttpResponse:  # fmt: skip
    found = find_drive(request, drive_id)
    cases = Case.objects.filter(cases_of(found)).filter(visible_to(request.actor)).select_related("unit")
    wrong = next((form for form in (mark, line, strike) if form is not None), None)
    context = {
        "drive": found, "items": [item_name(code) for code in found.items],
        "compared": compare(found, at=request.at), "sums": cleared_of(found),
        "lines": found.cleared.order_by("-on", "-at")[:200], "marks": found.marks.select_related("case"),
        "cases": cases.order_by("-opened_at")[:MOST_CASES], "count": cases.count(), "most": MOST_CASES,
        "may_run": over(request.actor, Permission.DRIVE_RUN, found.area.path),
        "mark": mark or MarkForm(auto_id="id_mark_%s"), "strike": strike or StrikeForm(),
        "line": line or ClearedForm(initial={"key": uuid4(), "on": local_day(request.at)}),
    }  # fmt: skip
    status = status_of(wrong) if wrong is not None else HTTPStatus.OK
    return render(request, "desk/walks/drive.html", context, status=status)


@require_POST
@staff_required(Permission.DRIVE_RUN)
def mark(request: DeskRequest, drive_id: UUID) -> HttpResponse:
    """Put a case in by hand, or take it out."""
    form = MarkForm(request.POST, auto_id="id_mark_%s")
    if form.is_valid():
        told = form.cleaned_data
        try:
            mark_case(
                drive_id, told["number"], is_in=told["is_in"] == "yes", reason=told["reason"],
                by=request.actor, at=request.at,
            )  # fmt: skip
        except Refusal as refusal:
            form.tell(refusal)
        else:
            return redirect("desk:drive", drive_id=drive_id)
    return _show(request, drive_id, mark=form)


@require_POST
@staff_required(Permission.DRIVE_RUN)
def enter(request: DeskRequest, drive_id: UUID) -> HttpResponse:
    """Enter a line of the ledger."""
    form = ClearedForm(request.POST)
    if form.is_valid():
        told = dict(form.cleaned_data)
        key = told.pop("key")
        try:
            enter_cleared(drive_id, ClearedDraft(**told), key=key, by=request.actor, at=request.at)
        except Refusal as refusal:
            form.tell(refusal)
        else:
            return redirect("desk:drive", drive_id=drive_id)
    return _show(request, drive_id, line=form)


@require_POST
@staff_required(Permission.DRIVE_RUN)
def strike(request: DeskRequest, drive_id: UUID, line_id: UUID) -> HttpResponse:
    """Strike a line of the ledger out."""
    form = StrikeForm(request.POST)
    if form.is_valid():
        try:
            strike_cleared(line_id, reason=form.cleaned_data["reason"], by=request.actor, at=request.at)
        except Refusal as refusal:
            form.tell(refusal)
        else:
            return redirect("desk:drive", drive_id=drive_id)
    return _show(request, drive_id, strike=form)
