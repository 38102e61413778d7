"""The API as one object: routers, error documents, OpenAPI at /api/v1/openapi.json."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import RequestDataTooBig
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from huying.api import appeals, cases, reasons, town
from huying.kit.errors import Refusal
from huying.kit.problem import from_refusal, problem

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

api = NinjaAPI(
    title="Huying 呼应",
    version="1",
    urls_namespace="api",
    docs_url=None,
    description="Appeals in, cases out. Every no is application/problem+json with a stable reason key.",
)
api.add_router("", appeals.router)
api.add_router("", cases.router)
api.add_router("", town.router)


@api.exception_handler(Refusal)
def _refused(_request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return from_refusal(refusal)


@api.exception_handler(AuthenticationError)
def _nobody(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    return from_refusal(Refusal(reasons.NO_KEY))


@api.exception_handler(RequestDataTooBig)
def _too_large(_request: HttpRequest, _error: RequestDataTooBig) -> HttpResponse:
    return from_refusal(Refusal(reasons.TOO_LARGE))


@api.exception_handler(ValidationError)
def _not_valid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Tell which fields are wrong and how, without repeating what was sent."""
    fields = [
        {"field": ".".join(str(part) for part in wrong["loc"][2:]), "wrong": wrong["type"]}
        for wrong in error.errors
    ]
    refusal = Refusal(reasons.NOT_VALID)
    return problem(refusal.reason.key, refusal.sentence, status=refusal.reason.status, fields=fields)


@api.exception_handler(HttpError)
def _http_error(_request: HttpRequest, error: HttpError) -> HttpResponse:
    """Ninja's own errors: a body that is no JSON is the one that matters."""
    if error.status_code == reasons.NOT_JSON.status:
        return from_refusal(Refusal(reasons.NOT_JSON))
    return problem("http_error", str(error), status=error.status_code)
