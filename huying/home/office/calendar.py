"""The working calendar in the office: a year month by month, every day of it, and the town's hours."""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from huying.catalogue.editing import clear_day, remove_hours, set_days, set_hours
from huying.catalogue.models import CalendarDay, WorkingHours
from huying.catalogue.queries import CALENDAR, known_until, town_clock
from huying.home.office.access import StaffRequest, office
from huying.home.office.forms_calendar import BY_WEEKDAY, DayForm, DaysForm, HoursForm, hours_words
from huying.home.office.menu import show
from huying.kit.errors import Refusal
from huying.ledger.queries import timeline
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from django.http import HttpResponse

    from huying.catalogue.core.calendar import Calendar, Day
    from huying.ledger.models import Fact

FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_CHANGES = 20
_WEEKEND = 5


@dataclass(frozen=True)
class Cell:
    """A day as the month shows it: what differs from the weekday is said in a word."""

    on: date
    kind: str
    mark: str
    title: str
    today: bool
    provisional: bool


@require_safe
@office(Permission.CATALOGUE_EDIT)
def calendar(request: StaffRequest) -> HttpResponse:
    """Show a year, this one unless another is asked for."""
    return front(request, DaysForm())


def front(request: StaffRequest, form: DaysForm, status: int = 200) -> HttpResponse:
    """Show the calendar with the form for a file, as it stands."""
    today = timezone.localdate(request.at)
    told = request.GET.get("year", "")
    year = int(told) if told.isascii() and told.isdecimal() and len(told) == 4 else today.year  # noqa: PLR2004 - digits of a year
    year = max(FIRST_YEAR, min(LAST_YEAR, year))
    known = town_clock(request.at).calendar
    until, ends_soon = known_until(request.at)
    context: dict[str, Any] = {
        "form": form,
        "year": year,
        "before": year - 1 if year > FIRST_YEAR else None,
        "after": year + 1 if year < LAST_YEAR else None,
        "months": _months(known, year, today),
        "weekdays": [_("Mo"), _("Tu"), _("We"), _("Th"), _("Fr"), _("Sa"), _("Su")],
        "certain_until": until,
        "ends_soon": ends_soon,
        "hours": [(row, hours_words(row.spans)) for row in WorkingHours.objects.all()],
        "today_hours": hours_words([str(span).split("-") for span in known.spans(today)]),
        "changes": [_change(fact.kind, fact.data) | {"fact": fact} for fact in _latest()],
    }
    return show(request, "calendar.html", context, status=status)


def _latest() -> QuerySet[Fact]:
    return timeline(f"towntable:{CALENDAR}").reverse()[:MOST_CHANGES]


def _change(kind: str, data: dict[str, Any]) -> dict[str, Any]:
    """Return what a change of the calendar did, in words."""
    if kind == "DaysSet":
        days = [line[0] for line in (*data["days"], *data["dropped"])]
        told = ", ".join(days[:5]) + (" …" if len(days) > 5 else "")  # noqa: PLR2004 - as many as a line holds
        return {"label": _("Days written"), "text": told, "source": data["source"]}
    if kind == "DayCleared":
        return {"label": _("Day as its weekday again"), "text": data["before"][0], "source": ""}
    hours = data.get("hours") or data["before"]
    label = _("Hours taken away") if kind == "HoursRemoved" else _("Hours set")
    return {"label": label, "text": f"{hours['name']} {hours_words(hours['spans'])}".strip(), "source": ""}


def _months(known: Calendar, year: int, today: date) -> list[dict[str, Any]]:
    weeks = months.Calendar()
    return [
        {
            "on": date(year, month, 1),
            "weeks": [
                [_cell(known.day(on), today) if on.month == month else None for on in week]
                for week in weeks.monthdatescalendar(year, month)
            ],
        }
        for month in range(1, 13)
    ]


def _cell(day: Day, today: date) -> Cell:
    weekend = day.on.weekday() >= _WEEKEND
    kind, mark = ("off" if day.kind == "holiday" else "work"), ""
    if day.kind == "makeup" or (kind == "work" and weekend):
        kind, mark = "makeup", _("work")
    elif kind == "off" and (day.name or not weekend):
        kind, mark = "holiday", _("off")
    if day.spans:
        mark = _("short")
        kind = "short" if kind == "work" else kind
    words = [
        day.on.isoformat(),
        day.name,
        hours_words([str(span).split("-") for span in day.spans]),
        _("provisional") if day.provisional else "",
    ]
    return Cell(
        on=day.on,
        kind=kind,
        mark=mark,
        title=" · ".join(word for word in words if word),
        today=day.on == today,
        provisional=day.provisional and kind in {"holiday", "makeup", "short"},
    )


@office(Permission.CATALOGUE_EDIT)
def day(request: StaffRequest, on: str) -> HttpResponse:
    """Say what one day is: its kind, hours, name and source."""
    when = _date(on)
    row = CalendarDay.objects.filter(pk=when).first()
    town = town_clock(request.at)
    form = DayForm(request.POST) if request.method == "POST" else DayForm.of(row, town.edition)
    if request.method == "POST" and form.is_valid():
        try:
            _write_day(request, form, when)
        except Refusal as refusal:
            form.tell(refusal)
        else:
            messages.success(request, _("The day was written; new time limits are counted with it."))
            return redirect(f"{reverse('desk:office:calendar')}?year={when.year}#m{when.month}")
    context = {
        "form": form,
        "on": when,
        "row": row,
        "now": town.calendar.day(when),
        "spans": hours_words([str(span).split("-") for span in town.calendar.spans(when)]),
        "past": when < timezone.localdate(request.at),
    }
    return show(request, "calendar_day.html", context, status=_status(form))


def _date(text: str) -> date:
    try:
        when = date.fromisoformat(text)
    except ValueError:
        raise Http404(text) from None
    if not FIRST_YEAR <= when.year <= LAST_YEAR:
        raise Http404(text)
    return when


def _status(form: DayForm | HoursForm) -> int:
    if form.refusal is not None:
        return form.refusal.reason.status
    return 422 if form.errors else 200


def _write_day(request: StaffRequest, form: DayForm, on: date) -> None:
    who: dict[str, Any] = {"district": settings.DISTRICT, "by": request.actor, "at": request.at}
    seen = form.cleaned_data["seen"]
    if form.cleaned_data["kind"] == BY_WEEKDAY:
        clear_day(on, seen=seen, **who)
        return
    source = form.cleaned_data["source"] or request.actor.name
    set_days([form.row(on)], source=source, seen=seen, **who)


@office(Permission.CATALOGUE_EDIT)
def hours(request: StaffRequest, hours_id: UUID | None = None) -> HttpResponse:
    """Add or change hours, or take them away."""
    row = get_object_or_404(WorkingHours, pk=hours_id) if hours_id else None
    edition = town_clock(request.at).edition
    who: dict[str, Any] = {"district": settings.DISTRICT, "by": request.actor, "at": request.at}
    form = HoursForm(request.POST) if request.method == "POST" else HoursForm.of(row, edition)
    if request.method == "POST" and row is not None and request.POST.get("act") == "remove":
        remove_hours(row, **who)
        messages.success(request, _("The hours were taken away."))
        return redirect("desk:office:calendar")
    if request.method == "POST" and form.is_valid():
        try:
            set_hours(form.onto(row or WorkingHours()), seen=form.cleaned_data["seen"], **who)
        except Refusal as refusal:
            form.tell(refusal)
        else:
            messages.success(request, _("The hours were written; new time limits are counted with them."))
            return redirect("desk:office:calendar")
    return show(request, "calendar_hours.html", {"form": form, "row": row}, status=_status(form))
