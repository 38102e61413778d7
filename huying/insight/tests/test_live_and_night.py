"""Live and night agree: the same appeals make the same matters, as hot, told one by one or all at once."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from huying.cases.tests.stories import AT
from huying.insight.hot_counting import lock_spots, one_at_a_time, recount
from huying.insight.lexicons import BLANK, learn_anew, lexicon_now
from huying.insight.models import HotAlert, HotLexicon, HotMark, HotProfile, HotSpot
from huying.insight.nightly import pass_over_all
from huying.insight.signing import LATEST, profile_matter
from huying.insight.tests.hotstories import DAY, OTHER, PIT, members, pit, the_spot, told

pytestmark = pytest.mark.django_db
NOW = AT + DAY
LAMP = (
    "听澜花园北门路灯坏了，晚上一片漆黑看不见路",
    "北门的路灯不亮好几天，听澜花园居民晚上摔跤",
    "听澜花园北门那排路灯全坏了，晚上漆黑",
    "路灯坏了没人修，听澜花园北门晚上太黑",
)


def as_it_stands() -> dict[frozenset[object], float]:
    """Return the members of each matter that has any, with its heat."""
    found: dict[object, set[object]] = {}
    for mark in HotMark.objects.exclude(spot=None):
        found.setdefault(mark.spot_id, set()).add(mark.pk)
    heats = dict(HotSpot.objects.values_list("pk", "heat"))
    return {frozenset(members): heats[spot] for spot, members in found.items()}  # type: ignore[index]


@pytest.mark.parametrize("seed", [1, 2])
def test_one_after_the_other_or_all_at_night_the_matters_are_the_same_and_as_hot(seed: int) -> None:
    texts = [*PIT, *LAMP, *OTHER[1:]]
    random.Random(seed).shuffle(texts)  # noqa: S311 - an order, no secret
    kinds = {
        told(text, who=place, at=AT + timedelta(hours=place)).appeal_id: text
        for place, text in enumerate(texts)
    }
    for spot in HotSpot.objects.all():
        with one_at_a_time():
            recount(lock_spots([spot.pk])[spot.pk], at=NOW)
    live = as_it_stands()
    assert sorted(len(members) for members in live) == [len(LAMP), len(PIT)]
    assert {kinds[one] in PIT for one in max(live, key=len)} == {True}  # type: ignore[index]
    pass_over_all(at=NOW)
    assert as_it_stands() == pytest.approx(live), "the night moves nothing, and no heat jumps"

    HotMark.objects.update(spot=None, who=None)
    HotAlert.objects.all().delete()
    pass_over_all(at=NOW)
    assert as_it_stands() == pytest.approx(live), "and from nothing it finds the same"


def test_a_town_learns_its_words_by_night_and_again_when_it_has_grown() -> None:
    assert lexicon_now().edition == BLANK
    pit(6)
    assert not learn_anew(at=NOW, hourly=True), "six texts teach little"
    assert learn_anew(at=NOW)
    assert not learn_anew(at=NOW), "nothing new"
    edition = lexicon_now().edition
    assert edition == HotLexicon.objects.get().pk
    assert learn_anew(at=NOW + 8 * DAY), "once a week"
    assert lexicon_now().edition > edition
    # What the old one signed is signed anew where a new appeal meets it.
    pit(1, first=6)
    assert the_spot().count == 7
    assert set(HotMark.objects.values_list("edition", flat=True)) == {lexicon_now().edition}
    assert HotProfile.objects.get().edition == lexicon_now().edition


def test_a_matter_of_a_kind_never_told_before_is_found_before_its_words_are_learnt() -> None:
    for place in range(6):
        told(OTHER[place % 3], who=50 + place, at=AT - DAY)
    learn_anew(at=AT)
    HotMark.objects.update(spot=None, who=None)
    appeals = pit(5)
    spots = [spot for spot in HotSpot.objects.all() if spot.count]
    assert [members(spot) for spot in spots] == [set(appeals)]


def test_what_a_matter_is_about_goes_with_its_last_appeal() -> None:
    pit(4)
    spot = the_spot()
    assert HotProfile.objects.get(spot=spot).members == min(4, LATEST)
    HotMark.objects.update(spot=None, who=None)
    assert profile_matter(spot.pk, lexicon_now()) is None
    assert not HotProfile.objects.exists()
