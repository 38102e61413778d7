"""Jobs of triage: learn every night from what people judged, ask a large model where there is one.

Both are slow, so they have queues of their own (`site.ground.worker`): nothing else waits behind them.
"""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from huying.kit.apart import run_apart
from huying.triage.opinions import ask_for_opinions


@app.periodic(cron="30 3 * * *")
@app.task(name="triage.learn", queue="learning", queueing_lock="triage.learn", lock="triage.learn")
def learn_nightly(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives the planned time; the child takes the real one
    """Learn in a process of its own, which takes what time the others leave it."""
    run_apart("huying.triage.nightly")


@app.periodic(cron="* * * * *")
@app.task(name="triage.ask_large_model", queue="opinions", queueing_lock="triage.ask_large_model")
def ask_every_minute(timestamp: int) -> None:  # noqa: ARG001 - likewise
    """Ask the town's large model, where there is one, about what a person has to decide."""
    ask_for_opinions(at=timezone.now())
