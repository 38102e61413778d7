"""Live: an appeal finds its matter, one person counts once, an alert is raised once, secrets stay out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import translation

from huying.cases.actions import move_case
from huying.cases.models import Case
from huying.cases.tests.stories import AT, HOUR
from huying.insight.core.heat import heat_at, surprise
from huying.insight.evidence import sentences_of
from huying.insight.hot_counting import one_at_a_time, recount
from huying.insight.hotspots import hot_matter, hot_matters, matters_of, member_appeals
from huying.insight.live import take_in
from huying.insight.models import HotAlert, HotMark, HotSpot, PlaceWeek
from huying.insight.tests.hotstories import DAY, OTHER, PIT, follow, members, pit, the_spot, told
from huying.journeys.withdrawing import take_back
from huying.ledger.models import Fact
from huying.testing.cast import case_of, resident, staff

pytestmark = pytest.mark.django_db
NOW = AT + DAY


def test_neighbours_with_one_matter_make_a_hot_spot_and_others_stay_out() -> None:
    others = [told(text, who=90 + place).appeal_id for place, text in enumerate(OTHER)]
    appeals = pit(5)
    spot = the_spot()
    assert members(spot) == set(appeals)
    assert not HotMark.objects.filter(pk__in=others, spot__isnull=False).exists()
    assert (spot.count, spot.appellants, spot.stage) == (5, 5, "rising")
    assert "化粪池" in spot.title
    assert spot.place == "听澜花园"


def test_it_is_read_as_other_rooms_read_it() -> None:
    appeals = pit(5)
    (matter,) = hot_matters(at=NOW)
    assert matter == hot_matter(matter.key)
    assert member_appeals(matter.key) == appeals
    assert matters_of(appeals[:1])[appeals[0]].key == matter.key
    assert (matter.count, matter.appellants) == (5, 5)
    assert hot_matters(at=NOW, areas=["nowhere"]) == []
    assert hot_matters(at=NOW, areas=[matter.area_code]) == [matter]
    assert hot_matters(at=NOW, stages=["hot"]) == []
    assert any("5" in sentence for sentence in matter.evidence)


def test_one_person_writing_often_is_one_appellant_and_it_is_said() -> None:
    for place in range(12):
        told(PIT[place % 6], who=1, at=AT + place * HOUR)
    spot = the_spot()
    assert (spot.count, spot.appellants, spot.busiest) == (12, 1, 12)
    assert spot.stage == "quiet", "one voice is no hot spot"
    assert any("12" in sentence for sentence in sentences_of(spot))
    assert not HotAlert.objects.exists()


def test_who_says_me_too_counts_damped_and_not_as_an_appeal() -> None:
    appeals = pit(3)
    before = the_spot()
    joined = case_of(told(PIT[3], who=50, at=AT + 4 * HOUR))
    for who in range(60, 64):
        told("我家也闻到这个臭味，请一起处理", who=who, at=AT + 5 * HOUR, joins=joined.pk)
    spot = the_spot()
    assert (spot.count, spot.me_too) == (4, 4)
    assert spot.appellants == before.appellants + 1
    assert heat_at(surprise(4, 0.5)) < spot.heat < heat_at(surprise(8, 0.5))
    assert set(appeals) < members(spot)


def test_an_alert_is_raised_once_for_each_stage_however_often_it_is_counted() -> None:
    pit(6)
    spot = the_spot()
    for _again in range(3):
        with one_at_a_time():
            recount(HotSpot.objects.select_for_update().get(pk=spot.pk), at=NOW)
    alerts = list(HotAlert.objects.order_by("at").values_list("stage", flat=True))
    assert alerts == ["early", "rising"]
    assert Fact.objects.filter(kind="HotAlertRaised").count() == 2


def test_a_matter_cools_calms_down_and_comes_back_with_a_new_alert() -> None:
    pit(6)
    spot = the_spot()

    def looked(at: object) -> str:
        with one_at_a_time():
            row = HotSpot.objects.select_for_update().get(pk=spot.pk)
            recount(row, at=at)  # type: ignore[arg-type]
        return row.stage

    assert looked(AT + 10 * DAY) == "rising", "kept until it is clearly less"
    assert looked(AT + 40 * DAY) == "cooling"
    assert looked(AT + 41 * DAY) == "resolved"
    assert HotAlert.objects.count() == 2
    pit(4, at=AT + 45 * DAY, first=20)
    spot.refresh_from_db()
    assert (spot.stage, spot.episode) == ("returned", 2)
    assert list(HotAlert.objects.filter(episode=2).values_list("stage", flat=True)) == ["returned"]


def test_an_appeal_taken_back_and_a_confidential_one_leave_the_matter() -> None:
    appeals = pit(5)
    take_back(appeals[0], reason="已解决", by=resident(), at=NOW)
    follow()
    case = Case.objects.get(memberships__appeal=appeals[1], memberships__until_at=None)
    move_case(case.pk, "keep_confidential", by=staff("mei", at=NOW), at=NOW, reason="本人要求")
    follow()
    assert members(the_spot()) == set(appeals[2:])
    assert the_spot().count == 3
    assert sum(PlaceWeek.objects.values_list("count", flat=True)) == HotMark.objects.count() == 3


def test_a_matter_nothing_is_left_of_says_so_instead_of_counting_nothing() -> None:
    for appeal in pit(5):
        take_back(appeal, reason="已解决", by=resident(), at=NOW)
    follow()
    assert the_spot().count == 0
    with translation.override("en"):
        assert sentences_of(the_spot())[0].startswith("No appeal is left in it")


def test_the_same_appeal_taken_in_twice_changes_nothing() -> None:
    appeals = pit(4)
    before = HotSpot.objects.values().get()
    take_in(appeals, at=AT + 3 * HOUR)
    assert HotSpot.objects.values().get() == before
    assert sum(PlaceWeek.objects.values_list("count", flat=True)) == 4


def test_what_is_usual_at_a_place_surprises_less() -> None:
    for week in range(5, 30):
        told(OTHER[0], who=100 + week, at=AT - timedelta(weeks=week))
    lamp = told(OTHER[0], who=7)
    mark = HotMark.objects.get(pk=lamp.appeal_id)
    HotMark.objects.exclude(pk=lamp.appeal_id).update(spot=None)
    HotSpot.objects.all().delete() if not Fact.objects.filter(stream__startswith="hotspot").exists() else None
    spot = HotSpot.objects.create(
        district="440399", title="路灯", area_path=mark.area_path, item_code=mark.item_code,
        first_at=AT, last_at=AT, lat=mark.lat, lon=mark.lon,
    )  # fmt: skip
    HotMark.objects.filter(pk=lamp.appeal_id).update(spot=spot, who=b"1")
    with one_at_a_time():
        recount(spot, at=NOW)
    assert spot.expected > 1, "one a week came from there for half a year"


def test_an_update_reads_few_rows_in_few_statements(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    pit(5)
    late = told(OTHER[1], who=77)
    HotMark.objects.filter(pk=late.appeal_id).delete()
    with django_assert_max_num_queries(12):
        take_in([late.appeal_id], at=NOW)


def test_the_digest_of_an_appellant_is_not_their_number() -> None:
    pit(3)
    with connection.cursor() as cursor:
        cursor.execute("SELECT who FROM insight_hotmark")
        kept = [bytes(row[0]) for row in cursor.fetchall()]
    assert len(set(kept)) == 3
    assert all(len(one) == 8 and b"138" not in one for one in kept)
