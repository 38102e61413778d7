"""How well places are read: the half of the written addresses nobody looked at while building."""

from __future__ import annotations

from collections import Counter

import pytest

from huying.demo.written import Report, measure, read_samples


@pytest.fixture(scope="module")
def judged() -> Report:
    return measure(read_samples("judge"))


def test_the_set_is_large_of_many_kinds_and_honest_about_what_nobody_can_tell() -> None:
    samples = read_samples()
    assert len(samples) >= 500
    assert len({(sample.told, sample.text) for sample in samples}) == len(samples)
    assert Counter(sample.half for sample in samples)["judge"] >= 250
    assert len({sample.kind for sample in samples}) >= 15
    assert sum(sample.asks for sample in samples) >= 40
    assert sum(not sample.expected and not sample.asks for sample in samples) >= 25


def test_what_is_decided_is_right(judged: Report) -> None:
    assert judged.precision >= 0.98
    assert [one.sample.text for one in judged.overconfident if one.where.confidence >= 0.9] == []
    for level, least in (("grid", 0.97), ("building", 0.97)):
        right, decided, _ = judged.share(level)
        assert right >= least * decided


def test_most_of_what_can_be_decided_is(judged: Report) -> None:
    assert judged.coverage >= 0.95
    for level, least in (("grid", 0.92), ("building", 0.92)):
        _, decided, decidable = judged.share(level)
        assert decided >= least * decidable


def test_a_confidence_means_what_it_says(judged: Report) -> None:
    assert judged.calibration_error() <= 0.08


def test_what_is_nowhere_in_town_is_placed_nowhere(judged: Report) -> None:
    nowhere = [one for one in judged.outcomes if one.sample.kind == "none"]
    assert len(nowhere) >= 12
    assert [one.sample.text for one in nowhere if one.where.sure] == []


def test_where_two_places_fit_both_are_offered(judged: Report) -> None:
    between = [one for one in judged.outcomes if one.sample.asks and one.sample.expected]
    assert between
    assert [one.sample.text for one in between if one.community == "out" and not one.offered] == []


def test_a_name_that_is_no_place_of_the_town_is_an_error_of_the_set() -> None:
    from huying.demo.written import places_named

    with pytest.raises(KeyError):
        places_named("没有的花园")
