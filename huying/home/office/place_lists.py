"""A town's own lists of places in the office: looked at first, every wrong line told, then taken in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from huying.home.office.access import StaffRequest, office
from huying.home.office.areas import front
from huying.home.office.forms_places import ListFileForm, ReadingForm
from huying.home.office.forms_town import OutlinesForm
from huying.home.office.menu import show
from huying.home.office.uploads import keep_upload, kept_upload, takes_file, uploaded_file
from huying.kit.errors import Refusal
from huying.people.permissions import Permission
from huying.places.core.coordinates import read_system
from huying.places.drafting import draft_list
from huying.places.listing import guess_columns, read_list
from huying.places.loading import compare_list, load_list

if TYPE_CHECKING:
    from django.http import HttpResponse

    from huying.places.drafting import Drafts
    from huying.places.listing import TownList

MOST_LIST_BYTES = 10 * 2**20  # larger ones go in by `huying places load`
MOST_REMARKS, ROWS_SHOWN = 200, 5


@takes_file(Permission.PLACES_EDIT)
def upload(request: StaffRequest) -> HttpResponse:
    """Take a list in, onto the disk, to be looked at."""
    try:
        sha256 = keep_upload(uploaded_file(request, "list", most_bytes=MOST_LIST_BYTES))
    except Refusal as refusal:
        form = ListFileForm(request.POST, request.FILES)
        form.tell(refusal, field="list")
        return front(request, OutlinesForm(), refusal.reason.status, lists=form)
    return redirect("desk:office:place_list", sha256=sha256)


@office(Permission.PLACES_EDIT)
def file(request: StaffRequest, sha256: str) -> HttpResponse:
    """Show what a list holds, what it would change and which lines are wrong; on a word take it in."""
    path = kept_upload(sha256)
    found = read_list(path.read_bytes(), name=path.name)
    form = ReadingForm(request.POST if request.method == "POST" else None, found, path.stem)
    drafts = _drafts(form, found)
    if request.method == "POST" and request.POST.get("act") == "take" and drafts is not None:
        told = form.cleaned_data
        try:
            loaded = load_list(
                drafts, source=told["source"], skip_bad=told["skip_bad"], retire_missing=told["retire"],
                by=request.actor, at=request.at,
            )  # fmt: skip
        except Refusal as refusal:
            form.tell(refusal)
        else:
            words = _("The list is taken in: {new} new, {changed} changed, {retired} retired.")
            new, changed = loaded.areas_new + loaded.places_new, loaded.areas_changed + loaded.places_changed
            messages.success(request, words.format(new=new, changed=changed, retired=loaded.places_retired))
            return redirect("desk:office:areas")
    context = {"form": form, "name": path.name, **_seen(form, found, drafts)}
    return show(request, "place_list.html", context, status=422 if form.errors else 200)


def _drafts(form: ReadingForm, found: TownList) -> Drafts | None:
    """Return what the list says, as the form reads it or, unasked, as its columns are guessed."""
    if form.is_bound:
        if not form.is_valid():
            return None
        told = form.cleaned_data
        system = read_system(told["system"])
        return draft_list(found, form.mapping, source=told["source"], system=system, kind=told["kind"])
    try:
        mapping = guess_columns(found.header)
    except Refusal:
        return None
    return draft_list(found, mapping, source=str(form.initial["source"]))


def _seen(form: ReadingForm, found: TownList, drafts: Drafts | None) -> dict[str, Any]:
    rows = [(line.number, [line.values.get(name, "") for name in found.header]) for line in found.lines]
    seen: dict[str, Any] = {"header": found.header, "rows": rows[:ROWS_SHOWN], "count": len(found.lines)}
    if drafts is None:
        return seen
    source = form.cleaned_data["source"] if form.is_bound else str(form.initial["source"])
    retire = form.is_bound and form.cleaned_data["retire"] and not drafts.bad_lines
    refused = drafts.refused
    taken = [remark for remark in drafts.remarks if remark.taken]
    return seen | {
        "would": compare_list(drafts, source=source, retire_missing=retire),
        "bad_lines": drafts.bad_lines,
        "refused": refused[:MOST_REMARKS],
        "more_refused": max(0, len(refused) - MOST_REMARKS),
        "taken": taken[:MOST_REMARKS],
        "more_taken": max(0, len(taken) - MOST_REMARKS),
    }
