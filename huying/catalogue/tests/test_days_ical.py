"""Days from iCalendar files, as Apple, ministries and phones write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huying.catalogue.days_ical import read_ical
from huying.kit.errors import Refusal
from huying.testing.refusals import refused


def calendar(*events: str) -> bytes:
    body = "\r\n".join(
        f"BEGIN:VEVENT\r\nUID:{n}@test\r\n{event}\r\nEND:VEVENT" for n, event in enumerate(events)
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//\r\n{body}\r\nEND:VCALENDAR\r\n".encode()


def test_holidays_and_make_up_days_are_told_by_their_words() -> None:
    read = read_ical(
        calendar(
            "DTSTART;VALUE=DATE:20270206\r\nDTEND;VALUE=DATE:20270209\r\nSUMMARY:春节（休）",
            "DTSTART;VALUE=DATE:20271009\r\nSUMMARY:国庆节（班）",
            "DTSTART;VALUE=DATE:20270101\r\nDURATION:P2D\r\nSUMMARY:元旦 放假",
            "DTSTART;VALUE=DATE:20270405\r\nSUMMARY:Qingming\r\nCATEGORIES:Holiday",
        )
    )
    assert read.problems == []
    assert [(day.on.isoformat(), day.kind, day.name) for day in read.days] == [
        ("2027-01-01", "holiday", "元旦 放假"),
        ("2027-01-02", "holiday", "元旦 放假"),
        ("2027-02-06", "holiday", "春节"),
        ("2027-02-07", "holiday", "春节"),
        ("2027-02-08", "holiday", "春节"),
        ("2027-04-05", "holiday", "Qingming"),
        ("2027-10-09", "makeup", "国庆节"),
    ]


def test_apples_own_property_goes_before_the_words() -> None:
    read = read_ical(
        calendar(
            "DTSTART;VALUE=DATE:20270206\r\nSUMMARY:春节\r\nX-APPLE-SPECIAL-DAY:WORK-HOLIDAY",
            "DTSTART;VALUE=DATE:20270220\r\nSUMMARY:春节（休）\r\nX-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY",
        )
    )
    assert [day.kind for day in read.days] == ["holiday", "makeup"]


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ("DTSTART;VALUE=DATE:20270308\r\nSUMMARY:妇女节", "neither_off_nor_worked"),
        ("DTSTART:20270308T010000Z\r\nSUMMARY:会议（休）", "not_a_whole_day"),
        ("DTSTART;VALUE=DATE:20270308\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:元旦（休）", "event_repeats"),
        ("DTSTART;VALUE=DATE:20270308\r\nDTEND;VALUE=DATE:20280308\r\nSUMMARY:长（休）", "event_too_long"),
        ("DTSTART;VALUE=DATE:20270308\r\nDTEND;VALUE=DATE:20270308\r\nSUMMARY:空（休）", "event_too_long"),
        ("DTSTART;VALUE=DATE:20270308\r\nDURATION:PT1H\r\nSUMMARY:时（休）", "event_too_long"),
        ("SUMMARY:没有日期（休）", "not_a_whole_day"),
        ("DTSTART;VALUE=DATE:99990101\r\nSUMMARY:远（休）", "event_too_long"),
    ],
)
def test_an_event_that_is_no_day_is_told_and_the_rest_is_taken(event: str, reason: str) -> None:
    read = read_ical(calendar(event, "DTSTART;VALUE=DATE:20270101\r\nSUMMARY:元旦（休）"))
    assert [(problem.line, problem.reason) for problem in read.problems] == [(1, reason)]
    assert [day.on for day in read.days] == [date(2027, 1, 1)]


def test_the_same_day_twice_counts_once_unless_it_is_two_things() -> None:
    off = "DTSTART;VALUE=DATE:20270101\r\nSUMMARY:元旦（休）"
    assert len(read_ical(calendar(off, off)).days) == 1
    read = read_ical(calendar(off, "DTSTART;VALUE=DATE:20270101\r\nSUMMARY:元旦（班）"))
    assert [problem.reason for problem in read.problems] == ["day_given_twice"]


@pytest.mark.parametrize("data", [b"", b"hello", b"\xff\xfe\x00", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"])
def test_what_is_no_calendar_is_refused(data: bytes) -> None:
    with pytest.raises(Refusal):
        read_ical(data)
    with refused("no_days"):
        read_ical(calendar().replace(b"\r\n\r\n", b"\r\n"))


@given(st.binary(max_size=400), st.integers(0, 200))
def test_any_bytes_are_refused_or_read(noise: bytes, at: int) -> None:
    whole = calendar("DTSTART;VALUE=DATE:20270101\r\nSUMMARY:元旦（休）")
    for data in (noise, whole[:at] + noise + whole[at:]):
        try:
            read = read_ical(data)
        except Refusal:
            continue
        assert read.days or read.problems
