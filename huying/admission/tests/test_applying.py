"""Departments apply, the areas rule: each for itself, once, with a reason when they refuse."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, transaction

from huying.admission.actions import (
    apply_for_admission,
    complete_application,
    earliest_start,
    return_application,
    withdraw_application,
)
from huying.admission.models import Application, ApplicationState, GatedItem, Ruling, Verdict
from huying.admission.rules import may_rule, visible_to
from huying.admission.tests.cast import admit, applied, found_bureau, plea, refuse, unit
from huying.cases.tests.stories import AT, HOUR
from huying.catalogue.models import ClockPolicy
from huying.catalogue.queries import CLOCKS
from huying.ledger.actor import SYSTEM
from huying.ledger.queries import timeline, verify
from huying.ledger.snapshots import announce
from huying.testing.cast import resident, staff
from huying.testing.refusals import refused
from huying.testing.town import DISTRICT, EAST, STREET, WEST

if TYPE_CHECKING:
    from huying.ledger.actor import Actor

pytestmark = pytest.mark.django_db
TOWN = f"{DISTRICT}/{STREET}"


@pytest.fixture(autouse=True)
def _bureau() -> None:
    found_bureau()


def kinds(application: Application) -> list[str]:
    return [fact.kind for fact in timeline(f"application:{application.pk}")]


def sees(by: Actor) -> set[int]:
    return set(Application.objects.filter(visible_to(by)).values_list("number", flat=True))


# --- applying ----------------------------------------------------------------------------------------
def test_an_application_asks_each_area_and_says_until_when_they_rule() -> None:
    made = applied(areas=(EAST, WEST))
    assert {ruling.area.code: ruling.verdict for ruling in made.rulings.all()} == {EAST: "", WEST: ""}
    assert (made.state, made.number, made.applied_by) == (ApplicationState.APPLIED, 1, "薄局")
    assert AT + timedelta(days=15) < made.rule_by < AT + timedelta(days=40)
    assert kinds(made) == ["AdmissionAsked"]
    assert applied().number == 2
    assert verify().broken is None


def test_an_area_within_another_that_was_named_is_asked_through_that_one() -> None:
    made = applied(areas=(EAST, STREET))
    assert [ruling.area.code for ruling in made.rulings.all()] == [STREET]


@pytest.mark.parametrize(
    ("wrong", "key", "field"),
    [
        ({"name": "  "}, "admission_missing", "name"),
        ({"basis": ""}, "admission_missing", "basis"),
        ({"money": ""}, "admission_missing", "money"),
        ({"people": ""}, "admission_missing", "people"),
        ({"contact": ""}, "admission_missing", "contact"),
        ({"items": "99999"}, "unknown_items", "items"),
        ({"level": "district"}, "unknown_level", "level"),
        ({"level": "moon"}, "unknown_level", "level"),
        ({"areas": ()}, "admission_missing", "areas"),
        ({"areas": ("nowhere",)}, "admission_missing", "areas"),
        ({"areas": (f"{EAST}001",)}, "area_too_fine", "areas"),
        ({"starts_on": date(2020, 1, 1)}, "too_soon", "starts_on"),
        ({"ends_on": date(2020, 1, 1)}, "term_backwards", "ends_on"),
        ({"review_on": date(2099, 1, 1)}, "review_outside", "review_on"),
    ],
)
def test_what_is_wrong_with_an_application_is_told_of_its_field(
    wrong: dict[str, Any], key: str, field: str
) -> None:
    with refused(key, field=field):
        applied(**wrong)
    assert not Application.objects.exists()


def test_how_early_one_applies_is_for_the_town_to_say() -> None:
    usual = earliest_start(AT)
    ClockPolicy.objects.create(key="admission_notice", amount=3, unit="natural_days", edition=99)
    announce(CLOCKS)
    assert earliest_start(AT) < usual
    assert applied(starts_on=earliest_start(AT)).number == 1


def test_only_those_who_may_apply_for_a_unit_do() -> None:
    for outsider in (staff("lin"), staff("mei"), staff("dong"), staff("qu"), resident()):
        with refused("not_your_unit"):
            apply_for_admission(plea(), unit=unit(), district=DISTRICT, by=outsider, at=AT)
    with refused("not_your_unit"):
        apply_for_admission(plea(), unit=unit("cleaning"), district=DISTRICT, by=staff("bo"), at=AT)


# --- ruling ------------------------------------------------------------------------------------------
def test_each_area_rules_for_itself_and_a_refusal_is_its_right() -> None:
    made = applied(areas=(EAST, WEST))
    admitted = admit(made)
    made.refresh_from_db()
    assert made.state == ApplicationState.APPLIED, "one has not ruled yet"
    refusal = refuse(made, "ling", WEST)
    made.refresh_from_db()
    assert made.state == ApplicationState.SETTLED
    assert (admitted.ends_on, admitted.review_on) == (made.ends_on, made.review_on)
    assert (refusal.verdict, refusal.reason, refusal.by_name) == (Verdict.REFUSED, "人手不足", "凌导")
    assert kinds(made) == ["AdmissionAsked", "AdmissionGiven", "AdmissionRefused"]
    assert verify().broken is None


def test_who_rules_guards_that_area_or_one_above_and_did_not_apply() -> None:
    made = applied(areas=(WEST,))
    for outsider in ("dong", "lin", "mei", "bo", "guan"):
        with refused("not_your_area"):
            admit(made, outsider, WEST)
    for who in ("ling", "qu"):
        assert may_rule(staff(who), f"{TOWN}/{WEST}")
    own = apply_for_admission(
        plea(areas=(WEST,)), unit=unit(), district=DISTRICT, by=replace(staff("bo"), id=staff("qu").id), at=AT
    )
    with refused("own_application"):
        admit(own, "qu", WEST)


def test_a_refusal_says_why_and_a_term_is_at_most_what_was_asked() -> None:
    made = applied()
    with refused("say_why", field="reason"):
        refuse(made, reason=" ")
    with refused("term_too_long", field="ends_on"):
        admit(made, ends_on=made.ends_on + timedelta(days=1))
    with refused("term_backwards", field="ends_on"):
        admit(made, ends_on=made.starts_on - timedelta(days=1))
    with refused("review_outside", field="review_on"):
        admit(made, ends_on=made.starts_on, review_on=made.ends_on)
    shorter = admit(made, ends_on=made.starts_on + timedelta(days=30))
    assert shorter.review_on == shorter.ends_on


def test_a_second_click_and_a_second_gatekeeper_are_told_that_it_is_ruled() -> None:
    made = applied()
    admit(made)
    with refused("ruled_already"):
        admit(made)
    with refused("ruled_already"):
        refuse(made, "ling")
    assert kinds(made).count("AdmissionGiven") == 1


def test_a_community_refuses_for_itself_what_was_asked_of_its_street() -> None:
    made = applied(areas=(STREET,))
    with refused("area_not_asked", field="area"):
        admit(made, "dong", EAST)
    admit(made, "ling", STREET)
    refuse(made, "dong", EAST)
    assert {ruling.area.code: ruling.verdict for ruling in made.rulings.all()} == {
        STREET: "admitted",
        EAST: "refused",
    }
    with refused("area_not_asked", field="area"):
        refuse(made, "qu", DISTRICT)


# --- returned, completed, taken back -----------------------------------------------------------------
def test_a_returned_application_is_completed_and_ruled_on_anew() -> None:
    made = applied()
    return_application(made.pk, reason="请附经费文件", by=staff("dong"), at=AT + HOUR)
    with refused("application_not_open"):
        admit(made)
    with refused("not_your_unit"):
        complete_application(made.pk, plea(), unit=unit("cleaning"), by=staff("hao"), at=AT)
    again = complete_application(
        made.pk,
        plea(money="区财政专项，见附件", areas=(WEST,)),
        unit=unit(),
        by=staff("bo"),
        at=AT + 2 * HOUR,
    )
    assert (again.state, again.round, again.said) == (ApplicationState.APPLIED, 1, "")
    assert [ruling.area.code for ruling in again.rulings.all()] == [WEST]
    with refused("not_returned"):
        complete_application(made.pk, plea(), unit=unit(), by=staff("bo"), at=AT)
    admit(again, "ling", WEST, at=AT + 3 * HOUR)
    assert kinds(made) == ["AdmissionAsked", "AdmissionReturned", "AdmissionAsked", "AdmissionGiven"]
    assert verify().broken is None


def test_what_one_area_has_ruled_is_not_returned_by_another() -> None:
    made = applied(areas=(EAST, WEST))
    with refused("not_your_area"):
        return_application(made.pk, reason="缺", by=staff("lin"), at=AT)
    with refused("say_why", field="reason"):
        return_application(made.pk, reason="", by=staff("dong"), at=AT)
    admit(made)
    with refused("ruled_already"):
        return_application(made.pk, reason="缺", by=staff("ling"), at=AT)


def test_taking_an_application_back_ends_what_was_admitted() -> None:
    made = applied(areas=(EAST, WEST))
    ruling = admit(made)
    with refused("say_why", field="reason"):
        withdraw_application(made.pk, reason="", unit=unit(), by=staff("bo"), at=AT)
    withdraw_application(made.pk, reason="经费未落实", unit=unit(), by=staff("bo"), at=AT + HOUR)
    ruling.refresh_from_db()
    assert (ruling.ended_at, ruling.end_reason) == (AT + HOUR, "经费未落实")
    with refused("application_not_open"):
        withdraw_application(made.pk, reason="再退", unit=unit(), by=staff("bo"), at=AT)
    with refused("application_not_open"):
        admit(made, "ling", WEST)
    assert verify().broken is None


def test_only_the_own_admission_is_renewed() -> None:
    first = applied()
    second = apply_for_admission(
        plea(), unit=unit(), renews=first.pk, district=DISTRICT, by=staff("bo"), at=AT
    )
    assert second.renews == first
    set_up = applied()
    Application.objects.filter(pk=set_up.pk).update(unit=unit("city").id)
    with refused("renews_another"):
        apply_for_admission(plea(), unit=unit(), renews=set_up.pk, district=DISTRICT, by=staff("bo"), at=AT)


# --- seeing ------------------------------------------------------------------------------------------
def test_an_application_is_seen_by_who_applied_and_by_whose_area_it_touches() -> None:
    east, street = applied(), applied(areas=(STREET,))
    assert sees(staff("bo")) == sees(staff("ling")) == sees(staff("qu")) == sees(SYSTEM)
    assert sees(staff("dong")) == {east.number, street.number}
    west = applied(areas=(WEST,))
    assert west.number not in sees(staff("dong"))
    for outsider in (staff("lin"), staff("wu"), staff("mei"), resident()):
        assert sees(outsider) == set()


def test_the_database_keeps_it() -> None:
    made = applied()
    rulings = Ruling.objects.filter(application=made)
    for wrong, name in (
        ({"verdict": "refused", "at": AT}, "a_refusal_says_why"),
        ({"verdict": "admitted", "at": AT}, "an_admission_has_a_term_and_a_review"),
        ({"verdict": "refused", "reason": "x"}, "a_ruling_was_made_at_a_moment"),
        ({"ended_at": AT}, "only_what_was_admitted_ends"),
        ({"review_on": date(2027, 1, 2), "ends_on": date(2027, 1, 1)}, "a_review_comes_before_the_end"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            rulings.update(**wrong)
    for field, name in (
        ("ends_on", "a_term_ends_after_it_began|a_review"),
        ("review_on", "a_review_falls_into"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Application.objects.filter(pk=made.pk).update(**{field: date(2020, 1, 1)})
    with pytest.raises(IntegrityError, match="an_area_rules_once_on_an_application"), transaction.atomic():
        Ruling.objects.create(application=made, area=rulings.get().area)
    for wrong, name in (({"items": ""}, "a_gate_names_its_items"),):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            GatedItem.objects.create(level_id="street", basis="x", **wrong)
