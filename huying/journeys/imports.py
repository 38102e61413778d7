"""A file goes in: every row through the same pipe, in batches, resumable, each row once."""

from __future__ import annotations

import hashlib
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from huying.intake import reasons
from huying.intake.mapping import draft_of, find_mapping
from huying.intake.models import ImportProblem, ImportRun, ImportState, Inbound
from huying.intake.queries import channel_is_open
from huying.journeys.appeal import submit_appeals
from huying.kit.errors import Refusal
from huying.kit.tabular import Row, Table, read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from huying.intake.actions import Draft
    from huying.ledger.actor import Actor

BATCH = 250


def import_file(
    path: Path,
    *,
    channel: str,
    told: Mapping[str, str] | None = None,
    by: Actor,
    on_progress: Callable[[Table, ImportRun], None] | None = None,
) -> ImportRun:
    """Take every row of a CSV or Excel file in and return the run with its counts.

    The same file for the same channel goes on where it stopped. A row that is refused is told with its line;
    a row whose key was taken before is counted as known. Raises Refusal when the whole file cannot be used.
    """
    if not channel_is_open(channel):
        raise Refusal(reasons.CHANNEL_UNKNOWN, field="channel")
    with read_table(path, name=path.name) as table:
        mapping = find_mapping(table.header, told)
        run = _run(path, channel, mapping, by)
        rows = islice(table, run.rows_read, None)
        while batch := list(islice(rows, BATCH)):
            _take(batch, mapping, run, by=by)
            if on_progress:
                on_progress(table, run)
        run.state, run.ended_at = ImportState.DONE, timezone.now()
        run.save()
    return run


def sha256_of(path: Path) -> str:
    """Return the hash by which a file is known again."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _run(path: Path, channel: str, mapping: dict[str, str], by: Actor) -> ImportRun:
    """Return the unfinished run of this file, or a new one."""
    sha256 = sha256_of(path)
    unfinished = ImportRun.objects.filter(
        file_sha256=sha256, channel_id=channel, mapping=mapping, state=ImportState.RUNNING
    ).first()
    return unfinished or ImportRun.objects.create(
        channel_id=channel,
        file_name=path.name[:200],
        file_sha256=sha256,
        mapping=mapping,
        started_at=timezone.now(),
        by_name=by.name[:80],
    )


def _take(batch: list[Row], mapping: dict[str, str], run: ImportRun, *, by: Actor) -> None:
    """Send one batch through the pipe, then note how far we are.

    Killed between the two, the batch is sent again and every row of it is known: nothing is lost or doubled.
    """
    drafts: list[tuple[Row, Draft]] = []
    problems: list[ImportProblem] = []
    for row, draft in _drafts(batch, mapping, run.channel_id):
        if isinstance(draft, Refusal):
            problems.append(_problem(run, row, draft))
        else:
            drafts.append((row, draft))
    fresh, known = _without_known(drafts)
    taken = 0
    answers = submit_appeals([draft for _, draft in fresh], by=by, at=timezone.now())
    for (row, _), answer in zip(fresh, answers, strict=True):
        if isinstance(answer, Refusal):
            problems.append(_problem(run, row, answer))
        elif answer.new:
            taken += 1
        else:
            known += 1
    ImportProblem.objects.bulk_create(problems, ignore_conflicts=True)
    run.rows_read += len(batch)
    run.taken += taken
    run.known += known
    run.refused += len(problems)
    run.save()


def _drafts(batch: list[Row], mapping: dict[str, str], channel: str) -> Iterator[tuple[Row, Draft | Refusal]]:
    for row in batch:
        if row.errors:
            yield row, Refusal.telling(row.errors[0].reason, row.errors[0].details)
            continue
        try:
            yield row, draft_of(row.values, mapping, channel=channel)
        except Refusal as refusal:
            yield row, refusal


def _without_known(drafts: list[tuple[Row, Draft]]) -> tuple[list[tuple[Row, Draft]], int]:
    """Leave out rows whose key was taken before, or earlier in the batch; return the rest and how many."""
    keys = [draft.key for _, draft in drafts]
    channel = drafts[0][1].channel if drafts else ""
    taken = set(Inbound.objects.filter(channel_id=channel, key__in=keys).values_list("key", flat=True))
    fresh: dict[str, tuple[Row, Draft]] = {}
    for row, draft in drafts:
        # A row without a key goes on: the pipe refuses it with the reason.
        mark = draft.key or f"line {row.line}"
        if draft.key not in taken and mark not in fresh:
            fresh[mark] = (row, draft)
    return list(fresh.values()), len(drafts) - len(fresh)


def _problem(run: ImportRun, row: Row, refusal: Refusal) -> ImportProblem:
    kept: dict[str, Any] = {name: value[:2000] for name, value in row.values.items()}
    return ImportProblem(
        run=run, line=row.line, reason=refusal.reason.key[:60], sentence=refusal.sentence, row=kept
    )
