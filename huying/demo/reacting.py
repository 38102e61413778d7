"""What follows from the demo's facts is done at once, in their order, so that no worker does it again later."""

from __future__ import annotations

from django.db import connection

from huying.ledger.handlers import TASK, react


def react_now() -> int:
    """Take the jobs that wait out of the queue and run them here; return how many.

    Called inside the transaction that deferred them, so no worker ever saw them. Handlers speak at the time
    of their fact; what they defer themselves is run as well.
    """
    done = 0
    while jobs := _take_jobs():
        for handler, facts in jobs:
            react(handler, facts)
        done += len(jobs)
    return done


def _take_jobs() -> list[tuple[str, list[str]]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH taken AS (DELETE FROM procrastinate_jobs WHERE task_name = %s AND status = 'todo' "
            "RETURNING id, args) SELECT args->>'handler', ARRAY(SELECT jsonb_array_elements_text(args->'facts')) "
            "FROM taken ORDER BY id",
            [TASK],
        )
        return [(str(handler), list(facts)) for handler, facts in cursor.fetchall()]
