"""Twins in other words are told from look-alikes: meanings, signs of the weights, and both levels."""

from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huying.triage.core.concepts import KEPT, MASK_BITS, concepts_of, names_of, shared_wrongs, wrongs_mask
from huying.triage.core.likeness import (
    SHOWN_TO_RESIDENTS,
    SHOWN_TO_STAFF,
    WEIGHTS,
    Evidence,
    chances,
    features,
)
from huying.triage.core.signature import Signature
from huying.triage.core.twins import TwinInput, find_twins
from huying.triage.neighbours import matter_of
from huying.triage.tests.starter import starter_model

NOON = datetime(2026, 3, 2, 12, tzinfo=timezone(timedelta(hours=8)))
LAT, LON, THIRTY_METRES = 22.6, 114.3, 0.00027
PAIRS = Path(__file__).with_name("twin_pairs.txt")
SHARES = st.floats(0, 1)


def told(name: str, text: str, item: str, group: str, *, days: int = 0, north: float = 0) -> TwinInput:
    at = NOON - timedelta(days=days)
    return TwinInput(name, item, group, LAT + north, LON, (), at, Signature.of(text), concepts_of(text))


@cache
def judged() -> list[tuple[bool, float]]:
    """Return of each written pair kept for judging whether it is a twin and the probability told."""
    lines = [line for line in PAIRS.read_text(encoding="utf-8").splitlines() if line[:1] in "=!"][1::2]
    model, groups = starter_model()
    texts = [text for line in lines for text in line[2:].split(" | ")]
    codes = [guess[0].code for guess in model.predict_many(texts, limit=1)]
    found = []
    for n, line in enumerate(lines):
        one, other = (
            told(str(k), texts[k], codes[k], groups[codes[k]], days=k % 2, north=k % 2 * THIRTY_METRES)
            for k in (2 * n, 2 * n + 1)
        )
        suspects = find_twins(one, [other])
        found.append((line[0] == "=", suspects[0].score if suspects else 0.0))
    return found


def test_twins_told_in_wholly_other_words_are_found_by_what_they_mean() -> None:
    twins = [score for same, score in judged() if same]
    others = [score for same, score in judged() if not same]
    assert len(twins) >= 30
    assert sum(score >= SHOWN_TO_STAFF for score in twins) / len(twins) >= 0.9
    # All of these look-alikes tell of the very same spot within a day; many are a matter of opinion.
    assert np.mean(others) < np.mean(twins) - 0.2


def test_moving_furniture_upstairs_at_night_is_one_matter_in_any_words() -> None:
    one, other = concepts_of("楼上半夜拖桌椅"), concepts_of("住我上面的人凌晨搬家具")
    assert names_of(one) == names_of(other) == ["moving_furniture", "upstairs", "night"]
    assert concepts_of("小區門口的路燈壞了") == concepts_of("小区门口的路灯坏了")
    assert shared_wrongs(one, [other]).of_all.tolist() == [1]


def test_texts_that_name_other_wrongs_are_opposed() -> None:
    lamp, lid = concepts_of("小区门口路灯不亮"), concepts_of("小区门口井盖松了")
    assert shared_wrongs(lamp, [lid, lamp, b""]).opposed.tolist() == [1, 0, 0]
    assert wrongs_mask(lamp) & wrongs_mask(lid) == 0
    assert wrongs_mask(lamp) & wrongs_mask(concepts_of("照明坏了，一片漆黑")) > 0


def test_a_number_of_a_newer_table_weighs_nothing() -> None:
    lamp = concepts_of("路灯")
    assert names_of(bytes([254])) == []
    assert wrongs_mask(bytes([254])) == 0
    assert shared_wrongs(lamp, [lamp + bytes([254])]).of_all.tolist() == [1]


def test_the_words_that_tell_the_place_do_not_make_two_matters_alike() -> None:
    said = ("映溪地铁站", "12栋")
    one, other = "映溪地铁站12栋护栏断了", "映溪地铁站12栋共享单车堆满"
    assert matter_of(one, said) == "  护栏断了"
    apart = [Signature.of(matter_of(text, said)) for text in (one, other)]
    assert not set(apart[0].pieces) & set(apart[1].pieces)
    assert "metro" not in names_of(concepts_of(matter_of(one, said)))


@given(st.lists(st.tuples(*[SHARES] * len(Evidence._fields)), min_size=1, max_size=5), st.data())
@settings(max_examples=100, deadline=None)
def test_more_agreement_never_makes_twins_less_probable(
    rows: list[tuple[float, ...]], data: st.DataObject
) -> None:
    before = Evidence(*(np.array(part) for part in zip(*rows, strict=True)))
    field = data.draw(st.sampled_from(Evidence._fields))
    more = before._replace(**{field: np.minimum(getattr(before, field) + data.draw(SHARES), 1)})
    step = chances(more) - chances(before)
    assert ((step <= 1e-12) if field == "opposed" else (step >= -1e-12)).all()
    assert set(features(before)) == set(WEIGHTS)


def test_residents_see_fewer_suspicions_than_staff() -> None:
    assert SHOWN_TO_STAFF < 0.5
    assert SHOWN_TO_RESIDENTS >= 0.75


@given(st.text(max_size=500), st.lists(st.text(max_size=80), max_size=6))
@settings(max_examples=100, deadline=None)
def test_wrongs_compared_at_once_are_those_of_each_pair(text: str, others: list[str]) -> None:
    one, stored = concepts_of(text + "路灯"), [concepts_of(other) for other in [*others, "路灯坏了", ""]]
    assert len(one) <= KEPT
    together = shared_wrongs(one, stored)
    for n, other in enumerate(stored):
        alone = shared_wrongs(one, [other])
        assert [float(part[n]) for part in together] == pytest.approx([float(part[0]) for part in alone])
    assert 0 < wrongs_mask(one) < 1 << MASK_BITS
