"""Jobs of insight: what happened is counted every minute, and the counts are proved every night."""

from __future__ import annotations

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from huying.insight.recounting import recount
from huying.insight.rolling import roll

logger = logging.getLogger("huying.insight")


@app.periodic(cron="* * * * *")
@app.task(name="insight.roll", queue="clocks", queueing_lock="insight.roll")
def roll_every_minute(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives the planned time; we take the real one
    """Count what happened since."""
    while roll(at=timezone.now()):
        pass


@app.periodic(cron="50 3 * * *")
@app.task(name="insight.recount", queue="clocks", queueing_lock="insight.recount")
def recount_nightly(timestamp: int) -> None:  # noqa: ARG001 - likewise
    """Compare the rolling counts with the truth, mend what differs, and say so."""
    found = recount(at=timezone.now())
    if not found.whole:
        logger.warning(
            "the rolling counts differed from the truth and were mended",
            extra={"cases": found.cases_mended, "sums": found.sums_mended, "examples": found.examples[:3]},
        )
