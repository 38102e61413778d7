"""What is asked about the place before an appeal is sent, and what the answer does."""

from __future__ import annotations

import pytest

from huying.places.locating import Told
from huying.places.queries import locate_all
from huying.testing.town import middle

pytestmark = pytest.mark.django_db


def test_a_point_and_words_that_disagree_are_both_offered_and_an_answer_settles_it() -> None:
    lat, lon = middle(0, 0)
    asked = locate_all([Told(lat, lon, "荷风雅居", "")])[0]
    assert not asked.sure
    assert [choice.name for choice in asked.choices][1:] == ["荷风雅居"]
    chosen = asked.choices[1]
    answered = locate_all([Told(lat, lon, "荷风雅居", "", code=chosen.code, chosen=True)])[0]
    assert answered.sure
    assert answered.area_path == chosen.area_path
    assert answered.reasons[0] == "place_chosen"


def test_a_code_nobody_knows_is_passed_over() -> None:
    asked = locate_all([Told(None, None, "荷风雅居", "", code="no-such-code", chosen=True)])[0]
    assert "place_chosen" not in asked.reasons
    assert asked.place_id is not None
