"""The one job through which every handler runs."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from huying.ledger import handlers

# A fault of the moment (a locked row, a lost connection) passes; 8 tries spread over about four hours.
PATIENCE = RetryStrategy(max_attempts=8, exponential_wait=5)


@app.task(name=handlers.TASK, queue=handlers.QUEUE, retry=PATIENCE)
def react(handler: str, facts: list[str]) -> None:
    """Run `handler` for these facts; at least once each, effect once each."""
    handlers.react(handler, facts)
