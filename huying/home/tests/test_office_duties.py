"""Duty rules in the office, and the rooms each may enter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from huying.catalogue.queries import published
from huying.dispatch.duties import duty_book
from huying.dispatch.models import DutyRule
from huying.home.office.menu import ROOMS
from huying.people.models import Account, Unit
from huying.testing.cast import appeal_of, case_of
from huying.testing.town import EAST, WEST

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
FRONT = "/desk/office/duties/"


@pytest.fixture
def guan(client: Client) -> Client:
    client.force_login(Account.objects.get(username="guan"))
    return client


def units() -> dict[str, str]:
    """Return the keys of the town's units by code."""
    return {unit.code: str(unit.pk) for unit in Unit.objects.all()}


def test_a_rule_decides_from_now_on_and_says_why(guan: Client) -> None:
    item, keys = published().leaves[0], units()
    told = {
        "items": item.code[:2],
        "area": EAST, "lead": keys["city"], "assists": [keys["east"], keys["cleaning"]],
        "fallback": keys["dispatch"], "note": "会议纪要三号",
    }  # fmt: skip
    assert guan.post(f"{FRONT}new/", told).status_code == 302
    rule = DutyRule.objects.get()
    assert rule.area
    assert (rule.items, rule.area.code, rule.lead.code) == (item.code[:2], EAST, "city")
    page = guan.get(FRONT, {"item": item.code, "at": "竹影社区"})
    assert page.context["answer"]["unit"] == "城管执法队"
    assert set(page.context["answer"]["assists"]) == {"竹影社区工作站", "环卫所"}
    assert f"no. {rule.number}" in page.content.decode()
    elsewhere = guan.get(FRONT, {"item": item.code, "at": WEST}).context["answer"]
    assert f"no. {rule.number}" not in " ".join(elsewhere["why"])


def test_a_second_rule_for_the_same_ends_the_first(guan: Client) -> None:
    keys = units()
    guan.post(f"{FRONT}new/", {"items": "", "area": "", "lead": keys["city"]})
    guan.post(f"{FRONT}new/", {"items": "", "area": "", "lead": keys["cleaning"]})
    assert [rule.number for rule, _ in guan.get(FRONT).context["rules"]] == [2]
    assert [rule.number for rule, _ in guan.get(FRONT, {"ended": "1"}).context["rules"]] == [1]


def test_a_rule_is_ended_once_and_cases_keep_their_unit(guan: Client) -> None:
    guan.post(f"{FRONT}new/", {"items": "", "area": "", "lead": units()["city"]})
    case, rule = case_of(appeal_of()), DutyRule.objects.get()
    assert case.unit
    assert case.unit.code == "city"
    assert guan.post(f"{FRONT}{rule.pk}/end/").status_code == 302
    assert guan.get(f"{FRONT}{rule.pk}/end/").status_code == 405
    again = guan.post(f"{FRONT}{rule.pk}/end/", follow=True)
    assert "had ended already" in again.content.decode()
    assert duty_book().rules == []
    case.refresh_from_db()
    assert case.unit
    assert case.unit.code == "city"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"lead": ""}, "lead"),
        ({"items": "zzz"}, "items"),
        ({"area": "不存在的地方"}, "area"),
        ({"area": "x" * 200}, "area"),
        ({"lead": "not-a-key"}, "lead"),
        ({"assists": ["not-a-key"]}, "assists"),
        ({"note": "长" * 501}, "note"),
    ],
)
def test_what_is_wrong_with_a_rule_is_told_beside_its_field(
    guan: Client, wrong: dict[str, object], field: str
) -> None:
    answer = guan.post(f"{FRONT}new/", {"items": "", "area": "", "lead": units()["city"]} | wrong)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not DutyRule.objects.exists()


def test_nobody_has_two_parts_in_one_rule(guan: Client) -> None:
    city = units()["city"]
    answer = guan.post(f"{FRONT}new/", {"items": "", "lead": city, "fallback": city, "assists": [city]})
    assert set(answer.context["form"].errors) == {"assists", "fallback"}


def test_a_note_with_a_script_stays_text(guan: Client) -> None:
    guan.post(f"{FRONT}new/", {"items": "", "lead": units()["city"], "note": "<script>alert(1)</script>"})
    assert "<script>alert" not in guan.get(FRONT).content.decode()


def test_who_may_not_edit_is_refused_and_nothing_changes(client: Client) -> None:
    client.force_login(Account.objects.get(username="lin"))
    assert client.get(FRONT).status_code == 403
    assert client.post(f"{FRONT}new/", {"items": "", "lead": units()["city"]}).status_code == 403
    assert not DutyRule.objects.exists()


def test_the_list_costs_few_queries_however_many_rules(
    guan: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    keys = units()
    for leaf in published().leaves[:15]:
        guan.post(f"{FRONT}new/", {"items": leaf.code, "lead": keys["city"], "assists": [keys["east"]]})
    assert guan.get(FRONT, {"q": published().leaves[0].name}).context["rules"]
    assert guan.get(FRONT, {"unit": keys["cleaning"]}).context["rules"] == []
    with django_assert_max_num_queries(12):
        assert len(guan.get(FRONT).context["rules"]) == 15


def test_the_office_shows_each_only_the_rooms_they_may_enter(client: Client) -> None:
    everywhere = {reverse(room.page) for room in ROOMS}
    for name in ("guan", "du"):
        client.force_login(Account.objects.get(username=name))
        mine = {room["url"] for room in client.get("/desk/office/").context["rooms"]}
        assert mine < everywhere
        assert mine
        for page in everywhere:
            assert client.get(page).status_code == (200 if page in mine else 403), (name, page)
    client.force_login(Account.objects.get(username="lin"))
    assert client.get("/desk/office/").status_code == 403
