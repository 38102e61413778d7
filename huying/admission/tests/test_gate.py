"""The gate: a department's own matter reaches no unit below that has not taken it on for a term."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from huying.admission.actions import set_starter_gates
from huying.admission.models import GatedItem
from huying.admission.queries import gate, in_force
from huying.admission.terms import end_admission, keep_admission, mind_terms
from huying.admission.tests.cast import (
    admit,
    applied,
    close,
    day_of,
    found_bureau,
    noon_of,
    refuse,
    unit,
)
from huying.cases.tests.stories import AT
from huying.catalogue.queries import published
from huying.ledger.queries import timeline, verify
from huying.testing.cast import staff
from huying.testing.refusals import refused
from huying.testing.town import EAST, STREET

if TYPE_CHECKING:
    from huying.admission.models import Application
    from huying.people.queries import UnitCard

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bureau() -> None:
    found_bureau()


def is_open(to: UnitCard, on: date, *, code: str = "160103") -> bool:
    return gate().closed_for(published().by_code[code], to, on=on) is None


def test_what_is_not_gated_goes_anywhere_and_what_is_stays_above() -> None:
    today = date(2026, 9, 22)
    assert is_open(unit("east"), today)
    close()
    assert not is_open(unit("east"), today)
    assert is_open(unit("cleaning"), today), "a unit of the street stands above the gate"
    assert is_open(unit("bureau"), today)
    assert is_open(unit("east"), today, code="010101")
    close("1601", "street")
    assert not is_open(unit("cleaning"), today)
    assert is_open(unit("bureau"), today), "a department is nobody's subordinate area"


def test_danger_knows_no_gate() -> None:
    close()
    grave = replace(published().by_code["160103"], grade="A")
    assert gate().closed_for(grave, unit("east"), on=date(2026, 9, 22)) is None
    usual = published().by_code["160103"]
    assert gate().closed_for(usual, unit("east"), on=date(2026, 9, 22), is_danger=True) is None


def test_an_admission_opens_the_gate_there_from_its_first_day_to_its_last() -> None:
    close()
    made = applied()
    admit(made)
    for days, expected in ((0, False), (1, True), (366, True), (367, False)):
        assert is_open(unit("east"), day_of(made, days)) is expected, days
    assert not is_open(unit("west"), day_of(made)), "the neighbour has not taken it on"
    assert [ruling.area.code for ruling in in_force(day_of(made, 5))] == [EAST]
    assert list(in_force(day_of(made, 0))) == []


def test_what_a_street_takes_on_counts_for_its_communities_only_where_they_are_asked() -> None:
    close("1601", "street")
    street = applied(level="street", areas=(STREET,))
    admit(street, "ling", STREET)
    assert is_open(unit("cleaning"), day_of(street))
    assert is_open(unit("east"), day_of(street)), "no gate of its own"
    close("1601", "community")
    assert not is_open(unit("east"), day_of(street)), "the nearer gate counts"
    communities = applied(areas=(STREET,))
    admit(communities, "ling", STREET)
    assert is_open(unit("east"), day_of(communities))
    refuse(communities, "dong", EAST)
    assert not is_open(unit("east"), day_of(communities)), "a community may refuse for itself"
    assert is_open(unit("west"), day_of(communities))


def test_an_item_that_is_not_named_stays_closed() -> None:
    close("16")
    made = applied()
    admit(made)
    assert is_open(unit("east"), day_of(made))
    assert not is_open(unit("east"), day_of(made), code="160201")


# --- terms -------------------------------------------------------------------------------------------
def kinds(application: Application) -> list[str]:
    return [fact.kind for fact in timeline(f"application:{application.pk}")]


def test_a_term_that_is_over_is_noted_once_and_the_gate_was_shut_already() -> None:
    close()
    made = applied()
    admit(made)
    after = made.ends_on + timedelta(days=1)
    assert not is_open(unit("east"), after)
    assert mind_terms(at=noon_of(after)) == 1
    assert mind_terms(at=noon_of(after)) == 0
    assert kinds(made)[-1] == "AdmissionLapsed"
    assert not is_open(unit("east"), made.ends_on), "an ended admission opens nothing"
    assert verify().broken is None


def test_a_review_is_reminded_of_once_for_each_day_of_review() -> None:
    made = applied()
    ruling = admit(made)
    assert ruling.review_on is not None
    assert mind_terms(at=noon_of(ruling.review_on - timedelta(days=40))) == 0
    soon = noon_of(ruling.review_on - timedelta(days=2))
    assert mind_terms(at=soon) == 1
    assert mind_terms(at=soon) == 0
    later = ruling.review_on + timedelta(days=60)
    keep_admission(ruling.pk, review_on=later, reason="成效较好", by=staff("dong"), at=soon)
    assert mind_terms(at=noon_of(later - timedelta(days=3))) == 1
    assert kinds(made)[-3:] == ["AdmissionReviewDue", "AdmissionKept", "AdmissionReviewDue"]
    assert verify().broken is None


def test_a_review_goes_on_within_the_term_or_ends_it() -> None:
    close()
    made = applied()
    ruling = admit(made)
    for day in (made.ends_on + timedelta(days=1), date(2026, 9, 22), date(2020, 1, 1)):
        with refused("review_outside", field="review_on"):
            keep_admission(ruling.pk, review_on=day, by=staff("dong"), at=AT)
    with refused("not_your_area"):
        end_admission(ruling.pk, reason="x", by=staff("bo"), at=AT)
    with refused("say_why", field="reason"):
        end_admission(ruling.pk, reason="", by=staff("dong"), at=AT)
    end_admission(ruling.pk, reason="经费停发", by=staff("dong"), at=AT)
    assert not is_open(unit("east"), day_of(made))
    with refused("not_in_force"):
        end_admission(ruling.pk, reason="又", by=staff("dong"), at=AT)
    with refused("not_in_force"):
        keep_admission(ruling.pk, review_on=made.ends_on, by=staff("dong"), at=AT)


def test_a_new_town_starts_with_an_example_and_keeps_what_it_changed() -> None:
    set_starter_gates()
    made = GatedItem.objects.get()
    GatedItem.objects.update(is_active=False)
    set_starter_gates()
    assert not GatedItem.objects.get(pk=made.pk).is_active
