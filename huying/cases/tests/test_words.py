"""What a move misses is named in words, in every language."""

from __future__ import annotations

import pytest
from django.utils import timezone, translation

from huying.cases.actions import move_case
from huying.cases.moves import MOVES
from huying.cases.words import FIELDS
from huying.kit.errors import Refusal
from huying.testing.cast import appeal_of, case_of, staff

TOLD = {"en": "Please fill in: Reason.", "zh-hans": "请填写：理由。", "zh-hant": "請填寫：理由。"}


def test_everything_a_move_needs_or_takes_has_a_name_and_nothing_else_has() -> None:
    assert set(FIELDS) == {name for move in MOVES for name in (*move.needs, *move.takes)}


@pytest.mark.django_db
def test_what_is_missing_is_named_in_the_language_of_the_reader() -> None:
    case = case_of(appeal_of())
    with pytest.raises(Refusal) as refused:
        move_case(case.pk, "return", by=staff("lin"), at=timezone.now(), reason=" ", unit="city")
    assert (refused.value.reason.key, refused.value.field) == ("missing", "reason")
    for language, told in TOLD.items():
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
