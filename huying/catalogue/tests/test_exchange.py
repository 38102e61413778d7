"""The catalogue as a table: read in the shapes towns have, told line by line, written out and read again."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from huying.catalogue.exchange import COLUMNS, ReadCatalogue, lines_of, read_catalogue
from huying.catalogue.models import Item
from huying.catalogue.queries import published
from huying.kit.tabular import read_table, write_csv, write_xlsx
from huying.testing.refusals import refused

if TYPE_CHECKING:
    from collections.abc import Sequence

FIELDS = (
    "code", "parent_code", "level", "is_leaf", "name", "name_en", "keywords", "examples", "kind", "grade",
    "handle_amount", "handle_unit", "urgent", "public", "opening", "closing", "basis", "lead", "assists",
    "fallback",
)  # fmt: skip


def read(text: str | bytes, name: str = "items.csv") -> ReadCatalogue:
    data = text if isinstance(text, bytes) else text.encode()
    with read_table(data, name=name) as table:
        return read_catalogue(table)


def seen(items: Sequence[Item]) -> list[tuple[object, ...]]:
    return [tuple(getattr(item, field) for field in FIELDS) for item in items]


def problems(found: ReadCatalogue) -> dict[int, str]:
    return {problem.line: problem.reason for problem in found.problems}


# --- one line an item --------------------------------------------------------------------------------
def test_lines_with_codes_become_a_tree_and_leaves_are_known() -> None:
    found = read("code,parent,name\n01,,环境\n0101,01,垃圾\n010101,0101,垃圾堆放\n0102,01,积水\n")
    assert found.problems == []
    assert [(item.code, item.level, item.is_leaf) for item in found.items] == [
        ("01", 1, False), ("0101", 2, False), ("010101", 3, True), ("0102", 2, True),
    ]  # fmt: skip
    plain = found.items[3]
    assert (plain.grade, plain.handle_amount, plain.handle_unit) == ("C", 7, "natural_days")
    assert not plain.urgent


def test_the_columns_may_be_named_in_chinese_and_stand_in_any_order() -> None:
    found = read(
        "事项名称,编码,上级编码,关键词,分级,处置时限,时限单位,紧急,可公开,主办,协办\n"
        "环境,01,,,,,,,,,\n垃圾,0101,01,垃圾|臭,B,2,natural_hours,是,√,sanitation,city| east \n"
    )
    item = found.items[1]
    assert (item.keywords, item.grade, item.handle_amount, item.handle_unit) == (
        ["垃圾", "臭"], "B", 2, "natural_hours",
    )  # fmt: skip
    assert (item.urgent, item.public, item.lead, item.assists) == (True, True, "sanitation", ["city", "east"])


def test_every_line_is_judged_by_itself() -> None:
    found = read(
        "code,parent,name,grade,handle_amount,handle_unit\n"
        "01,,环境,,,\n"
        ",01,没有编码,,,\n"
        "0101,01,,,,\n"
        "0102,09,父级不存在,,,\n"
        "01,,重复,,,\n"
        "0103,01,等级不对,Z,,\n"
        "0104,01,时限不对,,零,\n"
        "0105,01,时限为零,,0,\n"
        "0106,01,时限太长,,4001,\n"
        "0107,01,单位不对,,,moons\n"
        "0123456789012,01,编码太长,,,\n"
        "0108,01,好的,A,2,natural_hours\n"
        "010801,0108,更细,,,\n"
        "01080101,010801,太深,,,\n"
    )
    assert problems(found) == {
        3: "code_missing", 4: "name_missing", 5: "parent_unknown", 6: "code_twice", 7: "value_unknown",
        8: "not_a_number", 9: "not_a_number", 10: "not_a_number", 11: "value_unknown", 12: "code_too_long",
        15: "too_deep",
    }  # fmt: skip
    assert [item.code for item in found.items] == ["01", "0108", "010801"]
    assert all(problem.sentence for problem in found.problems)


def test_what_lies_under_a_refused_line_is_refused_too() -> None:
    found = read("code,parent,name\n01,,\n0101,01,孤儿\n02,,好的\n")
    assert problems(found) == {2: "name_missing", 3: "parent_unknown"}


def test_a_damaged_line_is_told_and_not_half_taken() -> None:
    wide = read("code,parent,name\n01,,环境\n02,,好,多了一格\n03,,好\n")
    assert [item.code for item in wide.items] == ["01", "03"]
    assert list(problems(wide)) == [3]


def test_long_texts_are_cut_to_what_a_column_holds() -> None:
    found = read(f"code,name,keywords,examples\n01,{'名' * 100},{'词' * 60},{'例' * 400}\n")
    item = found.items[0]
    assert (len(item.name), len(item.keywords[0]), len(item.examples[0])) == (80, 40, 300)


# --- one column a level ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "names", [("一级分类", "二级分类", "三级分类"), ("一级", "二级", "三级"), ("Level1", "level2", "LEVEL3")]
)
def test_another_towns_three_columns_of_names_get_codes_in_order(names: tuple[str, ...]) -> None:
    lines = (
        "建设,住房,漏水",
        "建设,住房,电梯",
        "建设,道路,坑洞",
        "交通,公交,",
        "建设,住房,漏水",
    )
    found = read("\n".join((",".join(names), *lines)))
    assert [(item.code, item.name, item.is_leaf) for item in found.items] == [
        ("01", "建设", False), ("0101", "住房", False), ("010101", "漏水", True), ("010102", "电梯", True),
        ("0102", "道路", False), ("010201", "坑洞", True), ("02", "交通", False), ("0201", "公交", True),
    ]  # fmt: skip
    assert found.problems == []


def test_the_same_name_under_two_parents_is_two_items() -> None:
    found = read("一级,二级\n住房,其他\n道路,其他\n")
    assert [(item.code, item.parent_code) for item in found.items if item.name == "其他"] == [
        ("0101", "01"), ("0201", "02"),
    ]  # fmt: skip


def test_more_than_ninety_nine_siblings_get_codes_none_of_which_begins_another() -> None:
    lines = "\n".join(f"类,第{number}项" for number in range(120))
    found = read(f"一级,二级\n{lines}\n")
    codes = [item.code for item in found.items if item.is_leaf]
    assert (len(codes), len(set(codes)), {len(code) for code in codes}) == (120, 120, {6})
    assert not [(one, other) for one in codes for other in codes if one != other and other.startswith(one)]


def test_a_line_without_a_first_name_is_told() -> None:
    assert problems(read("一级,二级\n类,项\n,孤项\n")) == {3: "name_missing"}


# --- the whole file ----------------------------------------------------------------------------------
def test_a_table_of_something_else_is_refused() -> None:
    with refused("columns_unknown"):
        read("姓名,电话\n王,138\n")
    with refused("catalogue_empty"):
        read("code,name\n,\n01,\n")


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_written_out_reads_the_same(kind: str) -> None:
    items = list(Item.objects.filter(version=published().version_id).order_by("code"))
    file = BytesIO()
    (write_csv if kind == "csv" else write_xlsx)(file, list(COLUMNS), lines_of(items))
    again = read(file.getvalue(), f"items.{kind}")
    assert again.problems == []
    assert seen(again.items) == seen(items)
    assert len(items) > 200


# --- stages and clocks by grade ----------------------------------------------------------------------
STAGED = "停工:4:working_hours:Stop work|处罚:7:working_days:Penalty|拆除:20:工作日"
BY_GRADE = "签收@A：15：分钟|handle@B:1:working_days|contact:2:natural_hours"


def test_an_item_carries_stages_and_clocks_by_grade() -> None:
    found = read(f"code,name,阶段时限,分级时限\n01,违建,{STAGED},{BY_GRADE}\n")
    assert found.problems == []
    assert [(one.order, one.name, one.name_en, one.amount, one.unit) for one in found.stages] == [
        (1, "停工", "Stop work", 4, "working_hours"),
        (2, "处罚", "Penalty", 7, "working_days"),
        (3, "拆除", "", 20, "working_days"),
    ]
    assert [(one.clock, one.grade, one.amount, one.unit) for one in found.limits] == [
        ("sign", "A", 15, "natural_minutes"),
        ("handle", "B", 1, "working_days"),
        ("contact", "", 2, "natural_hours"),
    ]
    assert {stage.item for stage in found.stages} == set(found.items)
    assert {limit.item for limit in found.limits} == set(found.items)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("停工", "stage_unreadable"),
        (":4:working_hours", "stage_unreadable"),
        ("停工:四:working_hours", "not_a_number"),
        ("停工:0:working_hours", "not_a_number"),
        ("停工:99999:natural_minutes", "not_a_number"),
        ("停工:4:moons", "value_unknown"),
        ("|".join(["停工:4:working_hours"] * 10), "too_many_stages"),
    ],
)
def test_a_stage_that_cannot_be_read_is_told(cell: str, reason: str) -> None:
    assert problems(read(f"code,name,stages\n01,违建,{cell}\n02,好的,\n")) == {2: reason}


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("sign@A", "limit_unreadable"),
        ("sign@Z:1:working_days", "limit_unreadable"),
        ("smile:1:working_days", "limit_unreadable"),
        ("sign:1:working_days|签收:2:working_days", "limit_twice"),
    ],
)
def test_a_limit_by_grade_that_cannot_be_read_is_told(cell: str, reason: str) -> None:
    assert problems(read(f"code,name,limits\n01,违建,{cell}\n02,好的,\n")) == {2: reason}


@pytest.mark.parametrize(
    ("word", "kind", "limit"),
    [
        ("复杂", "投诉", (15, "natural_days")),
        ("complex", "", (15, "natural_days")),
        ("水电气热", "", (24, "natural_hours")),
        ("", "咨询", (2, "working_days")),
        ("", "投诉", (7, "natural_days")),
    ],
)
def test_a_word_or_nothing_stands_for_a_clock_of_the_town(
    word: str, kind: str, limit: tuple[int, str]
) -> None:
    item = read(f"code,name,kind,handle_amount\n01,事项,{kind},{word}\n").items[0]
    assert (item.handle_amount, item.handle_unit) == limit
