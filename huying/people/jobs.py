"""Jobs of people: sessions of power that are over are written down as ended, old codes are forgotten."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from huying.people.actions import forget_codes
from huying.people.power import end_stale_powers


@app.periodic(cron="*/5 * * * *")
@app.task(name="people.powers", queue="clocks", queueing_lock="people.powers")
def end_powers(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives the planned time; we take the real one
    """End what is over or was left alone; from that moment on it gave nothing already."""
    end_stale_powers(at=timezone.now())


@app.periodic(cron="41 3 * * *")
@app.task(name="people.codes", queue="clocks", queueing_lock="people.codes")
def forget_old_codes(timestamp: int) -> None:  # noqa: ARG001 - likewise
    """Every night: forget the phones that were sent codes two days ago and longer."""
    forget_codes(at=timezone.now())
