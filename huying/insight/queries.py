"""Counting: every indicator over a scope in three statements, whole or broken down by one dimension.

The tables of cases and feedback are read by their names: a count over a million rows is the database's work.
Each thing looked at falls into exactly one class of an indicator: left out for one reason, else hit or miss.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import connection

from huying.cases.voices import FOUND_BY
from huying.insight.core.indicators import INDICATORS, Indicator, Kind, Of
from huying.insight.core.telling import Counted
from huying.insight.scope import Scope, where

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime


class By(StrEnum):
    """What a table is broken down by."""

    UNIT = "unit"
    AREA = "area"
    ITEM = "item"
    MONTH = "month"


# Conditions for leaving out, by indicator and reason; of several that hold, the first of the table counts.
_ELSEWHERE = "c.status IN ('merged', 'withdrawn', 'inadmissible', 'transferred', 'lapsed')"
_NOT_OUT = "c.dispatched_at IS NULL OR c.dispatch_count = 0"
_CLOSED = "c.status IN ('closed', 'archived')"
_LEFT: Mapping[str, Mapping[str, str]] = {
    "response": {
        "no_clock": "t.contact_due IS NULL",
        "running": "t.contact_runs AND (t.contact_paused OR t.contact_due >= %(now)s)",
    },
    "signed_on_time": {
        "no_clock": "t.sign_due IS NULL",
        "running": "t.sign_runs AND (t.sign_paused OR t.sign_due >= %(now)s)",
    },
    "handled_on_time": {
        "no_clock": "t.handle_due IS NULL",
        "running": "t.handle_runs AND (t.handle_paused OR t.handle_due >= %(now)s)",
    },
    "first_dispatch": {"not_seen": "c.signed_at IS NULL AND NOT c.returned"},
    "reworked": {"no_reply": "c.replied_at IS NULL"},
    "to_dispatch": {"not_yet": "c.dispatched_at IS NULL"},
    "to_contact": {"not_yet": "coalesce(c.contacted_at < c.dispatched_at, TRUE)"},
    "to_reply": {"not_yet": "coalesce(c.replied_at < c.dispatched_at, TRUE)"},
    "to_close": {"not_yet": f"NOT ({_CLOSED})"},
    "unconfirmed": {"nobody": "c.closure = 'checked'"},
    "in_place": {"no_level": "lo.rank IS NULL OR lc.rank IS NULL"},
}
_USUAL = {"elsewhere": _ELSEWHERE, "not_out": _NOT_OUT, "open": f"NOT ({_CLOSED})"}
_ANSWERS = {
    "waiting": "q.outcome = 'waiting'",
    "silent": "q.outcome = 'unconfirmed'",
    "dropped": "q.outcome = 'dropped'",
    "no_stars": "num_nonnulls(r.speed, r.result, r.service, r.process) = 0",
}
_HIT: Mapping[str, str] = {
    "response": "NOT t.contact_runs AND t.contact_met <= t.contact_due",
    "signed_on_time": "NOT t.sign_runs AND t.sign_met <= t.sign_due",
    "handled_on_time": "NOT t.handle_runs AND t.handle_met <= t.handle_due",
    "first_dispatch": "c.signed_at IS NOT NULL AND NOT c.returned AND c.dispatch_count = 1",
    "returned": "c.returned",
    "extended": "c.extensions > 0",
    "reworked": "c.round > 0",
    "false_closure": "c.false_closure",
    "unconfirmed": "c.closure = 'unconfirmed'",
    "in_place": "lc.rank >= lo.rank",
    "self_found": "o.found",
    "suspended": "c.status = 'suspended'",
    "solved": "r.solved = 'yes'",
    "satisfied": "coalesce(r.result, 5) >= 3 AND (coalesce(r.speed, 0) + coalesce(r.result, 0)"
    " + coalesce(r.service, 0) + coalesce(r.process, 0))"
    " >= 3 * num_nonnulls(r.speed, r.result, r.service, r.process)",
    "repeated": "m.how <> 'opened'",
    "came_in": "TRUE",
    "opened": "TRUE",
    "waiting": "c.status = 'submitted'",
    "merged": "c.status = 'merged'",
    "withdrawn": "c.status = 'withdrawn'",
    "inadmissible": "c.status = 'inadmissible'",
    "dispatched": "c.dispatch_count > 0",
    "automatic": "c.first_dispatch_automatic",
    "supervised": "c.supervised",
    "closed": _CLOSED,
    "unit_solved": "c.resolution = 'yes'",
    "unit_partly": "c.resolution = 'partly'",
    "unit_unsolved": "c.resolution = 'no'",
}
_LENGTH: Mapping[str, str] = {
    "to_dispatch": "c.dispatched_at - c.opened_at",
    "to_contact": "c.contacted_at - c.dispatched_at",
    "to_reply": "c.replied_at - c.dispatched_at",
    "to_close": "c.closed_at - c.opened_at",
}

_CLOCKS = ("contact", "sign", "handle")
_ZONE = "Asia/Shanghai"


def count(scope: Scope, *, by: By | None = None, at: datetime) -> dict[str, dict[str, Counted]]:
    """Return what was counted, by row and indicator; the row "" is the whole.

    Rows are keys of units, paths of areas, beginnings of item codes or months ("2026-09"), as `by` says.
    """
    found: dict[str, dict[str, Counted]] = {}
    for of, source in ((Of.CASES, _from_cases()), (Of.ANSWERS, _FROM_ANSWERS), (Of.VOICES, _FROM_VOICES)):
        counted = [indicator for indicator in INDICATORS if indicator.of == of]
        for row, key, value in _counted(counted, source, scope, by=by, at=at):
            found.setdefault(row, {})[key] = value
    return found


def hit(key: str) -> str:
    """Return the condition under which a thing counts for an indicator, on `r` for ratings, `c` for cases."""
    return _HIT[key]


def count_facts(scope: Scope) -> int:
    """Return how many facts stand behind the cases of a scope, by the heads of their chains."""
    condition, told = where(scope)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT coalesce(sum(c.fact_seq), 0) FROM cases_case c WHERE {condition}",  # noqa: S608 - our own words only
            told,
        )
        return int(cursor.fetchone()[0])


def _counted(
    indicators: list[Indicator], source: str, scope: Scope, *, by: By | None, at: datetime
) -> Iterable[tuple[str, str, Counted]]:
    condition, told = where(scope)
    dimension = _dimension(by, scope)
    classes = [f"CASE {_whens(one)} ELSE 'miss' END AS k{place}" for place, one in enumerate(indicators)]
    lengths = [
        f"extract(epoch FROM {_LENGTH[one.key]}) AS s{place}"
        for place, one in enumerate(indicators)
        if one.kind == Kind.MEDIAN
    ]
    inner = f"SELECT {dimension} AS row, {', '.join([*classes, *lengths])} {source} WHERE {condition}"
    outer = ", ".join(_sums(one, place) for place, one in enumerate(indicators))
    # Without rows only the whole is asked for; with them, it comes from the same look at the tables.
    rollup = "GROUP BY ROLLUP (row)" if by else "GROUP BY ()"
    label = "CASE WHEN GROUPING(row) = 1 THEN '' ELSE row END" if by else "''"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {label}, {outer} FROM ({inner}) AS looked {rollup}",  # noqa: S608 - our own words only
            told | {"now": at, "found": list(FOUND_BY), "zone": _ZONE},
        )
        for values in cursor.fetchall():
            place = 1
            for one in indicators:
                wide = _wide(one)
                yield str(values[0]), one.key, _as_counted(one, values[place : place + wide])
                place += wide


def _dimension(by: By | None, scope: Scope) -> str:
    if by == By.UNIT:
        return "coalesce(c.unit_id::text, '-')"
    if by == By.AREA:
        depth = scope.area.count("/") + 2 if scope.area else _TOP_DEPTH
        return (
            f"coalesce(nullif(array_to_string((string_to_array(c.area_path, '/'))[1:{depth}], '/'), ''), '-')"
        )
    if by == By.ITEM:
        return f"coalesce(nullif(left(c.item_code, {len(scope.items) + 2}), ''), '-')"
    return "to_char(c.opened_at AT TIME ZONE %(zone)s, 'YYYY-MM')" if by == By.MONTH else "''"


# Without an area the table is of communities: district, street, community.
_TOP_DEPTH = 3


def _whens(one: Indicator) -> str:
    """Return the classes of an indicator as branches: each reason for leaving out, then the hit."""
    own = _ANSWERS if one.of == Of.ANSWERS else {**_USUAL, **_LEFT.get(one.key, {})}
    branches = [f"WHEN {own[left.key]} THEN '{left.key}'" for left in one.left]
    # A length of time has no hits: whatever is not left out counts.
    hit = "TRUE" if one.kind == Kind.MEDIAN else _HIT[one.key]
    return " ".join([*branches, f"WHEN {hit} THEN 'hit'"])


def _sums(one: Indicator, place: int) -> str:
    kept = [f"count(*) FILTER (WHERE k{place} = '{name}')" for name in _names(one)]
    if one.kind == Kind.MEDIAN:
        kept.append(f"percentile_cont(0.5) WITHIN GROUP (ORDER BY s{place}) FILTER (WHERE k{place} = 'hit')")
    return ", ".join(kept)


def _names(one: Indicator) -> list[str]:
    return ["hit", "miss", *(left.key for left in one.left)]


def _wide(one: Indicator) -> int:
    return len(_names(one)) + (one.kind == Kind.MEDIAN)


def _as_counted(one: Indicator, values: tuple[Any, ...]) -> Counted:
    hits, misses, *left = values[: len(_names(one))]
    seconds = values[-1] if one.kind == Kind.MEDIAN else None
    return Counted(
        hits=hits,
        whole=hits + misses,
        left={reason.key: number for reason, number in zip(one.left, left, strict=True)},
        seconds=float(seconds) if seconds is not None else None,
    )


def _from_cases() -> str:
    """Return where cases are read from: with the last clock of each kind, who found it, and levels."""
    kept = "(d.met_at IS NOT NULL OR d.ended_at IS NULL)"
    clocks = ", ".join(
        f"max(d.due_at) FILTER (WHERE d.clock = '{clock}' AND {kept}) AS {clock}_due, "
        f"max(d.met_at) FILTER (WHERE d.clock = '{clock}') AS {clock}_met, "
        f"coalesce(bool_or(d.met_at IS NULL AND d.ended_at IS NULL) "
        f"FILTER (WHERE d.clock = '{clock}'), FALSE) AS {clock}_runs, "
        f"coalesce(bool_or(d.paused_at IS NOT NULL AND d.met_at IS NULL AND d.ended_at IS NULL) "
        f"FILTER (WHERE d.clock = '{clock}'), FALSE) AS {clock}_paused"
        for clock in _CLOCKS
    )
    return (
        f"FROM cases_case c CROSS JOIN LATERAL (SELECT {clocks} "  # noqa: S608 - our own words only
        "FROM cases_deadline d WHERE d.case_id = c.id) t "
        "CROSS JOIN LATERAL (SELECT coalesce(bool_or(a.channel_id = ANY(%(found)s)), FALSE) AS found "
        "FROM cases_membership m JOIN intake_appeal a ON a.id = m.appeal_id "
        "WHERE m.case_id = c.id AND m.how = 'opened') o "
        "LEFT JOIN places_arealevel lo ON lo.key = c.opened_level "
        "LEFT JOIN places_arealevel lc ON lc.key = c.closed_level"
    )


_FROM_ANSWERS = (
    "FROM cases_case c CROSS JOIN LATERAL (SELECT DISTINCT ON (f.appeal_id) f.id, f.outcome "
    "FROM feedback_ratingrequest f WHERE f.case_id = c.id ORDER BY f.appeal_id, f.round DESC) q "
    "LEFT JOIN feedback_rating r ON r.request_id = q.id"
)
_FROM_VOICES = "FROM cases_case c JOIN cases_membership m ON m.case_id = c.id AND m.until_at IS NULL"
