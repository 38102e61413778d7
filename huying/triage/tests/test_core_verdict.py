"""The judgement: when a machine decides, when a person must, and that nothing breaks an appeal."""

import json
import logging
from collections.abc import Iterable

import pytest

from huying.triage.core.danger import Danger, DangerRules
from huying.triage.core.reasons import Reason, reasons_from_json, reasons_to_json
from huying.triage.core.textmodel import Suggestion, TextModel
from huying.triage.core.verdict import Judgement, judge, judge_many

from .little_catalogue import little_catalogue

MODEL = TextModel.build(little_catalogue(), version="1")
RULES = DangerRules.from_rows(
    [
        {
            "key": "fire",
            "kind": "fire",
            "phrases": "着火了",
            "not_phrases": "",
            "emergency_number": "119",
            "advice": "离开",
        }
    ]
)
CLEAR = "整条巷子的路灯不亮"
VAGUE = "这里的晚上有点问题，路过的车很多"


def grade_of(code: str) -> str:
    return {"0201": "C"}[code]


class BrokenModel:
    version = "broken-1"

    def predict(self, text: str, limit: int = 3) -> list[Suggestion]:
        raise ZeroDivisionError(f"words of a resident: {text}, {limit}")

    def predict_many(self, texts: Iterable[str], limit: int = 3) -> list[list[Suggestion]]:
        raise ZeroDivisionError(f"words of residents: {list(texts)}, {limit}")


class StumblingModel(BrokenModel):
    """Fails over a batch and over one certain text, like a real bug would."""

    version = "stumbling-1"

    def predict(self, text: str, limit: int = 3) -> list[Suggestion]:
        return super().predict(text) if "坏" in text else MODEL.predict(text, limit)


class ForgetfulModel(StumblingModel):
    version = "forgetful-1"

    def predict_many(self, texts: Iterable[str], limit: int = 3) -> list[list[Suggestion]]:
        return MODEL.predict_many(list(texts)[1:], limit)


class BrokenRules:
    version = "broken-rules-1"

    def check(self, text: str) -> list[Danger]:
        raise RuntimeError(text)


def test_a_clear_text_is_decided_with_its_grade_and_reasons() -> None:
    judgement = judge(CLEAR, MODEL, RULES, grade_of=grade_of, threshold=0.5)
    assert judgement.decided
    assert (judgement.item_code, judgement.grade) == ("0201", "C")
    assert judgement.confidence == judgement.suggestions[0].confidence >= 0.5
    assert judgement.why == judgement.suggestions[0].reasons
    assert (judgement.model_version, judgement.rules_version) == (MODEL.version, RULES.version)


def test_below_the_threshold_a_person_decides_among_the_suggestions() -> None:
    judgement = judge(CLEAR, MODEL, RULES, grade_of=grade_of, threshold=0.999)
    assert not judgement.decided
    assert (judgement.item_code, judgement.grade) == (None, None)
    assert judgement.suggestions[0].code == "0201"
    assert judgement.why[0].kind == "below_threshold"
    assert judgement.why[0].text.endswith("< 0.999")
    assert judgement.why[0].weight == judgement.confidence


@pytest.mark.parametrize("text", ["", "😀", "qqq"])
def test_a_text_without_evidence_goes_to_a_person(text: str) -> None:
    judgement = judge(text, MODEL, RULES, grade_of=grade_of)
    assert not judgement.decided
    assert judgement.why == (Reason("no_evidence", ""),)
    assert judgement.confidence == 0


def test_danger_makes_grade_a_at_once_decided_or_not() -> None:
    decided = judge(f"{CLEAR}，着火了", MODEL, RULES, grade_of=grade_of, threshold=0.3)
    assert decided.decided
    assert (decided.grade, decided.why[0]) == ("A", Reason("danger", "着火了", 1.0))
    undecided = judge("着火了", MODEL, RULES, grade_of=grade_of)
    assert not undecided.decided
    assert undecided.grade == "A"
    assert undecided.dangers[0].emergency_number == "119"


def test_a_broken_model_leaves_the_dangers_and_a_person() -> None:
    judgement = judge("着火了，" + CLEAR, BrokenModel(), RULES, grade_of=grade_of)
    assert not judgement.decided
    assert (judgement.grade, judgement.confidence, judgement.suggestions) == ("A", 0.0, ())
    assert Reason("model_failed", "ZeroDivisionError") in judgement.why
    assert judgement.model_version == "broken-1"


def test_a_broken_danger_list_leaves_the_suggestions_and_a_person() -> None:
    judgement = judge(CLEAR, MODEL, BrokenRules(), grade_of=grade_of, threshold=0.1)
    assert not judgement.decided
    assert judgement.suggestions[0].code == "0201"
    assert judgement.why[0] == Reason("rules_failed", "RuntimeError")


def test_without_model_and_list_a_person_decides() -> None:
    judgement = judge(CLEAR, None, None, grade_of=grade_of)
    assert not judgement.decided
    assert [one.kind for one in judgement.why] == ["model_failed", "rules_failed"]


def test_an_item_without_a_grade_goes_to_a_person() -> None:
    judgement = judge("楼下广场舞的音响太吵", MODEL, RULES, grade_of=grade_of, threshold=0.1)
    assert not judgement.decided
    assert judgement.item_code is None
    assert judgement.why[0] == Reason("grade_unknown", "0402")


def test_the_model_is_not_started_when_the_time_is_used_up_but_dangers_stand() -> None:
    ticks = iter([0.0, 0.5])
    late = judge("着火了", MODEL, RULES, grade_of=grade_of, budget_seconds=0.2, clock=lambda: next(ticks))
    assert late.why == (Reason("danger", "着火了", 1.0), Reason("too_slow", "0.2 s"))
    assert late.grade == "A"
    assert judge(CLEAR, MODEL, RULES, grade_of=grade_of, threshold=0.1, budget_seconds=60).decided


def test_many_are_judged_as_each_alone() -> None:
    texts = [CLEAR, VAGUE, "", "着火了", "楼下广场舞的音响太吵"] * 3
    together = judge_many(texts, MODEL, RULES, grade_of=grade_of, threshold=0.5)
    assert together == [judge(text, MODEL, RULES, grade_of=grade_of, threshold=0.5) for text in texts]
    assert judge_many([], MODEL, RULES, grade_of=grade_of) == []


@pytest.mark.parametrize("model", [StumblingModel(), ForgetfulModel()], ids=["raises", "answers too little"])
def test_one_text_that_breaks_the_model_does_not_spoil_the_batch(model: StumblingModel) -> None:
    good, bad = judge_many([CLEAR, "井盖坏了"], model, RULES, grade_of=grade_of, threshold=0.5)
    assert good.decided
    assert bad.why == (Reason("model_failed", "ZeroDivisionError"),)


def test_failures_are_logged_with_their_place_but_without_the_resident_s_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        judge("我的电话是秘密", BrokenModel(), RULES, grade_of=grade_of)
    assert "ZeroDivisionError at test_core_verdict.py" in caplog.text
    assert "秘密" not in caplog.text


def test_a_judgement_is_kept_as_json_and_equal_judgements_give_equal_json() -> None:
    def written(text: str) -> str:
        return json.dumps(judge(text, MODEL, RULES, grade_of=grade_of, threshold=0.5).to_json())

    for text in (CLEAR, VAGUE, "", "着火了"):
        assert written(text) == written(text)
    kept = json.loads(written(f"{CLEAR}着火了"))
    assert set(kept) == set(Judgement.__dataclass_fields__)
    assert kept["dangers"] == [{"kind": "fire", "rule": "fire", "phrase": "着火了", "start": 9, "end": 12}]
    assert reasons_from_json(kept["why"])[0] == Reason("danger", "着火了", 1.0)


def test_reasons_survive_the_way_to_the_database_and_back() -> None:
    reasons = MODEL.predict(CLEAR)[0].reasons
    assert reasons_from_json(json.loads(json.dumps(reasons_to_json(reasons)))) == reasons


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"kind": "guess", "text": "x", "weight": 1},
        {"kind": "words", "text": 1, "weight": 1},
        {"kind": "words", "text": "x", "weight": "1"},
        {"kind": ["words"], "text": "x", "weight": 1},
    ],
)
def test_what_is_no_reason_is_refused(value: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not a reason"):
        Reason.from_json(value)
