"""Units, accounts, posts, keys and codes: what is written, what is kept only as a hash, what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pyotp
import pytest
from django.db import IntegrityError, transaction

from huying.cases.tests.stories import AT, HOUR
from huying.people.actions import (
    CODE_MINUTES,
    UnitDraft,
    check_totp,
    give_post,
    make_api_key,
    make_phone_code,
    make_staff,
    set_starter_roles,
    set_up_units,
    sign_in_by_code,
)
from huying.people.models import Account, AccountKind, ApiKey, PhoneCode, Post, Role, Unit
from huying.people.permissions import STARTER_ROLES, Permission
from huying.people.queries import find_api_key, unit_book
from huying.testing.refusals import refused
from huying.testing.town import EAST, FOUNDED_ON, PASSWORD, STREET

pytestmark = pytest.mark.django_db
PHONE = "13800008000"


# --- units -------------------------------------------------------------------------------------------
def test_a_unit_stands_in_the_tree_with_its_sounds_and_is_found_at_once() -> None:
    set_up_units([UnitDraft("team", "清扫一队", parent="cleaning", area=EAST, roles=("sanitation",))])
    card = unit_book().by_code["team"]
    assert (card.path, card.area_path.endswith(EAST)) == ("street/cleaning/team", True)
    assert (card.pinyin[:8], card.initials) == ("qingsaoy", "qsyd")
    assert card.roles == {"sanitation"}


def test_a_unit_set_up_again_is_changed_and_not_doubled() -> None:
    before = Unit.objects.count()
    set_up_units([UnitDraft("cleaning", "环境卫生所", parent="street", area=STREET, short_names=("环卫",))])
    unit = Unit.objects.get(code="cleaning")
    assert (unit.name, unit.short_names, unit.roles) == ("环境卫生所", ["环卫"], [])
    assert Unit.objects.count() == before


def test_a_unit_that_moves_takes_along_what_lies_below_it() -> None:
    set_up_units([UnitDraft("team", "一队", parent="cleaning"), UnitDraft("squad", "一组", parent="team")])
    set_up_units([UnitDraft("cleaning", "环卫所", parent="city")])
    paths = {code: card.path for code, card in unit_book().by_code.items()}
    assert paths["cleaning"] == "street/city/cleaning"
    assert paths["team"] == "street/city/cleaning/team"
    assert paths["squad"] == "street/city/cleaning/team/squad"
    assert paths["east"] == "street/east"


@pytest.mark.parametrize(
    ("draft", "reason"),
    [
        (UnitDraft("x", "甲", parent="nobody"), "parent_unknown"),
        (UnitDraft("x", "甲", area="nowhere"), "area_unknown"),
    ],
)
def test_a_unit_under_nothing_or_nowhere_is_refused_with_its_batch(draft: UnitDraft, reason: str) -> None:
    with refused(reason):
        set_up_units([UnitDraft("good", "好单位"), draft])
    assert not Unit.objects.filter(code__in=("good", "x")).exists()


def test_starter_roles_leave_alone_what_a_town_changed() -> None:
    Role.objects.filter(key="handler").update(name="经办员", on_unit=["case:see"])
    Role.objects.filter(key="unit_lead").delete()
    set_starter_roles()
    assert Role.objects.get(key="handler").on_unit == ["case:see"]
    assert "case:review" in Role.objects.get(key="unit_lead").on_unit
    assert {p for role in STARTER_ROLES for p in (*role.on_unit, *role.on_area)} == set(Permission)


# --- posts -------------------------------------------------------------------------------------------
def test_a_post_lasts_at_least_a_day() -> None:
    lin, unit = Account.objects.get(username="lin"), Unit.objects.get(code="cleaning")
    for until in (FOUNDED_ON, FOUNDED_ON - timedelta(days=1)):
        with pytest.raises(IntegrityError, match="a_post_is_held_at_least_a_day"), transaction.atomic():
            give_post(lin, unit=unit, role="reviewer", valid_from=FOUNDED_ON, valid_until=until)
    post = give_post(
        lin, unit=unit, role="reviewer", valid_from=FOUNDED_ON, valid_until=FOUNDED_ON + timedelta(days=1)
    )
    assert Post.objects.held_on(FOUNDED_ON).filter(pk=post.pk).exists()
    assert not Post.objects.held_on(FOUNDED_ON + timedelta(days=1)).filter(pk=post.pk).exists()
    assert not Post.objects.held_on(date(2024, 12, 31)).filter(pk=post.pk).exists()


# --- accounts ----------------------------------------------------------------------------------------
def test_staff_sign_in_with_a_password_that_is_kept_as_a_hash() -> None:
    account = make_staff("xin", name="新来", password=PASSWORD)
    assert (account.kind, account.check_password(PASSWORD), account.check_password("x")) == (
        "staff",
        True,
        False,
    )
    assert PASSWORD not in account.password
    with pytest.raises(IntegrityError), transaction.atomic():
        make_staff("xin", name="又一个", password=PASSWORD)


def test_a_phone_signs_in_one_resident_and_may_be_a_clerks_too() -> None:
    resident: dict[str, Any] = {"kind": AccountKind.RESIDENT, "phone": PHONE}
    Account.objects.create(username="r1", **resident)
    with pytest.raises(IntegrityError, match="a_phone_signs_in_one_resident"), transaction.atomic():
        Account.objects.create(username="r2", **resident)
    Account.objects.create(username="s1", kind=AccountKind.STAFF, phone=PHONE)
    for name in ("r3", "r4"):
        Account.objects.create(username=name, kind=AccountKind.RESIDENT)


# --- keys of machines --------------------------------------------------------------------------------
def test_a_machines_key_is_shown_once_and_kept_as_a_hash() -> None:
    key = make_api_key("城管系统", channel="api")
    kept = ApiKey.objects.get(name="城管系统")
    assert (key.startswith("hy_"), key in kept.key_hash, len(kept.key_hash)) == (True, False, 64)
    known = find_api_key(key)
    assert known is not None
    assert (known.channel, known.actor.kind, known.actor.id) == ("api", "service", kept.pk)
    assert find_api_key(key[:-1]) is None
    assert find_api_key("") is None


# --- sign-in codes -----------------------------------------------------------------------------------
def test_a_right_code_signs_in_once_and_makes_the_account_once() -> None:
    code = make_phone_code(PHONE, at=AT)
    assert (len(code), code.isdecimal()) == (6, True)
    assert code not in PhoneCode.objects.get().code_hash
    account = sign_in_by_code(PHONE, code, at=AT)
    assert (account.kind, account.phone) == ("resident", PHONE)
    with refused("wrong_code", field="code"):
        sign_in_by_code(PHONE, code, at=AT)
    again = sign_in_by_code(PHONE, make_phone_code(PHONE, at=AT), at=AT)
    assert again.pk == account.pk


def test_a_code_is_good_for_minutes() -> None:
    code = make_phone_code(PHONE, at=AT)
    with refused("wrong_code"):
        sign_in_by_code(PHONE, code, at=AT + timedelta(minutes=CODE_MINUTES))
    assert sign_in_by_code(PHONE, code, at=AT + timedelta(minutes=CODE_MINUTES, seconds=-1))


def test_only_the_newest_code_counts_and_only_for_its_phone() -> None:
    old = make_phone_code(PHONE, at=AT)
    new = make_phone_code(PHONE, at=AT + timedelta(seconds=1))
    with refused("wrong_code"):
        sign_in_by_code("13900009000", new, at=AT + timedelta(seconds=2))
    if old != new:
        with refused("wrong_code"):
            sign_in_by_code(PHONE, old, at=AT + timedelta(seconds=2))
    assert sign_in_by_code(PHONE, new, at=AT + timedelta(seconds=2))


def test_after_five_wrong_tries_the_right_code_is_worthless() -> None:
    code = make_phone_code(PHONE, at=AT)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        with refused("wrong_code"):
            sign_in_by_code(PHONE, wrong, at=AT)
    assert PhoneCode.objects.get().tries_left == 0
    with refused("wrong_code"):
        sign_in_by_code(PHONE, code, at=AT)


def test_five_codes_an_hour_are_enough() -> None:
    for minute in range(5):
        make_phone_code(PHONE, at=AT + timedelta(minutes=minute))
    with refused("too_many_codes"):
        make_phone_code(PHONE, at=AT + timedelta(minutes=59))
    make_phone_code("13900009000", at=AT)
    make_phone_code(PHONE, at=AT + HOUR)


# --- second step -------------------------------------------------------------------------------------
def test_a_one_time_password_is_right_for_a_moment_and_once() -> None:
    account = Account.objects.get(username="lin")
    account.totp_secret = pyotp.random_base32()
    account.save()
    totp = pyotp.TOTP(account.totp_secret)
    code, late = totp.at(AT), totp.at(AT - timedelta(minutes=5))
    assert not check_totp(account, late, at=AT) or late == code
    assert check_totp(account, code, at=AT)
    account.refresh_from_db()
    assert not check_totp(account, code, at=AT), "each counts once"
    following = totp.at(AT + timedelta(seconds=30))
    assert check_totp(account, following, at=AT + timedelta(seconds=30))


@pytest.mark.parametrize("code", ["", "12345", "１２３４５６", "一二三四五六", "12345\ud800"[:5], "1234567"])
def test_what_is_no_one_time_password_is_simply_wrong(code: str) -> None:
    account = Account.objects.get(username="lin")
    account.totp_secret = pyotp.random_base32()
    assert not check_totp(account, code, at=AT)
