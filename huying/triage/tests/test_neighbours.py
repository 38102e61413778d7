"""Which earlier appeals the database hands to the comparison of twins: all that count, and few besides."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from huying.testing.cast import RUBBISH, appeal_of
from huying.testing.town import LAT, LON, SIDE
from huying.triage.core.signature import Signature
from huying.triage.core.twins import DEFAULT_POLICY, find_twins
from huying.triage.models import TwinMark, TwinSuspect
from huying.triage.neighbours import Neighbour, find_neighbours

if TYPE_CHECKING:
    from uuid import UUID

pytestmark = pytest.mark.django_db
METRE = 1 / 111_195


def _suspects(taken_id: UUID) -> set[UUID]:
    return set(TwinSuspect.objects.filter(appeal_id=taken_id).values_list("earlier_id", flat=True))


def _kept(mark: TwinMark) -> Neighbour:
    return Neighbour(
        mark.appeal_id,
        mark.item_code,
        mark.item_group,
        mark.lat,
        mark.lon,
        mark.area_path,
        mark.at,
        Signature.from_bytes(bytes(mark.signature)),
        bytes(mark.concepts),
    )


@pytest.mark.parametrize(
    ("metres", "found"), [(0, True), (140, True), (149, True), (152, False), (400, False)]
)
def test_a_twin_is_found_as_far_as_the_policy_reaches(metres: int, *, found: bool) -> None:
    earlier = appeal_of(lat=LAT + 0.001, lon=LON + 0.001)
    later = appeal_of(RUBBISH + "。", lat=LAT + 0.001 + metres * METRE, lon=LON + 0.001)
    assert _suspects(later.appeal_id) == ({earlier.appeal_id} if found else set())


def test_a_twin_without_a_point_is_found_by_its_grid() -> None:
    by_point = appeal_of(north=0, east=0)
    by_words = appeal_of(RUBBISH + "。", lat=None, lon=None, place_words="听澜花园")
    again = appeal_of(RUBBISH + "！", north=0, east=0)
    assert _suspects(by_words.appeal_id) == {by_point.appeal_id}
    assert _suspects(again.appeal_id) == {by_point.appeal_id, by_words.appeal_id}


def test_a_twin_before_the_window_is_not_found() -> None:
    at = timezone.now()
    appeal_of(at=at - DEFAULT_POLICY.window - timedelta(minutes=1))
    assert _suspects(appeal_of(RUBBISH + "。", at=at).appeal_id) == set()


def test_nothing_the_comparison_would_choose_is_left_in_the_database() -> None:
    dice, at = random.Random(4), timezone.now()  # noqa: S311 - a fixed seed is the point
    texts = (RUBBISH, "路灯坏了好几天，晚上一片漆黑", "工地半夜还在打桩，吵得睡不着", RUBBISH + "，快来人")
    for _ in range(60):
        # Within two hundred metres around the corner of four squares, some without a point.
        point = {"lat": LAT + dice.random() * SIDE / 3, "lon": LON + dice.random() * SIDE / 3}
        told = point if dice.random() < 0.7 else {"lat": None, "lon": None, "place_words": "听澜花园"}
        appeal_of(dice.choice(texts), at=at - timedelta(days=dice.uniform(0, 13)), **told)
    marks = [_kept(mark) for mark in TwinMark.objects.order_by("at")]
    for one in marks:
        earlier = [other.as_input() for other in marks if other.at <= one.at]
        wanted = {suspect.id: suspect.score for suspect in find_twins(one.as_input(), earlier)}
        [(_, found)] = find_neighbours([one], at=one.at)
        assert {str(key): score for key, score, _ in found} == wanted
