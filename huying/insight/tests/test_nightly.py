"""The night's pass: known matters keep their identity, people's word stands, nothing is in two."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from huying.cases.models import Case
from huying.cases.tests.stories import AT
from huying.insight import deciding, rearranging
from huying.insight.hotspots import hot_matters, member_appeals
from huying.insight.marking import monday_of
from huying.insight.models import HotAlert, HotMark, HotSpot, PlaceWeek
from huying.insight.nightly import cool_down, pass_over, pass_over_all, slices
from huying.insight.tests.hotstories import DAY, OTHER, members, pit, the_spot, told
from huying.testing.cast import staff

pytestmark = pytest.mark.django_db
NOW = AT + DAY


def recounted() -> dict[tuple[str, str, object], int]:
    """Return the weeks as they are when counted by hand."""
    found: dict[tuple[str, str, object], int] = {}
    for mark in HotMark.objects.all():
        key = (mark.area_key, mark.item_code[:4], monday_of(mark.at))
        found[key] = found.get(key, 0) + 1
    return found


def weeks() -> dict[tuple[str, str, object], int]:
    rows = PlaceWeek.objects.filter(count__gt=0).values_list("area_path", "item_group", "week_on", "count")
    return {(area, group, monday): count for area, group, monday, count in rows}


def test_the_pass_finds_what_live_search_lost_and_keeps_what_it_found() -> None:
    for who, text in enumerate(OTHER):
        told(text, who=80 + who)
    appeals = pit(6)
    spot = the_spot()
    alerts = HotAlert.objects.count()
    HotMark.objects.filter(pk__in=appeals[:2]).update(spot=None, who=None)
    done = pass_over_all(at=NOW)
    assert done["found"] >= 1
    assert the_spot().pk == spot.pk
    assert members(the_spot()) == set(appeals)
    assert HotAlert.objects.count() == alerts, "what rose before is not alerted again"
    assert weeks() == recounted()


def test_an_appeal_whose_job_was_lost_is_taken_in_at_night() -> None:
    pit(4)
    late = pit(1, first=4)[0]
    HotMark.objects.filter(pk=late).delete()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE intake_appeal SET received_at = %s WHERE id = %s", [AT, late])
    pass_over_all(at=NOW)
    assert late in member_appeals(the_spot().pk)


def test_what_people_named_dismissed_and_split_stays_as_they_said() -> None:
    appeals = pit(6)
    spot, by = the_spot(), staff("du", at=NOW)
    part = rearranging.split_spot(spot.pk, appeals[:3], seen=None, by=by, at=NOW)
    deciding.rename_spot(part.pk, title="二号楼的事", seen=None, by=by, at=NOW)
    deciding.dismiss_spot(spot.pk, reason="另一回事", seen=None, by=by, at=NOW)
    pass_over_all(at=NOW)
    assert members(part) == set(appeals[:3])
    assert members(spot) == set(appeals[3:])
    part.refresh_from_db()
    spot.refresh_from_db()
    assert (part.title, spot.state) == ("二号楼的事", "dismissed")


def test_what_was_wrongly_put_together_comes_apart_while_nobody_spoke_on_it() -> None:
    appeals = pit(5)
    spot = the_spot()
    wrong = told(OTHER[1], who=70).appeal_id
    HotMark.objects.filter(pk=wrong).update(spot=spot, who=b"12345678")
    pass_over_all(at=NOW)
    assert members(spot) == set(appeals)
    assert HotSpot.objects.get(pk=spot.pk).count == 5


def test_confidential_cases_are_gone_after_the_night_even_if_their_job_was_lost() -> None:
    appeals = pit(5)
    Case.objects.filter(memberships__appeal=appeals[0]).update(confidential=True)
    pass_over_all(at=NOW)
    assert appeals[0] not in member_appeals(the_spot().pk)
    assert weeks() == recounted()


def test_a_pass_twice_is_a_pass_once() -> None:
    pit(5)
    pass_over_all(at=NOW)
    before = HotSpot.objects.values().get()
    marks = list(HotMark.objects.order_by("pk").values_list("pk", "spot"))
    for areas in slices(at=NOW):
        pass_over(areas, at=NOW)
    assert HotSpot.objects.values().get() == before
    assert list(HotMark.objects.order_by("pk").values_list("pk", "spot")) == marks


def test_a_matter_across_two_slices_stays_one() -> None:
    appeals = pit(6)
    here = HotMark.objects.values_list("area_key", flat=True)[0]
    for beyond in (appeals[:2], appeals[:3]):
        HotMark.objects.filter(pk__in=beyond).update(area_key="beyond")
        for areas in ([here], ["beyond"]):
            pass_over(areas, at=NOW)
        assert members(the_spot()) == set(appeals)


def test_time_alone_cools_what_nobody_writes_on() -> None:
    pit(5)
    assert cool_down(at=AT + timedelta(hours=9)) == 0
    assert cool_down(at=AT + 60 * DAY) == 1
    assert the_spot().stage == "cooling"
    assert hot_matters(at=AT + 60 * DAY) == []
