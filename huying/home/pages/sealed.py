"""Reporting a violation, sealed: filing, following by number and code, writing and rating under the alias.

Nothing of an account, an address or a browser is kept with a report, whoever is signed in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from huying.home.pages.reach import show
from huying.intake.photos import show_once
from huying.kit.errors import Refusal
from huying.kit.network import client_ip
from huying.kit.telling import TellingForm
from huying.people.models import Unit
from huying.people.tries import count_tries
from huying.sealed.actions import (
    LONGEST_MESSAGE,
    LONGEST_TEXT,
    RETENTION,
    file_report,
    rate,
    write_as_reporter,
)
from huying.sealed.models import Report, State
from huying.sealed.pictures import MOST_PICTURES, clean_pictures, open_picture, pictures_of
from huying.sealed.queries import find_by_code, messages_of, text_of
from huying.sealed.reasons import TOO_MANY_REPORTS, TOO_MANY_TRIES
from huying.ui.fields import PhotosField, StarsField

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

# Told once, on the page after filing; then it is gone from here, too.
FRESH, OPENED = "sealed_fresh", "sealed_open"
OPEN_SECONDS = 30 * 60
FILING_WINDOW, FILING_MOST = 3600, 10
TRIES_WINDOW, TRIES_MOST = 15 * 60, 10


class ReportForm(TellingForm):
    """What happened, who did it, and, if one likes, who says so."""

    text = forms.CharField(
        label=gettext_lazy("What happened, when and where?"), max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 7}),
    )  # fmt: skip
    accused_unit = forms.ModelChoiceField(
        label=gettext_lazy("Which unit is it about?"), required=False,
        queryset=Unit.objects.filter(is_active=True).order_by("path"),
        empty_label=gettext_lazy("I do not know, or a person only"),
        help_text=gettext_lazy("This unit, and whoever works or worked in it, never sees your report."),
    )  # fmt: skip
    photos = PhotosField(
        label=gettext_lazy("Photos"), required=False, max_count=MOST_PICTURES,
        help_text=gettext_lazy("Up to 6. Place, time and device are taken out; they are sealed as well."),
    )  # fmt: skip
    about = forms.CharField(
        label=gettext_lazy("Who did it? (name or post, if you know)"), max_length=500, required=False
    )
    name = forms.CharField(label=gettext_lazy("Your name"), max_length=40, required=False)
    phone = forms.CharField(label=gettext_lazy("Your phone"), max_length=30, required=False)
    email = forms.CharField(label=gettext_lazy("Your mail address"), max_length=120, required=False)


class CodeForm(TellingForm):
    """Number and code of a report."""

    number = forms.CharField(label=gettext_lazy("Number of the report"), max_length=20)
    code = forms.CharField(
        label=gettext_lazy("Code for looking it up"),
        max_length=30,
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class WriteForm(TellingForm):
    """A message to whoever handles the report."""

    text = forms.CharField(
        label=gettext_lazy("Write to the officer"),
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea({"rows": 3}),
    )


class RateForm(TellingForm):
    """Stars and a word."""

    stars = StarsField(label=gettext_lazy("How was it handled?"))
    comment = forms.CharField(
        label=gettext_lazy("A word about it"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
    )


@never_cache
@sensitive_post_parameters()
def report(request: HttpRequest) -> HttpResponse:
    """Take a report."""
    posted = request.method == "POST"
    form = ReportForm(request.POST, request.FILES) if posted else ReportForm()
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        try:
            _count(request, "report", FILING_WINDOW, FILING_MOST, at=at)
            told = dict(form.cleaned_data)
            files = [(file.name or "", file.read()) for file in told.pop("photos") or ()]
            filed = file_report(**told, pictures=clean_pictures(files, at=at), at=at)
        except Refusal as refusal:
            form.tell(refusal)
        else:
            request.session[FRESH] = [filed.report.number, filed.code, filed.report.alias]
            return redirect("home:report_sent")
    return show(request, "home/report.html", {"form": form, "kept_days": _days()}, status=_status(form))


def _days() -> int:
    from huying.intake.queries import retention_days

    return retention_days(RETENTION)


def _status(form: Any) -> int:  # noqa: ANN401 - any of our forms
    return form.refusal.reason.status if form.refusal else 400 if form.errors else 200


def _count(request: HttpRequest, what: str, window: int, most: int, *, at: datetime) -> None:
    refused = TOO_MANY_REPORTS if what == "report" else TOO_MANY_TRIES
    count_tries(what, client_ip(request), window=window, most=most, refused=refused, at=at)


@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Tell number and code, this once."""
    told = request.session.pop(FRESH, None)
    if told is None:
        return redirect("home:report_follow")
    number, code, alias = told
    shown = "-".join(code[start : start + 4] for start in range(0, len(code), 4))
    return show(request, "home/report_sent.html", {"number": number, "code": shown, "alias": alias})


@never_cache
@sensitive_post_parameters("code")
def follow(request: HttpRequest) -> HttpResponse:
    """Open a report by its number and code, for half an hour in this browser."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        try:
            _count(request, "report-code", TRIES_WINDOW, TRIES_MOST, at=at)
            found = find_by_code(form.cleaned_data["number"], form.cleaned_data["code"])
        except Refusal as refusal:
            form.tell(refusal)
        else:
            request.session[OPENED] = [str(found.pk), at.timestamp() + OPEN_SECONDS]
            return redirect("home:report_mine")
    return show(request, "home/report_follow.html", {"form": form}, status=_status(form))


def _opened(request: HttpRequest, *, at: datetime) -> Report | None:
    told = request.session.get(OPENED)
    if not told or told[1] < at.timestamp():
        request.session.pop(OPENED, None)
        return None
    return Report.objects.filter(pk=told[0]).first()


@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """Show the opened report to its reporter, take a message, or the stars that close it."""
    at = timezone.now()
    found = _opened(request, at=at)
    if found is None:
        return redirect("home:report_follow")
    rating = request.method == "POST" and "stars" in request.POST
    writing = WriteForm(request.POST if request.method == "POST" and not rating else None)
    stars = RateForm(request.POST if rating else None)
    form: WriteForm | RateForm = stars if rating else writing
    if request.method == "POST" and form.is_valid():
        try:
            if rating:
                told = form.cleaned_data
                rate(found.pk, stars=int(told["stars"] or 0), comment=told["comment"], at=at)
            else:
                write_as_reporter(found.pk, form.cleaned_data["text"], at=at)
        except Refusal as refusal:
            form.tell(refusal)
        else:
            messages.success(request, _("It is sent."))
            return redirect("home:report_mine")
    context = {
        "report": found, "text": text_of(found), "said": messages_of(found), "writing": writing,
        "pictures": pictures_of(found),
        "rating": stars,
        "may_rate": found.state == State.REPLIED, "may_write": found.state != State.CLOSED,
    }  # fmt: skip
    return show(request, "home/report_mine.html", context, status=_status(form))


@never_cache
@require_safe
def picture(request: HttpRequest, picture_id: UUID) -> HttpResponse:
    """Show a photo of the opened report to its reporter."""
    found = _opened(request, at=timezone.now())
    if found is None:
        raise Http404(picture_id)
    return show_once(open_picture(found, picture_id))


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close the report in this browser."""
    request.session.pop(OPENED, None)
    return redirect("home:report_follow")
