"""The text model: what it suggests, how sure it is, why, and that it always says the same."""

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huying.triage.core.itemtext import ItemText, JudgedText
from huying.triage.core.ridge import Ridge
from huying.triage.core.textmodel import JUDGED_CHARS, TextModel

from .little_catalogue import little_catalogue

MODEL = TextModel.build(little_catalogue(), version="1")
CODES = {item.code for item in little_catalogue()}
DATA = Path(__file__).parents[4] / "shared" / "data" / "appeals-zh"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("我家楼下的垃圾没人收，味道很大", "0101"),
        ("公厕里面太脏了，根本进不去", "0102"),
        ("一到晚上小贩就占道经营", "0103"),
        ("巷子里的路灯不亮，走路害怕", "0201"),
        ("井盖没有了，很危险", "0202"),
        ("这条路坑坑洼洼，到处是大坑", "0203"),
        ("我们单元电梯坏了一直没人修", "0301"),
        ("物业费收得太高，不合理", "0302"),
        ("下雨屋顶漏水", "0303"),
        ("工地夜间施工太吵", "0401"),
        ("广场舞的音响太吵了", "0402"),
        ("楼下饭店油烟很大", "0403"),
    ],
)
def test_a_plain_matter_is_put_under_its_item(text: str, code: str) -> None:
    assert MODEL.predict(text)[0].code == code


def test_courtesy_around_the_matter_changes_nothing() -> None:
    text = (
        "尊敬的领导，您好！我是幸福花园的居民，打扰了。我们这里的井盖坏了。希望有关部门尽快处理，非常感谢！"
    )
    assert MODEL.predict(text)[0].code == "0202"


def test_traditional_characters_and_full_width_forms_are_understood() -> None:
    assert MODEL.predict("樓下廣場舞的音響太吵")[0].code == "0402"
    assert [one.code for one in MODEL.predict("電梯壞了！")] == [
        one.code for one in MODEL.predict("电梯坏了!")
    ]


@pytest.mark.parametrize(
    "text", ["", "   \n", "😀😀😀🏠", "。。。！！！", "\x00\x00", "\ud800", "zzz qqq", "12345678"]
)
def test_a_text_that_shares_nothing_with_the_catalogue_gets_no_suggestion(text: str) -> None:
    assert MODEL.predict(text) == []


def test_english_is_judged_where_the_catalogue_knows_english_words() -> None:
    items = [*little_catalogue(), ItemText("0501", ("噪音", "Noise"), ("noise", "loud music"))]
    model = TextModel.build(items, version="1")
    assert model.predict("There is loud MUSIC in the park every night")[0].code == "0501"
    assert model.predict("路灯 not working, 不亮 at night")[0].code == "0201"


def test_of_a_very_long_text_only_the_beginning_is_judged() -> None:
    head = "电梯坏了没人修。" + "我" * JUDGED_CHARS
    assert MODEL.predict(head + "垃圾" * 300_000) == MODEL.predict(head)


def test_suggestions_come_surest_first_and_are_probabilities() -> None:
    for text in ("小区里又吵又脏，垃圾没人管，晚上还跳舞", "路灯和井盖都坏了", "物业不管电梯"):
        sure = [one.confidence for one in MODEL.predict(text, limit=5)]
        assert sure == sorted(sure, reverse=True)
        assert all(0 <= one <= 1 for one in sure)
        assert sum(sure) <= 1.0001


def test_no_more_suggestions_than_asked_for() -> None:
    assert len(MODEL.predict("路灯和井盖和电梯都坏了", limit=2)) == 2


def test_a_clear_text_is_surer_than_a_vague_one() -> None:
    clear = MODEL.predict("整条巷子的路灯不亮")[0].confidence
    vague = MODEL.predict("这里的晚上不太好")
    assert clear > 0.5
    assert not vague or vague[0].confidence < clear - 0.2


def test_reasons_name_the_keyword_the_words_and_the_nearest_example() -> None:
    reasons = MODEL.predict("我们这条巷子的路灯坏了，晚上看不见路")[0].reasons
    by_kind = {
        kind: [one.text for one in reasons if one.kind == kind] for kind in ("keyword", "words", "example")
    }
    assert by_kind["keyword"] == ["路灯"]
    assert "路灯" in by_kind["words"]
    assert by_kind["example"] == ["这条巷子的路灯坏了十几天，晚上看不见路"]
    assert all(one.weight > 0 for one in reasons)


def test_every_suggestion_has_a_reason() -> None:
    for text in ("楼下很吵", "有人摆摊还有油烟", "漏水了", "施工", "坏了"):
        for one in MODEL.predict(text):
            assert one.reasons, (text, one)


def test_many_texts_at_once_are_judged_as_each_alone() -> None:
    pool = [example for item in little_catalogue() for example in item.examples]
    texts = [f"{one}，{pool[-place]}，{pool[place * 7 % 48]}" for place in range(48) for one in pool[::3]]
    texts += ["", "😀"]
    together = MODEL.predict_many(texts)
    assert len(together) == len(texts)
    assert together[::50] == [MODEL.predict(text) for text in texts[::50]]
    assert together[-2:] == [[], []]


def test_the_same_catalogue_gives_the_same_model_whatever_its_order() -> None:
    items = little_catalogue()
    again = TextModel.build(reversed(items), version="1")
    assert again.version == MODEL.version
    assert again.predict("路灯和井盖") == MODEL.predict("路灯和井盖")


def test_the_version_changes_with_any_word_of_the_catalogue() -> None:
    items = little_catalogue()
    items[0] = ItemText(items[0].code, items[0].names, (*items[0].keywords, "垃圾桶"), items[0].examples)
    other = TextModel.build(items, version="2")
    assert other.version != MODEL.version
    assert other.version.startswith("tfidf-1:")
    assert other.catalogue_version == "2"


def test_a_catalogue_of_names_alone_suggests_but_is_never_sure() -> None:
    model = TextModel.build([ItemText(item.code, item.names) for item in little_catalogue()], version="1")
    first = model.predict("小区的路灯不亮了")[0]
    assert first.code == "0201"
    assert first.confidence <= 0.5
    assert model.thresholds() == ()


def test_an_item_without_examples_is_never_sure_beside_others_with_examples() -> None:
    items = [*little_catalogue(), ItemText("0501", ("共享单车乱停放", "交通"), ("共享单车", "单车乱停"))]
    first = TextModel.build(items, version="1").predict("共享单车乱停，单车乱停放")[0]
    assert first.code == "0501"
    assert first.confidence <= 0.5


def test_a_single_item_can_be_learnt() -> None:
    model = TextModel.build([ItemText("1", ("路灯",))], version="1")
    assert model.predict("路灯坏了")[0].code == "1"


@pytest.mark.parametrize(
    "items",
    [[], [ItemText("1", ("a",)), ItemText("1", ("b",))], [ItemText("1", ())], [ItemText("1", ("  ",))]],
    ids=["no items", "a code twice", "no name", "blank name"],
)
def test_a_catalogue_that_cannot_be_learnt_is_refused(items: list[ItemText]) -> None:
    with pytest.raises(ValueError, match=r"item"):
        TextModel.build(items, version="1")


def test_the_proof_counts_examples_and_its_thresholds_trade_coverage_for_accuracy() -> None:
    proof = MODEL.proof
    assert proof.examples == sum(len(item.examples) for item in little_catalogue())
    item, parent, top = proof.level_shares
    assert 0.4 < item <= parent <= top <= 1
    assert proof.top_three_share >= item
    shares = [figure.decided_share for figure in proof.thresholds]
    assert shares == sorted(shares, reverse=True)
    asked = proof.threshold_for(0.9)
    assert asked is not None
    assert proof.threshold_for(0.5) is not None
    assert asked >= (proof.threshold_for(0.5) or 0)


def test_real_outcomes_replace_the_examples_as_the_measure_of_confidence() -> None:
    texts = [example for item in little_catalogue() for example in item.examples]
    wrong = [
        JudgedText(f"{text}，请处理", "0101") for text in texts
    ]  # a town where everything ends as rubbish
    humbled = TextModel.build(little_catalogue(), version="1", judged=wrong)
    assert humbled.version != MODEL.version
    assert humbled.proof.examples == len(wrong)
    text = "整条街的路灯都不亮"
    assert humbled.predict(text)[0].confidence < MODEL.predict(text)[0].confidence - 0.3


def test_texts_decided_from_a_confidence_on_are_right_at_least_that_often() -> None:
    for figure in MODEL.proof.thresholds:
        assert figure.right_share >= figure.threshold - 0.05


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_text_can_be_judged(text: str) -> None:
    for one in MODEL.predict(text):
        assert one.code in CODES
        assert 0 <= one.confidence <= 1


def test_leaving_texts_out_by_formula_equals_fitting_without_them() -> None:
    rng = np.random.default_rng(1)
    points = rng.normal(size=(9, 6))
    likeness, targets = points @ points.T, rng.normal(size=(9, 3))
    softness = np.full(9, 0.7)
    out = [np.array([2]), np.array([1, 4, 5])]
    quick = Ridge(likeness.copy(), targets, softness).scores_without(likeness[[2, 4]], out)
    for row, (text, block) in enumerate(zip([2, 4], out, strict=True)):
        keep = np.setdiff1d(np.arange(9), block)
        slow = Ridge(likeness[np.ix_(keep, keep)], targets[keep], softness[keep])
        assert np.allclose(quick[row], likeness[text, keep] @ slow.weights)


@pytest.mark.data
def test_another_towns_catalogue_of_names_alone_finds_the_class_of_most_real_messages() -> None:
    if not DATA.is_dir():
        pytest.skip("the real messages are not beside the project (../shared/data/appeals-zh)")
    with (DATA / "category_system_517.csv").open(encoding="utf-8-sig", newline="") as file:
        names = [tuple(reversed(list(row.values()))) for row in csv.DictReader(file)]
    model = TextModel.build([ItemText(f"{n:04}", name) for n, name in enumerate(names)], version="517")
    tops = {f"{n:04}": name[-1] for n, name in enumerate(names)}
    with (DATA / "labelled_2700.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    guesses = model.predict_many([row["text"] for row in rows], limit=1)
    found = Counter(
        bool(guess) and tops[guess[0].code] == row["label"] for guess, row in zip(guesses, rows, strict=True)
    )
    assert found[True] / len(rows) > 0.58  # fifteen classes, nothing but their names known
    assert all(guess[0].confidence <= 0.5 for guess in guesses if guess)
