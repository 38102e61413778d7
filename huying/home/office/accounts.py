"""Accounts of staff in the office: found, made, locked, helped when a password or a phone is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from huying.home.office.access import StaffRequest, office
from huying.home.office.forms_people import AccountForm, LockForm, ResetForm
from huying.home.office.menu import show
from huying.kit.errors import Refusal
from huying.people import accounts as actions
from huying.people.models import Account, AccountKind, Post
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

MOST = 100


@require_safe
@office(Permission.PEOPLE_EDIT)
def accounts(request: StaffRequest) -> HttpResponse:
    """List accounts of staff, found by name or user name; residents' accounts are nobody's to see."""
    words = request.GET.get("q", "").strip()[:60]
    locked = request.GET.get("locked") == "1"
    found = Account.objects.filter(kind=AccountKind.STAFF, is_active=not locked)
    if words:
        found = found.filter(Q(name__contains=words) | Q(username__startswith=words.lower()))
    listed = list(found.order_by("username")[: MOST + 1])
    context = {
        "accounts": listed[:MOST], "more": len(listed) > MOST, "words": words, "locked": locked
    }  # fmt: skip
    return show(request, "accounts.html", context)


@sensitive_post_parameters("password")
@office(Permission.PEOPLE_EDIT)
def account_new(request: StaffRequest) -> HttpResponse:
    """Make an account."""
    form = AccountForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.make_account(**form.cleaned_data, by=request.actor, at=request.at)
        except Refusal as refusal:
            form.tell(refusal)
        else:
            messages.success(request, _("The account is made; give it a post next."))
            return redirect("desk:office:account", made.pk)
    status = form.refusal.reason.status if form.refusal else 422 if form.errors else 200
    return show(request, "account_new.html", {"form": form}, status=status)


@require_safe
@office(Permission.PEOPLE_EDIT)
def account(request: StaffRequest, account_id: UUID) -> HttpResponse:
    """Show an account with its posts, and what can be done with it."""
    return _show(request, actions.staff_account(account_id))


def _show(request: StaffRequest, found: Account, status: int = 200, **forms: Any) -> HttpResponse:  # noqa: ANN401 - our forms
    posts = Post.objects.filter(account=found).select_related("role", "unit", "area").order_by("-valid_from")
    context = {"account": found, "posts": posts, "own": request.actor.id == found.pk}
    context |= {"lock": LockForm(), "reset": ResetForm()} | forms
    return show(request, "account.html", context, status=status)


@sensitive_post_parameters("password")
@require_POST
@office(Permission.PEOPLE_EDIT)
def account_change(request: StaffRequest, account_id: UUID, act: str) -> HttpResponse:
    """Lock, unlock, give a password for once, or take the second step of a lost phone away."""
    if act not in {"lock", "unlock", "reset", "second-step"}:
        raise Http404(act)
    found = actions.staff_account(account_id)
    by_whom = {"by": request.actor, "at": request.at}
    form: LockForm | ResetForm | None = None
    if act in {"lock", "reset"}:
        form = LockForm(request.POST) if act == "lock" else ResetForm(request.POST)
        if not form.is_valid():
            return _show(request, found, 422, **{act: form})
    told = form.cleaned_data if form else {}
    doing = {
        "lock": actions.lock_account, "unlock": actions.unlock_account, "reset": actions.reset_password,
        "second-step": actions.reset_second_step,
    }[act]  # fmt: skip
    try:
        doing(found.pk, **told, **by_whom)  # type: ignore[operator]  # each takes what its form asks for
    except Refusal as refusal:
        if form is not None:
            form.tell(refusal)
            return _show(request, found, refusal.reason.status, **{act: form})
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Done."))
    return redirect("desk:office:account", found.pk)
