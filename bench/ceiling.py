"""The server's own limit: pgbench committing an appeal's rows by the statement the pipe writes them with.

The statements and their JSON documents are captured from the pipe. Beforehand every document is written out
as often as it will be needed, each time with fresh keys, so that no two transactions are in each other's way;
a transaction then takes the next one. What pgbench does beyond the pipe's own write: it reads its document
from a table instead of getting it over the socket. What it leaves out: all else an appeal asks of the server.
"""

from __future__ import annotations

import itertools
import json
import random
import re
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from load import Figures
from town import BenchError, Town

from huying.kit.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Iterator

PARAMETER = "SELECT %s::jsonb AS doc"
# Keys the pipe made (their first 48 bits tell when), the channel's key, and the numbers people read out; but
# not the earlier appeal a twin is suspected of, which is there already.
FRESH = re.compile(
    r'(?<!"earlier_id": ")[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}'
    r"|captured-\d+|(?:SQ|GD)\d{8,}"
)


class Ceiling:
    """pgbench on one database of a town, with the documents captured there."""

    def __init__(
        self, town: Town, database: str, written: list[tuple[str, str]], since_milliseconds: int
    ) -> None:
        """Take pairs of SQL and document; keys made before `since_milliseconds` are the town's and stay."""
        self._town, self._database, self._since = town, database, since_milliseconds
        self._documents: dict[str, list[str]] = {}
        for sql, document in written:
            self._documents.setdefault(sql, []).append(_without_twins(document))
        self._captured = len(written)
        self._numbers = itertools.count(1)

    @property
    def shapes(self) -> int:
        """Return how many different statements there are (with and without a suspected twin, and so on)."""
        return len(self._documents)

    @property
    def document_bytes(self) -> int:
        """Return how large a document is in the middle."""
        sizes = sorted(len(one.encode()) for documents in self._documents.values() for one in documents)
        return sizes[len(sizes) // 2]

    def run(self, *, clients: int, transactions: int) -> Figures:
        """Commit so many appeals' rows from every client and tell how fast; BenchError if one is missing."""
        with psycopg.connect(self._town.url_of(self._database), autocommit=True) as connection:
            shares = self._write_documents(connection, clients, transactions)
            before = _count(connection)
            with tempfile.TemporaryDirectory() as folder:
                figures = self._pgbench(Path(folder), shares, clients, transactions)
            missing = before + clients * transactions - _count(connection)
            if missing:
                raise BenchError(f"pgbench committed {missing} appeals too few")
        return figures

    def _write_documents(self, connection: psycopg.Connection, clients: int, transactions: int) -> list[int]:
        """Write fresh documents and return, for each shape, how many every client may use."""
        dice = random.Random(clients)
        connection.execute(
            "CREATE UNLOGGED TABLE IF NOT EXISTS bench_document "
            "(shape int, n int, doc text STORAGE EXTERNAL, PRIMARY KEY (shape, n))"
        )
        connection.execute("TRUNCATE bench_document")
        shares = []
        copying = "COPY bench_document (shape, n, doc) FROM STDIN"
        with connection.cursor() as cursor, cursor.copy(copying) as copy:
            for shape, documents in enumerate(self._documents.values()):
                expected = transactions * len(documents) / self._captured
                # Scripts are drawn by lot: five times the standard deviation is more than enough.
                share = int(expected + 5 * expected**0.5) + 10
                shares.append(share)
                for number in range(1, clients * share + 1):
                    copy.write_row((shape, number, self._fresh(dice.choice(documents))))
        connection.execute("VACUUM ANALYZE bench_document")
        return shares

    def _fresh(self, document: str) -> str:
        """Return a document with each key and number of its own replaced by a new one, same for same."""
        new: dict[str, str] = {}
        number = next(self._numbers)

        def renewed(found: re.Match[str]) -> str:
            old = found.group()
            if old not in new:
                new[old] = self._renewed(old, number)
            return new[old]

        return FRESH.sub(renewed, document)

    def _renewed(self, old: str, number: int) -> str:
        if old.startswith("captured-"):
            return f"committed-{number}"
        if old[:2] in {"SQ", "GD"}:
            return f"{old[:2]}99{number:09d}"
        return str(new_id()) if int(old[:8] + old[9:13], 16) >= self._since else old

    def _pgbench(self, folder: Path, shares: list[int], clients: int, transactions: int) -> Figures:
        words = [self._town.program("pgbench"), "--no-vacuum", "--protocol=prepared", "--log"]
        words += [f"--client={clients}", f"--transactions={transactions}", f"--log-prefix={folder / 'log'}"]
        for shape, (sql, documents) in enumerate(self._documents.items()):
            script = folder / f"shape{shape}.sql"
            script.write_text(_script(sql, shape, shares[shape]), encoding="utf-8")
            words += [f"--file={script}@{len(documents)}", f"--define=i{shape}=0"]
        done = subprocess.run(
            words, env=self._town.libpq(self._database), check=False, capture_output=True, text=True
        )
        rate = re.search(r"tps = ([0-9.]+)", done.stdout)
        if done.returncode or not rate:
            raise BenchError(f"pgbench: {done.stderr[-2000:]}")
        times = list(_logged(folder))
        return Figures(clients, len(times) / float(rate.group(1)), times)


def _without_twins(document: str) -> str:
    """Return a document without its suspected twins: they name other appeals, which pgbench does not have.

    So pgbench writes a row less now and then, which makes our ratio a little lower than it is.
    """
    held = json.loads(document)
    held.pop("triage_twinsuspect", None)
    return json.dumps(held, ensure_ascii=False)


def _script(sql: str, shape: int, share: int) -> str:
    if sql.count(PARAMETER) != 1:
        raise BenchError("the pipe's statement no longer takes one JSON document")
    taken = f"SELECT doc::jsonb AS doc FROM bench_document WHERE shape = {shape} AND n = :n"  # noqa: S608 - a number
    statement = sql.replace(PARAMETER, taken).replace("%%", "%")
    return f"\\set i{shape} :i{shape} + 1\n\\set n :client_id * {share} + :i{shape}\n{statement};\n"


def _logged(folder: Path) -> Iterator[float]:
    """Return how long each transaction took in milliseconds: the third column of pgbench's log, in µs."""
    for log in folder.glob("log*"):
        for line in log.read_text(encoding="ascii").splitlines():
            yield int(line.split()[2]) / 1000


def _count(connection: psycopg.Connection) -> int:
    row = connection.execute("SELECT count(*) FROM intake_inbound").fetchone()
    return int(row[0]) if row else 0
