"""Short lists of other rooms taken out as files: written at once, kept and recorded as those of cases are."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from huying.kit.tabular import write_xlsx
from huying.ledger.actions import record
from huying.workbench import facts
from huying.workbench.exports import KEPT_DAYS, KIND, find_export, scratch_file, store, why_of
from huying.workbench.jobs import number_of
from huying.workbench.models import ExportRun, ExportState, TakenOut
from huying.workbench.owner import owner_of
from huying.workbench.writing import stamp_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from huying.kit.tabular import Cell
    from huying.ledger.actor import Actor


@dataclass(frozen=True)
class Sheet:
    """What a file is to hold: which list, narrowed to what (as kept, and in words), its head and its rows.

    `more` says that these are the first rows only.
    """

    listed: TakenOut
    told: Mapping[str, str]
    said: Sequence[tuple[str, str]]
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    more: bool = False


def take_out(
    key: UUID, sheet: Sheet, *, why: str, username: str, language: str, by: Actor, at: datetime
) -> ExportRun:
    """Write a short list into a file for its owner, for `KEPT_DAYS`; the same key again is the same list.

    Refusal `not_allowed`, `why_missing`.
    """
    run = ExportRun(
        id=key, district=settings.DISTRICT, account_id=owner_of(by), why=why_of(why, by=by),
        listed=sheet.listed, filters=dict(sheet.told), language=language, state=ExportState.READY,
        rows=len(sheet.rows), more=sheet.more, asked_at=at, ended_at=at,
        delete_at=at + timedelta(days=KEPT_DAYS),
    )  # fmt: skip
    known = ExportRun.objects.filter(pk=key, account_id=run.account_id).first()
    if known is not None:
        return known
    data = _written(run, sheet, username=username, by=by, at=at)
    run.stored_as, run.size_bytes = store().put(data, kind=KIND), len(data)
    asked = facts.ListAskedFor(
        why=run.why, listed=sheet.listed, filters=dict(sheet.told), columns=list(sheet.head), contacts=False
    )
    sha256 = hashlib.sha256(data).hexdigest()
    written = facts.ListWritten(rows=run.rows, more=run.more, contacts=False, sha256=sha256)
    try:
        with transaction.atomic():
            record(run, asked, written, district=run.district, by=by, at=at)
            run.save(force_insert=True)
    except IntegrityError:
        return find_export(key, by=by)
    return run


def _written(run: ExportRun, sheet: Sheet, *, username: str, by: Actor, at: datetime) -> bytes:
    """Return the file: a cover, the owner's name on every page, and no cell that a program would reckon."""
    told = [(_("List"), str(sheet.listed.label)), *sheet.said]
    stamp = stamp_of(number=number_of(run), why=run.why, username=username, by=by, told=told, at=at)
    with scratch_file() as path:
        write_xlsx(path, sheet.head, sheet.rows, sheet=_("List"), stamp=stamp)
        return path.read_bytes()
