"""Two gatekeepers at once: one rules, the others are told."""

from __future__ import annotations

from functools import partial

import pytest

from huying.admission.models import Application
from huying.admission.tests.cast import admit, applied, found_bureau, refuse
from huying.ledger.queries import timeline, verify
from huying.testing.apart import keys_of, race

pytestmark = pytest.mark.usefixtures("apart")


def test_of_three_gatekeepers_at_once_one_rules() -> None:
    found_bureau()
    made = applied()
    answers = race(partial(admit, made), partial(refuse, made, "ling"), partial(admit, made, "qu"))
    assert keys_of(answers) == ["", "ruled_already", "ruled_already"]
    assert len(timeline(f"application:{made.pk}")) == 2
    assert verify().broken is None


def test_of_two_who_apply_at_once_each_gets_a_number_of_its_own() -> None:
    found_bureau()
    made = race(applied, applied, applied)
    numbers = [one.number for one in made if isinstance(one, Application)]
    assert len(numbers) == len(set(numbers)) == 3
