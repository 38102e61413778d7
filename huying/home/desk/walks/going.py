"""On a walk, with a phone: today's walks, findings in two taps, and the end; also without a network."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from huying.home.desk.access import staff_required
from huying.home.desk.choosing import item_choices, unit_choices
from huying.home.desk.keeping import (
    Box,
    errors_of,
    give_worker,
    kept_page,
    or_signed_out,
    photos_missing,
    promised,
    refused,
    taken,
    taken_case,
)
from huying.home.desk.walks.forms import EndForm, FindingForm, Rights
from huying.home.pages.drafting import as_key
from huying.intake.photos import keep_photo, waiting_photos
from huying.journeys.walk_finding import WalkFinding, finding_taken_under, may_dispatch_on, record_finding
from huying.kit.errors import Refusal
from huying.people.permissions import Permission
from huying.walks.going import end_walk
from huying.walks.queries import find_walk, walks_to_go

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse, QueryDict

    from huying.home.desk.access import DeskRequest
    from huying.ledger.actor import Actor
    from huying.walks.models import Walk

KINDS = ("before", "after")
GOING = (Permission.WALK_GO, Permission.WALK_PLAN)
FINDING, END = "finding", "end"


def walk_box() -> Box:
    """Return the box what is written on a walk waits in."""
    here = reverse("desk:walk_go")
    return Box(
        "huying-walk", "walk-", here, reverse("desk:walk_outbox"), reverse("desk:walk_worker"), found=here
    )


@require_http_methods(["GET", "POST"])
@staff_required(*GOING)
def go(request: DeskRequest) -> HttpResponse:
    """Show today's walks with a form for what is found and one for the end; take one in without scripts."""
    if request.method != "POST":
        return render(request, "desk/walks/go.html", going(request))
    form: FindingForm | EndForm | None = None
    try:
        told, form = _take(request)
    except Refusal as refusal:
        form = _form_of(request)
        form.tell(refusal)
        told = None
    if told is None:
        status = form.refusal.reason.status if form and form.refusal else HTTPStatus.BAD_REQUEST
        return render(request, "desk/walks/go.html", going(request, form), status=status)
    messages.success(request, _("%(number)s is kept.") % {"number": told[0]})
    return redirect("desk:walk_go")


def going(request: DeskRequest, wrong: FindingForm | EndForm | None = None) -> dict[str, Any]:
    """Return the walks one may report for, each with its forms; `wrong` is one that was not taken."""
    shown: list[dict[str, Any]] = []
    gives_out = False
    for walk in walks_to_go(request.actor, at=request.at):
        finding, end = _blank(walk, request.actor)
        gives_out = gives_out or "unit" in finding.fields
        sent = {type(wrong): wrong} if wrong is not None and wrong.data.get("walk") == str(walk.pk) else {}
        shown.append(
            {
                "walk": walk, "finding": sent.get(FindingForm, finding), "end": sent.get(EndForm, end),
                "checked": _checked(walk),
            }
        )  # fmt: skip
    return {
        "walks": shown, "box": walk_box(), "who": request.user.pk.hex, "item_choices": item_choices().all,
        "unit_choices": unit_choices().all if gives_out else [],
    }  # fmt: skip


def _checked(walk: Walk) -> list[dict[str, Any]]:
    known = {check.line_id: check.get_state_display() for check in walk.checks.all()}
    return [{"line": line, "state": known.get(line.pk, "")} for line in walk.checklist.lines.all()]


def _blank(walk: Walk, by: Actor) -> tuple[FindingForm, EndForm]:
    start = {"walk": walk.pk, "key": uuid4(), "act": FINDING}
    end = start | {"act": END, "key": uuid4()}
    return FindingForm(walk, _rights(walk, by), initial=start), EndForm(initial=end, auto_id=_end_ids(walk))


def _end_ids(walk: Walk) -> str:
    """Return how the fields of a walk's end are called on the page."""
    return f"id_end{walk.pk.hex}_%s"


def _rights(walk: Walk, by: Actor) -> Rights:
    works = any(Permission.CASE_WORK in grant.on_unit for grant in by.grants)
    return Rights(may_dispatch_on(walk, by), by.holds(Permission.APPEAL_ENTER) and works)


# --- without a network -------------------------------------------------------------------------------
@require_safe
@staff_required(*GOING)
def kept(request: DeskRequest) -> HttpResponse:
    """Show the page as a phone keeps it: without menu, token and name; its script gives each form a key."""
    context = going(request)
    for one in context["walks"]:
        one["finding"].initial["key"] = one["end"].initial["key"] = ""
    return kept_page(request, "desk/walks/go.html", context)


@cache_control(max_age=0, public=True)
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Give the browser the worker of walks; nobody's data is in it."""
    return give_worker(request, walk_box(), {"desk:walk_go": "desk:walk_kept"})


@never_cache
@require_http_methods(["GET", "POST"])
def outbox(request: HttpRequest) -> JsonResponse:
    """Take one photo or the whole of what was written; with GET, say whether its key was taken before."""
    try:
        return or_signed_out(_answer(request))
    except Refusal as refusal:
        return refused(refusal.sentence)


@staff_required(*GOING)
def _answer(request: DeskRequest) -> HttpResponse:
    sent = request.GET if request.method == "GET" else request.POST
    key = as_key(sent.get("key", ""))
    before = finding_taken_under(key, by=request.actor) if key else None
    if before is not None:
        return taken_case(before.case.number)
    if request.method == "GET":
        return JsonResponse({"state": "unknown"})
    if request.POST.get("who") != request.user.pk.hex:
        return refused(_("Somebody else wrote this on this device; only they can send it."))
    if request.POST.get("part") == "photo":
        return _photo(request)
    told, form = _take(request)
    if told is None:
        short = isinstance(form, FindingForm) and _here(form, request) < promised(
            request.POST.get("photo_count", "")
        )
        return photos_missing() if short else refused(errors_of(form.errors))
    return taken(*told, HTTPStatus.CREATED)


def _photo(request: DeskRequest) -> JsonResponse:
    form = _form_of(request)
    form.full_clean()
    if not isinstance(form, FindingForm) or "key" not in form.cleaned_data:
        return refused(_("The form cannot be read."))
    _keep_photos(request, form)
    wrong = {kind: form.errors[kind] for kind in KINDS if kind in form.errors}
    return refused(errors_of(wrong)) if wrong else JsonResponse({"state": "kept"})


def _form_of(request: DeskRequest) -> FindingForm | EndForm:
    """Return the form that was sent, for a walk its writer may read; Refusal `walk_not_found`."""
    walk = find_walk(as_key(request.POST.get("walk", "")) or UUID(int=0), by=request.actor)
    if request.POST.get("act") == END:
        return EndForm(request.POST, auto_id=_end_ids(walk))
    files = request.FILES.copy()
    kind = request.POST.get("kind", "")
    if kind in KINDS:
        files.setlist(kind, files.getlist("photos"))
    form = FindingForm(walk, _rights(walk, request.actor), request.POST, files)
    form.has_photos = bool(promised(request.POST.get("photo_count", ""))) or bool(files)
    return form


def _take(request: DeskRequest) -> tuple[tuple[str, str] | None, FindingForm | EndForm]:
    """Take in what was sent: (number, address) of what came of it, None where the form must be mended."""
    form = _form_of(request)
    if isinstance(form, EndForm):
        if not form.is_valid():
            return None, form
        ended = end_walk(
            form.cleaned_data["walk"], summary=form.cleaned_data["text"],
            seen=_ticked(request.POST, "place_"), fine=_ticked(request.POST, "line_"), by=request.actor,
            at=request.at,
        )  # fmt: skip
        return (ended.number, reverse("desk:walk", args=[ended.pk])), form
    form.full_clean()
    if "key" in form.cleaned_data:
        _keep_photos(request, form)
    if not form.is_valid() or _here(form, request) < promised(request.POST.get("photo_count", "")):
        return None, form
    noted = record_finding(_finding(form, request), by=request.actor, at=request.at)
    return (noted.case.number, reverse("desk:case", args=[noted.case.number])), form


def _ticked(sent: QueryDict, start: str) -> Iterator[UUID]:
    return (key for name in sent if name.startswith(start) and (key := as_key(name[len(start) :])))


def _here(form: FindingForm, request: DeskRequest) -> int:
    """Return how many photos of a finding are kept already."""
    if "key" not in form.cleaned_data:
        return 0
    return sum(waiting_photos(form.photo_key(kind, request.user.pk)).count() for kind in KINDS)


def _keep_photos(request: DeskRequest, form: FindingForm) -> None:
    for kind in KINDS:
        for upload in form.cleaned_data.get(kind) or ():
            try:
                key = form.photo_key(kind, request.user.pk)
                keep_photo(upload.read(), name=upload.name or "", upload_key=key, at=request.at)
            except Refusal as refusal:
                form.tell(refusal, field=kind)


def _finding(form: FindingForm, request: DeskRequest) -> WalkFinding:
    told, by = form.cleaned_data, request.user.pk
    unit = told.get("unit")
    return WalkFinding(
        key=told["key"], walk=told["walk"], stop=told["stop"], line=told["line"], text=told["text"],
        place_words=told["place_words"], lat=told["lat"], lon=told["lon"],
        item=told["item"].code if told["item"] else "", before=form.photo_key("before", by),
        after=form.photo_key("after", by), done=told.get("done", ""), unit=unit.code if unit else "",
        written_at=_written_at(request.POST.get("written_at", "")),
    )  # fmt: skip


def _written_at(text: str) -> datetime | None:
    """Return the moment a phone says it was written at, None for what is none."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
