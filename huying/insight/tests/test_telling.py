"""Numbers are told honestly: hidden where few, a range below thirty, and nothing hidden can be worked out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from huying.insight.core.indicators import BY_KEY, INDICATORS
from huying.insight.core.telling import (
    FEWEST,
    FEWEST_FOR_A_SHARE,
    Counted,
    Number,
    Tier,
    Told,
    tell,
    tell_table,
    tier_of,
    wilson,
)

COUNTED = some.integers(0, 60).flatmap(
    lambda whole: some.builds(Counted, hits=some.integers(0, whole), whole=some.just(whole))
)


def total_of(rows: list[Counted]) -> Counted:
    return Counted(sum(row.hits for row in rows), sum(row.whole for row in rows))


@given(COUNTED)
def test_how_much_is_told_hangs_on_how_many_stand_behind_it(counted: Counted) -> None:
    number = tell(counted)
    if counted.whole == 0:
        assert number.told == Told.NOTHING
    elif counted.whole < FEWEST:
        assert (number.told, number.low, number.share) == (Told.HIDDEN, None, None)
    elif counted.whole < FEWEST_FOR_A_SHARE:
        assert number.told == Told.RANGE
        assert number.share is None
    else:
        assert number.told == Told.PLAIN
        assert number.share == counted.hits / counted.whole


@given(some.integers(1, 500).flatmap(lambda whole: some.tuples(some.integers(0, whole), some.just(whole))))
def test_a_range_holds_the_share_and_narrows_with_more(told: tuple[int, int]) -> None:
    part, whole = told
    low, high = wilson(part, whole)
    assert 0 <= low <= part / whole + 1e-9
    assert part / whole - 1e-9 <= high <= 1
    more_low, more_high = wilson(part * 10, whole * 10)
    assert more_high - more_low <= high - low + 1e-9


def test_the_range_is_the_one_wilson_gives() -> None:
    low, high = wilson(8, 10)
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)


@given(some.lists(COUNTED, max_size=8))
def test_nothing_hidden_can_be_worked_out_from_its_table(rows: list[Counted]) -> None:
    told, whole = tell_table(rows, total_of(rows))
    hidden = [number for number in told if number.told == Told.HIDDEN]
    few = [row for row in rows if 0 < row.whole < FEWEST]
    assert all(number.told == Told.HIDDEN for number in told if number.counted in few)
    if whole.told in {Told.RANGE, Told.PLAIN} and few:
        # Either at least two are hidden, so that only their sum is known, or all others hold nothing at all.
        others = [row for row in rows if row.whole >= FEWEST]
        assert len(hidden) >= 2 or not others
    if whole.told == Told.HIDDEN:
        assert all(number.told in {Told.HIDDEN, Told.NOTHING} for number in told)
    assert [number.counted for number in told] == rows, "in the order they came, never by how good they are"


def test_units_are_compared_in_tiers_and_only_where_it_is_sure() -> None:
    whole = tell(Counted(500, 1000))
    assert tier_of(tell(Counted(90, 100)), whole) == Tier.ABOVE
    assert tier_of(tell(Counted(10, 100)), whole) == Tier.BELOW
    assert tier_of(tell(Counted(55, 100)), whole) == Tier.LIKE
    assert tier_of(tell(Counted(5, 6)), whole) == Tier.LIKE
    assert tier_of(tell(Counted(1, 2)), whole) is None
    assert tier_of(whole, Number(Told.RANGE, Counted(3, 6), low=0.1, high=0.9)) is None


def test_every_indicator_says_what_it_is_in_words() -> None:
    assert len(BY_KEY) == len(INDICATORS)
    for one in INDICATORS:
        assert one.label
        assert one.hits
        assert one.whole
        assert len({left.key for left in one.left}) == len(one.left)
