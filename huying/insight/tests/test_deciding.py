"""What people decide: named acts with facts, only where their post reaches, and taken back again."""

from __future__ import annotations

import pytest

from huying.cases.tests.stories import AT
from huying.insight import deciding, rearranging
from huying.insight.core.heat import START_THRESHOLD
from huying.insight.hot_counting import threshold
from huying.insight.hotspots import hot_matters
from huying.insight.live import take_in
from huying.insight.models import HotAlert, HotMark, HotRearrangement, HotSpot
from huying.insight.stages import State
from huying.insight.tests.hotstories import DAY, OTHER, follow, members, pit, the_spot, told
from huying.ledger.models import Fact
from huying.notify.models import Notice
from huying.testing.cast import staff
from huying.testing.refusals import refused

pytestmark = pytest.mark.django_db
NOW = AT + DAY


def facts(kind: str) -> int:
    return Fact.objects.filter(kind=kind).count()


def two_spots() -> tuple[HotSpot, HotSpot]:
    """Return the pit, and the same lamp told of by three."""
    pit(4)
    for who in range(3):
        told(OTHER[0], who=70 + who)
    pits, lamps = HotSpot.objects.order_by("-count")
    return pits, lamps


def test_a_hot_spot_is_confirmed_once_and_a_second_click_is_told_so() -> None:
    pit(4)
    spot, by = the_spot(), staff("du", at=NOW)
    deciding.confirm_spot(spot.pk, seen=spot.edition, by=by, at=NOW)
    with refused("hot_spot_changed_meanwhile"):
        deciding.confirm_spot(spot.pk, seen=spot.edition, by=by, at=NOW)
    with refused("hot_spot_already_so"):
        deciding.confirm_spot(spot.pk, seen=None, by=by, at=NOW)
    assert (the_spot().state, facts("HotSpotConfirmed")) == ("confirmed", 1)


def test_a_dismissed_one_is_silent_whatever_comes_until_it_is_reopened() -> None:
    pit(4)
    spot, by = the_spot(), staff("du", at=NOW)
    with refused("hot_spot_reason_missing", field="reason"):
        deciding.dismiss_spot(spot.pk, reason="  ", seen=None, by=by, at=NOW)
    deciding.dismiss_spot(spot.pk, reason="同一户的演练", seen=None, by=by, at=NOW)
    alerts = HotAlert.objects.count()
    pit(6, at=NOW, first=10)
    assert the_spot().count == 10
    assert hot_matters(at=NOW) == []
    assert HotAlert.objects.count() == alerts
    deciding.reopen_spot(spot.pk, seen=None, by=by, at=NOW + DAY)
    assert [matter.key for matter in hot_matters(at=NOW + DAY)] == [spot.pk]
    with refused("hot_spot_nothing_decided"):
        deciding.reopen_spot(spot.pk, seen=None, by=by, at=NOW + DAY)


def test_a_title_given_by_people_names_nobody_and_stays() -> None:
    pit(4)
    spot, by = the_spot(), staff("du", at=NOW)
    with refused("hot_spot_title_personal", field="title"):
        deciding.rename_spot(spot.pk, title="化粪池，找13800001000", seen=None, by=by, at=NOW)
    deciding.rename_spot(spot.pk, title="听澜花园2栋化粪池外溢", seen=None, by=by, at=NOW)
    pit(3, at=NOW, first=20)
    assert the_spot().title == "听澜花园2栋化粪池外溢"


@pytest.mark.parametrize("who", ["lin", "wu", "ge"])
def test_whoever_has_no_right_over_the_place_finds_nothing(who: str) -> None:
    pit(4)
    spot = the_spot()
    with refused("hot_spot_not_found"):
        deciding.confirm_spot(spot.pk, seen=None, by=staff(who, at=NOW), at=NOW)
    with refused("hot_alert_not_found"):
        deciding.acknowledge_alert(HotAlert.objects.get().pk, by=staff(who, at=NOW), at=NOW)
    assert the_spot().state == State.OPEN
    assert HotAlert.objects.get().acknowledged_at is None


def test_the_head_of_the_neighbouring_community_does_not_see_it() -> None:
    pit(4, east=1, lat=22.7025, lon=114.0075)
    spot = the_spot()
    assert spot.area_path.split("/")[2] == "440399001002"
    with refused("hot_spot_not_found"):
        deciding.confirm_spot(spot.pk, seen=None, by=staff("dong", at=NOW), at=NOW)


def test_an_alert_is_acknowledged_once_by_whom_is_kept() -> None:
    pit(4)
    alert = HotAlert.objects.get()
    deciding.acknowledge_alert(alert.pk, by=staff("dong", at=NOW), at=NOW)
    deciding.acknowledge_alert(alert.pk, by=staff("du", at=NOW), at=NOW + DAY)
    alert.refresh_from_db()
    assert (alert.acknowledged_by_name, facts("HotAlertSeen")) == ("董东", 1)


def test_a_rise_is_told_to_the_units_that_look_after_the_place() -> None:
    pit(5)
    follow()
    told_units = Notice.objects.filter(kind="hot_spot_rising").values_list("to_unit__code", flat=True)
    assert list(told_units) == ["east"]


def test_merged_and_taken_back_everything_is_as_it_was() -> None:
    pits, lamps = two_spots()
    before = members(pits), members(lamps)
    by = staff("du", at=NOW)
    with refused("hot_spot_same", field="target"):
        rearranging.merge_spots(pits.pk, pits.pk, seen=None, by=by, at=NOW)
    rearranging.merge_spots(lamps.pk, pits.pk, seen=None, by=by, at=NOW)
    assert members(pits) == before[0] | before[1]
    assert HotSpot.objects.get(pk=pits.pk).count == 7
    with refused("hot_spot_merged_away"):
        deciding.confirm_spot(lamps.pk, seen=None, by=by, at=NOW)
    late = told(OTHER[0], who=99, at=NOW).appeal_id
    done = HotRearrangement.objects.get()
    rearranging.undo_rearrangement(done.pk, by=by, at=NOW + DAY)
    assert members(lamps) == before[1]
    assert members(pits) == before[0] | {late}, "what came later stays where it came to"
    assert HotSpot.objects.get(pk=lamps.pk).state == "open"
    with refused("hot_spot_already_undone"):
        rearranging.undo_rearrangement(done.pk, by=by, at=NOW + DAY)


def test_split_and_taken_back_everything_is_as_it_was() -> None:
    appeals = pit(5)
    spot, by = the_spot(), staff("du", at=NOW)
    with refused("hot_spot_nothing_left"):
        rearranging.split_spot(spot.pk, appeals, seen=None, by=by, at=NOW)
    with refused("hot_spot_nothing_chosen"):
        rearranging.split_spot(spot.pk, [], seen=None, by=by, at=NOW)
    part = rearranging.split_spot(spot.pk, appeals[:2], seen=None, by=by, at=NOW)
    assert (members(part), members(spot)) == (set(appeals[:2]), set(appeals[2:]))
    assert HotMark.objects.filter(pinned=True).count() == 5
    rearranging.undo_rearrangement(HotRearrangement.objects.get().pk, by=by, at=NOW + DAY)
    assert members(spot) == set(appeals)
    assert HotSpot.objects.get(pk=part.pk).merged_into_id == spot.pk
    assert not HotMark.objects.filter(pinned=True).exists()


def test_what_was_rearranged_later_is_taken_back_first() -> None:
    pits, lamps = two_spots()
    by = staff("du", at=NOW)
    part = rearranging.split_spot(pits.pk, sorted(members(pits))[:1], seen=None, by=by, at=NOW)
    rearranging.merge_spots(part.pk, lamps.pk, seen=None, by=by, at=NOW + DAY)
    first, second = HotRearrangement.objects.order_by("pk")
    with refused("hot_spot_later_first"):
        rearranging.undo_rearrangement(first.pk, by=by, at=NOW + DAY)
    rearranging.undo_rearrangement(second.pk, by=by, at=NOW + DAY)
    rearranging.undo_rearrangement(first.pk, by=by, at=NOW + DAY)
    assert len(members(pits)) == 4


def test_the_threshold_follows_what_people_say_and_comes_back_with_it() -> None:
    pit(4)
    spot, by = the_spot(), staff("du", at=NOW)
    assert threshold() == START_THRESHOLD
    for _time in range(8):
        copy = HotSpot.objects.get(pk=spot.pk)
        copy.pk, copy.heat = None, 7.5
        copy.id = type(spot)._meta.pk.get_default()
        copy.state, copy.decided_reason, copy.decided_at, copy.seen_heat = "dismissed", "不是", NOW, 7.5
        copy.fact_seq = 0
        copy.save(force_insert=True)
    HotSpot.objects.filter(pk=spot.pk).update(heat=13.0)
    deciding.confirm_spot(spot.pk, seen=None, by=by, at=NOW)
    assert 7.5 < threshold() <= 13.0
    assert facts("ThresholdLearnt") == 1


def test_appeals_of_a_decided_matter_stay_in_it_when_taken_in_again() -> None:
    appeals = pit(5)
    spot, by = the_spot(), staff("du", at=NOW)
    part = rearranging.split_spot(spot.pk, appeals[:2], seen=None, by=by, at=NOW)
    take_in(appeals, at=NOW)
    assert members(part) == set(appeals[:2])
