"""The working calendar: make-up days, hours, and dates nobody has published yet."""

from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huying.catalogue.core.calendar import Calendar, Day, Hours, Span, local_day, wall
from huying.catalogue.core.reasons import CalendarError
from huying.catalogue.core.seed import USUAL_HOURS, load_seed

SEED = load_seed()
KNOWN_DAYS = [date(2024, 1, 1) + timedelta(days=count) for count in range(366 + 365 + 365)]
MORNING, AFTERNOON = USUAL_HOURS.usual


def make(*days: Day, hours: tuple[Hours, ...] = (USUAL_HOURS,)) -> Calendar:
    return Calendar(days, hours, "test")


def refused(reason: str) -> pytest.RaisesExc[CalendarError]:
    return pytest.RaisesExc(
        CalendarError, check=lambda error: error.reason.key == reason and bool(error.sentence)
    )


def test_every_day_of_the_published_years_agrees_with_both_oracles() -> None:
    second = holidays.country_holidays("CN", years=(2024, 2025, 2026))
    for on in KNOWN_DAYS:
        assert SEED.is_working(on) == chinese_calendar.is_workday(on) == second.is_working_day(on), on
        assert not SEED.is_provisional(on)


@given(st.sampled_from(KNOWN_DAYS[:-60]), st.integers(1, 30))
def test_counting_working_days_agrees_with_the_oracle(on: date, count: int) -> None:
    expected = chinese_calendar.find_workday(count, on)
    if not chinese_calendar.is_workday(on):
        # The library moves a rest day to the next working day first; we count from the rest day itself.
        expected = chinese_calendar.find_workday(count - 1, on)
    assert SEED.nth_working_day(on, count) == expected
    assert SEED.working_days_between(on, expected) == count


def test_the_second_oracle_counts_the_same_working_days() -> None:
    second = holidays.country_holidays("CN", years=(2024, 2025, 2026))
    for on in KNOWN_DAYS[:-60]:
        for count in (1, 5, 15):
            assert SEED.nth_working_day(on, count) == second.get_nth_working_day(on, count), (on, count)


def test_a_make_up_saturday_is_worked_with_the_usual_hours() -> None:
    assert SEED.day(date(2026, 2, 14)).kind == "makeup"
    assert SEED.spans(date(2026, 2, 14)) == (MORNING, AFTERNOON)
    assert SEED.spans(date(2026, 2, 16)) == ()


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_any_day_of_three_centuries_has_an_answer(on: date) -> None:
    assert bool(SEED.spans(on)) == SEED.is_working(on)
    assert SEED.is_provisional(on) == (not 2024 <= on.year <= 2026)
    assert SEED.nth_working_day(on, 3) > on


def test_the_calendar_says_how_far_it_is_certain() -> None:
    assert (SEED.known_from, SEED.known_until) == (date(2024, 1, 1), date(2026, 12, 31))
    assert (make().known_from, make().known_until) == (None, None)


def test_a_year_counts_as_published_only_with_enough_certain_holidays() -> None:
    week = [Day(date(2027, 10, day), "holiday") for day in range(1, 8)]
    rest = [Day(date(2027, 5, day), "holiday") for day in range(1, 4)]
    assert make(*week).is_provisional(date(2027, 3, 3))
    assert not make(*week, *rest).is_provisional(date(2027, 3, 3))
    guessed = [Day(day.on, "holiday", provisional=True) for day in (*week, *rest)]
    assert make(*guessed).is_provisional(date(2027, 3, 3))


def test_a_town_keeps_summer_hours_for_a_season() -> None:
    summer = Hours(
        (Span.parse("08:30-12:00"), Span.parse("15:00-18:30")),
        from_on=date(2026, 6, 1),
        until_on=date(2026, 9, 30),
    )
    calendar = make(hours=(USUAL_HOURS, summer))
    assert calendar.spans(date(2026, 5, 29)) == (MORNING, AFTERNOON)
    assert [str(span) for span in calendar.spans(date(2026, 6, 1))] == ["08:30-12:00", "15:00-18:30"]
    assert [str(span) for span in calendar.spans(date(2026, 9, 30))] == ["08:30-12:00", "15:00-18:30"]
    assert calendar.spans(date(2026, 10, 1)) == (MORNING, AFTERNOON)


def test_a_short_friday_and_a_half_day_before_a_festival_have_their_own_hours() -> None:
    hours = Hours(USUAL_HOURS.usual, {4: (MORNING,)})
    eve = Day(date(2026, 2, 11), "workday", spans=(Span.parse("9:00至10:00"),))
    calendar = make(eve, hours=(hours,))
    assert calendar.spans(date(2026, 2, 13)) == (MORNING,)
    assert calendar.spans(date(2026, 2, 11)) == (Span(540, 600),)
    worked = calendar.working_between(wall(date(2026, 2, 11), 0), wall(date(2026, 2, 14), 0))
    assert worked == timedelta(hours=1 + 7 + 3)


@pytest.mark.parametrize("text", ["", "9-12", "09:00", "09:00-12:61", "09:00-12:00-13:00", "nine-ten"])
def test_an_unreadable_span_is_refused(text: str) -> None:
    with refused("span_unreadable"):
        Span.parse(text)


def test_what_makes_no_sense_is_refused_by_name() -> None:
    on = date(2026, 3, 3)
    with refused("span_backwards"):
        Span(600, 540)
    with refused("spans_overlap"):
        Hours((Span(540, 700), Span(699, 720)))
    with refused("hours_empty"):
        Hours(())
    with refused("hours_missing"):
        make(hours=(Hours(USUAL_HOURS.usual, from_on=on),))
    with refused("day_twice"):
        make(Day(on, "holiday"), Day(on, "workday"))
    with refused("day_kind_unknown"):
        Day(on, "party")  # type: ignore[arg-type]  # a kind as it may come from a file
    with refused("count_not_positive"):
        SEED.nth_working_day(on, 0)
    with refused("not_worked"):
        SEED.closing_at(date(2026, 10, 1))
    with refused("moment_naive"):
        local_day(datetime(2026, 1, 1, 9))  # noqa: DTZ001 - the naive moment is the point


def test_a_calendar_without_any_working_day_ends_instead_of_looping() -> None:
    barren = Calendar(
        (Day(on, "holiday") for on in (date(2380, 1, 1) + timedelta(days=count) for count in range(7700))),
        (USUAL_HOURS,),
        "barren",
    )
    with refused("too_far"):
        barren.after_working(datetime(2380, 1, 1, tzinfo=UTC), timedelta(hours=1))


def test_no_working_days_lie_between_a_day_and_an_earlier_one() -> None:
    assert SEED.working_days_between(date(2026, 3, 4), date(2026, 3, 2)) == 0
    assert SEED.working_days_between(date(2026, 3, 4), date(2025, 12, 2)) == 0
    assert SEED.working_between(wall(date(2026, 3, 4), 0), wall(date(2026, 3, 2), 0)) == timedelta(0)


def test_a_day_is_judged_in_shanghai() -> None:
    assert local_day(datetime(2026, 3, 1, 16, 0, tzinfo=UTC)) == date(2026, 3, 2)
    assert wall(date(2026, 3, 2), 24 * 60) == datetime(2026, 3, 2, 16, 0, tzinfo=UTC)
