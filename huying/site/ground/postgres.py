"""The embedded PostgreSQL of a town: found or started once, shared, stopped when the last one leaves."""

from __future__ import annotations

import fcntl
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from huying.site.ground import cluster as clusters
from huying.site.ground import postmaster
from huying.site.ground.accounts import account_for
from huying.site.ground.cluster import DATABASE, ROLE, SUPERUSER, CopiedTownError, Keys, Town
from huying.site.ground.errors import GroundError
from huying.site.ground.ports import free_port, is_free
from huying.site.ground.programs import find_programs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from typing import IO

    from huying.site.ground.postmaster import Say

LOCK_POLL_SECONDS = 0.05
TELL_WAIT_SECONDS = 2.0
PORT_TRIES = 5
CONNECT_SECONDS = 15


class FolderClosedError(GroundError):
    """The data folder cannot be made or written by this account."""


@dataclass(frozen=True)
class Server:
    """A server that takes connections: `url` is our own role's address, `admin_url` the superuser's.

    `started` says whether this call started it or found it running.
    """

    url: str
    admin_url: str
    port: int
    started: bool


def locate(data_dir: Path) -> str | None:
    """Return the address of the embedded database under `data_dir`, running or not; None when there is none.

    Reads one small file. Raises `CopiedTownError` when the folder was copied from another town's and not
    started since: its file still names the other's server. Raises `LostKeysError` when the file is gone.
    """
    town = _town(data_dir)
    if not town.exists():
        return None
    keys = town.read_keys()
    if town.is_copy(keys):
        raise CopiedTownError(
            f"{town.folder} is a copy of another town's database, whose server it must not use.",
            cure="Start it once with `huying run`: it then gets a port of its own.",
        )
    return keys.url()


def has_database(data_dir: Path) -> bool:
    """Return whether an embedded database was made under `data_dir`, whatever its state."""
    return _town(data_dir).exists()


def is_running(data_dir: Path) -> bool:
    """Return whether the embedded server of `data_dir` is up (or coming up)."""
    town = _town(data_dir)
    return town.exists() and postmaster.running(town.cluster) is not None


def ensure(data_dir: Path, *, say: Say, options: Mapping[str, str] | None = None) -> Server:
    """Make, start and prepare the embedded server as far as it is not yet, and return it ready.

    Several programs may call this at once: one starts the server, the others find it. `options` are
    PostgreSQL settings for this run, used only when this call starts the server. The server outlives
    the caller; see `hold` for who stops it. Raises a `GroundError` that names what is wrong.
    """
    town = _open_town(data_dir)
    with _locked(town, say):
        return _ensure_locked(town, say, options or {})


@contextmanager
def hold(data_dir: Path, *, say: Say, options: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Give the ready server to the block; the last program to leave such a block stops it.

    A program that is killed leaves the server running for the next one to find.
    """
    town = _open_town(data_dir)
    with (town.folder / "in-use.lock").open("a") as lease:
        with _locked(town, say):
            server = _ensure_locked(town, say, options or {})
            fcntl.flock(lease, fcntl.LOCK_SH)
        try:
            yield server
        finally:
            with _locked(town, say):
                if _try_lock(lease):
                    postmaster.stop(town, say)


def stop(data_dir: Path, *, say: Say) -> bool:
    """Stop the embedded server, whoever uses it, and return whether one was running."""
    town = _town(data_dir)
    if not town.exists():
        return False
    with _locked(town, say):
        return postmaster.stop(town, say)


def _town(data_dir: Path) -> Town:
    return Town(data_dir.absolute() / "postgres")


def _open_town(data_dir: Path) -> Town:
    town = _town(data_dir)
    try:
        town.open()
        with (town.folder / "start.lock").open("a"):
            return town
    except OSError as error:
        raise FolderClosedError(
            f"The data folder {data_dir.absolute()} cannot be written: {error.strerror}.",
            cure="Correct its rights, or set HUYING_DATA_DIR to a folder of your own.",
        ) from error


def _ensure_locked(town: Town, say: Say, options: Mapping[str, str]) -> Server:
    account = account_for(town.cluster)
    found = postmaster.wait_ready(town, say) if town.exists() else None
    started = found is None
    if found is None:
        programs = find_programs(account, town.folder, town.major())
        if town.exists():
            keys = _own_port(town, say)
        else:
            say(
                f"Making a PostgreSQL {programs.version} database in {town.cluster} (account {account.name})."
            )
            keys = clusters.make_cluster(town, programs, account, free_port())
        for attempt in range(PORT_TRIES):
            try:
                postmaster.start(town, programs, account, port=keys.port, options=options, say=say)
                break
            except postmaster.PortTakenError:
                if attempt == PORT_TRIES - 1:
                    raise
                keys = clusters.rehome(town, keys, free_port())
    else:
        keys = town.read_keys()
        if found.port != keys.port:
            keys = clusters.rehome(town, keys, found.port)
    if not keys.prepared:
        keys = _prepare(town, keys)
    return Server(keys.url(), keys.url(admin=True), keys.port, started)


def _own_port(town: Town, say: Say) -> Keys:
    """Return the keys with a port that is this town's alone and free now."""
    keys = town.read_keys()
    if is_free(keys.port) and not town.is_copy(keys):
        return keys
    moved = clusters.rehome(town, keys, free_port())
    say(f"The database's port {keys.port} is another program's; it listens on {moved.port} from now on.")
    return moved


def _prepare(town: Town, keys: Keys) -> Keys:
    """Make our role and its database; done twice it changes nothing."""
    address = keys.url(admin=True).rsplit("/", 1)[0] + f"/{SUPERUSER}"
    with psycopg.connect(address, autocommit=True, connect_timeout=CONNECT_SECONDS) as connection:
        verifier = connection.pgconn.encrypt_password(keys.password.encode(), ROLE.encode(), b"scram-sha-256")
        role, password = sql.Identifier(ROLE), sql.Literal(verifier.decode())
        known = connection.execute("select 1 from pg_roles where rolname = %s", [ROLE]).fetchone()
        # No superuser: what the site's own connections may do ends at its own databases.
        verb = sql.SQL("alter role" if known else "create role")
        connection.execute(sql.SQL("{} {} login createdb password {}").format(verb, role, password))
        if not connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
            connection.execute(sql.SQL("create database {} owner {}").format(sql.Identifier(DATABASE), role))
    prepared = replace(keys, prepared=True)
    town.write_keys(prepared)
    return prepared


@contextmanager
def _locked(town: Town, say: Say) -> Iterator[None]:
    """Hold the town's start lock: starts, stops and first preparations come one after another."""
    with (town.folder / "start.lock").open("a") as lock:
        began, told = time.monotonic(), False
        while not _try_lock(lock):
            if not told and time.monotonic() - began > TELL_WAIT_SECONDS:
                told = True
                say("Another program is starting or stopping this town's database; waiting for it.")
            time.sleep(LOCK_POLL_SECONDS)
        yield


def _try_lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
