"""A dispatcher of the demo goes around a closed gate as a real one would, and applications are told whole."""

from __future__ import annotations

import pytest

from huying.admission.tests.cast import admit, applied, close, day_of, found_bureau, noon_of, unit
from huying.cases.tests.stories import AT
from huying.catalogue.queries import published
from huying.demo.acts import who_may_take
from huying.demo.admissions import ASKED
from huying.demo.town import geography, items, organisation

pytestmark = pytest.mark.django_db


def test_what_a_gate_keeps_from_a_community_is_taken_above_it_until_it_is_admitted() -> None:
    found_bureau()
    item, east = published().by_code["160103"], unit("east")
    assert who_may_take(item, east, east.area_path, at=AT).code == "east"
    close()
    assert who_may_take(item, east, east.area_path, at=AT).code == "street", "above the gate"
    application = applied()
    admit(application)
    there = noon_of(day_of(application))
    assert who_may_take(item, east, east.area_path, at=there).code == "east"


def test_applications_of_the_demo_name_units_areas_and_items_that_are_there() -> None:
    rows = items.starter_items()
    units = {row.code for row in organisation.units()}
    areas = {row["code"] for row in geography.areas()}
    groups = {row.code for row in rows}
    for asked in ASKED:
        assert asked.unit in units
        assert set(asked.areas) <= areas
        assert asked.items in groups
        assert {said.area for said in asked.said} <= set(asked.areas)
        assert {said.unit for said in asked.said} <= units
