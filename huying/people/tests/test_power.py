"""Power in an emergency: for administrators, with a reason and a fresh code, for minutes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pyotp
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from huying.cases.queries import find_case
from huying.home.tests.desks import toilet_case
from huying.ledger.models import Fact
from huying.people.models import Account, PowerSession
from huying.people.permissions import Permission
from huying.people.power import end_power, end_stale_powers, note_seen, take_power
from huying.testing.cast import staff
from huying.testing.refusals import refused
from huying.testing.town import TOTP_SECRET

if TYPE_CHECKING:
    from datetime import datetime

pytestmark = pytest.mark.django_db
WHY = "投诉无法打开，核对数据"


def code(at: datetime) -> str:
    return pyotp.TOTP(TOTP_SECRET).at(at)


def taken(username: str = "guan", *, minutes: int = 30, at: datetime | None = None) -> PowerSession:
    at = at or timezone.now()
    return take_power(minutes=minutes, reason=WHY, code=code(at), by=staff(username), at=at)


def test_an_administrator_sees_no_case_but_in_a_session_of_power() -> None:
    case, at = toilet_case(), timezone.now()
    with refused("case_not_found"):
        find_case(case.number, by=staff("guan"))
    session = taken(at=at)
    guan = staff("guan", at=at)
    assert find_case(case.number, by=guan) == case
    assert guan.power == session.pk
    assert not guan.holds(Permission.CASE_WORK)
    assert staff("an", at=at).power is None
    end_power(by=guan, at=at)
    assert staff("guan", at=at).power is None
    book = Fact.objects.filter(stream="rightsbook:rights").order_by("seq")
    assert list(book.values_list("kind", flat=True)) == ["PowerTaken", "PowerEnded"]


def test_it_ends_when_its_time_is_over_or_nothing_is_done_in_it() -> None:
    at = timezone.now()
    session = taken(at=at)
    assert staff("guan", at=at + timedelta(minutes=9)).power
    assert staff("guan", at=at + timedelta(minutes=10)).power is None
    for minutes in (8, 16, 24, 29):
        note_seen(session.pk, at=at + timedelta(minutes=minutes))
    assert staff("guan", at=at + timedelta(minutes=29, seconds=59)).power
    assert staff("guan", at=at + timedelta(minutes=30)).power is None
    assert end_stale_powers(at=at + timedelta(hours=2)) == 1
    assert end_stale_powers(at=at + timedelta(hours=2)) == 0
    session.refresh_from_db()
    assert (session.how, session.ended_at) == ("time", at + timedelta(minutes=30))


def test_a_session_left_alone_is_written_down_as_ended_then() -> None:
    at = timezone.now()
    session = taken(at=at)
    end_stale_powers(at=at + timedelta(minutes=15))
    session.refresh_from_db()
    assert (session.how, session.ended_at) == ("idle", at + timedelta(minutes=10))


def test_it_takes_a_reason_a_fresh_code_and_an_administrator() -> None:
    at = timezone.now()
    guan = staff("guan")
    with refused("power_without_reason", field="reason"):
        take_power(minutes=30, reason="x", code=code(at), by=guan, at=at)
    for minutes in (4, 61):
        with refused("power_too_long", field="minutes"):
            take_power(minutes=minutes, reason=WHY, code=code(at), by=guan, at=at)
    with refused("wrong_totp", field="code"):
        take_power(minutes=30, reason=WHY, code="000000", by=guan, at=at)
    for username in ("lin", "shen", "ling"):
        with refused("power_not_for_you"):
            taken(username)
    Account.objects.filter(username="an").update(totp_secret="")
    with refused("second_step_first"):
        taken("an")
    taken(at=at)
    later = at + timedelta(minutes=1)
    with refused("power_running"):
        taken(at=later)
    with refused("wrong_totp"):
        take_power(minutes=30, reason=WHY, code=code(at), by=guan, at=at)


def test_the_database_lets_it_last_an_hour_at_most() -> None:
    session = taken(minutes=60)
    with pytest.raises(IntegrityError, match="power_lasts_an_hour_at_most"), transaction.atomic():
        PowerSession.objects.filter(pk=session.pk).update(ends_at=session.ends_at + timedelta(seconds=1))
