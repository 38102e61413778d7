"""Trends at the desk: what one may see numbers of, month by month, and nothing that points at a person."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from huying.home.tests.desks import desk_of
from huying.insight.core.trend import Share
from huying.insight.models import HotMark
from huying.insight.tally import catch_up
from huying.insight.tests.hotstories import OTHER, pit, the_spot, told
from huying.insight.trends import communities_in, months_of_area, months_of_estate, months_of_spot, weeks_of
from huying.testing.town import DISTRICT, EAST, STREET

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
TREND = "/desk/trend/"
TOWN = f"{DISTRICT}/{STREET}"


def test_months_of_a_place_an_estate_and_a_matter_agree_with_what_came() -> None:
    at = timezone.now()
    pit(4, at=at - timedelta(hours=6), name="李小花")
    told(OTHER[0], who=70, at=at - timedelta(hours=1))
    catch_up(at=at)
    estate = str(HotMark.objects.exclude(place_key="").values_list("place_key", flat=True)[0])
    assert sum(one.count for one in months_of_spot(the_spot().pk, at=at)) == 4
    assert (
        sum(one.count for one in months_of_estate(estate, at=at))
        == HotMark.objects.filter(place_key=estate).count()
    )
    months = months_of_area(at=at, area=TOWN)
    assert len(months) == 25
    assert [one.month for one in months] == sorted(one.month for one in months)
    assert sum(one.count for one in months) == 5
    assert sum(one.count for one in months_of_area(at=at, area="nowhere")) == 0
    assert months[-1].satisfied == Share(0, 0)


def test_weeks_know_only_what_was_before_them() -> None:
    at = timezone.now()
    for week in range(1, 9):
        told(OTHER[0], who=week, at=at - timedelta(weeks=week))
    for who in range(20, 32):
        told(OTHER[0], who=who, at=at - timedelta(weeks=1))
    weeks = weeks_of(communities_in(TOWN), "", at=at)
    assert sum(week.count for week in weeks) == 20
    assert weeks[-1].verdict == "above"
    assert weeks[-2].verdict == "inside"
    shown = desk_of("du").get(TREND).content.decode()
    assert "Above what was expected last week" in shown
    assert "Nothing was." not in shown


def test_the_page_tells_of_nobody_and_filters() -> None:
    pit(4, at=timezone.now() - timedelta(hours=6), name="李小花")
    catch_up(at=timezone.now())
    desk = desk_of("du")
    for query in ("", f"?area={TOWN}/{EAST}", "?items=07", "?estate=<script>", "?area=../..", "?items=%00"):
        answer = desk.get(TREND + query)
        assert answer.status_code == 200, query
        assert "李小花" not in answer.content.decode()
    assert desk_of("lin").get(TREND).status_code == 403


def test_a_head_chooses_among_the_own_areas_only() -> None:
    shown = desk_of("dong").get(TREND).content.decode()
    assert EAST in shown
    assert "440399001002" not in shown


def test_the_page_costs_the_same_however_many(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(12):
        told(OTHER[number % 3], who=number, at=timezone.now() - timedelta(days=9), north=number % 2)
    desk = desk_of("du")
    desk.get(TREND)
    with django_assert_max_num_queries(18):
        desk.get(TREND)
