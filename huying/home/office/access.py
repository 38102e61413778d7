"""Who may enter the office: signed-in staff whose posts give the right the page asks for."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils import timezone

from huying.kit.errors import Refusal
from huying.people.models import Account, AccountKind
from huying.people.queries import actor_of
from huying.people.reasons import NOT_ALLOWED

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http.response import HttpResponseBase

    from huying.ledger.actor import Actor
    from huying.people.permissions import Permission

P = ParamSpec("P")


class StaffRequest(HttpRequest):
    """A request of somebody who works here; `actor` holds the rights of the posts held at this moment."""

    actor: Actor


def office(
    *permissions: Permission,
) -> Callable[
    [Callable[Concatenate[StaffRequest, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """Let staff in who hold one of these rights (any staff when none is named), before the body is read.

    Nobody signed in is sent to the sign-in page; Refusal `not_allowed` for everybody else.
    """

    def wrap(
        view: Callable[Concatenate[StaffRequest, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            account = request.user
            if not isinstance(account, Account):
                return redirect_to_login(request.get_full_path(), resolve_url("people:sign_in"))
            if account.kind != AccountKind.STAFF:
                raise Refusal(NOT_ALLOWED)
            staff = cast("StaffRequest", request)
            staff.actor = actor_of(account, at=timezone.now())
            if permissions and not any(staff.actor.holds(permission) for permission in permissions):
                raise Refusal(NOT_ALLOWED)
            return view(staff, *args, **kwargs)

        return guarded

    return wrap
