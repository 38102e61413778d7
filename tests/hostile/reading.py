"""What a refusal must look like to a machine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.http import HttpResponse

PROBLEM = "application/problem+json"


def problem_of(answer: HttpResponse) -> dict[str, Any]:
    """Return the problem document of an answer that is a well-formed one; fail otherwise."""
    assert answer.headers["Content-Type"] == PROBLEM, answer.content[:300]
    document: dict[str, Any] = json.loads(answer.content)
    assert document["status"] == answer.status_code
    assert document["type"] == f"urn:huying:reason:{document['reason']}"
    assert document["title"].strip(), "a reason has a sentence for people"
    assert isinstance(document["retry"], bool)
    return document


def reason_of(answer: HttpResponse) -> tuple[int, str]:
    """Return status and reason key of a refusal."""
    return answer.status_code, problem_of(answer)["reason"]


def wrong_fields(answer: HttpResponse) -> list[str]:
    """Return which fields a refusal names."""
    document = problem_of(answer)
    named = [wrong["field"] for wrong in document.get("fields", [])]
    return named + ([document["field"]] if "field" in document else [])
