"""Jobs of sealed reports: silence closes them, and in time nobody knows any more who reported."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from huying.sealed.actions import close_silent, destroy_identities
from huying.sealed.pictures import destroy_pictures


@app.periodic(cron="10 3 * * *")
@app.task(name="sealed.forget", queue="clocks", queueing_lock="sealed.forget")
def forget(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives the planned time; we take the real one
    """Close what was answered long ago; destroy identities and photos whose time is over."""
    close_silent(at=timezone.now())
    destroy_identities(at=timezone.now())
    destroy_pictures(at=timezone.now())
