"""Search while typing: by name, alias, pinyin, initials and code, in the order people expect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huying.places.core.chinese import initials, pinyin
from huying.places.tests.core_town import AREAS, PLACES, town

if TYPE_CHECKING:
    from huying.places.core.addresses import Entry


def ids(words: str, limit: int = 10) -> list[str]:
    return [entry.id for entry in town().search(words, limit)]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("富润", "furun"),
        ("富润澜庭", "furun"),
        ("furun", "furun"),
        ("FuRunLanTing", "furun"),
        ("frlt", "furun"),
        ("澜庭", "furun"),
        ("sxjd", "songxi"),
        ("songxijiedao", "songxi"),
        ("440398", "yunqi"),
        ("440398001", "songxi"),
        ("松溪", "songxi"),
        ("鹤园", "heming-p"),
        ("heming2lu", "heming-2"),
        ("富润澜庭三栋", "furun-3"),
        ("富润澜庭3号楼", "furun-3"),
        ("富润3栋", "furun-3"),
        ("澜庭三栋", "furun-3"),
        ("锦绣花园2栋", "jinxiu-q-2"),
        ("青竹 锦绣", "jinxiu-q"),
        ("锦绣 柳塘", "jinxiu-l"),
        ("柳塘村3巷五号", "village-3-5"),
        ("liutang xiaoxue", "liutang-s"),
        ("ltxx", "liutang-s"),
    ],
)
def test_the_entry_meant_comes_first(words: str, first: str) -> None:
    assert ids(words)[0] == first


def test_areas_come_before_estates_and_estates_before_buildings() -> None:
    found = ids("柳塘")
    assert found[0] == "liutang"
    assert found.index("liutang-v") < found.index("liutang-s") < found.index("village-3-5")


def test_a_number_is_no_piece_of_a_longer_number() -> None:
    assert "jinxiu-q-1" not in ids("锦绣花园 0398")
    assert ids("富润 13栋") == []


@pytest.mark.parametrize("words", ["", "  ", "，", "不存在的地方", "xyzzy", "富润 青竹"])
def test_what_fits_nothing_finds_nothing(words: str) -> None:
    assert ids(words) == []


def test_no_more_is_returned_than_asked() -> None:
    assert len(ids("l", limit=3)) == 3
    assert ids("l", limit=0) == []
    assert ids("l", limit=-1) == []


@settings(deadline=None)
@given(st.sampled_from([*AREAS, *PLACES]), st.data())
def test_every_entry_is_found_by_any_beginning_of_its_name_pinyin_and_initials(
    entry: Entry, data: st.DataObject
) -> None:
    key = data.draw(st.sampled_from([entry.name, pinyin(entry.name), initials(entry.name), *entry.aliases]))
    cut = data.draw(st.integers(1, len(key)))
    assert entry.id in ids(key[:cut], limit=100)


@settings(deadline=None)
@given(st.text(max_size=20))
def test_any_words_get_an_answer(words: str) -> None:
    assert len(ids(words)) <= 10
