"""A resident is forgotten: what may be masked is masked now, the rest when it ends, then the account goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from huying.cases.models import OPEN, Case
from huying.intake.models import Appeal
from huying.journeys.retention import forget_appeal
from huying.kit.errors import Refusal
from huying.ledger.actor import SYSTEM
from huying.mydata.actions import decide_erasure, delete_copies, lock_agreed, note_erased
from huying.mydata.queries import agreed_ids
from huying.notify.preferences import forget_reach
from huying.people.models import Account, PhoneCode
from huying.publicity.actions import withdraw_own_words
from huying.publicity.queries import page_of_appeal

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from huying.ledger.actor import Actor
    from huying.mydata.models import ErasureRequest


@dataclass(frozen=True)
class Left:
    """An appeal that cannot be forgotten yet, and why (a reason key)."""

    number: str
    why: str


def decide(request_id: UUID, *, agreed: bool, reason: str, by: Actor, at: datetime) -> list[Left]:
    """Decide on a request to be forgotten and, when agreed, carry it out as far as it goes; return the rest.

    Refusals as `decide_erasure` gives them.
    """
    with transaction.atomic():
        decide_erasure(request_id, agreed=agreed, reason=reason, by=by, at=at)
        return carry_out(request_id, at=at) if agreed else []


def carry_out(request_id: UUID, *, at: datetime) -> list[Left]:
    """Forget what may be forgotten of an agreed request; run again, it goes on where something was left."""
    with transaction.atomic():
        asked = lock_agreed(request_id)
        if asked is None:
            return []
        left, masked = [], 0
        for appeal in Appeal.objects.filter(account_id=asked.account_id).order_by("id"):
            _take_down(appeal.pk, at=at)
            try:
                with transaction.atomic():
                    forget_appeal(appeal.pk, by=SYSTEM, at=at)
            except Refusal as refusal:
                left.append(Left(appeal.number, refusal.reason.key))
            else:
                masked += 1
        if not left:
            _close_account(asked, at=at)
        note_erased(asked, masked=masked, left=len(left), at=at)
        return left


def _take_down(appeal_id: UUID, *, at: datetime) -> None:
    """Take back a public page that tells of this resident alone; where neighbours spoke too, it stays."""
    page = page_of_appeal(appeal_id)
    if page is not None and page.case.appeal_count == 1:
        withdraw_own_words(appeal_id, by=SYSTEM, at=at)


def _close_account(asked: ErasureRequest, *, at: datetime) -> None:
    """Leave of the account only its key, which facts of the ledger name; nobody can sign in with it."""
    account = Account.objects.select_for_update().get(pk=asked.account_id)
    PhoneCode.objects.filter(phone=account.phone or "-").delete()
    delete_copies(at=at, account_id=account.pk)
    forget_reach(account=account.pk)
    account.username, account.name, account.phone = f"gone-{account.pk.hex}", "", None
    account.language, account.is_active = "", False
    account.set_unusable_password()
    account.save()


def go_on(*, at: datetime) -> int:
    """Go on with every agreed request that waited for cases to end; return how many are done now."""
    return sum(not carry_out(request_id, at=at) for request_id in agreed_ids())


def count_appeals(account_id: UUID) -> tuple[int, int]:
    """Return how many appeals of an account are still being worked on, and how many have ended."""
    total = Appeal.objects.filter(account_id=account_id).count()
    at_work = Case.objects.filter(
        status__in=OPEN, memberships__appeal__account_id=account_id, memberships__until_at=None
    )
    still = at_work.values("memberships__appeal").distinct().count()
    return still, total - still
