"""Numbers people read out: given in blocks, so that a process asks the database once for a hundred."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import connection

from huying.kit.ids import with_check

if TYPE_CHECKING:
    from datetime import datetime

SHANGHAI = ZoneInfo("Asia/Shanghai")
BLOCK = 100  # the sequence's increment (migration 0002)
_lock = threading.Lock()
_left: dict[str, list[int]] = {}


def _take(count: int) -> list[int]:
    """Return unused numbers. A block belongs to one process; what it does not use is never used."""
    town = str(connection.settings_dict["NAME"])
    with _lock:
        stock = _left.setdefault(town, [])
        if len(stock) < count:
            blocks = -(-(count - len(stock)) // BLOCK)
            with connection.cursor() as cursor:
                cursor.execute("SELECT nextval('intake_number') FROM generate_series(1, %s)", [blocks])
                for (first,) in cursor.fetchall():
                    stock.extend(range(first, first + BLOCK))
        taken, _left[town] = stock[:count], stock[count:]
        return taken


def forget(town: str) -> None:
    """Let go of what is left for a database that is gone: one made anew under its name counts anew."""
    with _lock:
        _left.pop(town, None)


def new_numbers(prefix: str, count: int, *, at: datetime) -> list[str]:
    """Return `count` fresh numbers such as SQ261122000014: prefix, day, running number, check digit.

    The running number is unique by itself; the day (Asia/Shanghai) is for people.
    """
    day = at.astimezone(SHANGHAI).strftime("%y%m%d")
    return [with_check(prefix, f"{day}{number:05d}") for number in _take(count)]
