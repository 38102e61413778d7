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


@dataclass
class Paced:
    """What was measured at a steady pace: by kind of request, and how far the pace was kept."""

    kinds: dict[str, Figures] = field(default_factory=dict)
    seconds: float = 0.0
    late: int = 0
    refused: list[str] = field(default_factory=list)


def pace(
    port: int, asked: Iterator[tuple[int, str, bytes]], *, clients: int, rate: float, seconds: float
) -> Paced:
    """Send `rate` requests a second for some seconds, each over the connection of its client.

    `asked` gives the client's number, the kind and the request; a client that still waits for its last answer
    lets its turn pass to its next. Times count from the moment a request was due, so a server that falls
    behind is not spared. Answers of 200 and 302 are the hoped-for ones.
    """
    paced, line = Paced(), _Line(port, clients)
    waiting: list[tuple[int, str, bytes, float]] = []
    due = started = time.perf_counter()
    until = started + seconds
    while time.perf_counter() < until or line.asked or waiting:
        now = time.perf_counter()
        while due <= now and due < until:
            waiting.append((*next(asked), due))
            due += 1 / rate
        for one in [one for one in waiting if one[0] not in line.asked]:
            number, kind, request, moment = one
            if number not in line.asked:
                waiting.remove(one)
                paced.late += now - moment > 1 / rate
                line.ask(number, kind, request, moment)
        for number, kind, status, milliseconds in line.answers(until=due):
            figures = paced.kinds.setdefault(kind, Figures(1, 0.0, []))
            figures.milliseconds.append(milliseconds)
            if status not in {200, 302}:
                figures.failures += 1
                paced.refused.append(f"{kind}: {status} for client {number}")
        if now > until + PATIENCE_SECONDS:
            raise TimeoutError(f"no answer within {PATIENCE_SECONDS:.0f} s")
    line.close()
    paced.seconds = time.perf_counter() - started
    for figures in paced.kinds.values():
        figures.seconds = paced.seconds
    return paced


class _Line:
    """The connections of all clients. One the server let go while nothing was asked is opened again."""

    def __init__(self, port: int, clients: int) -> None:
        self._port, self._selector = port, selectors.DefaultSelector()
        self._clients: dict[int, _Client] = {}
        self.asked: dict[int, tuple[str, bytes, float]] = {}
        for number in range(clients):
            self._open(number)

    def _open(self, number: int) -> None:
        client = _Client(socket.create_connection(("127.0.0.1", self._port), PATIENCE_SECONDS))
        client.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._selector.register(client.connection, selectors.EVENT_READ, number)
        self._clients[number] = client

    def ask(self, number: int, kind: str, request: bytes, moment: float) -> None:
        """Send a request whose time counts from `moment`."""
        self.asked[number] = (kind, request, moment)
        self._clients[number].ask(request)

    def answers(self, *, until: float) -> Iterator[tuple[int, str, int, float]]:
        """Yield what came until then: client, kind, status and milliseconds."""
        pause = min(max(0.0, until - time.perf_counter()), 0.05)
        for key, _events in self._selector.select(pause):
            number = key.data
            try:
                status = self._clients[number].read()
            except ConnectionError:
                self._again(number)
                continue
            if status:
                kind, _request, moment = self.asked.pop(number)
                yield number, kind, status, (time.perf_counter() - moment) * 1000

    def _again(self, number: int) -> None:
        """Open a connection the server closed, as it may an idle one; what was just sent goes anew."""
        self._selector.unregister(self._clients[number].connection)
        self._clients[number].connection.close()
        self._open(number)
        if number in self.asked:
            self._clients[number].ask(self.asked[number][1])

    def close(self) -> None:
        """Close them all."""
        for client in self._clients.values():
            client.connection.close()
        self._selector.close()
