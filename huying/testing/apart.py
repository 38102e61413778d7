"""A town apart: a copy of the small town in its own database, for tests whose transactions really commit."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from django.db import connection, connections, transaction

from huying.intake import numbers
from huying.kit.errors import Refusal
from huying.ledger import snapshots
from huying.testing import schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")
PATIENCE_SECONDS = 20.0
WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@contextmanager
def town_apart() -> Iterator[None]:
    """Work in a fresh copy of the test database; afterwards it is gone and all is as before.

    Nothing written in it is seen by other tests, so nothing has to be emptied.
    """
    settings = connection.settings_dict
    name = str(settings["NAME"])
    apart, before = f"{name}_apart", snapshots.held()
    connections.close_all()
    schema.copy(name, apart)
    settings["NAME"] = apart
    numbers.forget(apart)
    snapshots.hold(before, town=apart)
    try:
        yield
    finally:
        connections.close_all()
        settings["NAME"] = name
        snapshots.hold(before)
        schema.drop(apart)


class Runner(threading.Thread):
    """One of several that act at once, each on its own connection; keeps the answer or the refusal."""

    def __init__(self, act: Callable[[], object], start: threading.Barrier) -> None:
        super().__init__(daemon=True)
        self.act, self.barrier = act, start
        self.answer: object = None

    def run(self) -> None:
        """Act when everybody is there."""
        try:
            connection.ensure_connection()
            self.barrier.wait(PATIENCE_SECONDS)
            self.answer = self.act()
        except Exception as error:  # noqa: BLE001 - whatever it is, the test wants to see it
            self.answer = error
        finally:
            connection.close()


def _started(acts: tuple[Callable[[], object], ...]) -> list[Runner]:
    barrier = threading.Barrier(len(acts))
    runners = [Runner(act, barrier) for act in acts]
    for runner in runners:
        runner.start()
    return runners


def _answers(runners: list[Runner]) -> list[object]:
    for runner in runners:
        runner.join(PATIENCE_SECONDS)
        if runner.is_alive():
            raise TimeoutError("somebody waits for ever")
        if isinstance(runner.answer, Exception) and not isinstance(runner.answer, Refusal):
            raise runner.answer
    return [runner.answer for runner in runners]


def race(*acts: Callable[[], object]) -> list[object]:
    """Let all act at once; return what each got: its answer, or its Refusal. Any other error is raised."""
    return _answers(_started(acts))


def race_behind(lock: Callable[[], object], *acts: Callable[[], object]) -> list[object]:
    """Like `race`, and surely at once: all wait behind `lock`, a row locked here, until the last has come."""
    with transaction.atomic():
        lock()
        runners = _started(acts)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while _waiting() < len(acts):
            if time.monotonic() > deadline:
                raise TimeoutError("not all came to wait behind the lock")
            time.sleep(0.01)
    return _answers(runners)


def _waiting() -> int:
    with connection.cursor() as cursor:
        # Inside a transaction the server would go on showing who waited at its first look.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(WAITING)
        return int(cursor.fetchone()[0])


def keys_of(answers: list[object]) -> list[str]:
    """Return the reason keys of those refused, "" for who came through, in order."""
    return sorted(answer.reason.key if isinstance(answer, Refusal) else "" for answer in answers)
