"""Errors of the API as problem+json (RFC 9457), with the reason key every door shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import JsonResponse

if TYPE_CHECKING:
    from huying.kit.errors import Refusal

CONTENT_TYPE = "application/problem+json"


def problem(
    key: str,
    sentence: str,
    *,
    status: int,
    field: str | None = None,
    retry: bool = False,
    **more: Any,  # noqa: ANN401 - members of the document
) -> JsonResponse:
    """Return a problem document: a stable type, the sentence, the reason key, and the field it is about."""
    document = {
        "type": f"urn:huying:reason:{key}",
        "title": sentence,
        "status": status,
        "reason": key,
        "retry": retry,
        **more,
    }
    if field:
        document["field"] = field
    return JsonResponse(
        document, status=status, content_type=CONTENT_TYPE, json_dumps_params={"ensure_ascii": False}
    )


def from_refusal(refusal: Refusal) -> JsonResponse:
    """Return the problem document of a refusal."""
    response = problem(
        refusal.reason.key,
        refusal.sentence,
        status=refusal.reason.status,
        field=refusal.field,
        retry=refusal.reason.retry,
    )
    if refusal.retry_after_seconds is not None:
        response.headers["Retry-After"] = str(refusal.retry_after_seconds)
    return response
