"""Jobs of insight: counting every minute, proving every night, and the night's pass over hot spots."""

from __future__ import annotations

import logging

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from huying.insight import nightly
from huying.insight.lexicons import learn_anew
from huying.insight.recounting import recount
from huying.insight.rolling import roll

# Behind everything else that waits: the reactions of the day go first.
LAST = -10
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


@app.periodic(cron="20 2 * * *")
@app.task(name="insight.hot_spots", queue="clocks", queueing_lock="insight.hot_spots")
def go_over_hot_spots(timestamp: int) -> None:  # noqa: ARG001 - likewise
    """Take in what was missed, then queue passes over the communities: jobs of seconds, behind all else."""
    at = timezone.now()
    nightly.take_in_missed(at=at)
    learn_anew(at=at)
    for areas in nightly.slices(at=at):
        job = pass_over_communities.configure(priority=LAST, queueing_lock=f"insight.pass.{areas[0]}")
        try:
            with transaction.atomic():
                job.defer(areas=[*areas])
        except AlreadyEnqueued:
            logger.info("the pass over these communities waits already", extra={"areas": areas})


@app.task(name="insight.pass_over", queue="clocks")
def pass_over_communities(areas: list[str]) -> None:
    """Set the hot spots of some communities right."""
    found = nightly.pass_over(areas, at=timezone.now())
    logger.info("went over hot spots", extra={"areas": len(areas), "found": found})


@app.periodic(cron="25 * * * *")
@app.task(name="insight.cool_down", queue="clocks", queueing_lock="insight.cool_down")
def cool_down_hourly(timestamp: int) -> None:  # noqa: ARG001 - likewise
    """Let hot spots nobody wrote on cool by time alone; a town that has grown learns its words anew."""
    at = timezone.now()
    nightly.cool_down(at=at)
    learn_anew(at=at, hourly=True)
