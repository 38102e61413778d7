"""The grid worker's desk on a phone: what is to be done, what is near, and what was found and solved."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4, uuid5

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from huying.cases.lists import Tab, inbox
from huying.home.desk.access import staff_required
from huying.home.desk.choosing import item_choices
from huying.home.desk.grid_steps import acts_of, blank_forms, own_parts
from huying.home.desk.inbox import row
from huying.home.desk.keeping import Box
from huying.home.desk_forms import item_field
from huying.home.forms import LONGEST_PLACE, WordsField
from huying.intake.photos import drop_photos, keep_photo, show_file, waiting_photos
from huying.journeys.self_handled import SelfHandled, record_self_handled
from huying.kit.errors import Refusal
from huying.kit.telling import TellingForm
from huying.people.permissions import Permission
from huying.ui.fields import PhotosField

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.http import HttpResponse

    from huying.cases.models import Case, Task
    from huying.home.desk.access import DeskRequest
    from huying.intake.models import Photo
    from huying.ledger.actor import Actor

MOST_SHOWN = 60
LONGEST_FOUND, LONGEST_DONE = 2_000, 4_000
KINDS = ("before", "after")
MOST_PHOTOS = 5


@require_safe
@staff_required(Permission.CASE_WORK)
def grid(request: DeskRequest) -> HttpResponse:
    """Show what the clerk's units have to do: today's and late work first, each with its place."""
    return render(request, "desk/grid.html", round_of(request))


def round_of(request: DeskRequest) -> dict[str, Any]:
    """Return the round as its page shows it: the tasks, what can be done on the spot, and its forms."""
    cases = _open_work(request)
    parts = own_parts(cases, request.actor)
    tasks = [_task(case, parts.get(case.pk), request.actor) for case in cases]
    tomorrow = _next_midnight(request.at)
    today = [task for task in tasks if task["due_at"] and task["due_at"] < tomorrow]
    later = [task for task in tasks if task not in today]
    return {
        "today": today, "later": later, "may_enter": request.actor.holds(Permission.APPEAL_ENTER),
        "has_points": any(task["lat"] is not None for task in tasks),
        "step_forms": blank_forms(act["key"] for task in tasks for act in task["acts"]),
        "box": round_box(),
    }  # fmt: skip


def round_box() -> Box:
    """Return the box what is written on the round waits in."""
    return Box(
        "huying-round", "round-", reverse("desk:grid"), reverse("desk:grid_outbox"),
        reverse("desk:grid_worker"), reverse("desk:grid_found"),
    )  # fmt: skip


def _open_work(request: DeskRequest) -> list[Case]:
    """Return the open work of the clerk's units, the most urgent first, each case once."""
    found: dict[UUID, Case] = {}
    for tab in (Tab.TO_SIGN, Tab.WORKING, Tab.ASSIST, Tab.CALL_IN):
        for case in inbox(tab, by=request.actor, at=request.at).cases:
            found.setdefault(case.pk, case)
    far = timezone.now() + timedelta(days=9999)
    return sorted(found.values(), key=lambda case: (case.next_due_at or far, case.pk))[:MOST_SHOWN]


def _task(case: Case, part: Task | None, by: Actor) -> dict[str, Any]:
    """Return a case as a task: for a unit with a part of it, the part's own clock and what is asked of it."""
    told = row(case) | {
        "lat": case.lat, "lon": case.lon, "seen": case.fact_seq, "acts": acts_of(case, part, by), "asked": "",
        "part_kind": "",
    }  # fmt: skip
    if part is not None:
        told |= {"due_at": part.due_at, "soon_at": part.warn_at, "asked": part.note,
                 "meet_at": part.meet_at, "part_kind": part.get_kind_display()}  # fmt: skip
    return told


def _next_midnight(at: datetime) -> datetime:
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


class FoundForm(TellingForm):
    """What was found and what was done about it. The one-time key makes a double click one case."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    before = PhotosField(label=gettext_lazy("Photo before"), required=False, max_count=MOST_PHOTOS)
    after = PhotosField(label=gettext_lazy("Photo after"), required=False, max_count=MOST_PHOTOS)
    text = WordsField(
        label=gettext_lazy("What did you find?"), max_length=LONGEST_FOUND,
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip
    done = WordsField(
        label=gettext_lazy("What did you do?"), max_length=LONGEST_DONE, widget=forms.Textarea({"rows": 2})
    )
    place_words = WordsField(label=gettext_lazy("Where?"), required=False, max_length=LONGEST_PLACE)
    item = item_field(
        label=gettext_lazy("Item"),
        required=False,
        help_text=gettext_lazy("Left empty, it is read off the text."),
    )
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)

    def photo_key(self, kind: str, by: UUID) -> str:
        """Return what the photos of this form wait under: the clerk's own, apart for before and after."""
        return upload_key(self.cleaned_data["key"], kind, by)


def upload_key(key: UUID, kind: str, by: UUID) -> str:
    """Return the upload key of one kind of photos of a form, nobody else's."""
    return f"{by.hex}{uuid5(key, kind).hex}"


@require_http_methods(["GET", "POST"])
@staff_required(Permission.CASE_WORK)
def found(request: DeskRequest) -> HttpResponse:
    """Show the form for what was found and solved on the spot, or take it in; sent twice it is one case."""
    if request.method != "POST":
        return _show(request, FoundForm(initial={"key": uuid4()}))
    form = FoundForm(request.POST, request.FILES)
    if "key" not in cleaned(form):
        return _show(request, FoundForm(initial={"key": uuid4()}), HTTPStatus.BAD_REQUEST)
    keep_photos(request, form, drop=request.POST.getlist("drop"))
    if not form.is_valid():
        return _show(request, form, HTTPStatus.BAD_REQUEST)
    try:
        case = record_self_handled(given(form, request), by=request.actor, at=request.at)
    except Refusal as refusal:
        form.tell(refusal, field=refusal.field if refusal.field in form.fields else None)
        return _show(request, form, refusal.reason.status)
    messages.success(
        request, _("%(number)s is kept; somebody else of your unit reviews it.") % {"number": case.number}
    )
    return redirect("desk:grid")


def cleaned(form: FoundForm) -> dict[str, Any]:
    """Return what could be read of a form, wrong or not."""
    form.full_clean()
    return form.cleaned_data


def given(form: FoundForm, request: DeskRequest) -> SelfHandled:
    """Return what a right form tells."""
    told, by = form.cleaned_data, request.user.pk
    return SelfHandled(
        key=str(told["key"]), text=told["text"], done=told["done"],
        item=told["item"].code if told["item"] else "", place_words=told["place_words"], lat=told["lat"],
        lon=told["lon"], before=form.photo_key("before", by), after=form.photo_key("after", by),
    )  # fmt: skip


def keep_photos(request: DeskRequest, form: FoundForm, *, drop: Iterable[str] = ()) -> None:
    """Forget the photos that were taken out, keep those that came; one that cannot be kept is told."""
    for kind in KINDS:
        key = form.photo_key(kind, request.user.pk)
        known = {str(photo.pk): photo.pk for photo in waiting_photos(key)}
        if dropped := [known[text] for text in drop if text in known]:
            drop_photos(key, dropped)
        for upload in form.cleaned_data.get(kind) or ():
            try:
                keep_photo(upload.read(), name=upload.name or "", upload_key=key, at=request.at)
            except Refusal as refusal:
                form.tell(refusal, field=kind)


def _show(request: DeskRequest, form: FoundForm, status: int = HTTPStatus.OK) -> HttpResponse:
    kept: dict[str, list[Photo]] = {}
    if form.is_bound:
        kept = {kind: list(waiting_photos(form.photo_key(kind, request.user.pk))) for kind in KINDS}
    context = {
        "form": form, "kept_before": kept.get("before", []), "kept_after": kept.get("after", []),
        "key": form.cleaned_data["key"] if form.is_bound else "", "item_choices": item_choices().all,
        "who": request.user.pk.hex, "box": round_box(),
    }  # fmt: skip
    return render(request, "desk/grid_found.html", context, status=status)


@require_safe
@staff_required(Permission.CASE_WORK)
def found_photo(request: DeskRequest, key: UUID, kind: str, photo_id: UUID) -> HttpResponse:
    """Show a photo that waits in the clerk's own form."""
    own = waiting_photos(upload_key(key, kind, request.user.pk))
    return show_file(get_object_or_404(own, pk=photo_id).thumb_as)
