"""Counts how often something happened lately: a sliding window over fixed buckets, one statement a look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

# The rows are unlogged (migration intake.0002): a crash forgets them, and counting waits for no disk.
# They are written in one order, so that two requests counting the same subjects do not wait in a circle.
COUNT_UP = """
WITH asked AS (SELECT * FROM unnest(%s::text[], %s::bigint[], %s::bigint[]) AS a (who, slot, earlier)),
counted AS (
    INSERT INTO intake_limitcount AS c (who, slot, times)
    SELECT who, slot, 1 FROM asked ORDER BY who, slot
    ON CONFLICT (who, slot) DO UPDATE SET times = c.times + 1
    RETURNING who, slot, times
)
SELECT asked.who, counted.times, coalesce(e.times, 0)
FROM asked JOIN counted USING (who, slot)
LEFT JOIN intake_limitcount e ON e.who = asked.who AND e.slot = asked.earlier
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """How often a subject was seen in its window, this time included.

    `running` are the times of the bucket the moment lies in, `earlier` those of the whole bucket before it,
    `elapsed_seconds` the age of the running bucket.
    """

    running: int
    earlier: int
    elapsed_seconds: float

    def estimate(self, window_seconds: int) -> float:
        """Return the times within one window back from the moment; the earlier bucket is taken as even."""
        return self.running + self.earlier * (1 - self.elapsed_seconds / window_seconds)


def count_up(asked: Sequence[tuple[str, int]], *, at: datetime) -> list[Seen]:
    """Count one more time for each (subject, window in seconds) and return how often each was seen lately.

    Subjects differ from each other, and are at most 60 characters. To take the counting back (a refused
    event does not count), raise out of the transaction around it.
    """
    if not asked:
        return []
    seconds = at.timestamp()
    keys = [f"{who}:{window}" for who, window in asked]
    slots = [int(seconds // window * window) for _, window in asked]
    earlier = [slot - window for slot, (_, window) in zip(slots, asked, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(COUNT_UP, [keys, slots, earlier])
        found = {who: (running, before) for who, running, before in cursor.fetchall()}
    return [Seen(*found[key], elapsed_seconds=seconds - slot) for key, slot in zip(keys, slots, strict=True)]


def forget(asked: Iterable[tuple[str, int]]) -> None:
    """Forget what was counted for these (subject, window in seconds)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM intake_limitcount WHERE who = ANY(%s)",
            [[f"{who}:{window}" for who, window in asked]],
        )


def sweep(*, before: datetime) -> int:
    """Remove the buckets that began before this moment; return how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM intake_limitcount WHERE slot < %s", [int(before.timestamp())])
        return int(cursor.rowcount)
