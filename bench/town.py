"""A town of its own for a bench: fresh folder, free port, real processes, gone afterwards."""

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

if TYPE_CHECKING:
    from collections.abc import Iterator

HUYING = Path(sys.executable).with_name("huying")


@dataclass
class Town:
    """A running town: where it lives and how to reach it."""

    folder: Path
    port: int
    environment: dict[str, str]
    api_key: str = ""

    @property
    def url(self) -> str:
        """Return the address of the web server."""
        return f"http://127.0.0.1:{self.port}"

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `huying …` in this town and return what it said; fails when it fails."""
        return subprocess.run(
            [str(HUYING), *words], env=self.environment, check=True, capture_output=True, text=True, timeout=1200
        )

    def python(self, code: str) -> str:
        """Run Python with Django set up for this town and return what it printed."""
        script = "import django; django.setup()\n" + code
        done = subprocess.run(
            [sys.executable, "-c", script], env=self.environment, check=True, capture_output=True, text=True, timeout=3600
        )
        return done.stdout

    def database_url(self) -> str:
        """Return the address of the town's database."""
        return self.python("from huying.site.settings import _database_url; print(_database_url())").strip()

    def stats(self) -> dict[str, Any]:
        """Return the town's counts."""
        counts: dict[str, Any] = json.loads(self.command("stats", "--json").stdout)
        return counts


def free_port() -> int:
    """Return a port nobody listens on."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_town(found: str, *, processes: int = 2, threads: int = 4) -> Iterator[Town]:
    """Give the block a running town, founded by the Python code `found`; it is removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="huying-bench-"))
    folder.chmod(0o755)
    port = free_port()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("HUYING_")} | {
        "HUYING_DATA_DIR": str(folder / "var"),
        "HUYING_PORT": str(port),
        "HUYING_WEB_PROCESSES": str(processes),
        "HUYING_WEB_THREADS": str(threads),
        "HUYING_LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "huying.site.settings",
    }
    environment.pop("DATABASE_URL", None)
    town = Town(folder, port, environment)
    log = (folder / "run.log").open("w")
    server = subprocess.Popen([str(HUYING), "run"], env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        _wait_for(town, server)
        town.api_key = town.python(found).strip().splitlines()[-1]
        yield town
    finally:
        server.terminate()
        try:
            server.wait(60)
        except subprocess.TimeoutExpired:
            server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(town: Town, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise RuntimeError((town.folder / "run.log").read_text()[-4000:])
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{town.url}/readyz", timeout=2) as answer:  # noqa: S310 - our own server
            if answer.status == 200:
                return
        time.sleep(0.2)
    raise RuntimeError("the town did not come up: " + (town.folder / "run.log").read_text()[-4000:])
