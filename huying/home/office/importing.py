"""Import: a file goes in, is looked at, started, followed while it runs, and its refused rows handed back."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huying.home.office.access import StaffRequest, office
from huying.home.office.downloads import csv_download
from huying.home.office.forms_import import FIELD_LABELS, StartForm, UploadForm
from huying.home.office.menu import show
from huying.home.office.uploads import MOST_BYTES, keep_upload, kept_upload, takes_file, uploaded_file
from huying.intake.mail import read_letters
from huying.intake.mapping import find_mapping
from huying.intake.models import ImportProblem, ImportRun, ImportState
from huying.journeys.jobs import is_under_way, share_read, start_import
from huying.journeys.letters import is_mailbox
from huying.kit.errors import Refusal
from huying.kit.tabular import read_table
from huying.kit.text import mask_name, redact
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from uuid import UUID

    from django.http import HttpResponse

MOST_RUNS = 30
MOST_PROBLEMS = 200
ROWS_SHOWN = 5
LONGEST_CELL = 60


@require_safe
@office(Permission.IMPORT_RUN)
def imports(request: StaffRequest) -> HttpResponse:
    """Show the form for a file, and the runs before."""
    return _front(request, UploadForm())


def _front(request: StaffRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    runs = ImportRun.objects.select_related("channel").order_by("-started_at")[:MOST_RUNS]
    context = {"form": form, "runs": list(runs), "megabytes": MOST_BYTES // 2**20}
    return show(request, "imports.html", context, status=status)


@takes_file(Permission.IMPORT_RUN)
def upload(request: StaffRequest) -> HttpResponse:
    """Take a file in, onto the disk, to be looked at."""
    try:
        sha256 = keep_upload(uploaded_file(request))
    except Refusal as refusal:
        form = UploadForm(request.POST, request.FILES)
        form.tell(refusal)
        return _front(request, form, refusal.reason.status)
    return redirect("desk:office:import_file", sha256=sha256)


@office(Permission.IMPORT_RUN)
def file(request: StaffRequest, sha256: str) -> HttpResponse:
    """Show what a file holds and how it would be read; started, go and watch it."""
    path = kept_upload(sha256)
    unfinished = ImportRun.objects.filter(file_sha256=sha256, state=ImportState.RUNNING).first()
    if unfinished is not None:
        return redirect("desk:office:import_run", run_id=unfinished.pk)
    seen = _letters_seen(path) if is_mailbox(path) else _table_seen(path)
    form = StartForm(
        request.POST if request.method == "POST" else None,
        header=seen.get("header", ()),
        found=seen.get("mapping", {}),
        first=seen["rows"][0] if seen.get("rows") else {},
        letters=is_mailbox(path),
    )
    if request.method == "POST" and form.is_valid():
        run = _start(request, path, sha256, form)
        return redirect("desk:office:import_run", run_id=run.pk)
    context = {"form": form, "name": path.name, "size": path.stat().st_size, "sha256": sha256, **seen}
    return show(request, "import_file.html", context, status=422 if form.errors else 200)


def _table_seen(path: Path) -> dict[str, Any]:
    """Return what a table looks like: kind, encoding, columns, likely mapping, the first rows."""
    with read_table(path, name=path.name) as table:
        rows = list(islice(table, ROWS_SHOWN))
        try:
            mapping = find_mapping(table.header)
        except Refusal:
            mapping = {}  # the form says that a column with the text must be chosen
        return {
            "table": table,
            "header": table.header,
            "mapping": mapping,
            "rows": [row.values for row in rows],
            "cells": [(row.line, list(row.values.values()), row.errors) for row in rows],
            "notes": [note.sentence for note in table.notes],
        }


def _letters_seen(path: Path) -> dict[str, Any]:
    """Return the first letters of a mailbox, their senders only hinted at."""
    letters = islice(read_letters(path), ROWS_SHOWN)
    return {
        "letters": [
            {
                "subject": letter.subject,
                "sender": mask_name(letter.from_name or letter.from_address),
                "sent_at": letter.sent_at,
                "text": letter.text,
                "pictures": len(letter.pictures),
                "automatic": letter.is_automatic,
            }
            for letter in letters
        ]
    }


def _start(request: StaffRequest, path: Path, sha256: str, form: StartForm) -> ImportRun:
    with transaction.atomic():
        run = ImportRun.objects.create(
            channel_id=form.cleaned_data["channel"],
            file_name=path.name[:200],
            file_sha256=sha256,
            mapping=form.mapping,
            started_at=request.at,
            by_name=request.actor.name[:80],
        )
        start_import(run, account_id=request.user.pk, language=get_language() or "")
    return run


@require_safe
@office(Permission.IMPORT_RUN)
def run(request: StaffRequest, run_id: UUID) -> HttpResponse:
    """Show how far a run has come; htmx asks for the part that changes only."""
    found = get_object_or_404(ImportRun.objects.select_related("channel"), pk=run_id)
    running = found.state == ImportState.RUNNING
    waits = running and is_under_way(found)
    share = share_read(found) if running else None
    context: dict[str, Any] = {
        "run": found,
        "running": running,
        "lies": running and not waits,
        "percent": None if share is None else int(share * 100),
        "mapping": [
            (FIELD_LABELS.get(name, name), column) for name, column in found.mapping.items() if column
        ],
    }
    if request.headers.get("HX-Request") and running:
        return show(request, "parts/import_progress.html", context)
    if not running:
        listed = found.problems.order_by("line")[:MOST_PROBLEMS]
        context["problems"] = [(problem, _row_words(problem)) for problem in listed]
        context["more"] = max(0, found.problems.count() - MOST_PROBLEMS)
    answer = show(request, "import_run.html", context)
    if request.headers.get("HX-Request"):
        answer.headers["HX-Refresh"] = "true"
    return answer


def _row_words(problem: ImportProblem) -> str:
    """Return what stood in a refused row, numbers of people masked: the page is for finding the row again."""
    cells = (f"{name}: {str(value)[:LONGEST_CELL]}" for name, value in problem.row.items() if value)
    return redact(" · ".join(cells))


@require_POST
@office(Permission.IMPORT_RUN)
def resume(request: StaffRequest, run_id: UUID) -> HttpResponse:
    """Put a run that lies still into the queue again; it goes on where it stopped."""
    found = get_object_or_404(ImportRun, pk=run_id)
    if found.state == ImportState.RUNNING:
        start_import(found, account_id=request.user.pk, language=get_language() or "")
        messages.success(request, _("The import goes on."))
    return redirect("desk:office:import_run", run_id=found.pk)


@require_safe
@office(Permission.IMPORT_RUN)
def problems(_request: StaffRequest, run_id: UUID) -> HttpResponse:
    """Hand the refused rows back as a CSV file, each with its line and the reason."""
    found = get_object_or_404(ImportRun, pk=run_id)
    columns = _columns(found)
    header = [_("Line"), _("Reason"), _("What is wrong"), *columns]
    return csv_download(f"refused-{found.pk}.csv", header, partial(_problem_lines, found, columns))


def _columns(run: ImportRun) -> list[str]:
    """Return the columns of the refused rows: the mapped ones first, the others by name."""
    first = run.problems.exclude(row={}).order_by("line").first()
    held = set(first.row) if first else set()
    mapped = [column for column in dict.fromkeys(run.mapping.values()) if column in held]
    return [*mapped, *sorted(held.difference(mapped))]


def _problem_lines(run: ImportRun, columns: list[str]) -> Iterator[list[str | int]]:
    found: ImportProblem
    for found in run.problems.order_by("line").iterator(chunk_size=500):
        row = [str(found.row.get(column, "")) for column in columns]
        yield [found.line, found.reason, found.sentence, *row]
