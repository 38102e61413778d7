"""Days and months: the weekday and the season move the mean, chance stays inside, too little says so."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as some

from huying.insight.core.forecast import Expected
from huying.insight.core.forecast_spans import TooShort, expect_day, expect_month
from huying.insight.tests.test_core_trend import poisson

WORKING = [6.0, 5.0, 5.0, 5.0, 5.0, 1.0, 1.0]


def known(one: Expected | TooShort) -> Expected:
    assert isinstance(one, Expected)
    return one


def test_a_sunday_is_expected_to_bring_less_than_a_monday() -> None:
    history = [int(WORKING[day % 7]) for day in range(70)]
    monday, sunday = known(expect_day(history, 0)), known(expect_day(history[:-1], 6))
    assert 5 < monday.mean < 7
    assert 0.8 < sunday.mean < 1.8
    assert sunday.verdict(8) == "above"
    assert monday.verdict(8) == "inside"


def test_of_quiet_days_about_one_in_twenty_lies_outside() -> None:
    chance = random.Random(11)  # noqa: S311 - the same draws every time
    outside = whole = 0
    for busy in (1, 4):
        history = [poisson(busy * WORKING[day % 7], chance) for day in range(56)]
        for day in range(56, 356):
            seen = poisson(busy * WORKING[day % 7], chance)
            one = known(expect_day(history, day % 7))
            outside += not one.low <= seen <= one.high
            whole += 1
            history.append(seen)
    assert outside / whole < 0.08


def test_what_is_too_short_or_too_thin_is_not_forecast_and_says_what_is_missing() -> None:
    assert expect_day([9] * 55, 0) == TooShort(55, 495, 56, 56)
    assert expect_day([0, 1] * 28, 0) == TooShort(56, 28, 56, 56)
    assert expect_month([30] * 11, [30] * 12) == TooShort(11, 330, 12, 60)
    assert isinstance(expect_month([4] * 12, [30] * 13), TooShort)
    assert isinstance(expect_day([], 3), TooShort)


def test_last_years_season_moves_a_month_and_its_length_does() -> None:
    year = [40] * 6 + [160] + [40] * 5
    plain, rainy = known(expect_month(year, [30] * 13)), known(expect_month(year * 2 + year[:6], [30] * 31))
    assert plain.season == 1.0
    assert rainy.season > 2
    assert rainy.mean > 1.5 * plain.mean
    short, long = (known(expect_month([60] * 12, [30] * 12 + [days])) for days in (28, 31))
    assert short.mean < long.mean


def test_an_outbreak_does_not_teach_that_it_is_usual() -> None:
    history = [int(WORKING[day % 7]) for day in range(70)]
    history[-10] = 90
    one = known(expect_day(history, 0))
    assert one.mean < 8
    assert one.verdict(25) == "above"


@given(some.lists(some.integers(0, 40), min_size=56, max_size=90), some.integers(0, 6))
def test_a_range_holds_its_mean_and_has_an_order(history: list[int], weekday: int) -> None:
    one = expect_day(history, weekday)
    if isinstance(one, Expected):
        assert 0 <= one.low <= one.high
        assert one.low <= one.mean + 1
        assert one.mean <= one.high + 1
