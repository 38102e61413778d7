"""A new model is let in only where it is no worse: overall, item by item, and where nobody objected."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huying.triage.core.shadow import ENOUGH, Trial, calibration_error, compare, macro_f1, sign_test

CODES = st.sampled_from(["noise", "waste", "water", ""])


def _trials(truth: str, *, before: int, after: int, of: int) -> list[Trial]:
    """Return trials of an item: the first `before` of them were right, the last `after` would be."""
    return [
        Trial(truth, truth if n < before else "other", truth if n >= of - after else "other", 0.9)
        for n in range(of)
    ]


def test_a_better_model_is_let_in() -> None:
    found = compare(_trials("noise", before=20, after=28, of=30), threshold=0.7)
    assert (found.verdict, found.right_before, found.right_after) == ("no_worse", 20, 28)
    assert (found.decided, found.decided_right) == (30, 28)


def test_fewer_right_overall_keeps_it_out() -> None:
    assert compare(_trials("noise", before=20, after=19, of=30)).verdict == "worse_overall"


def test_one_item_that_suffers_keeps_it_out_though_all_gain() -> None:
    trials = _trials("noise", before=10, after=60, of=60) + _trials("waste", before=28, after=20, of=30)
    found = compare(trials)
    assert found.right_after > found.right_before
    assert (found.verdict, found.worse_items) == ("worse_in_an_item", ("waste",))


def test_an_item_with_too_few_appeals_decides_nothing() -> None:
    few = ENOUGH - 1
    trials = _trials("noise", before=10, after=60, of=60) + _trials("waste", before=few, after=0, of=few)
    assert compare(trials).verdict == "no_worse"


def test_one_slip_more_in_an_item_is_chance() -> None:
    trials = [Trial("waste", "waste", "waste")] * 29 + [Trial("waste", "waste", "other")]
    assert compare([*trials, *_trials("noise", before=0, after=9, of=9)]).verdict == "no_worse"


def test_what_nobody_objected_to_may_not_be_upset() -> None:
    better = _trials("noise", before=20, after=28, of=30)
    upset = [("waste", "noise", 0.9)] * 3 + [("waste", "waste", 0.9)] * 97
    assert compare(better, upset, threshold=0.7).verdict == "upsets_what_was_right"
    doubtful = [(was, now, 0.5) for was, now, _ in upset]  # then a person decides, and nobody is sent astray
    assert compare(better, doubtful, threshold=0.7).verdict == "no_worse"


def test_nothing_to_compare_lets_nothing_in() -> None:
    assert compare([]).verdict == "nothing_to_compare"


@given(st.lists(st.builds(Trial, CODES, CODES, CODES, st.floats(0, 1)), max_size=60))
def test_figures_add_up(trials: list[Trial]) -> None:
    found = compare(trials, threshold=0.5)
    assert sum(item.n for item in found.items) == found.n == len(trials)
    for item in found.items:
        assert item.right_before - item.only_before == item.right_after - item.only_after
    assert found.decided_right <= found.decided <= found.n
    assert 0 <= found.calibration_error <= 1
    if found.verdict == "no_worse":
        assert found.right_after >= found.right_before


@pytest.mark.parametrize(("losses", "gains"), list(product(range(4), range(4))))
def test_the_sign_test_counts_every_outcome(losses: int, gains: int) -> None:
    n = losses + gains
    as_many = sum(outcome.bit_count() >= losses for outcome in range(2**n))
    assert sign_test(losses, gains) == pytest.approx(as_many / 2**n if n else 1)


def test_macro_f1_is_that_of_the_textbook() -> None:
    # noise: precision 1/2, recall 1/1; waste: precision 1/1, recall 1/2.
    assert macro_f1(["noise", "waste", "waste"], ["noise", "noise", "waste"]) == pytest.approx(
        2 / 3, abs=1e-4
    )


def test_calibration_error_is_nought_where_confidence_is_true() -> None:
    assert calibration_error([(0.75, True), (0.75, True), (0.75, True), (0.75, False)]) == 0
    assert calibration_error([(1.0, False)]) == 1
