"""Who comes to the desk: staff only, as an actor with the rights of this moment."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.utils import timezone
from django.views.decorators.cache import never_cache

from huying.home.desk.frame import Frame
from huying.kit.errors import Refusal
from huying.people.door import stop_at_door
from huying.people.models import Account, AccountKind
from huying.people.queries import actor_of, may_configure
from huying.people.reasons import NOT_ALLOWED

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.http import HttpResponse

    from huying.ledger.actor import Actor
    from huying.people.permissions import Permission

    P = ParamSpec("P")
    View = Callable[Concatenate["DeskRequest", P], HttpResponse]


class DeskRequest(HttpRequest):
    """A request of a member of staff: who asks, with which rights, and the moment all of it is judged at."""

    user: Account
    actor: Actor
    at: datetime
    frame: Frame


def staff_required(
    *rights: Permission,
) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """Let a view be asked by staff only, and only by those whose posts give one of these rights anywhere.

    What a right holds over is judged where the thing is looked up. Nobody's page is kept by the browser: the
    next at the same screen may be somebody else.
    """

    def decorate(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            account = request.user
            if not isinstance(account, Account):
                return redirect_to_login(request.get_full_path())
            asked = cast("DeskRequest", request)
            asked.at = timezone.now()
            asked.actor = actor_of(account, at=asked.at)
            if account.kind != AccountKind.STAFF or (rights and not any(map(asked.actor.holds, rights))):
                raise Refusal(NOT_ALLOWED)
            stop = stop_at_door(request, account, asked.actor, at=asked.at)
            if stop is not None:
                return stop
            asked.frame = Frame(asked.actor, asked.at, request.path, may_configure(account, asked.actor))
            return view(asked, *args, **kwargs)

        return never_cache(guarded)

    return decorate
