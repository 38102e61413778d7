"""Jobs of cases: what has come due by the clock, every five minutes."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from huying.cases.keeping import keep_cases


@app.periodic(cron="*/5 * * * *")
@app.task(name="cases.keep", queue="clocks", queueing_lock="cases.keep")
def keep(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives the planned time; we take the real one
    """Lapse, resume, colour and archive what has come due."""
    at = timezone.now()
    while keep_cases(at=at):
        pass
