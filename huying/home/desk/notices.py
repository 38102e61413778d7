"""Notices of my units: what came, what went back; read once by anybody of the unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from huying.home.desk.access import staff_required
from huying.notify.actions import mark_read
from huying.notify.letters import words_of
from huying.notify.queries import notices_of_units
from huying.people.queries import unit_book

if TYPE_CHECKING:
    from django.http import HttpResponse

    from huying.home.desk.access import DeskRequest
    from huying.notify.models import Notice

SHOWN = 100


@require_safe
@staff_required()
def notices(request: DeskRequest) -> HttpResponse:
    """Show the newest notices of my units, the unread ones marked."""
    book, several = unit_book().by_id, len(request.actor.unit_ids) > 1
    shown = [
        {
            "words": words_of(notice), "at": notice.at, "is_new": notice.read_at is None,
            "unit": book[notice.to_unit_id].name if several and notice.to_unit_id in book else "",
            "url": _page_of(notice),
        }
        for notice in notices_of_units(request.actor.unit_ids)[:SHOWN]
    ]  # fmt: skip
    return render(request, "desk/notices.html", {"notices": shown, "most": SHOWN})


def _page_of(notice: Notice) -> str:
    """Return the page a notice leads to: the case, proposed rule or application it is about."""
    pages = (
        ("number", "desk:case"), ("rule", "desk:rule"), ("admission", "desk:admission"),
        ("walk", "desk:walk"), ("hot", "desk:hot_spot"),
        ("order_id", "desk:order"), ("incident", "desk:incident"), ("topic", "desk:topic"),
    )  # fmt: skip
    for name, page in pages:
        if notice.data.get(name):
            return reverse(page, args=[notice.data[name]])
    return ""


@require_POST
@staff_required()
def read(request: DeskRequest) -> HttpResponse:
    """Note that all notices up to now were seen."""
    unread = notices_of_units(request.actor.unit_ids).filter(read_at=None, at__lte=request.at)
    mark_read(unread.values_list("pk", flat=True), at=request.at)
    return redirect("desk:notices")
