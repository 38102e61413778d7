"""Days of the calendar from a file: looked at first, with every line that cannot be taken, then taken in."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from huying.catalogue.days import ReadDays, read_days
from huying.catalogue.days_ical import read_ical
from huying.catalogue.editing import changed_days, guesses_against, set_days
from huying.catalogue.models import CalendarDay
from huying.home.office.access import StaffRequest, office
from huying.home.office.calendar import front
from huying.home.office.forms_calendar import DaysForm, hours_words
from huying.home.office.menu import show
from huying.home.office.uploads import safe_name, takes_file, uploaded_file
from huying.kit.errors import Refusal
from huying.kit.tabular import read_table
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from django.http import HttpResponse

MOST_FILE_BYTES, MOST_PROBLEMS, MOST_DAYS = 2**20, 200, 3000
_WAITING = "calendar_days"


@takes_file(Permission.CATALOGUE_EDIT)
def upload(request: StaffRequest) -> HttpResponse:
    """Read days from a table or an iCalendar file and show what taking them in would change."""
    form = DaysForm(request.POST, request.FILES)
    try:
        file = uploaded_file(request, most_bytes=MOST_FILE_BYTES)
        name = safe_name(file.name or "")
        read = _read(file.read(), name)
    except Refusal as refusal:
        form.tell(refusal, field="file")
        return front(request, form, refusal.reason.status)
    days = read.days[:MOST_DAYS]
    request.session[_WAITING] = {"name": name, "days": [_kept(day) for day in days]}
    changed = changed_days(days)
    context = {
        "name": name,
        "days": [
            (day, old, hours_words(day.spans), hours_words(old.spans) if old else "") for day, old in changed
        ],
        "same": len(days) - len(changed),
        "dropped": guesses_against(days),
        "problems": [(one.line, one.sentence) for one in read.problems[:MOST_PROBLEMS]],
        "more_problems": max(0, len(read.problems) - MOST_PROBLEMS),
    }
    return show(request, "calendar_file.html", context)


def _read(data: bytes, name: str) -> ReadDays:
    if name.endswith(".ics") or data.lstrip()[:15].upper() == b"BEGIN:VCALENDAR":
        return read_ical(data)
    with read_table(data, name=name) as table:
        return read_days(table)


def _kept(day: CalendarDay) -> list[Any]:
    return [day.on.isoformat(), day.kind, day.name, day.provisional, day.spans]


@require_POST
@office(Permission.CATALOGUE_EDIT)
def take(request: StaffRequest) -> HttpResponse:
    """Take in the days that were looked at; once more changes nothing."""
    waiting = request.session.pop(_WAITING, None)
    if not waiting:
        messages.warning(request, _("There was nothing left to take in."))
        return redirect("desk:office:calendar")
    days = [
        CalendarDay(on=date.fromisoformat(on), kind=kind, name=name, provisional=provisional, spans=spans)
        for on, kind, name, provisional, spans in waiting["days"]
    ]
    count = set_days(
        days,
        source=f"{waiting['name']} · {request.actor.name}",
        district=settings.DISTRICT,
        by=request.actor,
        at=request.at,
    )
    told = ngettext("{n} day was written.", "{n} days were written.", count).format(n=count)
    messages.success(request, told if count else _("Every day was in the calendar already."))
    return redirect("desk:office:calendar")
