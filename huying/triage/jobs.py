"""Jobs of triage: learn every night from what people judged, ask a large model where there is one."""

from __future__ import annotations

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from huying.triage.learning import learn
from huying.triage.opinions import ask_for_opinions

logger = logging.getLogger("huying.triage")


@app.periodic(cron="30 3 * * *")
@app.task(name="triage.learn", queue="clocks", queueing_lock="triage.learn")
def learn_nightly(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives the planned time; we take the real one
    """Learn a model, compare it with what was said, and put it in force where it is no worse."""
    edition = learn(at=timezone.now())
    if edition is not None:
        logger.info("learnt a model", extra={"number": edition.number, "finding": edition.finding})


@app.periodic(cron="* * * * *")
@app.task(name="triage.ask_large_model", queue="clocks", queueing_lock="triage.ask_large_model")
def ask_every_minute(timestamp: int) -> None:  # noqa: ARG001 - likewise
    """Ask the town's large model, where there is one, about what a person has to decide."""
    ask_for_opinions(at=timezone.now())
