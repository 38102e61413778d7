"""Takes the demo town away again: an empty database where the demo was, and nothing else is ever touched."""

from __future__ import annotations

from django.db import connection, transaction

from huying.demo import reasons
from huying.demo.play import Ground, ground
from huying.kit.errors import Refusal


def clear_demo() -> None:
    """Drop every table of a demo's database. The ledger refuses to forget, so the schema goes as a whole.

    Refusal `demo_not_here` where there is no demo, `demo_in_use` while another program uses the database.
    """
    if ground() != Ground.DEMO:
        raise Refusal(reasons.NOT_HERE)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        if cursor.fetchone()[0]:
            raise Refusal(reasons.IN_USE)
        cursor.execute("SELECT current_schema()")
        schema = connection.ops.quote_name(cursor.fetchone()[0])
        cursor.execute(f"DROP SCHEMA {schema} CASCADE")
        cursor.execute(f"CREATE SCHEMA {schema}")
