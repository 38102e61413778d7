"""How much memory the whole demo takes: database, web server and worker, while it is filled and used.

Counted is the proportional set size (PSS), so that pages processes share are counted once; on systems that do
not tell it, the resident size, which counts them several times.
"""

from __future__ import annotations

import itertools
import json
import random
import subprocess
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import psutil
from load import drive
from report import Report, arguments
from town import HUYING, BenchError, Town, town_of_its_own

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GOAL_MB = 700
MB = 1024 * 1024
EVERY_SECONDS = 0.25
GOOD = frozenset({200, 201, 302})
# Pages a visitor sees without signing in; the rest needs a session.
OPEN_PAGES = ("/", "/find/", "/file/", "/map/boundaries.json", "/healthz")
DESK_PAGES = {
    "demo-handler": ("/desk/", "/desk/?tab=working", "/desk/notices/", "/desk/search/?q=%E5%9E%83%E5%9C%BE"),
    "demo-dispatcher": ("/desk/queue/", "/desk/returns/", "/desk/items/", "/desk/enter/"),
    "demo-leader": ("/desk/area/", "/desk/area/?tab=overdue", "/desk/search/?q=yingxi"),
}


@dataclass
class Watch:
    """Adds up the memory of processes by part, a few times a second, and keeps the highest sums."""

    parts: Callable[[], dict[str, list[psutil.Process]]]
    peak: dict[str, float] = field(default_factory=dict)
    peak_sum: float = 0.0
    highest: dict[str, float] = field(default_factory=dict)
    _ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(EVERY_SECONDS):
            now = {part: sum(map(_megabytes, processes)) for part, processes in self.parts().items()}
            for part, megabytes in now.items():
                self.highest[part] = max(megabytes, self.highest.get(part, 0.0))
            if sum(now.values()) > self.peak_sum:
                self.peak, self.peak_sum = now, sum(now.values())

    def line(self) -> str:
        """Return the highest sum and what it was made of."""
        told = ", ".join(f"{part} {megabytes:.0f}" for part, megabytes in self.peak.items() if megabytes)
        return f"{self.peak_sum:5.0f} MB   ({told})"


def _megabytes(process: psutil.Process) -> float:
    try:
        memory = process.memory_full_info()
    except (psutil.NoSuchProcess, psutil.AccessDenied, FileNotFoundError, ProcessLookupError):
        return 0.0
    return float(getattr(memory, "pss", memory.rss)) / MB


def main() -> None:
    """Measure, print, and end well whatever came out: a benchmark is no test."""
    chosen = arguments(__doc__, seconds=20).parse_args()
    report = Report("Memory of the whole demo", chosen.json)
    with town_of_its_own(HUYING_DEMO="1", HUYING_LOG_LEVEL="WARNING") as town:
        filling = _fill(town)
        report.say(f"filling the demo town:          {filling.line()}")
        with Watch(town.processes) as watch, town.running():
            time.sleep(3)
            started = dict(watch.peak)
            key, cookies, bodies = _keys(town)
            _use(town, key, cookies, bodies, chosen.seconds)
            time.sleep(1)
        report.say(f"right after the start:          {sum(started.values()):5.0f} MB")
        report.say(f"browsing, filing and searching: {watch.line()}")
        for part, megabytes in watch.highest.items():
            report.say(f"  {part} at most {megabytes:.0f} MB")
        report.keep("filling_mb", filling.highest)
        report.keep("running_mb", watch.highest)
        report.goal("peak memory", max(filling.peak_sum, watch.peak_sum), GOAL_MB, most=True, unit=" MB")
    report.end()


def _fill(town: Town) -> Watch:
    """Run `huying demo` and watch it with its database."""
    log = (town.folder / "demo.log").open("w", encoding="utf-8")
    with log:
        demo = subprocess.Popen([str(HUYING), "demo"], env=town.environment, stdout=log, stderr=log)

    def parts() -> dict[str, list[psutil.Process]]:
        try:
            filling = [psutil.Process(demo.pid), *psutil.Process(demo.pid).children(recursive=True)]
        except psutil.NoSuchProcess:
            filling = []
        return {"filling": filling, "database": town.processes()["database"]}

    with Watch(parts) as watch:
        code = demo.wait()
    if code:
        said = (town.folder / "demo.log").read_text(encoding="utf-8")[-4000:]
        raise BenchError(f"`huying demo` ended with {code}: {said}")
    return watch


def _keys(town: Town) -> tuple[str, dict[str, str], list[dict[str, Any]]]:
    cookies = {who: town.inside("session", who)["sessionid"] for who in DESK_PAGES}
    return town.inside("key")["api_key"], cookies, town.inside("bodies")


def _use(town: Town, key: str, cookies: dict[str, str], bodies: list[dict[str, Any]], seconds: float) -> None:
    """Let four people look at pages, at the desk and outside, and machines file appeals in between."""
    figures = drive(
        town.port,
        _requests(key, cookies, bodies),
        clients=4,
        seconds=seconds,
        good=lambda status: status in GOOD,
    )
    if figures.failures:
        raise BenchError(f"{figures.failures} of {len(figures.milliseconds)} requests failed")


def _requests(key: str, cookies: dict[str, str], bodies: list[dict[str, Any]]) -> Iterator[bytes]:
    dice = random.Random(4)
    pages = [(path, "") for path in OPEN_PAGES]
    pages += [(path, cookies[who]) for who, paths in DESK_PAGES.items() for path in paths]
    for number in itertools.count():
        if number % 4 == 0:
            data = json.dumps(dice.choice(bodies)).encode()
            yield (
                "POST /api/v1/appeals HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                f"Authorization: Bearer {key}\r\nIdempotency-Key: memory-{number}\r\n"
                f"Content-Length: {len(data)}\r\n\r\n"
            ).encode() + data
        else:
            path, cookie = dice.choice(pages)
            yield f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sessionid={cookie}\r\n\r\n".encode()


if __name__ == "__main__":
    main()
