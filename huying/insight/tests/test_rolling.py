"""The rolling counts agree with the truth after anything that can happen, and are late honestly."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck
from hypothesis import settings as how
from hypothesis.stateful import rule, run_state_machine_as_test

from huying.cases.actions import move_case
from huying.cases.models import Case
from huying.cases.tests import stories
from huying.cases.tests.stories import AT, HOUR
from huying.cases.tests.test_machine import Town
from huying.insight.core.tallying import COUNTERS, trimmed
from huying.insight.models import CaseTally, RollingState, Sum, Touched
from huying.insight.recounting import recount
from huying.insight.rolling import roll
from huying.insight.tally import LATE_AFTER, By, Tally, catch_up, freshness, standing, tallies, tally
from huying.people.models import Unit
from huying.testing.cast import appeal_of, staff
from huying.testing.town import DISTRICT, EAST, STREET, WEST

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TODAY = date(2026, 9, 22)
SPAN: dict[str, Any] = {"since": TODAY, "until": TODAY + DAY}
NOW = AT + 6 * HOUR


def rolled(at: object = NOW) -> None:
    while roll(at=at):  # type: ignore[arg-type]
        pass


def test_a_case_is_counted_with_everything_that_happened_to_it() -> None:
    stories.closed()
    stories.returned()
    stories.waiting()
    rolled()
    found = tally(**SPAN)
    assert (found["came_in"], found["opened"], found["dispatched"], found["automatic"]) == (3, 3, 2, 2)
    assert (found["signed"], found["returned"], found["replied"], found["closed"]) == (1, 1, 1, 1)
    assert (found["said_yes"], found["said_no"], found["closed_unconfirmed"]) == (1, 0, 0)
    assert found["handle_in_time"] == 1
    now = standing()[""]
    assert (now["open"], now["waiting"], now["in_question"]) == (2, 1, 1)
    by_grade = standing(By.GRADE)
    assert len(by_grade) > 0
    assert Tally.together(by_grade.values()) == now
    assert tally(since=TODAY + DAY, until=TODAY + 40 * DAY).counts == {}
    with pytest.raises(KeyError):
        found["no such counter"]


def test_a_change_is_counted_once_however_often_it_is_rolled() -> None:
    stories.signed()
    rolled()
    before = list(Sum.objects.values().order_by("id"))
    rolled()
    Touched.objects.create(case_id=Case.objects.get().pk, touched_at=AT)
    rolled()
    assert list(Sum.objects.values().order_by("id")) == before
    assert not Touched.objects.exists()
    assert CaseTally.objects.count() == 1


def test_one_that_dies_while_counting_leaves_the_change_to_be_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stories.signed()

    def dies(_sums: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr("huying.insight.rolling.add_to_sums", dies)
        with pytest.raises(RuntimeError):
            roll(at=NOW)
    assert Touched.objects.exists()
    assert tally(**SPAN)["signed"] == 0
    rolled()
    assert tally(**SPAN)["signed"] == 1


def test_a_slip_taken_back_counts_as_nothing() -> None:
    case = stories.signed()
    move_case(case.pk, "undo_sign", by=staff("lin", at=AT), at=AT + HOUR / 10)
    by_hand = stories.by_hand()
    move_case(by_hand.pk, "recall_dispatch", by=staff("mei", at=AT), at=AT + HOUR / 10)
    rolled()
    found = tally(**SPAN)
    assert (found["signed"], found["given"], found["dispatched"]) == (0, 1, 1)
    assert standing()[""]["waiting"] == 1


def test_time_alone_makes_a_case_overdue() -> None:
    case = stories.signed()
    rolled()
    assert standing()[""]["overdue_now"] == 0
    due = Case.objects.get(pk=case.pk).due_at
    assert due is not None
    rolled(due + HOUR)
    day = due.date()
    assert tally(since=day, until=day + DAY)["overdue"] == 1
    assert standing()[""]["overdue_now"] == 1
    assert recount(at=due + HOUR).whole


def test_numbers_are_of_what_the_asker_may_see() -> None:
    stories.dispatched()
    stories.dispatched(east=1)
    rolled()
    east, west = (f"{DISTRICT}/{STREET}/{code}" for code in (EAST, WEST))
    cleaning, city = (Unit.objects.get(code=code).pk for code in ("cleaning", "city"))
    assert tally(**SPAN)["opened"] == 2
    assert tally(**SPAN, areas=[east])["opened"] == 1
    assert tally(**SPAN, sight=((west, ()),))["opened"] == 1
    assert tally(**SPAN, sight=())["opened"] == 0
    assert tally(**SPAN, sight=((f"{DISTRICT}/{STREET}", ("99",)),))["opened"] == 0
    assert tally(**SPAN, units=[cleaning])["given"] == 2
    assert tally(**SPAN, units=[city])["given"] == 0
    assert tally(**SPAN, areas=[f"{DISTRICT}/{STREET}"[:-1]])["opened"] == 0, "a name that begins alike"
    assert {area: row["opened"] for area, row in tallies(By.AREA, **SPAN).items()} == {east: 1, west: 1}
    assert tallies(By.CHANNEL, **SPAN)["web"]["came_in"] == 2
    assert tallies(By.UNIT, **SPAN)[str(cleaning)]["given"] == 2
    assert {
        row["opened"] for row in tallies(By.MONTH, since=date(2026, 9, 1), until=date(2026, 10, 3)).values()
    } == {2}
    assert tallies(By.DAY, since=date(2026, 9, 1), until=date(2026, 10, 3))["2026-09-22"]["opened"] == 2


def test_a_rate_of_few_is_not_told() -> None:
    for _ in range(3):
        stories.signed()
    rolled()
    number = tally(**SPAN).rate("signed")
    assert (number.counted.hits, number.counted.whole, number.share) == (3, 3, None)
    assert tally(**SPAN).rate("solved").counted.whole == 0


def test_a_whole_year_is_read_from_few_rows(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    stories.signed()
    rolled()
    with django_assert_num_queries(1):
        assert tally(since=date(2025, 2, 11), until=date(2026, 10, 2))["signed"] == 1


def test_late_numbers_say_since_when() -> None:
    rolled(AT)
    assert freshness(at=AT).late_since is None
    later = AT + LATE_AFTER * 2
    assert freshness(at=later).late_since == AT
    assert catch_up(at=later).late_since is None
    appeal_of(at=later)
    Touched.objects.update(touched_at=later)
    RollingState.objects.update(rolled_at=later + LATE_AFTER * 2)
    assert freshness(at=later + LATE_AFTER * 2).late_since == later


def test_a_recount_finds_and_mends_what_was_tampered_with() -> None:
    stories.signed()
    stories.closed()
    rolled()
    assert recount(at=NOW).whole
    Sum.objects.filter(period="2026-09-22", signed__isnull=False).update(signed=41)
    CaseTally.objects.filter(case_id=Case.objects.order_by("id")[0].pk).delete()
    found = recount(at=NOW)
    assert (found.cases, found.cases_mended) == (2, 1)
    assert found.sums_mended
    assert found.examples
    assert tally(**SPAN)["signed"] == 2
    assert recount(at=NOW).whole


def test_the_counters_are_the_columns() -> None:
    columns = {field.name for field in Sum._meta.concrete_fields}
    assert set(COUNTERS) <= columns
    assert trimmed("a/b/c/d/e") == "a/b/c"


class CountedTown(Town):
    """The same town, with somebody who counts now and then."""

    @rule()
    def count(self) -> None:
        """Count a few of what happened since."""
        roll(at=self.at, limit=2)

    def teardown(self) -> None:
        """Prove that the sums are what a recount says, then as always."""
        try:
            rolled(self.at)
            found = recount(at=self.at)
            assert found.whole, found.examples
        finally:
            super().teardown()


def test_whatever_anybody_does_the_sums_agree_with_a_recount() -> None:
    for north, held in ((0, ""), (0, ""), (1, ""), (1, "filing_often")):
        appeal_of(north=north, at=AT, held_for=held)
    run_state_machine_as_test(
        CountedTown,
        settings=how(
            max_examples=8, stateful_step_count=25, deadline=None,
            suppress_health_check=list(HealthCheck), print_blob=True,
        ),
    )  # fmt: skip


def test_a_hot_path_writes_one_small_row_for_all_its_facts() -> None:
    before = Touched.objects.count()
    appeal_of(at=AT)
    assert Touched.objects.count() == before + 1


@pytest.mark.parametrize("period", ["", "2026", "2026-1-1", "then"])
def test_a_sum_is_of_a_day_a_month_or_now(period: str) -> None:
    with pytest.raises(IntegrityError, match="a_sum_is_of_a_day_a_month_or_now"), transaction.atomic():
        Sum.objects.create(period=period, area_path="a", grade="C")
    for good in ("now", "2026-11", "2026-11-27"):
        Sum.objects.create(period=good, area_path="a", grade="C")


def test_a_period_is_summed_once_for_each_kind() -> None:
    kind = {"period": "now", "area_path": "a", "grade": "C"}
    Sum.objects.create(**kind)
    Sum.objects.create(**kind, unit="u")
    with pytest.raises(IntegrityError, match="a_period_is_summed_once_for_each_kind"), transaction.atomic():
        Sum.objects.create(**kind)


def test_counting_has_one_state() -> None:
    assert RollingState.objects.get().pk == 1
    with pytest.raises(IntegrityError, match="counting_has_one_state"), transaction.atomic():
        RollingState.objects.create(id=2)
