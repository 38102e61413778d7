"""How much danger is heard in sentences nobody built with, and how often what only sounds like it is."""

import csv
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huying.triage.core import dangermodel
from huying.triage.core.danger import Danger, DangerRules
from huying.triage.core.dangerlearning import fingerprint, learn
from huying.triage.core.dangermodel import NO_DANGER, DangerModel, danger_model, lessons
from huying.triage.core.dangerwatch import DangerWatch
from huying.triage.core.verdict import judge

CORE = Path(dangermodel.__file__).parent
REAL = Path(__file__).parents[4] / "shared" / "data" / "appeals-zh" / "messages_4326.csv"
STARTER = Path(__file__).parents[2] / "catalogue" / "starter" / "danger_phrases.csv"
KEPT_APART = list(
    lessons((Path(__file__).parent / "data" / "danger_kept_apart.txt").read_text(encoding="utf-8"))
)
LESSONS = list(lessons((CORE / "danger_lessons.txt").read_text(encoding="utf-8")))


@cache
def watch() -> DangerWatch:
    with STARTER.open(encoding="utf-8-sig", newline="") as file:
        return DangerWatch(DangerRules.from_rows(csv.DictReader(file)), danger_model())


def found_in(sentences: list[str]) -> list[list[Danger]]:
    return [watch().check(sentence) for sentence in sentences]


def share(found: list[list[Danger]]) -> float:
    return sum(map(bool, found)) / len(found)


DANGERS = [sentence for kind, sentence in KEPT_APART if kind != NO_DANGER]
LOOK_ALIKES = [sentence for kind, sentence in KEPT_APART if kind == NO_DANGER]


def test_at_least_three_hundred_of_each_are_kept_apart_from_the_lessons() -> None:
    assert min(len(set(DANGERS)), len(set(LOOK_ALIKES))) >= 300
    assert not {sentence for _, sentence in LESSONS} & {sentence for _, sentence in KEPT_APART}


def test_of_forty_dangers_thirty_nine_are_heard() -> None:
    assert share(found_in(DANGERS)) >= 0.975


def test_of_a_hundred_look_alikes_fifteen_at_most_show_the_number_and_eight_change_the_grade() -> None:
    found = found_in(LOOK_ALIKES)
    assert share(found) <= 0.15
    assert share([[one for one in dangers if one.sure] for dangers in found]) <= 0.08


def test_most_dangers_are_sure_enough_for_the_gravest_grade() -> None:
    assert share([[one for one in dangers if one.sure] for dangers in found_in(DANGERS)]) >= 0.8


@pytest.mark.parametrize("said", ["我也遇到", "支持", "没人管", "同上", "我家也一样", "谢谢", "急"])
def test_a_few_words_that_name_nothing_are_no_danger(said: str) -> None:
    assert watch().check(said) == []


@pytest.mark.parametrize("said", ["我也遇到了", "煤气味", "救命"])
def test_a_short_cry_is_heard_and_by_words_that_name_nothing_never_surely(said: str) -> None:
    named = said in {"煤气味", "救命"}
    assert all(danger.sure is named for danger in watch().check(said))


def test_whom_to_dial_is_told_for_every_danger_heard() -> None:
    for dangers in found_in(DANGERS):
        assert all(one.emergency_number and one.advice for one in dangers)


def test_the_model_is_the_one_its_lessons_make() -> None:
    assert danger_model().version == f"m{dangermodel.CODE_VERSION}:{fingerprint(LESSONS)[:8]}", (
        "run python scripts/danger_model.py"
    )


def test_learning_twice_gives_the_same() -> None:
    some = LESSONS[::12]
    assert learn(some, [], ["路灯不亮", "垃圾没人收"]) == learn(some, [], ["路灯不亮", "垃圾没人收"])


def test_a_town_without_rules_of_a_kind_hears_nothing_of_it() -> None:
    row = {"key": "fire", "kind": "fire", "phrases": "着火", "emergency_number": "119", "advice": "离开"}
    only_fire = DangerWatch(DangerRules.from_rows([row]), danger_model())
    assert {one.kind for text in DANGERS for one in only_fire.check(text)} == {"fire"}


def test_what_may_be_danger_is_told_to_the_clerk_but_leaves_the_grade() -> None:
    unsure = next(text for text in DANGERS if (found := watch().check(text)) and not found[0].sure)
    judgement = judge(unsure, None, watch(), grade_of=lambda _: "C")
    assert judgement.grade is None
    assert "may_be_danger" in {reason.kind for reason in judgement.why}
    assert judgement.dangers[0].to_json()["sure"] is False


def test_what_the_rules_excuse_is_not_raised_again_by_the_model() -> None:
    assert not any(one.sure for one in watch().check("去年小区着火烧了几辆车，要求赔偿"))


def test_a_long_letter_is_heard_as_a_whole_and_not_by_its_loudest_sentence() -> None:
    """That one sentence of forty sounds like danger by chance must not raise an alarm."""
    heard = {text: watch().check(text) for text in LOOK_ALIKES}
    sounds = next(text for text, found in heard.items() if found and found[0].by_model)
    letter = "。".join(["关于我们小区停车位的分配，希望物业能给一个说法"] * 20)
    assert watch().check(sounds)
    assert not watch().check(f"{letter}。{sounds}。{letter}")


@pytest.mark.data
def test_real_letters_seldom_raise_an_alarm_the_rules_did_not() -> None:
    if not REAL.is_file():
        pytest.skip("the real messages are not beside the project (../shared/data/appeals-zh)")
    with REAL.open(encoding="utf-8-sig", newline="") as file:
        texts = [f"{row['留言主题']}\n{row['留言详情']}" for row in csv.DictReader(file)]
    with STARTER.open(encoding="utf-8-sig", newline="") as file:
        rules = DangerRules.from_rows(csv.DictReader(file))
    heard = [found for text in texts if not rules.check(text) and (found := watch().check(text))]
    assert share([[one for one in found if one.sure] for found in heard]) * len(heard) / len(texts) <= 0.002
    assert len(heard) / len(texts) <= 0.035


@given(st.text(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_text_can_be_listened_to_and_places_fit(text: str) -> None:
    for danger in watch().check(text):
        assert 0 <= danger.start < danger.end <= len(text)


def test_a_model_of_nothing_hears_nothing() -> None:
    state = learn([("fire", "着火了"), ("fire", "着火啦"), (NO_DANGER, "路灯不亮")], [], ["路灯坏了"])
    assert DangerModel({**state, "may_be_at": 99}).hear("着火了") == []


@pytest.mark.parametrize("text", ["", " ", "\n", "😀", "a" * 5000, "。" * 100])
def test_nothing_is_heard_in_nothing(text: str) -> None:
    assert watch().check(text) == []
