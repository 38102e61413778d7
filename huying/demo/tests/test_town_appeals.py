"""The two thousand appeals: number, places, words and fates, and nobody's real number."""

import csv
import hashlib
import io
import re
import time
from collections import Counter, defaultdict
from dataclasses import asdict
from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from shapely import Point

from huying.demo.town import Town, build_town, geography, photos, topics
from huying.demo.town.__main__ import main
from huying.demo.town.items import starter_items
from huying.demo.town.land import METRES_PER_DEGREE_LAT, METRES_PER_DEGREE_LON
from huying.demo.town.rows import AppealRow, Outcome
from huying.triage.core.danger import DangerRules

pytestmark = pytest.mark.slow
UNTIL = date(2026, 5, 1)
END = datetime(2026, 5, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
CLOSED = ("closed_satisfied", "closed_partly", "closed_unconfirmed", "reworked_then_closed", "rework_twice")
MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


@pytest.fixture(scope="module")
def town() -> Town:
    return build_town(until=UNTIL)


@pytest.fixture(scope="module")
def rows(town: Town) -> list[AppealRow]:
    return town.appeals


def digest(town: Town) -> str:
    return hashlib.sha256(repr(asdict(town)).encode()).hexdigest()


def matters(rows: list[AppealRow]) -> dict[str, list[AppealRow]]:
    found: dict[str, list[AppealRow]] = defaultdict(list)
    for row in rows:
        if row.matter:
            found[row.matter].append(row)
    return found


def test_the_same_seed_and_day_give_the_same_bytes_and_another_seed_does_not(town: Town) -> None:
    assert digest(build_town(until=UNTIL)) == digest(town)
    other = build_town(7, until=UNTIL)
    assert other.areas == town.areas
    assert [row.text for row in other.appeals] != [row.text for row in town.appeals]


def test_a_town_is_built_within_ten_seconds_of_work() -> None:
    before = time.process_time()
    build_town(until=UNTIL)
    assert time.process_time() - before < 10


def test_there_are_two_thousand_appeals_of_the_last_ninety_days_in_order(rows: list[AppealRow]) -> None:
    assert len(rows) == 2000
    assert len({row.key for row in rows}) == 2000
    moments = [row.received_at for row in rows]
    assert moments == sorted(moments)
    assert END - timedelta(days=90) <= moments[0] < END - timedelta(days=88)
    assert END - timedelta(hours=12) < moments[-1] < END


@pytest.mark.parametrize(
    "until", [date(2026, 2, 24), date(2026, 5, 1), date(2026, 7, 15), date(2026, 11, 22)]
)
def test_every_state_is_there_whatever_the_day(until: date) -> None:
    outcomes = Counter(row.fate.outcome for row in build_town(until=until).appeals)
    assert set(outcomes) == set(get_args(Outcome))


def test_older_appeals_are_mostly_closed_and_newer_ones_open(rows: list[AppealRow]) -> None:
    old = [row for row in rows if row.received_at < END - timedelta(days=30) and not row.matter]
    new = [row for row in rows if row.received_at > END - timedelta(days=2)]
    assert sum(row.fate.outcome in CLOSED for row in old) > 0.85 * len(old)
    assert sum(row.fate.outcome in CLOSED for row in new) < 0.35 * len(new)


def test_an_aware_moment_ends_the_demo_too() -> None:
    moment = datetime(2026, 5, 6, 15, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert max(row.received_at for row in build_town(until=moment).appeals) < moment


def test_all_channels_are_used_and_phones_are_answered_in_opening_hours(rows: list[AppealRow]) -> None:
    counts = Counter(row.channel for row in rows)
    assert set(counts) == {"web", "wechat", "phone", "proxy", "api", "mail", "import", "grid"}
    assert counts["wechat"] > counts["phone"] > counts["mail"]
    assert all(7 <= row.received_at.hour < 22 for row in rows if row.channel == "phone")


def test_points_lie_in_the_area_they_are_said_to_lie_in(rows: list[AppealRow]) -> None:
    shapes = geography.shapes()
    for row in rows:
        if row.lat is None or row.lon is None:
            continue
        assert shapes[row.area].distance(Point(row.lon, row.lat)) < 1e-5
    assert 0.12 < sum(not row.says_where for row in rows) / 2000 < 0.2


def test_items_are_those_of_the_starter_catalogue(rows: list[AppealRow]) -> None:
    codes = {item.code for item in starter_items()}
    assert {row.item for row in rows} <= codes
    assert len({row.item for row in rows}) > 200
    assert {topic.item for topic in topics.topics()} <= codes


def test_no_text_is_there_twice_and_none_is_an_example_word_for_word(rows: list[AppealRow]) -> None:
    assert max(Counter(row.text for row in rows).values()) == 1
    examples = {example for item in starter_items() for example in item.examples}
    assert not [row.text for row in rows if row.text in examples]


def test_texts_have_no_slots_left_open(rows: list[AppealRow]) -> None:
    spoken = [row.title + row.text for row in rows]
    spoken += [str(step.given) for row in rows for step in row.fate.steps]
    assert not [text for text in spoken if re.search(r"\{[a-z]\w*\}", text)]


def test_a_few_voices_are_in_english_or_traditional_characters(rows: list[AppealRow]) -> None:
    counts = Counter(row.language for row in rows)
    assert 0.01 < (counts["en"] + counts["zh-hant"]) / 2000 < 0.03


def test_about_forty_voices_tell_of_danger(rows: list[AppealRow]) -> None:
    assert 38 <= sum(row.danger for row in rows) <= 45
    assert all(row.says_where for row in rows if row.danger)


def test_the_danger_list_of_the_starter_catalogue_hears_these_voices_and_hardly_any_other(
    rows: list[AppealRow],
) -> None:
    table = (
        files("huying.catalogue").joinpath("starter", "danger_phrases.csv").read_text(encoding="utf-8-sig")
    )
    rules = DangerRules.from_rows(csv.DictReader(table.splitlines()))
    heard = {row.key for row in rows if rules.check(row.text)}
    told = {row.key for row in rows if row.danger}
    assert len(told - heard) <= 4
    assert len(heard - told) <= 20


def test_no_real_number_or_address_is_misused(rows: list[AppealRow]) -> None:
    for row in rows:
        assert not MOBILE.findall(row.title + row.text)
        assert row.resident.phone == "" or re.fullmatch(r"1990000\d{4}", row.resident.phone)
        assert row.resident.email == "" or row.resident.email.endswith("@mail.invalid")
        assert len(row.resident.name) <= 3
    assert 0.2 < sum(not (row.resident.phone or row.resident.email) for row in rows) / 2000 < 0.45


def test_typists_are_accounts_that_hold_a_post(town: Town, rows: list[AppealRow]) -> None:
    accounts = {account.username for account in town.organisation.accounts}
    for row in rows:
        assert (row.typed_by is not None) == (row.channel in {"phone", "proxy", "grid"})
        assert row.typed_by is None or row.typed_by in accounts


def test_twins_are_two_to_twelve_voices_close_in_place_and_time(rows: list[AppealRow]) -> None:
    twins = {key: voices for key, voices in matters(rows).items() if key.startswith("twin")}
    assert len(twins) == 120
    shapes = geography.shapes()
    for voices in twins.values():
        assert 2 <= len(voices) <= 12
        assert voices[-1].received_at - voices[0].received_at < timedelta(days=8)
        assert len({row.item for row in voices}) == 1
        points = [(row.lat, row.lon) for row in voices if row.lat is not None and row.lon is not None]
        for lat, lon in points:
            north = (lat - points[0][0]) * METRES_PER_DEGREE_LAT
            east = (lon - points[0][1]) * METRES_PER_DEGREE_LON
            assert (north**2 + east**2) ** 0.5 < 260
        assert all(row.area in shapes for row in voices)


@pytest.mark.parametrize("key", ["night-building", "resettlement-leaks"])
def test_the_two_hot_matters_keep_rising(key: str, rows: list[AppealRow]) -> None:
    voices = [row for row in rows if row.matter.startswith(key)]
    assert 60 <= len(voices) <= 90
    half = END - timedelta(days=28)
    assert sum(row.received_at >= half for row in voices) > 2 * sum(row.received_at < half for row in voices)


def test_steps_follow_each_other_and_none_lies_beyond_the_end(rows: list[AppealRow]) -> None:
    for row in rows:
        delays = [step.after for step in row.fate.steps]
        assert delays == sorted(delays)
        assert not delays or (delays[0] > timedelta() and row.received_at + delays[-1] < END)


def test_steps_name_moves_hands_units_and_appeals_that_exist(town: Town, rows: list[AppealRow]) -> None:
    units = {unit.code for unit in town.organisation.units}
    earlier: set[str] = set()
    for row in rows:
        assert row.joins is None or row.joins in earlier
        for step in row.fate.steps:
            assert step.given.get("unit", "yingxi-office") in units
            assert step.move != "merge" or step.given["into"] in earlier
            if step.move == "reply":
                assert step.given["public_text"].startswith("您好")
                assert (step.given["solved"] == "yes") == ("unsolved_reason" not in step.given)
            if step.move == "rate":
                assert all(
                    step.given[axis] in range(1, 6) for axis in ("speed", "result", "service", "process")
                )
        earlier.add(row.key)


def test_who_proposes_a_return_proposes_another_unit_than_its_own(rows: list[AppealRow]) -> None:
    for row in rows:
        by_move = {step.move: step for step in row.fate.steps}
        if "return" in by_move:
            assert by_move["return"].given["unit"] != by_move["dispatch"].given["unit"]


def test_a_satisfied_answer_closes_and_a_poor_one_sends_back(rows: list[AppealRow]) -> None:
    for row in rows:
        if row.joins:
            continue
        rates = [step.given for step in row.fate.steps if step.move == "rate"]
        content = [rate["solved"] == "yes" and rate["result"] >= 3 for rate in rates]
        if row.fate.outcome in {"closed_satisfied", "closed_partly"}:
            assert content == [True]
        if row.fate.outcome == "rework_twice":
            assert content == [False, False, True]
        if row.fate.outcome == "reworking":
            assert content[-1] is False


def test_replies_come_in_at_least_sixty_kinds(rows: list[AppealRow]) -> None:
    public = {step.given["public_text"] for row in rows for step in row.fate.steps if step.move == "reply"}
    assert len({re.sub(r"\d+", "", text)[-24:] for text in public}) > 60


def test_the_known_resident_has_appeals_in_several_states(town: Town, rows: list[AppealRow]) -> None:
    mine = [row for row in rows if row.resident == town.known_resident]
    assert len(mine) >= 5
    assert len({row.fate.outcome for row in mine}) >= 4


@pytest.mark.parametrize("kind", sorted(photos.DRAWN))
def test_a_photo_is_drawn_the_same_again_and_is_a_plain_jpeg(kind: str) -> None:
    drawn = photos.photo_bytes(kind, 5)
    assert photos.photo_bytes(kind, 5) == drawn
    with Image.open(io.BytesIO(drawn)) as image:
        assert image.format == "JPEG"
        assert image.size == photos.SIZE
        assert not image.getexif()


def test_some_appeals_have_photos_and_all_are_of_a_drawn_kind(rows: list[AppealRow]) -> None:
    kinds = [photo.kind for row in rows for photo in row.photos]
    assert 80 < len(kinds) < 260
    assert set(kinds) <= set(photos.DRAWN)


def test_the_town_can_be_written_out_to_be_looked_at(tmp_path: Path) -> None:
    assert main(["--out", str(tmp_path), "--until", "2026-05-01"]) == 0
    names = {path.name for path in tmp_path.iterdir()}
    assert {"areas.geojson", "places.csv", "units.csv", "posts.csv", "appeals.csv", "steps.csv"} <= names
