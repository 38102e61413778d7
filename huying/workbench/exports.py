"""Lists taken out as files: asked for with a reason, written by a job, kept for a week, all recorded."""

from __future__ import annotations

import hashlib
import tempfile
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction

from huying.kit.errors import Refusal
from huying.kit.storage import FileStorage, StoredFileMissing
from huying.kit.text import on_one_line
from huying.ledger.actions import record
from huying.ledger.actor import SYSTEM
from huying.people.permissions import Permission
from huying.people.reasons import NOT_ALLOWED
from huying.workbench import facts, reasons
from huying.workbench.lens import Lens, read_lens
from huying.workbench.models import ExportRun, ExportState
from huying.workbench.owner import owner_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from huying.kit.storage import Storage
    from huying.ledger.actor import Actor

KEPT_DAYS = 7
MOST_WAITING = 3
LONGEST_WHY, SHORTEST_WHY = 200, 4
KIND = "export"
_UNFINISHED = (ExportState.WAITING, ExportState.RUNNING)


def store() -> Storage:
    """Return where the files lie."""
    return _store(Path(settings.DATA_DIR) / "files")


@lru_cache(maxsize=4)
def _store(root: Path) -> Storage:
    return FileStorage(root)


def ask_export(
    key: UUID, lens: Lens, *, why: str, contacts: bool, language: str, by: Actor, at: datetime
) -> ExportRun:
    """Ask for a list as a file and put its writing into the queue; the same key again is the same list.

    Refusals `not_allowed` (without the right to export), `why_missing`, `contact_not_yours`,
    `exports_waiting`.
    """
    why = why_of(why, by=by)
    if contacts and not by.holds(Permission.CONTACT_SEE):
        raise Refusal(reasons.CONTACT_NOT_YOURS, field="contacts")
    try:
        with transaction.atomic():
            return _ask(key, lens, why, language, contacts=contacts, by=by, at=at)
    except IntegrityError:
        return find_export(key, by=by)


def why_of(told: str, *, by: Actor) -> str:
    """Return what a list is needed for as it is kept. Refusal `not_allowed`, `why_missing`."""
    why = on_one_line(told)[:LONGEST_WHY]
    if not by.holds(Permission.EXPORT_RUN):
        raise Refusal(NOT_ALLOWED)
    if len(why) < SHORTEST_WHY:
        raise Refusal(reasons.WHY_MISSING, field="why")
    return why


def _ask(
    key: UUID, lens: Lens, why: str, language: str, *, contacts: bool, by: Actor, at: datetime
) -> ExportRun:
    from huying.workbench.jobs import write_list

    known = ExportRun.objects.filter(pk=key, account_id=owner_of(by)).first()
    if known is not None:
        return known
    waiting = ExportRun.objects.filter(account_id=owner_of(by), state__in=_UNFINISHED)
    if waiting.count() >= MOST_WAITING:
        raise Refusal(reasons.EXPORTS_WAITING, most=MOST_WAITING)
    run = ExportRun(
        id=key, district=settings.DISTRICT, account_id=owner_of(by), why=why, listed=lens.listed,
        filters=lens.told, columns=list(lens.columns), order=lens.order, contacts=contacts,
        language=language, asked_at=at,
    )  # fmt: skip
    body = facts.ListAskedFor(
        why=why, listed=lens.listed, filters=dict(lens.told), columns=list(lens.columns), contacts=contacts
    )
    record(run, body, district=run.district, by=by, at=at)
    run.save(force_insert=True)
    write_list.defer(run=str(run.pk))
    return run


def lens_of(run: ExportRun) -> Lens:
    """Return the lens a list was asked for through."""
    return read_lens(run.listed, run.filters, columns=run.columns, order=run.order)


def exports_of(by: Actor, *, most: int = 50) -> list[ExportRun]:
    """Return what somebody took out, the newest first."""
    return list(ExportRun.objects.filter(account_id=owner_of(by)).order_by("-asked_at")[:most])


def find_export(key: UUID, *, by: Actor) -> ExportRun:
    """Return a list of this person's own; Refusal `run_not_found` for anybody else."""
    run = ExportRun.objects.filter(pk=key, account_id=owner_of(by)).first()
    if run is None:
        raise Refusal(reasons.RUN_NOT_FOUND)
    return run


def begin_writing(key: UUID) -> ExportRun | None:
    """Take a list in hand; None when it is done already, or was never asked for."""
    with transaction.atomic():
        run = ExportRun.objects.select_for_update().filter(pk=key, state__in=_UNFINISHED).first()
        if run is not None:
            run.state = ExportState.RUNNING
            run.save(update_fields=["state"])
        return run


def tell_progress(run: ExportRun, rows: int) -> None:
    """Let the owner see how many rows are written."""
    ExportRun.objects.filter(pk=run.pk, state=ExportState.RUNNING).update(rows=rows)


def keep_file(key: UUID, path: Path, *, rows: int, more: bool, at: datetime) -> None:
    """Keep a written file for its owner, for `KEPT_DAYS`; written twice, the first one counts."""
    data = path.read_bytes()
    stored_as = store().put(data, kind=KIND)
    with transaction.atomic():
        run = ExportRun.objects.select_for_update().get(pk=key)
        if run.state not in _UNFINISHED:
            return
        run.state, run.rows, run.more = ExportState.READY, rows, more
        run.stored_as, run.size_bytes = stored_as, len(data)
        run.ended_at, run.delete_at = at, at + timedelta(days=KEPT_DAYS)
        sha256 = hashlib.sha256(data).hexdigest()
        body = facts.ListWritten(rows=rows, more=more, contacts=run.contacts, sha256=sha256)
        record(run, body, district=run.district, by=SYSTEM, at=at)
        run.save()


def fail(key: UUID, reason: str, sentence: str, *, at: datetime) -> None:
    """Note why a list could not be written."""
    with transaction.atomic():
        run = ExportRun.objects.select_for_update().get(pk=key)
        if run.state not in _UNFINISHED:
            return
        run.state, run.ended_at, run.failed_for = ExportState.FAILED, at, sentence
        record(run, facts.ListFailed(reason=reason), district=run.district, by=SYSTEM, at=at)
        run.save()


def take_file(key: UUID, *, by: Actor, at: datetime) -> tuple[ExportRun, bytes]:
    """Hand a file to its owner, and record that it was taken.

    Refusals `run_not_found`, `not_allowed` (the right was taken away meanwhile), `export_not_ready`,
    `export_gone`.
    """
    with transaction.atomic():
        run = ExportRun.objects.select_for_update().filter(pk=key, account_id=owner_of(by)).first()
        if run is None:
            raise Refusal(reasons.RUN_NOT_FOUND)
        if not by.holds(Permission.EXPORT_RUN):
            raise Refusal(NOT_ALLOWED)
        if run.state in _UNFINISHED:
            raise Refusal(reasons.EXPORT_NOT_READY)
        if run.state != ExportState.READY or run.delete_at is None or run.delete_at <= at:
            raise Refusal(reasons.EXPORT_GONE)
        try:
            data = store().get(run.stored_as)
        except StoredFileMissing as missing:
            raise Refusal(reasons.EXPORT_GONE) from missing
        record(run, facts.ListTaken(rows=run.rows), district=run.district, by=by, at=at)
        run.save()
        return run, data


def delete_old(*, at: datetime, most: int = 100) -> int:
    """Delete the files whose time is over; return how many lists that were."""
    due = ExportRun.objects.filter(state=ExportState.READY, delete_at__lte=at)
    keys = list(due.order_by("delete_at").values_list("pk", flat=True)[:most])
    for key in keys:
        with transaction.atomic():
            run = ExportRun.objects.select_for_update().get(pk=key)
            if run.state != ExportState.READY:
                continue
            stored_as, run.stored_as, run.state = run.stored_as, "", ExportState.DELETED
            record(run, facts.ListDeleted(rows=run.rows), district=run.district, by=SYSTEM, at=at)
            run.save()
            if not ExportRun.objects.filter(stored_as=stored_as).exists():
                store().delete(stored_as)
    return len(keys)


@contextmanager
def scratch_file() -> Iterator[Path]:
    """Give the block a file to write to, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="huying-list-") as folder:
        yield Path(folder) / "list.xlsx"
