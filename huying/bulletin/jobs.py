"""Jobs of papers: the drafts of a morning."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from huying.bulletin.planning import draft_what_is_due


# 23:30 UTC is 7:30 in the morning in Shanghai: before the day begins, and after the night's counting.
@app.periodic(cron="30 23 * * *")
@app.task(name="bulletin.draft", queue="clocks", queueing_lock="bulletin.draft")
def draft(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives the planned time; we take the real one
    """Draft the bulletins the town's plan asks for this morning."""
    draft_what_is_due(at=timezone.now())
