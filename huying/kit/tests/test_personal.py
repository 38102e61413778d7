"""What points at a person is found in the ways people write it, and ordinary numbers are left alone."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huying.kit.personal import mask_words, strip_words

WRITTEN = (
    "13800138000", "138 0013 8000", "138-0013-8000", "+86 13800138000", "８６１３８００１３８０００",
    "tel13800138000x",
    "440399199001011234", "44039919900101123X", "6222021234567890123", "0755-12345678", "li.hua@example.org",
    "E12345678", "A123456(7)", "幺三八零零幺三八零零零",
)  # fmt: skip


ORDINARY = ("3栋的电梯停了2天", "工单GD2611270000012", "110 119 12345", "2026年11月27日10:30", "1200平方米")


@pytest.mark.parametrize("number", WRITTEN)
def test_a_number_of_a_person_is_hidden_and_can_be_taken_out(number: str) -> None:
    text = f"请回复{number}，谢谢"
    assert number not in mask_words(text)
    assert "*" in mask_words(text)
    assert strip_words(text) == "请回复＊＊＊，谢谢" or number.startswith("tel")


@pytest.mark.parametrize(
    "text",
    ["3栋的电梯停了2天", "工单GD2611270000012", "110 119 12345", "2026年11月27日10:30", "面积1200平方米"],
)
def test_other_numbers_stay(text: str) -> None:
    assert mask_words(text) == text
    assert strip_words(text) == text


def test_ends_stay_for_reading_and_names_keep_their_first_character() -> None:
    assert mask_words("李小花13800138000", names=("李小花",)) == "李**138****8000"
    assert strip_words("李小花住1204室", names=("李小花",)) == "＊＊＊住＊＊＊"
    assert mask_words("李家村", names=("李",)) == "李家村"


@given(st.text(max_size=40), st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.text(max_size=40))
def test_no_mobile_number_survives_between_any_words(before: str, number: str, after: str) -> None:
    text = f"{before} {number} {after}"
    assert number not in re.sub(r"\s", "", strip_words(text)) or number in re.sub(r"\s", "", before + after)
    assert f" {number} " not in mask_words(text)


@given(st.text(max_size=200))
def test_what_is_taken_out_stays_out(text: str) -> None:
    once = strip_words(text)
    assert strip_words(once) == once
