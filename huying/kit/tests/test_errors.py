"""Refusals: one reason key for programs, one sentence for people, in the language they read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy

from huying.kit.errors import Reason, Refusal
from huying.kit.problem import from_refusal
from huying.kit.tabular import reasons as tables
from huying.kit.tabular.reasons import TableRefusal
from huying.kit.tabular.table import Flaw
from huying.kit.telling import TellingForm

ROOT = Path(__file__).parents[3]
LINE: dict[str, object] = {"line": 7, "name": "诉求.csv", "most": 4000}
SENTENCES = {
    "zh-hans": "“诉求.csv”第 7 行超过 4000 个字符。",
    "zh-hant": "「诉求.csv」第 7 行超過 4000 個字元。",
    "en": "Line 7 of 诉求.csv has more than 4000 characters.",
}
EACH_LANGUAGE = pytest.mark.parametrize("language", SENTENCES)


@EACH_LANGUAGE
def test_a_sentence_of_a_plain_core_is_told_in_the_language_of_the_reader(language: str) -> None:
    refusal = TableRefusal(tables.LINE_TOO_LONG, line=7, name="诉求.csv", most=4000)
    with translation.override(language):
        assert refusal.sentence == SENTENCES[language]


def test_one_refusal_is_told_anew_to_each_reader() -> None:
    refusal = TableRefusal(tables.LINE_TOO_LONG, line=7, name="诉求.csv", most=4000)
    told = []
    for language in (*SENTENCES, *reversed(SENTENCES)):
        with translation.override(language):
            told.append(refusal.sentence)
    assert told == [*SENTENCES.values(), *reversed(SENTENCES.values())]


@EACH_LANGUAGE
def test_a_flaw_of_a_row_and_a_refusal_from_a_mapping_say_the_same(language: str) -> None:
    with translation.override(language):
        assert Flaw(tables.LINE_TOO_LONG, LINE).sentence == SENTENCES[language]
        assert Refusal.telling(tables.LINE_TOO_LONG, LINE).sentence == SENTENCES[language]


@pytest.mark.parametrize(
    ("language", "solved"), [("zh-hans", "已解决"), ("zh-hant", "已解決"), ("en", "Solved")]
)
def test_a_lazy_sentence_and_a_lazy_detail_are_both_told_in_the_language_of_the_reader(
    language: str, solved: str
) -> None:
    reason = Reason("any", gettext_lazy("Solved"))
    inside = Reason("any", "[{what}]")
    refusal = Refusal(inside, what=gettext_lazy("Solved"))
    with translation.override(language):
        assert Refusal(reason).sentence == solved
        assert refusal.sentence == f"[{solved}]"


@EACH_LANGUAGE
def test_what_somebody_typed_is_shown_and_never_filled_in(language: str) -> None:
    typed = "{name} {0} %s {most.__class__} “井盖”"
    with translation.override(language):
        assert typed in Refusal(tables.CELL_TOO_LONG, column=typed, most=3).sentence


@EACH_LANGUAGE
def test_an_unknown_or_empty_sentence_stays_as_it_is(language: str) -> None:
    with translation.override(language):
        assert Refusal(Reason("any", "Nobody has translated this: {one}."), one=1).sentence == (
            "Nobody has translated this: 1."
        )
        assert Refusal(Reason("any", "")).sentence == ""


def test_the_text_of_the_exception_names_the_key() -> None:
    with translation.override("en"):
        assert str(Refusal(tables.QUOTES_BROKEN)).startswith("quotes_broken: The quotation marks")


@EACH_LANGUAGE
def test_the_api_tells_key_and_sentence(language: str) -> None:
    refusal = Refusal(
        tables.LINE_TOO_LONG, field="file", retry_after_seconds=9, line=7, name="诉求.csv", most=4000
    )
    with translation.override(language):
        answer = from_refusal(refusal)
    document = json.loads(answer.content)
    assert (document["reason"], document["field"]) == ("line_too_long", "file")
    assert document["title"] == SENTENCES[language]
    assert (answer.status_code, answer.headers["Retry-After"]) == (413, "9")


class _Form(TellingForm):
    file = forms.CharField()


@EACH_LANGUAGE
@pytest.mark.parametrize(("field", "beside"), [("file", "file"), ("elsewhere", "__all__"), (None, "__all__")])
def test_a_form_tells_it_beside_the_field_or_for_the_whole(
    language: str, field: str | None, beside: str
) -> None:
    form = _Form({"file": "诉求.csv"})
    assert form.is_valid()
    with translation.override(language):
        form.tell(Refusal(tables.LINE_TOO_LONG, field=field, line=7, name="诉求.csv", most=4000))
        assert form.errors == {beside: [SENTENCES[language]]}


def test_without_django_the_sentence_is_english() -> None:
    script = (
        "from huying.kit.errors import Refusal\n"
        "from huying.kit.tabular.reasons import LINE_TOO_LONG\n"
        "print(Refusal(LINE_TOO_LONG, line=7, name='a.csv', most=9).sentence)"
    )
    bare = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    answer = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", script], cwd=ROOT, env=bare, capture_output=True, text=True, check=True
    )
    assert answer.stdout == "Line 7 of a.csv has more than 9 characters.\n"
