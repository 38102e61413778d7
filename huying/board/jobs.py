"""Jobs of the duty board: what somebody has to look at is looked for every minute, reports made at night."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from huying.board.incidents import note_late_tasks
from huying.board.reporting import report_all
from huying.board.watching import watch


@app.periodic(cron="* * * * *")
@app.task(name="board.watch", queue="clocks", queueing_lock="board.watch")
def watch_every_minute(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives the planned time; we take the real one
    """Raise what stands, take down what is over; note which tasks of incidents are late."""
    watch(at=timezone.now())
    note_late_tasks(at=timezone.now())


@app.periodic(cron="0 18 * * *")
@app.task(name="board.report", queue="clocks", queueing_lock="board.report")
def report_daily(timestamp: int) -> None:  # noqa: ARG001 - likewise
    """Make the report of the day of every incident that goes on."""
    report_all(at=timezone.now())
