"""A machine with a key of its own, and a look at every table an appeal could leave something in."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client

from huying.people.actions import make_api_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from django.http import HttpResponse
    from pytest_django.fixtures import Settings

ADDRESS = "/api/v1/appeals"
TABLES = (
    "intake_inbound", "intake_appeal", "intake_party", "intake_photo", "triage_verdict", "triage_twinmark",
    "dispatch_assignment", "cases_case", "cases_membership", "cases_deadline", "ledger_fact", "notify_notice",
    "procrastinate_jobs",
)  # fmt: skip


@dataclass
class Machine:
    """A program that knows its API key; `keys` makes an Idempotency-Key for each call that names none."""

    api_key: str
    client: Client
    keys: Iterator[int] = field(default_factory=lambda: count(1))

    def post(
        self,
        body: object,
        *,
        key: str | None = "",
        content_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> HttpResponse:
        """Send bytes as they are, anything else as JSON. An empty key is replaced, None leaves it out."""
        raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        sent = {"Authorization": f"Bearer {self.api_key}"} | dict(headers or {})
        if key is not None:
            sent["Idempotency-Key"] = key or f"hostile-{next(self.keys)}"
        answer: Any = self.client.post(ADDRESS, raw, content_type=content_type, headers=sent)
        return answer  # type: ignore[no-any-return]  # the client's answer is a response with extras


@pytest.fixture
def machine(db: None) -> Machine:  # noqa: ARG001 - the key is a row
    """Give a machine of the JSON channel; a server error is an answer to look at, not an exception."""
    return Machine(make_api_key("Outside", channel="api"), Client(raise_request_exception=False))


@pytest.fixture
def browser(settings: Settings, tmp_path: Path) -> Client:
    """Give a browser on a town that keeps its files in a folder of the test's own."""
    settings.DATA_DIR = tmp_path
    return Client(raise_request_exception=False)


@pytest.fixture
def stored(db: None) -> Stored:  # noqa: ARG001 - it counts rows
    """Give a count of every row an appeal could leave behind, taken now."""
    return Stored()


class Stored:
    """How many rows there were, to be compared with how many there are."""

    def __init__(self) -> None:
        self.before = rows_by_table()

    def grown(self) -> dict[str, int]:
        """Return the tables that have more rows than at the beginning, and how many."""
        now = rows_by_table()
        return {
            table: now[table] - self.before[table] for table in TABLES if now[table] != self.before[table]
        }


def rows_by_table() -> dict[str, int]:
    """Return how many rows each table holds."""
    sql = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in TABLES)  # noqa: S608 - our own names
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return dict(cursor.fetchall())
