"""Pages that work without a network: shells with nobody's data in them, and the worker that keeps them."""

from __future__ import annotations

import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from huying.home.forms import AppealForm
from huying.home.pages.reach import show

if TYPE_CHECKING:
    from typing import Any

FRESH_SECONDS = 60
SHELLS = {"file": "home/file.html", "away": "home/away.html"}
LOOKS = ("standard", "care")
_NAMED = re.compile(rb'(?:href|src)="(/static/[^"#]+)')


@cache_control(max_age=0, public=True)
@require_safe
def shell(_request: HttpRequest, page: str, language: str, look: str) -> HttpResponse:
    """Show a page as the worker keeps it: no key, no token, no name, whoever asks."""
    if page not in SHELLS or look not in LOOKS or language not in dict(settings.LANGUAGES):
        raise Http404(page)
    return _draw(page, language, look)


def _draw(page: str, language: str, look: str) -> HttpResponse:
    """Draw a shell for a reader of whom nothing is known but the language and the size of letters."""
    nobody = HttpRequest()
    nobody.META = {"SERVER_NAME": "localhost", "SERVER_PORT": "80"}  # no address of ours stands in a shell
    nobody.path = nobody.path_info = reverse("home:file") if page == "file" else reverse("home:front")
    nobody.method, nobody.user = "GET", AnonymousUser()
    nobody.COOKIES = {"care": "1"} if look == "care" else {}
    nobody.LANGUAGE_CODE = language  # as LocaleMiddleware sets it
    context: dict[str, Any] = {"shell": True, "csrf_token": "", "tab": "file", "kept": []}
    with translation.override(language):
        answer = show(nobody, SHELLS[page], context | {"form": AppealForm(initial={"key": ""})})
    answer.headers["Content-Language"] = language
    return answer


@cache_control(max_age=0, public=True)
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Give the browser the worker, which knows by its version which files to keep and which to throw away.

    Browsers look for a new one with every page they open; unchanged, the answer is 304 and weighs nothing.
    """
    version, body = worker_of(int(timezone.now().timestamp()) // FRESH_SECONDS)
    etag = f'"{version}"'
    if request.headers.get("If-None-Match") == etag:
        answer = HttpResponse(status=304)
    else:
        answer = HttpResponse(body, content_type="text/javascript; charset=utf-8")
    answer.headers["ETag"] = etag
    return answer


@lru_cache(maxsize=1)
def worker_of(_minute: int) -> tuple[str, bytes]:
    """Return the worker's version and script; drawn once a minute, since every page of everybody asks."""
    drawn = [_draw(page, settings.LANGUAGE_CODE, "standard").content for page in SHELLS]
    named = {found.decode() for page in drawn for found in _NAMED.findall(page)}
    script, outbox = _script(), static("home/outbox.js")
    version = hashlib.sha256(b"".join([*drawn, script, outbox.encode()])).hexdigest()[:12]
    kept = {"version": version, "statics": sorted(named), "shells": sorted(SHELLS)}
    head = f"self.KEPT = {json.dumps(kept)};\nimportScripts({json.dumps(outbox)});\n"
    return version, head.encode() + script


def _script() -> bytes:
    path = finders.find("home/worker.js")
    if not isinstance(path, str):
        raise Http404("home/worker.js")
    return Path(path).read_bytes()
