"""What is done with a task on the spot: signed, arrived, done. One small form each, with a one-time key."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4, uuid5

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from huying.cases.models import Solved, Status, Task, TaskKind, TaskState
from huying.cases.moves import MOVE
from huying.cases.queries import find_case
from huying.cases.rules import covers_unit, may
from huying.home.desk.access import staff_required
from huying.home.forms import WordsField
from huying.intake.photos import keep_photo, waiting_photos
from huying.journeys.round_step import STEPS, Step, take_step
from huying.kit.errors import Refusal
from huying.kit.telling import TellingForm
from huying.people.permissions import Permission
from huying.people.queries import unit_book
from huying.ui.fields import PhotosField

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.http import HttpResponse

    from huying.cases.models import Case
    from huying.home.desk.access import DeskRequest
    from huying.ledger.actor import Actor

LONGEST_WORDS = 4_000
MOST_PHOTOS = 5
PHOTOS = "evidence"
# What the words of each step are asked as; a step without an entry asks nothing.
ASKED = {
    "first_contact": gettext_lazy("What was said?"),
    "reply": gettext_lazy("What was done? The resident reads this"),
    "attend": gettext_lazy("Note"),
    "finish_task": gettext_lazy("What was done"),
}
WORDS_OPTIONAL = frozenset({"attend"})


class StepForm(TellingForm):
    """One step on one case. The key makes a double click, and a phone that sends twice, one step."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    number = forms.CharField(max_length=30, widget=forms.HiddenInput)
    move = forms.CharField(max_length=30, widget=forms.HiddenInput)
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    task = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, move: str, *args: Any, **said: Any) -> None:  # noqa: ANN401 - as Django's form
        super().__init__(*args, **said)
        self.auto_id = f"id_{move}_%s"
        self.move_key = move
        if move in ASKED:
            self.fields["words"] = WordsField(
                label=ASKED[move], required=move not in WORDS_OPTIONAL, max_length=LONGEST_WORDS,
                widget=forms.Textarea({"rows": 3}),
            )  # fmt: skip
        if move == "reply":
            self.fields["solved"] = forms.ChoiceField(
                label=gettext_lazy("Is it solved?"), choices=Solved.choices, widget=forms.RadioSelect
            )
            self.fields["unsolved_reason"] = WordsField(
                label=gettext_lazy("If not: why, and what is next"), required=False, max_length=LONGEST_WORDS,
                widget=forms.Textarea({"rows": 2}),
            )  # fmt: skip
            self.fields[PHOTOS] = PhotosField(
                label=gettext_lazy("Photo after"), required=False, max_count=MOST_PHOTOS
            )

    @property
    def label(self) -> str:
        """Return what the step is called."""
        return str(MOVE[self.move_key].label)

    @property
    def shown(self) -> list[tuple[forms.BoundField, str]]:
        """Return the fields a hand fills in, with the shape each is shown in."""
        shapes = {"solved": "cards", PHOTOS: "photos", "words": "voice"}
        return [(bound, shapes.get(bound.name, "")) for bound in self.visible_fields()]

    def photo_key(self, by: UUID) -> str:
        """Return what the photos of this step wait under: the clerk's own."""
        return f"{by.hex}{uuid5(self.cleaned_data['key'], PHOTOS).hex}"


def own_parts(cases: Sequence[Case], by: Actor) -> dict[UUID, Task]:
    """Return, by case, the open part beside the lead that the actor's units have: one statement for all."""
    parts = Task.objects.filter(case__in=[case.pk for case in cases], state=TaskState.OPEN)
    book, by_id = unit_book().by_id, {case.pk: case for case in cases}
    return {
        task.case_id: task
        for task in parts.exclude(kind=TaskKind.LEAD)
        if task.unit_id in book
        and covers_unit(by, Permission.CASE_WORK, book[task.unit_id], by_id[task.case_id])
    }


def acts_of(case: Case, part: Task | None, by: Actor) -> list[dict[str, str]]:
    """Return the steps that can be made on a task now; what stands against one is told when it is made."""
    keys: list[str] = []
    if may(by, Permission.CASE_WORK, case):
        if case.status == Status.DISPATCHED:
            keys = ["sign"]
        elif case.status == Status.IN_PROGRESS:
            keys = [*([] if case.contacted_at else ["first_contact"]), "reply"]
    elif part is not None and case.status in MOVE["finish_task"].from_:
        arrives = part.kind == TaskKind.CALL_IN and part.attended_at is None
        keys = [*(["attend"] if arrives else []), "finish_task"]
    about = str(part.pk) if part is not None else ""
    return [{"key": key, "label": str(MOVE[key].label), "task": about} for key in keys]


def blank_forms(keys: Iterable[str]) -> list[StepForm]:
    """Return an empty form for each kind of step on the page; the script fills in for which task."""
    wanted = set(keys)
    return [StepForm(key) for key in STEPS if key in wanted]


@require_http_methods(["GET", "POST"])
@staff_required(Permission.CASE_WORK)
def step(request: DeskRequest, number: str, move: str) -> HttpResponse:
    """Ask for one step and take it in: the way for browsers without scripts, and for a step opened alone."""
    if move not in STEPS:
        raise Http404(move)
    found = find_case(number, by=request.actor)
    if request.method != "POST":
        part = own_parts([found], request.actor).get(found.pk)
        initial = {"key": uuid4(), "number": number, "move": move, "seen": found.fact_seq,
                   "task": part.pk if part else None}  # fmt: skip
        return _show(request, StepForm(move, initial=initial), found)
    form = StepForm(move, request.POST, request.FILES)
    form.full_clean()
    if "key" not in form.cleaned_data:
        raise Http404(move)
    keep_step_photos(request, form)
    if not form.is_valid():
        return _show(request, form, found, HTTPStatus.BAD_REQUEST)
    try:
        moved = take_step(step_of(form, request), by=request.actor, at=request.at)
    except Refusal as refusal:
        form.tell(refusal, field=_field_of(refusal, form))
        return _show(request, form, found, refusal.reason.status)
    messages.success(request, _("%(number)s: recorded.") % {"number": moved.number})
    return redirect("desk:grid")


def _field_of(refusal: Refusal, form: StepForm) -> str | None:
    shown = {bound.name for bound in form.visible_fields()}
    return refusal.field if refusal.field in shown else None


def _show(request: DeskRequest, form: StepForm, case: Case, status: int = HTTPStatus.OK) -> HttpResponse:
    return render(request, "desk/grid_step.html", {"form": form, "case": case}, status=status)


def keep_step_photos(request: DeskRequest, form: StepForm) -> None:
    """Keep the photos that came with a step; one that cannot be kept is told."""
    for upload in form.cleaned_data.get(PHOTOS) or ():
        try:
            key = form.photo_key(request.user.pk)
            keep_photo(upload.read(), name=upload.name or "", upload_key=key, at=request.at)
        except Refusal as refusal:
            form.tell(refusal, field=PHOTOS)


def step_of(form: StepForm, request: DeskRequest) -> Step:
    """Return the step a right form tells."""
    told = form.cleaned_data
    given: dict[str, Any] = {}
    if STEPS[form.move_key]:
        given[STEPS[form.move_key]] = told["words"]
    if told.get("task"):
        given["task"] = str(told["task"])
    if form.move_key == "reply":
        photos = list(waiting_photos(form.photo_key(request.user.pk)))
        given |= {"solved": told["solved"], "unsolved_reason": told["unsolved_reason"], PHOTOS: photos}
    return Step(
        told["key"], told["number"], form.move_key, told["seen"], given,
        _written_at(request.POST.get("written_at", "")),
    )  # fmt: skip


def _written_at(text: str) -> datetime | None:
    """Return the moment a phone says it was written at, None for what is none."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
