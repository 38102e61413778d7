"""Coming in and going out: residents by a code to their phone, staff by password and second step."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render, resolve_url
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from huying.kit.errors import Refusal
from huying.kit.network import client_ip
from huying.kit.qr import qr_picture
from huying.kit.text import mask_phone
from huying.kit.texting import send_text, texting
from huying.people.accounts import change_own_password
from huying.people.actions import CODE_MINUTES, check_totp, make_phone_code, sign_in_by_code
from huying.people.demo import demo_accounts
from huying.people.door import SEEN, is_new_place, last_visit, log_sign_in
from huying.people.forms import CodeForm, PasswordForm, PhoneForm, SecondStepForm, StaffSignInForm
from huying.people.models import Account, AccountKind, SignInOutcome
from huying.people.queries import actor_of, is_administrator
from huying.people.reasons import NOT_ALLOWED, SECOND_STEP_STAYS
from huying.people.second_step import (
    drop_second_step,
    enrolment_address,
    new_secret,
    set_second_step,
)
from huying.people.tries import WRONG_SIGN_IN, count_code, count_sign_in, forget_sign_ins

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

# A resident's own phone stays signed in; a desk is signed in for a working day (settings.SESSION_COOKIE_AGE).
RESIDENT_SECONDS = 30 * 24 * 3600
_PHONE, _NEXT, _SHOWN, _SECRET = "sign_in_phone", "sign_in_next", "sign_in_shown", "second_step_secret"
CODE_KIND = "sign_in_code"
_BACKEND = "django.contrib.auth.backends.ModelBackend"


def safe_next(request: HttpRequest, target: str, default: str = "/") -> str:
    """Return where to go after signing in: a page of this site, else `default`."""
    ok = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if ok else default


def send_code(request: HttpRequest, phone: str, *, next_url: str, at: datetime) -> None:
    """Send a sign-in code to a phone and remember, in this browser's session, what it is for.

    Raises Refusal `codes_too_many`, `too_many_codes`, or why the gateway did not take it.
    """
    count_code(client_ip(request), at=at)
    code = make_phone_code(phone, at=at)
    text = _("Huying: your code is %(code)s, good for %(minutes)d minutes. Give it to nobody.")
    told = {"code": code, "minutes": CODE_MINUTES}
    send_text(phone, text % told, kind=CODE_KIND, data=told, at=at)
    request.session[_PHONE], request.session[_NEXT] = phone, next_url
    if settings.DEMO:
        request.session[_SHOWN] = code


@never_cache
def phone(request: HttpRequest) -> HttpResponse:
    """Ask a resident for the phone number the code goes to."""
    next_url = safe_next(request, request.POST.get("next") or request.GET.get("next", ""))
    form = PhoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            send_code(request, form.cleaned_data["phone"], next_url=next_url, at=timezone.now())
        except Refusal as refusal:
            form.tell(refusal, field="phone")
        else:
            return redirect("people:code")
    return _answer(
        request, "people/phone.html", {"form": form, "next": next_url, "no_gateway": _no_gateway()}
    )


def _answer(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Show a page with its form; what was refused has the refusal's own status and time to wait."""
    form, refusal = context["form"], context["form"].refusal
    status = refusal.reason.status if refusal else HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    answer = render(request, template, context, status=status)
    if refusal and refusal.retry_after_seconds is not None:
        answer.headers["Retry-After"] = str(refusal.retry_after_seconds)
    return answer


def _no_gateway() -> bool:
    return not texting().reaches_phones(CODE_KIND) and not settings.DEMO


@never_cache
@sensitive_post_parameters("code")
def code(request: HttpRequest) -> HttpResponse:
    """Take the code and sign the resident in."""
    to = request.session.get(_PHONE)
    if not to:
        return redirect("people:phone")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account = sign_in_by_code(to, form.cleaned_data["code"], at=timezone.now())
        except Refusal as refusal:
            form.tell(refusal)
        else:
            return _let_resident_in(request, account)
    context = {
        "form": form, "phone": mask_phone(to), "no_gateway": _no_gateway(), "minutes": CODE_MINUTES,
        "shown": request.session.get(_SHOWN, "") if settings.DEMO else "",
    }  # fmt: skip
    return _answer(request, "people/code.html", context)


def _let_resident_in(request: HttpRequest, account: Account) -> HttpResponse:
    target = request.session.pop(_NEXT, "/")
    for name in (_PHONE, _SHOWN):
        request.session.pop(name, None)
    if not account.is_active:
        raise Refusal(NOT_ALLOWED)
    login(request, account, backend=_BACKEND)
    request.session.set_expiry(RESIDENT_SECONDS)
    messages.success(request, _("You are signed in."))
    return redirect(safe_next(request, target))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    account = request.user
    was_staff = isinstance(account, Account) and account.kind == AccountKind.STAFF
    if isinstance(account, Account) and was_staff:
        log_sign_in(request, SignInOutcome.OUT, account=account, at=timezone.now())
    logout(request)
    messages.success(request, _("You are signed out."))
    return redirect("people:sign_in" if was_staff else "/")


@never_cache
@sensitive_post_parameters("password", "code")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign a member of staff in; whatever is wrong, the answer is the same."""
    next_url = request.POST.get("next") or request.GET.get("next", "")
    demo = {account.username: account for account in demo_accounts()}
    form = StaffSignInForm()
    if request.method == "POST":
        chosen = demo.get(request.POST.get("demo", ""))
        told = {"username": chosen.username, "password": chosen.password} if chosen else request.POST
        form = StaffSignInForm(told)
        if form.is_valid():
            try:
                _let_staff_in(request, form, at=timezone.now())
            except Refusal as refusal:
                form.tell(refusal)
            else:
                return redirect(safe_next(request, next_url, _desk()))
    context = {"form": form, "next": next_url, "demo_accounts": list(demo.values())}
    return _answer(request, "people/sign_in.html", context)


def _let_staff_in(request: HttpRequest, form: StaffSignInForm, *, at: datetime) -> None:
    username, password, totp = (form.cleaned_data[name] for name in ("username", "password", "code"))
    ip = client_ip(request)
    count_sign_in(username, ip, at=at)
    account = authenticate(request, username=username, password=password)
    known = isinstance(account, Account) and account.kind == AccountKind.STAFF
    if (
        not isinstance(account, Account)
        or not known
        or (account.totp_secret and not check_totp(account, totp, at=at))
    ):
        meant = Account.objects.filter(username=username, kind=AccountKind.STAFF).first()
        log_sign_in(request, SignInOutcome.WRONG, account=meant, at=at)
        raise Refusal(WRONG_SIGN_IN)
    forget_sign_ins(username, ip)
    _tell_last_visit(request, account, at=at)
    login(request, account, backend=_BACKEND)
    request.session[SEEN] = at.isoformat()
    log_sign_in(request, SignInOutcome.IN, account=account, at=at)


def _tell_last_visit(request: HttpRequest, account: Account, *, at: datetime) -> None:
    """Say when the account was used last; loudly when it is used now from where it never was."""
    told = last_visit(account, before=at)
    if is_new_place(request, account, before=at):
        alert = _("You sign in from a new place or browser.")
        messages.warning(request, f"{alert} {told}")
    elif told:
        messages.info(request, told)


def _desk() -> str:
    try:
        return resolve_url(settings.LOGIN_REDIRECT_URL)
    except NoReverseMatch:
        return "/desk/"


@never_cache
@login_required
@sensitive_post_parameters("password", "code")
def second_step(request: HttpRequest) -> HttpResponse:
    """Let a member of staff set up one-time passwords, or take them away."""
    account = cast("Account", request.user)
    if account.kind != AccountKind.STAFF:
        raise Refusal(NOT_ALLOWED)
    secret = request.session.setdefault(_SECRET, new_secret())
    form = SecondStepForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _change_second_step(request, account, secret, form, at=timezone.now())
        except Refusal as refusal:
            form.tell(refusal)
        else:
            del request.session[_SECRET]
            return redirect("people:second_step")
    context = {
        "form": form, "is_set": bool(account.totp_secret), "secret": secret,
        "qr": qr_picture(enrolment_address(account, secret)), "back_url": _desk(),
    }  # fmt: skip
    return _answer(request, "people/second_step.html", context)


@never_cache
@login_required
@sensitive_post_parameters("password", "new")
def password(request: HttpRequest) -> HttpResponse:
    """Let a member of staff change their password; with one given for once, before anything else."""
    account = cast("Account", request.user)
    if account.kind != AccountKind.STAFF:
        raise Refusal(NOT_ALLOWED)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _change_password(request, account, form, at=timezone.now())
        except Refusal as refusal:
            form.tell(refusal)
        else:
            messages.success(request, _("Your password is changed."))
            return redirect(_desk())
    context = {"form": form, "must": account.must_change_password, "back_url": _desk()}
    return _answer(request, "people/password.html", context)


def _change_password(request: HttpRequest, account: Account, form: PasswordForm, *, at: datetime) -> None:
    ip = client_ip(request)
    count_sign_in(account.username, ip, at=at)
    if not account.check_password(form.cleaned_data["password"]):
        raise Refusal(WRONG_SIGN_IN)
    changed = change_own_password(
        account, password=form.cleaned_data["new"], by=actor_of(account, at=at), at=at
    )
    update_session_auth_hash(request, changed)
    forget_sign_ins(account.username, ip)


def _change_second_step(
    request: HttpRequest, account: Account, secret: str, form: SecondStepForm, *, at: datetime
) -> None:
    ip = client_ip(request)
    count_sign_in(account.username, ip, at=at)
    if not account.check_password(form.cleaned_data["password"]):
        raise Refusal(WRONG_SIGN_IN)
    if account.totp_secret:
        if is_administrator(actor_of(account, at=at)):
            raise Refusal(SECOND_STEP_STAYS)
        drop_second_step(account, code=form.cleaned_data["code"], at=at)
        messages.success(request, _("The second step is off. The password alone opens your account again."))
    else:
        set_second_step(account, secret, code=form.cleaned_data["code"], at=at)
        messages.success(request, _("The second step is on. You need your app from the next sign-in."))
    forget_sign_ins(account.username, ip)
