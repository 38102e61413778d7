"""Days of the working calendar from a table, line by line: dates, kinds, names, perhaps hours."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from huying.catalogue.core.calendar import Hours, Span
from huying.catalogue.core.reasons import CalendarError
from huying.catalogue.exchange import YES, LineProblem
from huying.catalogue.models import CalendarDay
from huying.kit.errors import Reason, Refusal
from huying.kit.tabular import header_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from huying.kit.tabular import Table

# What towns call the columns and the kinds.
COLUMNS = {
    "date": ("date", "on", "日期"),
    "kind": ("kind", "类型", "种类"),
    "name": ("name", "名称", "节日"),
    "provisional": ("provisional", "暂定"),
    "hours": ("hours", "工作时间", "上班时间"),
}
KINDS = {
    "holiday": "holiday", "节假日": "holiday", "放假": "holiday", "休": "holiday", "假日": "holiday",
    "makeup": "makeup", "调休上班": "makeup", "补班": "makeup", "班": "makeup", "调班": "makeup",
    "workday": "workday", "工作日": "workday",
}  # fmt: skip
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00)?)?")
_BETWEEN = re.compile(r"[,，、;；/\s]+")
_FIRST_YEAR, _LAST_YEAR = 1900, 2200

COLUMNS_UNKNOWN = Reason(
    "days_columns_unknown", _("The columns are not those of a calendar: date, kind and name."), 400
)
DATE_NOT_READABLE = Reason("date_not_readable", _("“{text}” is not a date like 2026-10-01."), 400)
KIND_UNKNOWN = Reason("kind_unknown", _("“{text}” is neither holiday, makeup nor workday."), 400)
DAY_TWICE = Reason("day_given_twice", _("{on} stands twice in the file."), 400)
HOURS_UNREADABLE = Reason(
    "hours_unreadable", _("“{text}” are not working hours like 09:00-12:00, 14:00-18:00."), 400
)
NO_DAYS = Reason("no_days", _("There is no day in this file."), 400)


@dataclass
class ReadDays:
    """What was read: days ready to be written, and the lines that were not."""

    days: list[CalendarDay] = field(default_factory=list)
    problems: list[LineProblem] = field(default_factory=list)


def read_days(table: Table) -> ReadDays:
    """Read days: date, kind (holiday, makeup, workday) and name, perhaps provisional (yes, no) and hours.

    Every line is judged by itself. Refusal `days_columns_unknown`, or `no_days` when nothing could be read.
    """
    names = {header_key(name): name for name in table.header}
    found = {
        column: next((names[header_key(known)] for known in called if header_key(known) in names), "")
        for column, called in COLUMNS.items()
    }
    if not found["date"] or not found["kind"]:
        raise Refusal(COLUMNS_UNKNOWN)
    read, seen = ReadDays(), set[date]()
    for row in table:
        if row.errors:
            read.problems.append(LineProblem(row.line, row.errors[0].key, row.errors[0].sentence))
            continue
        values = {column: row.values.get(name, "").strip() for column, name in found.items() if name}
        try:
            day = _day(values)
            if day.on in seen:
                raise Refusal(DAY_TWICE, on=day.on)  # noqa: TRY301 - judged like every other fault of the line
        except Refusal as refusal:
            read.problems.append(LineProblem(row.line, refusal.reason.key, refusal.sentence))
            continue
        seen.add(day.on)
        read.days.append(day)
    if not read.days and not read.problems:
        raise Refusal(NO_DAYS)
    return read


def _day(values: Mapping[str, str]) -> CalendarDay:
    kind = KINDS.get(values["kind"].casefold())
    if kind is None:
        raise Refusal(KIND_UNKNOWN, text=values["kind"][:40])
    return CalendarDay(
        on=read_date(values["date"]),
        kind=kind,
        name=values.get("name", "")[:40],
        provisional=values.get("provisional", "").casefold() in YES,
        spans=read_spans(values.get("hours", "")),
    )


def read_spans(text: str) -> list[list[str]]:
    """Return working spans as the tables keep them, [] for none; Refusal `hours_unreadable`."""
    parts = [part for part in _BETWEEN.split(text.strip()) if part]
    try:
        spans = tuple(Span.parse(part) for part in parts)
        if spans:
            Hours(spans)
    except CalendarError as error:
        raise Refusal(HOURS_UNREADABLE, text=text[:60]) from error
    return [str(span).split("-") for span in sorted(spans)]


def read_date(text: str) -> date:
    """Return the date a cell names; Refusal `date_not_readable`."""
    match = _DATE.fullmatch(text)
    try:
        if match is not None:
            on = date(*(int(part) for part in match.groups()))
            if _FIRST_YEAR <= on.year <= _LAST_YEAR:
                return on
    except ValueError:
        pass
    raise Refusal(DATE_NOT_READABLE, text=text[:40])
