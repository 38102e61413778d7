"""Trends at the desk: what one may see numbers of, month by month, and nothing that points at a person."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from huying.catalogue.core.calendar import local_day
from huying.home.tests.desks import desk_of
from huying.insight.core.forecast import Expected
from huying.insight.core.forecast_spans import DAYS_KEPT
from huying.insight.core.trend import Share
from huying.insight.forecasts import SHOWN_DAYS, days_of_area, days_of_estate
from huying.insight.models import HotMark, Sum
from huying.insight.tally import catch_up
from huying.insight.tests.hotstories import OTHER, pit, the_spot, told
from huying.insight.trends import (
    communities_in,
    months_of_area,
    months_of_estate,
    months_of_spot,
    months_until,
    weeks_of,
)
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


def test_nothing_counted_is_said_and_what_is_too_short_is_not_forecast() -> None:
    at = timezone.now()
    pit(4, at=at - timedelta(hours=6))
    shown = desk_of("du").get(TREND).content.decode()
    assert "nothing has been counted yet" in shown
    assert "Nothing was counted" in shown
    catch_up(at=at)
    shown = desk_of("du").get(TREND).content.decode()
    assert "nothing has been counted yet" not in shown
    assert "Not forecast: it takes 56 days with 56 appeals in all" in shown
    assert "Not forecast: it takes 12 months with 60 appeals in all" in shown
    assert "Day by day, and what was to be expected" not in shown


def test_days_and_months_of_a_place_and_an_item_stand_beside_their_ranges() -> None:
    at = timezone.now()
    told(OTHER[0], at=at - timedelta(hours=1))
    catch_up(at=at)
    like = Sum.objects.filter(period__regex="^.{10}$", came_in__gt=0).get()
    today = local_day(at)
    Sum.objects.filter(came_in__gt=0).delete()
    for back in range(DAYS_KEPT + SHOWN_DAYS + 1):
        day = today - timedelta(days=back)
        like.pk, like.period = None, day.isoformat()
        like.came_in = 30 if back == 3 else 2 if day.weekday() < 5 else 1
        like.save(force_insert=True)
    for month in months_until(at, 16)[:-1]:
        like.pk, like.period, like.came_in = None, f"{month:%Y-%m}", 50
        like.save(force_insert=True)
    days = days_of_area(at=at, area=TOWN, items=like.item_code[:4])
    assert len(days) == SHOWN_DAYS + 1
    assert {day.on: day.verdict for day in days}[today - timedelta(days=3)] == "above"
    assert sum(day.verdict == "above" for day in days) == 1
    assert isinstance(days[-1].expected, Expected)
    assert days_of_area(at=at, area="nowhere")[-1].verdict == ""
    shown = desk_of("du").get(TREND).content.decode()
    assert "Day by day, and what was to be expected" in shown
    assert shown.count("expected in all") == 3, "of today, this week and this month"


def test_days_of_an_estate_are_counted_from_its_appeals() -> None:
    at = timezone.now()
    for back in range(60):
        told(OTHER[back % 3], who=back % 5, at=at - timedelta(days=back, minutes=5))
    estate = str(HotMark.objects.exclude(place_key="").values_list("place_key", flat=True)[0])
    days = days_of_estate(estate, at=at)
    assert [day.count for day in days[1:-1]] == [1] * (SHOWN_DAYS - 1)
    assert days[-2].verdict == "inside"


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
    with django_assert_max_num_queries(21):
        desk.get(TREND)
