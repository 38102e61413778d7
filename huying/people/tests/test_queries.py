"""The actor behind an account, and the units by role and place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from huying.cases.tests.stories import AT
from huying.ledger.actor import ActorKind
from huying.ledger.snapshots import announce
from huying.people.actions import UnitDraft, give_post, make_api_key, set_up_units
from huying.people.models import Account, AccountKind, ApiKey, Unit
from huying.people.permissions import Permission
from huying.people.queries import actor_of, find_api_key, unit_book, units_holding
from huying.places.models import Area
from huying.testing.cast import staff
from huying.testing.town import DISTRICT, EAST, FOUNDED_ON, STREET, WEST

pytestmark = pytest.mark.django_db
TOWN = f"{DISTRICT}/{STREET}"


def test_a_clerk_acts_with_a_grant_for_each_post() -> None:
    lin = staff("lin", at=AT)
    assert (lin.kind, lin.name, len(lin.grants)) == (ActorKind.STAFF, "林清", 1)
    (grant,) = lin.grants
    assert (grant.unit_path, grant.area_path, grant.items) == ("street/cleaning", TOWN, ())
    assert grant.on_unit == {"case:see", "case:work", "contact:see", "order:see", "order:work"}
    assert lin.unit_ids == (Unit.objects.get(code="cleaning").pk,)
    assert lin.holds("case:work")
    assert not lin.holds("case:review")


def test_the_area_of_a_post_goes_before_that_of_its_unit() -> None:
    ge = Account.objects.get(username="ge")
    give_post(ge, unit=Unit.objects.get(code="east"), role="grid_worker", valid_from=FOUNDED_ON,
              area=Area.objects.get(code=f"{EAST}001"), items=["01"])  # fmt: skip
    grants = actor_of(ge, at=AT).grants
    assert [grant.area_path.rsplit("/")[-1] for grant in grants] == [EAST, f"{EAST}001"]
    assert grants[1].items == ("01",)


def test_a_resident_acts_without_rights_whatever_posts_there_are() -> None:
    someone = Account.objects.create(username="r", kind=AccountKind.RESIDENT)
    give_post(someone, unit=Unit.objects.get(code="east"), role="handler", valid_from=FOUNDED_ON)
    actor = actor_of(someone, at=AT)
    assert (actor.kind, actor.grants, actor.id) == (ActorKind.RESIDENT, (), someone.pk)


def test_the_day_of_a_post_is_judged_in_shanghai() -> None:
    ge = Account.objects.get(username="ge")
    give_post(ge, unit=Unit.objects.get(code="west"), role="handler", valid_from=AT.date())
    evening_before_in_london = datetime(2026, 9, 21, 16, 0, tzinfo=UTC)
    assert len(actor_of(ge, at=evening_before_in_london).grants) == 2
    assert len(actor_of(ge, at=evening_before_in_london - timedelta(seconds=1)).grants) == 1


def test_the_unit_nearest_above_a_place_answers_for_a_role() -> None:
    book = unit_book()
    path = f"{TOWN}/{EAST}/{EAST}B01/{EAST}001"
    found = {role: book.answering(role, path) for role in ("community", "sanitation", "astronomy")}
    assert {role: card.code if card else "" for role, card in found.items()} == {
        "community": "east", "sanitation": "cleaning", "astronomy": "",
    }  # fmt: skip
    assert book.answering("community", TOWN) is None
    west = book.answering("community", f"{TOWN}/{WEST}")
    assert west is not None
    assert west.code == "west"


def test_a_unit_without_an_area_answers_where_no_nearer_one_does() -> None:
    set_up_units(
        [
            UnitDraft("city-wide", "全市环卫", roles=("sanitation",)),
            UnitDraft("stars", "天文台", roles=("astronomy",)),
        ]
    )
    book = unit_book()
    near, far = book.answering("sanitation", TOWN), book.answering("astronomy", f"{TOWN}/{EAST}")
    assert near is not None
    assert far is not None
    assert (near.code, far.code) == ("cleaning", "stars")


def test_closed_units_and_switched_off_keys_are_forgotten() -> None:
    key = make_api_key("旧系统", channel="api")
    assert find_api_key(key) is not None
    ApiKey.objects.update(is_active=False)
    Unit.objects.filter(code="city").update(is_active=False)
    announce("people")
    assert find_api_key(key) is None
    assert "city" not in unit_book().by_code
    assert [card.code for card in unit_book().all()] == sorted(unit_book().by_code)


def test_a_right_over_an_area_is_held_above_it_and_if_asked_for_in_its_parts() -> None:
    units = {code: Unit.objects.get(code=code).pk for code in ("east", "west")}
    east, west = f"{TOWN}/{EAST}", f"{TOWN}/{WEST}"
    above = units_holding(Permission.STATS_SEE, TOWN, at=AT)
    assert above
    assert above.isdisjoint(units.values())
    give_post(Account.objects.get(username="ge"), unit=Unit.objects.get(code="east"), role="leader",
              valid_from=FOUNDED_ON)  # fmt: skip
    assert units_holding(Permission.STATS_SEE, TOWN, at=AT) == above
    assert units_holding(Permission.STATS_SEE, TOWN, at=AT, parts=True) == {*above, units["east"]}
    assert units_holding(Permission.STATS_SEE, east, at=AT) == {*above, units["east"]}
    assert units_holding(Permission.STATS_SEE, west, at=AT, parts=True) == above
