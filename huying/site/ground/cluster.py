"""A cluster's folder: made once with a password and the right locale, its port and keys kept beside it."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from huying.site.ground.accounts import ForeignFolderError
from huying.site.ground.errors import GroundError

if TYPE_CHECKING:
    from pathlib import Path

    from huying.site.ground.accounts import Account
    from huying.site.ground.programs import Programs

DATABASE = "huying"
ROLE = "huying"
SUPERUSER = "postgres"
BUILTIN_LOCALE_MAJOR = 17
INITDB_SECONDS = 300

# The C library's character types must know Chinese as well: with C, show_trgm('噪音扰民') is empty
# and every trigram search of Chinese silently finds nothing, also under PostgreSQL's builtin locale.
LIBC_LOCALE = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"

# Fits beside the web and worker processes on a small machine; an operator may change it in the
# cluster's postgresql.conf, which is written once.
SETTINGS = """
# Huying's settings: a whole town in modest memory, every commit on disk.
shared_buffers = 128MB
effective_cache_size = 512MB
work_mem = 8MB
maintenance_work_mem = 64MB
max_connections = 100
max_wal_size = 512MB
autovacuum_max_workers = 2
max_parallel_workers_per_gather = 1
fsync = on
synchronous_commit = on
jit = off
cluster_name = 'huying'
timezone = 'UTC'
log_timezone = 'UTC'
log_checkpoints = off
# Details and statements hold what residents wrote: they stay out of the log.
log_error_verbosity = terse
log_min_error_statement = panic
"""


class ClusterNotMadeError(GroundError):
    """PostgreSQL could not make its data folder."""


class LostKeysError(GroundError):
    """A database is there and the file with its port and passwords is gone or damaged."""


class CopiedTownError(GroundError):
    """The data folder is a copy of another town's, whose database it must not touch."""


@dataclass(frozen=True)
class Keys:
    """What `server.json` keeps (mode 600): where the server listens and how to get in.

    `inode` is that of the cluster's folder: a moved town keeps it, a copied one does not.
    `prepared` says whether our role and database are made.
    """

    port: int
    password: str
    admin_password: str
    inode: int
    prepared: bool = False

    def url(self, *, admin: bool = False) -> str:
        """Return the database's address, for our own role or for the superuser."""
        role, password = (SUPERUSER, self.admin_password) if admin else (ROLE, self.password)
        return f"postgresql://{role}:{password}@127.0.0.1:{self.port}/{DATABASE}"


@dataclass(frozen=True)
class Town:
    """The folder of one town's embedded server: `postgres/` under the data folder."""

    folder: Path

    @property
    def cluster(self) -> Path:
        """Return PostgreSQL's own data folder."""
        return self.folder / "cluster"

    @property
    def keys_file(self) -> Path:
        """Return the file with port and passwords."""
        return self.folder / "server.json"

    @property
    def log(self) -> Path:
        """Return the server's log file."""
        return self.folder / "postgres.log"

    def open(self) -> None:
        """Make the folder; others may enter it, its secrets are closed one by one."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.folder.stat().st_uid == os.geteuid():
            self.folder.chmod(0o755)

    def exists(self) -> bool:
        """Return whether the cluster was made, to its end; `ForeignFolderError` when we may not look."""
        try:
            return (self.cluster / "PG_VERSION").exists()
        except PermissionError as error:
            raise self._foreign() from error

    def major(self) -> int | None:
        """Return the major version the cluster was made with, None before it exists."""
        if not self.exists():
            return None
        return int((self.cluster / "PG_VERSION").read_text(encoding="ascii").strip())

    def is_copy(self, keys: Keys) -> bool:
        """Return whether this folder was copied from the one `keys` were written for."""
        return keys.inode != self.cluster.stat().st_ino

    def read_keys(self) -> Keys:
        """Return port and passwords; raise `LostKeysError` when the file cannot tell."""
        try:
            return Keys(**json.loads(self.keys_file.read_text(encoding="utf-8")))
        except PermissionError as error:
            raise self._foreign() from error
        except (FileNotFoundError, ValueError, TypeError) as error:
            raise LostKeysError(
                f"{self.keys_file}, which holds this database's port and passwords, is missing or damaged.",
                cure="Bring it back from a backup of the data folder; the data themselves are untouched.",
            ) from error

    def write_keys(self, keys: Keys) -> None:
        """Keep port and passwords, readable by this account alone, old or new but never half."""
        fresh = self.keys_file.with_suffix(f".{os.getpid()}")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(asdict(keys), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        self.leave_to_owner(fresh)
        fresh.replace(self.keys_file)

    def leave_to_owner(self, path: Path) -> None:
        """Give a file root has made to whom the folder belongs, so that a look by root locks nobody out."""
        owner = self.folder.stat()
        if os.geteuid() == 0 and owner.st_uid != 0:
            os.chown(path, owner.st_uid, owner.st_gid)

    def _foreign(self) -> ForeignFolderError:
        return ForeignFolderError(
            f"The database under {self.folder} belongs to another account.",
            cure="Run the command as that account or as root, or set HUYING_DATA_DIR to another folder.",
        )


def make_cluster(town: Town, programs: Programs, account: Account, port: int) -> Keys:
    """Make the cluster and its keys; interrupted at any point, the next call starts afresh.

    Raises `ClusterNotMadeError` with PostgreSQL's own words.
    """
    aside = town.folder / "cluster.new"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(mode=0o700)
    account.own(aside)
    keys = Keys(port, secrets.token_urlsafe(24), secrets.token_urlsafe(24), aside.stat().st_ino)
    _initdb(aside, programs, account, keys.admin_password)
    with (aside / "postgresql.conf").open("a", encoding="utf-8") as configuration:
        configuration.write(SETTINGS)
    town.write_keys(keys)
    aside.rename(town.cluster)
    return keys


def rehome(town: Town, keys: Keys, port: int) -> Keys:
    """Give a town another port, as its own from now on, and keep that."""
    moved = replace(keys, port=port, inode=town.cluster.stat().st_ino)
    town.write_keys(moved)
    return moved


def data_folder_argument(cluster: Path, account: Account) -> str:
    """Return what `-D` is told, for a program started with the cluster as its working folder.

    Another account may not be able to enter the folders above it (/root has mode 700). Linux resolves
    /proc/self/cwd without walking through them, so the data stay where the operator put them.
    Raises `ClusterNotMadeError` where there is no such way.
    """
    if not account.switch or account.can("x", cluster):
        return os.fspath(cluster)
    if sys.platform == "linux":
        return "/proc/self/cwd"
    raise ClusterNotMadeError(
        f"The account {account.name}, which must run PostgreSQL for root, cannot enter {cluster.parent}.",
        cure="Run as a plain account, or set HUYING_DATA_DIR to a folder every account may enter.",
    )


def quiet_environment() -> dict[str, str]:
    """Return the few variables PostgreSQL's programs need, so that nobody's shell changes how they run."""
    # macOS starts threads when the locale is not named, which the postmaster refuses.
    return {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": LIBC_LOCALE}


def _initdb(folder: Path, programs: Programs, account: Account, password: str) -> None:
    command = [
        programs.path("initdb"), f"--pgdata={data_folder_argument(folder, account)}",
        f"--username={SUPERUSER}", "--auth=scram-sha-256", "--pwfile=/dev/stdin",
        "--encoding=UTF8", f"--locale={LIBC_LOCALE}", "--lc-messages=C",
    ]  # fmt: skip
    if programs.major >= BUILTIN_LOCALE_MAJOR:
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    # Through a pipe the account owns: the password is in no file and no command line.
    receiver, sender = os.pipe()
    try:
        account.own(receiver)
        os.write(sender, f"{password}\n".encode())
        os.close(sender)
        answer = subprocess.run(  # noqa: S603 - a fixed command, no shell
            command, check=False, cwd=folder, stdin=receiver, capture_output=True, text=True,
            errors="replace", timeout=INITDB_SECONDS, env=quiet_environment(), umask=0o077,
            **account.identity,
        )  # fmt: skip
    finally:
        os.close(receiver)
    if answer.returncode != 0:
        raise ClusterNotMadeError(
            f"PostgreSQL could not make its data folder in {folder.parent}: {_last_words(answer.stderr)}",
            cure="Look at rights and free space of that folder, then run the command again.",
        )


def _last_words(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return " / ".join(lines[-3:])
