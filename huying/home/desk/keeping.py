"""Pages of the desk a phone keeps for one clerk, the worker that keeps them, and what its outbox answers.

The round and the walk use the same: they differ in their pages and in the box their drafts wait in.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from huying.home.desk.access import DeskRequest

# A phone shows what it kept no longer than a shift lasts; then only the network shows tasks.
KEEP_SECONDS = 12 * 3600
WHOSE = "X-Round-Of"
MOST_DIGITS = 3


@dataclass(frozen=True)
class Box:
    """Where drafts wait on a phone (`name`), how its pages are named, and the addresses its script uses."""

    name: str
    prefix: str
    scope: str
    send: str
    worker: str
    found: str = ""

    @property
    def token(self) -> str:
        """Return where a script gets a fresh token of a form."""
        return reverse("home:token")


def kept_page(request: DeskRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Render a page without what only counts while one is signed in and has a network."""
    bare = {"kept": True, "csrf_token": "", "desk_menu": [], "desk_warnings": [], "power": None}
    answer = render(request, template, context | bare)
    answer.headers[WHOSE] = request.user.pk.hex
    return answer


def give_worker(request: HttpRequest, box: Box, pages: Mapping[str, str]) -> HttpResponse:
    """Answer with the worker of a box; `pages` says of each page which one is kept in its place, by name."""
    version, body = _worker(box, tuple((reverse(page), reverse(kept)) for page, kept in pages.items()))
    etag = f'"{version}"'
    if request.headers.get("If-None-Match") == etag:
        answer = HttpResponse(status=304)
    else:
        answer = HttpResponse(body, content_type="text/javascript; charset=utf-8")
    answer.headers["ETag"] = etag
    return answer


@lru_cache(maxsize=4)
def _worker(box: Box, pages: tuple[tuple[str, str], ...]) -> tuple[str, bytes]:
    path = finders.find("desk/round_worker.js")
    if not isinstance(path, str):
        raise Http404("desk/round_worker.js")
    told = {
        "pages": dict(pages), "send": box.send, "token": box.token, "box": box.name, "prefix": box.prefix,
        "outline": reverse("desk:boundaries"), "whose": WHOSE, "keep_seconds": KEEP_SECONDS,
    }  # fmt: skip
    head = f"self.ROUND = {json.dumps(told)};\nimportScripts({json.dumps(static('home/outbox.js'))});\n"
    body = head.encode() + Path(path).read_bytes()
    return hashlib.sha256(body).hexdigest()[:12], body


def or_signed_out(answer: HttpResponse) -> JsonResponse:
    """Return an answer of the outbox; where the door leads elsewhere, say that one is signed out."""
    if isinstance(answer, JsonResponse):
        return answer
    return JsonResponse({"state": "signed_out"}, status=HTTPStatus.UNAUTHORIZED)


def taken(number: str, url: str, status: HTTPStatus = HTTPStatus.OK) -> JsonResponse:
    """Say that something was taken in, now or before."""
    return JsonResponse({"state": "taken", "number": number, "url": url}, status=status)


def taken_case(number: str, status: HTTPStatus = HTTPStatus.OK) -> JsonResponse:
    """Say which case came of it."""
    return taken(number, reverse("desk:case", args=[number]), status)


def refused(sentence: str) -> JsonResponse:
    """Say why something is not taken in; it waits for a hand."""
    return JsonResponse({"state": "refused", "sentence": sentence}, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def photos_missing() -> JsonResponse:
    """Ask for the photos again: fewer are here than were promised."""
    return JsonResponse({"state": "photos_missing"}, status=HTTPStatus.CONFLICT)


def promised(text: str) -> int:
    """Return how many photos a phone says belong to what it sent."""
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else 0


def errors_of(errors: Mapping[str, Any]) -> str:
    """Return what is wrong with a form in one line."""
    return " ".join(str(error) for found in errors.values() for error in found)
