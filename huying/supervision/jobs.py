"""Jobs of supervision: dates, letters, promises, and the weekly list."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from huying.supervision.weeks import freeze_week, keep_orders


@app.periodic(cron="17 * * * *")
@app.task(name="supervision.keep", queue="clocks", queueing_lock="supervision.keep")
def keep(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives the planned time; we take the real one
    """Every hour: tell of dates and promises, and send the letters that go by themselves."""
    while keep_orders(at=timezone.now()):
        pass


@app.periodic(cron="5 * * * *")
@app.task(name="supervision.freeze_week", queue="clocks", queueing_lock="supervision.freeze_week")
def roll_over(timestamp: int) -> None:  # noqa: ARG001 - likewise
    """Freeze the week that ended, at the first hour of Monday, or whenever a stopped worker comes back."""
    freeze_week(at=timezone.now())
