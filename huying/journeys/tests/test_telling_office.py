"""Proposed rules and admission are told to the units they are about, and to nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import translation

from huying.admission.actions import return_application
from huying.admission.terms import end_admission, mind_terms
from huying.admission.tests.cast import admit, applied, found_bureau, noon_of, refuse
from huying.cases.tests.stories import AT
from huying.dispatch.proposing import adopt_rule, decline_rule
from huying.dispatch.tests.test_proposing import LATER, ruling
from huying.ledger.models import Fact
from huying.notify.letters import words_of
from huying.notify.models import Notice
from huying.people.permissions import Permission
from huying.people.queries import guarding_units, unit_book
from huying.site.wiring import HANDLERS
from huying.testing.cast import staff
from huying.testing.town import DISTRICT, EAST, FOUNDED_ON, STREET, WEST

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.django_db
TOWN = f"{DISTRICT}/{STREET}"


@pytest.fixture(autouse=True)
def _bureau() -> None:
    found_bureau()


def told(stream: str) -> list[tuple[str, str]]:
    """React to the latest fact of a stream as the wiring says; return who was told what."""
    Notice.objects.all().delete()
    fact = Fact.objects.filter(stream=stream).latest("seq")
    for kind, handlers in HANDLERS.items():
        if kind.__name__ == fact.kind:
            for handler in handlers:
                handler(fact)  # type: ignore[arg-type]  # these take one fact each
    book = unit_book().by_id
    notices = [notice for notice in Notice.objects.order_by("to_unit__code") if notice.to_unit_id]
    with translation.override("en"):
        assert all("—" not in words_of(notice) and "{" not in words_of(notice) for notice in notices)
    return [(book[notice.to_unit_id].code, notice.kind) for notice in notices if notice.to_unit_id]


def everyone(kind: str, units: Sequence[str]) -> list[tuple[str, str]]:
    return [(unit, kind) for unit in units]


def test_units_that_are_asked_about_a_rule_are_told_and_hear_what_came_of_it() -> None:
    made = ruling()
    asked = ("city", "cleaning", "east")
    assert sorted(told(f"ruleproposal:{made.pk}")) == everyone("rule_asked", sorted(asked))
    adopt_rule(made.pk, district=DISTRICT, by=staff("mei"), at=LATER)
    assert sorted(told(f"ruleproposal:{made.pk}")) == everyone("rule_adopted", sorted(asked))
    other = ruling(case="GD2026110200077")
    decline_rule(other.pk, reason="个案", district=DISTRICT, by=staff("mei"), at=LATER)
    assert sorted(told(f"ruleproposal:{other.pk}")) == everyone("rule_declined", sorted(asked))


def test_who_guards_an_area_nearest_is_told_and_the_department_hears_the_answer() -> None:
    made = applied(areas=(EAST, WEST))
    stream = f"application:{made.pk}"
    assert told(stream) == everyone("admission_asked", ("east", "street"))
    admit(made)
    assert told(stream) == everyone("admission_given", ("bureau",))
    refuse(made, "ling", WEST)
    assert told(stream) == everyone("admission_refused", ("bureau",))
    returned = applied()
    return_application(returned.pk, reason="缺", by=staff("dong"), at=AT)
    assert told(f"application:{returned.pk}") == everyone("admission_returned", ("bureau",))


def test_both_sides_are_reminded_of_a_review_and_told_of_the_end() -> None:
    made = applied()
    stream, ruling_ = f"application:{made.pk}", admit(made)
    assert ruling_.review_on is not None
    mind_terms(at=noon_of(ruling_.review_on))
    assert told(stream) == everyone("admission_review", ("bureau", "east"))
    mind_terms(at=noon_of(made.ends_on + timedelta(days=1)))
    assert told(stream) == everyone("admission_over", ("bureau", "east"))
    early = applied()
    end_admission(admit(early).pk, reason="停发", by=staff("dong"), at=AT)
    assert told(f"application:{early.pk}") == everyone("admission_over", ("bureau", "east"))


def test_the_nearest_unit_that_guards_an_area_is_found() -> None:
    def guards(path: str) -> list[str]:
        book = unit_book().by_id
        return [book[unit].code for unit in guarding_units(Permission.ADMISSION_RULE, path, on=FOUNDED_ON)]

    assert guards(f"{TOWN}/{EAST}/grid") == ["east"]
    assert guards(f"{TOWN}/{WEST}") == ["street"]
    assert guards(DISTRICT) == ["dispatch"]
    assert guards("elsewhere") == []
