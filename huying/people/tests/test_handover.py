"""Handing a post over, deputies and duty rosters: rights by day, facts in the book, whom to call."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from huying.kit.tabular import read_table
from huying.ledger.queries import timeline
from huying.people import reasons
from huying.people.handover import hand_over, name_deputy
from huying.people.models import Account, Post, Roster, Shift, Unit
from huying.people.rosters import on_duty, read_shifts, set_roster, set_shifts
from huying.testing.cast import staff
from huying.testing.refusals import refused

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 22, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = AT.date()
DAY = timedelta(days=1)


def post_of(username: str) -> Post:
    return Post.objects.get(account__username=username, deputy_of=None, valid_until=None)


def account(username: str) -> Account:
    return Account.objects.get(username=username)


def keeper() -> str:
    """Return the member of the cast who keeps posts: the security administrator."""
    return "an"


def test_a_post_is_held_by_the_old_one_until_the_day_and_by_the_new_one_from_then_on() -> None:
    hand_over(post_of("lin").pk, account("wu"), from_on=TODAY + DAY, by=staff(keeper(), at=AT), at=AT)
    cleaning = Unit.objects.get(code="cleaning").pk
    assert cleaning in staff("lin", at=AT).unit_ids
    assert cleaning not in staff("wu", at=AT).unit_ids
    assert cleaning not in staff("lin", at=AT + DAY).unit_ids
    assert cleaning in staff("wu", at=AT + DAY).unit_ids
    fact = timeline("rightsbook:rights").get(kind="PostHandedOver")
    assert (fact.data["username"], fact.data["to_username"]) == ("lin", "wu")


def test_who_keeps_no_posts_hands_none_over_and_nobody_gets_one_by_their_own_hand() -> None:
    post = post_of("lin").pk
    with refused(reasons.NOT_ALLOWED.key):
        hand_over(post, account("wu"), from_on=TODAY, by=staff("hao", at=AT), at=AT)
    with refused(reasons.OWN_RIGHTS.key):
        hand_over(post, account("an"), from_on=TODAY, by=staff("an", at=AT), at=AT)
    with refused(reasons.SAME_HOLDER.key):
        hand_over(post, account("lin"), from_on=TODAY, by=staff("an", at=AT), at=AT)
    with refused(reasons.POST_DATES_WRONG.key):
        hand_over(post, account("wu"), from_on=TODAY - DAY, by=staff("an", at=AT), at=AT)
    assert post_of("lin").valid_until is None


def test_a_post_is_handed_over_once_and_an_administrator_s_never() -> None:
    by, post = staff("an", at=AT), post_of("lin").pk
    hand_over(post, account("wu"), from_on=TODAY + DAY, by=by, at=AT)
    with refused(reasons.HANDED_OVER_ALREADY.key):
        hand_over(post, account("dong"), from_on=TODAY, by=by, at=AT)
    with refused(reasons.ADMIN_BY_APPOINTMENT.key):
        hand_over(post_of("guan").pk, account("wu"), from_on=TODAY, by=by, at=AT)


def test_a_deputy_acts_until_the_day_and_no_longer_than_the_post_itself() -> None:
    by = staff("an", at=AT)
    with refused(reasons.DEPUTY_NEEDS_AN_END.key):
        name_deputy(post_of("lin").pk, account("wu"), from_on=TODAY, until_on=None, by=by, at=AT)
    name_deputy(post_of("lin").pk, account("wu"), from_on=TODAY, until_on=TODAY + 5 * DAY, by=by, at=AT)
    cleaning = Unit.objects.get(code="cleaning").pk
    grants = [grant for grant in staff("wu", at=AT).grants if grant.unit_id == cleaning]
    assert [grant.acting_for for grant in grants] == ["林清"]
    assert cleaning not in staff("wu", at=AT + 5 * DAY).unit_ids
    hand_over(post_of("lin").pk, account("dong"), from_on=TODAY + DAY, by=by, at=AT)
    assert cleaning not in staff("wu", at=AT + DAY).unit_ids


TABLE = """日期,开始,结束,姓名,电话
2026-09-22,18:00,8:30,林清,13800000001
2026-09-22,08:30,18:00,吴邻,13800000002
2026-09-23,,,郝正,13800000003
昨天,,,谁,1
2026-09-24,18:00,8:30,,
"""


def test_a_roster_is_read_line_by_line_and_nights_end_the_next_morning() -> None:
    with read_table(TABLE.encode(), name="值班表.csv") as table:
        read = read_shifts(table)
    assert [(one.name, (one.ends_at - one.starts_at) / timedelta(hours=1)) for one in read.shifts] == [
        ("林清", 14.5), ("吴邻", 9.5), ("郝正", 24.0),
    ]  # fmt: skip
    assert [one.line for one in read.problems] == [5, 6]


def test_whom_to_call_is_the_unit_s_own_duty_first_and_then_that_above_it() -> None:
    street, cleaning = (Unit.objects.get(code=code) for code in ("street", "cleaning"))
    own = set_roster(cleaning.pk, name="夜间值班", phone="8888", by=staff("hao"))
    above = set_roster(street.pk, name="总值班", by=staff("guan"))
    with read_table(TABLE.encode(), name="a.csv") as table:
        set_shifts(own.pk, read_shifts(table).shifts, by=staff("hao"))
    with read_table(TABLE.encode(), name="a.csv") as table:
        set_shifts(above.pk, read_shifts(table).shifts, by=staff("guan"))
    night = AT.replace(hour=23)
    found = on_duty([cleaning.pk], at=night)
    assert [(one.roster, one.name, one.desk_phone) for one in found] == [
        ("夜间值班", "林清", "8888"), ("总值班", "林清", ""),
    ]  # fmt: skip
    assert [one.name for one in on_duty([cleaning.pk], at=AT)] == ["吴邻", "吴邻"]
    assert on_duty([cleaning.pk], at=AT + 9 * DAY) == []
    # The same table once more replaces its days.
    with read_table(TABLE.encode(), name="a.csv") as table:
        set_shifts(own.pk, read_shifts(table).shifts, by=staff("hao"))
    assert Shift.objects.filter(roster=own).count() == 3


def test_a_unit_s_roster_is_in_the_hands_of_those_who_lead_there() -> None:
    cleaning = Unit.objects.get(code="cleaning")
    own = set_roster(cleaning.pk, name="夜间值班", by=staff("hao"))
    for username in ("lin", "wu", "dong"):
        with refused(reasons.ROSTER_NOT_FOUND.key):
            set_roster(cleaning.pk, name="另一个", by=staff(username))
        with refused(reasons.ROSTER_NOT_FOUND.key):
            set_shifts(own.pk, [Shift(name="a", starts_at=AT, ends_at=AT + DAY)], by=staff(username))
    with refused(reasons.ROSTER_TAKEN.key, field="name"):
        set_roster(cleaning.pk, name="夜间值班", by=staff("hao"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Shift.objects.create(roster=own, name="a", starts_at=AT, ends_at=AT)
    assert Roster.objects.count() == 1
