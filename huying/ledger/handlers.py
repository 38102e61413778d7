"""Facts go up: which job follows which fact, deferred in the same transaction, done once."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, TypeAlias

from django.db import connection, transaction
from django.utils import timezone

from huying.ledger.models import Fact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from uuid import UUID

    from huying.ledger.chain import FactBody

TASK = "ledger.react"
QUEUE = "facts"
# More than these would hold their rows for long.
MOST_TOGETHER = 500
# What a handler takes: a fact, or many where it is marked `together`.
Handler: TypeAlias = "Callable[[Fact], None] | Callable[[Sequence[Fact]], None]"
_HANDLERS: dict[str, dict[str, Handler]] = defaultdict(dict)
_TOGETHER: set[str] = set()


def register(table: Mapping[type[FactBody], Sequence[Handler]]) -> None:
    """Take over the site's table of fact → handlers."""
    for kind, handlers in table.items():
        for handler in handlers:
            _HANDLERS[kind.__name__][name_of(handler)] = handler


def name_of(handler: Handler) -> str:
    """Return the name a job knows a handler by: its module and function."""
    return f"{handler.__module__}.{handler.__qualname__}"


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


def together(handler: Callable[[Sequence[Fact]], None]) -> Callable[[Sequence[Fact]], None]:
    """Mark a handler that takes many facts at once, for what costs as much for a hundred as for one."""
    _TOGETHER.add(name_of(handler))
    return handler


def takes_many(handler: str) -> bool:
    """Return whether the handler of this name takes many facts at once."""
    return handler in _TOGETHER


def react(handler: str, facts: Sequence[str | UUID]) -> int:
    """Run one handler for each of these facts that it has not dealt with yet; return for how many.

    The effect and the note that it was done are committed together, so a worker killed anywhere leaves either
    both or neither, and a job run twice acts once. Each fact is its own transaction, or up to `MOST_TOGETHER`
    for a handler that takes many at once.
    """
    function = next((table[handler] for table in _HANDLERS.values() if handler in table), None)
    if function is None:
        raise LookupError(
            f"No handler is called {handler}: the wiring has changed since this job was deferred."
        )
    told = list(Fact.objects.filter(pk__in=list(facts)).order_by("id"))
    at_once = MOST_TOGETHER if takes_many(handler) else 1
    return sum(
        _react_at_once(handler, function, told[start : start + at_once])
        for start in range(0, len(told), at_once)
    )


def _react_at_once(name: str, function: Callable[..., None], told: Sequence[Fact]) -> int:
    with transaction.atomic():
        claimed = _claim(told, name)
        fresh = [fact for fact in told if fact.pk in claimed]
        if takes_many(name):
            if fresh:
                function(fresh)
        else:
            for fact in fresh:
                function(fact)
    return len(fresh)


def _claim(told: Sequence[Fact], handler: str) -> set[UUID]:
    """Note that a handler deals with facts; return those it had not dealt with. Another worker is waited for.

    In one order, so that two workers with some facts in common do not wait for each other in a circle.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_reaction (fact_id, handler, done_at) "
            "SELECT fact, %s, %s FROM unnest(%s::uuid[]) AS fact ORDER BY fact "
            "ON CONFLICT ON CONSTRAINT a_handler_deals_with_a_fact_once DO NOTHING RETURNING fact_id",
            [handler, timezone.now(), [fact.pk for fact in told]],
        )
        return {row[0] for row in cursor.fetchall()}
