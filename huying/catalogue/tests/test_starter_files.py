"""The starter catalogue is whole: every item can be recognised, given to a role, timed and closed."""

import csv
import io
from collections import Counter
from functools import cache
from importlib.resources import files

import pytest
from numpy import argwhere, triu, uint8
from rapidfuzz import fuzz, process

ITEM_COLUMNS = [
    "code",
    "parent",
    "level",
    "name",
    "name_en",
    "keywords",
    "examples",
    "kind",
    "grade",
    "handle_amount",
    "handle_unit",
    "urgent",
    "public",
    "opening",
    "closing",
    "basis",
    "lead",
    "assists",
    "fallback",
]
KINDS = {"咨询", "求助", "投诉", "举报", "建议"}
UNITS = {"natural_hours", "working_hours", "urgent_hours", "working_days", "natural_days"}
LONGEST_UNITS_IN_HOURS = {"natural_hours": 1, "urgent_hours": 1, "working_hours": 3, "working_days": 24}
FILES = ("items.csv", "duty_roles.csv", "statutory_routes.csv", "danger_phrases.csv")

Row = dict[str, str]


def _text(name: str) -> str:
    return files("huying.catalogue").joinpath("starter", name).read_bytes().decode("utf-8")


def _rows(name: str) -> list[Row]:
    return list(csv.DictReader(io.StringIO(_text(name), newline="")))


@pytest.fixture(scope="module")
def items() -> list[Row]:
    return _rows("items.csv")


@pytest.fixture(scope="module")
def leaves(items: list[Row]) -> list[Row]:
    return [row for row in items if row["level"] == "3"]


@pytest.fixture(scope="module")
def roles() -> set[str]:
    return {row["key"] for row in _rows("duty_roles.csv")}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_plain_utf_8_with_unix_lines(name: str) -> None:
    text = _text(name)
    assert not text.startswith("\ufeff")
    assert "\r" not in text
    assert text.endswith("\n")


@pytest.mark.parametrize("name", FILES)
def test_every_row_is_as_wide_as_its_header_and_free_of_stray_blanks(name: str) -> None:
    header, *rows = csv.reader(io.StringIO(_text(name), newline=""))
    assert [len(row) for row in rows] == [len(header)] * len(rows)
    assert [cell for row in rows for cell in row if cell != cell.strip()] == []


@pytest.mark.parametrize("name", FILES)
def test_no_list_within_a_cell_has_an_empty_or_repeated_entry(name: str) -> None:
    for row in _rows(name):
        for column in ("keywords", "examples", "assists", "phrases", "not_phrases"):
            entries = row.get(column, "").split("|") if row.get(column) else []
            assert all(entries), (row, column)
            assert len(set(entries)) == len(entries), (next(iter(row.values())), column)


def test_the_columns_are_those_the_import_reads(items: list[Row]) -> None:
    assert list(items[0]) == ITEM_COLUMNS


def test_there_are_enough_classes_and_items(items: list[Row]) -> None:
    counts = Counter(row["level"] for row in items)
    assert counts["1"] >= 20
    assert counts["2"] >= 65
    assert counts["3"] >= 230


def test_codes_are_unique_and_say_their_level_and_parent(items: list[Row]) -> None:
    codes = [row["code"] for row in items]
    assert len(set(codes)) == len(codes)
    for row in items:
        assert row["code"].isdigit()
        assert len(row["code"]) == 2 * int(row["level"])
        assert row["parent"] == row["code"][:-2]
        assert row["parent"] == "" or row["parent"] in set(codes)


def test_every_group_has_something_in_it(items: list[Row]) -> None:
    parents = {row["parent"] for row in items}
    assert [row["code"] for row in items if row["level"] != "3" and row["code"] not in parents] == []


def test_names_are_unique_in_both_languages(items: list[Row]) -> None:
    for column in ("name", "name_en"):
        assert [name for name, times in Counter(row[column] for row in items).items() if times > 1] == []
        assert all(row[column] for row in items)


def test_groups_say_nothing_that_only_items_can(items: list[Row]) -> None:
    silent = set(ITEM_COLUMNS) - {"code", "parent", "level", "name", "name_en", "keywords"}
    assert [row["code"] for row in items if row["level"] != "3" and any(row[name] for name in silent)] == []


def test_every_item_says_all_it_must(leaves: list[Row]) -> None:
    for row in leaves:
        assert all(row[column] for column in ITEM_COLUMNS if column != "assists"), row["code"]


def test_every_item_has_five_to_twelve_keywords(leaves: list[Row]) -> None:
    for row in leaves:
        keywords = row["keywords"].split("|")
        assert 5 <= len(keywords) <= 12, row["code"]
        assert all(2 <= len(word) <= 20 for word in keywords), row["code"]


def test_no_keyword_is_claimed_by_many_items(leaves: list[Row]) -> None:
    claims = Counter(word for row in leaves for word in row["keywords"].split("|"))
    assert [word for word, times in claims.items() if times > 4] == []


def test_every_item_has_three_examples_or_more_of_a_speakable_length(leaves: list[Row]) -> None:
    for row in leaves:
        examples = row["examples"].split("|")
        assert len(examples) >= 3, row["code"]
        assert [text for text in examples if not 12 <= len(text) <= 60] == []


def test_no_example_appears_twice(leaves: list[Row]) -> None:
    spoken = Counter(text for row in leaves for text in row["examples"].split("|"))
    assert [text for text, times in spoken.items() if times > 1] == []


def test_examples_do_not_all_begin_alike(leaves: list[Row]) -> None:
    openings = Counter(text[:3] for row in leaves for text in row["examples"].split("|"))
    _, most = openings.most_common(1)[0]
    assert most <= 0.02 * sum(openings.values())


def test_kinds_grades_and_units_are_known(leaves: list[Row]) -> None:
    for row in leaves:
        assert row["kind"] in KINDS
        assert row["grade"] in set("ABCD")
        assert row["handle_unit"] in UNITS
        assert 1 <= int(row["handle_amount"]) <= 72
        assert {row["urgent"], row["public"]} <= {"yes", "no"}


def test_danger_to_life_is_dealt_with_in_two_hours_and_nothing_trivial_is_urgent(leaves: list[Row]) -> None:
    for row in leaves:
        if row["grade"] == "A":
            assert (row["handle_amount"], row["handle_unit"]) == ("2", "natural_hours"), row["code"]
        assert row["urgent"] == "yes" or row["grade"] in "CD", row["code"]
        assert row["urgent"] == "no" or row["grade"] != "D", row["code"]


def test_the_more_pressing_grade_never_has_days_to_wait(leaves: list[Row]) -> None:
    for row in leaves:
        if row["grade"] == "B":
            hours = int(row["handle_amount"]) * LONGEST_UNITS_IN_HOURS[row["handle_unit"]]
            assert hours <= 24, row["code"]


def test_items_name_roles_that_exist_and_no_role_twice(leaves: list[Row], roles: set[str]) -> None:
    for row in leaves:
        named = [row["lead"], *(row["assists"].split("|") if row["assists"] else [])]
        assert {*named, row["fallback"]} <= roles, row["code"]
        assert len(set(named)) == len(named), row["code"]
        assert row["fallback"] != row["lead"], row["code"]


def test_every_role_has_work_and_a_level(leaves: list[Row], roles: set[str]) -> None:
    busy = {row["lead"] for row in leaves} | {role for row in leaves for role in row["assists"].split("|")}
    assert roles - busy - {"street-office", "community"} == set()
    assert {row["level"] for row in _rows("duty_roles.csv")} == {"district", "street", "community"}
    assert all(row["about"] for row in _rows("duty_roles.csv"))


def test_what_is_private_by_nature_is_never_public(leaves: list[Row]) -> None:
    private = ("工资", "家庭", "轻生", "心理", "医疗纠纷", "骚扰", "低保", "违纪", "家暴", "吸毒", "社保")
    assert [
        row["name"] for row in leaves if row["public"] == "yes" and any(w in row["name"] for w in private)
    ] == []


def test_a_basis_is_the_name_of_a_rule(leaves: list[Row]) -> None:
    assert [row["code"] for row in leaves if not (row["basis"][0] == "《" and row["basis"][-1] == "》")] == []


def test_opening_and_closing_are_one_sentence_each(leaves: list[Row]) -> None:
    for row in leaves:
        for column in ("opening", "closing"):
            assert row[column].count("。") == 1, row["code"]
            assert row[column].endswith("。"), row["code"]


def test_statutory_routes_have_one_helpful_sentence() -> None:
    routes = _rows("statutory_routes.csv")
    assert {"litigation", "labour-arbitration", "supervision", "police-110", "mediation"} <= {
        row["key"] for row in routes
    }
    for row in routes:
        assert 20 <= len(row["about"]) <= 80, row["key"]
        assert row["about"].count("。") == 1, row["key"]


@cache
def _danger_rows() -> list[tuple[str, list[str], list[str]]]:
    return [
        (row["kind"], row["phrases"].split("|"), [text for text in row["not_phrases"].split("|") if text])
        for row in _rows("danger_phrases.csv")
    ]


def _alarms(text: str) -> set[str]:
    """Return the kinds of danger a text names outside of look-alikes (triage reads more around them)."""
    found = set()
    for kind, phrases, look_alikes in _danger_rows():
        rest = text
        for look_alike in look_alikes:
            rest = rest.replace(look_alike, "\n")
        if any(phrase in rest for phrase in phrases):
            found.add(kind)
    return found


def test_every_row_gives_a_number_and_one_calm_sentence() -> None:
    for row in _rows("danger_phrases.csv"):
        assert any(number in row["emergency_number"] for number in ("110", "119", "120", "122")), row["key"]
        assert row["advice"].count("。") == 1, row["key"]
        assert "！" not in row["advice"], row["key"]


def test_look_alikes_contain_a_phrase_they_stand_in_for() -> None:
    for row in _rows("danger_phrases.csv"):
        phrases = row["phrases"].split("|")
        for look_alike in filter(None, row["not_phrases"].split("|")):
            assert any(phrase in look_alike for phrase in phrases), (row["key"], look_alike)
            assert look_alike not in phrases, (row["key"], look_alike)


def test_almost_every_example_of_a_deadly_matter_is_noticed(leaves: list[Row]) -> None:
    spoken = [text for row in leaves if row["grade"] == "A" for text in row["examples"].split("|")]
    missed = [text for text in spoken if not _alarms(text)]
    assert len(missed) <= 0.2 * len(spoken), missed


def test_hardly_any_example_of_an_ordinary_matter_is_taken_for_danger(leaves: list[Row]) -> None:
    spoken = [text for row in leaves if row["grade"] in "CD" for text in row["examples"].split("|")]
    alarmed = [text for text in spoken if _alarms(text)]
    assert len(alarmed) <= 0.01 * len(spoken), alarmed


@pytest.mark.parametrize(
    "text",
    [
        "这个月燃气费怎么这么贵，能不能查一下",
        "请问煤气公司营业时间是几点到几点",
        "楼下火锅店的味道飘到我家里来了",
        "小区明天的消防演习几点开始",
        "服装店门口天天喊跳楼价大甩卖",
        "想在阳台装一个漏电保护器，找谁装",
        "孩子成绩滑坡，学校有没有辅导",
        "井盖太响了，晚上睡不着",
        "坐着火车回老家，社保怎么转",
        "沙发用了一年就塌陷，商家不退",
        "游乐园跳楼机排队两小时没人管",
        "希望在水库边立个防溺水的牌子",
    ],
)
def test_what_only_sounds_like_danger_is_let_pass(text: str) -> None:
    assert _alarms(text) == set()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("我家厨房一股煤气味，是不是煤气漏了", "gas"),
        ("三楼着火了还有人没下来", "fire"),
        ("家里着火了怎么办，快来人", "fire"),
        ("有人从楼上往下扔砖头", "falling"),
        ("路灯杆漏电，刚才有小孩被电到", "exposed_wires"),
        ("马路上塌了个大洞", "collapse"),
        ("水已经漫进一楼，老人出不来", "flood"),
        ("我和孩子困在电梯里了", "trapped"),
        ("人行道上井盖不见了", "missing_cover"),
        ("有个孩子落水了，快救人", "drowning"),
        ("我真的不想活了", "self_harm"),
        ("他拿着刀在外面踹门", "violence"),
        ("路边老人晕倒了没有呼吸", "medical"),
        ("我奶奶老人走失了，有老年痴呆", "missing_person"),
        ("油罐车侧翻，味道很冲", "chemical"),
    ],
)
def test_a_cry_for_help_is_heard(text: str, kind: str) -> None:
    assert kind in _alarms(text)


def test_no_example_is_another_one_with_a_word_or_two_swapped(leaves: list[Row]) -> None:
    spoken = [text for row in leaves for text in row["examples"].split("|")]
    likeness = process.cdist(spoken, spoken, scorer=fuzz.ratio, score_cutoff=75, dtype=uint8)
    close = argwhere(triu(likeness, k=1))
    assert [(spoken[one], spoken[other]) for one, other in close] == []
