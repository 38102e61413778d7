"""What a migration may not do to the large tables of a living town: hold them up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db.migrations.loader import MigrationLoader

if TYPE_CHECKING:
    from django.db.migrations import Migration
    from django.db.migrations.operations.base import Operation

# Tables with as many rows as there are appeals, or more: nothing may hold them up while a town works.
LARGE = {
    "intake": {"appeal", "inbound", "party", "photo"}, "triage": {"verdict", "twinmark", "twinsuspect"},
    "dispatch": {"assignment"}, "cases": {"case", "membership", "task", "deadline", "reply", "evidence"},
    "feedback": {"rating", "ratingrequest"}, "notify": {"notice"}, "ledger": {"fact", "reaction"},
    "insight": {"hotmark", "casetally", "touched"},
}  # fmt: skip


def why_it_locks(migration: Migration, step: Operation) -> str:
    """Return what is wrong with a step on a large table, "" when nothing is.

    An index is made CONCURRENTLY, a new column is nullable or has a default in the database, a constraint
    comes NOT VALID first, a trigger is put on under a lock_timeout.
    """
    large = LARGE.get(migration.app_label, set())
    name, table = type(step).__name__, str(getattr(step, "model_name", "")).lower()
    if name == "RunSQL":
        sql = str(getattr(step, "sql", "")).lower()
        touched = [f"{app}_{model}" for app, models in LARGE.items() for model in models]
        held = [one for one in touched if re.search(rf"\b{one}\b", sql)]
        patient = "not valid" in sql or "concurrently" in sql or _only_a_trigger(sql)
        return f"SQL on {held}" if held and not patient else ""
    if table not in large:
        return ""
    if name == "AddField":
        field = step.field  # type: ignore[attr-defined]
        return "" if field.null or field.has_db_default() else f"{table} gets a column that must be filled"
    if name == "AlterField" and _only_words(migration, step):
        return ""
    locking = ("AddIndex", "AddConstraint", "AlterField", "AlterUniqueTogether")
    return f"{name} on {table}" if name in locking else ""


def _only_a_trigger(sql: str) -> bool:
    """Return whether SQL does no more than put a trigger on, and gives up soon where it must wait."""
    done = re.findall(r"\b(?:alter|drop|truncate|update|delete|vacuum|reindex|cluster)\s+\w+", sql)
    return "set local lock_timeout" in sql and "create trigger" in sql and not done


def _only_words(migration: Migration, step: Operation) -> bool:
    """Return whether a changed field is the same to the database: choices, help and labels live in Python."""
    before = MigrationLoader(None).project_state((migration.app_label, _earlier(migration)))
    old = before.apps.get_model(migration.app_label, step.model_name)._meta.get_field(step.name)  # type: ignore[attr-defined]
    new = step.field  # type: ignore[attr-defined]
    words = ("choices", "help_text", "verbose_name")
    kept = [
        {key: value for key, value in field.deconstruct()[3].items() if key not in words}
        for field in (old, new)
    ]
    return kept[0] == kept[1]


def _earlier(migration: Migration) -> str:
    return next(name for app, name in migration.dependencies if app == migration.app_label)
