"""Twins in other words are told from look-alikes of one place: surely for residents, widely for staff."""

from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huying.triage.core.concepts import KEPT, concepts_of, kinship, kinships, names_of, shared
from huying.triage.core.likeness import (
    SHOWN_TO_RESIDENTS,
    SHOWN_TO_STAFF,
    WEIGHTS,
    Alike,
    features,
    probability,
)
from huying.triage.core.signature import Signature
from huying.triage.core.twins import TwinInput, find_twins, worth_a_look
from huying.triage.tests.starter import starter_model

NOON = datetime(2026, 3, 2, 12, tzinfo=timezone(timedelta(hours=8)))
LAT, LON, THIRTY_METRES = 22.6, 114.3, 0.00027
PAIRS = Path(__file__).with_name("twin_pairs.txt")


def told(name: str, text: str, item: tuple[str, str] | None, *, days: int = 0, north: float = 0) -> TwinInput:
    code, group = item or (None, None)
    at = NOON - timedelta(days=days)
    return TwinInput(name, code, group, LAT + north, LON, (), at, Signature.of(text), concepts_of(text))


@cache
def judged() -> list[tuple[bool, float]]:
    """Return of each pair kept for judging whether it is a twin and the probability told."""
    lines = [line for line in PAIRS.read_text(encoding="utf-8").splitlines() if line[:1] in "=!"][1::2]
    model, groups = starter_model()
    texts = [text for line in lines for text in line[2:].split(" | ")]
    codes = [guess[0].code for guess in model.predict_many(texts, limit=1)]
    items = [(text, (code, groups[code])) for text, code in zip(texts, codes, strict=True)]
    found = []
    for line, one, other in zip(lines, items[::2], items[1::2], strict=True):
        earlier = told("earlier", *one, days=1, north=THIRTY_METRES)
        suspects = find_twins(told("later", *other), [earlier])
        found.append((line[0] == "=", suspects[0].score if suspects else 0.0))
    return found


def test_of_what_residents_are_shown_nineteen_in_twenty_are_twins() -> None:
    shown = [same for same, score in judged() if score >= SHOWN_TO_RESIDENTS]
    assert len(shown) >= 12
    assert sum(shown) / len(shown) >= 0.95


def test_staff_are_shown_nearly_all_twins_told_in_other_words() -> None:
    twins = [score for same, score in judged() if same]
    others = [score for same, score in judged() if not same]
    assert len(twins) + len(others) >= 60
    assert sum(score >= SHOWN_TO_STAFF for score in twins) / len(twins) >= 0.9
    # All of these look-alikes tell of the very same spot; a person reads both texts.
    assert sum(score < SHOWN_TO_STAFF for score in others) / len(others) >= 0.3


def test_moving_furniture_upstairs_at_night_is_one_matter_in_any_words() -> None:
    one, other = concepts_of("楼上半夜拖桌椅"), concepts_of("住我上面的人凌晨搬家具")
    assert names_of(one) == ["moving_furniture", "upstairs", "night"]
    assert kinship(one, other) == pytest.approx(1)
    assert concepts_of("小區門口的路燈壞了") == concepts_of("小区门口的路灯坏了")


def test_texts_that_name_other_wrongs_are_opposed() -> None:
    lamp, lid = concepts_of("小区门口路灯不亮"), concepts_of("小区门口井盖松了")
    assert shared(lamp, lid).opposed
    assert not shared(lamp, concepts_of("照明坏了")).opposed
    assert not shared(lamp, b"").opposed


def test_a_mark_written_before_meanings_were_kept_still_compares() -> None:
    text = "樟树巷路口的路灯坏了好多天，晚上黑漆漆的，老人摔了一跤"
    before = TwinInput("old", "a", "g", LAT, LON, (), NOON, Signature.of(text))
    (twin,) = find_twins(told("new", text + "。", ("a", "g")), [before])
    assert twin.reasons == ("same_item", "same_text", "near")
    assert worth_a_look(Signature.of(text), concepts_of(text), [(before.signature.to_bytes(), b"")]) == [0]


def test_a_number_of_a_newer_table_weighs_nothing() -> None:
    assert kinship(bytes([8, 254]), bytes([8])) == pytest.approx(1)
    assert names_of(bytes([254])) == []


def test_every_weight_weighs_a_feature_and_more_agreement_is_more_probable() -> None:
    lamp = concepts_of("路灯不亮")
    far = Alike(0.2, lamp, concepts_of("垃圾没人清"), "other", 0.5)
    near = Alike(0.7, lamp, lamp, "same_item", 1.0)
    assert set(features(far)) == set(WEIGHTS)
    assert probability(far) < SHOWN_TO_STAFF
    assert probability(near) > SHOWN_TO_RESIDENTS


@given(st.text(max_size=500), st.lists(st.text(max_size=80), max_size=6))
@settings(max_examples=100, deadline=None)
def test_kinships_at_once_are_those_of_each_pair(text: str, others: list[str]) -> None:
    one, stored = concepts_of(text + "路灯"), [concepts_of(other) for other in [*others, "路灯坏了", ""]]
    assert len(one) <= KEPT
    assert kinships(one, stored).tolist() == pytest.approx([kinship(one, other) for other in stored])
    assert kinship(one, one) == pytest.approx(1)
