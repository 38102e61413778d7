"""Releasing a case to the public: redacted words to approve, photos to paint over, taking it back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from huying.cases.models import Evidence, Reply
from huying.cases.queries import find_case, voices
from huying.cases.reasons import NOT_YOURS
from huying.cases.rules import may
from huying.home.desk.access import staff_required
from huying.home.desk.choosing import item_name
from huying.home.forms import WordsField
from huying.intake.models import Photo
from huying.kit.errors import Refusal
from huying.kit.redact import Kind, find, redact
from huying.kit.telling import TellingForm
from huying.people.permissions import Permission
from huying.publicity.actions import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    PhotoChoice,
    Words,
    publish_case,
    withdraw_publication,
)
from huying.publicity.blur import as_lines, read_regions
from huying.publicity.models import PhotoSource
from huying.publicity.queries import page_of_case
from huying.publicity.rules import rough_place, why_not_public

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.http import HttpResponse

    from huying.cases.models import Case
    from huying.home.desk.access import DeskRequest
    from huying.publicity.models import Publication

MOST_VOICES = 20
KINDS = {
    Kind.EMAIL: gettext_lazy("e-mail"), Kind.ID_NUMBER: gettext_lazy("ID number"),
    Kind.BANK_CARD: gettext_lazy("card number"), Kind.PHONE: gettext_lazy("phone"),
    Kind.PLATE: gettext_lazy("number plate"), Kind.ACCOUNT: gettext_lazy("account"),
    Kind.HOME: gettext_lazy("home"), Kind.NAME: gettext_lazy("name"),
}  # fmt: skip


class PublishForm(TellingForm):
    """What the public is to read, as the clerk approves it."""

    title = WordsField(label=gettext_lazy("Heading"), max_length=LONGEST_TITLE)
    text = WordsField(
        label=gettext_lazy("What was reported"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    reply = WordsField(
        label=gettext_lazy("The public reply"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    looked = forms.BooleanField(
        label=gettext_lazy("I have read all of it; nothing in it points at a person or a home"),
        required=False,
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class TakeBackForm(TellingForm):
    """Why a page is taken back."""

    reason = WordsField(
        label=gettext_lazy("Why is it taken back?"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


@dataclass
class Shown:
    """A photo of the case as the form offers it; `regions` are lines of left, top, width, height (%)."""

    source: str
    id: UUID
    url: str
    label: str
    chosen: bool = False
    regions: str = ""
    wrong: str = ""


def _found(request: DeskRequest, number: str) -> Case:
    case = find_case(number, by=request.actor)
    if not may(request.actor, Permission.CASE_PUBLISH, case):
        raise Refusal(NOT_YOURS)
    return case


@staff_required(Permission.CASE_PUBLISH)
def publish(request: DeskRequest, number: str) -> HttpResponse:
    """Show what would be public, redacted as far as rules go; show it once more; release it."""
    case = _found(request, number)
    page = page_of_case(case.pk)
    photos = _photos(case, page)
    if request.method != "POST":
        return _show(request, case, page, _first(case, page, request.GET.get("voice", "")), photos)
    form = PublishForm(request.POST)
    if not form.is_valid() or not _read_photos(request, photos):
        return _show(request, case, page, form, photos, status=HTTPStatus.BAD_REQUEST)
    if request.POST.get("step") != "publish":
        return _show(request, case, page, form, photos, preview=True)
    told = form.cleaned_data
    words = Words(told["title"], told["text"], told["reply"], _choices(photos), looked=told["looked"])
    try:
        publish_case(case.pk, words, by=request.actor, at=request.at, seen=told["seen"])
    except Refusal as refusal:
        form.tell(refusal)
        return _show(request, case, page, form, photos, preview=True, status=refusal.reason.status)
    messages.success(request, _("%(number)s is public now.") % {"number": case.number})
    return redirect("desk:publish", case.number)


def _first(case: Case, page: Publication | None, voice: str) -> PublishForm:
    """Return the form as it is met first: what is public now, else the redacted words of a voice."""
    seen = page.edition if page else 0
    if page is not None and page.withdrawn_at is None:
        held = {"title": page.title, "text": page.text, "reply": page.reply or _reply(case)}
        return PublishForm(initial=held | {"seen": seen})
    told = list(voices(case)[:MOST_VOICES])
    chosen = next((appeal for appeal in told if appeal.number == voice), told[0] if told else None)
    text = redact(chosen.text).text if chosen else ""
    # Not the beginning of what somebody wrote: what it is and roughly where says as much, and of nobody.
    title = f"{item_name(case.item)}（{rough_place(case)}）"[:LONGEST_TITLE]
    return PublishForm(initial={"title": title, "text": text, "reply": _reply(case), "seen": seen})


def _reply(case: Case) -> str:
    passed = Reply.objects.filter(case=case, passed=True).order_by("-at").first()
    return redact(passed.public_text).text if passed else ""


def _photos(case: Case, page: Publication | None) -> list[Shown]:
    """Return the photos of the appeals the case carries and of its released replies."""
    held = {photo.source_id: photo for photo in page.photos.all()} if page and not page.withdrawn_at else {}
    own = Photo.objects.filter(appeal__in=voices(case)[:MOST_VOICES].values("pk")).order_by("id")
    shown = [
        Shown(
            PhotoSource.APPEAL,
            photo.pk,
            reverse("desk:photo", args=[case.number, photo.pk]),
            _("From the appeal"),
        )
        for photo in own
    ]
    done = Evidence.objects.filter(reply__case=case, reply__passed=True).order_by("id")
    shown += [
        Shown(
            PhotoSource.EVIDENCE,
            one.pk,
            reverse("desk:evidence", args=[case.number, one.pk]),
            _("What was done"),
        )
        for one in done
    ]
    for one in shown:
        if one.id in held:
            one.chosen, one.regions = True, as_lines(held[one.id].regions)
    return shown


def _read_photos(request: DeskRequest, photos: Iterable[Shown]) -> bool:
    """Take over which photos were chosen and what is painted over; return whether all could be read."""
    for one in photos:
        one.chosen = f"photo_{one.id}" in request.POST
        one.regions = request.POST.get(f"regions_{one.id}", "")[:2000]
        try:
            read_regions(one.regions)
        except Refusal as refusal:
            one.wrong = refusal.sentence
    return not any(one.wrong for one in photos)


def _choices(photos: Iterable[Shown]) -> list[PhotoChoice]:
    return [PhotoChoice(one.source, one.id, read_regions(one.regions)) for one in photos if one.chosen]


def _show(
    request: DeskRequest,
    case: Case,
    page: Publication | None,
    form: PublishForm,
    photos: list[Shown],
    *,
    preview: bool = False,
    status: int = HTTPStatus.OK,
    taking: TakeBackForm | None = None,
) -> HttpResponse:
    reason = why_not_public(case)
    told = form.cleaned_data if form.is_bound and form.is_valid() else {}
    left = [told[name][span.start : span.end] for name in ("title", "text", "reply") if name in told
            for span in find(told[name])]  # fmt: skip
    context = {
        "case": case, "page": page if page and page.withdrawn_at is None else None, "form": form,
        "photos": photos, "refused": reason.sentence if reason else "", "place": rough_place(case),
        "voices": list(voices(case)[:MOST_VOICES]), "preview": told if preview else None,
        "left": left, "taken_out": _taken_out(case), "taking": taking or TakeBackForm(),
        "chosen": [one for one in photos if one.chosen],
    }  # fmt: skip
    return render(request, "desk/publish.html", context, status=status)


def _taken_out(case: Case) -> list[str]:
    """Return what the rules took out of the first voice, counted by kind, so that a clerk can look for it."""
    first = voices(case).first()
    counted = Counter(span.kind for span in find(first.text)) if first else Counter[Kind]()
    return [f"{KINDS[kind]} × {times}" for kind, times in counted.items()]


@require_POST
@staff_required(Permission.CASE_PUBLISH)
def unpublish(request: DeskRequest, number: str) -> HttpResponse:
    """Take back what is public of a case."""
    case = _found(request, number)
    form = TakeBackForm(request.POST)
    if form.is_valid():
        try:
            withdraw_publication(case.pk, reason=form.cleaned_data["reason"], by=request.actor, at=request.at)
        except Refusal as refusal:
            form.tell(refusal)
        else:
            messages.success(request, _("%(number)s is no longer public.") % {"number": case.number})
            return redirect("desk:publish", case.number)
    page = page_of_case(case.pk)
    status = form.refusal.reason.status if form.refusal else HTTPStatus.BAD_REQUEST
    return _show(request, case, page, _first(case, page, ""), _photos(case, page), taking=form, status=status)
