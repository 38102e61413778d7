"""Which limit holds for an item and a grade, stages one after another, and the town's grades."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huying.catalogue.core.calendar import Calendar, Hours, Season, local_day
from huying.catalogue.core.clock import Limit, Unit, due_at
from huying.catalogue.core.reasons import CalendarError
from huying.catalogue.core.seed import USUAL_HOURS, load_seed
from huying.catalogue.grades import USUAL_GRADES, GradeTable
from huying.catalogue.levels import level_of_area, level_of_unit, settled_in_place
from huying.catalogue.limits import Stage, in_stages, limit_for, plan_stages
from huying.catalogue.models import GradeRule
from huying.catalogue.policies import POLICIES, SHARES, with_derived
from huying.catalogue.queries import CLOCKS, ItemCard, TownClock, grade_table, published
from huying.ledger.snapshots import announce
from huying.people.queries import unit_book
from huying.places.queries import town_map

TOWN = TownClock(load_seed(), 1, with_derived(POLICIES, SHARES), SHARES)
FIVE_DAYS = Limit(5, Unit.WORKING_DAYS)
HOUR, TWO_DAYS = Limit(1, Unit.NATURAL_HOURS), Limit(2, Unit.WORKING_DAYS)


def an_item(**more: object) -> ItemCard:
    plain = ItemCard(
        id=UUID(int=1),
        code="010101",
        parent_code="0101",
        level=3,
        is_leaf=True,
        name="违建",
        name_en="",
        grade="C",
        urgent=False,
        public=True,
        limit=FIVE_DAYS,
        lead="",
        assists=(),
        fallback="",
        keywords=(),
        examples=(),
        closing="",
        basis="",
        catalogue_number=1,
    )
    return replace(plain, **more)  # type: ignore[arg-type]  # named as the card names them


def test_an_item_for_its_usual_grade_has_its_own_limit_and_the_towns_clocks() -> None:
    item = an_item()
    assert limit_for(item, "handle", "C", TOWN) == FIVE_DAYS
    assert limit_for(item, "handle", "D", TOWN) == FIVE_DAYS
    assert limit_for(item, "sign", "C", TOWN) == POLICIES["sign"]
    assert limit_for(item, "contact", "C", TOWN) == POLICIES["contact"]
    assert limit_for(item, "review", "C", TOWN) == POLICIES["review"]


def test_a_case_graver_than_its_item_gets_what_its_grade_says() -> None:
    item = an_item()
    assert limit_for(item, "handle", "B", TOWN) == Limit(3, Unit.WORKING_DAYS)
    assert limit_for(item, "handle", "A", TOWN) == POLICIES["danger"]
    assert limit_for(item, "sign", "A", TOWN) == POLICIES["sign_urgent"]
    assert limit_for(item, "contact", "A", TOWN) == POLICIES["contact_urgent"]
    assert limit_for(an_item(grade="B"), "handle", "B", TOWN) == FIVE_DAYS


def test_an_urgent_item_is_signed_for_at_once_whatever_its_grade() -> None:
    assert limit_for(an_item(urgent=True), "sign", "C", TOWN) == POLICIES["sign_urgent"]


def test_a_grades_own_clocks_go_before_the_towns() -> None:
    row = replace(USUAL_GRADES.by_key["B"], limits={"sign": HOUR, "handle": TWO_DAYS})
    town = replace(TOWN, grades=GradeTable([row]))
    assert limit_for(an_item(), "sign", "B", town) == HOUR
    assert limit_for(an_item(), "handle", "B", town) == TWO_DAYS
    assert limit_for(an_item(), "sign", "C", town) == POLICIES["sign"]


def test_an_items_own_clocks_go_before_everything_and_one_grade_before_all() -> None:
    item = an_item(limits={("sign", ""): HOUR, ("handle", "B"): TWO_DAYS, ("sign", "D"): TWO_DAYS})
    assert limit_for(item, "sign", "A", TOWN) == HOUR
    assert limit_for(item, "sign", "D", TOWN) == TWO_DAYS
    assert limit_for(item, "handle", "B", TOWN) == TWO_DAYS
    assert limit_for(item, "handle", "C", TOWN) == FIVE_DAYS


def test_without_an_item_an_ordinary_matter_is_assumed_and_danger_is_danger() -> None:
    assert limit_for(None, "handle", "C", TOWN) == POLICIES["ordinary"]
    assert limit_for(None, "handle", "A", TOWN) == POLICIES["danger"]


STAGES = (
    Stage("停工", "Stop work", Limit(4, Unit.WORKING_HOURS)),
    Stage("处罚", "Penalty", Limit(7, Unit.WORKING_DAYS)),
    Stage("拆除", "Removal", Limit(20, Unit.WORKING_DAYS)),
)


def test_stages_run_one_after_another() -> None:
    start = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # Monday, 9:00 in Shanghai
    planned = plan_stages(start, STAGES, TOWN.calendar)
    assert [local_day(one.due_at) for one in planned] == [
        date(2026, 3, 2), date(2026, 3, 11), date(2026, 4, 9),
    ]  # fmt: skip
    assert [one.from_at for one in planned[1:]] == [one.due_at for one in planned[:-1]]


@given(st.datetimes(datetime(2024, 1, 1), datetime(2026, 6, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds are naive by contract
def test_a_pause_moves_the_last_stage_and_never_reorders_them(start: datetime) -> None:
    pause = (start + timedelta(days=2), start + timedelta(days=5))
    plain = plan_stages(start, STAGES, TOWN.calendar)
    paused = plan_stages(start, STAGES, TOWN.calendar, [pause])
    assert all(one.due_at <= other.due_at for one, other in zip(plain, paused, strict=True))
    assert [one.due_at for one in paused] == sorted(one.due_at for one in paused)


def test_danger_beyond_the_items_kind_and_rework_do_not_run_in_stages() -> None:
    item = an_item(stages=STAGES)
    assert in_stages(item, "C")
    assert not in_stages(item, "A")
    assert not in_stages(item, "C", rework=True)
    assert not in_stages(an_item(), "C")
    assert not in_stages(an_item(stages=STAGES, limits={("handle", ""): HOUR}), "C")
    assert limit_for(item, "handle", "C", TOWN) == STAGES[-1].limit


# --- hours by season ---------------------------------------------------------------------------------


def test_summer_hours_come_every_year_and_a_season_may_run_over_new_year() -> None:
    summer = Season.parse("05-01", "09-30")
    winter = Season.parse("11-15", "02-29")
    assert [summer.covers(date(year, 7, 1)) for year in (2025, 2026, 2040)] == [True] * 3
    assert not summer.covers(date(2026, 4, 30))
    assert all(winter.covers(on) for on in (date(2026, 11, 15), date(2027, 1, 1), date(2027, 2, 28)))
    assert not winter.covers(date(2026, 3, 1))


def test_a_limit_of_working_hours_follows_the_season() -> None:
    late = Hours(
        (USUAL_HOURS.usual[0], replace(USUAL_HOURS.usual[1], to_minute=19 * 60)),
        season=Season((5, 1), (9, 30)),
    )
    calendar = Calendar((), (USUAL_HOURS, late), "test", known_years=(2026,))
    at = datetime(2026, 5, 29, 9, 0, tzinfo=UTC)  # 17:00 in Shanghai
    assert due_at(at, Limit(2, Unit.WORKING_HOURS), calendar).at == at + timedelta(hours=2)
    spring = datetime(2026, 4, 24, 9, 0, tzinfo=UTC)
    assert local_day(due_at(spring, Limit(2, Unit.WORKING_HOURS), calendar).at) == date(2026, 4, 27)


@pytest.mark.parametrize("text", ["", "5", "13-01", "02-30", "may-1", "05-01-01"])
def test_a_season_that_is_no_day_of_the_year_is_refused(text: str) -> None:
    with pytest.raises(CalendarError, match="season_unreadable"):
        Season.parse(text, "09-30")


# --- grades and levels -------------------------------------------------------------------------------


def test_the_shipped_grades_name_a_level_each_and_who_approves_the_grave_ones() -> None:
    assert [row.key for row in USUAL_GRADES.rows] == ["A", "B", "C", "D"]
    assert all(row.criteria and row.level for row in USUAL_GRADES.rows)
    assert [row.approver for row in USUAL_GRADES.rows] == ["leader", "unit_lead", "", ""]
    assert USUAL_GRADES.by_key["B"].handle_share == Fraction(60, 100)


@pytest.mark.django_db
def test_a_town_calls_its_grades_as_it_likes() -> None:
    GradeRule.objects.update_or_create(key="B", defaults={"name": "加急", "level": "community"})
    announce(CLOCKS)
    assert grade_table().label("B") == "B · 加急"
    assert grade_table().level("B") == "community"
    assert grade_table().label("C").startswith("C · ")
    assert grade_table().label("?") == "?"


@pytest.mark.django_db
def test_units_and_areas_stand_on_a_level() -> None:
    root = town_map().root
    assert root is not None
    for card in list(town_map().areas.values())[:20]:
        assert level_of_area(card.path) == card.level
    for unit in unit_book().all():
        expected = level_of_area(unit.area_path) if unit.area_path else root.level
        assert level_of_unit(unit.id) == expected
    assert level_of_unit(None) == ""


def test_a_case_is_settled_in_place_on_its_level_or_nearer_to_the_people() -> None:
    ranks = {"district": 0, "street": 1, "community": 2}
    assert settled_in_place("street", "street", ranks) is True
    assert settled_in_place("street", "community", ranks) is True
    assert settled_in_place("community", "district", ranks) is False
    assert settled_in_place("", "district", ranks) is None
    assert settled_in_place("community", "", ranks) is None


@pytest.mark.django_db
def test_every_item_in_force_has_a_limit_for_every_clock_and_grade() -> None:
    for item in published().leaves:
        for clock in ("sign", "contact", "handle"):
            for grade in "ABCD":
                assert limit_for(item, clock, grade, TOWN).amount >= 1
