"""Dates and crowds a text names: what is read, and what is only a date or a number."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huying.triage.core.reading import Mass, deadlines, mass, number_of, read

FRIDAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("请明天上午10点前修好", date(2026, 11, 28)),
        ("下周一高考，工地别吵了", date(2026, 11, 30)),
        ("3天内给我答复", date(2026, 11, 30)),
        ("务必十二日内办好", date(2026, 12, 9)),
        ("12月1日前要交材料", date(2026, 12, 1)),
        ("1月5号截止报名", date(2027, 1, 5)),
        ("最迟后天要通水", date(2026, 11, 29)),
        ("赶在周日之前清走", date(2026, 11, 29)),
        ("要求24小时内处理", date(2026, 11, 28)),
        ("希望下下周三前装好", date(2026, 12, 9)),
    ],
)
def test_a_day_asked_for_is_read(text: str, on: date) -> None:
    assert [one.on for one in deadlines(text, on=FRIDAY)] == [on]


@pytest.mark.parametrize(
    "text",
    [
        "上周一停水",
        "物业承诺12月1日前修好",
        "合同约定2027年1月5日前交房",
        "规定30日内答复",
        "他们要求业主3天内交钱",
        "我申请的退款于12月6日处理完毕",
        "2018年12月31日前要完成的路还没修",
        "三天内坏了两次",
        "今天又停水了",
        "11月3日施工队来过",
        "周三买的菜坏了",
        "2月30日前",
        "去年9月1日前后",
    ],
)
def test_a_day_that_is_only_told_is_no_deadline(text: str) -> None:
    assert deadlines(text, on=FRIDAY) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("我们三十多户都没水", Mass(30, "户", ())),
        ("120名工人停工讨薪", Mass(120, "工人", ("停工讨薪",))),
        ("业主准备集体上访", Mass(0, "", ("集体上访",))),
        ("小区2500多户业主都等着", Mass(2500, "户", ())),
        ("共有180户1000余人受影响", Mass(1000, "人", ())),
        ("几十个家长聚集在学校门口", Mass(10, "家长", ("聚集在学校门口",))),
        ("楼上两户漏水", None),
        ("我是5栋904业主", None),
        ("垃圾聚集散发异味", None),
        ("2500户及以上的小区应配建小学", None),
        ("请问我该怎么维权", None),
        ("村集体土地被占", None),
        ("路灯不亮", None),
    ],
)
def test_a_matter_of_many_is_told_with_its_count(text: str, found: Mass | None) -> None:
    assert mass(text) == found


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("请12月3日上午10点前修好", time(10)),
        ("请12月3日下午三点半之前送到", time(15, 30)),
        ("务必12月3日18:30前通水", time(18, 30)),
        ("请12月3日前修好", None),
        ("请12月3日99点前修好", None),
    ],
)
def test_the_hour_asked_for_is_read_with_its_day(text: str, by: time | None) -> None:
    assert [(one.on, one.by) for one in deadlines(text, on=FRIDAY)] == [(date(2026, 12, 3), by)]


@given(st.text(max_size=120), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_any_text_can_be_read_and_no_deadline_lies_before_the_appeal(text: str, on: date) -> None:
    assert all(one.on >= on and text[one.start : one.end] == one.words for one in deadlines(text, on=on))
    mass(text)


def test_what_was_read_is_kept_as_plain_values_and_nothing_as_nothing() -> None:
    asked = read("我们187户停水，请12月3日上午10点前修好", on=FRIDAY).to_json()
    assert asked == {
        "days": [{"on": "2026-12-03", "by": "10:00", "words": "12月3日上午10点"}],
        "count": 187, "unit": "户", "words": [],
    }  # fmt: skip
    assert read("路灯不亮", on=FRIDAY).to_json() == {}


@given(st.integers(1, 90))
def test_so_many_days_are_so_many_days(days: int) -> None:
    assert deadlines(f"请{days}天内处理", on=FRIDAY)[0].on == FRIDAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("words", "number"), [("十", 10), ("二十三", 23), ("一百二十", 120), ("两千", 2000), ("7", 7)]
)
def test_numerals_are_numbers(words: str, number: int) -> None:
    assert number_of(words) == number
