"""Names of data follow the language of the page, and never vanish."""

from __future__ import annotations

import pytest
from django.utils import translation

from huying.kit.names import in_language


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", "Web"), ("en-gb", "Web"), ("zh-hans", "网页与手机"), ("zh-hant", "网页与手机")],
)
def test_a_name_is_shown_in_english_only_where_english_is_read(language: str, shown: str) -> None:
    with translation.override(language):
        assert in_language("网页与手机", "Web") == shown


def test_a_name_without_an_english_one_is_shown_as_it_is() -> None:
    with translation.override("en"):
        assert in_language("环卫所") == "环卫所"
        assert in_language("环卫所", "") == "环卫所"


def test_a_name_is_shown_as_it_is_where_no_language_is_active() -> None:
    with translation.override(None):
        assert in_language("环卫所", "Sanitation office") == "环卫所"
