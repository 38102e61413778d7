"""A small load generator: so many clients, each with its own connection, one request after the other."""

from __future__ import annotations

import http.client
import json
import multiprocessing
import random
import statistics
import time
from dataclasses import dataclass
from typing import Any


@dataclass
class Figures:
    """What one run measured: requests a second, and times in milliseconds."""

    clients: int
    requests: int
    seconds: float
    p50: float
    p95: float
    p99: float
    failures: int

    @property
    def per_second(self) -> float:
        """Return requests a second."""
        return self.requests / self.seconds

    def line(self) -> str:
        """Return the figures for people."""
        return (
            f"{self.clients} clients: {self.per_second:7.1f} requests/s   p50 {self.p50:6.1f} ms   "
            f"p95 {self.p95:6.1f} ms   p99 {self.p99:6.1f} ms   ({self.requests} requests, {self.failures} failed)"
        )


def _client(port: int, path: str, headers: dict[str, str], bodies: list[dict[str, Any]], seconds: float, seed: int, out: Any) -> None:  # noqa: ANN401 - a multiprocessing queue
    rng = random.Random(seed)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    times: list[float] = []
    failures = 0
    start = time.perf_counter()
    number = 0
    while time.perf_counter() - start < seconds:
        number += 1
        body = dict(rng.choice(bodies))
        body["point"] = {"lat": round(22.70 + rng.random() * 0.0099, 6), "lon": round(114.0 + rng.random() * 0.0099, 6)}
        data = json.dumps(body).encode()
        began = time.perf_counter()
        connection.request(
            "POST", path, data, headers | {"Idempotency-Key": f"{seed}-{number}-{start}", "Content-Type": "application/json"}
        )
        answer = connection.getresponse()
        answer.read()
        times.append(time.perf_counter() - began)
        failures += answer.status != 201
    out.put((times, failures, time.perf_counter() - start))


def drive(port: int, path: str, *, headers: dict[str, str], bodies: list[dict[str, Any]], clients: int, seconds: float) -> Figures:
    """Send appeals from `clients` connections for some seconds and return what was measured.

    The clients share two processes at most, as they share the machine with the server; each connection sends
    its next request when it has the answer to the last.
    """
    context = multiprocessing.get_context("fork")
    out = context.Queue()
    workers = [
        context.Process(target=_client, args=(port, path, headers, bodies, seconds, seed + random.randrange(10**9), out))
        for seed in range(clients)
    ]
    for worker in workers:
        worker.start()
    results = [out.get() for _ in workers]
    for worker in workers:
        worker.join()
    times = sorted(moment * 1000 for found, _, _ in results for moment in found)
    cuts = statistics.quantiles(times, n=100)
    longest = max(seconds_run for _, _, seconds_run in results)
    return Figures(clients, len(times), longest, cuts[49], cuts[94], cuts[98], sum(failed for _, failed, _ in results))
