"""The first three administrators of a town, and splitting the one it had before, from the machine itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huying.kit.errors import Refusal
from huying.ledger.actor import SYSTEM
from huying.people import reasons
from huying.people.accounts import check_password_rules
from huying.people.actions import give_post, make_staff
from huying.people.book import SHANGHAI, administrators, open_book
from huying.people.facts import AccountMade, AdminsSplit
from huying.people.models import Account, AccountKind, Post, Role, Unit
from huying.people.permissions import AdminKind, Permission

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

ROLES = {"system": "admin", "security": "admin_security", "audit": "admin_audit"}


def unknown_accounts(names: Iterable[str]) -> list[str]:
    """Return which of these user names nobody has."""
    asked = list(names)
    known = set(Account.objects.filter(username__in=asked).values_list("username", flat=True))
    return [name for name in asked if name not in known]


def name_administrators(
    names: Mapping[str, str], *, unit: str, passwords: Mapping[str, str], at: datetime
) -> None:
    """Give the three posts from the machine itself, so that nobody signed in can do it alone.

    `names` are user names by kind (system, security, audit); `passwords` of accounts to be made. The old
    role that was everything keeps the rights of the system; who held it and is none of the three loses it.
    Refusal `not_staff`, `password_weak`, `two_kinds_of_admin` or `parent_unknown` (no such unit).
    """
    day = at.astimezone(SHANGHAI).date()
    with open_book(by=SYSTEM, at=at) as book:
        home = Unit.objects.filter(code=unit).first()
        if home is None:
            raise Refusal(reasons.PARENT_UNKNOWN, code=unit)
        accounts = {}
        for kind, name in names.items():
            account = Account.objects.filter(username=name).first()
            if account is None:
                check_password_rules(passwords[name], Account(username=name))
                account = make_staff(name, name=name, password=passwords[name])
                book.write(AccountMade(username=name))
            if account.kind != AccountKind.STAFF:
                raise Refusal(reasons.NOT_STAFF)
            accounts[kind] = account
        _split_roles()
        kept = {accounts[kind].pk: ROLES[kind] for kind in names}
        for post in Post.objects.held_on(day).exclude(admin_of=""):
            if post.account_id in kept and post.role_id != kept[post.account_id]:
                raise Refusal(reasons.TWO_KINDS_OF_ADMIN)
        for kind, account in accounts.items():
            held = Post.objects.held_on(day).filter(account=account, role_id=ROLES[kind])
            if not held.exists():
                give_post(account, unit=home, role=ROLES[kind], valid_from=day)
        book.write(AdminsSplit(**names))


def _split_roles() -> None:
    """Take the rights of security and audit from the role that was everything; it administers the system."""
    for role in Role.objects.filter(admin_of=AdminKind.WHOLE):
        lost = {str(Permission.PEOPLE_EDIT), str(Permission.AUDIT_SEE)}
        role.on_unit = [right for right in role.on_unit if right not in lost]
        role.on_area = [right for right in role.on_area if right not in lost]
        role.save(update_fields=["on_unit", "on_area"])


def told_administrators(*, at: datetime) -> dict[str, list[str]]:
    """Return the user names of the administrators by kind; `whole` are those not split yet, if any."""
    found = {str(kind): [one.username for one in administrators(kind, at=at)] for kind in AdminKind if kind}
    return {kind: names for kind, names in found.items() if names or kind != AdminKind.WHOLE}


def superusers() -> list[str]:
    """Return the user names of active accounts that may do everything: for the first set-up only."""
    found = Account.objects.filter(is_superuser=True, is_active=True).order_by("username")
    return list(found.values_list("username", flat=True))
