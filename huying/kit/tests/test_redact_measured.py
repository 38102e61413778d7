"""How much personal data is found, and how much of what goes was personal, on sentences kept apart."""

from __future__ import annotations

import pytest

from huying.kit.redact import Kind, redact
from huying.kit.tests.marked import LOOK_ALIKE, score, sentences

BUILD, APART = "personal_build.txt", "personal_apart.txt"


def test_there_is_enough_to_measure_with() -> None:
    told = [*sentences(BUILD), *sentences(APART)]
    kinds = [mark.kind for one in told for mark in one.marks]
    assert len({one.text for one in told}) >= 300
    assert kinds.count(LOOK_ALIKE) >= 120
    assert set(kinds) == {kind.name.lower() for kind in Kind} | {LOOK_ALIKE}


@pytest.mark.parametrize("name", [BUILD, APART])
def test_what_is_personal_is_found_and_little_else(name: str) -> None:
    found = score(sentences(name))
    assert found.recall() >= 0.98, found.missed
    assert found.recall("name") >= 0.95, found.missed
    assert found.precision() >= 0.95, found.wrong
    assert found.left_alone() >= 0.95, found.missed


@pytest.mark.parametrize("name", [BUILD, APART])
def test_a_redacted_sentence_holds_nothing_more_to_redact(name: str) -> None:
    for one in sentences(name):
        left = redact(one.text).text
        assert redact(left).text == left
