"""The working calendar in the office: this year and the next, month by month, and days read from a table."""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from huying.catalogue.days import read_days, set_days
from huying.catalogue.queries import town_clock
from huying.home.office.access import StaffRequest, office
from huying.home.office.forms_town import DaysForm
from huying.home.office.menu import show
from huying.home.office.uploads import takes_file, uploaded_file
from huying.kit.errors import Refusal
from huying.kit.tabular import read_table
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from django.http import HttpResponse

    from huying.catalogue.core.calendar import Calendar, Day

WARN_BEFORE = timedelta(days=92)
MOST_FILE_BYTES, MOST_PROBLEMS = 2**20, 200
_PROBLEMS = "calendar_problems"
_WEEKEND = 5


@dataclass(frozen=True)
class Cell:
    """A day as the month shows it: what differs from the weekday is said in a word."""

    number: int
    kind: str
    mark: str
    title: str
    today: bool
    provisional: bool


@require_safe
@office(Permission.CATALOGUE_EDIT)
def calendar(request: StaffRequest) -> HttpResponse:
    """Show this year and the next."""
    return _front(request, DaysForm())


def _front(request: StaffRequest, form: DaysForm, status: int = 200) -> HttpResponse:
    today = timezone.localdate(request.at)
    known = town_clock().calendar
    until = known.known_until
    context: dict[str, Any] = {
        "form": form,
        "years": [_year(known, year, today) for year in (today.year, today.year + 1)],
        "weekdays": [_("Mo"), _("Tu"), _("We"), _("Th"), _("Fr"), _("Sa"), _("Su")],
        "known_until": until,
        "ends_soon": until is None or until - today < WARN_BEFORE,
        "problems": request.session.pop(_PROBLEMS, []),
    }
    return show(request, "calendar.html", context, status=status)


def _year(known: Calendar, year: int, today: date) -> dict[str, Any]:
    weeks = months.Calendar()
    return {
        "year": year,
        "months": [
            {
                "on": date(year, month, 1),
                "weeks": [
                    [_cell(known.day(on), today) if on.month == month else None for on in week]
                    for week in weeks.monthdatescalendar(year, month)
                ],
            }
            for month in range(1, 13)
        ],
    }


def _cell(day: Day, today: date) -> Cell:
    weekend = day.on.weekday() >= _WEEKEND
    named = bool(day.name)
    kind = "off" if day.kind == "holiday" else "work"
    mark = ""
    if day.kind == "makeup" or (kind == "work" and weekend):
        kind, mark = "makeup", _("work")
    elif kind == "off" and (named or not weekend):
        kind, mark = "holiday", _("off")
    words = [day.on.isoformat(), day.name, _("provisional") if day.provisional else ""]
    return Cell(
        number=day.on.day,
        kind=kind,
        mark=mark,
        title=" · ".join(word for word in words if word),
        today=day.on == today,
        provisional=day.provisional and kind in {"holiday", "makeup"},
    )


@takes_file(Permission.CATALOGUE_EDIT)
def upload(request: StaffRequest) -> HttpResponse:
    """Read days from a table; lines that could not be taken are told."""
    form = DaysForm(request.POST, request.FILES)
    try:
        file = uploaded_file(request, most_bytes=MOST_FILE_BYTES)
        name = file.name or ""
        with read_table(file.read(), name=name) as table:
            read = read_days(table)
    except Refusal as refusal:
        form.tell(refusal, field="file")
        return _front(request, form, refusal.reason.status)
    count = set_days(read.days, source=f"{name} · {request.actor.name}")
    request.session[_PROBLEMS] = [(one.line, one.sentence) for one in read.problems[:MOST_PROBLEMS]]
    told = ngettext("{n} day was written.", "{n} days were written.", count).format(n=count)
    messages.success(request, told)
    return redirect("desk:office:calendar")
