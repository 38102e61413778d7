"""Health, readiness, metrics and logs: what operators and load balancers read."""

from __future__ import annotations

import io
import json
import logging
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from huying.site.env import environment
from huying.site.logs import JsonLines

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


def test_alive_and_ready_say_so(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"
    assert client.get("/readyz").json() == {"ready": True}


def test_ready_says_no_when_the_database_does_not_answer(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    def fail() -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(connection, "cursor", fail)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["reason"]) == (503, "database_unreachable")
    assert client.get("/healthz").status_code == 200


def test_metrics_are_for_this_machine_unless_a_token_is_set(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/healthz")
    text = client.get("/metrics").content.decode()
    assert 'huying_requests_total{method="GET",route="healthz",status="200"}' in text
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.7").status_code == 403
    monkeypatch.setattr(environment(), "metrics_token", "s3cret")
    assert client.get("/metrics").status_code == 403
    ok = client.get("/metrics", REMOTE_ADDR="203.0.113.7", headers={"Authorization": "Bearer s3cret"})
    assert ok.status_code == 200


@pytest.fixture
def line() -> tuple[logging.Logger, io.StringIO]:
    """Give the test a logger that writes our JSON lines into a text."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonLines())
    logger = logging.Logger("huying.test")  # noqa: LOG001 - one that no configuration touches
    logger.addHandler(handler)
    return logger, out


def test_a_log_line_is_json_and_carries_only_what_is_allowed(
    line: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, out = line
    told_too_much = {"route": "a/<number>/", "text": "楼下太吵", "phone": "13812345678"}
    logger.warning("call 13812345678 back", extra=told_too_much)
    told = json.loads(out.getvalue())
    assert told["message"] == "call 138****5678 back"
    assert told["route"] == "a/<number>/"
    assert "text" not in told
    assert "phone" not in told


def test_an_error_is_logged_by_kind_and_place_not_by_what_a_resident_wrote(
    line: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, out = line
    try:
        int("张三住在3栋")
    except ValueError:
        logger.exception("failed")
    told = json.loads(out.getvalue())
    assert "张三" not in out.getvalue()
    assert told["exc_info"].startswith("ValueError at ")


def test_requests_are_logged_by_their_route_never_by_number_or_token(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="huying.requests"):
        client.get("/api/v1/cases/GD261122000011")
    routes = [getattr(record, "route", "") for record in caplog.records if record.name == "huying.requests"]
    assert routes == ["api/v1/cases/<number>"]
