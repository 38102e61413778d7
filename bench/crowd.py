"""Fills a town with cases by the hundred thousand: copies of real ones, spread over three years."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLES = ("intake_inbound", "intake_appeal", "cases_case", "cases_membership", "cases_task")
# A word a handful of cases have, however large the town is.
RARE_WORD = "饕餮"
RARE_CASES = 5

# What each copy is: which case of the pipe it looks like, when it was opened, and how far it has come. One in
# twenty is open, as in a town that keeps up; those were opened lately and are due soon before or after now.
# What was closed long ago is archived: else the worker would be busy with nothing else.
MADE = """
CREATE TEMPORARY TABLE made AS
SELECT t.id AS like_id, t.unit_id, g.n, dice.open AND t.unit_id IS NOT NULL AS under_way,
       CASE WHEN NOT dice.open THEN CASE WHEN dice.a >= 0.97 THEN 'withdrawn'
                                         WHEN at.opened_at < now() - interval '30 days' THEN 'archived'
                                         ELSE 'closed' END
            WHEN t.unit_id IS NULL THEN 'submitted'
            WHEN dice.a < 0.15 THEN 'dispatched'
            WHEN dice.a < 0.60 THEN 'in_progress'
            WHEN dice.a < 0.62 THEN 'return_review'
            WHEN dice.a < 0.75 THEN 'replied'
            ELSE 'follow_up' END AS status,
       dice.open AND (t.unit_id IS NULL OR dice.a < 0.75) AS runs,
       at.opened_at, at.opened_at + make_interval(mins => 60 + (dice.c * 14000)::int) AS due_at,
       uuidv7(at.opened_at - now()) AS case_id, uuidv7(at.opened_at - now()) AS appeal_id,
       uuidv7(at.opened_at - now()) AS inbound_id,
       format('%%s%%s', to_char(at.opened_at, 'YYMMDD'), lpad(g.n::text, 8, '0')) AS digits
FROM generate_series(%(first)s::int, %(last)s::int) AS g(n)
CROSS JOIN LATERAL (
    SELECT random() < 0.05 AS open, random() AS a, random() AS b, random() AS c,
           1 + g.n %% %(likes)s AS number
) AS dice
CROSS JOIN LATERAL (
    SELECT now() - CASE WHEN dice.open THEN dice.b * interval '10 days'
                        ELSE interval '10 days' + dice.b * interval '1085 days' END AS opened_at
) AS at
JOIN likeness AS t ON t.number = dice.number
"""
LIKENESS = """
CREATE TEMPORARY TABLE likeness AS
SELECT row_number() OVER (ORDER BY c.id) AS number, c.id, c.unit_id, m.appeal_id,
       ARRAY(SELECT piece FROM unnest(c.search) AS piece WHERE piece !~ '^[0-9a-z]') AS words
FROM cases_case AS c JOIN cases_membership AS m ON m.case_id = c.id WHERE length(c.number) < 16
ORDER BY c.id LIMIT %s
"""
# Rows that are copies of the likeness's own but for some columns: table, where from, columns and what is new.
COPIED = (
    (
        "intake_appeal",
        "made JOIN likeness AS l ON l.id = made.like_id JOIN intake_appeal AS old ON old.id = l.appeal_id",
        {
            "id": "made.appeal_id",
            "number": "'SQ' || made.digits",
            "inbound_id": "made.inbound_id",
            "received_at": "made.opened_at",
        },
    ),
    (
        "cases_case",
        (
            "made JOIN likeness AS l ON l.id = made.like_id JOIN cases_case AS old ON old.id = made.like_id "
            "CROSS JOIN LATERAL (SELECT array_agg(DISTINCT substr('gd' || made.digits, at, 2)) AS pieces "
            "FROM generate_series(1, length(made.digits) + 1) AS at) AS told"
        ),
        {
            "id": "made.case_id",
            "number": "'GD' || made.digits",
            "status": "made.status",
            "opened_at": "made.opened_at",
            "due_at": "made.due_at",
            "next_due_at": "CASE WHEN made.runs THEN made.due_at END",
            "warn_at": "CASE WHEN made.runs THEN made.opened_at + (made.due_at - made.opened_at) * 0.8 END",
            "closed_at": "CASE WHEN made.status IN ('closed', 'archived') THEN made.due_at END",
            "archived_at": "CASE WHEN made.status = 'archived' THEN made.due_at + interval '30 days' END",
            "closure": "CASE WHEN made.status NOT IN ('closed', 'archived') THEN '' "
            "WHEN made.n %% 3 = 0 THEN 'unconfirmed' ELSE 'confirmed' END",
            "resolution": "CASE WHEN made.status IN ('closed', 'archived') AND made.n %% 3 <> 0 THEN 'yes' "
            "ELSE old.resolution END",
            "supervised": "made.n %% 200 = 0",
            "assignment_id": "NULL",
            "search": "l.words || told.pieces || CASE WHEN made.n %% %(every)s = 7 THEN ARRAY[%(rare)s] END",
        },
    ),
)
WRITTEN = (
    """
INSERT INTO intake_inbound (id, channel_id, key, content_type, body, received_at, appeal_id)
SELECT inbound_id, 'import', 'crowd-' || n, 'text/csv', '', opened_at, appeal_id FROM made
""",
    """
INSERT INTO cases_membership (id, case_id, appeal_id, how, from_at)
SELECT gen_random_uuid(), case_id, appeal_id, 'opened', opened_at FROM made
""",
    """
INSERT INTO cases_task (id, case_id, unit_id, kind, state, opened_at)
SELECT gen_random_uuid(), case_id, unit_id, 'lead', CASE WHEN under_way THEN 'open' ELSE 'done' END, opened_at
FROM made WHERE unit_id IS NOT NULL
""",
)


def _copying(connection: psycopg.Connection, table: str, source: str, changed: dict[str, str]) -> str:
    """Return the statement that writes rows of `table` like old ones, but for the changed columns."""
    found = connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
        [table],
    ).fetchall()
    columns = [str(row[0]) for row in found]
    picked = ", ".join(changed.get(column, f'old."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    return f"INSERT INTO {table} ({names}) SELECT {picked} FROM {source}"  # noqa: S608 - names from the catalogue


def grow(admin_url: str, *, first: int, last: int, likes: int) -> None:
    """Add the cases numbered `first` to `last`, each like one of the first `likes` cases the pipe opened.

    Foreign keys are not checked on the way (every row is a copy of one that was), and indexes are built
    afterwards, as a restored backup would have it.
    """
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET maintenance_work_mem = '512MB'")
        connection.execute("SET work_mem = '64MB'")
        connection.execute(LIKENESS, [likes])
        statements = [*WRITTEN, *(_copying(connection, *copied) for copied in COPIED)]
        with _without_indexes(connection, worth_it=last - first > 20_000):
            # In steps, so that no statement needs the memory of all.
            for start in range(first, last + 1, 100_000):
                upto = min(last, start + 99_999)
                connection.execute(MADE, {"first": start, "last": upto, "likes": likes})
                for statement in statements:
                    connection.execute(
                        statement, {"every": max(8, (last - first) // RARE_CASES), "rare": RARE_WORD}
                    )
                connection.execute("DROP TABLE made")
        for table in TABLES:
            connection.execute(f"VACUUM (ANALYZE) {table}")
        connection.execute("CHECKPOINT")


@contextmanager
def _without_indexes(connection: psycopg.Connection, *, worth_it: bool) -> Iterator[None]:
    """Take away the indexes no constraint stands on while the block writes."""
    found = connection.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index AS i "
        "LEFT JOIN pg_constraint AS c ON c.conindid = i.indexrelid "
        "WHERE i.indrelid = ANY(%s::regclass[]) AND c.oid IS NULL AND NOT i.indisunique",
        [list(TABLES)],
    ).fetchall()
    chosen = found if worth_it else []
    for name, _ in chosen:
        connection.execute(f"DROP INDEX {name}")
    yield
    for _, definition in chosen:
        connection.execute(definition)
