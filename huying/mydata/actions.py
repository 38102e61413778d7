"""Every write to what residents ask of their data: copies, and requests to be forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction

from huying.intake.photos import drop_files, hold_files, store
from huying.kit.errors import Refusal
from huying.kit.text import clean
from huying.ledger.actions import record
from huying.ledger.actor import SYSTEM
from huying.mydata import reasons
from huying.mydata.facts import ErasureAsked, ErasureDecided, ErasureDone, ErasureDropped
from huying.mydata.models import CopyState, DataCopy, ErasureRequest, ErasureState

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from huying.ledger.actor import Actor

COPY_KIND = "copy"
COPY_HOURS = 24
COPIES_A_DAY = 3


def ask_copy(account_id: UUID, *, language: str, at: datetime) -> DataCopy:
    """Ask for a copy of everything held on an account. Refusal `copy_under_way` or `copies_too_many`."""
    if (
        DataCopy.objects.filter(account_id=account_id, asked_at__gt=at - timedelta(days=1)).count()
        >= COPIES_A_DAY
    ):
        raise Refusal(reasons.COPIES_TOO_MANY)
    try:
        with transaction.atomic():
            return DataCopy.objects.create(account_id=account_id, language=language[:10], asked_at=at)
    except IntegrityError:
        raise Refusal(reasons.COPY_UNDER_WAY) from None


def keep_copy(copy_id: UUID, data: bytes, *, at: datetime) -> None:
    """Keep the file of a copy that was asked for; from now it can be fetched for a day."""
    with transaction.atomic():
        hold_files()
        copy = DataCopy.objects.select_for_update().get(pk=copy_id)
        if copy.state != CopyState.ASKED:
            return
        copy.stored_as, copy.size_bytes = store().put(data, kind=COPY_KIND), len(data)
        copy.state, copy.ready_at, copy.expires_at = CopyState.READY, at, at + timedelta(hours=COPY_HOURS)
        copy.save()


def fail_copy(copy_id: UUID) -> None:
    """Note that a copy could not be put together; a new one may be asked for."""
    DataCopy.objects.filter(pk=copy_id, state=CopyState.ASKED).update(state=CopyState.FAILED)


def delete_copies(*, at: datetime, account_id: UUID | None = None) -> int:
    """Delete the files of copies whose time is over, or of one account at once; return how many."""
    with transaction.atomic():
        over = DataCopy.objects.select_for_update().filter(state=CopyState.READY)
        over = over.filter(account_id=account_id) if account_id else over.filter(expires_at__lte=at)
        rows = list(over)
        keys = {row.stored_as for row in rows}
        DataCopy.objects.filter(pk__in=[row.pk for row in rows]).update(state=CopyState.GONE, stored_as="")
        transaction.on_commit(lambda: drop_files(keys))
        return len(rows)


def ask_erasure(account_id: UUID, *, words: str, by: Actor, at: datetime) -> ErasureRequest:
    """Ask that everything held on an account is forgotten. Refusal `erasure_asked` when it was already."""
    try:
        with transaction.atomic():
            asked = ErasureRequest(
                account_id=account_id, district=settings.DISTRICT, words=clean(words)[:500], asked_at=at
            )
            record(asked, ErasureAsked(account=str(account_id)), district=asked.district, by=by, at=at)
            asked.save(force_insert=True)
            return asked
    except IntegrityError:
        raise Refusal(reasons.ERASURE_ASKED) from None


def drop_erasure(account_id: UUID, *, by: Actor, at: datetime) -> ErasureRequest:
    """Take a request back before it is decided. Refusal `erasure_not_there` or `erasure_decided`."""
    with transaction.atomic():
        newest = ErasureRequest.objects.filter(account_id=account_id).order_by("-asked_at").first()
        if newest is None:
            raise Refusal(reasons.ERASURE_NOT_THERE)
        asked = _lock_asked(newest.pk)
        asked.state = ErasureState.DROPPED
        record(asked, ErasureDropped(account=str(account_id)), district=asked.district, by=by, at=at)
        asked.save()
        return asked


def decide_erasure(request_id: UUID, *, agreed: bool, reason: str, by: Actor, at: datetime) -> ErasureRequest:
    """Decide on a request; what is agreed is carried out by the journey that calls this.

    A refusal needs a reason. Refusals `erasure_why_missing`, `erasure_not_there`, `erasure_decided`.
    """
    if not agreed and not clean(reason):
        raise Refusal(reasons.WHY_MISSING, field="reason")
    with transaction.atomic():
        asked = _lock_asked(request_id)
        asked.state = ErasureState.AGREED if agreed else ErasureState.REFUSED
        asked.decided_at, asked.decided_by_name, asked.reason = at, by.name[:80], clean(reason)[:500]
        body = ErasureDecided(account=str(asked.account_id), agreed=agreed)
        record(asked, body, district=asked.district, by=by, at=at)
        asked.save()
        return asked


def _lock_asked(request_id: UUID) -> ErasureRequest:
    asked = ErasureRequest.objects.select_for_update().filter(pk=request_id).first()
    if asked is None:
        raise Refusal(reasons.ERASURE_NOT_THERE)
    if asked.state != ErasureState.ASKED:
        raise Refusal(reasons.ERASURE_DECIDED)
    return asked


def lock_agreed(request_id: UUID) -> ErasureRequest | None:
    """Return a request that is being carried out, locked; None when it is not (or no longer)."""
    return ErasureRequest.objects.select_for_update().filter(pk=request_id, state=ErasureState.AGREED).first()


def note_erased(asked: ErasureRequest, *, masked: int, left: int, at: datetime) -> None:
    """Note what was forgotten now; with nothing left the request is done. `asked` is locked."""
    asked.masked += masked
    if not left:
        asked.state, asked.done_at, asked.words = ErasureState.DONE, at, ""
        body = ErasureDone(account=str(asked.account_id), masked=asked.masked)
        record(asked, body, district=asked.district, by=SYSTEM, at=at)
    asked.save()
