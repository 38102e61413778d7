"""The front of the office: a card for each room the actor may enter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.views.decorators.http import require_safe

from huying.home.office.access import office
from huying.home.office.menu import OFFICE_PERMISSIONS, rooms_of, show

if TYPE_CHECKING:
    from django.http import HttpResponse

    from huying.home.office.access import StaffRequest


@require_safe
@office(*OFFICE_PERMISSIONS)
def index(request: StaffRequest) -> HttpResponse:
    """Show the rooms of the office."""
    rooms = [
        {"label": room.label, "text": room.text, "icon": room.icon, "url": reverse(room.page)}
        for room in rooms_of(request.actor)
    ]
    return show(request, "index.html", {"rooms": rooms, "may_configure": request.frame.may_configure})
