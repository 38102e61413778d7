"""Bring the database to the state this version of the program needs, one program at a time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from huying.site.ground.errors import GroundError

if TYPE_CHECKING:
    from huying.site.ground.postmaster import Say

# Any fixed number that nobody else uses: whoever migrates this database holds it.
ADVISORY_LOCK = 7_241_630_501
LOCK_TIMEOUT = "5s"
TRIES = 12
PAUSE_SECONDS = 2.0
LOCK_NOT_AVAILABLE = "55P03"


class NotMigratedError(GroundError):
    """The database does not have the tables this version of the program needs."""


class DatabaseBusyError(GroundError):
    """A migration waited for other programs' work on its tables and gave way."""

    retry = True


def pending() -> list[str]:
    """Return the migrations that are not applied yet, as `app.name`, in their order."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def require_applied() -> None:
    """Raise `NotMigratedError` when a migration is missing, naming how many."""
    missing = pending()
    if missing:
        raise NotMigratedError(
            f"The database lacks {len(missing)} migrations (first: {missing[0]}).",
            cure="Run `huying migrate` (or `huying run`, which does it).",
        )


def apply(*, say: Say) -> int:
    """Apply what is missing and return how many migrations that was.

    A change that cannot get its table within five seconds gives way, so that a town at work is not held up,
    and is tried again. Raises `DatabaseBusyError` when it never gets through.
    """
    with connection.cursor() as cursor:
        # A second program waits here, then finds nothing left to do.
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
        try:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_TIMEOUT])
            missing = pending()
            if missing:
                say(f"Applying {len(missing)} migrations.")
                _apply_patiently(say)
            return len(missing)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])
            cursor.execute("RESET lock_timeout")
            cursor.execute("RESET statement_timeout")


def _apply_patiently(say: Say) -> None:
    for attempt in range(1, TRIES + 1):
        try:
            call_command("migrate", verbosity=0, interactive=False)
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) != LOCK_NOT_AVAILABLE:
                raise
            if attempt == TRIES:
                raise DatabaseBusyError(
                    "Another program works on a table that a migration must change.",
                    cure="Try again when it is quieter, or stop the town first (huying stop).",
                ) from error
            say("A table is in use; trying again.")
            time.sleep(PAUSE_SECONDS)
        else:
            return
