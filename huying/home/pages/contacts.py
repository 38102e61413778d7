"""How shall we reach you about everything: addresses proved and removed, and which is used for what."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huying.home.pages.letters import ReachForm, offered_ways, plain_phone, wanted_ways
from huying.home.pages.reach import resident_of, show, sign_in_first
from huying.journeys.delivering import mask
from huying.kit.errors import Refusal
from huying.kit.network import client_ip
from huying.kit.qr import qr_picture
from huying.kit.telling import TellingForm
from huying.notify.channels.open import is_open
from huying.notify.channels.wechat_sign_in import authorize_address, is_offered, openid_of
from huying.notify.contacts import (
    CODE_MINUTES,
    bind_wechat,
    contacts_of,
    keep_email,
    prove_email,
    remove_contact,
    waiting_email,
)
from huying.notify.letters_residents import GROUPS
from huying.notify.models import Channel
from huying.notify.preferences import agree, reach_of
from huying.notify.reasons import WECHAT_REFUSED
from huying.people.forms import code_field
from huying.people.tries import count_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.http import HttpRequest, HttpResponse

    from huying.notify.models import Contact, Reach
    from huying.people.models import Account

STATE = "wechat_state"
IN_WECHAT = "MicroMessenger"
# How much is told over a channel: which groups of letters are left out.
ABOUT: dict[str, tuple[str, ...]] = {"all": (), "turns": ("steps",), "asks": ("turns", "steps")}
ABOUT_WORDS = (
    ("all", gettext_lazy("Everything")),
    ("turns", gettext_lazy("What is decided, and what needs me")),
    ("asks", gettext_lazy("Only what needs me")),
)


class WaysForm(ReachForm):
    """Which ways are used, and for each how much is told over it."""

    def __init__(
        self, data: Mapping[str, Any] | None, offered: Mapping[str, str], said: Mapping[str, Reach]
    ) -> None:
        super().__init__(data, offered, wanted_ways(said) & set(offered))
        labels = dict(Channel.choices)
        for channel in offered:
            self.fields[f"about_{channel}"] = forms.ChoiceField(
                label=_("%(channel)s tells me") % {"channel": labels[channel]},
                choices=ABOUT_WORDS, required=False, initial=_about(said.get(channel)),
            )  # fmt: skip

    def left_out(self) -> dict[str, tuple[str, ...]]:
        """Return, by channel, the groups of letters not wanted; what was not asked is not among them."""
        told = {name[6:]: value for name, value in self.cleaned_data.items() if name.startswith("about_")}
        return {channel: ABOUT[about] for channel, about in told.items() if about}

    def about_fields(self) -> Iterable[forms.BoundField]:
        """Return the fields of how much is told, one a channel."""
        return [self[name] for name in self.fields if name.startswith("about_")]


def _about(row: Reach | None) -> str:
    left = set(row.leave_out) if row else set()
    return next((key for key, groups in ABOUT.items() if set(groups) == left & set(GROUPS)), "all")


class EmailForm(TellingForm):
    """An e-mail address to be proved."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"), max_length=120,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )  # fmt: skip


class CodeForm(TellingForm):
    """The code that came to it."""

    code = code_field(gettext_lazy("Code from the e-mail"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def of_account(request: HttpRequest) -> HttpResponse:
    """Show every way to reach this account; choose which are used, and for what."""
    account = resident_of(request)
    if account is None:
        return sign_in_first(request)
    if request.method != "POST":
        return _show(request, account)
    said = reach_of(account=account.pk)
    form = WaysForm(request.POST, _offered(account, said), said)
    if form.is_valid():
        kept = contacts_of(account.pk)
        wanted = {way: kept[way].address if way in kept else "" for way in form.cleaned_data["channels"]}
        try:
            agree(wanted, account=account.pk, leave_out=form.left_out(), at=timezone.now())
        except Refusal as refusal:
            form.tell(refusal, field="channels")
        else:
            messages.success(request, _("Noted. On this page you can change it at any time."))
            return redirect("home:reach_me")
    return _show(request, account, form)


def _offered(account: Account, said: Mapping[str, Reach]) -> dict[str, str]:
    email = said[Channel.EMAIL].address if Channel.EMAIL in said else ""
    return offered_ways(plain_phone(account.phone or ""), email, said)


def _show(request: HttpRequest, account: Account, wrong: TellingForm | None = None) -> HttpResponse:
    at, said, kept = timezone.now(), reach_of(account=account.pk), contacts_of(account.pk)
    offered = _offered(account, said)
    email = kept.get(Channel.EMAIL)
    context: dict[str, Any] = {
        "tab": "appeals", "offered": offered, "phone": mask(account.phone or ""),
        "form": wrong if isinstance(wrong, WaysForm) else WaysForm(None, offered, said),
        "can_email": is_open(Channel.EMAIL), "email": mask(email.address) if email else "",
        "email_form": wrong if isinstance(wrong, EmailForm) else EmailForm(),
        "code_form": wrong if isinstance(wrong, CodeForm) else CodeForm(),
        "code_waits": waiting_email(account.pk, at=at), "code_minutes": CODE_MINUTES,
        **_wechat(request, kept),
    }  # fmt: skip
    status = (wrong.refusal.reason.status if wrong.refusal else 422) if wrong is not None else 200
    answer = show(request, "home/contacts.html", context, status=status)
    if wrong is not None and wrong.refusal and wrong.refusal.retry_after_seconds is not None:
        answer.headers["Retry-After"] = str(wrong.refusal.retry_after_seconds)
    return answer


def _wechat(request: HttpRequest, kept: Mapping[str, Contact]) -> dict[str, Any]:
    """Return what the page says of WeChat: bound, to be bound here, or to be opened there."""
    offered, inside = is_offered(), IN_WECHAT in request.headers.get("User-Agent", "")
    page = f"{settings.SITE_URL}{reverse('home:reach_me')}"
    return {
        "can_wechat": offered, "wechat": kept.get(Channel.WECHAT), "in_wechat": inside,
        "wechat_qr": qr_picture(page) if offered and not inside else "",
    }  # fmt: skip


@require_POST
def add_email(request: HttpRequest) -> HttpResponse:
    """Send a code to an address."""
    account, at = resident_of(request), timezone.now()
    if account is None:
        return sign_in_first(request)
    form = EmailForm(request.POST)
    if form.is_valid():
        try:
            count_code(client_ip(request), at=at)
            prove_email(account.pk, form.cleaned_data["email"], at=at)
        except Refusal as refusal:
            form.tell(refusal, field="email")
        else:
            return redirect(f"{reverse('home:reach_me')}#email")
    return _show(request, account, form)


@require_POST
@sensitive_post_parameters("code")
def prove(request: HttpRequest) -> HttpResponse:
    """Take the code and keep the address."""
    account = resident_of(request)
    if account is None:
        return sign_in_first(request)
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            keep_email(account.pk, form.cleaned_data["code"], at=timezone.now())
        except Refusal as refusal:
            form.tell(refusal, field="code")
        else:
            messages.success(request, _("This address is yours. We write to it from now on."))
            return redirect("home:reach_me")
    return _show(request, account, form)


@require_POST
def remove(request: HttpRequest, channel: str) -> HttpResponse:
    """Remove an address, or the tie to WeChat."""
    account = resident_of(request)
    if account is None:
        return sign_in_first(request)
    if remove_contact(account.pk, channel):
        messages.success(request, _("It is removed, and nothing is written there any more."))
    return redirect("home:reach_me")


@never_cache
@require_safe
def to_wechat(request: HttpRequest) -> HttpResponse:
    """Lead to WeChat, which says who this is; what it was asked for is remembered in this session alone."""
    if resident_of(request) is None:
        return sign_in_first(request)
    if not is_offered():
        return redirect("home:reach_me")
    state = secrets.token_hex(16)  # WeChat takes letters and digits alone
    request.session[STATE] = state
    return redirect(authorize_address(f"{settings.SITE_URL}{reverse('home:reach_wechat_back')}", state))


@never_cache
@require_safe
def from_wechat(request: HttpRequest) -> HttpResponse:
    """Take what WeChat came back with; only for who left from here, and once."""
    account, state = resident_of(request), request.session.pop(STATE, "")
    if account is None:
        return sign_in_first(request)
    try:
        if not state or not constant_time_compare(state, request.GET.get("state", "")):
            raise Refusal(WECHAT_REFUSED)  # noqa: TRY301 - told below like every other refusal
        bind_wechat(account.pk, openid_of(request.GET.get("code", "")), at=timezone.now())
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("WeChat is bound. We write to you there from now on."))
    return redirect("home:reach_me")
