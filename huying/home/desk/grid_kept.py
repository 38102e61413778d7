"""The round without a network: its pages as a phone keeps them for one clerk, and the worker that does."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from huying.home.desk.access import staff_required
from huying.home.desk.choosing import item_choices
from huying.home.desk.grid import FoundForm, round_of
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from django.http import HttpRequest

    from huying.home.desk.access import DeskRequest

# A phone shows what it kept no longer than a shift lasts; then only the network shows tasks.
KEEP_SECONDS = 12 * 3600
WHOSE = "X-Round-Of"


@require_safe
@staff_required(Permission.CASE_WORK)
def tasks(request: DeskRequest) -> HttpResponse:
    """Show the round as a phone keeps it: the tasks and forms, without menu, token and name."""
    return _kept(request, "desk/grid.html", round_of(request))


@require_safe
@staff_required(Permission.CASE_WORK)
def found(request: DeskRequest) -> HttpResponse:
    """Show the empty form for what was found and solved, as a phone keeps it: its script gives it a key."""
    context = {
        "form": FoundForm(initial={"key": ""}), "kept_before": [], "kept_after": [], "key": "",
        "item_choices": item_choices().all, "who": request.user.pk.hex,
    }  # fmt: skip
    return _kept(request, "desk/grid_found.html", context)


def _kept(request: DeskRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Render a page without what only counts while one is signed in and has a network."""
    bare = {"kept": True, "csrf_token": "", "desk_menu": [], "desk_warnings": [], "power": None}
    answer = render(request, template, context | bare)
    answer.headers[WHOSE] = request.user.pk.hex
    return answer


@cache_control(max_age=0, public=True)
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Give the browser the worker of the round. Nobody's data is in it; unchanged it is answered with 304."""
    version, body = _worker()
    etag = f'"{version}"'
    if request.headers.get("If-None-Match") == etag:
        answer = HttpResponse(status=304)
    else:
        answer = HttpResponse(body, content_type="text/javascript; charset=utf-8")
    answer.headers["ETag"] = etag
    return answer


@lru_cache(maxsize=1)
def _worker() -> tuple[str, bytes]:
    path = finders.find("desk/round_worker.js")
    if not isinstance(path, str):
        raise Http404("desk/round_worker.js")
    told = {
        "pages": {
            reverse("desk:grid"): reverse("desk:grid_kept"),
            reverse("desk:grid_found"): reverse("desk:grid_kept_found"),
        },
        "send": reverse("desk:grid_outbox"), "token": reverse("home:token"),
        "outline": reverse("desk:boundaries"), "whose": WHOSE, "keep_seconds": KEEP_SECONDS,
    }  # fmt: skip
    head = f"self.ROUND = {json.dumps(told)};\nimportScripts({json.dumps(static('home/outbox.js'))});\n"
    body = head.encode() + Path(path).read_bytes()
    return hashlib.sha256(body).hexdigest()[:12], body
