"""How much of a time limit is left, in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from huying.ui.due import due

NOW = datetime(2026, 3, 18, 2, 20, tzinfo=UTC)
LENGTHS = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400))


@pytest.mark.parametrize(
    ("left", "level", "chinese", "english"),
    [
        (timedelta(days=6, hours=5), "ok", "剩 6 天", "6 days left"),
        (timedelta(hours=47), "ok", "剩 47 小时", "47 hours left"),
        (timedelta(hours=24), "soon", "剩 24 小时", "24 hours left"),
        (timedelta(hours=1), "soon", "剩 1 小时", "1 hour left"),
        (timedelta(minutes=59, seconds=59), "soon", "剩 59 分钟", "59 minutes left"),
        (timedelta(seconds=59), "soon", "即将到期", "Due now"),
        (timedelta(0), "soon", "即将到期", "Due now"),
        (timedelta(seconds=-1), "over", "已超期 1 分钟", "Overdue by 1 minute"),
        (timedelta(hours=-5, minutes=-59), "over", "已超期 5 小时", "Overdue by 5 hours"),
        (timedelta(days=-2, hours=-4), "over", "已超期 2 天", "Overdue by 2 days"),
    ],
)
def test_a_limit_is_told_in_the_readers_words(
    left: timedelta, level: str, chinese: str, english: str
) -> None:
    with translation.override("zh-hans"):
        state = due(NOW + left, NOW)
        assert (state.level, state.text) == (level, chinese)
    with translation.override("en"):
        assert due(NOW + left, NOW).text == english


def test_the_caller_may_say_when_soon_begins() -> None:
    due_at = NOW + timedelta(days=3)
    assert due(due_at, NOW, soon_at=NOW).level == "soon"
    assert due(due_at, NOW, soon_at=NOW + timedelta(seconds=1)).level == "ok"


def test_a_stopped_clock_is_neither_soon_nor_over() -> None:
    state = due(NOW - timedelta(days=9), NOW, paused=True)
    assert (state.level, state.tone, state.icon) == ("paused", "mute", "pause")


@given(LENGTHS)
def test_a_limit_ahead_is_never_called_overdue(left: timedelta) -> None:
    with translation.override("en"):
        state = due(NOW + left, NOW)
    assert state.level in {"ok", "soon"}
    assert "Overdue" not in state.text


@given(LENGTHS, LENGTHS)
def test_the_nearer_limit_is_never_shown_as_the_calmer_one(one: timedelta, other: timedelta) -> None:
    order = {"ok": 0, "soon": 1, "over": 2}
    near, far = sorted((one, other))
    assert order[due(NOW + near, NOW).level] >= order[due(NOW + far, NOW).level]
