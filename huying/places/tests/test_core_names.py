"""Names of estates, roads, schools and firms, found without a gazetteer; every sentence is made up."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huying.places.core.names import names_in


def found(text: str) -> list[tuple[str, str]]:
    return [(named.text, named.kind) for named in names_in(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("我住在碧澜湾小区，楼下烧烤太吵", [("碧澜湾小区", "estate")]),
        ("翠湖花园物业乱收费", [("翠湖花园", "estate")]),
        ("青岚滨河苑的电梯坏了", [("青岚滨河苑", "estate")]),
        ("星澜国际G2栋漏水", [("星澜国际", "estate")]),
        ("解放东路和韶山大道路口的红绿灯坏了", [("解放东路", "road"), ("韶山大道", "road")]),
        ("孩子在育才实验小学读书", [("育才实验小学", "school")]),
        ("举报宏泰机电有限公司拖欠工资", [("宏泰机电有限公司", "firm")]),
        ("梅溪公园的长椅断了", [("梅溪公园", "facility")]),
        ("家住A市A3区西湖街道茶场村五组", [("西湖街道", "area"), ("茶场村", "area")]),
    ],
)
def test_a_name_is_found_with_its_kind(text: str, names: list[tuple[str, str]]) -> None:
    assert found(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "我们小区的物业不管事",
        "希望相关公司尽快处理",
        "这条路上没有路灯",
        "本村村民都反对",
        "附近的学校放学时太堵",
        "整个公交线路都改了",
        "请问医保怎么报销",
        "",
    ],
)
def test_what_only_says_a_kind_is_no_name(text: str) -> None:
    assert found(text) == []


def test_words_before_a_name_are_no_part_of_it() -> None:
    for before in ("投诉", "位于", "关于", "我家在", "请求解决", "经过"):
        assert found(f"{before}碧澜湾小区的噪音问题")[0][0] == "碧澜湾小区"


@given(st.text(max_size=200))
def test_names_lie_in_the_text_in_order_and_apart(text: str) -> None:
    names = names_in(text)
    assert all(text[named.start : named.end] == named.text for named in names)
    assert all(one.end <= other.start for one, other in pairwise(names))
    assert names == names_in(text)
