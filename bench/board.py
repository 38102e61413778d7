"""What the duty board costs at 1,000,000 cases: its numbers, its page, a month, a year, a recount.

Cases are copies of ones the pipe opened (`crowd.py`), with the facts a case leaves on its way written beside
them in bulk; the rolling counts are then made by the same code that counts a living town.
"""

from __future__ import annotations

import itertools
import time
from typing import TYPE_CHECKING

import crowd
import psycopg
from lists import LIKENESSES, take_in
from load import drive
from report import Report, arguments
from town import town_of_its_own

if TYPE_CHECKING:
    from town import Town

GOAL_MS = 300
LEADER = "demo-leader"
# Opened and given out at once, signed within the hour; closed when it is closed.
FACTS = """
INSERT INTO ledger_fact (id, district, stream, seq, kind, at, actor_kind, actor_name, data, prev, hash)
SELECT gen_random_uuid(), c.district, 'case:' || c.id, f.seq, f.kind, f.at, 'system', 'bench', f.data,
       '\\x00'::bytea, '\\x00'::bytea
FROM cases_case c JOIN cases_membership m ON m.case_id = c.id
CROSS JOIN LATERAL (VALUES
    (1, 'CaseOpened', c.opened_at, jsonb_build_object('appeal', m.appeal_id)),
    (2, 'CaseDispatched', c.opened_at, jsonb_build_object('unit', c.unit_id, 'automatic', true)),
    (3, 'CaseSigned', c.opened_at + interval '40 minutes', '{}'::jsonb),
    (4, 'CaseClosed', c.closed_at, jsonb_build_object('closure', nullif(c.closure, '')))
) AS f (seq, kind, at, data)
WHERE length(c.number) >= 16 AND c.id >= %(first)s AND c.id < %(last)s
  AND (f.seq = 1 OR (c.unit_id IS NOT NULL AND f.seq < 4) OR (f.seq = 4 AND c.closed_at IS NOT NULL))
"""
CLOCKS = """
INSERT INTO cases_deadline (id, case_id, clock, round, amount, amount_unit, started_at, due_at, warn_at,
                            met_at, calendar_edition, provisional)
SELECT gen_random_uuid(), c.id, 'handle', 0, 7, 'natural_days', c.opened_at, c.due_at, c.due_at,
       CASE WHEN c.status IN ('closed', 'archived') THEN c.due_at - interval '1 hour' END, 1, FALSE
FROM cases_case c
WHERE length(c.number) >= 16 AND c.due_at >= c.opened_at AND c.id >= %(first)s AND c.id < %(last)s
"""


def main() -> None:
    """Measure, print, and end well whatever came out: a benchmark is no test."""
    parser = arguments(__doc__, seconds=5)
    parser.add_argument("--cases", type=int, default=1_000_000)
    chosen = parser.parse_args()
    report = Report(f"The duty board at {chosen.cases:,} cases", chosen.json)
    with town_of_its_own(HUYING_LOG_LEVEL="WARNING") as town:
        town.inside("found")
        take_in(town, town.inside("bodies"), LIKENESSES)
        crowd.grow(town.admin_url, first=1, last=chosen.cases, likes=LIKENESSES)
        started = time.perf_counter()
        _write_facts(town)
        report.say(f"facts and clocks written in {time.perf_counter() - started:.0f} s")
        told = town.inside("tally")
        report.keep("tally", told)
        report.say(
            f"first count of {told['cases']:,} cases {told['first_seconds']:.0f} s "
            f"({told['cases'] / told['first_seconds']:.0f}/s); {told['sums']:,} sums; "
            f"a recount that found {told['differed']} differences {told['recount_seconds']:.0f} s"
        )
        for name, milliseconds in told["reads"].items():
            report.goal(f"{name}, p95", milliseconds, GOAL_MS, most=True, unit=" ms")
        with town.running():
            _pages(report, town, chosen.seconds)
    report.end()


def _write_facts(town: Town) -> None:
    with psycopg.connect(town.admin_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        found = connection.execute("SELECT id FROM cases_case ORDER BY id").fetchall()
        keys = [row[0] for row in found]
        ends = [*keys[::100_000], None]
        last = connection.execute("SELECT 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid").fetchone()
        assert last is not None
        for first, end in itertools.pairwise(ends):
            span = {"first": first, "last": end or last[0]}
            connection.execute(FACTS, span)
            connection.execute(CLOCKS, span)
        connection.execute("DELETE FROM insight_touched")
        connection.execute("UPDATE insight_rollingstate SET rolled_at = NULL")
        for table in ("ledger_fact", "cases_deadline"):
            connection.execute(f"VACUUM (ANALYZE) {table}")


def _pages(report: Report, town: Town, seconds: float) -> None:
    cookie = town.inside("session", LEADER)["sessionid"]
    for name, path in (("board, whole page", "/desk/board/"), ("board, live part", "/desk/board/live/")):
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sessionid={cookie}\r\n\r\n".encode()
        drive(town.port, itertools.repeat(request), clients=1, seconds=2, good=lambda status: status == 200)
        figures = drive(
            town.port,
            itertools.repeat(request),
            clients=1,
            seconds=seconds,
            good=lambda status: status == 200,
        )
        report.say(f"  {name:42} {figures.line()}")
        report.goal(f"{name}, p95", figures.percentile(95), GOAL_MS, most=True, unit=" ms")


if __name__ == "__main__":
    main()
