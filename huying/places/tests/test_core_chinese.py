"""Folding: what is written in many ways looks the same, and is found again in the original."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huying.places.core.chinese import (
    _SoundTable,
    fold,
    fold_name,
    initials,
    mixed_sound,
    number_of,
    numeral,
    pinyin,
    same_sound,
    sound_code,
    syllables,
)
from huying.places.core.parts import building_key, range_keys, whole_parts


@pytest.mark.parametrize(
    "written",
    [
        "三栋",
        "3栋",
        "3号楼",
        "３幢",
        "叁栋",
        "3#",
        "3#楼",
        "3座",
        "第3栋",
        "第三号楼",
        "3号栋",
        "03栋",
        " 3 栋 ",
        "3棟",
    ],
)
def test_all_ways_to_write_the_third_building_are_one(written: str) -> None:
    assert fold_name(written) == "3栋"
    assert building_key(written) == "3栋"


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("十二栋", "12栋"),
        ("一百零三号楼", "103栋"),
        ("二十一单元", "21单元"),
        ("五零一房", "501室"),
        ("幺零二室", "102室"),
        ("三楼", "3层"),
        ("A座", "a栋"),
        ("Ｂ２栋", "b2栋"),
        ("二期", "2期"),
        ("三巷５号", "3巷5号"),
        ("人民二路", "人民2路"),
        ("第三网格", "3网格"),
        ("3号网格", "3网格"),
        ("富润，澜庭", "富润,澜庭"),
        ("富润 澜庭", "富润澜庭"),
        ("“富润澜庭”", "富润澜庭"),
        ("富润·澜庭", "富润澜庭"),
        ("1—3栋格", "1-3栋格"),
        ("一行\n两行", "一行,两行"),
    ],
)
def test_a_name_is_folded(written: str, folded: str) -> None:
    assert fold_name(written) == folded


@pytest.mark.parametrize(
    "text", ["两栋楼", "一栋楼", "一栋栋", "3座位", "一路上", "三联社区", "八一南昌", "2房东", "地铁3号线"]
)
def test_counts_and_words_are_left_alone(text: str) -> None:
    assert fold_name(text) == text


@settings(deadline=None)
@given(st.text())
def test_every_folded_character_points_into_the_original(text: str) -> None:
    folded = fold(text)
    assert len(folded.starts) == len(folded.ends) == len(folded.text)
    assert list(folded.starts) == sorted(folded.starts)
    assert list(folded.ends) == sorted(folded.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(folded.starts, folded.ends, strict=True))


@settings(deadline=None)
@given(st.text(alphabet="三十二百零3０栋座号楼单元室#，, -a云溪", max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold_name(fold_name(text)) == fold_name(text)


def test_a_folded_piece_is_shown_as_it_was_written() -> None:
    text = "云溪　花园第十二号楼"
    folded = fold(text)
    at = folded.text.index("12栋")
    start, end = folded.original_span(at, at + 3)
    assert text[start:end] == "第十二号楼"


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=99_999_999))
def test_a_number_survives_being_said_in_chinese(number: int) -> None:
    assert number_of(numeral(number)) == number


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=99_999))
def test_a_number_said_digit_by_digit_is_read(number: int) -> None:
    assert number_of("".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))) == number


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("十", 10),
        ("一百三", 130),
        ("一百零三", 103),
        ("一百一十三", 113),
        ("两千零五", 2005),
        ("一万二", 12_000),
        ("廿一", 21),
        ("叁拾贰", 32),
        ("", None),
        ("三栋", None),
        ("abc", None),
    ],
)
def test_numerals_are_read_as_they_are_spoken(said: str, number: int | None) -> None:
    assert number_of(said) == number


@settings(deadline=None)
@given(st.text(alphabet="零一二三四五六七八九十百千万廿卅两幺", max_size=12))
def test_any_run_of_numerals_gets_an_answer(text: str) -> None:
    number = number_of(text)
    assert number is None or number >= 0


def test_numbers_beyond_a_hundred_million_have_no_numeral_here() -> None:
    with pytest.raises(ValueError, match="no numeral"):
        numeral(100_000_000)


@pytest.mark.parametrize(
    ("name", "sound", "letters"),
    [
        ("马峦街道", "maluanjiedao", "mljd"),
        ("沙坣社区", "shatangshequ", "stsq"),
        ("重庆路", "chongqinglu", "cql"),
        ("绿荫里", "lvyinli", "lyl"),
        ("A座3栋", "azuo3dong", "az3d"),
        ("富润·澜庭（北区）", "furunlantingbeiqu", "frltbq"),
        ("大厦", "dasha", "ds"),
        ("", "", ""),
    ],
)
def test_names_have_pinyin_and_initials(name: str, sound: str, letters: str) -> None:
    assert pinyin(name) == sound
    assert initials(name) == letters


@settings(deadline=None)
@given(st.text(alphabet="云溪锦绣花园重长曾厝垵A3栋，", max_size=12))
def test_there_is_one_initial_for_each_syllable(name: str) -> None:
    assert len(initials(name)) == len(syllables(name))


def test_sounds_that_are_mixed_up_count_as_one() -> None:
    assert mixed_sound("zhang") == mixed_sound("zan")
    assert mixed_sound("ning") == mixed_sound("lin")
    assert mixed_sound("shi") != mixed_sound("xi")
    assert sound_code("富润蓝庭") == sound_code("富润澜亭")
    assert sound_code("富润澜庭") != sound_code("富润乐庭")
    assert len(sound_code("A座-富润")) == len("A座-富润")


def test_same_sound_means_exactly_the_same_syllables() -> None:
    assert same_sound("富润蓝亭", "富润澜庭")
    assert not same_sound("富论澜庭", "富润澜庭")
    assert not same_sound("富润", "富润澜庭")
    assert same_sound("常安花园", "长安花园")


def test_ranges_of_buildings_are_told_apart_from_buildings() -> None:
    assert range_keys("1-3栋格") == ["1栋", "2栋", "3栋"]
    assert range_keys("a1-a2栋") == ["a1栋", "a2栋"]
    assert range_keys("3栋") == range_keys("3-1栋") == range_keys("1-900栋") == []


def test_parts_are_read_only_when_there_is_nothing_else() -> None:
    parts = whole_parts(fold_name("二期三号楼2单元五楼501房"))
    assert parts is not None
    assert (parts.phase, parts.building, parts.unit, parts.floor, parts.room) == (
        "2期",
        "3栋",
        "2单元",
        "5层",
        "501室",
    )
    assert str(parts) == "2期3栋2单元5层501室"
    assert whole_parts("3栋的猫") is None
    assert building_key("二单元") is None


def test_the_codes_of_sounds_never_run_out_however_often_a_town_is_read_anew() -> None:
    table = _SoundTable()
    first = table.code("deng")
    for _ in range(200_000):
        assert table.code("deng") == first
    assert table.code("den") == first, "mixed-up sounds are alike"
    assert ord(table.code("lu")) == ord(first) + 1
