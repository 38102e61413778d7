"""Every key that is shown to people has words, in every language, and unknown ones break no page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

import pytest
from django.conf import settings
from django.utils import timezone, translation

from huying.cases import words
from huying.cases.actions import move_case
from huying.cases.moves import MOVES
from huying.catalogue.models import LimitUnit
from huying.demo.drafts import ASKED_FOR_A_PERSON
from huying.dispatch.models import Assignment
from huying.intake.limits_core import FILING_OFTEN
from huying.kit.errors import Refusal
from huying.places.core.entries import Reason as PlaceReason
from huying.testing.cast import appeal_of, case_of, staff
from huying.triage.core.reasons import ReasonKind
from huying.triage.core.twins import TwinReason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LANGUAGES = [code for code, _ in settings.LANGUAGES]
# Keys given by `triage.actions`, `journeys.appeal`, `intake.limits`, `feedback.actions`,
# `journeys.walk_finding` and `demo.drafts`.
WAITS = {
    "no_model", "model_failed", "rules_failed", "nothing_recognised", "not_sure_enough", "place_unknown",
    "no_unit_answers",
    FILING_OFTEN.key, "resident_not_satisfied", "resident_objected", "self_handled", "dispatch_recalled",
    "not_admitted", "walk_dispatch", ASKED_FOR_A_PERSON,
}  # fmt: skip
TABLES: dict[str, tuple[words.Sentences, Iterable[str]]] = {
    "waiting": (words.WAITING, WAITS),
    "judged": (words.JUDGED, {*get_args(ReasonKind), "person"}),
    "placed": (
        words.PLACED,
        {
            *get_args(PlaceReason),
            "point",
            "words_agree",
            "words_disagree",
            "point_outside_town",
            "place_unknown",
            "place_code",
            "channel_area",
            "place_chosen",
        },
    ),
    "twins": (words.TWINS, get_args(TwinReason)),
    "fields": (words.FIELDS, {name for move in MOVES for name in (*move.needs, *move.takes)}),
}


@pytest.mark.parametrize("table", TABLES)
def test_every_key_there_is_has_words_and_there_are_no_words_for_nothing(table: str) -> None:
    sentences, keys = TABLES[table]
    assert set(sentences) == {str(key) for key in keys}


@pytest.mark.parametrize("table", TABLES)
def test_the_words_differ_from_language_to_language(table: str) -> None:
    told = {}
    for language in LANGUAGES:
        with translation.override(language):
            told[language] = {key: str(sentence) for key, sentence in TABLES[table][0].items()}
    for key in TABLES[table][0]:
        english, chinese = told["en"][key], told["zh-hans"][key]
        assert not re.search(r"[一-鿿]", english)
        assert re.search(r"[一-鿿]", chinese)
        assert re.search(r"[一-鿿]", told["zh-hant"][key])


@pytest.mark.parametrize(
    ("ask", "key"),
    [
        (words.why_waiting, "strange"),
        (words.why_twin, "strange"),
        (lambda key: words.why_judged({"kind": key}), "x"),
    ],
)
def test_a_key_nobody_knows_is_shown_as_it_is(ask: Callable[[str], str], key: str) -> None:
    assert ask(key) == key


def test_reasons_of_a_verdict_quote_what_they_found() -> None:
    with translation.override("zh-hans"):
        assert words.why_judged({"kind": "keyword", "text": "垃圾 {x}", "weight": 2}) == "关键词：垃圾 {x}"
        assert (
            words.why_judged({"kind": "place_point", "text": "竹影", "weight": 0}) == "居民已在地图上标出位置"
        )
        assert words.why_judged({"kind": "place_place_unknown", "text": ""}) == "未能识别地点"


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [
        ("en", "1 working day", "5 working days"),
        ("zh-hans", "1 个工作日", "5 个工作日"),
        ("zh-hant", "1 個工作天", "5 個工作天"),
    ],
)
def test_a_limit_is_counted_in_its_unit(language: str, one: str, many: str) -> None:
    assert set(words.LIMITS) == set(LimitUnit.values)
    with translation.override(language):
        assert (words.limit_words(1, "working_days"), words.limit_words(5, "working_days")) == (one, many)
    assert words.limit_words(3, "fortnights") == "3 fortnights"


@pytest.mark.django_db
def test_an_assignment_by_role_names_the_role_and_the_area_in_the_readers_language() -> None:
    assignment = Assignment.objects.get(pk=str(case_of(appeal_of()).assignment_id))
    with translation.override("zh-hans"):
        assert words.why_assigned(assignment.why) == [
            "事项清单明确此事项由职责角色“环卫所”主办，该职责在映溪街道由此单位承担。"
        ]
    with translation.override("en"):
        (line,) = words.why_assigned(assignment.why)
        assert "“Sanitation service”" in line


RULE = {"rule": 12, "items": "0103", "area": "440399/440399001"}


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["rule", "fallback_rule"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rule_is_told_with_number_items_and_area(key: str, language: str) -> None:
    with translation.override(language):
        (line,) = words.why_assigned({"key": key, **RULE})
        (widest,) = words.why_assigned({"key": key, "rule": 1, "items": "", "area": ""})
        assert "12" in line
        assert "映溪街道" in line
        assert "0103" in line
        assert translation.gettext("every item") in widest
        assert translation.gettext("the whole town") in widest


@pytest.mark.django_db
def test_a_persons_choice_is_told_with_what_the_rules_said_and_the_note() -> None:
    why = {"key": "chosen_by_dispatcher", "note": "{电话}已沟通", "rules_said": "cleaning"}
    with translation.override("zh-hans"):
        assert words.why_assigned(why) == ["由分拨员指定承办单位。", "按职责规则应为环卫所。", "{电话}已沟通"]
    with translation.override("en"):
        assert words.why_assigned({"key": "redispatched_after_return", "note": "", "rules_said": "gone"}) == [
            "A dispatcher gave it to another unit after a return.",
            "The duty rules name gone.",
        ]


@pytest.mark.django_db
def test_items_and_areas_that_are_gone_are_shown_by_their_codes() -> None:
    assert words.item_name("ZZZZ") == "ZZZZ"
    assert words.item_name("") == ""
    assert words.area_name("440399/gone") == "gone"
    assert words.why_assigned({}) == []


MISSING = {"en": "Please fill in: Reason.", "zh-hans": "请填写：理由。", "zh-hant": "請填寫：理由。"}


@pytest.mark.django_db
def test_what_is_missing_is_named_in_the_language_of_the_reader() -> None:
    case = case_of(appeal_of())
    with pytest.raises(Refusal) as refused:
        move_case(case.pk, "return", by=staff("lin"), at=timezone.now(), reason=" ", unit="city")
    assert (refused.value.reason.key, refused.value.field) == ("missing", "reason")
    for language, told in MISSING.items():
        with translation.override(language):
            assert refused.value.sentence == told


@pytest.mark.django_db
def test_a_state_is_named_in_the_language_of_the_reader() -> None:
    case = case_of(appeal_of())
    with pytest.raises(Refusal) as refused:
        move_case(case.pk, "pass_review", by=staff("hao"), at=timezone.now())
    with translation.override("zh-hans"):
        assert refused.value.sentence == "工单当前为“待签收”状态，不能进行该操作。"
    with translation.override("en"):
        assert "“Waiting to be signed”" in refused.value.sentence
