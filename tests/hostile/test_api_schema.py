"""The API against its own description: whatever the schema allows or forbids, no server error comes back."""

from __future__ import annotations

from collections import Counter
from itertools import cycle
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given, settings
from schemathesis import APIOperation, CheckFunction, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from huying.cases.moves import MOVES
from huying.people.actions import make_api_key
from huying.people.models import Account
from huying.testing.cast import appeal_of, case_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from schemathesis import Case

Operation = APIOperation[Any, Any, Any, Any]
pytestmark = [pytest.mark.slow, pytest.mark.django_db]
EXAMPLES = 25
PATH = "/api/v1/openapi.json"


@pytest.fixture(autouse=True)
def _one_transaction() -> Iterator[None]:
    """Keep the test's transaction over requests that do not go through Django's own test client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def operations() -> dict[str, Operation]:
    """Return every operation of the API's own description, by method and path."""
    found = {}
    for result in schemathesis.openapi.from_wsgi(PATH, WSGIHandler()).get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        found[f"{operation.method.upper()} {operation.path}"] = operation
    return found


def try_out(
    operation: Operation,
    mode: GenerationMode,
    headers: dict[str, str],
    paths: Iterable[dict[str, str]] = ({},),
    cookies: dict[str, str] | None = None,
) -> Counter[int]:
    """Call an operation with made-up input of a kind (allowed or forbidden); count the answers by status.

    `paths` are path parameters taken in turn instead of made-up ones, which would never be found.
    """
    statuses: Counter[int] = Counter()
    turns = cycle(paths)

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def call(case: Case[Any]) -> None:
        # Read as it is: the schema is about what was said, not about how it was packed.
        case.headers.update({**headers, "Accept-Encoding": "identity"})
        case.cookies = dict(cookies or {})
        case.path_parameters = {**(case.path_parameters or {}), **next(turns)}
        answer = case.call()
        checks: list[CheckFunction] = [not_a_server_error]
        if answer.status_code < 400:
            checks += [content_type_conformance, response_schema_conformance]
        case.validate_response(answer, checks=checks)
        statuses[answer.status_code] += 1

    call()
    return statuses


def staff_cookies(username: str) -> dict[str, str]:
    """Return what the browser of a member of staff sends."""
    browser = Client()
    browser.force_login(Account.objects.get(username=username))
    token = "x" * 32
    return {"sessionid": browser.cookies["sessionid"].value, "csrftoken": token}


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_a_machine_gets_an_answer_to_whatever_it_sends(mode: GenerationMode) -> None:
    key = make_api_key("Schema", channel="api")
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "schema"}
    submit = operations()["POST /api/v1/appeals"]
    statuses = try_out(submit, mode, headers)
    assert statuses
    if mode is GenerationMode.POSITIVE:
        # The first is taken, or refused for its meaning; the key makes the others the same appeal.
        assert set(statuses) <= {200, 201, 400, 413, 422}
        assert {200, 201} & set(statuses)
    else:
        assert set(statuses) & {400, 422}


def test_anybody_gets_an_answer_to_what_is_open() -> None:
    for name, operation in operations().items():
        if name.startswith("GET") and "{" not in name:
            assert set(try_out(operation, GenerationMode.POSITIVE, {})) == {200}, name


@pytest.mark.parametrize("username", ["lin", "mei", "dong"])
def test_staff_get_an_answer_to_whatever_they_send(username: str) -> None:
    number = case_of(appeal_of(east=1)).number
    cookies, seen = staff_cookies(username), Counter[int]()
    headers = {"X-CSRFToken": cookies["csrftoken"]}
    moves = [{"number": number, "move": move.key} for move in MOVES]
    for name, operation in operations().items():
        if "/cases/" in name:
            for mode in GenerationMode:
                seen += try_out(operation, mode, headers, moves, cookies)
    assert 401 not in seen, "they were signed in"
    if username == "dong":
        # What is malformed is told as such to anybody; the case itself is not there for her.
        assert {404} <= set(seen) <= {400, 404, 422}
    else:
        assert seen[200] > 0


def test_a_number_with_a_nul_is_simply_not_found() -> None:
    browser = Client(raise_request_exception=False)
    browser.force_login(Account.objects.get(username="mei"))
    assert browser.get("/api/v1/cases/%00").status_code == 404
