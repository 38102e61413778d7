"""The round without a network: its pages as a phone keeps them for one clerk, and the worker that does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from huying.home.desk.access import staff_required
from huying.home.desk.choosing import item_choices
from huying.home.desk.grid import FoundForm, round_box, round_of
from huying.home.desk.keeping import give_worker, kept_page
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from huying.home.desk.access import DeskRequest


@require_safe
@staff_required(Permission.CASE_WORK)
def tasks(request: DeskRequest) -> HttpResponse:
    """Show the round as a phone keeps it: the tasks and forms, without menu, token and name."""
    return kept_page(request, "desk/grid.html", round_of(request))


@require_safe
@staff_required(Permission.CASE_WORK)
def found(request: DeskRequest) -> HttpResponse:
    """Show the empty form for what was found and solved, as a phone keeps it: its script gives it a key."""
    context = {
        "form": FoundForm(initial={"key": ""}), "kept_before": [], "kept_after": [], "key": "",
        "item_choices": item_choices().all, "who": request.user.pk.hex, "box": round_box(),
    }  # fmt: skip
    return kept_page(request, "desk/grid_found.html", context)


@cache_control(max_age=0, public=True)
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Give the browser the worker of the round. Nobody's data is in it; unchanged it is answered with 304."""
    pages = {"desk:grid": "desk:grid_kept", "desk:grid_found": "desk:grid_kept_found"}
    return give_worker(request, round_box(), pages)
