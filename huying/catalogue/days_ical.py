"""Days of the working calendar from an iCalendar file (RFC 5545), as phones and ministries hand out holidays.

Taken are events of whole days that say whether the day is off or worked: by the property Apple's calendars
use (`X-APPLE-SPECIAL-DAY`), else by a word in the name or category (休, 放假, holiday; 班, 补班, workday).
An event that says neither, repeats, or has a time of day is told and left out.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _
from icalendar import Calendar

from huying.catalogue.days import DAY_TWICE, NO_DAYS, ReadDays
from huying.catalogue.exchange import LineProblem
from huying.catalogue.models import CalendarDay
from huying.kit.errors import Reason, Refusal

if TYPE_CHECKING:
    from icalendar.cal import Component

MOST_EVENTS: Final = 2000
LONGEST_EVENT: Final = timedelta(days=31)
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_SPECIAL: Final = {"WORK-HOLIDAY": "holiday", "ALTERNATE-WORKDAY": "makeup"}
# Worked days first: 国庆节调休上班 names a festival and is no day off.
_WORDS: Final = (
    ("makeup", re.compile(r"班|补课|make-?up|work\s?day|working day", re.IGNORECASE)),
    ("holiday", re.compile(r"休|放假|假期|假日|holiday|day off", re.IGNORECASE)),
)
_MARKS: Final = re.compile(r"[（(\[【](休|班|放假|补班|调休|上班)[)）\]】]|\s+(休|班)$")

NOT_ICAL = Reason("not_ical", _("This is not a calendar file (.ics)."), 400)
TOO_MANY_EVENTS = Reason("too_many_events", _("A calendar file may hold {most} events."), 400)
NOT_A_WHOLE_DAY = Reason("not_a_whole_day", _("“{name}” has a time of day: only whole days count."), 400)
REPEATS = Reason("event_repeats", _("“{name}” repeats: give every day by itself."), 400)
NEITHER = Reason("neither_off_nor_worked", _("“{name}” does not say whether the day is off or worked."), 400)
TOO_LONG = Reason("event_too_long", _("“{name}” does not last between one and {most} days."), 400)


def read_ical(data: bytes) -> ReadDays:
    """Return the days of an iCalendar file; problems carry the number of the event.

    Refusal `not_ical`, `too_many_events`, or `no_days` when no event is there at all.
    """
    try:
        calendars = Calendar.from_ical(data, multiple=True)
        events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    except (ValueError, KeyError, IndexError) as error:
        raise Refusal(NOT_ICAL) from error
    if len(events) > MOST_EVENTS:
        raise Refusal(TOO_MANY_EVENTS, most=MOST_EVENTS)
    read = ReadDays()
    seen: dict[date, CalendarDay] = {}
    for number, event in enumerate(events, 1):
        try:
            for day in _days(event):
                if day.on in seen and seen[day.on].kind != day.kind:
                    raise Refusal(DAY_TWICE, on=day.on)  # noqa: TRY301 - judged like every other fault of it
                seen.setdefault(day.on, day)
        except Refusal as refusal:
            read.problems.append(LineProblem(number, refusal.reason.key, refusal.sentence))
    read.days = sorted(seen.values(), key=lambda day: day.on)
    if not read.days and not read.problems:
        raise Refusal(NO_DAYS)
    return read


def _days(event: Component) -> list[CalendarDay]:
    name = str(event.get("SUMMARY", "")).strip()[:60]
    if event.get("RRULE") is not None or event.get("RDATE") is not None:
        raise Refusal(REPEATS, name=name)
    first, last = _first_and_last(event, name)
    kind = _kind(event, name)
    called = _MARKS.sub("", name).strip()[:40]
    return [
        CalendarDay(on=first + timedelta(days=count), kind=kind, name=called)
        for count in range((last - first).days + 1)
    ]


def _first_and_last(event: Component, name: str) -> tuple[date, date]:
    start, end = _moment(event, "DTSTART", name), _moment(event, "DTEND", name)
    if start is None:
        raise Refusal(NOT_A_WHOLE_DAY, name=name)
    # The end of whole days is the day after; without one (and without a length) it is one day.
    length = event.get("DURATION")
    if end is None:
        end = start + (length.dt if length is not None else timedelta(days=1))
    if not timedelta(days=1) <= end - start <= LONGEST_EVENT or not _FIRST_YEAR <= start.year <= _LAST_YEAR:
        raise Refusal(TOO_LONG, name=name, most=LONGEST_EVENT.days)
    return start, end - timedelta(days=1)


def _moment(event: Component, key: str, name: str) -> date | None:
    told = event.get(key)
    if told is None:
        return None
    value = getattr(told, "dt", None)
    if isinstance(value, datetime) or not isinstance(value, date):
        raise Refusal(NOT_A_WHOLE_DAY, name=name)
    return value


def _kind(event: Component, name: str) -> str:
    special = _SPECIAL.get(str(event.get("X-APPLE-SPECIAL-DAY", "")).upper())
    if special:
        return special
    categories = event.get("CATEGORIES")
    words = name
    if categories is not None:
        words += " " + categories.to_ical().decode("utf-8", "replace")
    for kind, pattern in _WORDS:
        if pattern.search(words):
            return kind
    raise Refusal(NEITHER, name=name)
