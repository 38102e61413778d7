"""Forecasts and trends: ranges that hold what chance brings, and a fall that is never told alone."""

from __future__ import annotations

import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as some

from huying.insight.core.forecast import expect, negative_binomial_range, season_of, weekday_shares
from huying.insight.core.trend import Fall, Month, Share, changes, differs, fell_in_a_row, judge

weeks = some.lists(some.integers(0, 60), max_size=120)
shares = some.integers(0, 200).flatmap(
    lambda whole: some.builds(Share, some.integers(0, whole), some.just(whole))
)


def poisson(mean: float, chance: random.Random) -> int:
    """Return a Poisson number by counting arrivals."""
    number, left = 0, mean
    while (left := left - chance.expovariate(1)) > 0:
        number += 1
    return number


@given(weeks)
def test_a_range_holds_its_mean_and_has_an_order(history: list[int]) -> None:
    one = expect(history)
    assert 0 <= one.low <= one.high
    assert one.low <= one.mean + 1
    assert one.mean <= one.high + 1


def test_of_quiet_weeks_about_one_in_twenty_lies_outside() -> None:
    chance = random.Random(7)  # noqa: S311 - the same draws every time
    outside = whole = 0
    for mean in (0.7, 3.0, 12.0):
        for _place in range(60):
            history = [poisson(mean, chance) for _week in range(26)]
            for _week in range(5):
                seen = poisson(mean, chance)
                one = expect(history)
                outside += not one.low <= seen <= one.high
                whole += 1
                history.append(seen)
    assert outside / whole < 0.08


def test_an_outbreak_stands_out_and_does_not_teach_that_it_is_usual() -> None:
    usual = [2, 3, 1, 2, 4, 2, 3, 2, 1, 3] * 3
    assert expect(usual).verdict(14) == "above"
    after_one = expect([*usual, 40, 2, 3, 2])
    assert after_one.mean < 6
    assert expect([0] * 30).verdict(2) == "inside", "two are no warning, whatever was expected"
    assert expect([]).weeks == 0


def test_last_years_season_moves_the_mean_and_few_appeals_hardly() -> None:
    year = [4] * 26 + [4] * 20 + [20] * 6
    assert season_of([4] * 52) == 1.0
    rainy = [4] * 50 + [16] * 5 + [4] * 49
    assert season_of(rainy[: 52 + 51]) > 1.5
    assert season_of([0] * 52 + [0, 1, 0] + [0] * 20) < 1.2
    assert expect(year).season == 1.0, "not a year and two weeks yet"


@given(some.floats(0.01, 300), some.floats(1, 1000))
def test_a_wider_range_for_what_varies_more(mean: float, shape: float) -> None:
    low, high = negative_binomial_range(mean, shape)
    low_wide, high_wide = negative_binomial_range(mean, max(shape / 4, 0.5))
    assert low <= high
    assert high_wide - low_wide >= high - low - 1


def test_shares_of_weekdays_add_up() -> None:
    assert abs(sum(weekday_shares([10, 10, 10, 10, 10, 2, 1])) - 1) < 1e-9
    assert weekday_shares([0] * 7) == [1 / 7] * 7


@given(some.lists(some.integers(0, 50), max_size=30))
def test_a_fall_is_counted_from_the_end(counts: list[int]) -> None:
    fell = fell_in_a_row(counts)
    assert 0 <= fell <= max(len(counts) - 1, 0)
    tail = counts[len(counts) - fell - 1 :]
    assert all(later < earlier for earlier, later in pairwise(tail))


@given(shares, shares)
def test_one_share_is_greater_exactly_when_the_other_is_smaller(one: Share, other: Share) -> None:
    assert differs(one, other) == -differs(other, one)
    assert differs(one, one) == 0


def falling(satisfied: tuple[int, int], returned: tuple[int, int] = (5, 5), n: int = 60) -> list[Month]:
    """Return six months that fall, with what of n were satisfied and came back before and of late."""
    before = [
        Month(f"2026-0{place}", 50 + place, Share(returned[0], n), Share(satisfied[0], n))
        for place in range(1, 4)
    ]
    late = [
        Month(f"2026-0{place}", 60 - 8 * place, Share(returned[1], n), Share(satisfied[1], n))
        for place in range(4, 7)
    ]
    return [*before, *late]


def test_a_fall_with_people_content_is_a_success_and_with_fewer_content_is_fatigue() -> None:
    assert judge(falling((50, 50))).fall == Fall.MENDED
    assert judge(falling((50, 20))).fall == Fall.TIRED
    assert judge(falling((50, 50), returned=(5, 30))).fall == Fall.TIRED
    assert judge(falling((1, 1), returned=(0, 0), n=1)).fall == Fall.UNKNOWN
    steady = [Month(f"2026-0{place}", 30) for place in range(1, 7)]
    assert judge(steady).fall == Fall.NONE
    assert judge([]).fall == Fall.NONE


@given(
    some.lists(some.builds(Month, some.just("2026-01"), some.integers(0, 99), shares, shares), max_size=30)
)
def test_nothing_is_called_a_success_that_did_not_fall_three_months(months: list[Month]) -> None:
    verdict = judge(months)
    if verdict.fall != Fall.NONE:
        assert verdict.months >= 3
    if verdict.fall == Fall.MENDED:
        assert differs(*verdict.satisfied) >= 0
        assert differs(*verdict.returned) <= 0


def test_changes_are_told_against_the_month_and_the_year_before() -> None:
    told = changes([Month(str(place), 10 + place) for place in range(14)])
    assert told[0].on_month is None
    assert told[13].on_month == 100 * 1 / 22
    assert told[13].on_year == 100 * 12 / 11
    assert changes([Month("a", 2), Month("b", 9)])[1].on_month is None, "from 2 nothing is told in per cent"
