"""Many rows of many tables in one SQL statement, all of them or none, each input once."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import psycopg
from django.db import connection
from pydantic_core import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

GATE, ALSO = "gate", "also"
PAIRED = f" WHERE e->>'{ALSO}' IS NULL OR (e->>'{ALSO}')::uuid IN (SELECT id FROM gate)"  # noqa: S608 - a constant


@dataclass
class Batch:
    """Rows waiting to be written together.

    `gate_table` receives the rows whose uniqueness decides: only where such a row was really inserted do the
    other rows of the same gate (its id) follow. So the same input twice leaves one set of rows.
    """

    gate_table: str
    gate_conflict: tuple[str, ...]
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    free: set[str] = field(default_factory=set)

    def add(self, table: str, gate: UUID, row: Mapping[str, Any], *, also: UUID | None = None) -> None:
        """Add one row of `table`, to be written only when `gate` was new (and the gate `also`, if given)."""
        gates = {GATE: gate} if also is None else {GATE: gate, ALSO: also}
        self.rows.setdefault(table, []).append({**gates, **row})

    def add_free(self, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add rows that hang on no single gate: they are written when any gate was new."""
        self.free.add(table)
        self.rows.setdefault(table, []).extend(dict(row) for row in rows)

    def add_all(self, table: str, gate: UUID, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add several rows of `table` that hang on the same gate."""
        for row in rows:
            self.add(table, gate, row)


def _document(batch: Batch) -> str:
    """Return the rows as the JSON that PostgreSQL reads back into rows of their tables.

    Written in Rust: the standard library's encoder would call back into Python for every key and moment.
    Raises ValueError for a value that has no place in a table.
    """
    told = {table: [_told(row) for row in rows] for table, rows in batch.rows.items()}
    # NaN and infinity are written as such: no JSON, so PostgreSQL refuses the batch.
    return to_json(told, inf_nan_mode="constants").decode()


def _told(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with its bytes written the way PostgreSQL reads them."""
    return {column: f"\\x{value.hex()}" if type(value) is bytes else value for column, value in row.items()}


@lru_cache(maxsize=64)
def _statement(
    gate_table: str,
    conflict: tuple[str, ...],
    shape: tuple[tuple[str, tuple[str, ...]], ...],
    free: frozenset[str],
    paired: frozenset[str],
) -> str:
    """Return the SQL for a batch of this shape; the number of rows does not change it."""
    parts = ["WITH input AS MATERIALIZED (SELECT %s::jsonb AS doc)"]
    for number, (table, columns) in enumerate(shape):
        names = ", ".join(f'"{column}"' for column in columns)
        picked = ", ".join(f'r."{column}"' for column in columns)
        source = (
            f"FROM input CROSS JOIN LATERAL jsonb_array_elements(doc->'{table}') AS e "
            f"CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, e) AS r"
        )
        # Names of tables and columns come from our code, never from input.
        insert = f"INSERT INTO {table} ({names}) SELECT {picked} {source}"
        if table == gate_table:
            keys = ", ".join(f'"{column}"' for column in conflict)
            # In one order, so that two who write the same rows do not wait for each other in a circle.
            parts.append(f"gate AS ({insert} ORDER BY {keys} ON CONFLICT ({keys}) DO NOTHING RETURNING id)")
        elif table in free:
            parts.append(f"t{number} AS ({insert} WHERE EXISTS (SELECT FROM gate))")
        else:
            join = f"JOIN gate ON gate.id = (e->>'{GATE}')::uuid"
            parts.append(f"t{number} AS ({insert} {join}{PAIRED if table in paired else ''})")
    return ",\n".join(parts) + "\nSELECT id FROM gate"


def statement_of(batch: Batch) -> tuple[str, str]:
    """Return the SQL text of a batch and its one JSON parameter."""
    tables = [
        batch.gate_table,
        *(table for table, rows in batch.rows.items() if table != batch.gate_table and rows),
    ]
    shape = tuple(
        (table, tuple(column for column in batch.rows[table][0] if column not in {GATE, ALSO}))
        for table in tables
    )
    paired = frozenset(table for table, rows in batch.rows.items() if any(ALSO in row for row in rows))
    sql = _statement(batch.gate_table, batch.gate_conflict, shape, frozenset(batch.free), paired)
    return sql, _document(batch)


def write(batch: Batch) -> set[UUID]:
    """Write the batch in one statement; return the gates that were new (the rest were known before)."""
    if not batch.rows.get(batch.gate_table):
        return set()
    sql, document = statement_of(batch)
    return {row[0] for row in prepared(sql, (document,))}


def prepared(sql: str, parameters: Sequence[object], *, binary: bool = False) -> list[tuple[Any, ...]]:
    """Run a hot statement through the server's prepared statements and return its rows.

    Django's own cursor interpolates on the client and is planned anew every time; for the one statement that
    every appeal runs, planning would cost more than the work. `binary` spares rows with bytes the way through
    hexadecimal digits.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(sql.encode(), parameters, binary=binary)
        return cursor.fetchall() if cursor.description else []
