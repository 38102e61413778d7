"""Drawing, naming and merging areas: codes kept for ever, histories kept apart, what cannot be is refused."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, transaction

from huying.cases.tests import stories
from huying.cases.tests.stories import AT, fresh
from huying.ledger.actor import SYSTEM
from huying.ledger.queries import timeline, verify
from huying.places.actions import (
    AreaDraft,
    PlaceDraft,
    draw_areas,
    import_boundaries,
    merge_areas,
    name_places,
)
from huying.places.core.codes import CodeKind, check
from huying.places.models import Area, Place
from huying.places.queries import Told, locate_all, town_map
from huying.testing.cast import appeal_of, case_of
from huying.testing.refusals import refused
from huying.testing.town import DISTRICT, EAST, FOUNDED_ON, LAT, LON, SIDE, STREET, WEST, middle, square

if TYPE_CHECKING:
    from huying.places.queries import Where

pytestmark = pytest.mark.django_db
TODAY = AT.date()
BLOCK = f"{EAST}B01"


def draw(*drafts: AreaDraft, on: date = FOUNDED_ON) -> list[Area]:
    return draw_areas(drafts, valid_from=on, by=SYSTEM, at=AT)


def merge(*codes: str, on: date = TODAY, name: str = "竹影大网格") -> Area:
    return merge_areas(codes, name=name, on=on, by=SYSTEM, at=AT)


def at_point(north: float, east: float) -> Where:
    return locate_all([Told(LAT + north * SIDE, LON + east * SIDE, "", "")])[0]


def strip(number: int, of: int) -> dict[str, Any]:
    """Return one of several strips into which the east community is cut, from south to north."""
    high = 2 / of
    return square(number * high, 0, high, 1)  # type: ignore[arg-type]  # parts of a square are squares too


# --- drawing -----------------------------------------------------------------------------------------
def test_an_area_gets_its_path_its_sounds_a_point_inside_and_a_fact() -> None:
    (area,) = draw(AreaDraft(f"{EAST}003", "grid", "竹影第3网格", BLOCK, ("新村片",), square(0, 0)))
    assert area.path == f"{DISTRICT}/{STREET}/{EAST}/{BLOCK}/{EAST}003"
    assert (area.pinyin.startswith("zhuying"), area.initials[:2]) == (True, "zy")
    assert (round(area.lat or 0, 4), round(area.lon or 0, 4)) == tuple(round(x, 4) for x in middle(0, 0))
    assert [fact.kind for fact in timeline(f"area:{area.pk}")] == ["AreaDrawn"]
    assert town_map().by_code(f"{EAST}003") is not None, "the map in memory is renewed"


@pytest.mark.parametrize(
    ("draft", "reason"),
    [
        (AreaDraft("x", "galaxy", "银河"), "level_unknown"),
        (AreaDraft(f"{EAST}009", "grid", "网格", "nowhere"), "parent_unknown"),
        (AreaDraft(f"{EAST}009", "community", "社区", f"{EAST}001"), "parent_not_wider"),
        (AreaDraft(f"{EAST}001", "grid", "同码", BLOCK), "code_taken"),
    ],
)
def test_an_area_that_cannot_be_is_refused_and_none_of_its_batch_drawn(draft: AreaDraft, reason: str) -> None:
    before = Area.objects.count()
    with refused(reason):
        good = AreaDraft(f"{EAST}008", "grid", "好网格", BLOCK)
        if reason == "parent_not_wider":
            draft = AreaDraft("440399001009", "community", "社区", f"{EAST}001")
        draw(good, draft)
    assert Area.objects.count() == before


@pytest.mark.parametrize("code", ["12345", "4403990010010", "44039900100100X", ""])
def test_a_grid_carries_a_code_of_the_standard(code: str) -> None:
    with pytest.raises(Exception, match="code"):
        draw(AreaDraft(code, "grid", "网格", BLOCK))


def test_the_database_lets_a_code_come_again_only_when_its_time_is_over() -> None:
    old = Area.objects.get(code=f"{EAST}001")
    fields: dict[str, Any] = {
        "level_id": "grid", "parent": old.parent, "code": old.code, "name": "又一个", "path": f"{old.path}x",
    }  # fmt: skip
    with pytest.raises(IntegrityError, match="a_code_belongs_to_one_area_at_a_time"), transaction.atomic():
        Area.objects.create(**fields, valid_from=TODAY)
    Area.objects.filter(pk=old.pk).update(valid_until=TODAY)
    with pytest.raises(IntegrityError, match="a_code_belongs_to_one_area_at_a_time"), transaction.atomic():
        Area.objects.create(**fields, valid_from=TODAY - timedelta(days=1))
    assert Area.objects.create(**fields, valid_from=TODAY).pk != old.pk


def test_an_area_lives_at_least_a_day() -> None:
    area = Area.objects.filter(code=f"{EAST}001")
    with pytest.raises(IntegrityError, match="an_area_lives_at_least_a_day"), transaction.atomic():
        area.update(valid_until=FOUNDED_ON)
    area.update(valid_until=FOUNDED_ON + timedelta(days=1))


# --- merging -----------------------------------------------------------------------------------------
def test_fifteen_grids_become_two_and_old_cases_keep_their_old_codes() -> None:
    old = [f"{EAST}{number:03d}" for number in range(11, 26)]
    draw(
        *(
            AreaDraft(code, "grid", f"小网格{code[-2:]}", BLOCK, boundary=strip(n, 15))
            for n, code in enumerate(old)
        )
    )
    for code in (f"{EAST}001", f"{EAST}002"):
        Area.objects.filter(code__startswith=code).update(valid_until=TODAY - timedelta(days=1))
    drawn = draw(AreaDraft(f"{old[0]}01", "cell", "楼栋格", old[0], boundary=strip(0, 15)))
    case = case_of(appeal_of(lat=LAT + 0.05 * SIDE, lon=LON + 0.5 * SIDE, at=AT))
    assert case.area_path == drawn[0].path
    south, north = merge(*old[:8], name="南大网格"), merge(*old[8:], name="北大网格")
    assert fresh(case).area_path == case.area_path, "what was opened keeps the code of its day"
    ended = Area.objects.filter(code__in=old)
    assert set(ended.values_list("valid_until", flat=True)) == {TODAY}
    assert {s.code for area in ended for s in area.successors.all()} == {south.code, north.code}
    for area in (south, north):
        check(area.code, CodeKind.GRID)
        assert area.code not in old
        assert area.boundary is not None
    assert south.aliases[0].startswith("小网格")
    assert at_point(1.9, 0.5).area_code == north.code
    cell = Area.objects.get(code=f"{old[0]}01")
    assert (cell.parent_id, cell.path) == (south.pk, f"{south.path}/{cell.code}")
    assert [fact.kind for fact in timeline(f"area:{ended[0].pk}")] == ["AreaDrawn", "AreasMerged"]
    assert verify().broken is None


def test_places_move_to_the_area_that_follows() -> None:
    merged = merge(f"{EAST}001", f"{EAST}002")
    assert merged.code == f"{EAST}003"
    where = locate_all([Told(None, None, "听澜花园", "")])[0]
    assert where.area_path.startswith(merged.path)
    assert stories.dispatched(at=AT).area_path.startswith(merged.path)


def test_a_code_with_no_standard_gets_a_number() -> None:
    draw(AreaDraft(f"{BLOCK}X", "block", "另一街区", EAST))
    merged = merge(BLOCK, f"{BLOCK}X", name="大街区")
    assert merged.code == f"{BLOCK}-1"
    assert Area.objects.get(code=f"{EAST}001").path == f"{merged.path}/{EAST}001"


@pytest.mark.parametrize(
    "codes",
    [(), (f"{EAST}001",), (f"{EAST}001", f"{EAST}001"), (f"{EAST}001", f"{WEST}001"), (EAST, f"{EAST}001"),
     (f"{EAST}001", "nowhere")],
)  # fmt: skip
def test_merging_takes_two_of_one_level_and_parent(codes: tuple[str, ...]) -> None:
    before = Area.objects.count()
    with refused("nothing_to_merge"):
        merge(*codes)
    assert Area.objects.count() == before


@pytest.mark.parametrize("on", [TODAY + timedelta(days=1), FOUNDED_ON, FOUNDED_ON - timedelta(days=9)])
def test_merging_is_done_on_a_day_that_can_be(on: date) -> None:
    with refused("merge_day_impossible", field="on"):
        merge(f"{EAST}001", f"{EAST}002", on=on)


def test_what_was_merged_away_is_not_merged_again() -> None:
    merge(f"{EAST}001", f"{EAST}002")
    with refused("nothing_to_merge"):
        merge(f"{EAST}001", f"{EAST}002")


# --- places and boundaries ---------------------------------------------------------------------------
def test_a_place_named_again_is_replaced_not_doubled() -> None:
    draft = PlaceDraft("E1", "estate", "听澜新园", f"{EAST}00101", ("听澜",), 22.7, 114.0)
    assert name_places([draft]) == 1
    place = Place.objects.get(code="E1")
    assert (place.name, place.aliases, place.initials) == ("听澜新园", ["听澜"], "tlxy")
    with refused("area_unknown"):
        name_places([PlaceDraft("E9", "estate", "无处花园", "nowhere")])


def test_the_database_refuses_an_impossible_point() -> None:
    area = Area.objects.get(code=EAST)
    for lat, lon in ((91.0, 114.0), (22.7, 181.0)):
        with pytest.raises(IntegrityError, match="a_place_has_a_whole_point_or_none"), transaction.atomic():
            Place.objects.create(code="P", kind="road", name="路", area=area, lat=lat, lon=lon)
    Place.objects.create(code="P1", kind="road", name="路", area=area, lat=22.7, lon=114.0)
    Place.objects.create(code="P2", kind="road", name="路", area=area)


@pytest.mark.parametrize(("lat", "lon"), [(22.7, None), (None, 114.0)])
def test_the_database_refuses_half_a_point(lat: float | None, lon: float | None) -> None:
    area = Area.objects.get(code=EAST)
    with pytest.raises(IntegrityError, match="a_place_has_a_whole_point_or_none"), transaction.atomic():
        Place.objects.create(code="P", kind="road", name="路", area=area, lat=lat, lon=lon)


def test_boundaries_come_from_a_file_and_what_does_not_fit_is_told() -> None:
    features = [
        {"type": "Feature", "properties": {"code": code}, "geometry": square(0, 0, 2, 1)}
        for code in (f"{EAST}001", "nowhere")
    ]
    data = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    remarks = import_boundaries(data, by=SYSTEM, at=AT)
    assert [remark for remark in remarks if "nowhere" in remark]
    area = Area.objects.get(code=f"{EAST}001")
    assert area.boundary is not None
    assert round(area.lat or 0, 4) == round(LAT + SIDE, 4)
    assert [fact.kind for fact in timeline(f"area:{area.pk}")] == ["AreaDrawn", "BoundaryChanged"]
