"""Days and moments are read in the reader's language."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override

from huying.kit.moments import in_words, read_out

AT = datetime(2026, 9, 30, 16, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "style", "words"),
    [
        ("zh-hans", "full", "2026年10月1日 00:05"),
        ("zh-hant", "day", "2026年10月1日"),
        ("en", "full", "1 Oct 2026, 00:05"),
        ("en", "short", "1 Oct 00:05"),
    ],
)
def test_a_moment_is_the_towns_in_the_words_of_the_reader(language: str, style: str, words: str) -> None:
    with override(language):
        assert in_words(AT, style) == words


def test_a_day_is_a_day_whatever_the_style() -> None:
    with override("zh-hans"):
        assert in_words(date(2026, 1, 9)) == in_words(date(2026, 1, 9), "short") == "2026年1月9日"


@pytest.mark.parametrize(
    ("kept", "read"),
    [
        ("2026-09-30 18:00", "2026年9月30日 18:00"),
        ("2026-09-30", "2026年9月30日"),
        ("2026-13-40", "2026-13-40"),
        ("—", "—"),
        ("路灯坏于 2026-09-30", "路灯坏于 2026-09-30"),
        ("GD260930000001", "GD260930000001"),
    ],
)
def test_only_what_is_a_moment_and_nothing_else_is_put_into_words(kept: str, read: str) -> None:
    with override("zh-hans"):
        assert read_out(kept) == read
