"""Hot spots at the desk: listed, looked at, decided on; nobody who wrote is named, no neighbour looks in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.utils import timezone

from huying.cases.models import Case
from huying.home.tests.desks import desk_of
from huying.insight.models import HotAlert, HotSpot
from huying.insight.tests.hotstories import DAY, OTHER, PIT, pit, the_spot, told
from huying.journeys.hotspot_to_topic import topic_from_hot_spot
from huying.testing.cast import staff
from huying.testing.town import DISTRICT

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
LIST, ALERTS = "/desk/hot/", "/desk/hot/alerts/"


def page_of(spot: HotSpot) -> str:
    return f"{LIST}{spot.pk}/"


@pytest.fixture(autouse=True)
def _heap() -> None:
    pit(5, at=timezone.now() - DAY, name="李小花")


def test_the_list_shows_it_with_its_stage_and_filters_it_away() -> None:
    desk, spot = desk_of("du"), the_spot()
    shown = desk.get(LIST).content.decode()
    assert spot.title in shown
    assert "rising" in shown
    for query, there in (
        ("?stage=rising", True), ("?stage=hot", False), ("?shelf=cooled", False), ("?area=nowhere", True),
        ("?items=07", True), ("?items=01", False), ("?shelf=%00&stage=<script>", True),
    ):  # fmt: skip
        assert (spot.title in desk.get(LIST + query).content.decode()) is there, query


def test_nobody_who_wrote_is_on_any_of_its_pages() -> None:
    desk = desk_of("du")
    for address in (LIST, page_of(the_spot()), ALERTS):
        shown = desk.get(address).content.decode()
        assert "李小花" not in shown
        assert "1380000" not in shown


def test_its_page_links_its_cases_for_who_may_see_them_only() -> None:
    spot = the_spot()
    numbers = list(Case.objects.values_list("number", flat=True))
    shown = desk_of("du").get(page_of(spot)).content.decode()
    assert all(number in shown for number in numbers)
    assert "5 appeals of 5 appellants" in shown


def test_its_page_quotes_what_people_said_without_what_points_at_them() -> None:
    told("听澜花园2栋化粪池臭味太大，我叫李小花，电话13912345678，住3栋502房，请清掏化粪池", who=30,
         at=timezone.now() - DAY / 2, name="李小花")  # fmt: skip
    shown = desk_of("du").get(page_of(the_spot())).content.decode()
    said = re.findall(r"<q>(.*?)</q>", shown)
    assert 2 <= len(said) <= 4
    assert all("臭" in one or "化粪池" in one for one in said)
    assert not any(secret in shown for secret in ("13912345678", "李小花", "502房"))
    assert "The texts share:" in shown
    assert "<q>" not in desk_of("ge").get(page_of(the_spot())).content.decode()


def test_a_case_says_which_hot_spot_it_belongs_to_to_who_may_know() -> None:
    number, title = Case.objects.values_list("number", "title")[0]
    address = f"/desk/cases/{number}/"
    assert page_of(the_spot()) in desk_of("du").get(address).content.decode()
    assert page_of(the_spot()) not in desk_of("ge").get(address).content.decode()
    assert title


def test_it_is_made_a_topic_from_its_page_once_by_who_may_propose() -> None:
    spot = the_spot()
    offered = f"/desk/supervision/topics/new/?hot={spot.pk}"
    assert offered not in desk_of("mei").get(page_of(spot)).content.decode()
    assert offered in desk_of("du").get(page_of(spot)).content.decode()
    at = timezone.now()
    topic_from_hot_spot(spot.pk, why="", key=uuid4(), district=DISTRICT, by=staff("du", at=at), at=at)
    assert offered not in desk_of("du").get(page_of(spot)).content.decode()


@pytest.mark.parametrize("who", ["lin", "ge", "an", "shen"])
def test_without_the_right_there_is_no_list(who: str) -> None:
    assert desk_of(who).get(LIST).status_code == 403


def test_a_head_elsewhere_finds_no_page() -> None:
    HotSpot.objects.update(area_path="440399/440399001/440399001002")
    desk = desk_of("dong")
    spot = the_spot()
    assert desk.get(page_of(spot)).status_code == 404
    assert desk.post(f"{page_of(spot)}confirm/").status_code == 404
    assert spot.title not in desk.get(LIST).content.decode()
    assert desk.post(f"{ALERTS}{HotAlert.objects.first().pk}/seen/").status_code == 404  # type: ignore[union-attr]


def test_it_is_confirmed_dismissed_and_reopened_by_forms() -> None:
    desk, spot = desk_of("du"), the_spot()
    address = page_of(spot)
    assert desk.post(f"{address}confirm/", {"seen": spot.edition}).status_code == 302
    assert the_spot().state == "confirmed"
    again = desk.post(f"{address}confirm/", {"seen": spot.edition}, follow=True)
    assert "Somebody else decided" in again.content.decode()
    assert desk.post(f"{address}dismiss/", {"reason": ""}).status_code == 400
    desk.post(f"{address}dismiss/", {"reason": "不是一回事"})
    assert the_spot().state == "dismissed"
    assert "不是一回事" in desk.get(address).content.decode()
    desk.post(f"{address}reopen/")
    assert the_spot().state == "open"
    assert desk.post(f"{address}explode/").status_code == 404


def test_a_title_with_a_number_of_a_person_is_refused_beside_its_field() -> None:
    desk, spot = desk_of("du"), the_spot()
    shown = desk.post(f"{page_of(spot)}rename/", {"title": "找13912345678"})
    assert shown.status_code == 400
    assert "A title names no person" in shown.content.decode()
    desk.post(f"{page_of(spot)}rename/", {"title": "化粪池外溢"})
    assert the_spot().title == "化粪池外溢"


def test_appeals_are_split_off_merged_again_and_undone() -> None:
    desk, spot = desk_of("du"), the_spot()
    chosen = [str(key) for key in spot.marks.order_by("at").values_list("pk", flat=True)[:2]]
    desk.post(f"{page_of(spot)}split/", {"appeals": [*chosen, "rubbish"], "seen": spot.edition})
    part = HotSpot.objects.exclude(pk=spot.pk).get()
    assert part.count == 2
    undo = str(spot.given.get().pk)
    assert undo in desk.get(page_of(spot)).content.decode()
    desk.post(f"{page_of(spot)}undo/", {"rearrangement": undo})
    assert HotSpot.objects.get(pk=spot.pk).count == 5
    led = desk.get(page_of(part))
    assert (led.status_code, led["Location"]) == (302, page_of(spot))


def test_an_alert_is_acknowledged_and_gone_from_the_inbox() -> None:
    desk = desk_of("dong")
    assert the_spot().title in desk.get(ALERTS).content.decode()
    assert the_spot().title in desk.get("/desk/today/").content.decode()
    for alert in HotAlert.objects.all():
        desk.post(f"{ALERTS}{alert.pk}/seen/", {"next": ALERTS})
    assert the_spot().title not in desk.get(ALERTS).content.decode()
    assert the_spot().title in desk.get(f"{ALERTS}?tab=seen").content.decode()


def test_a_supervisor_may_look_but_a_looker_may_not_decide() -> None:
    from huying.people.models import Role

    Role.objects.filter(key="supervisor").update(
        on_area=[right for right in Role.objects.get(key="supervisor").on_area if right != "hotspot:decide"]
    )
    desk = desk_of("du")
    shown = desk.get(page_of(the_spot())).content.decode()
    assert "/confirm/" not in shown
    assert desk.post(f"{page_of(the_spot())}confirm/").status_code == 403


def test_the_pages_cost_the_same_however_many(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for place, text in enumerate((*OTHER, *PIT)):
        for who in range(3):
            told(text, who=200 + 10 * place + who, at=timezone.now() - DAY, north=place % 2, east=1)
    desk = desk_of("du")
    desk.get(LIST)
    with django_assert_max_num_queries(16):
        desk.get(LIST)
    with django_assert_max_num_queries(26):
        desk.get(page_of(HotSpot.objects.order_by("-count")[0]))
