"""Who has a case open right now: a sign every so often, forgotten a minute after the last one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q

from huying.workbench.models import Doing, Presence

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from huying.ledger.actor import Actor

# Pages give a sign every 20 seconds; one lost on the way is no absence.
GONE_AFTER = timedelta(seconds=60)


@dataclass(frozen=True)
class Present:
    """Somebody else who has a case open: the name and what is done with it."""

    name: str
    doing: Doing


def give_sign(case_id: UUID, doing: Doing, *, by: Actor, at: datetime) -> None:
    """Say that the actor has this case open; old signs of everybody are deleted on the way.

    One decides on one case at a time: going on to the next leaves the one before.
    """
    if by.id is None:
        return
    old = Q(seen_at__lt=at - GONE_AFTER)
    if doing == Doing.DECIDING:
        old |= Q(account_id=by.id, doing=Doing.DECIDING) & ~Q(case_id=case_id)
    Presence.objects.filter(old).delete()
    Presence.objects.bulk_create(
        [Presence(case_id=case_id, account_id=by.id, doing=doing, seen_at=at)],
        update_conflicts=True,
        unique_fields=["case_id", "account"],
        update_fields=["doing", "seen_at"],
    )


def go_away(case_id: UUID, *, by: Actor) -> None:
    """Forget that the actor had this case open."""
    if by.id is not None:
        Presence.objects.filter(case_id=case_id, account_id=by.id).delete()


def others_at(case_ids: Iterable[UUID], *, by: Actor, at: datetime) -> dict[UUID, list[Present]]:
    """Return who else has each of these cases open, by name.

    Ask only for cases the actor may see: names are for those who work on the same matter.
    """
    signs = (
        Presence.objects.filter(case_id__in=list(case_ids), seen_at__gte=at - GONE_AFTER)
        .exclude(account_id=by.id or UUID(int=0))
        .select_related("account")
        .order_by("seen_at")
    )
    found: dict[UUID, list[Present]] = {}
    for sign in signs:
        found.setdefault(sign.case_id, []).append(Present(str(sign.account), Doing(sign.doing)))
    return found
