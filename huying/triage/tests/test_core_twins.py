"""Twins: who is suspected of telling the same matter, who is not, and what it costs."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huying.triage.core.concepts import concepts_of
from huying.triage.core.likeness import SHOWN_TO_RESIDENTS
from huying.triage.core.signature import KEPT_PIECES, Signature, similarities, similarity
from huying.triage.core.twins import TwinInput, TwinPolicy, find_twins, find_twins_many, worth_a_look

NOON = datetime(2026, 3, 2, 12, tzinfo=timezone(timedelta(hours=8)))
LAT, LON = 22.6, 114.3
METRE_NORTH = 1 / 111_195
STORY = "樟树巷路口的路灯坏了好多天，晚上黑漆漆的，老人摔了一跤"
RETOLD = "从樟树巷回家一点也看不见，那盏路灯坏了之后一直不亮，我担心上夜班的人摔跤受伤"
OTHER = "楼下烧烤店的油烟飘到家里，开不了窗户"
PATH = ("D1", "S1", "C3", "B2", "G7")


def appeal(name: str = "new", text: str = STORY, **changes: object) -> TwinInput:
    base = TwinInput(name, "020301", "0203", LAT, LON, PATH, NOON, Signature.of(text), concepts_of(text))
    return replace(base, **changes)  # type: ignore[arg-type]  # the tests change any field


def test_the_same_matter_told_in_other_words_nearby_is_suspected() -> None:
    (twin,) = find_twins(appeal(), [appeal("old", RETOLD, lat=LAT + 60 * METRE_NORTH)])
    assert twin.id == "old"
    assert twin.reasons == ("same_item", "similar_text", "same_meaning", "near")
    assert twin.distance_metres == pytest.approx(60, abs=0.1)
    assert 0 < twin.score < 1


def test_another_matter_at_the_same_place_is_not_suspected() -> None:
    assert find_twins(appeal(), [appeal("old", OTHER, item_code="060201", level2="0602")]) == []
    assert find_twins(appeal(), [appeal("old", OTHER)]) == []


def test_the_same_words_at_another_place_are_another_matter() -> None:
    assert find_twins(appeal(), [appeal("old", lat=LAT + 151 * METRE_NORTH)]) == []
    assert find_twins(appeal(), [appeal("old", lat=LAT + 149 * METRE_NORTH)]) != []


def test_the_same_words_in_another_window_are_another_matter() -> None:
    late = NOON - timedelta(days=14, seconds=1)
    assert find_twins(appeal(), [appeal("old", at=late)]) == []
    assert find_twins(appeal(), [appeal("old", at=late + timedelta(seconds=2))]) != []


def test_without_points_the_same_grid_is_the_neighbourhood() -> None:
    new = appeal(lat=None, lon=None)
    (twin,) = find_twins(new, [appeal("old", RETOLD, lat=None, lon=None)])
    assert twin.reasons == ("same_item", "similar_text", "same_meaning", "same_area")
    assert twin.distance_metres is None
    assert find_twins(new, [appeal("old", RETOLD, area_path=("D1", "S1", "C3", "B2", "G8"))]) == []
    assert find_twins(new, [appeal("old", RETOLD, area_path=("D1", "S1"))]) == []


def test_without_any_place_only_nearly_the_same_text_counts() -> None:
    nowhere = appeal(lat=None, lon=None, area_path=())
    (twin,) = find_twins(nowhere, [appeal("old", STORY + "，请处理")])
    assert twin.reasons == ("same_item", "same_text")
    assert find_twins(nowhere, [appeal("old", RETOLD)]) == []


def test_the_same_item_speaks_for_a_twin_and_another_item_does_not_forbid_it() -> None:
    (same,) = find_twins(appeal(), [appeal("old", RETOLD)])
    (group,) = find_twins(appeal(), [appeal("old", RETOLD, item_code="020302")])
    (other,) = find_twins(appeal(), [appeal("old", RETOLD, item_code="010101", level2="0101")])
    (unknown,) = find_twins(appeal(), [appeal("old", RETOLD, item_code=None, level2=None)])
    assert same.score > group.score == other.score == unknown.score
    assert [one.reasons[0] for one in (same, group, other)] == ["same_item", "same_group", "similar_text"]


def test_a_mark_written_before_meanings_were_kept_still_compares() -> None:
    (twin,) = find_twins(appeal(), [appeal("old", RETOLD, concepts=b"")])
    assert twin.reasons == ("same_item", "similar_text", "near")
    assert worth_a_look(
        Signature.of(STORY), concepts_of(STORY), [(Signature.of(RETOLD).to_bytes(), b"")]
    ) == [0]


def test_a_text_too_short_to_compare_needs_the_same_item_at_nearly_the_same_spot() -> None:
    short = appeal("old", "不亮", lat=LAT + 30 * METRE_NORTH, concepts=b"")
    (twin,) = find_twins(appeal(), [short])
    assert twin.reasons == ("same_item", "short_text", "near")
    assert find_twins(appeal(), [replace(short, lat=LAT + 60 * METRE_NORTH)]) == []
    assert find_twins(appeal(), [replace(short, item_code="020302")]) == []


def test_an_appeal_is_not_its_own_twin_and_the_best_come_first() -> None:
    others = [
        appeal("new"),
        appeal("far", RETOLD, lat=LAT + 120 * METRE_NORTH),
        appeal("same"),
        appeal("near", RETOLD),
    ]
    assert [twin.id for twin in find_twins(appeal(), others)] == ["same", "near", "far"]
    assert [twin.id for twin in find_twins(appeal(), others, TwinPolicy(limit=1))] == ["same"]
    assert find_twins(appeal(), []) == []


def test_a_suspicion_can_be_kept_as_json() -> None:
    (twin,) = find_twins(appeal(), [appeal("old")])
    assert twin.to_json() == {
        "id": "old",
        "score": twin.score,
        "similarity": 1.0,
        "distance_metres": 0.0,
        "reasons": ["same_item", "same_text", "near"],
    }
    assert SHOWN_TO_RESIDENTS < twin.score < 1


def test_in_an_import_each_appeal_is_compared_with_the_earlier_ones_only() -> None:
    first, second = appeal("a"), appeal("b", RETOLD, at=NOON + timedelta(hours=1))
    found = find_twins_many([second, first])
    assert list(found) == ["b"]
    assert [twin.id for twin in found["b"]] == ["a"]


def test_an_import_finds_what_one_by_one_finds() -> None:
    rng = np.random.default_rng(3)
    texts = [STORY, RETOLD, OTHER, OTHER.replace("家里", "楼道"), "公厕门口的井盖松了，车过就响，吵得很"]
    appeals = [
        appeal(
            f"{n:03}",
            texts[n % 5],
            lat=LAT + float(rng.uniform(0, 500)) * METRE_NORTH,
            lon=LON + float(rng.uniform(0, 500)) * METRE_NORTH,
            item_code=f"0203{n % 2:02}",
            at=NOON + timedelta(hours=n),
        )
        for n in range(150)
    ]
    many = find_twins_many(appeals, max_compared=1000)
    single = {one.id: find_twins(one, appeals[:n]) for n, one in enumerate(appeals)}
    assert many == {name: twins for name, twins in single.items() if twins}
    assert many


def test_an_import_finds_equal_texts_without_any_place() -> None:
    letters = [
        appeal(str(n), text, lat=None, lon=None, area_path=(), at=NOON + timedelta(hours=n))
        for n, text in enumerate([STORY, OTHER, STORY + "！谢谢", "完全不同的事情，关于入学积分"])
    ]
    found = find_twins_many(letters)
    assert {name: [twin.id for twin in twins] for name, twins in found.items()} == {"2": ["0"]}


@given(st.text(max_size=600), st.text(max_size=600))
@settings(max_examples=150, deadline=None)
def test_similarity_is_symmetric_and_between_0_and_1(a: str, b: str) -> None:
    one, other = Signature.of(a), Signature.of(b)
    assert similarity(one, other) == pytest.approx(similarity(other, one))
    assert 0 <= similarity(one, other) <= 1 + 1e-9
    assert similarity(one, one) == pytest.approx(1.0 if len(one) else 0.0)
    assert Signature.from_bytes(one.to_bytes()) == one


def test_many_similarities_at_once_are_those_of_each_pair() -> None:
    signatures = [Signature.of(text) for text in (STORY, "", RETOLD, "灯", OTHER, "")]
    alone = [similarity(signatures[0], other) for other in signatures]
    assert similarities(signatures[0], signatures).tolist() == alone


def test_courtesy_and_spelling_do_not_make_texts_alike_or_unlike() -> None:
    polite = Signature.of("尊敬的领导您好，希望有关部门尽快处理，谢谢！")
    assert similarity(polite, Signature.of("您好，请有关部门尽快处理这个问题，非常感谢！")) < 0.6
    assert similarity(Signature.of("樓下廣場舞太吵"), Signature.of("楼下广场舞太吵！")) == pytest.approx(1)


def test_a_signature_stays_small_and_is_the_same_everywhere() -> None:
    long = "".join(chr(0x4E00 + n % 5000) for n in range(5000))
    assert len(Signature.of(long).to_bytes()) <= 2 * KEPT_PIECES
    assert Signature.of("路灯坏了").to_bytes().hex() == "d9549c7d929e"
    assert hash(Signature.of(STORY)) == hash(Signature.of(STORY))
    assert Signature.of(STORY) != STORY
