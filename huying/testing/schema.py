"""The empty tables of a town, made once for every state of the migrations and copied when needed."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.core.management import call_command
from django.db import connection
from psycopg import Connection, connect, sql
from psycopg.errors import InsufficientPrivilege

import huying

if TYPE_CHECKING:
    from collections.abc import Iterator

PREFIX = "huying_schema_"
HALF_MADE = PREFIX + "half_made"
LOCK = 0x48555953  # any number no other advisory lock of the test server has


def schema_template() -> str:
    """Return the name of a database with all migrations applied and no rows; make it if there is none yet.

    Test processes that come at once wait for the one that makes it. What other migrations made is dropped.
    """
    name = PREFIX + _fingerprint()
    with _administrator() as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        there = {row[0] for row in admin.execute("SELECT datname FROM pg_database")}
        if name not in there:
            for old in (one for one in there if one.startswith(PREFIX)):
                admin.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(old)))
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(HALF_MADE)))
            _migrate(HALF_MADE)
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            admin.execute(rename.format(sql.Identifier(HALF_MADE), sql.Identifier(name)))
    return name


@contextmanager
def copied(template: str, name: str) -> Iterator[str]:
    """Give the block the address of a database of its own with these tables; afterwards it is gone."""
    copy(template, name)
    told = connection.settings_dict
    try:
        yield f"postgresql://{told['USER']}:{quote(told['PASSWORD'])}@{told['HOST']}:{told['PORT']}/{name}"
    finally:
        drop(name)


def copy(template: str, name: str) -> None:
    """Make a database, in place of any of its name, as a copy of one that nobody is connected to."""
    drop(name)
    _administer("CREATE DATABASE {} TEMPLATE {}", name, template)


def drop(name: str) -> None:
    """Drop a database with whoever is still connected to it.

    Where the server itself is tidying up in there, force is refused us; plain DROP asks it to leave first.
    """
    try:
        _administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    except InsufficientPrivilege:
        _administer("DROP DATABASE IF EXISTS {}", name)


def _administer(statement: str, *names: str) -> None:
    with _administrator() as admin:
        admin.execute(sql.SQL(statement).format(*(sql.Identifier(name) for name in names)))


def _fingerprint() -> str:
    """Return a short hash of every migration there is, and of what applies them."""
    told = hashlib.sha256(f"{version('django')} {version('procrastinate')}".encode())
    house = Path(huying.__file__).parent
    for file in sorted(house.glob("*/migrations/*.py")):
        told.update(str(file.relative_to(house)).encode())
        told.update(file.read_bytes())
    return told.hexdigest()[:16]


def _migrate(name: str) -> None:
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual


def _administrator() -> Connection[tuple[str]]:
    told = connection.settings_dict
    return connect(
        host=told["HOST"], port=told["PORT"] or None, user=told["USER"], password=told["PASSWORD"],
        dbname="postgres", autocommit=True,
    )  # fmt: skip
