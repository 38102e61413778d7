"""Handing a post over and deputies: rights by day, facts in the book."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from huying.ledger.queries import timeline
from huying.people import reasons
from huying.people.handover import name_deputy, pass_post
from huying.people.models import Account, Post, Unit
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
    pass_post(post_of("lin").pk, account("wu"), from_on=TODAY + DAY, by=staff(keeper(), at=AT), at=AT)
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
        pass_post(post, account("wu"), from_on=TODAY, by=staff("hao", at=AT), at=AT)
    with refused(reasons.OWN_RIGHTS.key):
        pass_post(post, account("an"), from_on=TODAY, by=staff("an", at=AT), at=AT)
    with refused(reasons.SAME_HOLDER.key):
        pass_post(post, account("lin"), from_on=TODAY, by=staff("an", at=AT), at=AT)
    with refused(reasons.POST_DATES_WRONG.key):
        pass_post(post, account("wu"), from_on=TODAY - DAY, by=staff("an", at=AT), at=AT)
    assert post_of("lin").valid_until is None


def test_a_post_is_handed_over_once_and_an_administrator_s_never() -> None:
    by, post = staff("an", at=AT), post_of("lin").pk
    pass_post(post, account("wu"), from_on=TODAY + DAY, by=by, at=AT)
    with refused(reasons.HANDED_OVER_ALREADY.key):
        pass_post(post, account("dong"), from_on=TODAY, by=by, at=AT)
    with refused(reasons.ADMIN_BY_APPOINTMENT.key):
        pass_post(post_of("guan").pk, account("wu"), from_on=TODAY, by=by, at=AT)


def test_a_deputy_acts_until_the_day_and_no_longer_than_the_post_itself() -> None:
    by = staff("an", at=AT)
    with refused(reasons.DEPUTY_NEEDS_AN_END.key):
        name_deputy(post_of("lin").pk, account("wu"), from_on=TODAY, until_on=None, by=by, at=AT)
    name_deputy(post_of("lin").pk, account("wu"), from_on=TODAY, until_on=TODAY + 5 * DAY, by=by, at=AT)
    cleaning = Unit.objects.get(code="cleaning").pk
    grants = [grant for grant in staff("wu", at=AT).grants if grant.unit_id == cleaning]
    assert [grant.acting_for for grant in grants] == ["林清"]
    assert cleaning not in staff("wu", at=AT + 5 * DAY).unit_ids
    pass_post(post_of("lin").pk, account("dong"), from_on=TODAY + DAY, by=by, at=AT)
    assert cleaning not in staff("wu", at=AT + DAY).unit_ids
