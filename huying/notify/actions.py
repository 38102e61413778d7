"""Writing notices: one a reader and matter, with what is needed to say it in any language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from huying.notify.models import Notice
from huying.notify.planning import plan_for_residents, plan_for_units

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID


@dataclass(frozen=True)
class Told:
    """One notice to be: to whom (an appeal or a unit), of what kind, with the words' data, and when.

    `account` and `language` are the appellant's; `urgent` letters to staff wait for no quiet hours.
    """

    to: UUID
    kind: str
    data: dict[str, Any]
    at: datetime
    account: UUID | None = None
    language: str = ""
    urgent: bool = False


def tell_appeals(told: Iterable[Told]) -> None:
    """Leave notices on the pages of appeals, and queue them for the channels their residents agreed to."""
    given = list(told)
    notices = Notice.objects.bulk_create(
        Notice(to_appeal_id=one.to, kind=one.kind, data=one.data, at=one.at) for one in given
    )
    if given:
        plan_for_residents(notices, given)


def tell_units(told: Iterable[Told]) -> None:
    """Leave notices for everybody with a post in a unit, and queue them for who wants to hear outside."""
    given = list(told)
    notices = Notice.objects.bulk_create(
        Notice(to_unit_id=one.to, kind=one.kind, data=one.data, at=one.at) for one in given
    )
    if given:
        plan_for_units(notices, given)


def mark_read(notices: Iterable[UUID], *, at: datetime) -> None:
    """Note that these notices were seen; the first time counts."""
    Notice.objects.filter(pk__in=list(notices), read_at=None).update(read_at=at)
