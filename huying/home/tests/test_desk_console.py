"""The dispatchers' console: one case after another, two dispatchers beside each other, refusals in place."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from huying.cases.actions import move_case
from huying.cases.models import Case, Status
from huying.home.tests.desks import HOSTILE, TOILET, desk_of, waiting_case
from huying.people.actions import give_post, make_staff
from huying.people.models import Unit
from huying.testing.cast import appeal_of, case_of, staff
from huying.testing.town import FOUNDED_ON
from huying.workbench.models import Doing, Presence
from huying.workbench.presence import give_sign

if TYPE_CHECKING:
    from django.test import Client
    from django.test.client import _MonkeyPatchedWSGIResponse

pytestmark = pytest.mark.django_db
CONSOLE, IN_PLACE = "/desk/console/", {"HX-Target": "console"}
MOST_QUERIES = 32


def held_case(*, minutes_ago: int = 0, text: str = TOILET) -> Case:
    """Return a case the rules know a unit for, but a person is to decide on."""
    at = timezone.now() - timedelta(minutes=minutes_ago)
    return case_of(appeal_of(text, held_for="filing_often", at=at))


def at_hand(client: Client, more: str = "") -> str:
    """Return the number of the case the console shows; "" when nothing waits."""
    one = client.get(f"{CONSOLE}{more}").context["one"]
    return one["number"] if one else ""


def decide(client: Client, case: Case, **told: object) -> _MonkeyPatchedWSGIResponse:
    """Send the first suggestion as it stood on a screen that showed the case as given."""
    form = {"seen": case.fact_seq, "item": "010201", "unit": "cleaning"} | told
    return client.post(f"{CONSOLE}{case.number}/", form, headers=IN_PLACE)


def test_the_longest_waiting_comes_first_and_after_a_decision_the_next_is_there() -> None:
    second, first = held_case(minutes_ago=5), held_case(minutes_ago=9)
    mei = desk_of("mei")
    assert at_hand(mei) == first.number
    answer = decide(mei, first)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in page
    assert f"{first.number} is dispatched to 环卫所." in page
    assert f'data-console-case="{second.number}"' in page
    first.refresh_from_db()
    assert (first.status, first.unit and first.unit.code) == (Status.DISPATCHED, "cleaning")


def test_the_suggestions_carry_item_unit_assists_and_why() -> None:
    held_case()
    page = desk_of("mei").get(CONSOLE).content.decode()
    assert 'data-pick="1"' in page
    assert '<input type="hidden" name="item" value="010201">' in page
    assert '<input type="hidden" name="unit" value="cleaning">' in page
    assert "Word shared with the item" in page or "Keyword" in page


def test_without_scripts_a_decision_leads_back_to_the_console() -> None:
    case, mei = held_case(), desk_of("mei")
    form = {"seen": case.fact_seq, "item": "010201", "unit": "cleaning"}
    answer = mei.post(f"{CONSOLE}{case.number}/", form, follow=True)
    assert answer.redirect_chain == [(CONSOLE, 302)]
    assert "is dispatched to" in answer.content.decode()


def test_a_refusal_is_told_in_place_with_what_was_typed() -> None:
    case, mei = held_case(), desk_of("mei")
    answer = decide(mei, case, item="没有这个", unit="环卫")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Nothing is known by this name." in page
    assert 'value="没有这个"' in page
    case.refresh_from_db()
    assert case.status == Status.SUBMITTED


def test_of_two_dispatchers_the_second_is_told_and_gets_the_next_case() -> None:
    first, second = held_case(minutes_ago=9), held_case(minutes_ago=5)
    move_case(first.pk, "dispatch", by=staff("mei"), at=timezone.now(), unit="city", item="010201")
    answer = decide(desk_of(_second_dispatcher()), first)
    assert answer.status_code == 409
    assert f"{first.number} waits no longer" in answer.content.decode()
    assert answer.context["one"]["number"] == second.number
    first.refresh_from_db()
    assert first.unit is not None
    assert first.unit.code == "city"


def test_the_second_of_two_clicks_goes_on_and_changes_nothing() -> None:
    case, mei = held_case(), desk_of("mei")
    decide(mei, case)
    facts = Case.objects.get(pk=case.pk).fact_seq
    assert decide(mei, case).status_code == 200
    assert Case.objects.get(pk=case.pk).fact_seq == facts


def test_two_dispatchers_are_led_to_different_cases_and_see_each_other() -> None:
    first, second = held_case(minutes_ago=9), held_case(minutes_ago=5)
    mei, other = desk_of("mei"), desk_of(_second_dispatcher())
    assert at_hand(mei) == first.number
    assert at_hand(other) == second.number
    assert "梅分" in other.get(CONSOLE).content.decode()
    # Whoever wants it all the same may look, and is told.
    page = other.get(f"{CONSOLE}?case={first.number}").content.decode()
    assert "decides on it" in page


def test_one_person_decides_on_one_case_at_a_time() -> None:
    first, second = held_case(minutes_ago=9), held_case(minutes_ago=5)
    mei = desk_of("mei")
    at_hand(mei)
    assert at_hand(mei, f"?after={first.number}") == second.number
    assert list(Presence.objects.values_list("case_id", flat=True)) == [second.pk]


def test_the_console_is_for_dispatchers_and_hostile_words_stay_words() -> None:
    held_case(text=HOSTILE)
    for username in ("lin", "wu", "shou", "guan"):
        assert desk_of(username).get(CONSOLE).status_code == 403
    page = desk_of("mei").get(CONSOLE).content.decode()
    assert "<script>alert" not in page
    case = waiting_case()
    assert desk_of("lin").post(f"{CONSOLE}{case.number}/", {}).status_code == 403


def test_the_console_costs_the_same_however_many_wait() -> None:
    mei = desk_of("mei")
    held_case()
    mei.get(CONSOLE)
    with CaptureQueriesContext(connection) as few:
        mei.get(CONSOLE)
    for number in range(8):
        held_case(minutes_ago=number)
    with CaptureQueriesContext(connection) as many:
        mei.get(CONSOLE)
    assert len(many) <= len(few) + 1
    assert len(many) <= MOST_QUERIES


def test_a_sign_tells_the_others_and_only_those_who_may_see_the_case() -> None:
    case = held_case()
    give_sign(case.pk, Doing.WRITING, by=staff("shou"), at=timezone.now())
    address = f"/desk/cases/{case.number}/here/"
    mei = desk_of("mei")
    assert "寿理" in mei.post(address, {"doing": "looking"}).content.decode()
    assert desk_of("lin").post(address, {"doing": "looking"}).status_code == 404
    assert Presence.objects.filter(case_id=case.pk).count() == 2
    mei.post(address, {"doing": "away"})
    assert Presence.objects.filter(case_id=case.pk).count() == 1
    assert mei.get(address).status_code == 405


def _second_dispatcher() -> str:
    account = make_staff("fen", name="分二", password="a long enough password")
    give_post(account, unit=Unit.objects.get(code="dispatch"), role="dispatcher", valid_from=FOUNDED_ON)
    return "fen"
