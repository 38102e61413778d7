"""Recording: the only way a fact comes into being."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from huying.ledger.chain import FactBody, Link, link_facts
from huying.ledger.handlers import defer, jobs_for
from huying.ledger.models import Fact, Story

if TYPE_CHECKING:
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
