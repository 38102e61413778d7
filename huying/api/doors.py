"""Who knocks: a machine by its key, a member of staff by the session of the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from ninja.security import APIKeyCookie, HttpBearer

from huying.api import reasons
from huying.kit.errors import Refusal
from huying.people.door import needs_second_step, was_left_alone
from huying.people.models import Account, AccountKind
from huying.people.queries import KnownKey, actor_of, find_api_key

if TYPE_CHECKING:
    from django.http import HttpRequest

    from huying.ledger.actor import Actor


class MachineKey(HttpBearer):
    """An API key of a channel."""

    def authenticate(self, request: HttpRequest, token: str) -> KnownKey:  # noqa: ARG002 - ninja's signature
        """Return whose key it is; Refusal `api_key_unknown`."""
        known = find_api_key(token)
        if known is None:
            raise Refusal(reasons.WRONG_KEY)
        return known


class StaffSession(APIKeyCookie):
    """The browser session of a member of staff; unsafe methods need the CSRF token."""

    param_name = "sessionid"

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:  # noqa: ARG002 - ninja's signature
        """Return the actor, or None when nobody from the staff is signed in."""
        user = request.user
        if not isinstance(user, Account) or user.kind != AccountKind.STAFF:
            return None
        at = timezone.now()
        actor = actor_of(user, at=at)
        if was_left_alone(request, at=at) or user.must_change_password or needs_second_step(user, actor):
            return None
        return actor
