"""A town of its own for a benchmark: fresh folder, free port, the real processes, gone afterwards."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psutil

from huying.site.ground import postgres
from huying.site.ground.accounts import account_for
from huying.site.ground.cluster import Town as DatabaseHome
from huying.site.ground.programs import find_programs

if TYPE_CHECKING:
    from collections.abc import Iterator

HUYING = Path(sys.executable).with_name("huying")
INSIDE = Path(__file__).with_name("inside.py")
COME_UP_SECONDS = 120
LONGEST_COMMAND_SECONDS = 3600
# As many threads as the goal has clients, over the usual two processes.
WEB_PROCESSES = 2
WEB_THREADS = 4


class BenchError(RuntimeError):
    """Something the benchmark stands on does not work; the message holds what the program said."""


@dataclass
class Town:
    """A founded town: where it lives and how to reach it. `url` is the database's address."""

    folder: Path
    port: int
    environment: dict[str, str]
    database_url: str = ""
    admin_url: str = ""
    pid: int = 0

    def command(self, *words: str) -> str:
        """Run `huying …` in this town and return what it printed; fails when it fails."""
        return self._run([str(HUYING), *words])

    def inside(self, *words: str, database: str = "") -> Any:  # noqa: ANN401 - a JSON document
        """Run a command of `inside.py` in this town (or on another of its databases) and return its JSON."""
        return json.loads(self._run([sys.executable, str(INSIDE), *words], database=database))

    def _run(self, command: list[str], database: str = "") -> str:
        environment = self.environment
        if database:
            environment = environment | {"DATABASE_URL": self.url_of(database)}
        done = subprocess.run(
            command,
            env=environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=LONGEST_COMMAND_SECONDS,
        )
        if done.returncode:
            raise BenchError(f"{' '.join(command[-3:])}: {done.stderr[-4000:]}")
        return done.stdout

    def url_of(self, database: str) -> str:
        """Return the address of another database of the town's server."""
        return urlsplit(self.database_url)._replace(path=f"/{database}").geturl()

    def libpq(self, database: str = "") -> dict[str, str]:
        """Return the environment by which PostgreSQL's own programs find the database."""
        parts = urlsplit(self.url_of(database) if database else self.database_url)
        return os.environ | {
            "PGHOST": parts.hostname or "",
            "PGPORT": str(parts.port),
            "PGUSER": parts.username or "",
            "PGPASSWORD": parts.password or "",
            "PGDATABASE": parts.path.lstrip("/"),
        }

    def program(self, name: str) -> str:
        """Return the path of a program of PostgreSQL, of the version that serves the town."""
        home = DatabaseHome(self.folder / "var" / "postgres")
        return find_programs(account_for(home.cluster), home.folder, home.major()).path(name)

    def processes(self) -> dict[str, list[psutil.Process]]:
        """Return the running processes by part: web, worker, database, the supervisor itself."""
        parts: dict[str, list[psutil.Process]] = {"web": [], "worker": [], "database": [], "supervisor": []}
        if self.pid:
            run = psutil.Process(self.pid)
            parts["supervisor"].append(run)
            for child in run.children():
                words = child.cmdline()
                part = "web" if "web" in words else "worker" if "worker" in words else "supervisor"
                parts[part] += [child, *child.children(recursive=True)]
        postmaster = self._postmaster()
        if postmaster is not None:
            parts["database"] = [postmaster, *postmaster.children(recursive=True)]
        return parts

    def _postmaster(self) -> psutil.Process | None:
        found = DatabaseHome(self.folder / "var" / "postgres").cluster / "postmaster.pid"
        if not found.exists():
            return None
        return psutil.Process(int(found.read_text(encoding="ascii").splitlines()[0]))

    @contextmanager
    def running(self) -> Iterator[Town]:
        """Give the block the town as `huying run` starts it, answering requests."""
        log = self.folder / "run.log"
        with log.open("w", encoding="utf-8") as out:
            server = subprocess.Popen(
                [str(HUYING), "run"], env=self.environment, stdout=out, stderr=subprocess.STDOUT
            )
        self.pid = server.pid
        try:
            self._wait_until_ready(server, log)
            yield self
        finally:
            self.pid = 0
            server.terminate()
            try:
                server.wait(60)
            except subprocess.TimeoutExpired:
                server.kill()

    def _wait_until_ready(self, server: subprocess.Popen[bytes], log: Path) -> None:
        deadline = time.monotonic() + COME_UP_SECONDS
        while time.monotonic() < deadline and server.poll() is None:
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer,
            ):
                if answer.status == 200:
                    return
            time.sleep(0.1)
        raise BenchError("the town did not come up: " + log.read_text(encoding="utf-8")[-4000:])


def free_port() -> int:
    """Return a port nobody listens on."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def town_of_its_own(**settings: str) -> Iterator[Town]:
    """Give the block an unfounded town whose database is up; `settings` are further HUYING_ variables.

    The folder lies where temporary files lie: set TMPDIR to measure another disk.
    """
    folder = Path(tempfile.mkdtemp(prefix="huying-bench-"))
    folder.chmod(0o755)  # under root the database runs as another account
    port = free_port()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("HUYING_")}
    environment.pop("DATABASE_URL", None)
    environment |= {
        "HUYING_DATA_DIR": str(folder / "var"),
        "HUYING_PORT": str(port),
        "HUYING_WEB_PROCESSES": str(WEB_PROCESSES),
        "HUYING_WEB_THREADS": str(WEB_THREADS),
        "DJANGO_SETTINGS_MODULE": "huying.site.settings",
        **settings,
    }
    try:
        with postgres.hold(folder / "var", say=lambda _line: None) as server:
            admin_url = urlsplit(server.admin_url)._replace(path=urlsplit(server.url).path).geturl()
            yield Town(folder, port, environment, server.url, admin_url)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
