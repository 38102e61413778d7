"""When a limit ends, how much of it is used and what is left, in natural or in working time.

How the units count (all days judged in Asia/Shanghai):

* natural minutes and hours run without a break; urgent hours are the same clock under its own name, so that
  lists can show that somebody is expected to act at night.
* working minutes and hours run only inside the calendar's spans; a start outside begins at the next span.
* N working days: the day of the start is not counted, the limit ends with the last working span of the Nth
  working day after it. N natural days: the same with calendar days, ending at 23:59:59 of the Nth.
  Not counting the first day and ending at the close of business follow articles 201 and 203 of the Civil
  Code (民法典): a term counted in days leaves out its first day, and ends when business stops where there are
  business hours. For natural days the second before midnight is used and not 24:00, which every list would
  show as the following date.
  Natural days are not moved off holidays: they are the limits which run through holidays on purpose.

A pause takes running time away: what would have run during it is added after the end, on the limit's own
clock (a pause of one working hour moves a limit of working days into the next morning by one hour). A pause
on the day of the start adds nothing to a limit of days, as that day is not counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from math import ceil
from operator import itemgetter
from typing import Final

from huying.catalogue.core import reasons
from huying.catalogue.core.calendar import Calendar, local_day, wall
from huying.catalogue.core.reasons import CalendarError

Pause = tuple[datetime, datetime | None]
"""From a moment to a later one; None = still standing."""

DUE_SOON_SHARE: Final = 0.8
"""Share of a limit after which it is due soon (the reminder at 80 % of the 督办 practice)."""

_A_DAY: Final = 24 * 60
_SECOND: Final = timedelta(seconds=1)


class Unit(StrEnum):
    """What a limit is counted in; the module's docstring says how each counts."""

    NATURAL_MINUTES = "natural_minutes"
    NATURAL_HOURS = "natural_hours"
    URGENT_HOURS = "urgent_hours"
    NATURAL_DAYS = "natural_days"
    WORKING_MINUTES = "working_minutes"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"

    @property
    def is_working(self) -> bool:
        """Whether the clock runs in working time only."""
        return self in _WORKING

    @property
    def counts_days(self) -> bool:
        """Whether the clock counts whole days, beginning after the day of the start."""
        return self in _DAYS


_WORKING: Final = frozenset({Unit.WORKING_MINUTES, Unit.WORKING_HOURS, Unit.WORKING_DAYS})
_DAYS: Final = frozenset({Unit.NATURAL_DAYS, Unit.WORKING_DAYS})
_MINUTES: Final = {
    Unit.NATURAL_MINUTES: 1,
    Unit.NATURAL_HOURS: 60,
    Unit.URGENT_HOURS: 60,
    Unit.WORKING_MINUTES: 1,
    Unit.WORKING_HOURS: 60,
}
_FINER: Final = {
    Unit.NATURAL_HOURS: Unit.NATURAL_MINUTES,
    Unit.URGENT_HOURS: Unit.NATURAL_MINUTES,
    Unit.WORKING_HOURS: Unit.WORKING_MINUTES,
}
_MOST: Final = {unit: 1_000_000 // _MINUTES.get(unit, 250) for unit in Unit}


@dataclass(frozen=True, slots=True)
class Limit:
    """A length of time a matter may take: a whole amount of at least one, and its unit.

    Raises CalendarError `limit_not_positive` or `limit_too_long` (over 1,000,000 minutes, 16,666 hours or
    4,000 days: a slip of the hand, and no limit of an office).
    """

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise CalendarError(reasons.LIMIT_NOT_POSITIVE, amount=self.amount)
        if self.amount > _MOST[self.unit]:
            raise CalendarError(reasons.LIMIT_TOO_LONG, amount=self.amount, most=_MOST[self.unit])

    def portion(self, share: Fraction) -> "Limit":
        """Return a share of the limit (rework has half), rounded up; parts of an hour become minutes."""
        part = self.amount * share
        finer = _FINER.get(self.unit)
        if part.denominator != 1 and finer is not None:
            return Limit(max(1, ceil(part * 60)), finer)
        return Limit(max(1, ceil(part)), self.unit)


@dataclass(frozen=True, slots=True)
class Due:
    """When a limit ends.

    `at` is UTC. `provisional`: days not yet published were counted, compute again when they are. `standing`:
    an open pause holds the clock; `at` is then only the earliest end, were it to run again at once.
    """

    at: datetime
    provisional: bool = False
    standing: bool = False


def due_at(start: datetime, limit: Limit, calendar: Calendar, pauses: Sequence[Pause] = ()) -> Due:
    """Return when a limit that starts at an aware moment ends, the pauses not counted.

    Raises CalendarError `moment_naive`, `pause_backwards` or `too_far` (past the year 2400).
    """
    plain = _unpaused(start, limit, calendar)
    if not pauses:
        return Due(plain, provisional=_is_provisional(start, plain, limit.unit, calendar))
    begin = _beginning(start, limit.unit)
    budget = _running(begin, plain, limit.unit, calendar)
    at, standing = _stretch(begin, budget, limit.unit, calendar, pauses)
    return Due(at, provisional=_is_provisional(start, at, limit.unit, calendar), standing=standing)


def after_pause(
    moment: datetime, pause: tuple[datetime, datetime], unit: Unit, calendar: Calendar
) -> datetime:
    """Return a moment of a running clock (UTC) put off by a pause before it, in the clock's own time."""
    pause_from, pause_to = (_utc(end) for end in pause)
    if pause_to < pause_from:
        raise CalendarError(reasons.PAUSE_BACKWARDS, start=pause_from, end=pause_to)
    return _later(_utc(moment), _running(pause_from, pause_to, unit, calendar), unit, calendar)


def due_soon_at(
    start: datetime,
    limit: Limit,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
    share: float = DUE_SOON_SHARE,
) -> datetime:
    """Return the moment (UTC) at which that share of the limit's own running time is used: when to remind.

    Meant to be stored beside the due date, so that "due soon" is a comparison the database can index.
    """
    begin = _beginning(start, limit.unit)
    budget = _budget(start, limit, calendar)
    return _stretch(begin, budget * share, limit.unit, calendar, pauses)[0]


def is_due_soon(
    at: datetime,
    start: datetime,
    due: datetime,
    share: float = DUE_SOON_SHARE,
    *,
    unit: Unit = Unit.NATURAL_HOURS,
    calendar: Calendar | None = None,
    pauses: Sequence[Pause] = (),
) -> bool:
    """Whether at least that share of the way from start to due is used at a moment not after due.

    Without `calendar` the way is natural time; give unit and calendar to have it measured on the limit's own
    clock (nobody wants a reminder on the fifth day of a holiday).
    """
    if _utc(at) > _utc(due):
        return False
    if calendar is None:
        begin = _utc(start)
        return _utc(at) - begin >= (_utc(due) - begin) * share
    return elapsed(start, at, unit, calendar, pauses) >= elapsed(start, due, unit, calendar, pauses) * share


def elapsed(
    start: datetime,
    end: datetime,
    unit: Unit,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
) -> timedelta:
    """Return how long the clock of that unit has run from start to end, the pauses not counted.

    For limits of working days this is working time after the day of the start, not a number of days; use
    Calendar.working_days_between for that. Never negative.
    """
    begin, end = _beginning(start, unit), _utc(end)
    run = _running(begin, end, unit, calendar)
    for pause_from, pause_to in _tidy(begin, pauses):
        stop = end if pause_to is None else min(pause_to, end)
        run -= _running(pause_from, stop, unit, calendar)
    return run


def remaining(
    start: datetime,
    at: datetime,
    limit: Limit,
    calendar: Calendar,
    pauses: Sequence[Pause] = (),
) -> timedelta:
    """Return what is left of a limit on its own clock: nothing when due, negative when overdue."""
    return _budget(start, limit, calendar) - elapsed(start, at, limit.unit, calendar, pauses)


def _beginning(start: datetime, unit: Unit) -> datetime:
    """Return where the clock begins: at once, or for whole days with the day after the start."""
    return wall(local_day(start), _A_DAY) if unit.counts_days else _utc(start)


def _unpaused(start: datetime, limit: Limit, calendar: Calendar) -> datetime:
    if limit.unit is Unit.WORKING_DAYS:
        return calendar.closing_at(calendar.nth_working_day(local_day(start), limit.amount))
    if limit.unit is Unit.NATURAL_DAYS:
        return wall(local_day(start), (limit.amount + 1) * _A_DAY) - _SECOND
    length = timedelta(minutes=limit.amount * _MINUTES[limit.unit])
    if limit.unit.is_working:
        return calendar.after_working(start, length)
    return _utc(start) + length


def _budget(start: datetime, limit: Limit, calendar: Calendar) -> timedelta:
    """Return the running time that a limit grants."""
    if limit.unit in _MINUTES:
        return timedelta(minutes=limit.amount * _MINUTES[limit.unit])
    begin = _beginning(start, limit.unit)
    return _running(begin, _unpaused(start, limit, calendar), limit.unit, calendar)


def _running(start: datetime, end: datetime, unit: Unit, calendar: Calendar) -> timedelta:
    if unit.is_working:
        return calendar.working_between(start, end)
    return max(end - start, timedelta(0))


def _stretch(
    begin: datetime, budget: timedelta, unit: Unit, calendar: Calendar, pauses: Sequence[Pause]
) -> tuple[datetime, bool]:
    """Return the earliest moment by which the budget has run outside the pauses, and whether one holds it."""
    at = _later(begin, budget, unit, calendar)
    for pause_from, pause_to in _tidy(begin, pauses):
        if pause_from >= at:
            break
        if pause_to is None:
            return at, True
        at = _later(at, _running(pause_from, pause_to, unit, calendar), unit, calendar)
    return at, False


def _later(start: datetime, length: timedelta, unit: Unit, calendar: Calendar) -> datetime:
    return calendar.after_working(start, length) if unit.is_working else start + length


def _tidy(begin: datetime, pauses: Sequence[Pause]) -> list[Pause]:
    """Order the pauses, join those that touch, and drop what lies before the clock begins."""
    tidy: list[Pause] = []
    in_utc = ((_utc(first), None if last is None else _utc(last)) for first, last in pauses)
    for pause_from, pause_to in sorted(in_utc, key=itemgetter(0)):
        if pause_to is not None and pause_to < pause_from:
            raise CalendarError(reasons.PAUSE_BACKWARDS, start=pause_from, end=pause_to)
        if pause_to is not None and pause_to <= begin:
            continue
        tidy_from = max(pause_from, begin)
        if tidy and (tidy[-1][1] is None or tidy_from <= tidy[-1][1]):
            last_from, last_to = tidy[-1]
            joined = None if last_to is None or pause_to is None else max(last_to, pause_to)
            tidy[-1] = (last_from, joined)
        else:
            tidy.append((tidy_from, pause_to))
    return tidy


def _utc(at: datetime) -> datetime:
    """Bring a moment to UTC, where differences are true; a naive one is refused."""
    if at.tzinfo is None:
        raise CalendarError(reasons.MOMENT_NAIVE, at=at)
    return at.astimezone(UTC)


def _is_provisional(start: datetime, end: datetime, unit: Unit, calendar: Calendar) -> bool:
    return unit.is_working and calendar.has_provisional(local_day(start), local_day(end))
