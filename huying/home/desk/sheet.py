"""The sheet of a case for paper (工单): A4, with number and QR code, contacts masked, the whole story."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from huying.cases.queries import find_case
from huying.home.desk.access import staff_required
from huying.home.desk.choosing import item_name
from huying.home.desk.matter import clocks_of, replies_of
from huying.home.desk.parting import parts_of
from huying.home.desk.telling import facts_of, story_of
from huying.home.desk.voices import VoicePage, voices_of
from huying.home.desk.why import tell_assignment
from huying.kit.qr import qr_picture
from huying.kit.text import mask_name, mask_phone

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpResponse

    from huying.home.desk.access import DeskRequest


@require_safe
@staff_required()
def sheet(request: DeskRequest, number: str) -> HttpResponse:
    """Show the sheet; paper is carried about, so contacts are masked on it whoever prints."""
    found = find_case(number, by=request.actor, whole=True)
    heard = voices_of(found, by=request.actor, page=VoicePage(), at=request.at)
    address = request.build_absolute_uri(reverse("desk:case", args=[found.number]))
    context = {
        "case": found, "item": item_name(found.item), "basis": found.item.basis if found.item else "",
        "closing": found.item.closing if found.item else "",
        "voices": [voice | {"party": _masked(voice["party"])} for voice in heard.told],
        "more_voices": heard.more, "replies": replies_of(found),
        "clocks": clocks_of(found, at=request.at), "parts": parts_of(found, request),
        "story": list(reversed(story_of(found, heard.appeals, facts_of(found, heard.appeals)))),
        "why": tell_assignment(found.assignment),
        "qr": qr_picture(address), "printed_by": request.actor.name,
    }  # fmt: skip
    return render(request, "desk/sheet.html", context)


def _masked(party: dict[str, Any]) -> dict[str, str]:
    """Return name and number as they may lie on a desk; what is masked already stays so."""
    name, phone = str(party.get("name") or ""), str(party.get("phone") or "")
    return {
        "name": name if "*" in name else mask_name(name),
        "phone": phone if "*" in phone else mask_phone(phone),
    }
