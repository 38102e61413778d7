"""Which items are mistaken for each other, and the words that tell them apart."""

from __future__ import annotations

from huying.triage.core.telling import confusions, telling_words

NOISE = ["楼下工地半夜打桩太吵", "工地施工噪音打桩声不断", "半夜工地打桩睡不着"]
DUST = ["工地扬尘没有洒水", "渣土车扬尘满街都是", "工地不洒水扬尘很大"]


def test_words_that_tell_are_common_in_one_and_rare_in_the_other() -> None:
    noise, dust = telling_words(NOISE, DUST)
    assert "打桩" in noise
    assert "扬尘" in dust
    assert noise.index("打桩") < noise.index("工地")


def test_a_word_of_one_resident_is_never_shown() -> None:
    noise, _ = telling_words([*NOISE, "张桂芳家门口打桩"], DUST)
    assert not any("桂芳" in word for word in noise)


def test_pairs_are_counted_both_ways_and_the_worst_comes_first() -> None:
    judged = [
        *((text, "noise", "dust") for text in NOISE[:2]),
        *((text, "dust", "noise") for text in DUST),
        *(("路灯不亮了", "lamp", "road") for _ in range(3)),
        ("水管漏水", "water", ""),
        ("噪音", "noise", "noise"),
    ]
    found = confusions(judged)
    assert [(pair.first, pair.second, pair.n) for pair in found] == [
        ("dust", "noise", 5),
        ("lamp", "road", 3),
    ]
    assert found[0].share == round(5 / 6, 4)
    assert "扬尘" in found[0].words_first


def test_few_slips_make_no_pair() -> None:
    assert confusions([("半夜打桩", "noise", "dust")] * 2) == []
