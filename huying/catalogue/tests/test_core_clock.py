"""The clocks: official oracle values, and properties that no start, amount or pause may break."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from time import perf_counter
from zoneinfo import ZoneInfo

import chinese_calendar
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huying.catalogue.core.calendar import SHANGHAI, Hours, Span
from huying.catalogue.core.clock import (
    Limit,
    Pause,
    Unit,
    due_at,
    due_soon_at,
    elapsed,
    is_due_soon,
    remaining,
)
from huying.catalogue.core.reasons import CalendarError
from huying.catalogue.core.seed import load_seed

SEED = load_seed()


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def refused(reason: str) -> pytest.RaisesExc[CalendarError]:
    return pytest.RaisesExc(
        CalendarError, check=lambda error: error.reason.key == reason and bool(error.sentence)
    )


moments = st.datetimes(datetime(2023, 12, 1), datetime(2028, 1, 31), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is given beside
limits = st.builds(Limit, st.integers(1, 60), st.sampled_from(Unit))
lengths = st.timedeltas(timedelta(0), timedelta(days=12))


@st.composite
def pauses(draw: st.DrawFn, start: datetime | None = None) -> list[Pause]:
    begin = draw(moments) if start is None else start
    found: list[Pause] = []
    for _ in range(draw(st.integers(0, 4))):
        pause_from = begin + draw(st.timedeltas(timedelta(days=-5), timedelta(days=40)))
        found.append((pause_from, pause_from + draw(lengths)))
    return found


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("2026-02-13", 1, "2026-02-14"),  # a make-up Saturday
        ("2026-02-13", 5, "2026-02-27"),
        ("2026-04-03", 1, "2026-04-07"),
        ("2026-04-30", 5, "2026-05-11"),
        ("2026-09-18", 1, "2026-09-20"),  # a make-up Sunday
        ("2026-09-30", 5, "2026-10-13"),
    ],
)
def test_working_days_end_at_the_close_of_the_right_day(start: str, days: int, expected: str) -> None:
    due = due_at(shanghai(f"{start}T10:30"), Limit(days, Unit.WORKING_DAYS), SEED)
    assert due.at == shanghai(f"{expected}T18:00")
    assert due.at.tzinfo is UTC
    assert not due.provisional


def test_a_limit_that_runs_into_an_unpublished_year_is_provisional_and_does_not_fail() -> None:
    due = due_at(shanghai("2026-12-31T10:00"), Limit(1, Unit.WORKING_DAYS), SEED)
    assert due.provisional
    assert due.at == shanghai("2027-01-04T18:00")
    assert due_at(shanghai("2026-12-31T16:00"), Limit(3, Unit.WORKING_HOURS), SEED).provisional
    assert not due_at(shanghai("2026-12-31T10:00"), Limit(3, Unit.WORKING_HOURS), SEED).provisional
    assert not due_at(shanghai("2026-12-31T10:00"), Limit(7, Unit.NATURAL_DAYS), SEED).provisional


# Every moment of the published years, to the minute, that leaves twenty working days before they end.
published = st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 1), timezones=st.just(SHANGHAI))  # noqa: DTZ001 - the zone is given beside
SECOND = holidays.country_holidays("CN", years=(2024, 2025, 2026))


@given(published, st.integers(1, 20))
def test_the_day_that_is_due_agrees_with_both_oracles(start: datetime, count: int) -> None:
    on = start.date()
    steps = count if chinese_calendar.is_workday(on) else count - 1
    due = due_at(start.astimezone(UTC), Limit(count, Unit.WORKING_DAYS), SEED)
    ends = due.at.astimezone(SHANGHAI)
    assert ends.date() == chinese_calendar.find_workday(steps, on) == SECOND.get_nth_working_day(on, count)
    assert (ends.hour, ends.minute) == (18, 0)
    assert not due.provisional


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-09-17T15:59:59", "2026-09-18"),  # still Thursday in Shanghai
        ("2026-09-17T16:00:00", "2026-09-20"),  # Friday there: the make-up Sunday is next
        ("2026-12-30T15:59:59", "2026-12-31"),
    ],
)
def test_the_day_of_a_start_near_midnight_is_shanghais(start: str, expected: str) -> None:
    at = datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert due_at(at, Limit(1, Unit.WORKING_DAYS), SEED).at == shanghai(f"{expected}T18:00")


@pytest.mark.parametrize(
    ("start", "amount", "unit", "expected"),
    [
        ("2026-03-02T10:00", 2, Unit.WORKING_HOURS, "2026-03-02T12:00"),  # to the very end of a span
        ("2026-03-02T11:00", 2, Unit.WORKING_HOURS, "2026-03-02T15:00"),  # over noon
        ("2026-03-02T12:30", 2, Unit.WORKING_HOURS, "2026-03-02T16:00"),  # from within noon
        ("2026-03-06T17:00", 2, Unit.WORKING_HOURS, "2026-03-09T10:00"),  # over a weekend
        ("2026-03-07T03:00", 2, Unit.WORKING_HOURS, "2026-03-09T11:00"),  # from a weekend
        ("2026-02-13T17:30", 1, Unit.WORKING_HOURS, "2026-02-14T09:30"),  # into a make-up Saturday
        ("2026-03-02T17:50", 15, Unit.WORKING_MINUTES, "2026-03-03T09:05"),
        ("2026-03-06T23:30", 2, Unit.NATURAL_HOURS, "2026-03-07T01:30"),
        ("2026-03-06T23:30", 2, Unit.URGENT_HOURS, "2026-03-07T01:30"),
        ("2026-03-06T23:50", 15, Unit.NATURAL_MINUTES, "2026-03-07T00:05"),
        ("2026-09-28T09:00", 7, Unit.NATURAL_DAYS, "2026-10-05T23:59:59"),  # through a holiday
    ],
)
def test_each_unit_counts_as_it_says(start: str, amount: int, unit: Unit, expected: str) -> None:
    assert due_at(shanghai(start), Limit(amount, unit), SEED).at == shanghai(expected)


def test_a_start_after_the_close_of_business_counts_its_own_day_as_the_first_too() -> None:
    friday_night = due_at(shanghai("2026-03-06T22:00"), Limit(1, Unit.WORKING_DAYS), SEED)
    friday_noon = due_at(shanghai("2026-03-06T12:00"), Limit(1, Unit.WORKING_DAYS), SEED)
    assert friday_night == friday_noon


def test_the_day_is_shanghais_whatever_zone_the_start_comes_in() -> None:
    night = datetime(2026, 3, 5, 19, 0, tzinfo=UTC)  # Friday 03:00 in Shanghai
    for zone in (UTC, ZoneInfo("America/New_York"), SHANGHAI):
        due = due_at(night.astimezone(zone), Limit(1, Unit.WORKING_DAYS), SEED)
        assert due.at == shanghai("2026-03-09T18:00")


@given(moments, limits, st.data())
def test_no_limit_is_due_before_its_start_and_no_pause_shortens_it(
    start: datetime, limit: Limit, data: st.DataObject
) -> None:
    plain = due_at(start, limit, SEED)
    paused = due_at(start, limit, SEED, data.draw(pauses(start)))
    assert start < plain.at <= paused.at


@given(moments, limits, lengths, st.data())
def test_a_later_start_is_never_due_earlier(
    start: datetime, limit: Limit, later: timedelta, data: st.DataObject
) -> None:
    stops = data.draw(pauses(start))
    assert due_at(start, limit, SEED, stops).at <= due_at(start + later, limit, SEED, stops).at


@given(moments, limits, st.data())
def test_a_longer_limit_is_never_due_earlier(start: datetime, limit: Limit, data: st.DataObject) -> None:
    stops = data.draw(pauses(start))
    longer = Limit(limit.amount + data.draw(st.integers(0, 20)), limit.unit)
    assert due_at(start, limit, SEED, stops).at <= due_at(start, longer, SEED, stops).at


@given(moments, limits, st.data())
def test_at_its_due_moment_a_limit_is_used_up_and_not_before(
    start: datetime, limit: Limit, data: st.DataObject
) -> None:
    stops = data.draw(pauses(start))
    due = due_at(start, limit, SEED, stops).at
    assert remaining(start, due, limit, SEED, stops) == timedelta(0)
    assert remaining(start, due - timedelta(seconds=1), limit, SEED, stops) > timedelta(0)
    assert remaining(start, due + timedelta(days=30), limit, SEED) < timedelta(0)


@given(moments, st.integers(1, 200), st.data())
def test_working_hours_elapsed_until_due_are_the_limit(
    start: datetime, amount: int, data: st.DataObject
) -> None:
    stops = data.draw(pauses(start))
    due = due_at(start, Limit(amount, Unit.WORKING_HOURS), SEED, stops).at
    assert elapsed(start, due, Unit.WORKING_HOURS, SEED, stops) == timedelta(hours=amount)


@given(moments, lengths, lengths, st.sampled_from(Unit), st.data())
def test_elapsed_time_adds_up_and_never_runs_back(
    start: datetime, first: timedelta, second: timedelta, unit: Unit, data: st.DataObject
) -> None:
    stops = data.draw(pauses(start))
    middle = elapsed(start, start + first, unit, SEED, stops)
    assert timedelta(0) <= middle <= elapsed(start, start + first + second, unit, SEED, stops)
    if not unit.counts_days:
        rest = elapsed(start + first, start + first + second, unit, SEED, stops)
        assert middle + rest == elapsed(start, start + first + second, unit, SEED, stops)


@given(moments, st.integers(1, 30), st.data())
def test_working_hours_agree_with_a_walk_minute_by_minute(
    start: datetime, amount: int, data: st.DataObject
) -> None:
    start = start.replace(second=0, microsecond=0)
    first = start + timedelta(minutes=data.draw(st.integers(-500, 3000)))
    stop = (first, first + timedelta(minutes=data.draw(st.integers(0, 3000))))
    left, at = amount, start
    while left:
        local = at.astimezone(SHANGHAI)
        minute = local.hour * 60 + local.minute
        open_now = any(span.from_minute <= minute < span.to_minute for span in SEED.spans(local.date()))
        left -= open_now and not stop[0] <= at < stop[1]
        at += timedelta(minutes=1)
    assert due_at(start, Limit(amount, Unit.WORKING_MINUTES), SEED, [stop]).at == at


def test_pauses_that_overlap_or_come_unsorted_count_once() -> None:
    start, limit = shanghai("2026-03-02T09:00"), Limit(7, Unit.WORKING_HOURS)
    one: Pause = (shanghai("2026-03-02T10:00"), shanghai("2026-03-02T11:30"))
    two: Pause = (shanghai("2026-03-02T11:00"), shanghai("2026-03-02T12:00"))
    assert due_at(start, limit, SEED, [two, one, two]).at == shanghai("2026-03-03T11:00")


def test_a_pause_moves_working_days_by_its_working_time_only() -> None:
    start, limit = shanghai("2026-03-02T16:00"), Limit(1, Unit.WORKING_DAYS)
    cases: list[tuple[str, str, str]] = [
        ("2026-03-02T17:00", "2026-03-02T17:30", "2026-03-03T18:00"),  # on the day of the start
        ("2026-03-03T12:00", "2026-03-03T14:00", "2026-03-03T18:00"),  # over noon
        ("2026-03-03T10:00", "2026-03-03T11:00", "2026-03-04T10:00"),
        ("2026-03-03T00:00", "2026-03-05T00:00", "2026-03-05T18:00"),
        ("2026-03-03T18:00", "2026-03-05T00:00", "2026-03-03T18:00"),  # after it was due
    ]
    for pause_from, pause_to, expected in cases:
        stop = (shanghai(pause_from), shanghai(pause_to))
        assert due_at(start, limit, SEED, [stop]).at == shanghai(expected), stop


def test_a_pause_without_end_holds_the_clock() -> None:
    start, limit = shanghai("2026-03-02T09:00"), Limit(2, Unit.WORKING_HOURS)
    held = due_at(start, limit, SEED, [(shanghai("2026-03-02T10:00"), None)])
    assert held.standing
    assert elapsed(
        start, shanghai("2026-05-02T09:00"), limit.unit, SEED, [(shanghai("2026-03-02T10:00"), None)]
    ) == (timedelta(hours=1))
    late = due_at(start, limit, SEED, [(shanghai("2026-03-02T11:00"), None)])
    assert not late.standing
    joined = [
        (shanghai("2026-03-02T10:00"), None),
        (shanghai("2026-03-02T10:30"), shanghai("2026-03-02T10:40")),
    ]
    assert due_at(start, limit, SEED, joined).standing


def test_due_soon_is_judged_on_the_limits_own_clock() -> None:
    start, limit = shanghai("2026-09-30T09:00"), Limit(1, Unit.WORKING_DAYS)  # due on 8 October
    due = due_at(start, limit, SEED).at
    holiday = shanghai("2026-10-07T20:00")
    assert is_due_soon(holiday, start, due)
    assert not is_due_soon(holiday, start, due, unit=limit.unit, calendar=SEED)
    reminder = due_soon_at(start, limit, SEED)
    assert reminder == shanghai("2026-10-08T16:36")  # 5.6 of 7 hours
    assert is_due_soon(reminder, start, due, unit=limit.unit, calendar=SEED)
    assert not is_due_soon(reminder - timedelta(seconds=1), start, due, unit=limit.unit, calendar=SEED)
    assert not is_due_soon(due + timedelta(seconds=1), start, due)


@given(moments, limits, st.floats(0.05, 1.0), st.data())
def test_the_reminder_comes_after_the_start_and_not_after_the_due_moment(
    start: datetime, limit: Limit, share: float, data: st.DataObject
) -> None:
    stops = data.draw(pauses(start))
    assert start < due_soon_at(start, limit, SEED, stops, share) <= due_at(start, limit, SEED, stops).at


@pytest.mark.parametrize(
    ("amount", "unit", "half", "unit_of_half"),
    [
        (7, Unit.WORKING_DAYS, 4, Unit.WORKING_DAYS),
        (1, Unit.WORKING_DAYS, 1, Unit.WORKING_DAYS),
        (24, Unit.NATURAL_HOURS, 12, Unit.NATURAL_HOURS),
        (1, Unit.WORKING_HOURS, 30, Unit.WORKING_MINUTES),
        (1, Unit.URGENT_HOURS, 30, Unit.NATURAL_MINUTES),
        (1, Unit.WORKING_MINUTES, 1, Unit.WORKING_MINUTES),
    ],
)
def test_rework_gets_half_of_the_limit(amount: int, unit: Unit, half: int, unit_of_half: Unit) -> None:
    assert Limit(amount, unit).portion(Fraction(1, 2)) == Limit(half, unit_of_half)


def test_limits_and_pauses_that_make_no_sense_are_refused() -> None:
    start = shanghai("2026-03-02T09:00")
    with refused("limit_not_positive"):
        Limit(0, Unit.WORKING_DAYS)
    with refused("limit_too_long"):
        Limit(4001, Unit.WORKING_DAYS)
    for unit in Unit:
        with refused("moment_naive"):
            due_at(start.replace(tzinfo=None), Limit(1, unit), SEED)
    with refused("pause_backwards"):
        due_at(start, Limit(1, Unit.WORKING_DAYS), SEED, [(start, start - timedelta(1))])
    with refused("moment_naive"):
        due_at(start, Limit(1, Unit.WORKING_DAYS), SEED, [(start.replace(tzinfo=None), None)])


def test_the_longest_limits_and_the_oldest_starts_still_have_a_date() -> None:
    for unit in Unit:
        assert due_at(datetime(1900, 1, 1, tzinfo=UTC), Limit(1, unit), SEED).at.year == 1900
    far = due_at(datetime(2200, 12, 31, tzinfo=UTC), Limit(4000, Unit.WORKING_DAYS), SEED)
    assert far.provisional
    assert far.at.year == 2216


def test_hours_to_midnight_and_the_summer_time_of_1988_are_counted_exactly() -> None:
    calendar = load_seed((Hours((Span(0, 1440),)),))
    start = shanghai("1988-04-15T12:00")  # a Friday; clocks went forward on Sunday the 17th
    due = due_at(start, Limit(36, Unit.WORKING_HOURS), calendar)
    assert due.at == shanghai("1988-04-19T00:00")
    assert elapsed(start, due.at, Unit.WORKING_HOURS, calendar) == timedelta(hours=36)


def test_summer_time_of_the_zone_that_moments_come_in_changes_nothing() -> None:
    new_york = ZoneInfo("America/New_York")
    start = datetime(2026, 3, 7, 12, 0, tzinfo=new_york)  # clocks go forward in the night
    end = datetime(2026, 3, 8, 12, 0, tzinfo=new_york)
    assert elapsed(start, end, Unit.NATURAL_HOURS, SEED) == timedelta(hours=23)
    due = due_at(start, Limit(48, Unit.NATURAL_HOURS), SEED, [(start, end)])
    assert due.at == start.astimezone(UTC) + timedelta(hours=48 + 23)
    assert is_due_soon(end, start, end.astimezone(UTC) + timedelta(hours=5))


def test_a_due_date_costs_microseconds() -> None:
    start, limit = shanghai("2026-09-29T10:30"), Limit(5, Unit.WORKING_DAYS)
    hours = Limit(20, Unit.WORKING_HOURS)
    stop: Pause = (start, start + timedelta(days=1))
    due_at(start, limit, SEED)
    best = min(_seconds_for(start, limit), _seconds_for(start, limit))
    assert best < 100e-6  # measured near 7 µs; the bound only catches a walk over days
    assert min(_seconds_for(start, hours), _seconds_for(start, hours)) < 100e-6
    assert min(_seconds_for(start, hours, stop), _seconds_for(start, hours, stop)) < 250e-6


def _seconds_for(start: datetime, limit: Limit, *stops: Pause) -> float:
    begun = perf_counter()
    for _ in range(200):
        due_at(start, limit, SEED, stops)
    return (perf_counter() - begun) / 200


def test_the_first_published_year_is_far_enough_back_for_old_cases() -> None:
    assert SEED.known_from is not None
    assert SEED.known_from <= date(2024, 1, 1)
