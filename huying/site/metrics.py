"""Counters and times in the Prometheus text format, summed over the web processes."""

from __future__ import annotations

import os
from pathlib import Path


def _shared_folder() -> None:
    """Let the processes of one server share counts through small files; the supervisor names the folder."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)


_shared_folder()

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest  # noqa: E402 - reads the folder above
from prometheus_client.multiprocess import MultiProcessCollector  # noqa: E402 - likewise
from prometheus_client.registry import REGISTRY  # noqa: E402 - likewise

REQUESTS = Counter("huying_requests_total", "Requests answered.", ["method", "route", "status"])
SECONDS = Histogram(
    "huying_request_seconds",
    "Time to answer a request.",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
APPEALS = Counter("huying_appeals_total", "Appeals taken in.", ["channel", "outcome"])


def exposition() -> bytes:
    """Return all metrics of this server as text."""
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the one class prometheus leaves untyped
    return generate_latest(registry)
