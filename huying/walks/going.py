"""Writes on a walk: what was found, what was seen, its end. Two phones add to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from huying.kit.errors import Refusal
from huying.kit.text import clean
from huying.ledger.actions import record
from huying.walks import facts, reasons
from huying.walks.actions import LONGEST_NOTE, locked_walk
from huying.walks.models import Check, Checked, Finding, FoundHow, Stop, Walk, WalkState
from huying.walks.rules import may_go

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from uuid import UUID

    from huying.ledger.actor import Actor


def note_finding(
    walk: Walk, *, key: UUID, appeal: UUID, number: str, how: str, stop: UUID | None, line: UUID | None,
    written_at: datetime | None = None, by: Actor, at: datetime,
) -> Finding:  # fmt: skip
    """Note that an appeal was found on a walk whose row is locked; call inside the transaction that made it.

    Taken also after the walk ended: a phone may have been without a network. What it saw of the line of the
    checklist follows. Refusal `not_your_walk`.
    """
    if not may_go(by, walk):
        raise Refusal(reasons.NOT_YOUR_WALK)
    row = Finding(
        pk=key, walk=walk, appeal_id=appeal, how=FoundHow(how), at=min(written_at or at, at), taken_at=at,
        stop=walk.stops.filter(pk=stop).first() if stop else None,
        line=walk.checklist.lines.filter(pk=line).first() if line else None,
    )  # fmt: skip
    row.save(force_insert=True)
    if row.line is not None:
        _see(walk, {row.line.pk: Checked.FOUND})
    if row.stop is not None and row.stop.seen is not True:
        Stop.objects.filter(pk=row.stop.pk).update(seen=True)
    late = walk.state != WalkState.PLANNED
    body = facts.WalkFound(walk.number, number, str(how), row.line.text if row.line else "", late)
    record(walk, body, district=walk.district, by=by, at=at)
    walk.save(update_fields=["fact_seq", "fact_hash"])
    return row


def _see(walk: Walk, checks: Mapping[UUID, str]) -> None:
    """Write what was seen of lines; “found” stays whatever another phone says."""
    known = {check.line_id: check for check in walk.checks.all()}
    fresh = [
        Check(walk=walk, line_id=line, state=state) for line, state in checks.items() if line not in known
    ]
    Check.objects.bulk_create(fresh)
    turned = [
        known[line].pk
        for line, state in checks.items()
        if line in known and state == Checked.FOUND and known[line].state != Checked.FOUND
    ]
    if turned:
        Check.objects.filter(pk__in=turned).update(state=Checked.FOUND)


def end_walk(
    walk_id: UUID, *, summary: str = "", seen: Iterable[UUID] = (), fine: Iterable[UUID] = (), by: Actor,
    at: datetime,
) -> Walk:  # fmt: skip
    """End a walk, with findings or without: the places that were seen, and the lines that were in order.

    A second phone that ends the same walk adds what it saw and said; nothing of the first is taken back.
    Refusals: `walk_not_found`, `not_your_walk`, `walk_not_planned` for one that was called off.
    """
    words = clean(summary)[:LONGEST_NOTE]
    with transaction.atomic():
        walk = locked_walk(walk_id)
        if not may_go(by, walk):
            raise Refusal(reasons.NOT_YOUR_WALK)
        if walk.state == WalkState.CALLED_OFF:
            raise Refusal(reasons.WALK_NOT_PLANNED, state=walk.get_state_display())
        again = walk.state == WalkState.ENDED
        places, lines = set(seen), set(fine)
        news = _news(walk, words, places, lines) if again else True
        if not news:
            return walk
        walk.stops.filter(pk__in=places).update(seen=True)
        if not again:
            walk.stops.filter(seen=None).update(seen=False)
            walk.state, walk.ended_at = WalkState.ENDED, at
        known = walk.checklist.lines.filter(pk__in=lines).values_list("pk", flat=True)
        _see(walk, dict.fromkeys(known, Checked.FINE))
        if words and words not in walk.summary:
            walk.summary = f"{walk.summary}\n{words}".strip()
        body = facts.WalkEnded(
            number=walk.number, seen=list(walk.stops.filter(seen=True).values_list("name", flat=True)),
            checked=walk.checks.count(), findings=walk.findings.count(), again=again,
        )  # fmt: skip
        record(walk, body, district=walk.district, by=by, at=at)
        walk.save()
        return walk


def _news(walk: Walk, words: str, places: set[UUID], lines: set[UUID]) -> bool:
    """Return whether a second end says anything the first did not: a retry says nothing new."""
    checked = set(walk.checks.values_list("line_id", flat=True))
    return (
        (bool(words) and words not in walk.summary)
        or walk.stops.filter(pk__in=places).exclude(seen=True).exists()
        or walk.checklist.lines.filter(pk__in=lines - checked).exists()
    )
