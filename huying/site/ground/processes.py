"""A whole town under one foreground process: database, web server, workers; started, watched, stopped."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypedDict

from huying.site.ground import postgres
from huying.site.ground.errors import GroundError
from huying.site.ground.orphans import PARENT_VARIABLE
from huying.site.ground.ports import is_free, require_free

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import FrameType
    from typing import IO

    from huying.site.env import Environment
    from huying.site.ground.postmaster import Say

WATCH_SECONDS = 0.5
STOP_SECONDS = 25.0
LONGEST_PAUSE_SECONDS = 30.0
# A child that lived this long had started well; its next crash is a new story.
HEALTHY_SECONDS = 60.0
# Crashes in a row, none of them healthy, after which it is not a hiccup.
HOPELESS_CRASHES = 6
CLAIM_SECONDS = 1.0
# Children of a killed run notice within a second and finish their requests.
LEAVING_SECONDS = 15.0


class AlreadyRunningError(GroundError):
    """This town is already running."""


class StepFailedError(GroundError):
    """A process of the town ended when it should not have."""


class State(TypedDict):
    """What `run.json` tells other programs about the running town."""

    pid: int
    url: str
    port: int


@dataclass
class Child:
    """One process of the town and how often it crashed in a row."""

    name: str
    arguments: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = None
    born: float = 0.0
    crashes: int = 0
    due: float = field(default=0.0)

    def start(self) -> None:
        """Start it in a group of its own: Ctrl-C reaches only us, and the whole group can be ended."""
        self.process = _spawn(self.arguments)
        self.born = time.monotonic()

    def note_end(self, say: Say) -> None:
        """Look whether it ended, and if so set when it starts again: later each time."""
        if self.process is None or self.process.poll() is None:
            return
        now = time.monotonic()
        code = self.process.returncode
        self.kill_group()
        self.process = None
        self.crashes = 1 if now - self.born > HEALTHY_SECONDS else self.crashes + 1
        pause = min(LONGEST_PAUSE_SECONDS, 0.5 * 2 ** (self.crashes - 1))
        self.due = now + pause
        say(f"{self.name} ended unexpectedly (exit code {code}); starting it again in {pause:g} s.")

    def kill_group(self) -> None:
        """End whatever the process left behind."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


def run(settings: Environment, *, say: Say) -> None:
    """Run the town until SIGINT or SIGTERM: database, migrations, web server, workers.

    A process that crashes is started again, later each time; also a killed database. Raises a
    `GroundError` when the town is already running, its port is taken, or a process never comes up.
    """
    data_dir = settings.data_dir.absolute()
    with ExitStack() as stack:
        stack.enter_context(_term_is_interrupt())
        stack.enter_context(_claimed(data_dir, settings, say))
        embedded = not settings.database_url
        if embedded:
            server = stack.enter_context(postgres.hold(data_dir, say=say))
            say(f"PostgreSQL is ready on port {server.port}.")
        _migrate()
        children = [Child("The web server", ("web",))]
        children += [Child(f"Worker {n}", ("worker",)) for n in range(1, settings.worker_processes + 1)]
        stack.callback(_stop, children, say)
        keep_database = _database_keeper(data_dir, server.port, children, say) if embedded else _nothing
        _watch(children, settings, keep_database, say)


def stop(data_dir: Path, *, say: Say) -> tuple[bool, bool]:
    """Stop all processes of the town and its database; return whether a town and whether a database ran."""
    data_dir = data_dir.absolute()
    ran = False
    state = _read_state(data_dir)
    if state is not None and _is_claimed(data_dir):
        ran = True
        _end_run(data_dir, state["pid"])
    return ran, postgres.stop(data_dir, say=say)


def running_at(data_dir: Path) -> str | None:
    """Return the address of the town that runs from this folder, None when none does."""
    state = _read_state(data_dir.absolute())
    return state["url"] if state is not None and _is_claimed(data_dir.absolute()) else None


def _end_run(data_dir: Path, pid: int) -> None:
    for sent in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(pid, sent)
        except ProcessLookupError:
            return
        except PermissionError as error:
            raise StepFailedError(
                f"The running town (process {pid}) belongs to another account.",
                cure="Run the command as root or as the account that started it.",
            ) from error
        deadline = time.monotonic() + STOP_SECONDS * 2
        while time.monotonic() < deadline:
            if not _is_claimed(data_dir):
                return
            time.sleep(0.05)
    raise StepFailedError(f"The running town (process {pid}) does not stop.")


def _watch(children: list[Child], settings: Environment, keep_database: Callable[[], None], say: Say) -> None:
    ended = threading.Event()
    told = False

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, on_signal)
    while not ended.is_set():
        keep_database()
        for child in children:
            child.note_end(say)
            if child.crashes >= HOPELESS_CRASHES:
                raise StepFailedError(
                    f"{child.name} does not come up: it ended {child.crashes} times in a row.",
                    cure=f"Its last lines are above; `huying {' '.join(child.arguments)}` runs it alone.",
                )
            if child.process is None and time.monotonic() >= child.due:
                child.start()
        if not told and not is_free(settings.port, settings.host):
            told = True
            say(f"Huying is ready: {settings.site_url}/  (Ctrl-C stops it)")
        ended.wait(WATCH_SECONDS)
    say("Stopping.")


def _database_keeper(data_dir: Path, port: int, children: list[Child], say: Say) -> Callable[[], None]:
    """Return a step that starts a killed database again; its children reconnect by themselves."""
    known = port

    def keep() -> None:
        nonlocal known
        if postgres.is_running(data_dir):
            return
        say("The database ended unexpectedly; starting it again.")
        server = postgres.ensure(data_dir, say=say)
        if server.port != known:
            # Its old port was taken meanwhile: everybody has to read the address again.
            known = server.port
            _stop(children, say)

    return keep


def _nothing() -> None:
    """Watch no database: the one in DATABASE_URL is somebody else's care."""


def _migrate() -> None:
    process = _spawn(("migrate",))
    try:
        code = process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    if code != 0:
        raise StepFailedError(
            "The database could not be brought to this version.", cure="The reason is in the lines above."
        )


def _spawn(arguments: tuple[str, ...]) -> subprocess.Popen[bytes]:
    """Start `huying ARGUMENTS` as our child, in a group of its own."""
    command = [sys.executable, "-m", "huying.site.cli", *arguments]
    # Many threads' pools of memory would only lie idle: two serve a few threads as well (glibc).
    environment = {"MALLOC_ARENA_MAX": "2"} | os.environ | {PARENT_VARIABLE: str(os.getpid())}
    return subprocess.Popen(  # noqa: S603 - our own program
        command, stdin=subprocess.DEVNULL, env=environment, start_new_session=True
    )


def _stop(children: list[Child], say: Say) -> None:
    """End all children: ask, wait while they finish what they are at, then end the rest."""
    for child in children:
        if child.process is not None:
            child.process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        if child.process is None:
            continue
        try:
            child.process.wait(timeout=max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            say(f"{child.name} does not end; it is killed.")
        child.kill_group()
        child.process.wait()
        child.process = None


@contextmanager
def _term_is_interrupt() -> Iterator[None]:
    """Let SIGTERM during the start unwind like Ctrl-C does, and give back the handlers afterwards."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _claimed(data_dir: Path, settings: Environment, say: Say) -> Iterator[None]:
    """Hold the town for this process, its address written down for `huying stop`."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "run.lock").open("a") as lock:
        _claim(lock, data_dir)
        if _read_state(data_dir) is not None:
            _await_leavers(settings, say)
        require_free(settings.port, settings.host)
        state = State(pid=os.getpid(), url=settings.site_url, port=settings.port)
        (data_dir / "run.json").write_text(json.dumps(state), encoding="utf-8")
        try:
            yield
        finally:
            (data_dir / "run.json").unlink(missing_ok=True)


def _claim(lock: IO[str], data_dir: Path) -> None:
    deadline = time.monotonic() + CLAIM_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # `huying stop` and `doctor` look by holding the lock for a moment, too.
            if time.monotonic() < deadline:
                time.sleep(0.05)
                continue
            state = _read_state(data_dir)
            raise AlreadyRunningError(
                f"This town is already running at {state['url'] if state else 'its port'}.",
                cure="Stop it with `huying stop`, or choose another folder: HUYING_DATA_DIR=./town2",
            ) from None
        return


def _await_leavers(settings: Environment, say: Say) -> None:
    """After a killed run, give its web server the moment it needs to notice and leave the port."""
    deadline = time.monotonic() + LEAVING_SECONDS
    if not is_free(settings.port, settings.host):
        say("The last run was killed; waiting for its web server to leave.")
    while not is_free(settings.port, settings.host) and time.monotonic() < deadline:
        time.sleep(0.1)


def _is_claimed(data_dir: Path) -> bool:
    try:
        with (data_dir / "run.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False


def _read_state(data_dir: Path) -> State | None:
    try:
        state: State = json.loads((data_dir / "run.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return state
