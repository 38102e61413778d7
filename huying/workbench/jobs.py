"""Jobs of the workbench: writing lists that were asked for, deleting those whose time is over."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone, translation
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from huying.kit.errors import Refusal
from huying.people.access import OTHER, Look, log_access
from huying.people.models import Seen
from huying.people.permissions import Permission
from huying.people.queries import actor_of
from huying.people.reasons import NOT_ALLOWED
from huying.workbench import exports, rounds
from huying.workbench.telling import tell_lens
from huying.workbench.writing import ListWriter, stamp_of, write_file

if TYPE_CHECKING:
    from huying.workbench.models import ExportRun

logger = logging.getLogger("huying.workbench")
PATIENCE = RetryStrategy(max_attempts=4, exponential_wait=4)


@app.task(name="workbench.write_list", queue="exports", retry=PATIENCE)
def write_list(run: str) -> None:
    """Write a list that was asked for, with the rights its owner has now."""
    found = exports.begin_writing(UUID(run))
    if found is None:
        return
    with translation.override(found.language):
        try:
            _write(found)
        except Refusal as refusal:
            exports.fail(found.pk, refusal.reason.key, refusal.sentence, at=timezone.now())


def _write(run: ExportRun) -> None:
    at = timezone.now()
    by = actor_of(run.account, at=at)
    if not run.account.is_active or not by.holds(Permission.EXPORT_RUN):
        raise Refusal(NOT_ALLOWED)
    lens = exports.lens_of(run)
    look, number = Look(OTHER, run.why), number_of(run)

    def note(appeals: list[UUID]) -> None:
        log_access(appeals, look, seen=Seen.EXPORT, subject=number, page="export", by=by, at=at)

    writer = ListWriter(lens, contacts=run.contacts, by=by, at=at, on_contacts=note)
    stamp = stamp_of(
        number=number, why=run.why, username=run.account.username, by=by, told=tell_lens(lens), at=at
    )
    with exports.scratch_file() as path:
        write_file(path, writer, stamp=stamp, progress=lambda rows: exports.tell_progress(run, rows))
        exports.keep_file(run.pk, path, rows=writer.rows, more=writer.more, at=timezone.now())
    logger.info("a list was written", extra={"run": str(run.pk), "rows": writer.rows})


def number_of(run: ExportRun) -> str:
    """Return the short number that stands on every page of a list."""
    return f"E-{run.pk.hex[-10:].upper()}"


@app.periodic(cron="27 * * * *")
@app.task(name="workbench.delete_old", queue="clocks", queueing_lock="workbench.delete_old")
def delete_old(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives the planned time; we take the real one
    """Delete the files whose time is over, and the keys no phone sends again."""
    while exports.delete_old(at=timezone.now()):
        pass
    rounds.forget_old_steps(at=timezone.now())
