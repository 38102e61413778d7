"""Who may do what is changed by administrators, of three kinds, none of them for themselves."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huying.ledger.models import Fact
from huying.ledger.queries import verify
from huying.people.accounts import (
    lock_account,
    make_account,
    reset_password,
    reset_second_step,
    unlock_account,
)
from huying.people.actions import give_post, make_staff
from huying.people.models import Account, AdminProposal, Post, Role, Unit
from huying.people.permissions import ADMIN_MARKS, STARTER_ROLES, AdminKind, Permission, admin_kind
from huying.people.queries import actor_of
from huying.people.rights import appoint, decide_admin, end_post, set_role
from huying.testing.cast import staff
from huying.testing.refusals import refused
from huying.testing.town import PASSWORD

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


def account(username: str) -> Account:
    return Account.objects.get(username=username)


def unit(code: str = "street") -> Unit:
    return Unit.objects.get(code=code)


def told(kind: str) -> list[dict[str, object]]:
    return [fact.data for fact in Fact.objects.filter(stream="rightsbook:rights", kind=kind).order_by("seq")]


def appointed(username: str, role: str, *, by: str = "an") -> Post | AdminProposal:
    return appoint(
        account(username),
        unit=unit(),
        role=Role.objects.get(pk=role),
        valid_from=TODAY,
        by=staff(by),
        at=timezone.now(),
    )


def test_a_role_is_data_and_each_change_of_it_is_a_fact() -> None:
    at = timezone.now()
    set_role("helper", name="协管", on_unit=["case:see"], new=True, by=staff("an"), at=at)
    appointed("lin", "helper")
    set_role("helper", name="协管", on_unit=["case:see", "case:merge"], by=staff("an"), at=at)
    assert staff("lin").holds(Permission.CASE_MERGE)
    assert told("RoleSet")[-1]["unit_before"] == ["case:see"]
    assert verify().broken is None


@pytest.mark.parametrize("username", ["lin", "guan", "shen", "ling", "mei"])
def test_only_the_security_administrator_changes_rights(username: str) -> None:
    by, at = staff(username), timezone.now()
    post = Post.objects.get(account__username="hao")
    with refused("not_allowed"):
        set_role("handler", name="经办", on_unit=["case:see"], by=by, at=at)
    with refused("not_allowed"):
        end_post(post.pk, by=by, at=at)
    with refused("not_allowed"):
        make_account("xinren", name="新人", password="a long new password", by=by, at=at)
    with refused("not_allowed"):
        lock_account(account("hao").pk, reason="test", by=by, at=at)


def test_nobody_raises_their_own_rights() -> None:
    at, an = timezone.now(), staff("an")
    with refused("own_rights"):
        appointed("an", "leader")
    for change in (lock_account,):
        with refused("own_rights"):
            change(account("an").pk, reason="me", by=an, at=at)
    with refused("own_rights"):
        reset_password(account("an").pk, password="another long password", by=an, at=at)
    with refused("own_rights"):
        set_role("admin_security", name="安全管理员", on_area=["people:edit", "case:see"], by=an, at=at)
    assert not an.holds(Permission.CASE_SEE)


def test_a_role_makes_one_kind_of_administrator_and_an_auditor_changes_nothing() -> None:
    at, an = timezone.now(), staff("an")
    for mixed in (["system:edit", "people:edit"], ["audit:see", "people:edit"], ["system:edit", "audit:see"]):
        with refused("role_mixes_admins"):
            set_role("both", name="两头", on_area=mixed, new=True, by=an, at=at)
    with refused("auditor_changes_nothing"):
        set_role("both", name="审计加办", on_area=["audit:see", "case:work"], new=True, by=an, at=at)
    with refused("role_becomes_admin"):
        set_role("handler", name="经办", on_area=["system:edit"], by=an, at=at)
    assert not Role.objects.filter(pk="both").exists()


def test_an_administrator_is_proposed_by_one_and_confirmed_by_another() -> None:
    at = timezone.now()
    proposal = appointed("hao", "admin")
    assert isinstance(proposal, AdminProposal)
    assert not staff("hao").holds(Permission.SYSTEM_EDIT)
    for username, key in (("an", "not_by_yourself"), ("hao", "not_allowed"), ("shen", "not_allowed")):
        with refused(key):
            decide_admin(proposal.pk, confirmed=True, by=staff(username), at=at)
    decide_admin(proposal.pk, confirmed=True, by=staff("guan"), at=at)
    assert staff("hao").holds(Permission.SYSTEM_EDIT)
    with refused("proposal_decided"):
        decide_admin(proposal.pk, confirmed=False, by=staff("guan"), at=at)
    assert [told("AdminProposed")[-1]["username"], told("AdminDecided")[-1]["confirmed"]] == ["hao", True]
    assert told("PostGiven")[-1]["proposed_by"] == "安全"


def test_the_database_knows_four_eyes_too() -> None:
    proposal = appointed("hao", "admin")
    with pytest.raises(IntegrityError), transaction.atomic():
        AdminProposal.objects.filter(pk=proposal.pk).update(confirmed=True, decided_by=account("an"))


def test_one_account_is_one_kind_of_administrator() -> None:
    for username, role in (("guan", "admin_security"), ("guan", "admin_audit"), ("shen", "admin")):
        with refused("two_kinds_of_admin"):
            appointed(username, role)
    # The database refuses it also where no action asks.
    with (
        pytest.raises(IntegrityError, match="one_account_is_one_kind_of_administrator"),
        transaction.atomic(),
    ):
        give_post(account("guan"), unit=unit(), role="admin_audit", valid_from=TODAY)
    give_post(account("guan"), unit=unit("east"), role="admin", valid_from=TODAY)
    give_post(account("guan"), unit=unit(), role="leader", valid_from=TODAY)


def test_a_role_that_turns_into_another_administrator_cannot_slip_past_the_database() -> None:
    give_post(account("guan"), unit=unit(), role="leader", valid_from=TODAY)
    with (
        pytest.raises(IntegrityError, match="one_account_is_one_kind_of_administrator"),
        transaction.atomic(),
    ):
        Role.objects.filter(pk="leader").update(on_area=["audit:see"])


def test_the_last_administrator_of_a_kind_stays() -> None:
    at, an = timezone.now(), staff("an")
    for username in ("guan", "shen"):
        post = Post.objects.get(account__username=username)
        with refused("last_administrator"):
            end_post(post.pk, by=an, at=at)
        with refused("last_administrator"):
            lock_account(account(username).pk, reason="leaves", by=an, at=at)
        assert staff(username).grants
    second = make_staff("second", name="第二", password=PASSWORD)
    give_post(second, unit=unit(), role="admin_audit", valid_from=TODAY)
    end_post(Post.objects.get(account__username="shen").pk, by=an, at=at)
    assert not staff("shen").grants
    with refused("post_over"):
        end_post(Post.objects.get(account__username="shen").pk, by=an, at=at)


def test_a_post_given_today_and_taken_back_today_gives_nothing() -> None:
    at, an = timezone.now(), staff("an")
    post = appoint(
        account("hao"), unit=unit("city"), role=Role.objects.get(pk="handler"),
        valid_from=timezone.localdate(at), by=an, at=at,
    )  # fmt: skip
    assert isinstance(post, Post)
    assert staff("hao").holds(Permission.CASE_WORK)
    with refused("post_held_already"):
        appoint(
            account("hao"), unit=unit("city"), role=Role.objects.get(pk="handler"),
            valid_from=timezone.localdate(at), by=an, at=at,
        )  # fmt: skip
    end_post(post.pk, by=an, at=at)
    assert not staff("hao").holds(Permission.CASE_WORK)


def test_accounts_are_made_locked_and_helped_with_a_fact_for_each() -> None:
    at, an = timezone.now(), staff("an")
    with refused("password_weak", field="password"):
        make_account("xinren", name="新人", password="12345", by=an, at=at)
    with refused("username_taken", field="username"):
        make_account("LIN", name="新人", password="a long new password", by=an, at=at)
    with refused("username_not_plain", field="username"):
        make_account("<x>", name="新人", password="a long new password", by=an, at=at)
    made = make_account("xinren", name="新人", password="a long new password", by=an, at=at)
    assert made.must_change_password
    with refused("lock_without_reason", field="reason"):
        lock_account(made.pk, reason=" ", by=an, at=at)
    lock_account(made.pk, reason="left", by=an, at=at)
    lock_account(made.pk, reason="twice", by=an, at=at)
    unlock_account(made.pk, by=an, at=at)
    reset_password(made.pk, password="yet another password", by=an, at=at)
    Account.objects.filter(pk=made.pk).update(totp_secret="X")
    reset_second_step(made.pk, by=an, at=at)
    kinds = Fact.objects.filter(stream="rightsbook:rights").order_by("seq").values_list("kind", flat=True)
    assert list(kinds) == [
        "AccountMade",
        "AccountLocked",
        "AccountUnlocked",
        "PasswordReset",
        "SecondStepReset",
    ]
    with refused("not_staff"):
        lock_account(Account.objects.create_user("r-1", kind="resident").pk, reason="no", by=an, at=at)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.sampled_from(list(Permission))))
def test_python_and_the_database_agree_which_administrator_rights_make(rights: set[Permission]) -> None:
    with transaction.atomic():
        role = Role.objects.create(key="any", name="任意", on_area=[str(right) for right in rights])
        role.refresh_from_db()
        assert role.admin_of == admin_kind(rights)
        transaction.set_rollback(True)


def test_the_starter_roles_give_no_administrator_a_look_at_cases_or_residents() -> None:
    personal = {Permission.CASE_SEE, Permission.CONTACT_SEE, Permission.CASE_WORK, Permission.SEALED_HANDLE}
    kinds = {}
    for role in STARTER_ROLES:
        rights = {*role.on_unit, *role.on_area}
        kind = admin_kind(rights)
        assert kind != AdminKind.WHOLE
        if kind:
            kinds[kind] = role.key
            assert not rights & personal
    assert set(kinds) == set(ADMIN_MARKS.values())


def test_a_town_with_one_administrator_keeps_him_until_it_splits() -> None:
    Role.objects.filter(pk="admin").update(on_area=["people:edit", "system:edit", "catalogue:edit"])
    assert Role.objects.get(pk="admin").admin_of == AdminKind.WHOLE
    guan = actor_of(account("guan"), at=timezone.now())
    assert guan.holds(Permission.PEOPLE_EDIT)
    assert guan.holds(Permission.SYSTEM_EDIT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_post WHERE admin_of = 'whole'")
        assert cursor.fetchone() == (1,)
    with refused("two_kinds_of_admin"):
        appointed("guan", "admin_audit")
