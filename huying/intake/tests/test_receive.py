"""What channels hand over, however hostile: kept whole and clean, or refused with the field that is wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huying.intake.actions import (
    LONGEST_KEY,
    LONGEST_TEXT,
    Draft,
    Received,
    mark_withdrawn,
    raw_of,
    receive,
    renew_link,
)
from huying.intake.models import Appeal, Inbound
from huying.journeys.appeal import submit_appeal
from huying.kit.errors import Refusal
from huying.ledger.actor import SYSTEM
from huying.ledger.queries import timeline, verify
from huying.testing.cast import appeal_of
from huying.testing.refusals import refused
from huying.testing.town import DISTRICT

AT = datetime(2026, 9, 22, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PLAIN = Draft("web", "k1", "门口的垃圾没人清", b"{}")


def taken(**said: Any) -> Received:  # noqa: ANN401 - whatever a draft holds
    """Receive a draft and return what it becomes."""
    return receive(replace(PLAIN, **said), number="SQ1", district=DISTRICT, at=AT)


# --- text --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("垃圾\x00没人\x07清", "垃圾没人清"),
        ("\ufeff垃圾\u200b没人清\u202e", "垃圾没人清"),
        ("一\r\n二\r三", "一\n二\n三"),
        ("一\n\n\n\n\n二", "一\n\n二"),
        ("垃圾 \t\u3000 没人清  ", "垃圾 没人清"),
        ("半个字\ud83d", "半个字\ufffd"),
        ('=HYPERLINK("http://x")', '=HYPERLINK("http://x")'),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("'; DROP TABLE cases_case; --", "'; DROP TABLE cases_case; --"),
        ("🚮👨‍👩‍👧", "🚮👨👩👧"),
    ],
)
def test_a_text_loses_what_is_invisible_and_nothing_else(said: str, kept: str) -> None:
    assert taken(text=said).text == kept


@pytest.mark.parametrize("text", ["", "  \n\t", "\x00\x01", "\u200b\u200b"])
def test_a_text_of_nothing_is_refused(text: str) -> None:
    with refused("text_missing", field="text"):
        taken(text=text)


def test_a_megabyte_of_text_is_refused_and_the_longest_allowed_is_kept_whole() -> None:
    with refused("text_too_long", field="text"):
        taken(text="长" * 1_000_000)
    with refused("text_too_long", field="text"):
        taken(text="长" * (LONGEST_TEXT + 1))
    assert taken(text="长" * LONGEST_TEXT).text == "长" * LONGEST_TEXT


def test_a_title_alone_is_text_enough_and_photos_need_no_words() -> None:
    only_title = taken(text="", title="门口\n积水")
    assert (only_title.text, only_title.title) == ("门口 积水", "")
    both = taken(title="积水", text="三天了")
    assert both.words == "积水\n三天了"
    assert taken(text="", photo_ids=(uuid4(),)).text == ""


def test_more_photos_than_an_appeal_may_carry_are_refused() -> None:
    with refused("photos_too_many", field="photos"):
        taken(photo_ids=tuple(uuid4() for _ in range(10)))
    assert len(taken(photo_ids=tuple(uuid4() for _ in range(9))).draft.photo_ids) == 9


@given(st.text(max_size=300), st.text(max_size=60), st.text(max_size=80))
def test_any_words_are_taken_or_refused_and_can_be_stored(text: str, name: str, place: str) -> None:
    try:
        received = taken(text=text, title=text[:50], name=name, place_words=place, email=name, told_how=name)
    except Refusal as refusal:
        assert refusal.reason.key == "text_missing"  # noqa: PT017 - either way is right
        return
    for row in received.rows.values():
        for value in row.values():
            if isinstance(value, str):
                assert "\x00" not in value
                value.encode()


# --- keys --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("", "key_missing"),
        (" \n", "key_missing"),
        ("k" * (LONGEST_KEY + 1), "key_too_long"),
        ("a\x00b", "key_not_readable"),
        ("a\nb", "key_not_readable"),
        ("a\ud800", "key_not_readable"),
    ],
)
def test_a_key_that_could_not_be_known_again_is_refused(key: str, reason: str) -> None:
    with refused(reason, field="key"):
        taken(key=key)


@pytest.mark.parametrize("key", ["1", "k" * LONGEST_KEY, "编号 2026-001", "<id@example.org> 0f", "a\u3000b"])
def test_a_key_is_kept_as_it_is(key: str) -> None:
    assert taken(key=key).rows["intake_inbound"]["key"] == key


# --- time --------------------------------------------------------------------------------------------
def test_a_phones_clock_may_be_a_little_ahead_but_nothing_happened_tomorrow() -> None:
    soon = AT + timedelta(minutes=59)
    assert taken(occurred_at=soon).rows["intake_appeal"]["occurred_at"] == soon
    for late in (AT + timedelta(minutes=61), AT + timedelta(days=1), datetime.max.replace(tzinfo=AT.tzinfo)):
        with refused("time_in_future", field="occurred_at"):
            taken(occurred_at=late)


def test_a_moment_of_before_anybody_could_tell_is_no_time() -> None:
    for early in (datetime(1, 1, 1, tzinfo=AT.tzinfo), datetime(1899, 12, 31, tzinfo=AT.tzinfo)):
        with refused("time_not_readable", field="occurred_at"):
            taken(occurred_at=early)
    old = datetime(1998, 5, 1, tzinfo=AT.tzinfo)
    assert taken(occurred_at=old).rows["intake_appeal"]["occurred_at"] == old


# --- place -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("point", "reason"),
    [
        ({"lat": 22.7}, "coordinate_missing"),
        ({"lon": 114.0}, "coordinate_missing"),
        ({"lat": float("nan"), "lon": 114.0}, "coordinate_not_finite"),
        ({"lat": 22.7, "lon": float("inf")}, "coordinate_not_finite"),
        ({"lat": 0.0, "lon": 0.0}, "coordinate_zero"),
        ({"lat": 114.0, "lon": 22.7}, "coordinate_swapped"),
        ({"lat": 95.0, "lon": 190.0}, "coordinate_out_of_range"),
        ({"lat": 2_500_000.0, "lon": 500_000.0}, "coordinate_projected"),
        ({"lat": 22.7, "lon": 114.0, "point_system": "mars"}, "system_unknown"),
    ],
)
def test_an_impossible_point_is_refused(point: dict[str, Any], reason: str) -> None:
    with refused(reason):
        taken(**point)


def test_a_shifted_point_is_moved_home_and_the_original_kept() -> None:
    row = taken(lat=22.7000, lon=114.0000, point_system="GCJ-02").rows["intake_appeal"]
    assert row["point_original"] == {"lat": 22.7, "lon": 114.0}
    assert row["point_system"] == "gcj02"
    north, east = row["lat"] - 22.7, row["lon"] - 114.0
    assert 0.001 < abs(north) + abs(east) < 0.01
    plain = taken(lat=22.7, lon=114.0).rows["intake_appeal"]
    assert (plain["lat"], plain["lon"], plain["point_system"]) == (22.7, 114.0, "wgs84")
    assert taken().rows["intake_appeal"]["point_original"] is None


def test_bd09_and_cgcs2000_are_known_too() -> None:
    assert taken(lat=22.7, lon=114.0, point_system="bd09").lat != 22.7
    assert taken(lat=22.7, lon=114.0, point_system="cgcs2000").lat == 22.7


# --- who ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("phone", ["13800008000", "+86 138-0000-8000", "0755 8888 8888", " 12345 "])
def test_a_phone_number_is_kept_as_it_was_written(phone: str) -> None:
    assert taken(phone=phone).rows["intake_party"]["phone"] == phone.strip()


@pytest.mark.parametrize(
    "phone",
    [
        "打我电话",
        "138",
        "1380000800012345678901234567",
        "138\x0000008000",
        "１３８００００８０００",
        "138;DROP",
    ],
)
def test_what_is_no_phone_number_is_refused(phone: str) -> None:
    with refused("phone_not_readable", field="phone"):
        taken(phone=phone)


def test_names_and_letters_are_cleaned_and_cut_to_what_a_column_holds() -> None:
    party = taken(name="王\x00" + "长" * 100, email="a@b.c\x07" + "d" * 300, told_how="当面" * 40).rows[
        "intake_party"
    ]
    assert party["name"] == "王" + "长" * 39
    assert (len(party["email"]), len(party["told_how"])) == (120, 30)
    row = taken(language="zh-\x00hans-很长很长", content_type="text/\x00plain")
    assert "\x00" not in row.rows["intake_appeal"]["language"] + row.rows["intake_inbound"]["content_type"]


def test_nothing_of_the_resident_goes_into_the_ledger() -> None:
    fact = taken(text="我叫王小明，电话13800008000", name="王小明", phone="13800008000").facts[0]
    told = str(fact)
    assert "王" not in told
    assert "138" not in told


def test_a_form_is_kept_raw_with_all_its_fields() -> None:
    assert (
        raw_of({"text": "垃圾", "at": AT}).decode() == '{"at": "2026-09-22 10:00:00+08:00", "text": "垃圾"}'
    )


# --- what happens afterwards -------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_raw_payload_is_kept_as_it_came_whatever_was_in_it() -> None:
    raw = b'{"text": "\x00\xff\xfe broken", "x": 1}'
    answer = submit_appeal(replace(PLAIN, key="raw-1", raw=raw), by=SYSTEM, at=AT)
    inbound = Inbound.objects.get(channel="web", key="raw-1")
    assert (bytes(inbound.body), inbound.appeal_id) == (raw, answer.appeal_id)


@pytest.mark.django_db
def test_taking_back_is_noted_once() -> None:
    appeal = appeal_of(at=AT).appeal_id
    first = mark_withdrawn(appeal, reason="好了", by=SYSTEM, at=AT)
    again = mark_withdrawn(appeal, reason="又好了", by=SYSTEM, at=AT + timedelta(hours=1))
    assert first.withdrawn_at == again.withdrawn_at == AT
    kinds = [fact.kind for fact in timeline(f"appeal:{appeal}")]
    assert kinds.count("AppealWithdrawn") == 1


@pytest.mark.django_db
def test_a_renewed_link_counts_its_editions() -> None:
    appeal = appeal_of(at=AT).appeal_id
    for edition in (2, 3):
        assert renew_link(appeal, by=SYSTEM, at=AT).link_edition == edition
    assert Appeal.objects.get(pk=appeal).fact_seq == 4
    assert verify().broken is None
