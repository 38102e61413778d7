"""Keeping the rolling counts: what happened since is counted anew, and the difference added to the sums.

A case is counted whole each time (`core.tallying`), what it added before is taken off again, and all of that
is one transaction with the note that it was done: a crash, a retry or two at once never count twice.
"""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import connection, transaction

from huying.insight.core.tallying import COUNTERS, KINDS, Happened, Ran, Said, Story, lines_of, trimmed
from huying.insight.models import CaseTally, RollingState, Touched

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from uuid import UUID

AT_ONCE = 500
# One who looks at a board counts no more than this on the way; the rest is the job's.
ON_THE_WAY = 300

# Before anything could have been counted.
EVER = datetime(2000, 1, 1, tzinfo=UTC)
Thing = TypeVar("Thing")
Row = tuple[str, str, str, str, str, str]  # period, area, unit, item, grade, channel
Sums = dict[Row, dict[str, int]]


def roll(*, at: datetime, limit: int = AT_ONCE) -> int | None:
    """Count what happened since the last time; return how many cases were counted, None if another does it.

    Run again until that is 0. Call outside a transaction: what is counted is committed here.
    """
    with transaction.atomic():
        state = RollingState.objects.select_for_update(skip_locked=True).filter(pk=1).first()
        if state is None:
            return None
        if state.rolled_at is None:
            _touch_all()
        at = latest_of(state, at)
        cases = _taken(limit)
        if len(cases) < limit:
            cases |= _run_out(state.rolled_at, at)
            state.rolled_at = at
            state.save(update_fields=["rolled_at"])
        for some in in_parts(sorted(cases), AT_ONCE):
            count_anew(some, at=at)
    return len(cases)


def latest_of(state: RollingState, at: datetime) -> datetime:
    """Return the moment to count by: never before one that was counted by, for clocks ran out until then."""
    return max(at, state.rolled_at) if state.rolled_at is not None else at


def in_parts(things: Iterable[Thing], size: int) -> Iterable[list[Thing]]:
    """Yield the things in lists of at most `size`."""
    rest = iter(things)
    while part := list(islice(rest, size)):
        yield part


def _taken(limit: int) -> set[UUID]:
    """Take cases off the list of what is not counted yet; whatever is written meanwhile stays on it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM insight_touched WHERE id IN (SELECT id FROM insight_touched ORDER BY id LIMIT %s) "
            "RETURNING case_id",
            [limit],
        )
        return {row[0] for row in cursor.fetchall()}


def _touch_all() -> None:
    """Put every case on the list: the town was there before anything was counted."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO insight_touched (case_id, touched_at) SELECT id, now() FROM cases_case")
    RollingState.objects.filter(pk=1).update(rolled_at=EVER)


def _run_out(since: datetime | None, until: datetime) -> set[UUID]:
    """Return the cases a clock of which ran out since: nothing happened to them but time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT case_id FROM cases_deadline WHERE met_at IS NULL AND ended_at IS NULL "
            "AND due_at >= coalesce(%s::timestamptz, '-infinity') AND due_at < %s",
            [since, until],
        )
        return {row[0] for row in cursor.fetchall()}


def count_anew(cases: Collection[UUID], *, at: datetime) -> list[UUID]:
    """Count these cases anew and add what differs to the sums; return those that differed.

    Call with the state locked: two at once would take the same off twice.
    """
    fresh = dict(tallies_of(cases, at=at))
    known = CaseTally.objects.in_bulk(list(fresh))
    changed = [case for case, row in fresh.items() if case not in known or _differ(known[case], row)]
    sums: Sums = {}
    for case in changed:
        if case in known:
            add_up(sums, known[case], sign=-1)
        add_up(sums, fresh[case])
    CaseTally.objects.bulk_create(
        [fresh[case] for case in changed],
        update_conflicts=True,
        unique_fields=["case_id"],
        update_fields=["area_path", "item_code", "grade", "lines"],
    )
    add_to_sums(sums)
    return changed


def _differ(one: CaseTally, other: CaseTally) -> bool:
    return (one.area_path, one.item_code, one.grade, one.lines) != (
        other.area_path, other.item_code, other.grade, other.lines,
    )  # fmt: skip


def add_up(sums: Sums, tally: CaseTally, *, sign: int = 1) -> None:
    """Add what a case counts for to sums, or take it off them."""
    for period, unit, channel, counts in tally.lines:
        row = sums.setdefault(
            (period, tally.area_path, unit, tally.item_code, tally.grade, channel), defaultdict(int)
        )
        for what, number in counts.items():
            row[what] += sign * number


def add_to_sums(sums: Sums) -> None:
    """Add differences to the kept sums, in one order, so that nobody waits in a circle."""
    names = ("period", "area_path", "unit", "item_code", "grade", "channel")
    rows = [
        dict(zip(names, row, strict=True)) | {what: number for what, number in counts.items() if number}
        for row, counts in sorted(sums.items())
        if any(counts.values())
    ]
    if not rows:
        return
    columns = ", ".join(COUNTERS)
    typed = ", ".join([*(f"{name} text" for name in names), *(f"{name} integer" for name in COUNTERS)])
    added = ", ".join(
        f"{name} = nullif(coalesce(s.{name}, 0) + coalesce(excluded.{name}, 0), 0)" for name in COUNTERS
    )
    with connection.cursor() as cursor:
        for some in in_parts(rows, 2000):
            cursor.execute(
                f"INSERT INTO insight_sum AS s ({', '.join(names)}, {columns}) "  # noqa: S608 - our own words only
                f"SELECT * FROM jsonb_to_recordset(%s::jsonb) AS n ({typed}) "
                f"ON CONFLICT ({', '.join(names)}) DO UPDATE SET {added}",
                [json.dumps(some)],
            )


def tallies_of(cases: Collection[UUID], *, at: datetime) -> Iterable[tuple[UUID, CaseTally]]:
    """Yield what each of these cases counts for, read from its facts, clocks and answers."""
    keys = list(cases)
    facts, channels = _facts(keys), _channels(keys)
    clocks, answers = _clocks(keys), _answers(keys)
    for case, area, item, grade, *now in _rows(keys):
        status, unit, supervised, next_due_at = now
        story = Story(
            status, str(unit or ""), grade, supervised, next_due_at,
            facts.get(case, ()), clocks.get(case, ()), answers.get(case, ()), channels.get(case, {}),
        )  # fmt: skip
        lines = [[*key, counts] for key, counts in sorted(lines_of(story, at=at).items())]
        yield case, CaseTally(case_id=case, area_path=trimmed(area), item_code=item, grade=grade, lines=lines)


def _rows(keys: list[UUID]) -> list[tuple[Any, ...]]:
    return _asked(
        "SELECT id, area_path, item_code, grade, status, unit_id, supervision <> '', next_due_at "
        "FROM cases_case WHERE id = ANY(%s)",
        keys,
    )


def _facts(keys: list[UUID]) -> Mapping[UUID, list[Happened]]:
    found: defaultdict[UUID, list[Happened]] = defaultdict(list)
    told = _asked(
        "SELECT c.id, f.kind, f.at, f.data FROM unnest(%s::uuid[]) AS c (id) "
        "JOIN ledger_fact f ON f.stream = 'case:' || c.id::text WHERE f.kind = ANY(%s) "
        "ORDER BY c.id, f.seq",
        keys,
        list(KINDS),
    )
    for case, kind, moment, data in told:
        found[case].append(Happened(kind, moment, data if isinstance(data, dict) else json.loads(data)))
    return found


def _channels(keys: list[UUID]) -> Mapping[UUID, dict[str, str]]:
    found: defaultdict[UUID, dict[str, str]] = defaultdict(dict)
    for case, appeal, channel in _asked(
        "SELECT m.case_id, a.id::text, a.channel_id FROM cases_membership m "
        "JOIN intake_appeal a ON a.id = m.appeal_id WHERE m.case_id = ANY(%s)",
        keys,
    ):
        found[case][appeal] = channel
    return found


def _clocks(keys: list[UUID]) -> Mapping[UUID, list[Ran]]:
    found: defaultdict[UUID, list[Ran]] = defaultdict(list)
    for case, *told in _asked(
        "SELECT case_id, clock, due_at, met_at, ended_at, paused_at FROM cases_deadline "
        "WHERE case_id = ANY(%s) AND clock IN ('sign', 'contact', 'handle')",
        keys,
    ):
        found[case].append(Ran(*told))
    return found


def _answers(keys: list[UUID]) -> Mapping[UUID, list[Said]]:
    found: defaultdict[UUID, list[Said]] = defaultdict(list)
    for case, moment, solved, result, *stars in _asked(
        "SELECT q.case_id, coalesce(r.at, q.answered_at, q.closes_at), coalesce(r.solved, ''), r.result, "
        "r.speed, r.result, r.service, r.process "
        "FROM feedback_ratingrequest q LEFT JOIN feedback_rating r ON r.request_id = q.id "
        "WHERE q.case_id = ANY(%s) AND (r.request_id IS NOT NULL OR q.outcome = 'unconfirmed')",
        keys,
    ):
        given = tuple(star for star in stars if star is not None)
        found[case].append(Said(moment, solved, given, result))
    return found


def _asked(sql: str, keys: list[UUID], *more: list[str]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [keys, *more])
        return list(cursor.fetchall())


def waits_since() -> datetime | None:
    """Return since when the oldest change waits to be counted; None when everything is."""
    moment: datetime | None = Touched.objects.order_by("id").values_list("touched_at", flat=True).first()
    return moment
