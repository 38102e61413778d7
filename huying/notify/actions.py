"""Writing notices: one a reader and matter, with what is needed to say it in any language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from huying.notify.models import Notice

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID


@dataclass(frozen=True)
class Told:
    """One notice to be: to whom (an appeal or a unit), of what kind, with the words' data, and when."""

    to: UUID
    kind: str
    data: dict[str, Any]
    at: datetime


def tell_appeals(told: Iterable[Told]) -> None:
    """Leave notices on the pages of appeals."""
    Notice.objects.bulk_create(
        Notice(to_appeal_id=one.to, kind=one.kind, data=one.data, at=one.at) for one in told
    )


def tell_units(told: Iterable[Told]) -> None:
    """Leave notices for everybody with a post in a unit."""
    Notice.objects.bulk_create(
        Notice(to_unit_id=one.to, kind=one.kind, data=one.data, at=one.at) for one in told
    )


def mark_read(notices: Iterable[UUID], *, at: datetime) -> None:
    """Note that these notices were seen; the first time counts."""
    Notice.objects.filter(pk__in=list(notices), read_at=None).update(read_at=at)
