"""A whole town in real processes: started, killed in every part, stopped, and nothing left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from huying.site.env import Environment
from huying.site.ground import postgres, postmaster, processes
from huying.site.ground.ports import PortInUseError, free_port, is_free, require_free

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]
PATIENCE_SECONDS = 60


def quiet(_sentence: str) -> None:
    """Say nothing."""


class Town:
    """A data folder and a port, and what one does with a town from a terminal."""

    def __init__(self, data_dir: Path, port: int) -> None:
        self.data_dir = data_dir
        self.port = port
        self.log = data_dir.parent / "said.log"
        clean = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        self.environment = clean | {
            "HUYING_DATA_DIR": str(data_dir), "HUYING_PORT": str(port), "HUYING_WEB_PROCESSES": "1",
        }  # fmt: skip

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "huying.site.cli", *words]

    def start(self) -> subprocess.Popen[str]:
        with self.log.open("a") as log:
            return subprocess.Popen(  # noqa: S603 - our own program
                self.command("run"), cwd=ROOT, env=self.environment, text=True,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip

    def say(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - our own program
            self.command(*words), cwd=ROOT, env=self.environment, capture_output=True, text=True,
            check=False, timeout=PATIENCE_SECONDS,
        )  # fmt: skip

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    @contextlib.contextmanager
    def running(self) -> Iterator[subprocess.Popen[str]]:
        program = self.start()
        try:
            until(lambda: self.ready() or program.poll() is not None)
            assert program.poll() is None, self.log.read_text(encoding="utf-8")
            yield program
        finally:
            program.terminate()
            program.wait(timeout=PATIENCE_SECONDS)
            postgres.stop(self.data_dir, say=quiet)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in a minute"
        time.sleep(0.1)


def alive(process: psutil.Process) -> bool:
    """Return whether it is at work; one that ended and waits for init to notice is not."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def children_of(program: subprocess.Popen[str], word: str) -> list[psutil.Process]:
    """Return the living direct children whose last argument is `word`."""
    found = []
    for child in psutil.Process(program.pid).children():
        with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            if child.cmdline()[-1:] == [word]:
                found.append(child)
    return found


def until_another(program: subprocess.Popen[str], word: str, old: int) -> None:
    """Wait until a new child has taken the place of the one with number `old`."""
    until(lambda: [child.pid for child in children_of(program, word)] not in ([], [old]))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """Give a town whose database is made and brought to this version."""
    town = Town(tmp_path_factory.mktemp("town") / "数据", free_port())
    answer = town.say("migrate")
    assert answer.returncode == 0, answer.stderr
    return town


@pytest.mark.fault
def test_every_part_that_is_killed_comes_back_and_ctrl_c_ends_all_of_them(town: Town) -> None:
    with town.running() as program:
        for word in ("web", "worker"):
            (old,) = children_of(program, word)
            old.kill()
            until_another(program, word, old.pid)
        until(town.ready)
        server = postmaster.running(town.data_dir / "postgres" / "cluster")
        assert server is not None
        os.kill(server.pid, signal.SIGKILL)
        until(lambda: not town.ready())
        until(town.ready)
        everyone = psutil.Process(program.pid).children(recursive=True)
        program.send_signal(signal.SIGINT)
        assert program.wait(timeout=PATIENCE_SECONDS) == 0
        assert not any(alive(process) for process in everyone)
        assert not postgres.is_running(town.data_dir)


@pytest.mark.fault
def test_after_a_kill_the_next_run_finds_the_database_and_another_terminal_stops_it(town: Town) -> None:
    with town.running() as killed:
        web = psutil.Process(children_of(killed, "web")[0].pid)
        workers = web.children()
        server = postmaster.running(town.data_dir / "postgres" / "cluster")
        killed.kill()
        killed.wait(timeout=10)
        with town.running() as program:
            until(lambda: bool(children_of(program, "web")))
            until(lambda: not any(alive(process) for process in (web, *workers)))
            until(town.ready)
            assert postmaster.running(town.data_dir / "postgres" / "cluster") == server
            again = town.say("run")
            assert again.returncode == 1
            assert f"already running at http://127.0.0.1:{town.port}" in again.stderr
            assert '"town_was_running": true' in town.say("stop", "--json").stdout
            assert program.wait(timeout=PATIENCE_SECONDS) == 0
            assert not postgres.is_running(town.data_dir)
            assert is_free(town.port)
    assert '"town_was_running": false' in town.say("stop", "--json").stdout


def test_a_port_in_use_is_named_with_the_way_out(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortInUseError, match=f"{port}.*HUYING_PORT"):
            require_free(port, "127.0.0.1")
        answer = Town(tmp_path, port).say("run")
    assert answer.returncode == 1
    assert f"Port {port}" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert not (tmp_path / "run.json").exists()


def test_a_child_that_crashes_again_and_again_is_started_later_each_time() -> None:
    told: list[str] = []
    child = processes.Child("The worker", ("worker",))
    pauses = []
    for _ in range(4):
        child.process = subprocess.Popen(["/bin/false"], start_new_session=True)
        child.process.wait()
        child.born = time.monotonic()
        child.note_end(told.append)
        pauses.append(round(child.due - time.monotonic(), 1))
    assert pauses == [0.5, 1.0, 2.0, 4.0]
    assert child.crashes == 4
    assert "exit code 1" in told[0]


def test_two_towns_run_side_by_side_by_folder_and_port(tmp_path: Path) -> None:
    first, second = (Environment(data_dir=tmp_path / name, port=free_port()) for name in ("one", "two"))
    with (
        processes._claimed(tmp_path / "one", first, quiet),
        processes._claimed(tmp_path / "two", second, quiet),
    ):
        assert processes.running_at(tmp_path / "one") == first.site_url
        assert processes.running_at(tmp_path / "two") == second.site_url
        with (
            pytest.raises(processes.AlreadyRunningError, match=str(first.port)),
            processes._claimed(tmp_path / "one", first, quiet),
        ):
            pass
    assert processes.running_at(tmp_path / "one") is None
