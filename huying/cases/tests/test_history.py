"""What staff read of a case: every kind of fact has its words, in every language."""

from __future__ import annotations

import re
from dataclasses import fields
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone, translation

from huying.cases import facts as case_facts
from huying.cases.actions import move_case
from huying.cases.history import STAFF, FactLike, tell_fact
from huying.cases.told import Told
from huying.feedback import facts as feedback_facts
from huying.feedback.actions import Answer, ask_appellants, rate_reply
from huying.intake import facts as intake_facts
from huying.ledger.chain import FactBody
from huying.ledger.queries import timeline
from huying.testing.cast import appeal_of, case_of, resident, staff
from huying.triage import facts as triage_facts

# Facts of the register of learnt models stand in no case's history.
OF_MODELS = (triage_facts.ModelLearnt, triage_facts.ModelPutInForce, triage_facts.ModelRetired)
LANGUAGES = [code for code, _ in settings.LANGUAGES]
KINDS = {
    kind.__name__: kind
    for module in (case_facts, intake_facts, triage_facts, feedback_facts)
    for kind in vars(module).values()
    if isinstance(kind, type)
    and issubclass(kind, FactBody)
    and kind not in (FactBody, case_facts.CaseMoved, *OF_MODELS)
}
# A value of each type a fact holds; where the name matters more, by name.
OF_TYPE: dict[str, object] = {
    "str": "甲", "bool": True, "int": 2, "float": 0.5, "int | None": 4, "list[str]": ["乙"],
}  # fmt: skip
OF_NAME: dict[str, object] = {
    "due_at": "2025-03-03T09:00:00+00:00", "closes_at": "2025-03-03T09:00:00+00:00", "solved": "partly",
    "closure": "unconfirmed", "why": {"key": "rule", "rule": 3, "items": "", "area": ""}, "grade": "B",
}  # fmt: skip


def fact_of(kind: str, **changed: object) -> FactLike:
    """Return a fact of this kind, its data made up from its declaration."""
    data = {
        field.name: OF_NAME.get(field.name, OF_TYPE.get(str(field.type))) for field in fields(KINDS[kind])
    }
    if kind == "CaseWaits":
        data["why"] = "no_unit_answers"
    if kind == "DeadlinesRecomputed":
        data |= {"before": [["sign", OF_NAME["due_at"]]], "after": [["sign", OF_NAME["closes_at"]]]}
    fact: Any = SimpleNamespace(kind=kind, data=data | changed)
    assert isinstance(fact.data, dict)
    return fact  # type: ignore[no-any-return]  # stands in for a row of the ledger


def test_every_kind_of_fact_has_words_and_there_are_no_words_for_nothing() -> None:
    assert set(STAFF) == set(KINDS)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
def test_a_fact_is_told_in_every_language(kind: str) -> None:
    told = {}
    for language in LANGUAGES:
        with translation.override(language):
            told[language] = tell_fact(fact_of(kind))
    assert not re.search(r"[一-鿿]", told["en"].title.replace("甲", ""))
    for language in ("zh-hans", "zh-hant"):
        assert re.search(r"[一-鿿]", told[language].title)
        assert told[language].title != told["en"].title
    assert "%(" not in "".join(one.title + one.text for one in told.values())


def test_a_kind_nobody_knows_is_shown_by_its_name() -> None:
    strange: Any = SimpleNamespace(kind="SomethingNew", data={})
    assert tell_fact(strange) == Told("note", "SomethingNew")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "changed", "title", "text"),
    [
        ("CaseDispatched", {"automatic": True, "unit_name": "环卫所", "item": ""}, "秒拨至环卫所",
         "依据职责规则第 3 号（全部事项，全域）。\n办理时限：2025年3月3日 17:00。"),
        ("CaseDispatched", {"automatic": False, "unit_name": "环卫所", "due_at": "", "item": "", "why": {}},
         "人工分拨至环卫所", ""),
        ("CaseWaits", {}, "转人工处理", "职责规则和职责角色均未明确该地点此事项的承办单位。"),
        ("CaseReworked", {"reason": "resident_not_satisfied", "supervised": False, "round": 1},
         "重办（第 1 轮）", "居民反映未解决或不满意。"),
        ("CaseReworked", {"reason": "resident_not_satisfied", "supervised": True, "round": 2},
         "重办（第 2 轮）", "居民反映未解决或不满意。\n再次重办，已列入督办。"),
        ("CaseClosed", {"closure": "unconfirmed"}, "工单已办结", "未确认"),
        ("CaseWithdrawn", {"reason": "nobody_left"}, "工单已撤诉", "工单上已无诉求。"),
        ("FollowedUp", {"reached": False}, "电话回访：未联系到居民", ""),
        ("CaseInadmissible", {"route": "litigation", "reason": "合同纠纷"},
         "不予受理：人民法院诉讼", "合同纠纷"),
        ("AppealReceived", {"number": "SQ1", "held_for": ""}, "已收到诉求 SQ1", ""),
        ("ReplyRated", {"speed": 5, "result": None, "service": 4, "process": None, "solved": "no"},
         "居民评价：未解决", "办理速度 5 · 服务态度 4"),
        ("AppealJudged", {"item": "", "confidence": 0.734, "twins": 0, "dangers": []},
         "事项判定：事项待定", "把握程度 73%"),
    ],
)  # fmt: skip
def test_a_fact_says_what_happened_and_why(kind: str, changed: dict[str, Any], title: str, text: str) -> None:
    with translation.override("zh-hans"):
        assert tell_fact(fact_of(kind, **changed)) == Told(tell_fact(fact_of(kind)).icon, title, text)


@pytest.mark.django_db
def test_the_history_of_a_real_case_reads_from_receiving_to_closing() -> None:
    taken = appeal_of()
    case, at = case_of(taken), timezone.now()
    lin, hao = staff("lin"), staff("hao")
    move_case(case.pk, "sign", by=lin, at=at)
    move_case(case.pk, "first_contact", by=lin, at=at, note="已电话联系")
    move_case(case.pk, "reply", by=lin, at=at, public_text="垃圾已清走。", solved="yes")
    move_case(case.pk, "pass_review", by=hao, at=at)
    ask_appellants(case.pk, at=at, window_days=7)
    rate_reply(taken.appeal_id, Answer("yes", 5, 5, 5, 5), by=resident(), at=at)
    with translation.override("zh-hans"):
        told = [tell_fact(fact).title for fact in timeline(f"case:{case.pk}")]
    assert told == [
        f"已立案，工单编号 {case.number}", "秒拨至环卫所", "环卫所已签收", "已首次联系居民",
        "已提交答复，待审核", "答复审核通过，已送达居民", "工单已办结",
    ]  # fmt: skip
