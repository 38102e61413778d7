"""The gate wired in: what is not admitted is dispatched downward neither by rule nor by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from huying.admission.models import GatedItem
from huying.admission.queries import ADMISSION
from huying.admission.tests.cast import admit, applied, close, found_bureau, noon_of
from huying.cases.actions import move_case
from huying.cases.models import Case, Status
from huying.cases.tests.stories import AT, HOUR
from huying.cases.words import why_assigned, why_waiting
from huying.catalogue.core.calendar import local_day
from huying.catalogue.queries import published
from huying.dispatch.actions import assign, set_duty_rule
from huying.dispatch.duties import duty_book
from huying.ledger.actor import SYSTEM
from huying.ledger.snapshots import announce, forget
from huying.people.models import Unit
from huying.people.queries import EDITION
from huying.testing.cast import appeal_of, case_of, staff
from huying.testing.refusals import refused
from huying.testing.town import DISTRICT, STREET

if TYPE_CHECKING:
    from datetime import datetime

    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
WAGES = "公司三个月没发工资，老板说再等等，房租都交不起了"


def wages(at: datetime = AT) -> Case:
    return case_of(appeal_of(WAGES, at=at))


def department() -> None:
    """Let a bureau of the district fill the role as well as the street's office does."""
    found_bureau()
    Unit.objects.filter(code="bureau").update(roles=["labour"])
    announce(EDITION)


def test_nothing_is_held_back_while_nothing_is_gated() -> None:
    case = wages()
    assert case.unit is not None
    assert (case.status, case.unit.code, case.item_code) == (Status.DISPATCHED, "street", "160101")


def test_what_is_not_admitted_waits_for_a_person_who_is_told_why() -> None:
    close("1601", "street")
    case = wages()
    assert (case.status, case.held_for, case.unit) == (Status.SUBMITTED, "not_admitted", None)
    with translation.override("en"):
        assert "not admitted" in why_waiting(case.held_for)


def test_it_falls_back_to_the_department_where_there_is_one() -> None:
    department()
    close("1601", "street")
    case = wages()
    assert case.unit is not None
    assert case.unit.code == "bureau"
    assert case.assignment is not None
    assert case.assignment.why["not_admitted"] == "street"
    assert len(why_assigned(case.assignment.why)) == 2
    assert case.assignment.assists == []


def test_a_duty_rule_does_not_lead_past_the_gate() -> None:
    department()
    close("1601", "community")
    set_duty_rule(
        items="1601", area=None, lead=Unit.objects.get(code="east"), district=DISTRICT, by=SYSTEM, at=AT
    )
    case = wages()
    assert case.unit is not None
    assert case.unit.code == "street", "the rule is passed over, the item's role answers"
    made = applied()
    admit(made)
    later = wages(noon_of(made.starts_on))
    assert later.unit is not None
    assert later.unit.code == "east"
    lapsed = wages(noon_of(made.ends_on) + 30 * HOUR)
    assert lapsed.unit is not None
    assert lapsed.unit.code == "street", "the term is over, the gate is shut"


def test_by_hand_it_is_refused_and_says_what_to_do() -> None:
    department()
    close("1601", "street")
    Unit.objects.filter(code="bureau").update(is_active=False)
    announce(EDITION)
    case, mei = wages(), staff("mei", at=AT)
    for unit in ("street", "east", "city"):
        with refused("not_admitted", field="unit"):
            move_case(case.pk, "dispatch", by=mei, at=AT, item="160101", unit=unit)
    Unit.objects.filter(code="bureau").update(is_active=True)
    announce(EDITION)
    with refused("not_admitted", field="assists"):
        move_case(case.pk, "dispatch", by=mei, at=AT, item="160101", unit="bureau", assists=["east"])
    case.refresh_from_db()
    assert case.status == Status.SUBMITTED
    moved = move_case(case.pk, "dispatch", by=mei, at=AT, item="160101", unit="bureau")
    assert moved.status == Status.DISPATCHED


def test_a_return_is_not_a_way_around_it() -> None:
    department()
    close("1601", "street")
    case = wages()
    move_case(case.pk, "return", by=staff("bo", at=AT), at=AT, reason="属地事项", unit="east")
    with refused("not_admitted", field="unit"):
        move_case(case.pk, "redispatch", by=staff("mei", at=AT), at=AT, unit="east", reason="就近")


def test_danger_goes_at_once_to_whoever_is_there() -> None:
    close("1601", "street")
    case = wages()
    card = replace(published().by_code["160101"], grade="A")
    assert duty_book().decide(card, case.area_path, on=local_day(AT)) is not None
    found = assign(uuid4(), published().by_code["160101"], case.area_path, by=SYSTEM, at=AT, is_danger=True)
    assert found is not None
    assert found.duty.lead.code == "street"
    Case.objects.filter(pk=case.pk).update(grade="A")
    moved = move_case(case.pk, "dispatch", by=staff("mei", at=AT), at=AT, item="160101", unit="east")
    assert (moved.status, moved.grade) == (Status.DISPATCHED, "A")


def test_a_gate_that_is_taken_away_opens_at_once() -> None:
    close("1601", "street")
    assert wages().held_for == "not_admitted"
    GatedItem.objects.update(is_active=False)
    announce(ADMISSION)
    assert wages().status == Status.DISPATCHED


def test_taking_an_appeal_in_costs_no_statement_more(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    wages()
    forget()  # so that both times the editions are asked for
    with CaptureQueriesContext(connection) as before:
        wages()
    close("1601", "street")
    department()
    admit(applied(level="street", areas=(STREET,)), "ling", STREET)
    wages()
    forget()
    with django_assert_num_queries(len(before)):
        wages()
