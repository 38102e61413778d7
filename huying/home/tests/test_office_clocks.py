"""The town's clocks and grades in the office: set from a day on, kept with their source, refused by name."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from huying.catalogue.core.clock import Limit, Unit
from huying.catalogue.models import ClockPolicy, GradeRule
from huying.catalogue.policies import USUAL
from huying.catalogue.queries import CLOCKS, grade_table, town_clock
from huying.home.tests.desks import desk_of, toilet_case
from huying.kit.moments import in_words
from huying.ledger.queries import timeline, verify
from huying.ledger.snapshots import edition_now

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
PAGE, GRADES = "/desk/office/clocks/", "/desk/office/grades/"


@pytest.fixture
def guan() -> Client:
    return desk_of("guan")


def today() -> date:
    return timezone.localdate()


def tell(client: Client, key: str = "sign", **told: Any) -> Any:  # noqa: ANN401 - a test's answer
    form = {
        "amount": 4,
        "unit": "working_hours",
        "basis": "区政府 2026 年第 3 号会议纪要",
        "valid_from": today(),
    }
    return client.post(f"{PAGE}{key}/", form | told)


def test_every_clock_is_listed_with_its_source(
    guan: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(13):
        page = guan.get(PAGE).content.decode()
    for key, usual in USUAL.items():
        assert f"{PAGE}{key}/" in page
        assert usual.basis in page


def test_a_clock_set_today_holds_at_once_and_what_it_was_stays(guan: Client) -> None:
    edition = edition_now(CLOCKS)
    assert tell(guan).status_code == 302
    assert town_clock().policies["sign"] == Limit(4, Unit.WORKING_HOURS)
    assert town_clock().policy_edition == edition + 1
    fact = timeline(f"towntable:{CLOCKS}").latest("seq")
    assert (fact.kind, fact.data["key"], fact.data["amount"]) == ("ClockSet", "sign", 4)
    assert fact.data["before"][:2] == [2, "working_hours"]
    assert verify().broken is None
    page = guan.get(f"{PAGE}sign/").content.decode()
    assert "会议纪要" in page
    assert USUAL["sign"].basis in page


def test_a_clock_set_for_a_later_day_waits_for_it(guan: Client) -> None:
    begins = today() + timedelta(days=10)
    assert tell(guan, valid_from=begins).status_code == 302
    now = timezone.now()
    assert town_clock(now).policies["sign"] == Limit(2, Unit.WORKING_HOURS)
    assert town_clock(now + timedelta(days=11)).policies["sign"] == Limit(4, Unit.WORKING_HOURS)
    assert f"from {in_words(begins)}" in guan.get(PAGE).content.decode()


def test_of_two_changes_for_one_day_the_later_holds(guan: Client) -> None:
    tell(guan)
    tell(guan, amount=6)
    assert town_clock().policies["sign"].amount == 6
    assert ClockPolicy.objects.filter(key="sign", valid_from=today()).count() == 2


def test_a_share_stays_a_share(guan: Client) -> None:
    assert tell(guan, "rework", amount=75, unit="percent").status_code == 302
    assert town_clock().shares["rework"].limit_denominator() == town_clock().shares["rework"]
    assert float(town_clock().shares["rework"]) == 0.75
    assert tell(guan, "rework", amount=101, unit="percent").status_code == 422
    assert tell(guan, "rework", unit="working_hours").status_code == 422
    assert tell(guan, "sign", unit="percent").status_code == 422


@pytest.mark.parametrize(
    "told",
    [
        {"amount": 0},
        {"amount": 4001},
        {"amount": "x"},
        {"unit": "moons"},
        {"basis": ""},
        {"valid_from": "2020-01-01"},
        {"valid_from": "9999-01-01"},
    ],
)
def test_what_makes_no_sense_or_reaches_into_the_past_is_refused(guan: Client, told: dict[str, Any]) -> None:
    count = ClockPolicy.objects.count()
    answer = tell(guan, **told)
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    assert ClockPolicy.objects.count() == count


def test_of_two_clerks_at_the_clocks_the_second_is_told(guan: Client) -> None:
    seen = town_clock().policy_edition
    assert tell(guan, seen=seen).status_code == 302
    assert tell(guan, seen=seen, amount=9).status_code == 409
    assert town_clock().policies["sign"].amount == 4


def test_a_clock_nobody_knows_has_no_page(guan: Client) -> None:
    assert guan.get(f"{PAGE}nonsense/").status_code == 404
    assert guan.get(f"{GRADES}Z/").status_code == 404


# --- grades ------------------------------------------------------------------------------------------
def grade_form(**told: Any) -> dict[str, Any]:  # noqa: ANN401 - the fields of a form
    return {
        "name": "加急", "name_en": "pressing", "criteria": "当天必须处置", "level": "street",
        "approver": "unit_lead", "sign_amount": 30, "sign_unit": "natural_minutes", "contact_amount": "",
        "contact_unit": "", "handle_amount": 50, "handle_unit": "percent", "tone": "danger", **told,
    }  # fmt: skip


def test_grades_are_shown_with_level_approver_and_clocks(guan: Client) -> None:
    page = guan.get(GRADES).content.decode()
    for row in grade_table().rows:
        assert row.criteria in page
    assert "60 %" in page


def test_a_grade_is_changed_and_shown_everywhere_by_its_new_name(guan: Client) -> None:
    assert guan.get(f"{GRADES}B/").status_code == 200
    assert guan.post(f"{GRADES}B/", grade_form()).status_code == 302
    row = grade_table().by_key["B"]
    assert (row.label, row.level, row.limits["sign"]) == (
        "B · pressing",
        "street",
        Limit(30, Unit.NATURAL_MINUTES),
    )
    fact = timeline("towntable:grades").latest("seq")
    assert (fact.kind, fact.data["before"]["name"], fact.data["values"]["name"]) == (
        "GradeSet",
        "紧急",
        "加急",
    )
    page = guan.get(f"{GRADES}B/").content.decode()
    assert "B pressing" in page
    assert "紧急 → 加急" in page


@pytest.mark.parametrize(
    "told",
    [
        {"name": ""},
        {"level": "moon"},
        {"approver": "nobody"},
        {"sign_unit": ""},
        {"sign_amount": ""},
        {"sign_unit": "percent"},
        {"handle_amount": 101},
        {"tone": "pink"},
    ],
)
def test_a_grade_that_makes_no_sense_is_refused(guan: Client, told: dict[str, Any]) -> None:
    before = GradeRule.objects.get(pk="B").name
    answer = guan.post(f"{GRADES}B/", grade_form(**told))
    assert answer.status_code == 422
    assert GradeRule.objects.get(pk="B").name == before


def test_others_are_refused(client: Client) -> None:
    lin = desk_of("lin")
    for page in (PAGE, f"{PAGE}sign/", GRADES, f"{GRADES}B/", f"{PAGE}dates/"):
        assert lin.get(page).status_code == 403
        assert lin.post(page, {}).status_code in {403, 405}
        assert client.get(page).status_code == 302


# --- dates computed anew -----------------------------------------------------------------------------
def test_dates_are_counted_first_and_computed_anew_with_a_reason(guan: Client) -> None:
    case = toilet_case()
    assert guan.get(f"{PAGE}dates/").context["count"] == 0
    tell(guan)
    page = guan.get(f"{PAGE}dates/", {"older": "on", "grade": case.grade})
    assert page.context["count"] == 1
    assert guan.post(f"{PAGE}dates/?older=on", {"begin": "start", "reason": " "}).status_code == 422
    told = {"begin": "start", "reason": "签收期限改为四个工作时"}
    answer = guan.post(f"{PAGE}dates/?older=on", told, follow=True).content.decode()
    assert "1 case has new dates" in answer
    assert guan.get(f"{PAGE}dates/").context["count"] == 0
    fact = timeline(f"case:{case.pk}").latest("seq")
    assert (fact.kind, fact.data["reason"]) == ("DeadlinesRecomputed", told["reason"])
    history = desk_of("lin").get(f"/desk/cases/{case.number}/").content.decode()
    assert "Dates were computed anew" in history


def test_a_supervisor_computes_dates_of_cases_in_sight(guan: Client) -> None:
    toilet_case()
    tell(guan)
    assert desk_of("du").get(f"{PAGE}dates/").context["count"] == 1
