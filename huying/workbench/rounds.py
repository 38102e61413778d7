"""Keys of steps sent from the round: each is known while a phone may send it again, and forgotten then."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from huying.workbench.models import RoundStep
from huying.workbench.owner import owner_of

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from huying.ledger.actor import Actor

# Longer than a phone keeps what it could not send (home/static/home/outbox.js: seven days).
KEEP_KEYS = timedelta(days=30)


def number_taken_under(key: UUID, *, by: Actor) -> str:
    """Return the number of the case a step of this actor was made on under this key, "" for none."""
    found = RoundStep.objects.filter(pk=key, account_id=owner_of(by)).values_list("case__number", flat=True)
    return found.first() or ""


def forget_old_steps(*, at: datetime) -> int:
    """Delete keys no phone holds any more; return how many."""
    gone, _by_table = RoundStep.objects.filter(taken_at__lt=at - KEEP_KEYS).delete()
    return gone
