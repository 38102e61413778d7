"""The job worker: what was enqueued runs once, and what a dead worker left lying runs after all."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from huying.site.ground.worker import work

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.plugin import DjangoDbBlocker

TASK, SLOW_TASK = "huying.site.tests.note", "huying.site.tests.dawdle"
noted: list[str] = []
told = threading.Event()


@app.task(name=TASK)
def note(word: str) -> None:
    """Write down that the job ran."""
    noted.append(word)


@app.task(name=SLOW_TASK, queue="learning")
def dawdle() -> None:
    """Go on only when the other job has run."""
    noted.append("in time" if told.wait(30) else "blocked")


@app.task(name=f"{TASK}.tell")
def tell() -> None:
    """Let the one that dawdles go on."""
    told.set()


@pytest.fixture(autouse=True)
def committed(
    django_db_setup: None,  # noqa: ARG001 - the test database is made first
    django_db_blocker: DjangoDbBlocker,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[None]:
    """Let jobs be committed, for the worker has connections of its own, and remove ours alone afterwards."""
    # The worker's threads close theirs after each job, as they do at the end of a real worker.
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
    noted.clear()
    with django_db_blocker.unblock():
        yield
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name LIKE 'huying.site.tests.%%'")
            cursor.execute("DELETE FROM procrastinate_workers")
        connection.close()


def worker_seen(ago: str) -> None:
    """Write down a worker whose last sign of life is `ago` old, busy with our job."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s::interval) RETURNING id",
            [ago],
        )
        (number,) = cursor.fetchone()
        busy = "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE task_name = %s"
        cursor.execute(busy, [number, TASK])


def states() -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text, attempts FROM procrastinate_jobs WHERE task_name = %s", [TASK])
        return [(str(status), int(attempts)) for status, attempts in cursor.fetchall()]


def test_what_learns_for_minutes_holds_up_no_letter() -> None:
    told.clear()
    dawdle.defer()
    tell.defer()
    work(until_empty=True)
    assert noted == ["in time"]


def test_a_waiting_job_runs_once_and_is_cleared_away() -> None:
    note.defer(word="诉求")
    assert states() == [("todo", 0)]
    work(until_empty=True)
    assert noted == ["诉求"]
    assert states() == []


def test_a_job_of_a_dead_worker_is_taken_up_again() -> None:
    note.defer(word="again")
    worker_seen("1 minute")
    work(until_empty=True)
    assert noted == ["again"]
    assert states() == []


def test_a_job_of_a_worker_that_lives_is_left_to_it() -> None:
    note.defer(word="mine")
    worker_seen("1 second")
    work(until_empty=True)
    assert noted == []
    assert [status for status, _attempts in states()] == ["doing"]
