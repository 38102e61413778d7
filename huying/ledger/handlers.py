"""Facts go up: which job follows which fact, deferred in the same transaction, done once."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import timezone

from huying.ledger.models import Fact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from uuid import UUID

    from huying.ledger.chain import FactBody

TASK = "ledger.react"
QUEUE = "facts"
_HANDLERS: dict[str, dict[str, Callable[[Fact], None]]] = defaultdict(dict)


def register(table: Mapping[type[FactBody], Sequence[Callable[[Fact], None]]]) -> None:
    """Take over the site's table of fact → handlers. A handler's name is its module and function."""
    for kind, handlers in table.items():
        for handler in handlers:
            _HANDLERS[kind.__name__][f"{handler.__module__}.{handler.__qualname__}"] = handler


def handlers_of(kind: str) -> tuple[str, ...]:
    """Return the names of the handlers that follow facts of this kind."""
    return tuple(_HANDLERS.get(kind, ()))


def jobs_for(facts: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rows of procrastinate's job table: one job a handler, for all these facts together."""
    wanted: dict[str, list[str]] = {}
    for fact in facts:
        for handler in handlers_of(fact["kind"]):
            wanted.setdefault(handler, []).append(str(fact["id"]))
    return [
        {
            "queue_name": QUEUE,
            "task_name": TASK,
            "priority": 0,
            "args": {"handler": handler, "facts": facts_of_it},
        }
        for handler, facts_of_it in wanted.items()
    ]


def defer(jobs: Sequence[Mapping[str, Any]]) -> None:
    """Put the jobs into procrastinate's table on this connection: they exist only if we commit."""
    if not jobs:
        return
    rows = [(job["queue_name"], job["task_name"], job["priority"], json.dumps(job["args"])) for job in jobs]
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args) VALUES (%s, %s, %s, %s)",
            rows,
        )


def react(handler: str, facts: Sequence[str | UUID]) -> int:
    """Run one handler for each of these facts that it has not dealt with yet; return for how many.

    Each fact is its own transaction: the effect and the note that it was done are committed together, so a
    worker killed anywhere leaves either both or neither, and a job run twice acts once.
    """
    name = handler
    function = next((table[name] for table in _HANDLERS.values() if name in table), None)
    if function is None:
        raise LookupError(f"No handler is called {name}: the wiring has changed since this job was deferred.")
    acted = 0
    for fact in Fact.objects.filter(pk__in=list(facts)).order_by("id"):
        with transaction.atomic():
            if _claim(fact, name):
                function(fact)
                acted += 1
    return acted


def _claim(fact: Fact, handler: str) -> bool:
    """Note that a handler deals with a fact; return whether it had not yet. Another worker is waited for."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_reaction (fact_id, handler, done_at) VALUES (%s, %s, %s) "
            "ON CONFLICT ON CONSTRAINT a_handler_deals_with_a_fact_once DO NOTHING",
            [fact.pk, handler, timezone.now()],
        )
        return bool(cursor.rowcount == 1)
