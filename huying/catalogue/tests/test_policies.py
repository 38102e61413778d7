"""The clocks of a town that hang on no item: all of them are there, with a name and a source."""

from __future__ import annotations

from fractions import Fraction

import pytest

from huying.catalogue.core.clock import Limit, Unit
from huying.catalogue.policies import GROUPS, NAMES, POLICIES, SHARES, USUAL
from huying.catalogue.queries import town_clock


def test_every_usual_clock_has_a_name_a_group_and_a_source() -> None:
    assert list(USUAL) == [key for key in NAMES if key in USUAL]
    assert set(USUAL) == set(NAMES) == set(POLICIES) | set(SHARES)
    assert all(clock.group in GROUPS and clock.basis for clock in USUAL.values())


@pytest.mark.parametrize(
    ("key", "amount", "unit"),
    [
        ("answer_message", 3, Unit.NATURAL_MINUTES),
        ("answer_letter", 24, Unit.NATURAL_HOURS),
        ("receive", 2, Unit.NATURAL_HOURS),
        ("sign", 2, Unit.WORKING_HOURS),
        ("sign_urgent", 15, Unit.NATURAL_MINUTES),
        ("contact", 24, Unit.NATURAL_HOURS),
        ("danger", 2, Unit.NATURAL_HOURS),
        ("utilities", 24, Unit.NATURAL_HOURS),
        ("ordinary", 7, Unit.NATURAL_DAYS),
        ("complex", 15, Unit.NATURAL_DAYS),
        ("inquiry", 2, Unit.WORKING_DAYS),
        ("follow_up", 4, Unit.WORKING_DAYS),
        ("supervise_report", 5, Unit.WORKING_DAYS),
    ],
)
def test_the_shipped_limits_are_those_of_the_standards(key: str, amount: int, unit: Unit) -> None:
    assert POLICIES[key] == Limit(amount, unit)


def test_the_shipped_shares_are_four_fifths_the_whole_and_halves() -> None:
    assert {
        "need_info_reminder": Fraction(1, 2),
        "rework": Fraction(1, 2),
        "supervise_reminder": Fraction(4, 5),
        "supervise_letter": Fraction(1),
    } == SHARES


@pytest.mark.django_db
def test_a_reminder_to_supply_comes_half_way() -> None:
    town = town_clock()
    assert town.policies["need_info"] == Limit(7, Unit.NATURAL_DAYS)
    assert town.policies["need_info_reminder"] == Limit(4, Unit.NATURAL_DAYS)
