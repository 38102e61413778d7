"""How fast an appeal becomes a dispatched case, beside what the same database server can commit at all.

One run measures, on one machine: JSON appeals over HTTP, through triage and dispatch to a committed case with
its jobs, against a town started by `huying run` (1 and 8 clients); pgbench committing the same rows by the
same statement on a copy of the same database; and `huying import` of a file. HTTP and pgbench take turns, so
that both see the same moods of the machine. The ratios count; the absolute figures are this machine's.
"""

from __future__ import annotations

import csv
import itertools
import json
import os
import random
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from ceiling import Ceiling
from load import Figures, drive, together
from psycopg.sql import SQL, Identifier
from report import Report, arguments
from town import Town, town_of_its_own
from usage import between, processor_seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

GOAL_RATIO, AIM_RATIO, GOAL_P99_MS, GOAL_IMPORT, AIM_IMPORT = 0.15, 0.30, 100.0, 500, 1500
CLIENTS = (1, 8)
COPY = "ceiling"
CAPTURED = 400
WARM_UP_SECONDS = 3.0
DRAIN_SECONDS = 600.0
# Where the real messages lie when they are beside the project.
REAL_MESSAGES = Path(__file__).parents[2] / "shared" / "data" / "appeals-zh" / "messages_4326.csv"


def main() -> None:
    """Measure, print, and end well whatever came out: a benchmark is no test."""
    parser = arguments(__doc__, seconds=15)
    parser.add_argument("--rounds", type=int, default=3, help="turns HTTP and pgbench take")
    parser.add_argument("--rows", type=int, default=20_000, help="rows of the imported file; 0 leaves it out")
    chosen = parser.parse_args()
    report = Report("Appeals through the pipe, beside pgbench committing the same rows", chosen.json)
    with town_of_its_own(HUYING_LOG_LEVEL="WARNING") as town:
        key = town.inside("found")["api_key"]
        bodies = town.inside("bodies")
        _copy_database(town)
        captured = town.inside("capture", key, str(CAPTURED), database=COPY)
        ceiling = Ceiling(town, COPY, captured["written"], captured["since"])
        report.keep("document_bytes", ceiling.document_bytes)
        _statements(report, captured["statements"])
        with town.running():
            turns = Turns(report, town, ceiling, _requests(bodies, key))
            turns.warm_up()
            for clients in CLIENTS:
                turns.take(clients, seconds=chosen.seconds, rounds=chosen.rounds)
            if chosen.rows:
                _import(report, town, bodies, chosen.rows)
    report.end()


def _copy_database(town: Town) -> None:
    """Copy the founded town, so that HTTP and pgbench begin with the same tables."""
    with psycopg.connect(town.url_of("postgres"), autocommit=True) as connection:
        copying = SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(COPY), Identifier(_name(town)))
        connection.execute(copying)


def _name(town: Town) -> str:
    return town.database_url.rpartition("/")[2].partition("?")[0]


def _statements(report: Report, per_appeal: list[int]) -> None:
    mean, median = statistics.mean(per_appeal), statistics.median(per_appeal)
    report.keep("statements_per_appeal", {"mean": round(mean, 2), "median": median})
    report.say(
        f"SQL statements per appeal: {mean:.2f} (median {median:g}), the writing one with all its rows"
    )


def _requests(bodies: list[dict[str, Any]], key: str) -> Iterator[bytes]:
    """Return requests without end: the texts in turn, each time at another spot and with another key."""
    dice = random.Random(8)
    for number in itertools.count():
        body = bodies[number % len(bodies)]
        point = {
            name: round(degrees + dice.uniform(-0.001, 0.001), 6) for name, degrees in body["point"].items()
        }
        data = json.dumps({**body, "point": point}, ensure_ascii=False).encode()
        head = (
            "POST /api/v1/appeals HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {key}\r\nIdempotency-Key: bench-{number}\r\n"
            f"Content-Length: {len(data)}\r\n\r\n"
        )
        yield head.encode() + data


class Turns:
    """HTTP and pgbench in turns, for one number of clients after the other."""

    def __init__(self, report: Report, town: Town, ceiling: Ceiling, requests: Iterator[bytes]) -> None:
        self._report, self._town, self._ceiling, self._requests = report, town, ceiling, requests

    def warm_up(self) -> None:
        """Let connections be opened and statements be planned before anything is measured."""
        self._ask(max(CLIENTS), WARM_UP_SECONDS)

    def take(self, clients: int, *, seconds: float, rounds: int) -> None:
        """Measure one number of clients for so many seconds, divided into rounds."""
        asked: list[Figures] = []
        committed: list[Figures] = []
        used: list[dict[str, float]] = []
        rate = self._ceiling.run(clients=clients, transactions=500 // clients).per_second
        for _ in range(rounds):
            _drain(self._town)
            before = processor_seconds(self._town)
            asked.append(self._ask(clients, seconds / rounds))
            used.append(between(before, processor_seconds(self._town), len(asked[-1].milliseconds)))
            jobs_left, drained = _drain(self._town)
            before = processor_seconds(self._town)
            transactions = max(50, int(rate * seconds / rounds / clients))
            committed.append(self._ceiling.run(clients=clients, transactions=transactions))
            rate = committed[-1].per_second
            alone = between(before, processor_seconds(self._town), transactions * clients)
            used[-1]["database under pgbench"] = alone["database"]
        self._tell(clients, together(asked), together(committed))
        self._tell_used(clients, used)
        self._report.say(f"  jobs left when the last round ended: {jobs_left}; done {drained:.1f} s later")

    def _ask(self, clients: int, seconds: float) -> Figures:
        return drive(
            self._town.port,
            self._requests,
            clients=clients,
            seconds=seconds,
            good=lambda status: status == 201,
        )

    def _tell(self, clients: int, asked: Figures, committed: Figures) -> None:
        report, ratio = self._report, asked.per_second / committed.per_second
        label = f"{clients} client{'s' * (clients > 1)}"
        report.say(f"{label}, HTTP    {asked.line()}")
        report.say(f"{label}, pgbench {committed.line()}")
        figures = {"http": asked.as_json(), "pgbench": committed.as_json(), "ratio": round(ratio, 4)}
        report.keep(f"clients_{clients}", figures)
        if clients == max(CLIENTS):
            report.goal(f"ratio to pgbench at {label}", ratio, GOAL_RATIO, aim=AIM_RATIO)
            report.goal(f"p99 at {label}", asked.percentile(99), GOAL_P99_MS, most=True, unit=" ms")
        else:
            report.say(f"ratio to pgbench at {label}: {ratio:.3g}")

    def _tell_used(self, clients: int, used: list[dict[str, float]]) -> None:
        middle = {part: statistics.median(one[part] for one in used) for part in used[0]}
        told = ", ".join(f"{part} {milliseconds:.2f}" for part, milliseconds in middle.items())
        self._report.say(f"  processor milliseconds per appeal: {told}")
        self._report.figures[f"clients_{clients}"]["processor_ms"] = middle


def _drain(town: Town) -> tuple[int, float]:
    """Wait until the worker has done every job; return how many there were, and the seconds it took."""
    started = time.perf_counter()
    with psycopg.connect(town.database_url, autocommit=True) as connection:
        first = left = _waiting(connection)
        while left and time.perf_counter() - started < DRAIN_SECONDS:
            time.sleep(0.2)
            left = _waiting(connection)
    return first, time.perf_counter() - started


def _waiting(connection: psycopg.Connection) -> int:
    row = connection.execute(
        "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') "
        "AND (scheduled_at IS NULL OR scheduled_at <= now())"
    ).fetchone()
    return int(row[0]) if row else 0


def _import(report: Report, town: Town, bodies: list[dict[str, Any]], rows: int) -> None:
    """Import a generated file, and the real messages when they are there, beside the running town."""
    file = town.folder / "appeals.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["key", "text", "lat", "lon"])
        for number in range(rows):
            body = bodies[number % len(bodies)]
            writer.writerow([f"row-{number}", body["text"], body["point"]["lat"], body["point"]["lon"]])
    files = [file, *([REAL_MESSAGES] if REAL_MESSAGES.exists() else [])]
    for path in files:
        before = os.times().children_user
        started = time.perf_counter()
        told = json.loads(town.command("import", str(path), "--channel", "import", "--json"))
        seconds = time.perf_counter() - started
        processor = os.times().children_user - before
        rate = told["taken"] / seconds
        report.say(
            f"import of {path.name}: {told['taken']} of {told['rows']} taken in {seconds:.1f} s, "
            f"{processor * 1000 / max(1, told['taken']):.2f} ms of one processor each"
        )
        report.keep(
            f"import_{path.stem}", {**told, "problems": len(told["problems"]), "seconds": round(seconds, 2)}
        )
        report.goal(f"import of {path.name}", rate, GOAL_IMPORT, aim=AIM_IMPORT, unit="/s")
        _drain(town)


if __name__ == "__main__":
    main()
