"""Reading what residents asked of their data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huying.kit.errors import Refusal
from huying.mydata.models import CopyState, DataCopy, ErasureRequest, ErasureState
from huying.mydata.reasons import COPY_NOT_THERE

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet


def newest_copy(account_id: UUID) -> DataCopy | None:
    """Return the copy an account asked for last."""
    return DataCopy.objects.filter(account_id=account_id).order_by("-asked_at", "-id").first()


def find_copy(copy_id: UUID, *, account_id: UUID, at: datetime) -> DataCopy:
    """Return a copy its own resident may fetch now; Refusal `copy_not_there`, the same whatever is wrong."""
    found = DataCopy.objects.filter(
        pk=copy_id, account_id=account_id, state=CopyState.READY, expires_at__gt=at
    ).first()
    if found is None:
        raise Refusal(COPY_NOT_THERE)
    return found


def newest_erasure(account_id: UUID) -> ErasureRequest | None:
    """Return the last request of an account to be forgotten."""
    return ErasureRequest.objects.filter(account_id=account_id).order_by("-asked_at", "-id").first()


def open_erasures() -> QuerySet[ErasureRequest]:
    """Return the requests that wait for a decision or for cases to end, the oldest first."""
    waiting = ErasureRequest.objects.filter(state__in=[ErasureState.ASKED, ErasureState.AGREED])
    return waiting.select_related("account").order_by("asked_at", "id")


def decided_erasures() -> QuerySet[ErasureRequest]:
    """Return the requests that are over, the newest first."""
    over = ErasureRequest.objects.exclude(state__in=[ErasureState.ASKED, ErasureState.AGREED])
    return over.order_by("-asked_at", "-id")


def agreed_ids() -> list[UUID]:
    """Return the requests that are still being carried out."""
    return list(ErasureRequest.objects.filter(state=ErasureState.AGREED).values_list("pk", flat=True))
