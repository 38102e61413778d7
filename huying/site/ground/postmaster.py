"""The running server: is it ours, start it, wait for it however long it recovers, stop it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import psutil

from huying.site.ground.cluster import data_folder_argument, quiet_environment
from huying.site.ground.errors import GroundError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from huying.site.ground.accounts import Account
    from huying.site.ground.cluster import Town
    from huying.site.ground.programs import Programs

    Say = Callable[[str], None]

POLL_SECONDS = 0.05
TELL_EVERY_SECONDS = 5.0
# After a killed server its last processes may need a moment to notice.
LEFTOVERS_SECONDS = 60.0
SHUTDOWN_SECONDS = 120.0
LOG_LIMIT_BYTES = 16 * 1024 * 1024
# Between a process and the start it writes down.
START_TOLERANCE_SECONDS = 10

# Servers this process started: kept so that their end is noticed and no process is left half dead.
_children: Final[dict[int, subprocess.Popen[bytes]]] = {}


class StartFailedError(GroundError):
    """The database server ended while it was starting."""


class PortTakenError(StartFailedError):
    """Another program took the database's port between our look and the server's."""

    retry = True


class LeftoversError(StartFailedError):
    """Processes of a killed server are still there and hold its memory."""

    retry = True


class StopFailedError(GroundError):
    """The database server did not stop, or may not be stopped by this account."""


@dataclass(frozen=True)
class Postmaster:
    """A running server as `postmaster.pid` tells: `status` is starting, ready, stopping or standby."""

    pid: int
    port: int
    status: str


def running(cluster: Path) -> Postmaster | None:
    """Return the server that runs on this cluster, or None; a stale file of a killed one does not count."""
    lines = _pid_file(cluster)
    if not lines:
        return None
    pid = int(lines[0])
    if not _is_server_of(pid, cluster, started=float(lines[2]) if len(lines) > 2 else 0.0):  # noqa: PLR2004 - line 3
        return None
    port = int(lines[3]) if len(lines) > 3 and lines[3].strip().isdigit() else 0  # noqa: PLR2004 - line 4
    status = lines[7].strip() if len(lines) > 7 else "starting"  # noqa: PLR2004 - line 8
    return Postmaster(pid, port, status)


def start(
    town: Town, programs: Programs, account: Account, *, port: int, options: Mapping[str, str], say: Say
) -> None:
    """Start the server and return when it takes connections; a long recovery is waited for, and told.

    `options` are further PostgreSQL settings for this run. Raises `StartFailedError` in the server's words.
    """
    deadline = time.monotonic() + LEFTOVERS_SECONDS
    while True:
        try:
            _start_once(town, programs, account, port=port, options=options, say=say)
        except LeftoversError:
            if time.monotonic() > deadline:
                raise
            time.sleep(POLL_SECONDS * 10)
        else:
            return


def wait_ready(town: Town, say: Say) -> Postmaster | None:
    """Return the server once it takes connections, or None when it ended instead."""
    began = told = time.monotonic()
    while True:
        server = running(town.cluster)
        if server is None or server.status == "ready":
            return server
        now = time.monotonic()
        if now - told >= TELL_EVERY_SECONDS:
            told = now
            word = "shutting down" if server.status == "stopping" else "recovering"
            say(f"The database is {word} ({now - began:.0f} s). {_last_line(town.log)}".rstrip())
        time.sleep(POLL_SECONDS)


def stop(town: Town, say: Say) -> bool:
    """Stop the server, committing nothing half, and return whether one was running.

    Connections are closed (fast shutdown). A server that does not end in two minutes is ended at once,
    which loses nothing either: it recovers at the next start. Raises `StopFailedError`.
    """
    server = running(town.cluster)
    if server is None:
        return False
    for sent, patience in ((signal.SIGINT, SHUTDOWN_SECONDS), (signal.SIGQUIT, SHUTDOWN_SECONDS)):
        _send(server.pid, sent)
        if _wait_gone(server.pid, town, patience, say):
            return True
    raise StopFailedError(
        f"The database server (process {server.pid}) does not stop.",
        cure=f"Look into {town.log} for the reason.",
    )


def _start_once(
    town: Town, programs: Programs, account: Account, *, port: int, options: Mapping[str, str], say: Say
) -> None:
    _disarm_stale_pid_file(town.cluster)
    _turn_over(town.log)
    command = [
        programs.path("postgres"), "-D", data_folder_argument(town.cluster, account), "-p", str(port),
        # Loopback with a password is the only door: a socket file would need a short path others can enter.
        "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
    ]  # fmt: skip
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    with town.log.open("ab") as log:
        written_before = log.tell()
        town.leave_to_owner(town.log)
        # A session of its own: Ctrl-C on our terminal and our own death do not reach it.
        child = subprocess.Popen(  # noqa: S603 - a fixed command, no shell
            command, cwd=town.cluster, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True, env=quiet_environment(), umask=0o077, **account.identity,
        )  # fmt: skip
    _children[child.pid] = child
    _wait_started(child, town, written_before, say)


def _wait_started(child: subprocess.Popen[bytes], town: Town, written_before: int, say: Say) -> None:
    """Wait until `child` is ready; it is not ours to give up on while it lives."""
    while child.poll() is None:
        server = running(town.cluster)
        if server is not None and server.pid == child.pid:
            if wait_ready(town, say) is not None:
                return
        else:
            time.sleep(POLL_SECONDS)
    del _children[child.pid]
    with town.log.open("rb") as log:
        log.seek(written_before)
        words = log.read().decode("utf-8", errors="replace").strip()
    last = " / ".join(words.splitlines()[-4:]) or f"no message, exit code {child.returncode}"
    if "shared memory block" in words:
        raise LeftoversError(f"Processes of a killed database server are still running: {last}")
    if "could not bind" in words or "could not create any TCP/IP sockets" in words:
        raise PortTakenError(f"The database's port was taken by another program: {last}")
    raise StartFailedError(
        f"The database server did not start: {last}", cure=f"The whole story is in {town.log}."
    )


def _pid_file(cluster: Path) -> list[str]:
    """Return the lines of `postmaster.pid`, or none when there is no usable file."""
    try:
        lines = (cluster / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    return lines if lines and lines[0].strip().isdigit() else []


def _is_server_of(pid: int, cluster: Path, started: float) -> bool:
    """Return whether process `pid` is a PostgreSQL server at work in `cluster`.

    A number alone proves nothing: after a crash or in a fresh container another program may have it.
    """
    child = _children.get(pid)
    if child is not None and child.poll() is not None:
        return False
    try:
        process = psutil.Process(pid)
        if not process.name().startswith("postgres"):
            return False
        try:
            return cluster.samefile(process.cwd())
        except (psutil.AccessDenied, OSError):
            # Not ours to look into (macOS): the moment it started, as the file tells, must do.
            started_there: float = process.create_time()
            return abs(started_there - started) < START_TOLERANCE_SECONDS
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return False


def _disarm_stale_pid_file(cluster: Path) -> None:
    """Keep a recycled process number from blocking the start for ever.

    PostgreSQL refuses to start while the number in the file is any living process of its account. It takes
    its own parent's number for stale, so ours is written in; the rest of the file stays, because with it
    PostgreSQL still finds leftovers of the killed server.
    """
    lines = _pid_file(cluster)
    if not lines:
        # An empty or broken file (disk full when it was written) names no server to protect.
        (cluster / "postmaster.pid").unlink(missing_ok=True)
        return
    if running(cluster) is None and psutil.pid_exists(int(lines[0])):
        lines[0] = str(os.getpid())
        (cluster / "postmaster.pid").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _turn_over(log: Path) -> None:
    """Start a fresh log file when the old one has grown long; one old one is kept."""
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > LOG_LIMIT_BYTES:
            log.replace(log.with_suffix(".log.1"))


def _last_line(log: Path) -> str:
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 2000))
            lines = file.read().decode("utf-8", errors="replace").strip().splitlines()
    except OSError:
        return ""
    return lines[-1] if lines else ""


def _send(pid: int, sent: signal.Signals) -> None:
    try:
        os.kill(pid, sent)
    except ProcessLookupError:
        return
    except PermissionError as error:
        raise StopFailedError(
            f"The database server (process {pid}) belongs to another account.",
            cure="Run the command as root or as the account that started it.",
        ) from error


def _wait_gone(pid: int, town: Town, patience: float, say: Say) -> bool:
    began = told = time.monotonic()
    while (now := time.monotonic()) - began < patience:
        server = running(town.cluster)
        if (server is None or server.pid != pid) and not _alive(pid):
            child = _children.pop(pid, None)
            if child is not None:
                child.wait()
            return True
        if now - told >= TELL_EVERY_SECONDS:
            told = now
            say(f"The database is shutting down ({now - began:.0f} s).")
        time.sleep(POLL_SECONDS)
    return False


def _alive(pid: int) -> bool:
    child = _children.get(pid)
    if child is not None:
        return child.poll() is None
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
