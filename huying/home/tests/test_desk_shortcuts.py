"""Keyboard shortcuts: one table, no key twice, only what the clerk has, in the reader's language."""

from __future__ import annotations

from collections import Counter

import pytest

from huying.cases.moves import MOVE
from huying.home.desk.shortcuts import ANYWHERE, CASE, CONSOLE, LISTS, PAGES
from huying.home.tests.desks import desk_of

KNOWN = {"help", "search", "next", "previous", "open", "close", "act", "go", "pick", "press", "focus"}


def test_no_key_means_two_things_and_none_hides_a_pair() -> None:
    table = [one for group in (ANYWHERE, LISTS, CASE, CONSOLE) for one in group.shortcuts]
    keys = Counter([one.keys for one in table] + [f"g {key}" for key, _ in PAGES])
    assert [key for key, count in keys.items() if count > 1] == []
    assert "g" not in keys
    assert {one.does for one in table} <= KNOWN
    assert all(one.on in MOVE and not MOVE[one.on].hidden for one in table if one.does == "act")


@pytest.mark.django_db
def test_a_clerk_is_told_of_the_pages_and_acts_of_the_own_desk() -> None:
    lin, mei = (desk_of(name).get("/desk/items/").content.decode() for name in ("lin", "mei"))
    assert 'data-keys="g i"' in lin
    assert 'data-keys="g d"' not in lin
    assert 'data-does="pick"' not in lin
    assert 'data-keys="g d"' in mei
    assert 'data-does="pick"' in mei


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "键盘快捷键"), ("zh-hant", "鍵盤"), ("en", "Keyboard")]
)
def test_the_list_speaks_the_reader_s_language(language: str, words: str) -> None:
    lin = desk_of("lin")
    lin.cookies["django_language"] = language
    assert words in lin.get("/desk/items/").content.decode()
