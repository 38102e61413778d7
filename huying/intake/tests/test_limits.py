"""Filing often is held for a person, filing far too often is refused aloud; nothing is dropped in silence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from django.db import connection
from django.test import RequestFactory

from huying.intake.limits import check_limits
from huying.intake.limits_core import APPEALS, PHOTOS
from huying.kit import tally
from huying.kit.errors import Refusal
from huying.kit.network import client_ip
from huying.testing.cast import appeal_of, case_of

if TYPE_CHECKING:
    from pytest_django.fixtures import DjangoAssertNumQueries, Settings

AT = datetime(2026, 3, 18, 2, 0, 30, tzinfo=UTC)
HOME, NEIGHBOUR = "203.0.113.7", "203.0.113.8"
ANNA = UUID(int=7)
PER_MINUTE = APPEALS.subscriber[0]


def rows() -> int:
    """Return how many buckets are kept."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM intake_limitcount")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db
def test_a_few_pass_freely_more_are_held_and_too_many_are_refused_with_the_time_to_wait() -> None:
    passed = [check_limits(HOME, None, AT) for _ in range(PER_MINUTE.free)]
    held = [check_limits(HOME, None, AT) for _ in range(PER_MINUTE.most - PER_MINUTE.free)]
    assert set(passed) == {""}
    assert set(held) == {"filing_often"}
    with pytest.raises(Refusal) as refused:
        check_limits(HOME, None, AT)
    assert refused.value.reason.key == "filing_too_often"
    assert refused.value.reason.status == 429
    wait = refused.value.retry_after_seconds
    assert wait is not None
    assert 0 < wait <= 120
    assert str(wait) in refused.value.sentence
    assert check_limits(HOME, None, AT + timedelta(seconds=wait)) == "filing_often"


@pytest.mark.django_db
def test_a_refused_event_is_not_counted_so_knocking_does_not_lengthen_the_wait() -> None:
    for _ in range(PER_MINUTE.most):
        check_limits(HOME, None, AT)
    waits = set()
    for _ in range(3):
        with pytest.raises(Refusal) as refused:
            check_limits(HOME, None, AT)
        waits.add(refused.value.retry_after_seconds)
    assert len(waits) == 1


@pytest.mark.django_db
def test_a_neighbour_is_not_held_for_what_somebody_else_sends() -> None:
    for _ in range(PER_MINUTE.free + 1):
        check_limits(HOME, None, AT)
    assert check_limits(HOME, None, AT) == "filing_often"
    assert check_limits(NEIGHBOUR, None, AT) == ""


@pytest.mark.django_db
def test_an_account_is_counted_from_wherever_it_comes() -> None:
    free = APPEALS.account[0].free
    for number in range(free):
        assert check_limits(f"198.51.100.{number}", ANNA, AT) == ""
    assert check_limits("192.0.2.1", ANNA, AT) == "filing_often"
    assert check_limits("192.0.2.1", None, AT) == ""


@pytest.mark.django_db
def test_what_is_counted_for_photos_is_no_appeal() -> None:
    for _ in range(PER_MINUTE.free):
        check_limits(HOME, None, AT, policy=PHOTOS, what="photo")
    assert check_limits(HOME, None, AT) == ""


@pytest.mark.django_db
def test_a_network_that_cannot_be_told_costs_nobody_an_appeal_but_is_still_limited() -> None:
    assert check_limits("", None, AT) == ""
    most = APPEALS.network[0].most
    for _ in range(most - 1):
        check_limits("not an address", None, AT)
    with pytest.raises(Refusal):
        check_limits("", None, AT)


@pytest.mark.django_db
def test_counting_is_one_statement_and_no_address_can_be_read_in_the_table(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(3):  # the statement between savepoint and release
        check_limits(HOME, ANNA, AT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(who, ' ') FROM intake_limitcount")
        told = cursor.fetchone()[0]
    assert HOME not in told
    assert str(ANNA) not in told


@pytest.mark.django_db
def test_the_window_slides_the_bucket_before_counts_by_its_share() -> None:
    for _ in range(4):
        tally.count_up([("who", 60)], at=AT)
    (seen,) = tally.count_up([("who", 60)], at=AT + timedelta(seconds=45))
    assert (seen.running, seen.earlier, seen.elapsed_seconds) == (1, 4, 15)
    assert seen.estimate(60) == pytest.approx(1 + 4 * 0.75)


@pytest.mark.django_db
def test_old_counts_are_swept_and_chosen_ones_forgotten() -> None:
    tally.count_up([("who", 60), ("other", 60)], at=AT)
    tally.count_up([("who", 60)], at=AT + timedelta(days=4))
    assert rows() == 3
    assert tally.sweep(before=AT + timedelta(days=3)) == 2
    tally.forget([("who", 60)])
    assert rows() == 0


@pytest.mark.parametrize(
    ("proxies", "told", "wanted"),
    [
        (0, "", "127.0.0.1"),
        (0, "6.6.6.6", "127.0.0.1"),
        (1, "6.6.6.6, 203.0.113.7", "203.0.113.7"),
        (2, "6.6.6.6, 203.0.113.7, 10.0.0.1", "203.0.113.7"),
        (2, "203.0.113.7", "127.0.0.1"),
    ],
)
def test_only_what_trusted_proxies_wrote_is_believed(
    settings: Settings, proxies: int, told: str, wanted: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": told} if told else {}
    assert client_ip(RequestFactory().get("/", headers=headers)) == wanted


@pytest.mark.django_db
def test_a_held_appeal_is_taken_and_waits_for_a_person() -> None:
    free, held = appeal_of(), appeal_of(held_for="filing_often")
    assert (free.waits_for, held.waits_for) == ("", "filing_often")
    assert held.number
    assert case_of(held).held_for == "filing_often"
    assert case_of(held).unit_id is None
