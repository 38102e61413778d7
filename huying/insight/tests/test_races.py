"""Several at once: an alert is raised once, an appeal is in one matter, of two who decide one is told so."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from huying.cases.tests.stories import AT, HOUR
from huying.insight import deciding, rearranging
from huying.insight.hot_counting import LOCK
from huying.insight.live import take_in
from huying.insight.models import HotAlert, HotMark, HotSpot
from huying.insight.tests.hotstories import DAY, OTHER, PIT, members, told
from huying.ledger.models import Fact
from huying.testing.apart import keys_of, race, race_behind
from huying.testing.cast import appeal_of, staff

if TYPE_CHECKING:
    from uuid import UUID

pytestmark = pytest.mark.usefixtures("apart")
NOW = AT + DAY


def spot_of(appeal: UUID) -> HotSpot:
    """Return the matter an appeal is in: the town is shared by the tests of this file."""
    return HotSpot.objects.get(marks=appeal)


def same(text: str, who: range) -> list[UUID]:
    """Let some neighbours tell of a matter no other test of this file tells of; return their appeals."""
    return [told(text, who=one, at=AT + one * HOUR).appeal_id for one in who]


def _hold() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def test_workers_at_once_make_one_matter_and_raise_each_alert_once() -> None:
    appeals = [
        appeal_of(text, at=AT + place * HOUR, phone=f"1380000{1000 + place}", east=1).appeal_id
        for place, text in enumerate(PIT)
    ]
    race_behind(_hold, *(partial(take_in, [appeal], at=NOW) for appeal in (*appeals, *appeals[:2])))
    spot = spot_of(appeals[0])
    assert spot.count == len(appeals) == HotMark.objects.filter(spot=spot).count()
    alerts = list(HotAlert.objects.filter(spot=spot).values_list("stage", flat=True))
    assert sorted(alerts) == sorted(set(alerts))
    raised = Fact.objects.filter(kind="HotAlertRaised", stream=f"hotspot:{spot.pk}")
    assert raised.count() == len(alerts) > 0


def test_of_two_who_decide_at_once_one_is_told_that_it_is_decided() -> None:
    spot = spot_of(same(OTHER[1], range(3))[0])
    answers = race(
        lambda: deciding.confirm_spot(spot.pk, seen=spot.edition, by=staff("du", at=NOW), at=NOW),
        lambda: deciding.dismiss_spot(
            spot.pk, reason="不是", seen=spot.edition, by=staff("mei", at=NOW), at=NOW
        ),
    )
    assert keys_of(answers) == ["", "hot_spot_changed_meanwhile"]


def test_a_merge_and_new_appeals_at_once_lose_nobody() -> None:
    lamps, noise = same(OTHER[0], range(10, 14)), same(OTHER[2], range(20, 23))
    one, other = spot_of(lamps[0]), spot_of(noise[0])
    late = [
        appeal_of(text, at=NOW, phone=f"1390000{1000 + place}").appeal_id
        for place, text in enumerate((OTHER[0], OTHER[2], OTHER[2]))
    ]
    answers = race(
        lambda: rearranging.merge_spots(other.pk, one.pk, seen=None, by=staff("du", at=NOW), at=NOW),
        *(partial(take_in, [appeal], at=NOW) for appeal in late),
    )
    assert keys_of(answers) == [""] * 4, "whoever came first, all came through"
    assert members(one) == {*lamps, *noise, *late}
    assert HotSpot.objects.get(pk=one.pk).count == len(members(one))
    assert not HotMark.objects.filter(spot=other).exists()
