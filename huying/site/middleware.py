"""What happens around every request: one log line, security headers, refusals told as pages."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from django.shortcuts import render

from huying.kit.errors import Refusal
from huying.site import metrics

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

logger = logging.getLogger("huying.requests")

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)


def route_of(request: HttpRequest) -> str:
    """Return the pattern a request matched, never its values (numbers and tokens stay out of logs)."""
    match = request.resolver_match
    return match.route if match else "(none)"


class RequestLog:
    """Counts and logs every request by its route."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and say how long it took."""
        started = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - started
        route = route_of(request)
        metrics.REQUESTS.labels(request.method or "", route, response.status_code).inc()
        metrics.SECONDS.labels(route).observe(seconds)
        logger.info(
            "request",
            extra={
                "method": request.method,
                "route": route,
                "status": response.status_code,
                "milliseconds": round(seconds * 1000, 1),
            },
        )
        return response


class ContentSecurityPolicy:
    """Only our own scripts, styles and pictures, and the settings browsers ask for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the policy."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault(
            "Permissions-Policy", "geolocation=(self), camera=(self), microphone=(self)"
        )
        return response


class Refusals:
    """Turns a refusal that reached the edge into a page that says why, with the right status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Tell a refusal; anything else is an error and goes on."""
        if not isinstance(error, Refusal):
            return None
        response = render(
            request,
            "ui/refused.html",
            {"reason": error.reason.key, "sentence": error.sentence, "retry": error.reason.retry},
            status=error.reason.status,
        )
        if error.retry_after_seconds is not None:
            response.headers["Retry-After"] = str(error.retry_after_seconds)
        return response
