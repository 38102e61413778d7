"""Which days and hours are worked, with Chinese make-up days, for any year and never failing."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Final, Literal, Self, get_args
from zoneinfo import ZoneInfo

from huying.catalogue.core import reasons
from huying.catalogue.core.reasons import CalendarError

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
"""The zone in which every day is judged, whatever zone a moment arrives in."""

DayKind = Literal["workday", "holiday", "makeup"]

PUBLISHED_HOLIDAYS: Final = 10
"""From this many certain holidays on, a year counts as published. The yearly notice of the State Council
has always named more; a town's own closures (a typhoon, a move) stay far below."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_MINUTES_A_DAY: Final = 24 * 60
_SATURDAY: Final = 5
_FIRST_YEAR, _LAST_YEAR = 1800, 2400
_LEAP_YEAR: Final = 2024


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Working time within one day, from and to in minutes after midnight (540 is 09:00, 1440 is 24:00)."""

    from_minute: int
    to_minute: int

    def __post_init__(self) -> None:
        if not 0 <= self.from_minute < self.to_minute <= _MINUTES_A_DAY:
            raise CalendarError(reasons.SPAN_BACKWARDS, span=self)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "09:00-12:00" (also with an en dash or 至); raise CalendarError `span_unreadable`."""
        parts = text.replace("–", "-").replace("—", "-").replace("至", "-").replace("：", ":").split("-")
        try:
            opening, closing = (_minute_of(part) for part in parts)
        except ValueError as error:
            raise CalendarError(reasons.SPAN_UNREADABLE, text=text) from error
        return cls(opening, closing)

    def __str__(self) -> str:
        return "-".join(
            f"{minute // 60:02}:{minute % 60:02}" for minute in (self.from_minute, self.to_minute)
        )


def _minute_of(text: str) -> int:
    hour, minute = (int(part) for part in text.strip().split(":"))
    if not 0 <= minute < 60:  # noqa: PLR2004 - an hour has sixty minutes
        raise ValueError(text)
    return hour * 60 + minute


@dataclass(frozen=True, slots=True)
class Day:
    """What is known of one date.

    `workday` and `makeup` (a weekend day worked in exchange, 调休上班) are worked, `holiday` is not.
    `provisional` says that the date was guessed and not yet published. `spans` replaces the usual hours
    of this one day (a half day before a festival); empty means the usual hours.
    """

    on: date
    kind: DayKind
    name: str = ""
    provisional: bool = False
    spans: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in get_args(DayKind):
            raise CalendarError(reasons.DAY_KIND_UNKNOWN, on=self.on, kind=self.kind)
        _refuse_overlap(self.spans)


@dataclass(frozen=True, slots=True)
class Season:
    """A part of every year, both days (month, day) included; it may run over New Year.

    29 February stands for the last day of February in years that have none.
    """

    first: tuple[int, int]
    last: tuple[int, int]

    def __post_init__(self) -> None:
        for month, day in (self.first, self.last):
            try:
                date(_LEAP_YEAR, month, day)
            except ValueError:
                raise CalendarError(reasons.SEASON_UNREADABLE, text=f"{month:02}-{day:02}") from None

    @classmethod
    def parse(cls, first: str, last: str) -> Self:
        """Read "05-01" and "09-30"; raise CalendarError `season_unreadable`."""
        return cls(_month_day(first), _month_day(last))

    def covers(self, on: date) -> bool:
        """Whether a date lies in the season."""
        day = (on.month, on.day)
        if self.first <= self.last:
            return self.first <= day <= self.last
        return day >= self.first or day <= self.last


def _month_day(text: str) -> tuple[int, int]:
    try:
        month, day = (int(part) for part in text.split("-"))
    except ValueError as error:
        raise CalendarError(reasons.SEASON_UNREADABLE, text=text) from error
    return month, day


@dataclass(frozen=True, slots=True)
class Hours:
    """Working spans, `usual` for every working day, `by_weekday` (0 = Monday) where a weekday differs.

    `from_on` and `until_on` (both included, None = without end) and a `season` of every year let a town keep
    summer hours: of several that cover a date the one listed last counts. A make-up Saturday has the usual
    hours unless weekday 5 says otherwise.
    """

    usual: tuple[Span, ...]
    by_weekday: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)
    from_on: date | None = None
    until_on: date | None = None
    season: Season | None = None

    def __post_init__(self) -> None:
        for spans in (self.usual, *self.by_weekday.values()):
            if not spans:
                raise CalendarError(reasons.HOURS_EMPTY)
            _refuse_overlap(spans)

    def covers(self, on: date) -> bool:
        """Whether these hours are in force on that date."""
        if self.season is not None and not self.season.covers(on):
            return False
        return (self.from_on is None or self.from_on <= on) and (self.until_on is None or on <= self.until_on)

    def spans(self, on: date) -> tuple[Span, ...]:
        """Return the spans that a working day on this date has, in order."""
        return tuple(sorted(self.by_weekday.get(on.weekday(), self.usual)))


def _refuse_overlap(spans: tuple[Span, ...]) -> None:
    ordered = sorted(spans)
    for earlier, later in pairwise(ordered):
        if later.from_minute < earlier.to_minute:
            raise CalendarError(reasons.SPANS_OVERLAP, earlier=earlier, later=later)


@dataclass(frozen=True, slots=True)
class _Year:
    """One year laid out for bisection; moments in microseconds since 1970 UTC, days as ordinals."""

    opens: tuple[int, ...]  # start of each span
    closes: tuple[int, ...]  # end of each span
    worked: tuple[int, ...]  # working time from the start of the year to the end of each span
    days: tuple[int, ...]  # working days
    closings: tuple[int, ...]  # end of the last span of each working day
    provisional: tuple[int, ...]  # days that may still change

    @property
    def total(self) -> int:
        return self.worked[-1] if self.worked else 0

    def worked_until(self, moment: int) -> int:
        """Working time from the start of the year to a moment."""
        at = bisect_right(self.opens, moment) - 1
        return 0 if at < 0 else self.worked[at] - max(0, self.closes[at] - moment)

    def moment_of(self, worked: int) -> int:
        """Return the earliest moment at which so much (more than nothing) has been worked in the year."""
        at = bisect_left(self.worked, worked)
        return self.closes[at] - (self.worked[at] - worked)


class Calendar:
    """An immutable working calendar: days, hours and the version that produced them.

    A date without a row is worked from Monday to Friday. It is certain within a known (published) year and
    provisional outside, so that no question about any year from 1900 to 2200 ever fails. Known are the years
    with at least PUBLISHED_HOLIDAYS certain holidays, unless `known_years` names them.
    """

    __slots__ = ("_days", "_hours", "_known_years", "_version", "_years")

    def __init__(
        self,
        days: Iterable[Day],
        hours: Iterable[Hours],
        version: str,
        *,
        known_years: Iterable[int] | None = None,
    ) -> None:
        self._days: dict[date, Day] = {}
        for day in days:
            if day.on in self._days:
                raise CalendarError(reasons.DAY_TWICE, on=day.on)
            self._days[day.on] = day
        self._hours = tuple(hours)
        if not any((one.from_on, one.until_on, one.season) == (None, None, None) for one in self._hours):
            raise CalendarError(reasons.HOURS_MISSING)
        self._known_years = self._published_years() if known_years is None else frozenset(known_years)
        self._version = version
        self._years: dict[int, _Year] = {}

    def _published_years(self) -> frozenset[int]:
        holidays = (day for day in self._days.values() if day.kind == "holiday" and not day.provisional)
        counts = Counter(day.on.year for day in holidays)
        return frozenset(year for year, count in counts.items() if count >= PUBLISHED_HOLIDAYS)

    @property
    def version(self) -> str:
        """Name of the calendar version, to be recorded beside each date computed from it."""
        return self._version

    @property
    def known_from(self) -> date | None:
        """First day that is certain, None if nothing is."""
        return date(min(self._known_years), 1, 1) if self._known_years else None

    @property
    def known_until(self) -> date | None:
        """Last day that is certain, None if nothing is; warn well before it comes."""
        return date(max(self._known_years), 12, 31) if self._known_years else None

    def day(self, on: date) -> Day:
        """Return the row of a date, or what is assumed of it: never fails."""
        row = self._days.get(on)
        if row is not None:
            return row
        kind: DayKind = "workday" if on.weekday() < _SATURDAY else "holiday"
        return Day(on, kind, provisional=on.year not in self._known_years)

    def is_working(self, on: date) -> bool:
        """Whether the date is worked."""
        return self.day(on).kind != "holiday"

    def is_provisional(self, on: date) -> bool:
        """Whether the answer for that date is assumed and may still change."""
        return self.day(on).provisional

    def spans(self, on: date) -> tuple[Span, ...]:
        """Return the working spans of a date in order, none if it is not worked."""
        day = self.day(on)
        if day.kind == "holiday":
            return ()
        if day.spans:
            return tuple(sorted(day.spans))
        return next(hours for hours in reversed(self._hours) if hours.covers(on)).spans(on)

    def nth_working_day(self, after: date, count: int) -> date:
        """Return the count-th (from 1) working day after a date; CalendarError `too_far` beyond 2400."""
        if count < 1:
            raise CalendarError(reasons.COUNT_NOT_POSITIVE)
        year, ordinal = after.year, after.toordinal()
        while True:
            index = self._year(year)
            first = bisect_right(index.days, ordinal)
            if first + count <= len(index.days):
                return date.fromordinal(index.days[first + count - 1])
            count -= len(index.days) - first
            year += 1

    def working_days_between(self, after: date, until: date) -> int:
        """Count the working days later than `after` up to and with `until`; 0 if there are none."""
        first, last = after.toordinal(), until.toordinal()
        years = (self._year(year).days for year in range(after.year, until.year + 1))
        return max(0, sum(bisect_right(days, last) - bisect_right(days, first) for days in years))

    def closing_at(self, on: date) -> datetime:
        """Return the end (UTC) of a working day's last span; CalendarError `not_worked` for other days."""
        index = self._year(on.year)
        at = bisect_left(index.days, on.toordinal())
        if at == len(index.days) or index.days[at] != on.toordinal():
            raise CalendarError(reasons.NOT_WORKED, on=on)
        return _moment(index.closings[at])

    def working_between(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time from one moment to a later one; nothing if the end is not later."""
        first, last = local_day(start).year, local_day(end).year
        opening, closing = _number(start), _number(end)
        if closing <= opening:
            return timedelta(0)
        whole = sum(self._year(year).total for year in range(first, last))
        worked = self._year(last).worked_until(closing) - self._year(first).worked_until(opening)
        return timedelta(microseconds=whole + worked)

    def after_working(self, start: datetime, length: timedelta) -> datetime:
        """Return the earliest moment (UTC) by which `length` was worked since start; start for no length.

        Raises CalendarError `too_far` beyond the year 2400, also when no day at all is ever worked.
        """
        if length <= timedelta(0):
            return start.astimezone(UTC)
        year = local_day(start).year
        target = self._year(year).worked_until(_number(start)) + length // _MICROSECOND
        while target > self._year(year).total:
            target -= self._year(year).total
            year += 1
        return _moment(self._year(year).moment_of(target))

    def has_provisional(self, from_on: date, until_on: date) -> bool:
        """Whether any date from one to the other, both included, is provisional."""
        first, last = from_on.toordinal(), until_on.toordinal()
        years = (self._year(year).provisional for year in range(from_on.year, until_on.year + 1))
        return any(bisect_right(days, last) > bisect_left(days, first) for days in years)

    def _year(self, year: int) -> _Year:
        index = self._years.get(year)
        if index is None:
            # Two threads may both build it; they build the same, and setting an item is atomic.
            index = self._years[year] = self._lay_out(year)
        return index

    def _lay_out(self, year: int) -> _Year:
        if not _FIRST_YEAR <= year <= _LAST_YEAR:
            raise CalendarError(reasons.TOO_FAR, first=_FIRST_YEAR, last=_LAST_YEAR, year=year)
        opens: list[int] = []
        closes: list[int] = []
        worked: list[int] = []
        days: list[int] = []
        closings: list[int] = []
        provisional: list[int] = []
        total = 0
        for ordinal in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()):
            on = date.fromordinal(ordinal)
            if self.is_provisional(on):
                provisional.append(ordinal)
            spans = self.spans(on)
            for span in spans:
                opens.append(_number(wall(on, span.from_minute)))
                closes.append(_number(wall(on, span.to_minute)))
                total += closes[-1] - opens[-1]
                worked.append(total)
            if spans:
                days.append(ordinal)
                closings.append(closes[-1])
        lists = (opens, closes, worked, days, closings, provisional)
        return _Year(*(tuple(one) for one in lists))


def wall(on: date, minute: int) -> datetime:
    """Return the moment (UTC) at which clocks in Shanghai show so many minutes after midnight."""
    later, rest = divmod(minute, _MINUTES_A_DAY)
    clock = time(rest // 60, rest % 60)
    return datetime.combine(on + timedelta(days=later), clock, SHANGHAI).astimezone(UTC)


def local_day(at: datetime) -> date:
    """Return the date in Shanghai at a moment; CalendarError `moment_naive` when its zone is unknown."""
    if at.tzinfo is None:
        raise CalendarError(reasons.MOMENT_NAIVE, at=at)
    return at.astimezone(SHANGHAI).date()


def _number(at: datetime) -> int:
    # Never subtract two moments of one zone directly: Python then ignores changes of its summer time.
    return (at - _EPOCH) // _MICROSECOND


def _moment(number: int) -> datetime:
    return _EPOCH + timedelta(microseconds=number)
