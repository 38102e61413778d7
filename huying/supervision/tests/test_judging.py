"""Whether an order helped is said as the numbers say it, also when they grew."""

from __future__ import annotations

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from huying.supervision.judging import Counted, judge
from huying.supervision.states import EffectFound


@pytest.mark.parametrize(
    ("before", "after", "people", "days", "found"),
    [
        (40, 3, 3, 92, EffectFound.FELL),
        (40, 3, 3, 30, None),  # far below the pace of before: the window has to end
        (40, 12, 12, 30, EffectFound.RETURNED),
        (40, 12, 2, 30, None),  # two people are no return of a matter
        (40, 40, 2, 92, EffectFound.SAME),
        (40, 80, 2, 92, EffectFound.ROSE),
        (40, 5, 5, 5, None),  # after five days nothing is known of a pace
        (40, 35, 30, 5, EffectFound.RETURNED),
        (2, 1, 1, 92, EffectFound.TOO_FEW),
        (0, 0, 0, 92, EffectFound.TOO_FEW),
        (0, 3, 3, 40, EffectFound.RETURNED),
    ],
)
def test_what_the_counts_are_called(
    before: int, after: int, people: int, days: int, found: EffectFound | None
) -> None:
    assert judge(Counted(before, after, people, days, 92)) == found


@for_all(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500), st.integers(0, 120))
def test_once_the_window_is_over_something_is_said_and_fewer_is_only_said_of_fewer(
    before: int, after: int, people: int, days: int
) -> None:
    found = judge(Counted(before, after, min(people, after), days, 92))
    assert (found is not None) or days < 92
    if found == EffectFound.FELL:
        assert after < before
    if found == EffectFound.ROSE:
        assert after > before
