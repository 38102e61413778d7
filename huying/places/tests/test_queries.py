"""Where an appeal is about: by point, by words, by both, by neither, and what when they disagree."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from huying.ledger.actor import SYSTEM
from huying.places import locating
from huying.places.actions import AreaDraft, Former, PlaceDraft, draw_areas, name_places
from huying.places.models import Area, OldName, Place
from huying.places.queries import Told, locate_all, standing_areas, town_map
from huying.testing.town import DISTRICT, EAST, FOUNDED_AT, STREET, WEST, middle

if TYPE_CHECKING:
    from huying.places.queries import Where

pytestmark = pytest.mark.django_db
TOWN = DISTRICT


def locate(point: tuple[float, float] | None = None, words: str = "", text: str = "") -> Where:
    lat, lon = point or (None, None)
    return locate_all([Told(lat, lon, words, text)])[0]


def test_a_point_alone_gives_the_finest_area_and_its_name() -> None:
    where = locate(middle(0, 0))
    assert (where.area_code, where.place_id) == (f"{EAST}00101", None)
    assert where.area_path == f"{DISTRICT}/{STREET}/{EAST}/{EAST}B01/{EAST}001/{EAST}00101"
    assert where.reasons == ("point",)
    assert where.confidence == locating.POINT_CONFIDENCE
    assert "竹影社区" in where.name


def test_words_alone_give_the_place_and_lend_its_point() -> None:
    where = locate(words="听澜花园3栋")
    place = Place.objects.get(code="E1")
    assert (where.place_id, where.area_code) == (place.pk, f"{EAST}00101")
    assert (where.lat, where.lon) == (place.lat, place.lon)
    assert where.confidence >= locating.LEAST_WORDS_CONFIDENCE
    assert where.name.startswith("听澜花园")


def test_the_text_is_read_where_nothing_was_said_for_the_place() -> None:
    where = locate(text="荷风雅居门口的路灯三天不亮了")
    assert where.place_id == Place.objects.get(code="E3").pk
    assert where.area_path.startswith(f"{DISTRICT}/{STREET}/{WEST}")


def test_words_said_for_the_place_count_before_the_text() -> None:
    assert locate(words="竹溪苑", text="听澜花园的垃圾").place_id == Place.objects.get(code="E2").pk


def test_point_and_words_that_agree_give_the_place_and_keep_the_point() -> None:
    lat, lon = middle(0, 0)
    where = locate((lat + 0.0005, lon), "听澜花园")
    assert where.place_id == Place.objects.get(code="E1").pk
    assert (where.lat, where.reasons) == (lat + 0.0005, ("point", "words_agree"))
    assert where.confidence == locating.POINT_CONFIDENCE


def test_point_and_words_that_disagree_go_by_the_point_and_say_so() -> None:
    where = locate(middle(0, 0), "荷风雅居")
    assert where.area_code == f"{EAST}00101"
    assert (where.place_id, where.confidence) == (None, locating.POINT_AGAINST_WORDS)
    assert "words_disagree" in where.reasons
    assert "荷风雅居" in where.alternatives


def test_a_point_outside_the_town_leaves_it_to_the_words() -> None:
    outside = (30.0, 104.0)
    where = locate(outside, "听澜花园")
    assert where.place_id == Place.objects.get(code="E1").pk
    assert (where.lat, where.lon) == outside
    assert "point_outside_town" in where.reasons
    assert where.confidence <= locating.POINT_AGAINST_WORDS


def test_where_nothing_is_known_it_is_the_town() -> None:
    for where in (locate(), locate(text="天气真好"), locate((30.0, 104.0))):
        assert (where.area_path, where.place_id, where.name) == (TOWN, None, "")
    assert "point_outside_town" in locate((30.0, 104.0)).reasons
    assert "place_unknown" in locate().reasons


def test_many_are_located_as_one_by_one() -> None:
    told = [
        Told(*one)
        for one in (
            (*middle(0, 0), "", ""),
            (None, None, "竹溪苑", ""),
            (None, None, "", "没有地点"),
            (*middle(1, 1), "听澜花园", ""),
            (30.0, 104.0, "", "塘边村口"),
        )
    ]
    assert locate_all(told) == [locate_all([one])[0] for one in told]
    assert locate_all([]) == []


# --- the map -----------------------------------------------------------------------------------------
def test_the_map_is_renewed_by_what_is_drawn_and_named() -> None:
    assert locate(words="新落成花园").place_id is None
    name_places([PlaceDraft("N1", "estate", "新落成花园", f"{EAST}00101", lat=22.7025, lon=114.0025)])
    assert locate(words="新落成花园").place_id == Place.objects.get(code="N1").pk


def test_an_area_begins_on_its_day_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    code = f"{EAST}007"
    start = timezone.localdate() + timedelta(days=3)
    draft = AreaDraft(code, "grid", "明日网格", f"{EAST}B01")
    draw_areas([draft], valid_from=start, by=SYSTEM, at=FOUNDED_AT)
    assert town_map().by_code(code) is None
    monkeypatch.setattr(timezone, "localdate", lambda *_: start)
    assert town_map().by_code(code) is not None, "without a new edition, at midnight"
    monkeypatch.undo()
    assert town_map().by_code(code) is None


def test_filters_over_areas_take_whole_steps_and_whole_days() -> None:
    path = Area.objects.get(code=EAST).path
    assert set(Area.objects.under(path).values_list("path", flat=True)) == {
        area.path for area in Area.objects.all() if area.path == path or area.path.startswith(f"{path}/")
    }
    Area.objects.filter(code=EAST).update(valid_until=date(2026, 5, 1))
    days = {
        date(2024, 12, 31): False,
        date(2025, 1, 1): True,
        date(2026, 4, 30): True,
        date(2026, 5, 1): False,
    }
    assert {day: Area.objects.valid_on(day).filter(code=EAST).exists() for day in days} == days
    assert EAST not in standing_areas()
    assert WEST in standing_areas()


# --- old names ---------------------------------------------------------------------------------------
def test_a_place_is_found_by_the_name_it_had_before() -> None:
    old = PlaceDraft("N2", "estate", "新晖花园", f"{EAST}00101", old_names=(Former("麻石砖厂", 1962, 2011),))
    assert locate(words="麻石砖厂那边").place_id is None
    name_places([old])
    where = locate(words="麻石砖厂那边")
    assert where.place_id == Place.objects.get(code="N2").pk
    assert "former_name" in where.reasons
    name_places([replace(old, old_names=())])
    assert locate(words="麻石砖厂那边").place_id is None


@pytest.mark.parametrize(
    ("told", "constraint"),
    [
        ({}, "an_old_name_is_of_an_area_or_of_a_place"),
        ({"used_from": 2000, "used_until": 1990, "place": True}, "an_old_name_ends_no_earlier_than_it_began"),
    ],
)
def test_an_old_name_belongs_to_something_and_ends_after_it_began(
    told: dict[str, int], constraint: str
) -> None:
    years = {key: year for key, year in told.items() if key != "place"}
    place = Place.objects.get(code="E1") if "place" in told else None
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        OldName.objects.create(name="旧名", place=place, **years)
    OldName.objects.create(name="旧名", place=Place.objects.get(code="E1"), used_from=1990, used_until=1990)
