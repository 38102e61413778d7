"""The book of rights: opened for one change at a time, so that guards over many rows hold."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from huying.kit.errors import Refusal
from huying.ledger.actions import record
from huying.ledger.actor import ActorKind
from huying.people import reasons
from huying.people.models import Account, Post, RightsBook
from huying.people.permissions import AdminKind, Permission

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from huying.ledger.actor import Actor
    from huying.ledger.chain import FactBody

SHANGHAI = ZoneInfo("Asia/Shanghai")
BOOK = "rights"
KINDS = (AdminKind.SYSTEM, AdminKind.SECURITY, AdminKind.AUDIT)


class OpenBook:
    """The book while a change is written into it."""

    def __init__(self, row: RightsBook, *, by: Actor, at: datetime) -> None:
        self._row, self._by, self._at = row, by, at

    def write(self, *bodies: FactBody) -> None:
        """Write facts, in the transaction of what they tell."""
        record(self._row, *bodies, district=settings.DISTRICT, by=self._by, at=self._at)
        self._row.save(update_fields=["fact_seq", "fact_hash"])


@contextmanager
def open_book(*rights: Permission, by: Actor, at: datetime) -> Iterator[OpenBook]:
    """Change rights, holding one of `rights` (none: everybody may): one change at a time, all or nothing.

    Afterwards there must still be an administrator of each kind there was before. Refusal `not_allowed`, or
    `last_administrator`, which takes the whole change back.
    """
    if rights and by.kind != ActorKind.SYSTEM and not any(map(by.holds, rights)):
        raise Refusal(reasons.NOT_ALLOWED)
    day = at.astimezone(SHANGHAI).date()
    with transaction.atomic():
        RightsBook.objects.get_or_create(key=BOOK)
        row = RightsBook.objects.select_for_update().get(key=BOOK)
        before = kinds_held(day)
        yield OpenBook(row, by=by, at=at)
        if before - kinds_held(day):
            raise Refusal(reasons.LAST_ADMINISTRATOR)


def kinds_held(day: date) -> set[AdminKind]:
    """Return of which kinds there is an administrator on a day; one that is not split yet is two of them."""
    held = Post.objects.held_on(day).filter(account__is_active=True, unit__is_active=True)
    kinds = {AdminKind(kind) for kind in held.exclude(admin_of="").values_list("admin_of", flat=True)}
    if AdminKind.WHOLE in kinds:
        kinds |= {AdminKind.SYSTEM, AdminKind.SECURITY}
    return kinds & set(KINDS)


def administrators(*kinds: AdminKind, at: datetime) -> list[Account]:
    """Return the active accounts that are administrators of one of these kinds at a moment."""
    day = at.astimezone(SHANGHAI).date()
    held = Post.objects.held_on(day).filter(admin_of__in=kinds, unit__is_active=True)
    holders = Account.objects.filter(pk__in=held.values("account_id"), is_active=True)
    return list(holders.order_by("username"))
