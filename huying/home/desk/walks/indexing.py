"""Outside indices at the desk: looked at before they are taken in, and shown as trends, never as ranks."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core import signing
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from huying.home.desk.access import staff_required
from huying.home.desk.walks.drive_forms import IndexForm
from huying.home.desk.walks.drives import SEEING, status_of
from huying.home.desk.walks.planning import area_choices_of, areas_of
from huying.kit.errors import Refusal
from huying.kit.tabular import read_table
from huying.people.permissions import Permission
from huying.people.reasons import NOT_ALLOWED
from huying.walks.indices import Told, judge_values, prefer_lower, read_values, take_in
from huying.walks.models import IndexSeries, IndexValue
from huying.walks.rules import tops, under

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from django.http import HttpResponse
    from django_stubs_ext import StrOrPromise

    from huying.home.desk.access import DeskRequest

MOST_BYTES, MOST_FLAWS, MOST_SHOWN, MOST_DAYS = 2**21, 50, 20, 60
# What was looked at is what is taken in: it goes through the page signed, for an hour.
SALT, FRESH_SECONDS = "walks.index", 3600
FLAWS: dict[str, StrOrPromise] = {
    "series": gettext_lazy("the name of the index is missing or too long"),
    "area": gettext_lazy("there is no such area here, or several of this name"),
    "day": gettext_lazy("the day cannot be read"),
    "value": gettext_lazy("the value is no number"),
    "source": gettext_lazy("the source is missing"),
    "twice": gettext_lazy("the same index, area and day stand twice"),
}
WIDE, HIGH, EDGE = 320, 90, 8


@require_http_methods(["GET", "POST"])
@staff_required(*SEEING)
def indices(request: DeskRequest) -> HttpResponse:
    """Show the series of one's areas as trends; with a table sent, show what would be taken in."""
    if request.method == "POST" and not request.actor.holds(Permission.DRIVE_RUN):
        raise Refusal(NOT_ALLOWED)
    form = IndexForm(request.POST or None, request.FILES or None)
    areas = area_choices_of(areas_of(request.actor, Permission.DRIVE_RUN))
    form.fields["area"].choices = areas  # type: ignore[attr-defined] # a choice field
    looked: dict[str, Any] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            looked = _looked(form, request)
        except Refusal as refusal:
            form.tell(refusal, field="file")
    context = {
        "form": form, "series": _shown(request), "may_run": request.actor.holds(Permission.DRIVE_RUN),
        "looked": looked,
    }  # fmt: skip
    status = HTTPStatus.OK if looked is not None and not looked["flaws"] else status_of(form)
    return render(request, "desk/walks/indices.html", context, status=status)


def _looked(form: IndexForm, request: DeskRequest) -> dict[str, Any]:
    """Read a table; return what would be taken in, or the lines to be mended."""
    file, owner = form.cleaned_data["file"], form.cleaned_data["area"]
    content = file.read(MOST_BYTES)
    with read_table(content, name=file.name or "") as table:
        told = read_values(table)
    sound, flaws = judge_values(told, owner=owner, by=request.actor)
    rows = [list(asdict(row).values()) for row in told]
    packed = {
        "rows": rows, "owner": owner, "name": file.name, "sha": hashlib.sha256(content).hexdigest(),
        "who": request.user.pk.hex,
    }  # fmt: skip
    return {
        "sound": sound[:MOST_SHOWN], "count": len(sound), "more": max(0, len(sound) - MOST_SHOWN),
        "flaws": [(flaw.line, FLAWS[flaw.key], flaw.told) for flaw in flaws[:MOST_FLAWS]],
        "flaw_count": len(flaws), "name": file.name,
        "packed": "" if flaws else signing.dumps(packed, salt=SALT, compress=True),
    }  # fmt: skip


@require_POST
@staff_required(Permission.DRIVE_RUN)
def take(request: DeskRequest) -> HttpResponse:
    """Take in what was looked at: all of it, or nothing."""
    try:
        told = signing.loads(request.POST.get("packed", ""), salt=SALT, max_age=FRESH_SECONDS)
    except signing.BadSignature:
        messages.error(request, _("What was looked at is too old. Please choose the file again."))
        return redirect("desk:indices")
    if told["who"] != request.user.pk.hex:
        raise Refusal(NOT_ALLOWED)
    run = take_in(
        [Told(*row) for row in told["rows"]], owner=told["owner"], file_name=told["name"],
        sha256=told["sha"], by=request.actor, at=request.at,
    )  # fmt: skip
    sentence = ngettext("{n} value was taken in.", "{n} values were taken in.", run.rows)
    messages.success(request, sentence.format(n=run.rows))
    return redirect("desk:indices")


@require_POST
@staff_required(Permission.DRIVE_RUN)
def direction(request: DeskRequest, series_id: UUID) -> HttpResponse:
    """Say which way of a series is better."""
    prefer_lower(series_id, lower_is_better=request.POST.get("lower") == "yes", by=request.actor)
    return redirect("desk:indices")


@dataclass(frozen=True)
class Line:
    """The course of one area: the points of its line, its first and last value."""

    area: str
    points: str
    first: tuple[date, Decimal]
    last: tuple[date, Decimal]
    n: int
    words: str


def _shown(request: DeskRequest) -> list[dict[str, Any]]:
    """Return the series with a line for each area, in the order of the area tree: two statements."""
    found = list(
        IndexSeries.objects.filter(under(tops(request.actor, *SEEING)))
        .select_related("area")
        .order_by("name")
    )
    values: dict[UUID, list[IndexValue]] = {}
    seen = under(tops(request.actor, *SEEING))
    rows = IndexValue.objects.filter(seen, series__in=found).select_related("area", "run")
    for row in rows.order_by("area__path", "on"):
        values.setdefault(row.series_id, []).append(row)
    return [_told(series, values.get(series.pk, [])) for series in found]


def _told(series: IndexSeries, rows: Sequence[IndexValue]) -> dict[str, Any]:
    by_area: dict[str, list[IndexValue]] = {}
    for row in rows:
        by_area.setdefault(row.area.name, []).append(row)
    days = sorted({row.on for row in rows}, reverse=True)[:MOST_DAYS]
    known = {(row.area.name, row.on): row.value for row in rows}
    return {
        "series": series, "lines": [_line(name, own, series) for name, own in by_area.items()],
        "areas": list(by_area), "sources": sorted({row.source for row in rows}),
        "table": [(day, [known.get((name, day)) for name in by_area]) for day in days],
    }  # fmt: skip


def _line(area: str, rows: Sequence[IndexValue], series: IndexSeries) -> Line:
    """Return one area's line; where lower is better it still rises with the number."""
    low, high = min(row.value for row in rows), max(row.value for row in rows)
    begin, span = rows[0].on, max(1, (rows[-1].on - rows[0].on).days)
    spread = float(high - low) or 1.0
    points = " ".join(
        f"{EDGE + (WIDE - 2 * EDGE) * (row.on - begin).days / span:.1f},"
        f"{HIGH - EDGE - (HIGH - 2 * EDGE) * float(row.value - low) / spread:.1f}"
        for row in rows
    )
    first, last = rows[0], rows[-1]
    return Line(
        area, points, (first.on, first.value), (last.on, last.value), len(rows),
        str(_course(first.value, last.value, lower=series.lower_is_better)),
    )  # fmt: skip


def _course(first: Decimal, last: Decimal, *, lower: bool) -> str:
    if first == last:
        return _("unchanged")
    return _("better than at first") if (last < first) == lower else _("worse than at first")
