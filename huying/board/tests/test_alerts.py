"""Alerts: raised once, acknowledged once by two clerks, taken down when over, and nobody else's."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, transaction

from huying.board.models import Alert, WallScreen
from huying.board.view import board_of
from huying.board.walls import find_screen, revoke_screen, screens_of, set_screen
from huying.board.watching import acknowledge, alerts_for, standing_alerts, watch
from huying.cases.models import Case
from huying.cases.tests import stories
from huying.cases.tests.stories import AT, HOUR
from huying.kit.errors import Refusal
from huying.ledger.queries import verify
from huying.places.queries import town_map
from huying.testing.cast import staff
from huying.testing.refusals import refused
from huying.testing.town import DISTRICT, EAST, STREET, WEST

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db
TOWN = f"{DISTRICT}/{STREET}"


def no(key: str, act: Callable[..., object], *given: object, **more: object) -> None:
    """Expect that an act is refused with this reason."""
    with refused(key):
        act(*given, **more)


def danger(east: int = 0) -> Case:
    case = stories.signed() if not east else stories.dispatched(east=east)
    Case.objects.filter(pk=case.pk).update(grade="A")
    return Case.objects.get(pk=case.pk)


def test_a_danger_is_raised_once_however_often_one_looks() -> None:
    danger()
    assert watch(at=AT + HOUR) == 1
    assert watch(at=AT + HOUR) == 0
    alert = Alert.objects.get()
    assert (alert.kind, alert.raised_at) == ("danger", AT)


def test_a_danger_whose_clock_ran_out_is_raised_beside_it() -> None:
    case = danger()
    Case.objects.filter(pk=case.pk).update(next_due_at=AT + HOUR)
    watch(at=AT + 2 * HOUR)
    assert sorted(Alert.objects.values_list("kind", flat=True)) == ["danger", "danger_overdue"]


def test_an_alert_is_taken_down_when_its_cause_is_over() -> None:
    case = danger()
    watch(at=AT)
    Case.objects.filter(pk=case.pk).update(grade="C")
    watch(at=AT + HOUR)
    assert not standing_alerts().exists()
    assert Alert.objects.get().ended_at == AT + HOUR


def test_a_confidential_case_is_no_alert() -> None:
    case = danger()
    Case.objects.filter(pk=case.pk).update(confidential=True)
    assert watch(at=AT) == 0


def test_of_two_clerks_the_second_is_told_who_was_first() -> None:
    danger()
    watch(at=AT)
    alert = Alert.objects.get()
    acknowledge(alert.pk, by=staff("mei", at=AT), at=AT, note="  已派人 ")
    with pytest.raises(Refusal) as second:
        acknowledge(alert.pk, by=staff("du", at=AT), at=AT + HOUR)
    assert (second.value.reason.key, "梅分" in second.value.sentence) == ("alert_taken", True)
    again = acknowledge(alert.pk, by=staff("mei", at=AT), at=AT + HOUR)
    assert (again.acknowledged_at, again.note, again.fact_seq) == (AT, "已派人", 1)
    assert verify().broken is None
    watch(at=AT + HOUR)
    assert not standing_alerts().exists()


def test_a_neighbour_and_a_worker_neither_see_nor_acknowledge_it() -> None:
    danger(east=1)
    watch(at=AT)
    alert = Alert.objects.get()
    for name in ("dong", "lin"):
        no("alert_not_found", acknowledge, alert.pk, by=staff(name, at=AT), at=AT)
        assert not alerts_for(staff(name, at=AT)).exists()
    assert alerts_for(staff("ling", at=AT)).count() == 1


def test_an_acknowledged_alert_says_by_whom() -> None:
    good: dict[str, Any] = {"kind": "danger", "raised_at": AT}
    Alert.objects.create(key="a", **good)
    Alert.objects.create(key="b", **good, acknowledged_at=AT, acknowledged_by_name="梅分")
    with pytest.raises(IntegrityError, match="an_acknowledged_alert_says_by_whom"), transaction.atomic():
        Alert.objects.create(key="c", **good, acknowledged_at=AT)


def test_the_board_of_a_community_shows_only_the_community() -> None:
    stories.signed()
    danger(east=1)
    east, west = f"{TOWN}/{EAST}", f"{TOWN}/{WEST}"
    seen = board_of([east], at=AT + HOUR)
    assert (seen.numbers["opened"], seen.stands["open"], seen.alerts) == (1, 1, [])
    assert [path for path, _today, _now in seen.areas] == [east]
    whole = board_of([TOWN], at=AT + HOUR)
    assert (whole.numbers["opened"], whole.stands["danger"], len(whole.alerts)) == (2, 1, 1)
    assert [path for path, _today, _now in whole.areas] == [east, west]
    assert sum(whole.hours) == 2
    assert whole.fresh.late_since is None
    assert len(whole.days) == 14


def test_a_screen_shows_its_area_until_its_link_is_taken_back() -> None:
    area = town_map().by_code(EAST)
    other = town_map().by_code(WEST)
    assert area is not None
    assert other is not None
    no("not_allowed", set_screen, "大厅", area=other, by=staff("dong", at=AT), at=AT)
    no("not_allowed", set_screen, "大厅", area=area, by=staff("lin", at=AT), at=AT)
    screen, word = set_screen(" 大厅 ", area=area, by=staff("dong", at=AT), at=AT)
    assert word not in str(WallScreen.objects.values().get())
    assert find_screen(word, at=AT).name == "大厅"
    assert list(screens_of(staff("ling", at=AT), at=AT)) == [screen]
    no("screen_not_found", find_screen, word, at=AT + timedelta(days=366))
    no("screen_not_found", find_screen, "guess", at=AT)
    revoke_screen(screen.pk, by=staff("ling", at=AT), at=AT)
    revoke_screen(screen.pk, by=staff("ling", at=AT), at=AT)
    no("screen_not_found", find_screen, word, at=AT)
    assert list(screens_of(staff("ling", at=AT), at=AT)) == []
    assert verify().broken is None


def test_a_wall_screen_ends_after_it_begins() -> None:
    area = town_map().by_code(EAST)
    assert area is not None
    row: dict[str, Any] = {"name": "x", "area_id": area.id, "made_by_name": "x", "made_at": AT}
    WallScreen.objects.create(**row, link_hash="a", ends_at=AT + HOUR)
    with pytest.raises(IntegrityError, match="a_wall_screen_ends_after_it_begins"), transaction.atomic():
        WallScreen.objects.create(**row, link_hash="b", ends_at=AT)
