"""Jobs of admission: reminders of reviews, and terms that are over."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from huying.admission.terms import mind_terms


@app.periodic(cron="23 * * * *")
@app.task(name="admission.mind", queue="clocks", queueing_lock="admission.mind")
def mind(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives the planned time; we take the real one
    """Remind of reviews that come near, and note the terms that are over."""
    while mind_terms(at=timezone.now()):
        pass
