"""Heat, voices and stages: surprise counts, not noise; one person is one voice; likes are damped."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huying.insight.core.hotspots import Telling, find
from huying.insight.core.hotspots_heat import Baseline, voices_of, weekly
from huying.insight.core.hotspots_stage import growth_of, stage_of

from .test_hotspots import ELSEWHERE, NOISE, PARKING

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
TEXTS = NOISE + PARKING + ELSEWHERE


def told(day: float, *, who: str = "", likes: int = 0, number: int = 0) -> Telling:
    """Return a message of a day."""
    title, text = NOISE[number % len(NOISE)]
    at = START + timedelta(days=day)
    return Telling(f"{day}-{who}-{number}", title, text, at, appellant=who, likes=likes)


def test_one_person_writing_forty_times_is_one_appellant_and_is_said_so() -> None:
    """Forty messages of one are one voice and cooler than ten messages of ten."""
    alone = find([told(day, who="甲", number=day) for day in range(40)])
    many = find([told(4 * day, who=f"用户{day}", number=day) for day in range(10)])
    assert (alone[0].count, alone[0].appellants) == (40, 1)
    assert any("One person wrote 40 of the 40" in sentence for sentence in alone[0].evidence)
    assert alone[0].heat < many[0].heat


def test_likes_are_heard_and_do_not_drown_those_who_wrote() -> None:
    """Two thousand likes add a few voices, not thousands."""
    (loud,) = voices_of([told(0, who="甲", likes=2000)])
    (quiet,) = voices_of([told(0, who="甲")])
    assert quiet.weight == 1
    assert 4 < loud.weight < 5


def test_those_nobody_can_tell_apart_are_a_voice_each() -> None:
    """Without a name each telling counts for itself."""
    assert len(voices_of([told(0, number=1), told(1, number=2)])) == 2


def test_a_burst_is_hotter_than_the_same_voices_spread_over_a_year() -> None:
    """What the matter's own baseline lets expect does not surprise."""
    everything = [told(day, who=f"城{day}") for day in range(365)]
    baseline = Baseline(everything)
    burst = baseline.heat(voices_of([told(200 + day, who=str(day)) for day in range(12)]))
    steady = baseline.heat(voices_of([told(30 * day, who=str(day)) for day in range(12)]))
    assert burst.heat > steady.heat


def test_when_everybody_reports_more_a_matter_that_reports_more_is_no_surprise() -> None:
    """The same ten voices are hotter in a quiet season than in one in which all report ten times as much."""
    tellings = [told(day, who=f"静{day}") for day in range(200)]
    tellings += [told(200 + day / 10, who=f"忙{day}") for day in range(1000)]
    baseline = Baseline(sorted(tellings, key=lambda one: one.at))
    quiet = baseline.heat(voices_of([told(100 + day, who=str(day)) for day in range(10)]))
    busy = baseline.heat(voices_of([told(250 + day, who=str(day)) for day in range(10)]))
    assert quiet.expected <= busy.expected
    assert quiet.heat > busy.heat


@pytest.mark.parametrize(
    ("days", "now", "stage"),
    [
        ([0, 5], 6, "early"),
        ([0, 40, 41, 42, 43, 44], 45, "rising"),
        ([0, 2, 5, 10, 25, 30, 45, 50, 55], 56, "hot"),
        ([0, 1, 2, 3, 4, 5, 60], 80, "cooling"),
        ([0, 1, 2, 3, 4, 5], 120, "resolved"),
        ([0, 1, 2, 3, 4, 5, 130, 131], 135, "returned"),
    ],
)
def test_stages_follow_what_is_told(days: list[int], now: int, stage: str) -> None:
    """From an early sign to silence and back."""
    moments = [START + timedelta(days=day) for day in days]
    assert stage_of(moments, moments, START + timedelta(days=now)) == stage


def test_growth_compares_four_weeks_with_the_four_before() -> None:
    """Nothing to nothing is no growth; three to one is much."""
    moments = [START + timedelta(days=day) for day in (10, 40, 41, 42)]
    assert growth_of(moments, moments[-1]) == pytest.approx(1.33)
    assert growth_of([], START) == 0


@given(st.lists(st.integers(0, 400), min_size=1, max_size=40))
def test_weeks_hold_every_telling_once(days: list[int]) -> None:
    """The drawing loses nobody."""
    moments = [START + timedelta(days=day) for day in sorted(days)]
    assert sum(weekly(moments)) == len(days)


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.integers(0, len(TEXTS) - 1), st.integers(0, 90), st.integers(0, 5)),
        min_size=0,
        max_size=40,
    )
)
def test_a_telling_is_a_member_once_at_most_whatever_the_order(rows: list[tuple[int, int, int]]) -> None:
    """Members are ids of the input, never in two hot spots; order and repeats change nothing."""
    tellings = [
        Telling(f"{n}", *TEXTS[text], START + timedelta(days=day), appellant=f"用户{who}")
        for n, (text, day, who) in enumerate(rows)
    ]
    spots = find(tellings)
    members = [member for spot in spots for member in spot.members]
    assert len(members) == len(set(members))
    assert set(members) <= {one.id for one in tellings}
    assert all(spot.count == len(spot.members) >= spot.appellants >= 1 for spot in spots)
    assert all(0 <= spot.heat <= 100 and spot.first_at <= spot.last_at for spot in spots)
    assert find([*reversed(tellings), *tellings]) == spots
