"""What follows from the demo's facts is done at once and in order, so that no worker does it later."""

from __future__ import annotations

import json
from collections import defaultdict

from django.db import connection

from huying.ledger.handlers import TASK, react, takes_many

MOST_DONE = 200


class Reacting:
    """Runs the jobs that the demo's facts defer, and takes exactly those out of the queue.

    Used inside the transaction that defers them, so no worker ever sees them. Handlers speak at the time of
    their fact; those that take many at once, the notices, are run together a little later.
    """

    def __init__(self) -> None:
        self._last = 0
        self._done: list[int] = []
        self._later: dict[str, list[str]] = defaultdict(list)

    def react_now(self) -> int:
        """Run what waits, and return how many jobs that was; what these defer waits for the next call."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, args FROM procrastinate_jobs WHERE id > %s AND task_name = %s ORDER BY id",
                [self._last, TASK],
            )
            jobs = cursor.fetchall()
        for key, args in jobs:
            arguments = json.loads(args)
            if takes_many(arguments["handler"]):
                self._later[arguments["handler"]] += arguments["facts"]
            else:
                react(arguments["handler"], arguments["facts"])
            self._last = key
            self._done.append(key)
        if len(self._done) > MOST_DONE:
            self._catch_up()
        return len(jobs)

    def react_to_all(self) -> None:
        """Run jobs until none is left, and leave none of them in the queue."""
        while self.react_now():
            pass
        self._catch_up()

    def _catch_up(self) -> None:
        """Run together what was put off, and take out of the queue what is done."""
        for handler, facts in self._later.items():
            react(handler, facts)
        self._later.clear()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = ANY(%s)", [self._done])
        self._done.clear()
