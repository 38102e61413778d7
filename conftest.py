"""Every test run: no connection leaves this machine, and what is append-only is emptied between tests."""

from __future__ import annotations

import gc

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations

pytest_plugins = ["huying.testing.plugin"]
LOOPBACK = "127.0.0.0/8,::1,localhost"


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Close the network but for this machine (pytest-socket reads these options right after us)."""
    if not config.option.allow_hosts:
        config.option.allow_hosts = LOOPBACK
    config.option.allow_unix_socket = True
    patch = pytest.MonkeyPatch()
    patch.setattr(DatabaseOperations, "execute_sql_flush", flush_guarded_tables_too)
    config.add_cleanup(patch.undo)


# Objects made before Python looks for unreachable ones: pages and rows come and go by the thousand.
YOUNG_OBJECTS = 50_000


def pytest_collection_finish() -> None:
    """Keep what was imported and collected out of every later search for unreachable objects."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, *gc.get_threshold()[1:])


NEEDS_DATABASE = {"db", "transactional_db", "django_db_setup", "empty_tables", "town"}


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what needs a database, so that the first loop (make check) can leave it out."""
    if item.get_closest_marker("django_db") or NEEDS_DATABASE & set(getattr(item, "fixturenames", ())):
        item.add_marker("database")


LONG_ONES_FIRST = ("journey", "fault", "slow")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the stories that take long: of two processes none is left alone with one at the end."""

    def rank(item: pytest.Item) -> int:
        marks = {mark.name for mark in item.iter_markers()}
        ranks = (number for number, name in enumerate(LONG_ONES_FIRST) if name in marks)
        return next(ranks, len(LONG_ONES_FIRST))

    first: dict[str, int] = {}
    for item in items:
        file = item.nodeid.partition("::")[0]
        first[file] = min(rank(item), first.get(file, len(LONG_ONES_FIRST)))
    items.sort(key=lambda item: first[item.nodeid.partition("::")[0]])


flush = DatabaseOperations.execute_sql_flush


def flush_guarded_tables_too(self: DatabaseOperations, sql_list: list[str]) -> None:
    """Lift the triggers that refuse TRUNCATE, empty the tables, and put them back, in one transaction.

    After a test with real commits Django empties all tables; the ledger refuses that, as it must.
    """
    with self.connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, quote_ident(tgname) FROM pg_trigger "
            "WHERE NOT tgisinternal AND tgtype & 32 <> 0"
        )
        guards = cursor.fetchall()
    lift = [f"ALTER TABLE {table} DISABLE TRIGGER {name}" for table, name in guards]
    restore = [f"ALTER TABLE {table} ENABLE TRIGGER {name}" for table, name in guards]
    flush(self, [*lift, *sql_list, *restore])
