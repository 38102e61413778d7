"""What is looked for after a kill: each sentence about the town with the query that contradicts it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import psycopg

from huying.ledger.handlers import handlers_of
from huying.site.wiring import HANDLERS
from tests.town import until

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.faults.clients import Answered
    from tests.town import Town

# Each query returns what contradicts its sentence; nothing is the right answer.
CONTRADICTIONS = {
    "every payload is one appeal, and every appeal came as one payload": """
        SELECT coalesce(i.key, a.number) FROM intake_inbound i FULL JOIN intake_appeal a
        ON a.id = i.appeal_id AND a.inbound_id = i.id WHERE i.id IS NULL OR a.id IS NULL""",
    "every appeal has its party": """
        SELECT a.number FROM intake_appeal a LEFT JOIN intake_party p ON p.appeal_id = a.id
        WHERE p.appeal_id IS NULL""",
    "every appeal has exactly one verdict": """
        SELECT a.number FROM intake_appeal a LEFT JOIN triage_verdict v ON v.appeal_id = a.id
        GROUP BY a.id HAVING count(v.id) <> 1""",
    "every appeal is in exactly one case": """
        SELECT a.number FROM intake_appeal a
        LEFT JOIN cases_membership m ON m.appeal_id = a.id AND m.until_at IS NULL
        GROUP BY a.id HAVING count(m.id) <> 1""",
    "no case is without a voice, and it counts them right": """
        SELECT c.number FROM cases_case c
        LEFT JOIN cases_membership m ON m.case_id = c.id AND m.until_at IS NULL
        GROUP BY c.id HAVING count(m.id) <> c.appeal_count""",
    "a dispatched case has its assignment, its one lead and its clocks": """
        SELECT c.number FROM cases_case c WHERE c.status = 'dispatched' AND NOT (
            c.unit_id IS NOT NULL AND c.due_at IS NOT NULL
            AND EXISTS (SELECT FROM dispatch_assignment d WHERE d.id = c.assignment_id)
            AND (SELECT count(*) FROM cases_task t WHERE t.case_id = c.id AND t.kind = 'lead') = 1
            AND EXISTS (SELECT FROM cases_deadline l WHERE l.case_id = c.id AND l.clock = 'handle'))""",
    "a waiting case says why and has its clock": """
        SELECT c.number FROM cases_case c WHERE c.status = 'submitted' AND NOT (
            c.held_for <> '' AND EXISTS (SELECT FROM cases_deadline l WHERE l.case_id = c.id))""",
    "an assignment belongs to a case": """
        SELECT d.id FROM dispatch_assignment d
        WHERE NOT EXISTS (SELECT FROM cases_case c WHERE c.assignment_id = d.id)""",
    "every appeal and every case has its facts from the first": """
        SELECT s.stream FROM (
            SELECT 'appeal:' || id AS stream, fact_seq FROM intake_appeal
            UNION ALL SELECT 'case:' || id, fact_seq FROM cases_case) s
        LEFT JOIN ledger_fact f ON f.stream = s.stream
        GROUP BY s.stream, s.fact_seq HAVING count(f.id) <> s.fact_seq OR s.fact_seq < 2""",
    "no fact tells of something that is not there": """
        SELECT f.stream FROM ledger_fact f
        WHERE (f.stream LIKE 'appeal:%%' AND NOT EXISTS
               (SELECT FROM intake_appeal a WHERE f.stream = 'appeal:' || a.id))
           OR (f.stream LIKE 'case:%%' AND NOT EXISTS
               (SELECT FROM cases_case c WHERE f.stream = 'case:' || c.id))""",
    "the resident of a dispatched case is told once": """
        SELECT f.stream FROM ledger_fact f
        JOIN cases_membership m ON f.stream = 'case:' || m.case_id
        LEFT JOIN notify_notice n ON n.to_appeal_id = m.appeal_id AND n.kind = 'dispatched'
        WHERE f.kind = 'CaseDispatched' GROUP BY f.id, f.stream HAVING count(n.id) <> 1""",
    "the resident of a waiting case is told once": """
        SELECT f.stream FROM ledger_fact f
        JOIN cases_membership m ON f.stream = 'case:' || m.case_id
        LEFT JOIN notify_notice n ON n.to_appeal_id = m.appeal_id AND n.kind = 'waiting_for_person'
        WHERE f.kind = 'CaseWaits' GROUP BY f.id, f.stream HAVING count(n.id) <> 1""",
    "the unit of a dispatched case is told once": """
        SELECT c.number FROM cases_case c JOIN ledger_fact f ON f.stream = 'case:' || c.id
        LEFT JOIN notify_notice n ON n.kind = 'unit_dispatched' AND n.data->>'number' = c.number
        WHERE f.kind = 'CaseDispatched' GROUP BY c.id HAVING count(DISTINCT n.id) <> 1""",
    "no notice tells of nothing": """
        SELECT n.id FROM notify_notice n
        WHERE NOT EXISTS (SELECT FROM intake_appeal a WHERE a.id = n.to_appeal_id)
          AND NOT EXISTS (SELECT FROM cases_case c WHERE c.number = n.data->>'number')
          AND NOT EXISTS (SELECT FROM insight_hotspot h WHERE h.id::text = n.data->>'hot')""",
}
# How many reactions the facts ask for, how many of them are missing, and how many nothing asked for.
REACTIONS = """
    WITH table_of_handlers AS (SELECT * FROM unnest(%s::text[], %s::text[]) AS t (kind, handler)),
    owed AS (SELECT f.id, t.handler FROM ledger_fact f JOIN table_of_handlers t USING (kind)),
    done AS (SELECT fact_id AS id, handler FROM ledger_reaction)
    SELECT (SELECT count(*) FROM owed), (SELECT count(*) FROM (TABLE owed EXCEPT TABLE done) missing),
           (SELECT count(*) FROM (TABLE done EXCEPT TABLE owed) uncalled_for)"""
WORK_LEFT = """
    SELECT status, count(*) FROM procrastinate_jobs WHERE status NOT IN ('succeeded', 'cancelled')
    AND queue_name = 'facts' GROUP BY 1"""


def rows_of(town: Town, sql: str, parameters: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
    """Return what the town's database answers, asked past the program."""
    with psycopg.connect(town.database_url(), connect_timeout=20) as connection:
        return connection.execute(sql.encode(), parameters).fetchall()


def look_for_losses(town: Town, channel: str, wanted: Mapping[str, Answered], *, prefix: str) -> None:
    """Fail unless each acknowledged appeal of a prefix, and no other, is there once, whole, as it came."""
    found = rows_of(
        town,
        "SELECT i.key, i.body, a.number FROM intake_inbound i JOIN intake_appeal a ON a.id = i.appeal_id "
        "WHERE i.channel_id = %s AND starts_with(i.key, %s)",
        (channel, prefix),
    )
    assert sorted(key for key, _, _ in found) == sorted(wanted)
    by_key = {key: (_sha256(bytes(body)), number) for key, body, number in found}
    assert by_key == {key: (_sha256(answer.body), answer.number) for key, answer in wanted.items()}
    look_for_contradictions(town)


def look_for_contradictions(town: Town) -> None:
    """Fail with the first sentence about the whole town that does not hold, once all its jobs have run."""
    await_the_jobs(town)
    for sentence, sql in CONTRADICTIONS.items():
        assert rows_of(town, sql) == [], sentence
    table = [(kind.__name__, handler) for kind in HANDLERS for handler in handlers_of(kind.__name__)]
    kinds, handlers = zip(*table, strict=True)
    ((owed, missing, uncalled_for),) = rows_of(town, REACTIONS, (list(kinds), list(handlers)))
    assert owed > 0
    assert (missing, uncalled_for) == (0, 0)
    proof = town.say("ledger", "verify")
    assert proof.returncode == 0, proof.stdout + proof.stderr


def await_the_jobs(town: Town) -> None:
    """Wait until every job has run: a dead worker's are taken up by another within half a minute."""
    left: dict[str, int] = {}

    def nothing_left() -> bool:
        left.clear()
        left.update(rows_of(town, WORK_LEFT))
        return not left or "failed" in left

    until(nothing_left, f"jobs were still left: {left}")
    assert not left, f"jobs failed: {left}; {town.said()}"


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
