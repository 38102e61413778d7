"""Which account runs PostgreSQL: ourselves, or, as root, another that already exists."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from huying.site.ground.errors import GroundError

if TYPE_CHECKING:
    from pathlib import Path

# Tried in this order when root starts a new cluster; no account is ever created.
PREFERRED = ("postgres", "_postgres", "nobody", "daemon")
# A reachability probe is one `test`; more means a hung network mount.
PROBE_SECONDS = 20


class NoAccountError(GroundError):
    """PostgreSQL refuses to run as root and this machine has no other account that could run it."""


class ForeignFolderError(GroundError):
    """The folder belongs to an account that is not the one running this command."""


class Identity(TypedDict, total=False):
    """What `subprocess.Popen` needs to start a program as another account."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """An account of this machine; `switch` says whether root has to become it first."""

    name: str
    uid: int
    gid: int
    switch: bool

    @property
    def identity(self) -> Identity:
        """Return the arguments that make `subprocess` start a program as this account."""
        if not self.switch:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path | int) -> None:
        """Give a file or an open descriptor of ours to this account; nothing to do when it is ourselves."""
        if self.switch:
            os.chown(path, self.uid, self.gid)

    def can(self, letter: str, path: Path) -> bool:
        """Return whether this account may read (`r`) or run or enter (`x`) `path`, by really trying.

        Mode bits alone do not tell: lists of rights, mounts and every folder above have a say.
        """
        command = ["/bin/sh", "-c", f'test -{letter} "$1"', "sh", os.fspath(path)]
        answer = subprocess.run(  # noqa: S603 - a fixed command; the path is an argument, not shell text
            command, check=False, cwd="/", timeout=PROBE_SECONDS, stdin=subprocess.DEVNULL, **self.identity
        )
        return answer.returncode == 0


def account_for(cluster: Path) -> Account:
    """Return the account that runs the cluster: its owner when it exists, else the one a new one is made for.

    Raises `ForeignFolderError` when the cluster is somebody else's, `NoAccountError` when nobody can run it.
    """
    owner = cluster.stat().st_uid if cluster.exists() else None
    if os.geteuid() != 0:
        return _myself(cluster, owner)
    if owner is not None:
        return _owner(cluster, owner)
    entries = {entry.pw_name: entry for entry in pwd.getpwall() if entry.pw_uid != 0}
    names = [name for name in PREFERRED if name in entries] or sorted(entries)
    if not names:
        raise NoAccountError(
            "PostgreSQL does not run as root, and there is no other account on this machine.",
            cure="Add one, for example with `useradd --system postgres`, and run the command again.",
        )
    entry = entries[names[0]]
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, switch=True)


def _myself(cluster: Path, owner: int | None) -> Account:
    uid = os.geteuid()
    if owner not in {None, uid}:
        raise ForeignFolderError(
            f"The database in {cluster} belongs to the account {_name(owner)}, and you are {_name(uid)}.",
            cure="Run the command as root or as the account that made it, "
            "or set HUYING_DATA_DIR to a folder of your own.",
        )
    return Account(_require_name(uid), uid, os.getegid(), switch=False)


def _owner(cluster: Path, owner: int) -> Account:
    if owner == 0:
        raise ForeignFolderError(
            f"The database in {cluster} belongs to root, and PostgreSQL does not run as root.",
            cure=f"Give it to another account: chown -R postgres {cluster}",
        )
    return Account(_require_name(owner), owner, pwd.getpwuid(owner).pw_gid, switch=True)


def _name(uid: int | None) -> str:
    try:
        return pwd.getpwuid(uid or 0).pw_name
    except KeyError:
        return f"number {uid}"


def _require_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        raise NoAccountError(
            f"The user number {uid} has no name on this machine, and PostgreSQL asks for one.",
            cure="Add it to /etc/passwd, run as a named account, or set DATABASE_URL to a server.",
        ) from None
