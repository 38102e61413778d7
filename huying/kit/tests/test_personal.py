"""What points at a person is hidden for reading, taken out for good, and ordinary numbers are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huying.kit.personal import mask_words, strip_words

WRITTEN = (
    "13800138000", "138 0013 8000", "138-0013-8000", "+86 13800138000", "１３８００１３８０００",
    "440399199001011234", "44039919900101123X", "0755-22345678", "li.hua@example.org", "A123456(7)",
)  # fmt: skip
ORDINARY = ("3栋的电梯停了2天", "工单GD2611270000012", "110 119 12345", "2026年11月27日10:30", "1200平方米")


@pytest.mark.parametrize("number", WRITTEN)
def test_a_number_of_a_person_is_hidden_and_can_be_taken_out(number: str) -> None:
    text = f"请回复{number}，谢谢"
    for without in (mask_words(text), strip_words(text)):
        assert number not in without
        assert without.startswith("请回复")
        assert without.endswith("，谢谢")
    assert "*" in mask_words(text)


@pytest.mark.parametrize("text", ORDINARY)
def test_other_numbers_stay(text: str) -> None:
    assert mask_words(text) == text
    assert strip_words(text) == text


def test_ends_stay_for_reading_and_names_keep_their_first_character() -> None:
    assert mask_words("李小花13800138000", names=("李小花",)) == "李**138****8000"
    assert "李小花" not in strip_words("李小花说公厕很脏", names=("李小花",))
    assert mask_words("李家村", names=("李",)) == "李家村"


CHINESE = st.text("的路灯坏了请来修一下谢谢", max_size=30)


@given(CHINESE, st.from_regex(r"\A1[3-9][0-9]{9}\Z"), CHINESE)
def test_no_mobile_number_survives_between_any_words(before: str, number: str, after: str) -> None:
    text = f"{before}{number}{after}"
    assert number not in strip_words(text)
    assert number not in mask_words(text)


@given(st.text(max_size=200))
def test_what_is_masked_stays_masked(text: str) -> None:
    assert mask_words(mask_words(text)).count("\n") == text.count("\n")
