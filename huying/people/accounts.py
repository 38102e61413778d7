"""Accounts of staff: made, locked, helped when a password or a phone is lost; each change is a fact."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from huying.kit.errors import Refusal
from huying.kit.text import clean, on_one_line
from huying.people import facts, reasons
from huying.people.actions import make_staff
from huying.people.book import open_book
from huying.people.models import Account, AccountKind
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    from huying.ledger.actor import Actor
    from huying.ledger.chain import FactBody

_USERNAME = re.compile(r"[a-z0-9][a-z0-9.\-]{2,39}")


def make_account(username: str, *, name: str, password: str, by: Actor, at: datetime) -> Account:
    """Make an account for a member of staff, with a password that must be changed at the first sign-in.

    Refusal `username_not_plain`, `username_taken` or `password_weak`.
    """
    username = username.strip().lower()
    if not _USERNAME.fullmatch(username):
        raise Refusal(reasons.USERNAME_NOT_PLAIN, field="username")
    with open_book(Permission.PEOPLE_EDIT, by=by, at=at) as book:
        if Account.objects.filter(username=username).exists():
            raise Refusal(reasons.USERNAME_TAKEN, field="username")
        check_password_rules(password, Account(username=username, name=name))
        account = make_staff(username, name=on_one_line(name)[:40], password=password)
        account.must_change_password = True
        account.save(update_fields=["must_change_password"])
        book.write(facts.AccountMade(username=username))
        return account


def check_password_rules(password: str, account: Account, *, field: str = "password") -> None:
    """Refuse a password that is short, common or like the name: Refusal `password_weak`."""
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise Refusal(reasons.PASSWORD_WEAK, field=field, why=" ".join(error.messages)) from error


def lock_account(account_id: UUID, *, reason: str, by: Actor, at: datetime) -> Account:
    """Lock an account: nobody comes in with it, and whoever is in is out at the next click.

    Refusal `own_rights`, `lock_without_reason` or `last_administrator`.
    """
    if not clean(reason):
        raise Refusal(reasons.LOCK_WITHOUT_REASON, field="reason")
    words = clean(reason)[:300]
    return _change(
        account_id,
        {"is_active": False},
        lambda who: facts.AccountLocked(username=who, reason=words),
        by=by,
        at=at,
    )


def unlock_account(account_id: UUID, *, by: Actor, at: datetime) -> Account:
    """Let a locked account come in again. Refusal `own_rights`."""
    return _change(
        account_id, {"is_active": True}, lambda who: facts.AccountUnlocked(username=who), by=by, at=at
    )


def reset_password(account_id: UUID, *, password: str, by: Actor, at: datetime) -> Account:
    """Give an account a password for once: it must be changed at the next sign-in.

    Signs the account out everywhere. Refusal `own_rights` or `password_weak`.
    """
    account = staff_account(account_id)
    check_password_rules(password, account)
    account.set_password(password)
    changes = {"password": account.password, "must_change_password": True}
    return _change(account_id, changes, lambda who: facts.PasswordReset(username=who), by=by, at=at)


def reset_second_step(account_id: UUID, *, by: Actor, at: datetime) -> Account:
    """Take the second step away because the phone is lost; an administrator sets it up anew at once.

    Refusal `own_rights`.
    """
    changes = {"totp_secret": "", "totp_last_step": 0}
    return _change(account_id, changes, lambda who: facts.SecondStepReset(username=who), by=by, at=at)


def change_own_password(account: Account, *, password: str, by: Actor, at: datetime) -> Account:
    """Change one's own password; the door has asked for the present one.

    Refusal `password_same` or `password_weak`.
    """
    if account.check_password(password):
        raise Refusal(reasons.PASSWORD_SAME, field="new")
    check_password_rules(password, account, field="new")
    with open_book(by=by, at=at) as book:
        account = Account.objects.select_for_update().get(pk=account.pk)
        account.set_password(password)
        account.must_change_password = False
        account.save(update_fields=["password", "must_change_password"])
        book.write(facts.PasswordChanged(username=account.username))
        return account


def staff_account(account_id: UUID) -> Account:
    """Return an account of staff; Refusal `not_staff` for a resident's or none."""
    account = Account.objects.filter(pk=account_id, kind=AccountKind.STAFF).first()
    if account is None:
        raise Refusal(reasons.NOT_STAFF)
    return account


def _change(
    account_id: UUID, changes: dict[str, object], told: Callable[[str], FactBody], *, by: Actor, at: datetime
) -> Account:
    """Change somebody else's account and write it into the book; what changes nothing is not told."""
    if by.id == account_id:
        raise Refusal(reasons.OWN_RIGHTS)
    with open_book(Permission.PEOPLE_EDIT, by=by, at=at) as book:
        account = staff_account(account_id)
        if all(getattr(account, name) == value for name, value in changes.items()):
            return account
        for name, value in changes.items():
            setattr(account, name, value)
        account.save(update_fields=list(changes))
        book.write(told(account.username))
        return account
