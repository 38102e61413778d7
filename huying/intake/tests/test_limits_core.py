"""The limiter: quiet residents pass, busy networks are held for a person, floods are refused with a time."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from huying.intake.limits_core import (
    ALLOWED,
    APPEALS,
    FILING_OFTEN,
    FILING_TOO_OFTEN,
    PHOTOS,
    Count,
    Decision,
    Level,
    LimitPolicy,
    NetworkUnknown,
    Outcome,
    Window,
    blinded,
    bucket_of,
    decide,
    network_of,
    subjects_of,
)
from huying.kit.errors import Refusal

NOON = datetime(2025, 3, 4, 4, 0, tzinfo=UTC)
MINUTE = LimitPolicy(subscriber=(Window(60, free=3, most=5),), network=(), account=())


class Ledger:
    """Counts as a table of buckets would keep them, for one subscriber under one policy."""

    def __init__(self, policy: LimitPolicy = MINUTE) -> None:
        self.policy = policy
        self.buckets: dict[tuple[int, datetime], int] = {}

    def counts(self, at: datetime) -> list[Count]:
        found = []
        for window in self.policy.subscriber:
            start, elapsed = bucket_of(at, window.seconds)
            earlier = start - timedelta(seconds=window.seconds)
            running = self.buckets.get((window.seconds, start), 0)
            before = self.buckets.get((window.seconds, earlier), 0)
            found.append(Count(Level.SUBSCRIBER, window.seconds, running, before, elapsed))
        return found

    def file(self, at: datetime) -> Decision:
        decision = decide(self.counts(at), self.policy)
        if decision.outcome is not Outcome.REFUSE:
            for window in self.policy.subscriber:
                place = (window.seconds, bucket_of(at, window.seconds)[0])
                self.buckets[place] = self.buckets.get(place, 0) + 1
        return decision


@pytest.mark.parametrize(
    ("ip", "subscriber", "network"),
    [
        ("203.0.113.77", "203.0.113.77/32", "203.0.113.0/24"),
        (" 203.0.113.77 ", "203.0.113.77/32", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.77/32", "203.0.113.0/24"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("2001:DB8:1:2::BEEF", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/64", "fe80::/48"),
    ],
)
def test_an_address_is_counted_for_its_subscriber_and_its_network(
    ip: str, subscriber: str, network: str
) -> None:
    assert network_of(ip) == (subscriber, network)


@pytest.mark.parametrize(
    "text", ["", "unknown", "203.0.113", "203.0.113.7, 10.0.0.1", "203.0.113.7:80", "０.0.0.1"]
)
def test_what_is_no_address_is_told_and_not_passed_over(text: str) -> None:
    with pytest.raises(NetworkUnknown):
        network_of(text)


def test_an_event_is_counted_for_the_account_where_there_is_one() -> None:
    assert subjects_of("203.0.113.7") == {Level.SUBSCRIBER: "203.0.113.7/32", Level.NETWORK: "203.0.113.0/24"}
    assert subjects_of("203.0.113.7", "42")[Level.ACCOUNT] == "42"


def test_a_stored_subject_shows_no_address_and_differs_by_level_and_secret() -> None:
    stored = blinded(Level.NETWORK, "203.0.113.0/24", secret=b"one")
    assert stored == blinded(Level.NETWORK, "203.0.113.0/24", secret=b"one")
    assert stored.isalnum()
    assert len(stored) == 32
    assert len({stored, blinded(Level.ACCOUNT, "203.0.113.0/24", secret=b"one")}) == 2
    assert len({stored, blinded(Level.NETWORK, "203.0.113.0/24", secret=b"two")}) == 2


def test_a_resident_files_some_is_then_held_and_then_refused_with_a_time() -> None:
    ledger = Ledger()
    outcomes = [ledger.file(NOON).outcome for _ in range(7)]
    assert outcomes == [Outcome.ALLOW] * 3 + [Outcome.HOLD] * 2 + [Outcome.REFUSE] * 2
    refused = ledger.file(NOON)
    assert refused.reason_key == "filing_too_often"
    assert refused.level is Level.SUBSCRIBER
    assert 60 < refused.retry_after_seconds <= 120


def test_who_waits_as_told_is_let_in_and_who_comes_a_second_early_is_not() -> None:
    ledger = Ledger()
    for _ in range(6):
        refused = ledger.file(NOON + timedelta(seconds=20))
    told = NOON + timedelta(seconds=20 + refused.retry_after_seconds)
    assert decide(ledger.counts(told - timedelta(seconds=1)), MINUTE).outcome is Outcome.REFUSE
    assert ledger.file(told).outcome is not Outcome.REFUSE


def test_knocking_while_refused_does_not_make_the_wait_longer() -> None:
    ledger = Ledger()
    for _ in range(6):
        first = ledger.file(NOON)
    for _ in range(100):
        later = ledger.file(NOON + timedelta(seconds=1))
    assert later.retry_after_seconds == first.retry_after_seconds - 1


def test_the_edge_of_a_bucket_does_not_let_twice_as_many_in() -> None:
    ledger = Ledger()
    before = [ledger.file(NOON - timedelta(seconds=1)) for _ in range(5)]
    after = [ledger.file(NOON) for _ in range(5)]
    assert [decision.outcome for decision in before][:3] == [Outcome.ALLOW] * 3
    assert {decision.outcome for decision in after} == {Outcome.REFUSE}


def test_the_strictest_window_speaks_and_the_longest_wait_is_told() -> None:
    calm = Count(Level.SUBSCRIBER, 60, 0, 0, 0)
    held = Count(Level.ACCOUNT, 3_600, 10, 0, 0)
    refused = Count(Level.ACCOUNT, 60, 10, 0, 0)
    longer = Count(Level.ACCOUNT, 86_400, 100, 0, 0)
    assert decide([calm]) == ALLOWED
    assert decide([calm, held]) == Decision(Outcome.HOLD, FILING_OFTEN, Level.ACCOUNT)
    assert decide([refused, held, calm]).outcome is Outcome.REFUSE
    assert decide([refused, longer]).retry_after_seconds == decide([longer]).retry_after_seconds > 86_400


def test_a_count_the_policy_does_not_know_changes_nothing() -> None:
    assert decide([Count(Level.SUBSCRIBER, 61, 10**6, 0, 0)], MINUTE) == ALLOWED
    assert decide([Count(Level.ACCOUNT, 60, 10**6, 0, 0)], MINUTE) == ALLOWED


def test_a_refusal_carries_its_sentence_and_the_time_and_anything_else_passes() -> None:
    ALLOWED.raise_if_refused()
    Decision(Outcome.HOLD, FILING_OFTEN).raise_if_refused()
    with pytest.raises(Refusal) as refused:
        Decision(Outcome.REFUSE, FILING_TOO_OFTEN, Level.ACCOUNT, 90).raise_if_refused()
    assert (refused.value.reason.status, refused.value.retry_after_seconds) == (429, 90)
    with translation.override("en"):
        assert "90 seconds" in refused.value.sentence


@pytest.mark.parametrize("policy", [APPEALS, PHOTOS])
def test_the_policies_that_ship_never_refuse_a_first_event(policy: LimitPolicy) -> None:
    for level in Level:
        assert policy.windows(level)
        for window in policy.windows(level):
            assert decide([Count(level, window.seconds, 0, 0, 0)], policy) == ALLOWED


@pytest.mark.parametrize("window", [(0, 1, 2), (60, 3, 2), (60, -1, 2), (60, 0, 0)])
def test_a_window_that_makes_no_sense_is_refused(window: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="window"):
        Window(*window)


WINDOWS = st.integers(1, 50).flatmap(lambda most: st.tuples(st.integers(0, most), st.just(most)))


@given(
    numbers=WINDOWS,
    seconds=st.integers(2, 90_000),
    running=st.integers(0, 200),
    before=st.integers(0, 200),
    elapsed=st.floats(0, 1, exclude_max=True),
)
def test_the_time_told_is_the_first_whole_second_at_which_one_more_fits(
    numbers: tuple[int, int], seconds: int, running: int, before: int, elapsed: float
) -> None:
    free, most = numbers
    policy = LimitPolicy(subscriber=(Window(seconds, free, most),))

    def after(wait: float) -> Outcome:
        age = elapsed * seconds + wait
        if age < seconds:
            count = Count(Level.SUBSCRIBER, seconds, running, before, age)
        elif age < 2 * seconds:
            count = Count(Level.SUBSCRIBER, seconds, 0, running, age - seconds)
        else:
            return Outcome.ALLOW
        return decide([count], policy).outcome

    now = decide([Count(Level.SUBSCRIBER, seconds, running, before, elapsed * seconds)], policy)
    if now.outcome is Outcome.REFUSE:
        assert now.retry_after_seconds >= 1
        assert after(now.retry_after_seconds + 1e-6) is not Outcome.REFUSE
        if now.retry_after_seconds > 1:
            assert after(now.retry_after_seconds - 1 - 1e-6) is Outcome.REFUSE
    else:
        assert now.retry_after_seconds == 0


@given(steps=st.lists(st.integers(0, 40), max_size=60), numbers=WINDOWS)
def test_however_they_come_no_window_lets_in_more_than_twice_its_most(
    steps: list[int], numbers: tuple[int, int]
) -> None:
    policy = LimitPolicy(subscriber=(Window(60, *numbers),))
    ledger, at, let_in = Ledger(policy), NOON, []
    for step in steps:
        at += timedelta(seconds=step)
        if ledger.file(at).outcome is not Outcome.REFUSE:
            let_in.append(at)
    for start in let_in:
        within = [moment for moment in let_in if start <= moment < start + timedelta(seconds=60)]
        assert len(within) <= 2 * numbers[1]
