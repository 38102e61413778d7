"""Read-mostly things kept in memory by every process and renewed when their edition changes."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import connection

from huying.ledger.models import Edition

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

# How long a process may go on with what it has before it asks the database again.
FRESH_SECONDS = 2.0
_editions: dict[str, int] = {}
_announced: set[str] = set()
_snapshots: list[Snapshot[Any]] = []
_asked_at = -1.0


def announce(key: str) -> None:
    """Say, inside the transaction of a change, that a new edition of `key` is there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_edition (key, number) VALUES (%s, 1) "
            "ON CONFLICT (key) DO UPDATE SET number = ledger_edition.number + 1",
            [key],
        )
    _announced.add(key)
    forget()


def held() -> dict[int, Any]:
    """Return what the snapshots hold now, for `hold` and `go_back`."""
    return {id(snapshot): snapshot.held for snapshot in _snapshots}


def hold(what: dict[int, Any], *, town: str | None = None) -> None:
    """Hold what was held before; for another `town` when its database is a copy (for tests)."""
    for snapshot in _snapshots:
        kept = what.get(id(snapshot))
        snapshot.held = (kept[0], town, kept[2]) if kept and town else kept
    forget()


def go_back(before: dict[int, Any]) -> None:
    """Hold again what was held before, wherever a change was announced since (for tests that roll back).

    A renewed snapshot must not stay: its edition's number may come again with other contents.
    """
    for snapshot in _snapshots:
        if _announced.intersection(snapshot.keys):
            snapshot.held = before.get(id(snapshot))
    _announced.clear()
    forget()


def forget() -> None:
    """Ask the database anew at the next look (after a change here, and between tests)."""
    global _asked_at  # noqa: PLW0603 - one clock for all snapshots of the process is the point
    _asked_at = -1.0


def edition_now(key: str) -> int:
    """Return the number of the current edition of `key` as the database has it, 0 before the first."""
    return Edition.objects.filter(key=key).values_list("number", flat=True).first() or 0


def _edition_of(key: str) -> int:
    global _asked_at, _editions  # noqa: PLW0603 - likewise
    if time.monotonic() - _asked_at > FRESH_SECONDS or _asked_at < 0:
        _editions = dict(Edition.objects.values_list("key", "number"))
        _asked_at = time.monotonic()
    return _editions.get(key, 0)


class Snapshot(Generic[T]):
    """One such thing: built by `build` at first use, and again when one of its keys has a new edition."""

    def __init__(self, build: Callable[[], T], *keys: str) -> None:
        self._build = build
        self.keys = keys
        self._lock = threading.RLock()
        self.held: tuple[tuple[int, ...], str, T] | None = None
        _snapshots.append(self)

    def get(self) -> T:
        """Return the thing as of the current edition, at most `FRESH_SECONDS` old."""
        edition = tuple(_edition_of(key) for key in self.keys)
        town = str(connection.settings_dict["NAME"])
        now = self.held
        if now is not None and now[0] == edition and now[1] == town:
            return now[2]
        with self._lock:
            if self.held is None or self.held[0] != edition or self.held[1] != town:
                self.held = (edition, town, self._build())
            return self.held[2]

    def clear(self) -> None:
        """Forget what is held (tests roll their rows back without a new edition)."""
        self.held = None
        forget()
