"""Recording: the only way a fact comes into being."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from huying.ledger.chain import FactBody, Link, link_facts
from huying.ledger.handlers import defer, jobs_for
from huying.ledger.models import Fact, Story

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from huying.ledger.actor import Actor


def stream_of(thing: Story) -> str:
    """Return the name of a thing's stream: its model and key, as in `case:0190…`."""
    return f"{thing._meta.model_name}:{thing.pk}"  # noqa: SLF001 - Django's documented name for it


def record(thing: Story, *bodies: FactBody, district: str, by: Actor, at: datetime) -> list[Fact]:
    """Add facts to a thing's stream and defer what follows from them; call inside its transaction.

    The thing's row must be locked or new: its chain head is moved on the instance and saved by the caller
    with the rest of the row (fields `fact_seq` and `fact_hash`).
    """
    if not connection.in_atomic_block:
        raise RuntimeError("record() belongs inside the transaction of what it records")
    link = Link(thing.fact_seq, bytes(thing.fact_hash))
    rows = link_facts(stream_of(thing), bodies, link=link, district=district, by=by, at=at)
    thing.fact_seq, thing.fact_hash = link.seq, link.hash
    facts = Fact.objects.bulk_create([Fact(**row) for row in rows])
    defer(jobs_for(rows))
    return facts


def record_in_each(things: Iterable[tuple[Story, str]], body: FactBody, *, by: Actor, at: datetime) -> int:
    """Add the same fact to the streams of many things of one model; return how many. As `record` otherwise.

    Each thing comes with its district, its row locked. The heads of the chains are written here, so that
    thousands take as many statements as one.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("record_in_each() belongs inside the transaction of what it records")
    told: list[Story] = []
    rows = []
    for thing, district in things:
        link = Link(thing.fact_seq, bytes(thing.fact_hash))
        rows += link_facts(stream_of(thing), [body], link=link, district=district, by=by, at=at)
        thing.fact_seq, thing.fact_hash = link.seq, link.hash
        told.append(thing)
    if told:
        Fact.objects.bulk_create([Fact(**row) for row in rows])
        _save_heads(told)
        defer(jobs_for(rows))
    return len(told)


def _save_heads(things: Sequence[Story]) -> None:
    table = connection.ops.quote_name(things[0]._meta.db_table)  # noqa: SLF001 - Django's documented name for it
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} AS t SET fact_seq = n.seq, fact_hash = n.hash "  # noqa: S608 - the name is ours
            "FROM unnest(%s::uuid[], %s::integer[], %s::bytea[]) AS n (id, seq, hash) WHERE t.id = n.id",
            [
                [thing.pk for thing in things],
                [thing.fact_seq for thing in things],
                [bytes(thing.fact_hash) for thing in things],
            ],
        )
