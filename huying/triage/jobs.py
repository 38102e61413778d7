"""Jobs of triage: every night, learn from what people judged by day."""

from __future__ import annotations

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from huying.triage.learning import learn

logger = logging.getLogger("huying.triage")


@app.periodic(cron="30 3 * * *")
@app.task(name="triage.learn", queue="clocks", queueing_lock="triage.learn")
def learn_nightly(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives the planned time; we take the real one
    """Learn a model, compare it with what was said, and put it in force where it is no worse."""
    edition = learn(at=timezone.now())
    if edition is not None:
        logger.info("learnt a model", extra={"number": edition.number, "finding": edition.finding})
