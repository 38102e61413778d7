"""A small load generator: so many connections, each sends its next request when the last is answered.

One process and plain sockets, so that little of the machine goes to asking: the server shares it.
"""

from __future__ import annotations

import selectors
import socket
import statistics
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

READ_BYTES = 65536
PATIENCE_SECONDS = 60.0


@dataclass
class Figures:
    """What was measured: how many requests in how many seconds, and how long each took (milliseconds)."""

    clients: int
    seconds: float
    milliseconds: list[float]
    failures: int = 0

    @property
    def per_second(self) -> float:
        """Return requests a second."""
        return len(self.milliseconds) / self.seconds

    def percentile(self, percent: int) -> float:
        """Return the time in milliseconds that so many per cent of the requests stayed within."""
        if len(self.milliseconds) < 2:
            return self.milliseconds[0] if self.milliseconds else 0.0
        return statistics.quantiles(self.milliseconds, n=100, method="inclusive")[percent - 1]

    def line(self) -> str:
        """Return the figures for people."""
        failed = f", {self.failures} FAILED" if self.failures else ""
        times = "   ".join(f"p{percent} {self.percentile(percent):6.1f} ms" for percent in (50, 95, 99))
        return f"{self.per_second:8.1f}/s   {times}   ({len(self.milliseconds)} requests{failed})"

    def as_json(self) -> dict[str, float]:
        """Return the figures for programs."""
        percentiles = {f"p{percent}_ms": round(self.percentile(percent), 2) for percent in (50, 95, 99)}
        return {
            "clients": self.clients,
            "per_second": round(self.per_second, 1),
            **percentiles,
            "requests": len(self.milliseconds),
            "failures": self.failures,
        }


def together(rounds: list[Figures]) -> Figures:
    """Return several rounds as one: the median round's rate, the times of all."""
    median = statistics.median(one.per_second for one in rounds)
    times = [milliseconds for one in rounds for milliseconds in one.milliseconds]
    return Figures(rounds[0].clients, len(times) / median, times, sum(one.failures for one in rounds))


@dataclass
class _Client:
    """One connection and the answer it waits for."""

    connection: socket.socket
    sent_at: float = 0.0
    got: bytearray = field(default_factory=bytearray)

    def ask(self, request: bytes) -> None:
        self.got.clear()
        self.sent_at = time.perf_counter()
        self.connection.sendall(request)

    def read(self) -> int:
        """Take what has come; return the status when the answer is whole, else 0."""
        piece = self.connection.recv(READ_BYTES)
        if not piece:
            raise ConnectionError("the server closed the connection")
        self.got += piece
        head, found, body = self.got.partition(b"\r\n\r\n")
        if not found:
            return 0
        if len(body) < _length(bytes(head)):
            return 0
        return int(head[9:12])


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line[:15].lower() == b"content-length:":
            return int(line[15:])
    raise ValueError("an answer without Content-Length")


def drive(
    port: int, requests: Iterator[bytes], *, clients: int, seconds: float, good: Callable[[int], bool]
) -> Figures:
    """Send requests over so many connections for some seconds and return what was measured.

    `good` says whether a status is the hoped-for one; others are counted as failures.
    """
    figures = Figures(clients, 0.0, [])
    with selectors.DefaultSelector() as selector:
        crowd = [
            _Client(socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS)) for _ in range(clients)
        ]
        started = time.perf_counter()
        for client in crowd:
            client.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(client.connection, selectors.EVENT_READ, client)
            client.ask(next(requests))
        waiting = clients
        while waiting:
            answered = selector.select(PATIENCE_SECONDS)
            if not answered:
                raise TimeoutError(f"no answer within {PATIENCE_SECONDS:.0f} s")
            for key, _ in answered:
                client = key.data
                status = client.read()
                if not status:
                    continue
                now = time.perf_counter()
                figures.milliseconds.append((now - client.sent_at) * 1000)
                figures.failures += not good(status)
                if now - started < seconds:
                    client.ask(next(requests))
                else:
                    waiting -= 1
        figures.seconds = time.perf_counter() - started
        for client in crowd:
            client.connection.close()
    return figures
