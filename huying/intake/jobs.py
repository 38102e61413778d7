"""Jobs of intake: what nobody needs any more is swept out."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from huying.intake.photos import WAITING_HOURS, sweep_photos
from huying.kit import tally

# Longer than the longest window that is counted (a day) and the one before it.
COUNTED_DAYS = 3


@app.periodic(cron="17 * * * *")
@app.task(name="intake.sweep", queue="clocks", queueing_lock="intake.sweep")
def sweep(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives the planned time; we take the real one
    """Forget photos no appeal was sent with, and counts no limit looks at any more."""
    at = timezone.now()
    while sweep_photos(before=at - timedelta(hours=WAITING_HOURS)):
        pass
    tally.sweep(before=at - timedelta(days=COUNTED_DAYS))
