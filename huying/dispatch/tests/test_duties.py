"""Who answers: rules before roles, the particular before the general, fallbacks last, and always why."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from huying.cases.tests.stories import AT, HOUR
from huying.catalogue.queries import ItemCard, published
from huying.dispatch.actions import assign, assign_by_hand, end_duty_rule, set_duty_rule
from huying.dispatch.duties import duty_book
from huying.dispatch.models import Assignment, DutyRule
from huying.ledger.actor import SYSTEM
from huying.ledger.queries import timeline, verify
from huying.ledger.snapshots import announce
from huying.people.models import Unit
from huying.people.queries import unit_book
from huying.places.models import Area
from huying.testing.cast import appeal_of, case_of, staff
from huying.testing.town import DISTRICT, EAST, STREET, WEST

if TYPE_CHECKING:
    from huying.dispatch.duties import Duty

pytestmark = pytest.mark.django_db
TOWN = f"{DISTRICT}/{STREET}"
IN_EAST, IN_WEST = f"{TOWN}/{EAST}/{EAST}B01/{EAST}001", f"{TOWN}/{WEST}/{WEST}B01/{WEST}001"


def rule(lead: str, *, items: str = "", area: str = "", **more: Any) -> DutyRule:  # noqa: ANN401 - a rule's
    units: dict[str, Any] = {
        name: Unit.objects.get(code=more.pop(name)) for name in ("fallback",) if name in more
    }
    return set_duty_rule(
        items=items,
        area=Area.objects.get(code=area, valid_until=None) if area else None,
        lead=Unit.objects.get(code=lead),
        assists=[Unit.objects.get(code=code) for code in more.pop("assists", ())],
        district=DISTRICT,
        by=SYSTEM,
        at=more.pop("at", AT),
        **units,
        **more,
    )


def item(code: str = "010101", **changed: Any) -> ItemCard:  # noqa: ANN401 - a card's
    return replace(published().by_code[code], **changed)


def decide(card: ItemCard | None = None, path: str = IN_EAST) -> Duty | None:
    return duty_book().decide(card or item(), path)


def lead(path: str = IN_EAST, card: ItemCard | None = None) -> str:
    duty = decide(card, path)
    return duty.lead.code if duty else ""


# --- roles -------------------------------------------------------------------------------------------
def test_without_a_rule_the_unit_that_fills_the_items_role_answers() -> None:
    duty = decide()
    assert duty is not None
    assert (duty.lead.code, duty.rule_id) == ("cleaning", None)
    assert duty.why == {"key": "role", "role": "sanitation", "area": TOWN}
    assert [unit.code for unit in duty.assists] == ["city"]


def test_of_several_units_with_a_role_the_one_nearest_above_the_place_answers() -> None:
    card = item(lead="community", assists=(), fallback="")
    assert (lead(IN_EAST, card), lead(IN_WEST, card)) == ("east", "west")
    assert lead(TOWN, card) == "", "somewhere in the street: neither community can be named"


def test_a_role_nobody_fills_falls_back() -> None:
    duty = decide(item(lead="astronomy", fallback="community"))
    assert duty is not None
    assert (duty.lead.code, duty.why["key"]) == ("east", "fallback_role")
    assert decide(item(lead="astronomy", fallback="", assists=())) is None
    assert decide(item(lead="", fallback="", assists=())) is None


def test_whoever_leads_does_not_assist_as_well() -> None:
    duty = decide(item(assists=("sanitation", "urban-management", "urban-management")))
    assert duty is not None
    assert [unit.code for unit in duty.assists] == ["city"]


def test_a_closed_unit_is_passed_over() -> None:
    Unit.objects.filter(code="cleaning").update(is_active=False)
    announce("people")
    assert lead(card=item(fallback="community")) == "east"


# --- rules -------------------------------------------------------------------------------------------
def test_a_rule_goes_before_the_role() -> None:
    made = rule("city", items="0101", assists=("cleaning", "city", "east"))
    duty = decide()
    assert duty is not None
    assert (duty.lead.code, duty.rule_id) == ("city", made.pk)
    assert duty.why == {"key": "rule", "rule": made.number, "items": "0101", "area": ""}
    assert {unit.code for unit in duty.assists} == {"cleaning", "east"}, "the lead is left out"
    assert lead(card=item("020302")) != "city"


def test_the_longer_item_code_wins_then_the_smaller_area() -> None:
    rule("east", area=EAST)
    rule("west", items="01")
    rule("city", items="01", area=EAST)
    rule("cleaning", items="010101", area=STREET)
    assert lead(IN_EAST) == "cleaning"
    assert lead(IN_EAST, item("010102")) == "city"
    assert lead(IN_WEST, item("010102")) == "west"
    assert lead(IN_EAST, item("020302")) == "east"
    assert lead(DISTRICT, item("010102")) == "west"


def test_a_rule_whose_lead_is_closed_falls_back_and_a_better_rule_still_wins() -> None:
    rule("city", items="0101", fallback="east", assists=("east",))
    Unit.objects.filter(code="city").update(is_active=False)
    announce("people")
    duty = decide()
    assert duty is not None
    assert (duty.lead.code, duty.why["key"], duty.assists) == ("east", "fallback_rule", ())
    rule("west", items="01")
    assert lead() == "west", "a standing rule goes before a fallback"


def test_a_rule_whose_lead_is_closed_and_has_no_fallback_leaves_it_to_the_role() -> None:
    rule("city", items="0101")
    Unit.objects.filter(code="city").update(is_active=False)
    announce("people")
    assert lead() == "cleaning"


def test_the_town_as_a_whole_is_covered_by_a_rule_without_items_and_area() -> None:
    rule("west")
    assert (lead(IN_EAST), lead(DISTRICT), lead("")) == ("west", "west", "west")


# --- versions ----------------------------------------------------------------------------------------
def test_a_new_rule_ends_the_one_that_stood_and_past_assignments_keep_theirs() -> None:
    first = rule("city", items="0101")
    answer = appeal_of(at=AT)
    assert answer.unit_name == "城管执法队"
    second = rule("east", items="0101", at=AT + HOUR, note="试行")
    first.refresh_from_db()
    assert (first.valid_until, second.valid_until) == (AT + HOUR, None)
    assert second.number == first.number + 1
    assert appeal_of(at=AT + HOUR).unit_name == "竹影社区工作站"
    kept = case_of(answer).assignment
    assert kept is not None
    assert (kept.rule_id, kept.unit.code, kept.why["rule"]) == (first.pk, "city", first.number)
    assert [fact.kind for fact in timeline(f"dutyrule:{first.pk}")] == ["DutyRuleSet", "DutyRuleEnded"]
    assert verify().broken is None


def test_an_ended_rule_is_not_asked_any_more_and_not_ended_twice() -> None:
    made = rule("city", items="0101")
    end_duty_rule(made, district=DISTRICT, by=SYSTEM, at=AT + HOUR)
    end_duty_rule(DutyRule.objects.get(pk=made.pk), district=DISTRICT, by=SYSTEM, at=AT + 2 * HOUR)
    made.refresh_from_db()
    assert made.valid_until == AT + HOUR
    assert lead() == "cleaning"
    assert verify().broken is None


def test_one_rule_stands_for_an_item_and_area() -> None:
    made = rule("city", items="0101")
    area = Area.objects.get(code=EAST)
    rule("city", items="0101", area=EAST)
    for where in (None, area):
        with (
            pytest.raises(IntegrityError, match="one_duty_rule_stands_for_an_item_and_area"),
            transaction.atomic(),
        ):
            DutyRule.objects.create(number=900, items="0101", area=where, lead=made.lead, valid_from=AT)
    with pytest.raises(IntegrityError, match="a_duty_rule_ends_after_it_began"), transaction.atomic():
        DutyRule.objects.create(
            number=901, items="09", lead=made.lead, valid_from=AT, valid_until=AT - timedelta(seconds=1)
        )
    ended: dict[str, Any] = {"valid_from": AT, "valid_until": AT}
    DutyRule.objects.create(number=902, items="0101", lead=made.lead, **ended)


# --- assignments -------------------------------------------------------------------------------------
def test_the_machines_assignment_says_who_and_why() -> None:
    case = case_of(appeal_of(at=AT))
    made = case.assignment
    assert made is not None
    assert (made.automatic, made.by_name, made.unit.code, made.rule_id) == (True, "Huying", "cleaning", None)
    assert made.why == {"key": "role", "role": "sanitation", "area": TOWN}
    assert made.assists == [unit_book().by_code["city"].id]
    assert made.at == AT


def test_where_nobody_answers_there_is_no_assignment() -> None:
    nobody = item(lead="astronomy", fallback="", assists=())
    assert assign(uuid4(), nobody, IN_EAST, by=SYSTEM, at=AT) is None


def test_an_appeal_nobody_answers_for_waits_for_a_person() -> None:
    Unit.objects.exclude(code="dispatch").update(is_active=False)
    announce("people")
    answer = appeal_of(at=AT)
    assert (answer.unit_name, answer.waits_for, answer.item_code) == ("", "no_unit_answers", "010101")
    assert case_of(answer).held_for == "no_unit_answers"


def test_a_persons_assignment_keeps_beside_it_what_the_rules_said_for_that_place() -> None:
    rule("west", items="0101", area=WEST)
    answer = appeal_of(east=1, at=AT, held_for="filing_often")
    made = assign_by_hand(
        answer.appeal_id,
        unit=unit_book().by_code["city"],
        item=item(),
        area_path=IN_WEST,
        assists=[],
        key="chosen_by_dispatcher",
        note="就近",
        by=staff("mei", at=AT),
        at=AT,
    )
    made.refresh_from_db()
    assert made.why == {"key": "chosen_by_dispatcher", "note": "就近", "rules_said": "west"}
    assert (made.automatic, made.by_name) == (False, "梅分")
    assert Assignment.objects.filter(appeal=answer.appeal_id).count() == 1
