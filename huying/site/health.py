"""Is it alive, is it ready, and how is it doing: for load balancers and Prometheus."""

from __future__ import annotations

import hmac
from ipaddress import ip_address
from typing import TYPE_CHECKING

from django.db import DatabaseError, connection
from django.http import HttpResponse, HttpResponseForbidden, JsonResponse

from huying.site.env import environment
from huying.site.metrics import exposition

if TYPE_CHECKING:
    from django.http import HttpRequest


def _letters() -> bytes:
    """Return how many letters wait and what became of the last day's, as the database has it."""
    from django.utils import timezone

    from huying.notify.queries import figures_of_letters

    lines = [
        "# HELP huying_letters Letters by channel and state: all that wait, and what ended in the last day.",
        "# TYPE huying_letters gauge",
    ]
    late = "# HELP huying_letters_late_seconds How long the oldest letter that is due has waited."
    try:
        figures = figures_of_letters(at=timezone.now())
    except DatabaseError:
        return b""
    lines += [
        f'huying_letters{{channel="{channel}",state="{state}"}} {count}'
        for (channel, state), count in sorted(figures.counts.items())
    ]
    lines += [
        late,
        "# TYPE huying_letters_late_seconds gauge",
        f"huying_letters_late_seconds {figures.late:.0f}",
    ]
    return "\n".join([*lines, ""]).encode()


def alive(_request: HttpRequest) -> HttpResponse:
    """Answer that this process runs; asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain")


def ready(_request: HttpRequest) -> HttpResponse:
    """Answer whether the database answers, so that appeals can be taken."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"ready": False, "reason": "database_unreachable"}, status=503)
    return JsonResponse({"ready": True})


def metrics(request: HttpRequest) -> HttpResponse:
    """Return the metrics to whoever holds the token, or, without one set, to this machine only."""
    token = environment().metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    allowed = (
        hmac.compare_digest(given.encode(), token.encode())
        if token
        else ip_address(request.META.get("REMOTE_ADDR") or "0.0.0.0").is_loopback  # noqa: S104 - an address compared, not bound
    )
    if not allowed:
        return HttpResponseForbidden("not for you\n", content_type="text/plain")
    return HttpResponse(exposition() + _letters(), content_type="text/plain; version=0.0.4; charset=utf-8")
