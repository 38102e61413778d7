"""Jobs of journeys: taking a file in, row by row, however often the worker is killed."""

from __future__ import annotations

import json
import logging
import shutil
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from huying.intake.models import ImportProblem, ImportRun, ImportState
from huying.journeys import (
    delivering,  # noqa: F401 - letters going out are jobs, too
    erasing,
    handing_over,  # noqa: F401 - and posts handed over
    hotspot_to_topic,  # noqa: F401 - and whether orders helped
    imports,
    letters,
    owndata,
    reminding,  # noqa: F401 - likewise
)
from huying.journeys.retention import sweep_retention
from huying.kit.errors import Reason, Refusal
from huying.mydata.actions import delete_copies, fail_copy, keep_copy
from huying.mydata.models import CopyState, DataCopy
from huying.people.models import Account
from huying.people.permissions import Permission
from huying.people.queries import actor_of
from huying.people.reasons import NOT_ALLOWED

if TYPE_CHECKING:
    from huying.kit.tabular import Table
    from huying.ledger.actor import Actor

logger = logging.getLogger("huying.journeys")

# A fault of the moment passes: a lost connection, a lock, a full disk somebody empties. Every try goes on
# where the last one stopped.
PATIENCE = RetryStrategy(max_attempts=6, exponential_wait=4)
PROGRESS = "progress.json"
FILE_GONE = Reason("file_gone", _("The file is no longer here. Please upload it again."), 410)


def folder_of(sha256: str) -> Path:
    """Return the folder a file that is to be taken in is kept in while it is needed."""
    return Path(settings.DATA_DIR) / "imports" / sha256


def file_of(sha256: str) -> Path | None:
    """Return the file kept under this hash, or None when it is not (or no longer) there."""
    folder = folder_of(sha256)
    held = [path for path in folder.iterdir() if path.name != PROGRESS] if folder.is_dir() else []
    return held[0] if held else None


def start_import(run: ImportRun, *, account_id: UUID, language: str) -> None:
    """Put the run into the queue, once; a run that waits there already is left as it is."""
    lock = f"imports.{run.file_sha256}"
    job = import_file.configure(queueing_lock=lock, lock=lock)
    try:
        with transaction.atomic():
            job.defer(run=str(run.pk), account=str(account_id), language=language)
    except AlreadyEnqueued:
        logger.info("the file waits already", extra={"run": str(run.pk)})


def is_under_way(run: ImportRun) -> bool:
    """Return whether a job for the run's file waits or runs."""
    return ProcrastinateJob.objects.filter(
        queueing_lock=f"imports.{run.file_sha256}", status__in=("todo", "doing")
    ).exists()


@app.task(name="journeys.import_file", queue="imports", retry=PATIENCE)
def import_file(run: str, account: str, language: str = "") -> None:
    """Take the file of a run in for the account that asked for it; done or failed, the file is let go.

    What can never succeed (a broken workbook, a right taken away) is kept as a problem of line 0.
    """
    found = ImportRun.objects.get(pk=UUID(run))
    if found.state != ImportState.RUNNING:
        return
    by = actor_of(Account.objects.get(pk=UUID(account)), at=timezone.now())
    with translation.override(language or None):
        try:
            _take(found, by)
        except Refusal as refusal:
            _fail(found, refusal)
    shutil.rmtree(folder_of(found.file_sha256), ignore_errors=True)


def _take(run: ImportRun, by: Actor) -> None:
    path = file_of(run.file_sha256)
    if path is None:
        raise Refusal(FILE_GONE)
    if not by.holds(Permission.IMPORT_RUN):
        raise Refusal(NOT_ALLOWED)
    if letters.is_mailbox(path):
        letters.import_letters(path, channel=run.channel_id, by=by)
    else:
        imports.import_file(path, channel=run.channel_id, told=run.mapping, by=by, on_progress=_note_progress)


def _fail(run: ImportRun, refusal: Refusal) -> None:
    with transaction.atomic():
        ImportProblem.objects.update_or_create(
            run=run, line=0, defaults={"reason": refusal.reason.key[:60], "sentence": refusal.sentence}
        )
        ImportRun.objects.filter(pk=run.pk).update(state=ImportState.FAILED, ended_at=timezone.now())


@app.periodic(cron="40 2 * * *")
@app.task(name="journeys.retention", queue="clocks", queueing_lock="journeys.retention")
def retain(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives the planned time; we take the real one
    """Mask, each night, what ended long enough ago."""
    sweep_retention(at=timezone.now())


@app.periodic(cron="10 3 * * *")
@app.task(name="journeys.erasure", queue="clocks", queueing_lock="journeys.erasure")
def erase(timestamp: int) -> None:  # noqa: ARG001 - likewise
    """Go on, each night, with residents who asked to be forgotten and had cases that were still open."""
    erasing.go_on(at=timezone.now())


@app.task(name="journeys.copy_data", queue="exports", retry=PATIENCE)
def copy_data(copy: str) -> None:
    """Put together the copy of everything held on a resident that was asked for."""
    asked = DataCopy.objects.select_related("account").filter(pk=UUID(copy), state=CopyState.ASKED).first()
    if asked is None or not asked.account.is_active:
        fail_copy(UUID(copy))
        return
    at = timezone.now()
    keep_copy(asked.pk, owndata.make_copy(asked.account, language=asked.language, at=at), at=at)


@app.periodic(cron="*/20 * * * *")
@app.task(name="journeys.delete_copies", queue="clocks", queueing_lock="journeys.delete_copies")
def forget_copies(timestamp: int) -> None:  # noqa: ARG001 - likewise
    """Delete the copies whose day is over."""
    delete_copies(at=timezone.now())


def _note_progress(table: Table, run: ImportRun) -> None:
    """Write down how much of the file has been read, for the page that shows it; in bytes or rows."""
    target = folder_of(run.file_sha256) / PROGRESS
    fresh = target.with_suffix(".new")
    fresh.write_text(json.dumps({"done": table.done, "total": table.total}))
    fresh.replace(target)


def share_read(run: ImportRun) -> float | None:
    """Return how much of the file has been read, from 0 to 1; None while that is not known."""
    try:
        told = json.loads((folder_of(run.file_sha256) / PROGRESS).read_text())
        return min(1.0, int(told["done"]) / int(told["total"]))
    except (OSError, ValueError, KeyError, TypeError, ZeroDivisionError):
        return None
