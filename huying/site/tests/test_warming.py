"""A web process is warm before its first request, and starts all the same when it cannot be."""

from __future__ import annotations

import logging

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huying.ledger import snapshots
from huying.site import warming
from huying.testing.cast import appeal_of


@pytest.fixture(autouse=True)
def cold_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin with nothing in memory, and keep the test's connection, which holds its transaction."""
    monkeypatch.setattr(connection, "close", lambda: None)
    for snapshot in snapshots._snapshots:
        snapshot.clear()


@pytest.mark.django_db
def test_after_warming_an_appeal_reads_nothing_more_into_memory() -> None:
    assert warming.warm_up()
    with CaptureQueriesContext(connection) as captured:
        assert appeal_of().case_number
    read = [query["sql"] for query in captured.captured_queries]
    assert [sql for sql in read if "catalogue_item" in sql or "places_" in sql or "people_" in sql] == []


@pytest.mark.django_db
def test_a_town_that_cannot_be_warmed_is_served_all_the_same(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise RuntimeError("no map")

    monkeypatch.setattr(warming, "town_clock", broken)
    with caplog.at_level(logging.WARNING):
        assert not warming.warm_up()
    assert "not warmed up" in caplog.text
