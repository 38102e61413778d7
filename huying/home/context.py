"""What every page knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from huying.ledger.actor import Actor, ActorKind
from huying.people.models import Account
from huying.people.queries import may_configure
from huying.workbench.modules import switched_off

if TYPE_CHECKING:
    from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, object]:
    """Return what base templates show on every page; on staff's pages also the frame of the desk."""
    known: dict[str, object] = {
        "care": request.COOKIES.get("care") == "1", "hotline": settings.HOTLINE,
        "modules_off": SimpleLazyObject(switched_off),
    }  # fmt: skip
    return known | _desk(request)


def _desk(request: HttpRequest) -> dict[str, object]:
    from huying.home.desk.frame import Frame

    actor = getattr(request, "actor", None)
    if not isinstance(actor, Actor) or actor.kind != ActorKind.STAFF:
        return {}
    frame = getattr(request, "frame", None)
    if not isinstance(frame, Frame):
        at = getattr(request, "at", None) or timezone.now()
        user = request.user
        frame = Frame(actor, at, request.path, isinstance(user, Account) and may_configure(user, actor))
    return frame.context()
