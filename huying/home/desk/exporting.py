"""Lists taken out as files: asked for with a reason, watched while they are written, handed to who asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from huying.cases.lists import AREA_TABS, WORK_TABS
from huying.home.desk.access import staff_required
from huying.home.desk.listing import Listing
from huying.home.forms import WordsField
from huying.home.office.downloads import XLSX
from huying.kit.errors import Refusal
from huying.kit.telling import TellingForm
from huying.people.permissions import Permission
from huying.workbench.columns import COLUMN
from huying.workbench.exports import KEPT_DAYS, LONGEST_WHY, ask_export, exports_of, lens_of, take_file
from huying.workbench.jobs import number_of
from huying.workbench.models import ExportRun, ExportState, Listed
from huying.workbench.telling import tell_lens
from huying.workbench.writing import MOST_ROWS

if TYPE_CHECKING:
    from huying.home.desk.access import DeskRequest

TABS = {Listed.INBOX: WORK_TABS, Listed.AREA: AREA_TABS}
STATE_TONES = {
    ExportState.WAITING: "mute", ExportState.RUNNING: "info", ExportState.READY: "ok",
    ExportState.FAILED: "bad", ExportState.DELETED: "mute",
}  # fmt: skip


class ExportForm(TellingForm):
    """What a list is needed for, and whether residents' names and numbers belong into it."""

    why = WordsField(
        label=_("What it is needed for"),
        max_length=LONGEST_WHY,
        help_text=_("It stands on every page of the file, beside your name and the time."),
    )
    contacts = forms.BooleanField(
        label=_("With residents' names and telephone numbers"),
        required=False,
        help_text=_("Whole only where your posts let you see them, and every one of them is logged."),
    )


@staff_required(Permission.EXPORT_RUN)
def export_new(request: DeskRequest) -> HttpResponse:
    """Ask for the list of the address as a file."""
    asked = request.GET.get("listed", "")
    listed = Listed(asked) if asked in Listed.values else Listed.INBOX
    listing = Listing(request, listed, TABS.get(listed, ()))
    form = ExportForm(request.POST if request.method == "POST" else None)
    if not request.actor.holds(Permission.CONTACT_SEE):
        del form.fields["contacts"]
    if request.method == "POST" and form.is_valid():
        try:
            run = ask_export(
                key_of(request.POST.get("key", "")), listing.lens, why=form.cleaned_data["why"],
                contacts=form.cleaned_data.get("contacts", False), language=get_language() or "zh-hans",
                by=request.actor, at=request.at,
            )  # fmt: skip
        except Refusal as refusal:
            form.tell(refusal)
        else:
            return redirect(f"{reverse('desk:exports')}#{run.pk}")
    context = {
        "form": form, "key": key_of(request.POST.get("key", "")), "told": tell_lens(listing.lens),
        "columns": [COLUMN[key].label for key in listing.lens.columns], "back_url": listing.url(),
        "most": MOST_ROWS, "days": KEPT_DAYS,
        "here": f"{request.path}?{urlencode({'listed': str(listed), **listing.lens.address})}",
    }  # fmt: skip
    return render(request, "desk/export.html", context, status=422 if form.errors else 200)


def key_of(text: str) -> UUID:
    """Return the key a form carries; a new one where it carries none."""
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


@require_safe
@staff_required(Permission.EXPORT_RUN)
def exports(request: DeskRequest) -> HttpResponse:
    """Show the lists one took out, how far they are, and until when they are kept."""
    runs = exports_of(request.actor)
    under_way = any(run.state in (ExportState.WAITING, ExportState.RUNNING) for run in runs)
    context = {"runs": [_shown(run) for run in runs], "under_way": under_way, "days": KEPT_DAYS}
    part = "HX-Request" in request.headers
    return render(request, "desk/parts/exports.html" if part else "desk/exports.html", context)


def _shown(run: ExportRun) -> dict[str, Any]:
    try:
        told = tell_lens(lens_of(run))
    except Refusal:  # kept from before the filters changed
        told = [(str(_("List")), run.get_listed_display())]
    return {
        "run": run, "number": number_of(run), "told": told, "tone": STATE_TONES[ExportState(run.state)],
        "url": reverse("desk:export_file", args=[run.pk]) if run.state == ExportState.READY else "",
    }  # fmt: skip


@require_safe
@staff_required(Permission.EXPORT_RUN)
def export_file(request: DeskRequest, key: UUID) -> HttpResponse:
    """Hand a file to who asked for it."""
    run, data = take_file(key, by=request.actor, at=request.at)
    name = f"huying-{number_of(run)}.xlsx"
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(data, content_type=XLSX, headers={"Content-Disposition": disposition})
