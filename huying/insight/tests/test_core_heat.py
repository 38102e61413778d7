"""Heat, stages and thresholds: what holds whatever the counts are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from huying.insight.core.heat import (
    RANK,
    Appellant,
    Heat,
    deviations_at,
    heat_at,
    heat_of,
    next_stage,
    reached,
    surprise,
    times,
)
from huying.insight.core.hotspots_heat import Baseline, voices_of
from huying.insight.core.hotspots_told import Telling
from huying.insight.core.threshold import HIGHEST, LOWEST, Decision, cost_of, learn_threshold

AT = datetime(2026, 9, 22, tzinfo=UTC)
counts = some.floats(0, 500)
heats = some.builds(
    Heat, heat=some.floats(0, 99), growth=some.floats(0, 10), weight=counts, expected=counts,
    recent=some.integers(0, 100),
)  # fmt: skip


@given(counts, counts, some.floats(0.5, 100))
def test_more_people_are_never_less_of_a_surprise(one: float, more: float, expected: float) -> None:
    assert surprise(one, expected) <= surprise(one + more, expected) + 1e-9


@given(counts, some.floats(0.5, 100), some.floats(0, 100))
def test_the_more_is_expected_the_less_it_surprises(seen: float, expected: float, more: float) -> None:
    assert surprise(seen, expected + more) <= surprise(seen, expected) + 1e-9


@given(some.floats(0, 20), some.floats(0, 3))
def test_heat_is_told_from_0_to_100_and_back(deviations: float, factor: float) -> None:
    heat = heat_at(deviations)
    assert 0 <= heat < 100
    assert abs(deviations_at(heat) - deviations) < 1e-6
    assert abs(times(heat, factor) - heat_at(factor * deviations)) < 1e-6


@given(some.integers(3, 60))
def test_a_burst_of_late_is_about_as_hot_live_as_in_a_table(voices: int) -> None:
    usual = [
        Telling(f"u{day}-{hour}", "", "x", AT - timedelta(days=day, hours=hour))
        for day in range(182)
        for hour in range(3)
    ]
    burst = [Telling(f"b{n}", "", "y", AT - timedelta(hours=100 * n / voices)) for n in range(voices)]
    table = Baseline(sorted([*usual, *burst], key=lambda one: one.moment)).heat(voices_of(burst)).heat
    people = [Appellant(1, one.at, lately=True, before=False) for one in burst]
    live = heat_of(people, [], daily=2 / 364, at=AT).heat
    assert live < table < 1.5 * live


@given(some.integers(1, 60))
def test_one_person_counts_once_however_often_they_write(often: int) -> None:
    once = heat_of([Appellant(1, AT, lately=True, before=False)], [], daily=0, at=AT)
    many = heat_of([Appellant(often, AT, lately=True, before=False)], [], daily=0, at=AT)
    assert once == many


@given(some.integers(1, 200))
def test_me_too_counts_less_than_an_appeal_each(joined: int) -> None:
    by_joining = heat_of([], [AT] * joined, daily=0, at=AT).weight
    people = [Appellant(1, AT, lately=True, before=False)] * joined
    assert 0 < by_joining < heat_of(people, [], daily=0, at=AT).weight


@given(heats, some.floats(2.4, 29), some.integers(0, 60))
def test_a_stage_once_kept_is_kept_until_something_changes(heat: Heat, limit: float, days: int) -> None:
    for now in RANK:
        to = next_stage(now, heat, threshold=limit, quiet_days=days)
        again = next_stage(to, heat, threshold=limit, quiet_days=days)
        third = next_stage(again, heat, threshold=limit, quiet_days=days)
        # Whatever it passes through, it comes to rest: no flutter at one and the same heat.
        assert next_stage(third, heat, threshold=limit, quiet_days=days) == third


@given(some.floats(2.4, 29))
def test_just_below_what_it_took_a_stage_is_kept(limit: float) -> None:
    at_edge = Heat(heat=times(limit, 0.8), growth=1, weight=1, expected=1, recent=9)
    assert reached(at_edge, limit) == "quiet"
    assert next_stage("early", at_edge, threshold=limit, quiet_days=1) == "early"


def test_months_of_silence_resolve_and_new_voices_bring_it_back() -> None:
    cold = Heat(heat=0, growth=1, weight=0, expected=1, recent=0)
    warm = Heat(heat=heat_at(4), growth=2, weight=5, expected=0.5, recent=5)
    assert next_stage("hot", cold, threshold=heat_at(2), quiet_days=40) == "cooling"
    assert next_stage("cooling", cold, threshold=heat_at(2), quiet_days=27) == "cooling"
    assert next_stage("cooling", cold, threshold=heat_at(2), quiet_days=28) == "resolved"
    assert next_stage("resolved", warm, threshold=heat_at(2), quiet_days=0) == "returned"
    assert heat_of([Appellant(1, AT - timedelta(days=14), lately=False, before=True)], [], daily=0,
                   at=AT).weight == 0.5  # fmt: skip


decisions = some.lists(some.builds(Decision, heat=some.floats(0, 90), confirmed=some.booleans()), max_size=60)


@given(decisions)
def test_no_other_threshold_would_have_cost_less(made: list[Decision]) -> None:
    learnt = learn_threshold(made)
    assert heat_at(LOWEST) <= learnt <= heat_at(HIGHEST)
    assert all(cost_of(learnt, made) <= cost_of(heat_at(one / 10), made) + 1e-6 for one in range(12, 51))


@given(decisions, some.floats(6, 21))
def test_confirming_what_is_shown_never_raises_the_threshold(made: list[Decision], heat: float) -> None:
    assert learn_threshold([*made, Decision(heat, confirmed=True)]) <= max(learn_threshold(made), heat)
