"""Areas and the working calendar in the office."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huying.people.models import Account
from huying.places.models import Area, Place
from huying.places.queries import town_map
from huying.testing.cast import appeal_of, case_of
from huying.testing.town import EAST, square

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
AREAS, CALENDAR = "/desk/office/areas/", "/desk/office/calendar/"


@pytest.fixture
def guan(client: Client) -> Client:
    client.force_login(Account.objects.get(username="guan"))
    return client


def block() -> Area:
    """Return the block of the eastern community, with its two grids."""
    return Area.objects.get(code=f"{EAST}B01")


def test_the_tree_opens_branch_by_branch(guan: Client) -> None:
    page = guan.get(AREAS)
    assert "映溪街道" in page.content.decode()
    assert "竹影第1网格" not in page.content.decode()
    branch = guan.get(f"{AREAS}{block().pk}/below/").content.decode()
    assert "竹影第1网格" in branch
    assert "<html" not in branch


def test_a_search_finds_by_name_code_and_initials(guan: Client) -> None:
    for words in ("竹影", EAST, "zysq"):
        hits = [area.name for area in guan.get(AREAS, {"q": words}).context["hits"]]
        assert "竹影社区" in hits
    assert guan.get(AREAS, {"q": "<script>"}).context["hits"] == []


def test_grids_are_merged_on_a_second_word_and_old_cases_keep_theirs(guan: Client) -> None:
    case = case_of(appeal_of())
    where, codes = case.area_id, [f"{EAST}001", f"{EAST}002"]
    told = {"codes": codes, "name": "竹影大网格", "on": "2026-01-01"}
    page = f"{AREAS}{block().pk}/merge/"
    asked = guan.post(page, told)
    assert asked.status_code == 200
    assert "Yes, merge them" in asked.content.decode()
    assert not Area.objects.filter(name="竹影大网格").exists()
    done = guan.post(page, told | {"sure": "yes"}, follow=True)
    merged = Area.objects.get(name="竹影大网格")
    shown = done.content.decode()
    assert "竹影第1网格" in shown
    assert {area.code for area in merged.predecessors.all()} == set(codes)
    case.refresh_from_db()
    assert case.area_id == where
    old = guan.get(f"{AREAS}{Area.objects.get(code=codes[0]).pk}/")
    assert "竹影大网格" in old.content.decode()
    assert guan.post(f"{AREAS}{block().pk}/merge/", told | {"sure": "yes"}).status_code == 422


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"codes": [f"{EAST}001"], "name": "x", "on": "2026-01-01"}, 422),
        ({"codes": [f"{EAST}001", "440399001002001"], "name": "x", "on": "2026-01-01"}, 422),
        ({"codes": [f"{EAST}001", f"{EAST}002"], "name": "", "on": "2026-01-01"}, 422),
        ({"codes": [f"{EAST}001", f"{EAST}002"], "name": "x" * 90, "on": "2026-01-01"}, 422),
        ({"codes": [f"{EAST}001", f"{EAST}002"], "name": "x", "on": "never", "sure": "yes"}, 422),
        ({"codes": [f"{EAST}001", f"{EAST}002"], "name": "x", "on": "2099-01-01", "sure": "yes"}, 400),
        ({"codes": [f"{EAST}001", f"{EAST}002"], "name": "x", "on": "2020-01-01", "sure": "yes"}, 400),
    ],
)
def test_a_merger_that_cannot_be_is_refused_and_nothing_changes(
    guan: Client, told: dict[str, object], status: int
) -> None:
    count = Area.objects.count()
    answer = guan.post(f"{AREAS}{block().pk}/merge/", told)
    assert answer.status_code == status
    assert "error" in answer.content.decode()
    assert Area.objects.count() == count


def boundaries(code: str) -> bytes:
    feature = {"type": "Feature", "properties": {"code": code}, "geometry": square(0, 0, 1, 2)}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


def test_boundaries_are_read_in_and_what_is_unknown_is_told(guan: Client) -> None:
    code = f"{EAST}001"
    before = Area.objects.get(code=code).boundary
    answer = guan.post(
        f"{AREAS}upload/", {"file": SimpleUploadedFile("b.geojson", boundaries(code))}, follow=True
    )
    assert "nothing to remark" in answer.content.decode()
    assert Area.objects.get(code=code).boundary != before
    told = guan.post(
        f"{AREAS}upload/", {"file": SimpleUploadedFile("b.geojson", boundaries("<b>1</b>"))}, follow=True
    ).content.decode()
    assert "&lt;b&gt;1&lt;/b&gt;" in told
    assert "<b>1</b>" not in told


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff\xfe\x00", b'{"type": "Point"}', b"[" * 100_000])
def test_a_file_that_is_no_geojson_is_refused_beside_the_field(guan: Client, data: bytes) -> None:
    answer = guan.post(f"{AREAS}upload/", {"file": SimpleUploadedFile("b.geojson", data)})
    assert 400 <= answer.status_code < 500
    assert "field-error" in answer.content.decode()


def test_who_may_not_edit_places_or_the_calendar_is_refused(client: Client) -> None:
    client.force_login(Account.objects.get(username="lin"))
    for page in (AREAS, f"{AREAS}{block().pk}/", f"{AREAS}{block().pk}/below/", CALENDAR):
        assert client.get(page).status_code == 403
    for page in (f"{AREAS}upload/", f"{AREAS}{block().pk}/merge/", f"{CALENDAR}upload/"):
        assert client.post(page, {}).status_code == 403
    assert town_map().by_code(f"{EAST}001")


def test_plates_of_an_area_and_its_places_lead_to_the_form(guan: Client) -> None:
    cell = Area.objects.get(code=f"{EAST}00101")
    page = guan.get(f"{AREAS}{cell.pk}/").content.decode()
    assert f"/file/?place={cell.code}" in page
    named = guan.get(f"{AREAS}{cell.pk}/", {"plate": "E1"}).content.decode()
    assert "/file/?place=E1" in named
    assert "/file/?place=E4" not in guan.get(f"{AREAS}{cell.pk}/", {"plate": "E4"}).content.decode()


def test_pages_of_areas_cost_few_queries(
    guan: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for page in (AREAS, f"{AREAS}?q=竹", f"{AREAS}{block().pk}/", f"{AREAS}{block().pk}/below/"):
        with django_assert_max_num_queries(14):
            assert guan.get(page).status_code == 200


# --- lists of places ---------------------------------------------------------------------------------
LIST = f"编码,名称,类型,所属社区\nP1,新雨家园,小区,{EAST}\nP2,,小区,{EAST}\n"


def look_at(guan: Client, data: str) -> str:
    """Upload a list and return the address of its page."""
    file = SimpleUploadedFile("list.csv", data.encode())
    return str(guan.post(f"{AREAS}list/upload/", {"list": file})["Location"])


def test_a_list_is_looked_at_first_and_a_wrong_line_holds_all_back(guan: Client) -> None:
    page = look_at(guan, LIST)
    shown = guan.get(page).content.decode()
    assert "Line 3: The name is missing." in shown
    assert not Place.objects.filter(code="P1").exists()
    told = {"source": "小区表", "system": "wgs84", "map-code": "编码", "map-name": "名称", "map-kind": "类型",
            "map-area": "所属社区", "act": "take"}  # fmt: skip
    assert guan.post(page, told).status_code == 422
    assert not Place.objects.filter(code="P1").exists()
    done = guan.post(page, told | {"skip_bad": "on"}, follow=True)
    assert "1 new, 0 changed, 0 retired" in done.content.decode()
    assert Place.objects.get(code="P1").source == "小区表"
    again = guan.post(page, told | {"skip_bad": "on"}, follow=True)
    assert "0 new, 0 changed" in again.content.decode()


def test_a_list_without_a_column_of_names_asks_for_one(guan: Client) -> None:
    page = look_at(guan, "甲,乙\n新雨家园,小区\n")
    assert guan.get(page).status_code == 200
    answer = guan.post(page, {"source": "x", "system": "wgs84", "act": "take"})
    assert answer.status_code == 422
    assert "No column holds the name" in answer.content.decode()
    found = guan.post(page, {"source": "x", "system": "wgs84", "map-name": "甲", "map-kind": "乙"})
    assert "Nothing says where this lies" in found.content.decode()


def test_lists_are_for_who_may_edit_places_and_only_while_they_lie_there(guan: Client) -> None:
    page = look_at(guan, LIST)
    assert guan.get(f"{AREAS}list/{'0' * 64}/").status_code >= 400
    assert guan.get(f"{AREAS}list/..%2f..%2fx/").status_code == 404
    guan.force_login(Account.objects.get(username="lin"))
    assert guan.get(page).status_code == 403
    assert guan.post(f"{AREAS}list/upload/", {}).status_code == 403
