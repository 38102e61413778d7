"""Releasing the progress of a matter: words to approve, redacted voices to choose from, taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from huying.home.desk.access import staff_required
from huying.home.desk.supervision.forms import ReasonForm, ReleaseForm
from huying.home.desk.supervision.order import found_order
from huying.home.desk.supervision.topics import found_topic
from huying.journeys.packing import appeals_of, sample_of
from huying.kit.errors import Refusal
from huying.kit.personal import strip_words
from huying.people.permissions import Permission
from huying.people.reasons import NOT_ALLOWED
from huying.supervision.models import Release, Topic
from huying.supervision.releasing import MOST_VOICES, PublicWords, release_progress, withdraw_progress
from huying.supervision.rules import over_area

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from huying.home.desk.access import DeskRequest
    from huying.supervision.models import Order


@staff_required(Permission.CASE_PUBLISH)
def topic_release(request: DeskRequest, topic_id: UUID) -> HttpResponse:
    """Release the progress of a topic, or take it back."""
    return _release(request, found_topic(request, topic_id))


@staff_required(Permission.CASE_PUBLISH)
def order_release(request: DeskRequest, order_id: UUID) -> HttpResponse:
    """Release the progress of an order that belongs to no topic, or take it back."""
    return _release(request, found_order(request, order_id))


def _release(request: DeskRequest, matter: Topic | Order) -> HttpResponse:
    if not over_area(request.actor, Permission.CASE_PUBLISH, matter.area_path):
        raise Refusal(NOT_ALLOWED)
    is_topic = isinstance(matter, Topic)
    page = Release.objects.filter(**({"topic": matter} if is_topic else {"order": matter})).first()
    back = reverse("desk:topic" if is_topic else "desk:order", args=[matter.pk])
    if request.method == "POST" and request.POST.get("act") == "withdraw" and page is not None:
        return _withdraw(request, page, back)
    form = (
        ReleaseForm(request.POST) if request.method == "POST" else ReleaseForm(initial=_first(matter, page))
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        words = PublicWords(
            told["title"], told["text"], tuple(told["voices"].splitlines()), looked=told["looked"]
        )
        try:
            made = release_progress(matter, words, seen=told["seen"], by=request.actor, at=request.at)
        except Refusal as refusal:
            form.tell(refusal)
        else:
            messages.success(request, _("Everybody can read it now."))
            return redirect("home:progress", release_id=made.pk)
    context = {
        "form": form, "page": page, "is_public": page is not None and page.withdrawn_at is None,
        "matter": matter, "back": back, "withdrawing": ReasonForm(auto_id="withdraw_%s"),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "desk/supervision/release.html", context, status=status)


def _first(matter: Topic | Order, page: Release | None) -> dict[str, Any]:
    """Return what the form begins with: what is public now, else the redacted words of the matter."""
    seen = page.edition if page else 0
    if page is not None and page.withdrawn_at is None:
        return {"title": page.title, "text": page.text, "voices": "\n".join(page.voices), "seen": seen}
    voices: list[str] = []
    if isinstance(matter, Topic):
        appeals = appeals_of(matter).select_related("party").order_by("-received_at")[:MOST_VOICES]
        voices = [sample_of(appeal).replace("\n", " ") for appeal in appeals]
    words = matter.why if isinstance(matter, Topic) else matter.text
    return {
        "title": strip_words(matter.title), "text": strip_words(words), "voices": "\n".join(voices),
        "seen": seen,
    }  # fmt: skip


def _withdraw(request: DeskRequest, page: Release, back: str) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id="withdraw_%s")
    if form.is_valid():
        withdraw_progress(page.pk, reason=form.cleaned_data["reason"], by=request.actor, at=request.at)
        messages.success(request, _("It is no longer public."))
    return redirect(back)
