"""My data: see what is held, correct it, take a copy, ask to be forgotten (个人信息保护法 Art. 44 to 47)."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from huying.home.forms import LONGEST_NAME, WordsField
from huying.home.pages.reach import actor_at, resident_of, show, sign_in_first
from huying.intake.photos import store
from huying.journeys import owndata
from huying.journeys.erasing import count_appeals
from huying.journeys.jobs import copy_data
from huying.kit.errors import Refusal
from huying.kit.telling import TellingForm
from huying.mydata.actions import COPY_HOURS, ask_copy, ask_erasure, drop_erasure
from huying.mydata.models import CopyState, ErasureState
from huying.mydata.queries import find_copy, newest_copy, newest_erasure
from huying.people.own_account import correct_account

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

    from huying.people.models import Account

MOST_LOOKS = 50


class AccountForm(TellingForm):
    """What the account holds besides the phone it is signed in with."""

    name = WordsField(
        label=gettext_lazy("What may we call you?"),
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of messages to you"),
        required=False,
        choices=[("", gettext_lazy("The town's usual one")), *settings.LANGUAGES],
    )


class ErasureForm(TellingForm):
    """That everything is to be forgotten; nobody has to say why."""

    words = WordsField(
        label=gettext_lazy("Anything we should know?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    sure = forms.BooleanField(label=gettext_lazy("I know that it cannot be undone"))


@never_cache
@require_safe
def own_data(request: HttpRequest) -> HttpResponse:
    """Show what is held on the resident who is signed in."""
    account = resident_of(request)
    return sign_in_first(request) if account is None else _show(request, account)


def _show(request: HttpRequest, account: Account, wrong: TellingForm | None = None) -> HttpResponse:
    at = timezone.now()
    held = owndata.gather(account, at=at).data
    copy, erasure = newest_copy(account.pk), newest_erasure(account.pk)
    still, ended = count_appeals(account.pk)
    context: dict[str, Any] = {
        "tab": "appeals", "account": account, "held": held, "looks": held["looks"][:MOST_LOOKS],
        "photos": sum(len(appeal["photos"]) for appeal in held["appeals"]),
        "ratings": sum(len(appeal["ratings"]) for appeal in held["appeals"]),
        "notices": sum(len(appeal["notices"]) for appeal in held["appeals"]),
        "form": wrong if isinstance(wrong, AccountForm) else _account_form(account),
        "erasure_form": wrong if isinstance(wrong, ErasureForm) else ErasureForm(),
        "copy": copy, "copy_fresh": bool(copy and copy.state == CopyState.READY and copy.expires_at
                                         and copy.expires_at > at),
        "copy_waits": bool(copy and copy.state == CopyState.ASKED), "copy_hours": COPY_HOURS,
        "copy_failed": bool(copy and copy.state == CopyState.FAILED),
        "erasure": erasure, "still": still, "ended": ended,
        "erasure_open": bool(erasure and erasure.state in (ErasureState.ASKED, ErasureState.AGREED)),
    }  # fmt: skip
    status = (
        (wrong.refusal.reason.status if wrong.refusal else HTTPStatus.BAD_REQUEST) if wrong else HTTPStatus.OK
    )
    return show(request, "home/own_data.html", context, status=status)


def _account_form(account: Account) -> AccountForm:
    return AccountForm(initial={"name": account.name, "language": account.language})


@require_POST
def correct(request: HttpRequest) -> HttpResponse:
    """Correct the name and language of the account."""
    account = resident_of(request)
    if account is None:
        return sign_in_first(request)
    form = AccountForm(request.POST)
    if not form.is_valid():
        return _show(request, account, form)
    correct_account(account.pk, name=form.cleaned_data["name"], language=form.cleaned_data["language"])
    messages.success(request, _("It is corrected."))
    return redirect("home:own_data")


@require_POST
def copy(request: HttpRequest) -> HttpResponse:
    """Ask for a copy; it is put together beside the page."""
    account = resident_of(request)
    if account is None:
        return sign_in_first(request)
    try:
        asked = ask_copy(account.pk, language=get_language() or "", at=timezone.now())
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        copy_data.defer(copy=str(asked.pk))
        messages.success(request, _("Your copy is being put together. Come back to this page in a minute."))
    return redirect("home:own_data")


@never_cache
@require_safe
def fetch(request: HttpRequest, copy_id: UUID) -> HttpResponse:
    """Hand a copy out, to its own resident only and only for a day."""
    account = resident_of(request)
    if account is None:
        return sign_in_first(request)
    found = find_copy(copy_id, account_id=account.pk, at=timezone.now())
    answer = HttpResponse(store().get(found.stored_as), content_type="application/zip")
    answer.headers["Content-Disposition"] = 'attachment; filename="my-data.zip"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@require_POST
def erase(request: HttpRequest) -> HttpResponse:
    """Ask to be forgotten."""
    account, at = resident_of(request), timezone.now()
    if account is None:
        return sign_in_first(request)
    form = ErasureForm(request.POST)
    if not form.is_valid():
        return _show(request, account, form)
    try:
        ask_erasure(account.pk, words=form.cleaned_data["words"], by=actor_at(request, at=at), at=at)
    except Refusal as refusal:
        form.tell(refusal)
        return _show(request, account, form)
    messages.success(request, _("We have your request. Somebody decides on it and you read the answer here."))
    return redirect("home:own_data")


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Take the request to be forgotten back."""
    account, at = resident_of(request), timezone.now()
    if account is None:
        return sign_in_first(request)
    try:
        drop_erasure(account.pk, by=actor_at(request, at=at), at=at)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Your request is taken back; nothing is deleted."))
    return redirect("home:own_data")
