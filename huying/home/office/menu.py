"""The rooms of the office: what each is for, and which of them an actor may enter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huying.people.permissions import Permission

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django_stubs_ext import StrOrPromise

    from huying.home.office.access import StaffRequest
    from huying.ledger.actor import Actor


@dataclass(frozen=True)
class Room:
    """A part of the office: its page, the right it takes, and what it is called."""

    key: str
    page: str
    permission: Permission
    icon: str
    label: StrOrPromise
    text: StrOrPromise


ROOMS = (
    Room(
        "imports",
        "desk:office:imports",
        Permission.IMPORT_RUN,
        "inbox",
        _("Import"),
        _("Take in appeals from a table or letters from a mailbox file."),
    ),
)
OFFICE_PERMISSIONS = tuple(dict.fromkeys(room.permission for room in ROOMS))


def rooms_of(actor: Actor) -> list[Room]:
    """Return the rooms an actor may enter, in their order."""
    return [room for room in ROOMS if actor.holds(room.permission)]


def office_menu(actor: Actor, current: str = "") -> dict[str, Any]:
    """Return the office's group of the desk's menu; `links` is empty for who may enter no room."""
    items = [
        {"label": room.label, "url": reverse(room.page), "icon": room.icon, "current": room.key == current}
        for room in rooms_of(actor)
    ]
    return {"label": _("Office"), "links": items}


def show(
    request: StaffRequest, template: str, context: dict[str, Any], *, room: str = "", status: int = 200
) -> HttpResponse:
    """Show a page of the office with its menu."""
    about = {"office_menu": office_menu(request.actor, room), "actor": request.actor}
    return render(request, f"office/{template}", {**about, **context}, status=status)
