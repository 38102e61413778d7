"""A town's own list: every fault of every line told, nothing taken until clean, once more changes nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from huying.cases.tests.stories import AT
from huying.kit.errors import Refusal
from huying.kit.tabular import write_xlsx
from huying.ledger.actor import SYSTEM
from huying.ledger.models import Fact
from huying.ledger.queries import verify
from huying.places.actions import Former
from huying.places.core.coordinates import Point, System, distance_metres, from_wgs84
from huying.places.drafting import Drafts, draft_list
from huying.places.listing import guess_columns, read_list
from huying.places.loading import Loaded, compare_list, load_list
from huying.places.models import Area, OldName, Place
from huying.places.queries import Told, locate_all, town_map
from huying.places.splitting import address_tail, split_names, split_old_names
from huying.testing.refusals import refused
from huying.testing.town import EAST, STREET, WEST, middle, square

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db
LAT, LON = middle(0, 0)
LIST = f"""编码,名称,类型,别名,曾用名,所属社区,纬度,经度,地址
P1,映山红花园,小区,映山红；映红园,麻石砖厂（1962-2011）；老砖厂（至1998年）,竹影社区,{LAT},{LON},澜湾区映溪街道坪环路12号
P2,荷塘小学,学校,,,{WEST},,,
P3,望溪大道,道路,望溪路,,,{LAT},{LON},
"""


def drafts_of(data: str | bytes, name: str = "places.csv", **told: Any) -> Drafts:  # noqa: ANN401 - options
    found = read_list(data.encode() if isinstance(data, str) else data, name=name)
    return draft_list(found, guess_columns(found.header), source="民政地名", **told)


def load(data: str | bytes, name: str = "places.csv", **told: Any) -> Loaded:  # noqa: ANN401 - options
    reading = {key: told.pop(key) for key in ("system", "kind") if key in told}
    return load_list(
        drafts_of(data, name, **reading), source="民政地名", by=SYSTEM, at=told.pop("at", AT), **told
    )


def faults(data: str | bytes, name: str = "places.csv", **told: Any) -> list[tuple[int, str]]:  # noqa: ANN401 - options
    return [(one.line, one.refusal.reason.key) for one in drafts_of(data, name, **told).refused]


def collection(*features: tuple[dict[str, Any], dict[str, Any] | None]) -> bytes:
    rows = [{"type": "Feature", "properties": told, "geometry": shape} for told, shape in features]
    return json.dumps({"type": "FeatureCollection", "features": rows}).encode()


# --- taking in ---------------------------------------------------------------------------------------
def test_a_list_becomes_places_that_words_are_found_by() -> None:
    loaded = load(LIST)
    assert (loaded.places_new, loaded.places_changed, loaded.areas_new) == (3, 0, 0)
    estate, school = Place.objects.get(code="P1"), Place.objects.get(code="P2")
    assert (estate.kind, estate.area.code) == ("estate", f"{EAST}00101"), "the point says which cell"
    assert estate.aliases == ["映山红", "映红园", "坪环路12号"]
    assert (school.kind, school.area.code, school.lat) == ("facility", WEST, None)
    years = set(OldName.objects.filter(place=estate).values_list("name", "used_from", "used_until"))
    assert years == {("麻石砖厂", 1962, 2011), ("老砖厂", None, 1998)}
    for words in ("映山红花园三栋", "麻石砖厂门口", "坪环路12号楼下"):
        assert locate_all([Told(None, None, words, "")])[0].place_id == estate.pk, words


def test_the_same_list_once_more_changes_nothing_and_records_nothing() -> None:
    load(LIST)
    facts, rows = Fact.objects.count(), list(Place.objects.order_by("code").values())
    again = load(LIST, at=AT + timedelta(days=300))
    assert (again.changes, again.places_same) == (0, 3)
    assert Fact.objects.count() == facts
    assert list(Place.objects.order_by("code").values()) == rows


def test_a_place_that_was_renamed_keeps_the_name_people_know() -> None:
    load(LIST)
    assert load(LIST.replace("映山红花园", "杜鹃花园")).places_changed == 1
    place = Place.objects.get(code="P1")
    assert OldName.objects.get(place=place, name="映山红花园").used_until == AT.year
    assert locate_all([Told(None, None, "映山红花园门口", "")])[0].name == "杜鹃花园"


def test_what_the_list_no_longer_names_is_retired_only_when_asked_and_comes_back() -> None:
    load(LIST)
    shorter = LIST.replace(LIST.splitlines()[1] + "\n", "")
    assert load(shorter).changes == 0
    assert load(shorter, retire_missing=True).places_retired == 1
    place = Place.objects.get(code="P1")
    assert place.retired_at == AT
    where = locate_all([Told(None, None, "", "有人吗", code="P1")])[0]
    assert (where.place_id, where.area_code) == (None, f"{EAST}00101"), "its plate leads to its area"
    assert "E1" in town_map().place_code, "places of other lists stay"
    assert load(shorter, retire_missing=True).changes == 0
    assert load(LIST, retire_missing=True).places_changed == 1
    place.refresh_from_db()
    assert place.retired_at is None


@pytest.mark.parametrize("system", [System.GCJ02, System.BD09])
def test_shifted_points_are_turned_into_wgs84_when_declared(system: System) -> None:
    shifted = from_wgs84(LAT, LON, system)
    load(f"编码,名称,类型,纬度,经度\nP9,新家园,小区,{shifted.lat},{shifted.lon}\n", system=system)
    place = Place.objects.get(code="P9")
    assert place.lat is not None
    assert place.lon is not None
    assert distance_metres(Point(place.lat, place.lon), Point(LAT, LON)) < 1


def test_lines_without_a_code_are_known_again_by_what_they_say() -> None:
    told = f"名称,所属社区\n新雨家园,{EAST}\n听雨公园,{EAST}\n"
    assert load(told).places_new == 2
    assert load(told).places_same == 2


def test_a_workbook_reads_like_a_table(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    write_xlsx(path, ("名称", "类型", "所属社区"), [("新家园", "小区", EAST)])
    assert load(path.read_bytes(), "list.xlsx").places_new == 1


# --- areas and shapes --------------------------------------------------------------------------------
def test_a_map_file_draws_areas_and_its_places_stand_on_them() -> None:
    grid = f"{EAST}003"
    line = {"type": "LineString", "coordinates": [[LON, LAT], [LON + 0.001, LAT]]}
    data = collection(
        ({"name": "步行街", "kind": "街巷", "code": "R7", "area": "竹影第3网格"}, line),
        ({"name": "竹影第3网格", "kind": "网格", "code": grid, "aliases": ["新片区"]}, square(0, 0)),
        ({"name": "大苑", "kind": "小区", "code": "P7"}, square(0, 1)),
    )
    loaded = load(data, "town.geojson")
    assert (loaded.areas_new, loaded.places_new) == (1, 2)
    area = Area.objects.get(code=grid)
    assert area.parent is not None
    assert area.parent.code == EAST, "where its code begins with the community's"
    assert Place.objects.get(code="R7").area.code == grid
    assert Place.objects.get(code="P7").lat == pytest.approx(middle(0, 1)[0])
    assert load(data, "town.geojson").changes == 0
    moved = data.replace("竹影第3网格".encode("unicode_escape"), "竹影新网格".encode("unicode_escape"))
    assert load(moved, "town.geojson").areas_changed == 1
    assert OldName.objects.get(area=area).name == "竹影第3网格"
    assert verify().broken is None


def test_a_whole_town_can_be_drawn_from_one_list() -> None:
    told = "code,name,kind\n440398001002,新社区,community\n440398001002001,新网格,grid\n"
    assert faults(told) == [(2, "area_not_told"), (3, "area_not_told")], "nothing says where they lie"
    street = "code,name,kind,area\n440398001002001,新网格,grid,\n440398001002,新社区,community,\n"
    assert load(f"{street}440398001,新街道,street,440399\n").areas_new == 3
    assert Area.objects.get(code="440398001002001").path == "440399/440398001/440398001002/440398001002001"


# --- faults ------------------------------------------------------------------------------------------
BAD = f"""编码,名称,类型,所属社区,纬度,经度,曾用名
P1,,小区,竹影社区,,,
P2,好花园,小区,无此社区,{LON},{LAT},
P2,好花园,飞船,竹影社区,,,
{EAST},怪园,小区,竹影社区,,,旧园（很久）
P4,远园,小区,竹影社区,31.2,121.4,
P5,好家园,小区,竹影社区,,,
"""


def test_every_fault_of_every_line_is_told_at_once_and_nothing_is_taken() -> None:
    assert faults(BAD) == [
        (2, "name_missing"), (3, "coordinate_swapped"), (3, "area_not_found"),
        (4, "kind_unknown"), (4, "code_twice"),
        (5, "years_unreadable"), (5, "code_of_an_area"), (6, "point_outside"),
    ]  # fmt: skip
    before = Place.objects.count()
    with refused("list_not_clean"):
        load(BAD)
    assert Place.objects.count() == before
    with refused("retiring_needs_all"):
        load(BAD, skip_bad=True, retire_missing=True)
    assert load(BAD, skip_bad=True).places_new == 1


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ("名称,类型\n新家园,小区\n", "area_not_told"),
        ("名称,所属社区\n新某某,竹影社区\n", "kind_not_told"),
        (f"名称,类型,所属社区\n{'很' * 81},小区,竹影社区\n", "too_long"),
        ("名称,类型,编码\n新网格,网格,44\n", "code_length"),
        ("名称,类型\n新网格,网格\n", "code_missing"),
        (f"名称,类型,编码,上级\n竹影社区,社区,{EAST},{WEST}\n", "area_elsewhere"),
        (f"名称,类型,编码\n竹影社区,街道,{EAST}\n", "code_length"),
        ("名称,类型,编码,上级\n甲,楼栋格,E1,竹影社区\n", "code_of_a_place"),
        ("名称,类型,编码,上级\n甲,街区,B9,竹影1-1格\n", "parent_not_wider"),
    ],
)
def test_what_a_line_lacks_is_said_by_name(told: str, fault: str) -> None:
    assert fault in [key for _, key in faults(told)]


def test_a_point_beside_the_area_named_is_remarked_on_and_taken() -> None:
    north, east = middle(0, 1)
    drafts = drafts_of(f"名称,类型,所属社区,纬度,经度\n新家园,小区,竹影社区,{north},{east}\n")
    assert [(one.refusal.reason.key, one.taken) for one in drafts.remarks] == [("point_elsewhere", True)]
    assert drafts.places[0].area == EAST


@pytest.mark.parametrize(
    ("data", "name", "fault"),
    [
        ("地址,电话\na,b\n", "x.csv", "name_column_missing"),
        ("名称,类型\n", "x.csv", "list_empty"),
        ("{", "x.geojson", "json_broken"),
        ('{"type": "FeatureCollection", "features": []}', "x.json", "list_empty"),
        ('{"type":"Feature","properties":{},"geometry":null,"crs":"EPSG:3857"}', "x.json", "crs_unknown"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_list_is_refused_as_a_whole(data: str, name: str, fault: str) -> None:
    with refused(fault):
        drafts_of(data, name)


def test_what_would_change_is_told_before_anything_does() -> None:
    rows = Place.objects.count()
    assert compare_list(drafts_of(LIST), source="民政地名").places_new == 3
    assert Place.objects.count() == rows
    assert Area.objects.get(code=STREET).name == "映溪街道"


# --- cells -------------------------------------------------------------------------------------------
def test_cells_of_several_names_are_taken_apart() -> None:
    assert split_names("甲园；乙园、 甲园|丙园") == ("甲园", "乙园", "丙园")
    assert split_old_names("旧圩; 老厂(1998年起)，甲（2001年—2005年）") == (
        Former("旧圩"), Former("老厂", 1998), Former("甲", 2001, 2005),
    )  # fmt: skip
    for wrong in ("甲（2005-2001）", "甲（99年）", "甲（不详）"):
        with pytest.raises(Refusal):
            split_old_names(wrong)


@pytest.mark.parametrize(
    ("address", "tail"),
    [
        ("广东省深圳市坪山区龙田街道竹坑社区兰竹东路3号1栋", "兰竹东路3号"),
        ("坪环路12号", "坪环路12号"),
        ("龙田街道竹坑社区", ""),
        ("社区路口", ""),
    ],
)
def test_the_street_and_number_of_an_address_become_a_name(address: str, tail: str) -> None:
    assert address_tail(address) == tail
