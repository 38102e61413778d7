"""The address parser on written examples: what is found, how sure it is, and when it rather says nothing."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huying.places.core.addresses import MOST_CHARACTERS, Entry, Gazetteer, Match
from huying.places.core.chinese import numeral
from huying.places.core.entries import NO_MATCH
from huying.places.core.weights import WEIGHTS
from huying.places.tests.core_town import AREAS, PLACES, area, town

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

SURE, LIKELY, DOUBTFUL = 0.8, 0.6, 0.5


def everything(match: Match) -> Iterator[Match]:
    yield match
    yield from match.alternatives


@pytest.mark.parametrize(
    ("text", "entry", "area", "parts"),
    [
        # whole chains, and chains with levels missing
        ("澜江市云栖区松溪街道柳塘社区富润澜庭3栋2单元501", "furun-3", "liutang-1", "3栋2单元501室"),
        ("云栖区松溪街道柳塘社区富润澜庭", "furun", "liutang-1", ""),
        ("松溪街道富润澜庭三号楼", "furun-3", "liutang-1", "3栋"),
        ("柳塘社区富润澜庭", "furun", "liutang-1", ""),
        ("富润澜庭", "furun", "liutang-1", ""),
        ("云栖区青竹社区翠竹雅苑", "cuizhu", "qingzhu", ""),
        ("澜江市望海区港湾街道渔港社区", "yugang", "yugang", ""),
        ("松溪街道柳塘社区", "liutang", "liutang", ""),
        ("云栖区", "yunqi", "yunqi", ""),
        ("柳塘社区第二网格", "liutang-2", "liutang-2", ""),
        ("青竹社区2号网格", "qingzhu-2", "qingzhu-2", ""),
        ("柳塘社区第一网格有人乱停车", "liutang-1", "liutang-1", ""),
        # with and without the generic ending, or with another wording of it
        ("富润澜庭小区", "furun", "liutang-1", ""),
        ("富润澜庭花园", "furun", "liutang-1", ""),
        ("松溪街道办事处", "songxi", "songxi", ""),
        ("松溪街道办", "songxi", "songxi", ""),
        ("松溪街道柳塘", "liutang", "liutang", ""),
        # aliases
        ("澜庭三栋", "furun-3", "liutang-1", "3栋"),
        ("绿荫花园2栋", "lvyin", "heping", "2栋"),
        ("柳塘墟", "liutang", "liutang", ""),
        ("石桥头菜市场地上全是水", "market", "shiqiao", ""),
        # numbers in every writing
        ("富润澜庭叁栋", "furun-3", "liutang-1", "3栋"),
        ("富润澜庭５幢", "furun-5", "liutang-1", "5栋"),
        ("富润澜庭第四号楼二单元", "furun-4", "liutang-1", "4栋2单元"),
        ("富润 澜庭３－２－５０１", "furun-3", "liutang-1", "3栋2单元501室"),
        ("富润澜庭2-1203", "furun-2", "liutang-1", "2栋1203室"),
        ("富润澜庭1#楼", "furun-1", "liutang-1", "1栋"),
        ("富润澜庭的三栋", "furun-3", "liutang-1", "3栋"),
        ("富润澜庭，三栋，二单元", "furun-3", "liutang-1", "3栋2单元"),
        ("柳塘村三巷5号", "village-3-5", "liutang-2", "3巷5号"),
        ("柳塘村3巷五号", "village-3-5", "liutang-2", "3巷5号"),
        ("创业大厦A座1203", "chuangye-a", "shiqiao", "1203室"),
        ("青竹社区锦绣花园二号楼", "jinxiu-q-2", "qingzhu", "2栋"),
        # a building that is not listed: the estate, and the number as it was said
        ("富润澜庭7栋", "furun", "liutang-1", "7栋"),
        ("柳塘村3巷6号", "liutang-v", "liutang", "3巷6号"),
        ("翠竹雅苑十二栋一单元", "cuizhu", "qingzhu", "12栋1单元"),
        # roads and facilities
        ("人民路12号", "renmin", "songxi", "12号"),
        ("人民路十二号旁", "renmin", "songxi", "12号"),
        ("鹤鸣2路", "heming-2", "heming", ""),
        ("鹤鸣二路88号", "heming-2", "heming", "88号"),
        ("柳塘小学门口堵车", "liutang-s", "liutang", ""),
        ("鹤鸣公园的路灯坏了", "heming-p", "qingzhu", ""),
        ("人民路富润澜庭", "furun", "liutang-1", ""),
        ("富润澜庭（人民路12号）", "furun", "liutang-1", ""),
        # words that decide between two estates of one name
        ("松溪街道锦绣花园", "jinxiu-l", "liutang", ""),
        ("鹤鸣街道，锦绣花园", "jinxiu-q", "qingzhu", ""),
        ("青竹社区的锦绣花园3座", "jinxiu-q-3", "qingzhu", "3栋"),
        # in running text
        ("我是柳塘社区富润澜庭的业主，小区垃圾三天没人收", "furun", "liutang-1", ""),
        ("我住在富润澜庭，楼下的3栋2单元有人养鸡", "furun-3", "liutang-1", "3栋2单元"),
        ("关于柳塘社区党群服务中心开放时间的建议", "liutang", "liutang", ""),
        ("尊敬的领导：松溪花园水管爆了，请尽快处理", "songxi-e", "songxi-c", ""),
    ],
)
def test_a_place_is_found_for_sure(text: str, entry: str, area: str, parts: str) -> None:
    match = town().parse(text)
    assert (match.entry, match.area, str(match.parts)) == (entry, area, parts)
    least = LIKELY if "旁" in text else 0.75
    assert match.confidence >= least, match.reasons


@pytest.mark.parametrize(
    ("text", "entry", "reason"),
    [
        ("富润蓝庭5栋漏水", "furun-5", "homophone"),
        ("富润澜亭", "furun", "homophone"),
        ("福润澜庭", "furun", "homophone"),
        ("金玉兰湾", "jinyu", "homophone"),
        ("海悦伴岛公馆", "haiyue", "homophone"),
        ("翠竹雅园", "cuizhu", "homophone"),
        ("翠住雅院3栋", "cuizhu", "homophone"),
        ("金域南湾", "jinyu", "near_homophone"),  # n and l are one sound to many
        ("柳塘社区富润乐庭", "furun", "fuzzy"),
        ("海悦半岛公寓", "haiyue", "fuzzy"),
        ("海悦岛公馆", "haiyue", "fuzzy"),
        ("海悦半岛岛公馆", "haiyue", "fuzzy"),
    ],
)
def test_a_name_written_wrongly_is_found_with_less_confidence(text: str, entry: str, reason: str) -> None:
    match = town().parse(text)
    assert match.entry == entry
    assert reason in match.reasons
    assert 0.25 <= match.confidence < 0.93, "less than a name in full with its building"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "，。！",
        "今天天气不错",
        "我们要和平解决问题",
        "请问社保怎么办理",
        "一栋楼都停电了",
        "3栋2单元501",
        "第一网格",
        "综合医院排队太久",
        "阳光小学门口堵车",
        "13800138000",
        "the lamp in front of my house is broken",
        "小区物业不作为",
        "云",
    ],
)
def test_where_no_place_is_named_none_is_guessed(text: str) -> None:
    assert town().parse(text) == NO_MATCH
    assert not town().parse(text).found


def test_the_same_name_in_two_communities_is_told_with_both_and_little_confidence() -> None:
    match = town().parse("锦绣花园噪音")
    assert match.confidence < DOUBTFUL
    assert "ambiguous" in match.reasons
    assert {found.entry for found in everything(match)} == {"jinxiu-l", "jinxiu-q"}
    assert match.common_area == "yunqi"


def test_a_hint_decides_between_two_places_of_one_name() -> None:
    for hint, entry in (("heming", "jinxiu-q"), ("qingzhu", "jinxiu-q"), ("songxi", "jinxiu-l")):
        match = town().parse("锦绣花园噪音", hint=hint)
        assert match.entry == entry
        assert match.confidence > 0.7
        assert "hint_agrees" in match.reasons


def test_a_hint_elsewhere_lowers_and_an_unknown_one_does_nothing() -> None:
    plain = town().parse("富润澜庭").confidence
    assert town().parse("富润澜庭", hint="liutang").confidence > plain
    assert town().parse("富润澜庭", hint="yugang").confidence < plain
    assert town().parse("富润澜庭", hint="nowhere").confidence == plain


@pytest.mark.parametrize("word", ["对面", "旁边", "附近", "隔壁", "斜对面", "周边", "后面"])
def test_beside_a_place_is_less_sure_than_in_it(word: str) -> None:
    beside, inside = town().parse(f"富润澜庭{word}有人摆摊"), town().parse("富润澜庭有人摆摊")
    assert beside.entry == inside.entry == "furun"
    assert beside.confidence < inside.confidence - 0.2
    assert "relative" in beside.reasons


def test_the_place_itself_wins_over_the_one_it_is_beside() -> None:
    match = town().parse("鹤鸣公园旁边的翠竹雅苑")
    assert match.entry == "cuizhu"
    assert match.confidence > 0.75


@pytest.mark.parametrize(
    "text",
    ["富润澜庭和翠竹雅苑都停水了", "翠竹雅苑、富润澜庭", "人民路与鹤鸣二路交叉口", "松溪街道和鹤鸣街道"],
)
def test_several_places_are_told_and_none_is_sure(text: str) -> None:
    match = town().parse(text)
    assert match.confidence <= DOUBTFUL
    assert "several_places" in match.reasons
    assert match.alternatives
    assert match.common_area == "yunqi"


def test_a_district_the_estate_does_not_lie_in_speaks_against_it() -> None:
    match = town().parse("望海区富润澜庭")
    assert match.confidence < LIKELY
    assert {found.entry for found in everything(match)} == {"wanghai", "furun"}


@pytest.mark.parametrize("text", ["龙田街道富润澜庭", "远山市天河区富润澜庭"])
def test_an_area_the_town_does_not_know_makes_the_name_less_sure(text: str) -> None:
    match = town().parse(text)
    assert match.entry == "furun"
    assert match.confidence < town().parse("富润澜庭").confidence - 0.1
    assert "unknown_area_named" in match.reasons


def test_a_name_that_goes_on_to_name_something_else_is_not_taken_for_the_place() -> None:
    assert not town().parse("柳塘派出所").found
    longer = town().parse("富润澜庭幼儿园")
    assert longer.entry == "furun"
    assert longer.confidence < town().parse("富润澜庭").confidence - 0.1


def test_two_characters_alone_are_doubted_and_believed_behind_their_street() -> None:
    alone, led = town().parse("柳塘"), town().parse("松溪街道柳塘")
    assert alone.entry == led.entry == "liutang"
    assert alone.confidence < DOUBTFUL
    assert led.confidence > SURE


def test_one_stem_of_many_places_means_the_area_that_holds_them() -> None:
    match = town().parse("松溪")
    assert match.entry == "songxi"
    assert match.confidence < DOUBTFUL


def test_a_late_passing_mention_is_less_sure_than_an_early_one() -> None:
    filler = "小区物业不作为，" * 40
    assert town().parse(filler + "富润澜庭").confidence < town().parse("富润澜庭" + filler).confidence


def test_spans_show_what_was_read_as_it_was_written() -> None:
    text = "家住 柳塘社区，富润　澜庭叁号楼２单元，对面"
    match = town().parse(text)
    assert [(text[span.start : span.end], span.what, span.entry) for span in match.spans] == [
        ("柳塘社区", "name", "liutang"),
        ("富润　澜庭", "name", "furun"),
        ("叁号楼２单元", "part", "furun-3"),
        ("对面", "near", None),
    ][: len(match.spans)]
    assert len(match.spans) >= 3


def test_the_limit_counts_the_best_reading_in() -> None:
    text = "富润澜庭、云水谣小区、翠竹雅苑、金域蓝湾"
    assert len(town().parse(text, limit=1).alternatives) == 0
    assert len(town().parse(text).alternatives) == 2
    assert len(town().parse(text, limit=10).alternatives) == 3


@pytest.mark.parametrize(
    "text", ["鹤鸣公园旁边的鹤鸣二路", "鹤鸣二路近鹤鸣公园", "鹤鸣二路靠近鹤鸣公园", "鹤鸣二路鹤鸣公园路段"]
)
def test_a_landmark_only_says_whereabouts_on_a_road(text: str) -> None:
    match = town().parse(text)
    assert match.entry == "heming-2"
    assert match.confidence > 0.75
    assert "several_places" not in match.reasons


@pytest.mark.parametrize("text", ["最近富润澜庭总停水", "富润澜庭路灯坏了", "富润澜庭路边停满了车"])
def test_words_that_only_look_like_a_place_word_change_nothing(text: str) -> None:
    assert town().parse(text).confidence == town().parse("富润澜庭").confidence


def test_an_estate_in_several_grids_is_placed_in_the_community_that_holds_them() -> None:
    spread = Gazetteer(
        [
            area("c", 3, "听涛社区"),
            area("g-1", 4, "听涛社区第一网格", "c"),
            area("g-2", 4, "听涛社区第二网格", "c"),
            Entry("x", "estate", 5, "听涛雅居", (), "g-1"),
            Entry("x-1", "building", 6, "听涛雅居1栋", (), "g-1"),
            Entry("x-2", "building", 6, "听涛雅居2栋", (), "g-2"),
        ]
    )
    assert spread.parse("听涛雅居").area == "c"
    assert spread.parse("听涛雅居2栋").area == "g-2"
    assert spread.parse("听涛雅居3栋").area == "c"


@pytest.mark.parametrize(
    "text", ["富润澜庭1栋、2栋都停水", "富润澜庭1栋到3栋停电", "富润澜庭一号楼和二号楼之间", "富润澜庭1-3栋"]
)
def test_several_buildings_mean_their_estate(text: str) -> None:
    match = town().parse(text)
    assert match.entry == "furun"
    assert str(match.parts) == ""


def test_a_tower_is_found_without_its_letter() -> None:
    assert town().parse("创业大厦电梯坏了").entry == "chuangye-a"


by_id = {entry.id: entry for entry in [*AREAS, *PLACES]}
written_buildings = st.sampled_from(
    ["{0}栋", "{0}号楼", "{0}幢", "{0}座", "{0}#", "{1}栋", "{1}号楼", "第{1}栋"]
)


def outer_names(entry: Entry) -> list[str]:
    """Return the names of the areas an entry lies in, the widest first."""
    names: list[str] = []
    parent = entry.parent
    while parent is not None:
        names.insert(0, by_id[parent].name)
        parent = by_id[parent].parent
    return names


@settings(deadline=None)
@given(st.sampled_from([*AREAS, *PLACES]), st.data())
def test_a_rendered_address_finds_its_entry(entry: Entry, data: st.DataObject) -> None:
    outer = outer_names(entry)
    kept = [name for name in outer[:-1] if data.draw(st.booleans())] + outer[-1:]
    joint = data.draw(st.sampled_from(["", "，", " ", "、"]))
    before, behind = data.draw(st.sampled_from([("", ""), ("投诉：", "，请处理"), ("我在", "发现问题。")]))
    match = town().parse(before + joint.join([*kept, entry.name]) + behind)
    assert match.entry == entry.id
    assert match.confidence > LIKELY or "ambiguous" in match.reasons


@settings(deadline=None)
@given(st.integers(1, 5), written_buildings, st.sampled_from(["", "小区", " ", "，", "的"]))
def test_every_writing_of_a_building_finds_it(number: int, written: str, joint: str) -> None:
    text = "富润澜庭" + joint + written.format(number, numeral(number)) + "漏水"
    assert town().parse(text).entry == f"furun-{number}"


@settings(deadline=None)
@given(
    st.text(max_size=80) | st.text(alphabet="松溪柳塘富润澜庭锦绣花园街道社区3三栋号，对面的", max_size=60)
)
def test_any_text_gets_a_sound_answer(text: str) -> None:
    match = town().parse(text)
    assert match == town().parse(text)
    confidences = [found.confidence for found in match.alternatives]
    assert confidences == sorted(confidences, reverse=True)
    for found in everything(match):
        assert 0 <= found.confidence <= 1
        assert found.entry is None or found.entry in by_id
        for span in found.spans:
            assert 0 <= span.start < span.end <= len(text)
    assert (match.entry is None) == (match == NO_MATCH)


@settings(deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_entries_does_not_matter(chance: random.Random) -> None:
    shuffled = [*AREAS, *PLACES]
    chance.shuffle(shuffled)
    other = Gazetteer(shuffled)
    for text in (
        "锦绣花园",
        "柳塘",
        "松溪街道富润蓝庭3栋",
        "翠竹雅苑和富润澜庭",
        "海悦岛公馆",
        "第二网格柳塘社区",
    ):
        assert other.parse(text) == town().parse(text)


@pytest.mark.parametrize(
    "piece", ["一", "1", "，", "3栋", "富润澜庭3栋", "松溪", "富润乐庭，", "云水窑小区", "a", "\u0301"]
)
def test_a_very_long_text_is_read_and_answered(piece: str) -> None:
    text = (piece * MOST_CHARACTERS)[: MOST_CHARACTERS + 500]
    assert 0 <= town().parse(text).confidence <= 1


def test_what_lies_beyond_the_longest_text_is_not_read() -> None:
    assert not town().parse("。" * MOST_CHARACTERS + "富润澜庭").found


def test_every_reason_but_the_doubts_has_a_weight() -> None:
    reasons = {
        reason
        for text in (
            "锦绣花园对面",
            "松溪街道富润蓝庭9栋",
            "望海区富润澜庭",
            "人民路与鹤鸣二路",
            "柳塘",
            "澜庭三栋",
        )
        for found in everything(town().parse(text))
        for reason in found.reasons
    }
    assert reasons - set(WEIGHTS) == {"ambiguous", "several_places"}


def test_a_gazetteer_of_nothing_finds_nothing() -> None:
    empty = Gazetteer([])
    assert empty.parse("富润澜庭") == NO_MATCH
    assert empty.search("富润") == []
    assert len(empty) == 0


def test_a_broken_tree_is_refused() -> None:
    with pytest.raises(ValueError, match="same id"):
        Gazetteer([area("a", 1, "甲区"), area("a", 1, "乙区")])
    with pytest.raises(ValueError, match="lies in itself"):
        Gazetteer([area("a", 1, "甲区", "b"), area("b", 2, "乙街道", "a")])
    with pytest.raises(ValueError, match="lies in itself"):
        Gazetteer([area("a", 1, "甲区", "a")])


def test_an_entry_with_an_unknown_parent_is_still_found() -> None:
    orphan = Gazetteer([Entry("x", "estate", 5, "听涛雅居", (), "gone")])
    match = orphan.parse("听涛雅居3栋")
    assert (match.entry, match.area, match.common_area) == ("x", None, None)
    assert orphan.entry("x").name == "听涛雅居"


def test_a_cell_named_after_its_buildings_is_found_by_any_of_them() -> None:
    gazetteer = Gazetteer(
        [
            area("c", 3, "听涛社区"),
            area("c-1", 6, "听涛雅居1—3栋格", "c"),
            Entry("x", "estate", 5, "听涛雅居", (), "c"),
        ]
    )
    for number in ("一栋", "2号楼", "３幢"):
        match = gazetteer.parse("听涛雅居" + number)
        assert (match.entry, match.area, match.common_area) == ("x", "c-1", "c-1")
    assert gazetteer.parse("听涛雅居四栋").area == "c"


@pytest.mark.data
def test_messages_of_another_city_are_hardly_ever_placed_in_this_town() -> None:
    file = Path(__file__).parents[4] / "shared/data/appeals-zh/messages_4326.csv"
    if not file.exists():
        pytest.skip(f"needs the real messages beside the project: {file}")
    with file.open(encoding="utf-8-sig", newline="") as lines:
        texts = [row["留言主题"] + "，" + row["留言详情"] for row in csv.DictReader(lines)]
    placed = [text for text in texts if town().parse(text).confidence >= DOUBTFUL]
    assert len(placed) < len(texts) / 50
