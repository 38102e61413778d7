"""A whole town in real processes: own folder and port, `huying run`, and what one does with it."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from huying.site.ground import postgres, postmaster
from huying.site.ground.ports import free_port
from huying.testing.schema import copied

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[1]
# Long enough for a loaded machine; nothing waits that long when all is well.
PATIENCE_SECONDS = 240.0
FOUND = """
from huying.testing.town import found_town
from huying.people.actions import make_api_key
found_town()
print(make_api_key('A client from outside', channel='api'))
"""


class Town:
    """A town of the small cast (`huying.testing.town`) that runs from a folder of its own."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.data_dir = folder / "数据"
        self.log = folder / "said.log"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.api_key = ""
        self._program: subprocess.Popen[str] | None = None
        self._begun: list[subprocess.Popen[str]] = []
        clean = {name: value for name, value in os.environ.items() if not name.startswith("HUYING_")}
        clean.pop("DATABASE_URL", None)
        self.environment = clean | {
            "DJANGO_SETTINGS_MODULE": "huying.site.settings",
            "HUYING_DATA_DIR": str(self.data_dir),
            "HUYING_PORT": str(self.port),
            "HUYING_LOG_LEVEL": "WARNING",
            **settings,
        }

    def start(self) -> None:
        """Start `huying run` and wait until it answers."""
        with self.log.open("a") as log:
            self._program = subprocess.Popen(
                self._command("run"), cwd=ROOT, env=self.environment, text=True, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log,
            )  # fmt: skip
        until(self._ready_or_ended, "the town did not come up")
        assert self._program.poll() is None, self.said()

    def found(self) -> None:
        """Give the empty town its cast, places, catalogue and one API key."""
        self.api_key = self.python(FOUND).splitlines()[-1]

    def stop(self) -> None:
        """Stop the town and its database, whatever state they are in."""
        for begun in self._begun:
            if begun.poll() is None:
                begun.kill()
                begun.communicate()
        if self._program is not None:
            self._program.terminate()
            try:
                self._program.wait(timeout=PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                self._program.kill()
                self._program.wait()
        postgres.stop(self.data_dir, say=lambda _sentence: None)

    def ready(self) -> bool:
        """Return whether it takes appeals."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def said(self) -> str:
        """Return the last lines of the town's log."""
        return self.log.read_text(encoding="utf-8")[-4000:]

    def say(self, *words: str, timeout: float = PATIENCE_SECONDS) -> subprocess.CompletedProcess[str]:
        """Run `huying …` in this town to its end."""
        return subprocess.run(
            self._command(*words), cwd=ROOT, env=self.environment, capture_output=True, text=True,
            check=False, timeout=timeout,
        )  # fmt: skip

    def begin(self, *words: str) -> subprocess.Popen[str]:
        """Start `huying …` in this town and leave it running; it ends with the town at the latest."""
        begun = subprocess.Popen(
            self._command(*words), cwd=ROOT, env=self.environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        self._begun.append(begun)
        return begun

    def python(self, code: str) -> str:
        """Run Python with Django set up for this town; return what it printed."""
        done = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{code}"],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False,
            timeout=PATIENCE_SECONDS,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-4000:]
        return done.stdout.strip()

    def asked(self, code: str) -> Any:  # noqa: ANN401 - whatever the code prints as JSON
        """Run Python in this town that prints one JSON document last, and return it."""
        return json.loads(self.python(code).splitlines()[-1])

    def database_url(self) -> str:
        """Return the address of the running database, its own or the one it was given on the test server."""
        found = self.environment.get("DATABASE_URL") or postgres.locate(self.data_dir)
        assert found is not None, "the database of the town was never made"
        return found

    def part(self, word: str) -> psutil.Process:
        """Return the process `huying <word>` that the supervisor started last."""
        assert self._program is not None
        until(lambda: self._parts(word) != [], f"there is no process of `huying {word}`")
        return self._parts(word)[-1]

    def web_process(self) -> psutil.Process:
        """Return one of the processes that answer requests."""
        serving: list[psutil.Process] = []

        def found() -> bool:
            serving[:] = [child for child in self.part("web").children() if alive(child)]
            return bool(serving)

        until(found, "no process answers requests")
        return serving[0]

    def kill_web_server(self) -> None:
        """Kill the web server at once, whole: left alone, its processes answer on until they are noticed."""
        os.killpg(self.part("web").pid, signal.SIGKILL)

    def postmaster(self) -> psutil.Process:
        """Return the main process of the database server."""
        server = postmaster.running(self.data_dir / "postgres" / "cluster")
        assert server is not None, "the database does not run"
        return psutil.Process(server.pid)

    def cut_the_power(self) -> None:
        """Kill every process of the town and its database at once, the supervisor first."""
        assert self._program is not None
        ours = psutil.Process(self._program.pid)
        server = self.postmaster()
        everyone = [ours, server, *ours.children(recursive=True), *server.children(recursive=True)]
        for process in everyone:
            with contextlib.suppress(psutil.NoSuchProcess):
                os.kill(process.pid, signal.SIGKILL)
        self._program.wait()
        self._program = None

    def _command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "huying.site.cli", *words]

    def _ready_or_ended(self) -> bool:
        return self.ready() or self._program is None or self._program.poll() is not None

    def _parts(self, word: str) -> list[psutil.Process]:
        assert self._program is not None
        found = []
        for child in psutil.Process(self._program.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                if child.cmdline()[-1:] == [word] and alive(child):
                    found.append(child)
        return found


@contextlib.contextmanager
def running_town(empty_tables: str | None = None, **settings: str) -> Iterator[Town]:
    """Give the block a founded, running town in a folder of its own; afterwards both are gone.

    `empty_tables` names a migrated database of the test server, of which the town gets a copy. Without it
    the town has a server of its own, which it makes as towns do: slower, and what faults are tried on.
    Not in pytest's own folders: those are kept for the next three runs, and a database is large.
    """
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(
            tempfile.TemporaryDirectory(prefix="huying-town-", ignore_cleanup_errors=True)
        )
        town = Town(Path(folder), **settings)
        if empty_tables is not None:
            url = stack.enter_context(copied(empty_tables, f"huying_town_{town.port}"))
            town.environment["DATABASE_URL"] = url
        try:
            town.start()
            town.found()
            yield town
        finally:
            town.stop()


def alive(process: psutil.Process) -> bool:
    """Return whether a process is at work; one that ended and waits to be noticed is not."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def until(condition: Callable[[], bool], otherwise: str, *, seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until something is so; fail with `otherwise` when it never is."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{otherwise} within {seconds:g} s"
        time.sleep(0.1)
