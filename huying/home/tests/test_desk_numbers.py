"""Numbers at the desk: within what the posts see, in whole months, hidden where few, and no unit ranked."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from huying.cases.models import Case
from huying.home.desk.numbers import months_before
from huying.home.tests.desks import desk_of
from huying.insight.core.indicators import INDICATORS
from huying.people.queries import unit_book
from huying.testing.cast import appeal_of, case_of
from huying.testing.town import DISTRICT, EAST, STREET, WEST

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries
    from pytest_django.fixtures import Settings

pytestmark = pytest.mark.django_db
PAGE = "/desk/numbers/"
TOILET = "听澜花园旁边的公厕很脏很臭，没有人打扫"
TOWN = f"{DISTRICT}/{STREET}"


def crowd(many: int, *, east: int = 0, returned: int = 0, unit: str = "cleaning") -> None:
    """Let cases be there: copies of one that came the usual way."""
    case = Case.objects.get(memberships__appeal=appeal_of(TOILET, east=east).appeal_id)
    key, base = unit_book().by_code[unit].id, Case.objects.count()
    Case.objects.filter(pk=case.pk).update(unit_id=key, returned=returned > 0)
    for place in range(1, many):
        copy = Case.objects.get(pk=case.pk)
        copy.pk, copy.number = None, f"GDX{base:04d}{place:05d}"
        copy.id = Case._meta.get_field("id").get_default()
        copy.returned = place < returned
        copy.save(force_insert=True)


def cards_of(page: Any) -> dict[str, dict[str, Any]]:  # noqa: ANN401 - a test's answer
    """Return the numbers of the whole by their keys."""
    return {card["key"]: card for part in page.context["parts"] for card in part["cards"]}


def test_every_indicator_is_shown_with_formula_base_and_what_was_left_out() -> None:
    crowd(40, returned=10)
    page = desk_of("du").get(PAGE, {"show": "returned"})
    cards = cards_of(page)
    assert set(cards) == {one.key for one in INDICATORS}
    assert all(card["formula"] for card in cards.values())
    assert (cards["returned"]["value"], cards["returned"]["base"]) == ("25.0%", "10 / 40")
    assert cards["first_dispatch"]["value"] == "about 0–28 %"
    assert cards["first_dispatch"]["left_out"] == 30
    assert cards["first_dispatch"]["left"][0][1] == 30
    assert cards["solved"]["value"] == "—"


def test_what_came_in_and_went_out_stands_on_the_same_page() -> None:
    crowd(40, returned=10)
    other = case_of(appeal_of("嗯嗯好的"))
    page = desk_of("du").get(PAGE, {"show": "opened", "by": "area"})
    cards = cards_of(page)
    told = {
        key: (cards[key]["value"], cards[key]["base"]) for key in ("opened", "waiting", "closed", "merged")
    }
    assert told == {
        "opened": ("41", "n = 41"), "waiting": ("1", "n = 41"), "closed": ("0", "n = 41"),
        "merged": ("0", "n = 41"),
    }  # fmt: skip
    assert cards["dispatched"]["value"] == "40"
    assert (cards["automatic"]["base"], cards["automatic"]["left_out"]) == ("40 / 40", 1)
    assert cards["unit_solved"]["value"] == "—"
    assert cards["came_in"]["value"] == "too few to tell", "copies have no voices"
    heads = sum(Case.objects.values_list("fact_seq", flat=True))
    assert page.context["facts"] == heads >= other.fact_seq
    assert f"{heads} facts stand behind these cases." in page.content.decode()


def test_the_older_page_leads_here_for_good_and_the_menu_names_one_page() -> None:
    du = desk_of("du")
    gone = du.get("/desk/office/numbers/")
    assert (gone.status_code, gone["Location"]) == (301, PAGE)
    entries = re.findall(rf'href="{PAGE}"', du.get("/desk/notices/").content.decode())
    assert len(entries) == 1
    assert desk_of("lin").get(PAGE).status_code == 403


def test_few_are_hidden_and_cannot_be_worked_out() -> None:
    crowd(3)
    crowd(12, east=1, returned=2)
    crowd(30, east=1, returned=3, unit="city")
    page = desk_of("du").get(PAGE, {"show": "returned", "by": "unit"})
    told = {row["label"]: row["value"] for row in page.context["rows"]}
    assert told["城管执法队"] == "10.0%"
    assert "–" in told["环卫所"]
    areas = desk_of("du").get(PAGE, {"show": "returned", "by": "area"}).context["rows"]
    assert [row["value"] for row in areas] == ["too few to tell", "too few to tell"]
    assert all(row["left_out"] == "" for row in areas)


def test_rows_stand_in_the_order_of_names_and_units_are_compared_only_where_the_town_says_so(
    settings: Settings,
) -> None:
    crowd(40, returned=40)
    crowd(200, unit="city")
    shown = {"show": "returned", "by": "unit"}
    page = desk_of("du").get(PAGE, shown)
    labels = [row["label"] for row in page.context["rows"]]
    assert labels == sorted(labels)
    assert [row["tier"] for row in page.context["rows"]] == [None, None]
    settings.COMPARE_UNITS = True
    tiers = {row["label"]: str(row["tier"][0]) for row in desk_of("du").get(PAGE, shown).context["rows"]}
    assert tiers == {"环卫所": "above the whole", "城管执法队": "below the whole"}
    assert all(row["tier"] is None for row in desk_of("du").get(PAGE, shown | {"by": "area"}).context["rows"])


def test_nobody_sees_beyond_their_own_areas() -> None:
    crowd(6)
    crowd(8, east=1)
    assert desk_of("lin").get(PAGE).status_code == 403
    dong = desk_of("dong")
    page = dong.get(PAGE, {"show": "returned"})
    assert page.context["shown"]["base"] == "0 / 6"
    offered = {path for path, _ in page.context["form"].fields["area"].choices}
    assert offered == {"", f"{TOWN}/{EAST}"}
    beyond = dong.get(PAGE, {"show": "returned", "area": f"{TOWN}/{WEST}"})
    assert beyond.context["shown"]["base"] == "0 / 6", "what is not offered narrows nothing"
    assert desk_of("ling").get(PAGE, {"show": "returned"}).context["shown"]["base"] == "0 / 14"


def test_what_cannot_be_read_narrows_nothing() -> None:
    crowd(6)
    for odd in ({"since": "x"}, {"unit": "'"}, {"by": "person"}, {"show": "handler"}, {"items": "%"}):
        page = desk_of("du").get(PAGE, odd)
        assert page.status_code == 200, odd
        assert cards_of(page)["returned"]["base"] == "0 / 6"
    empty = desk_of("du").get(PAGE, {"since": "2025-12", "until": "2025-12", "by": "month"})
    assert empty.status_code == 200


def test_numbers_are_of_whole_months() -> None:
    assert months_before(date(2026, 2, 17))[:3] == [date(2026, 2, 1), date(2026, 1, 1), date(2025, 12, 1)]
    crowd(6)
    scope = desk_of("du").get(PAGE).context["scope"]
    assert (scope.since.day, scope.since.hour, scope.until.day) == (1, 0, 1)
    assert scope.since <= timezone.now() < scope.until


def test_the_page_costs_the_same_however_many(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    crowd(20)
    desk = desk_of("du")
    desk.get(PAGE)
    with django_assert_max_num_queries(14):
        desk.get(PAGE, {"by": "unit"})
