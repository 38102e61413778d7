"""Writing notices: one a reader and matter, with what is needed to say it in any language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from huying.notify.models import Notice

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from uuid import UUID


def tell_appeals(told: Mapping[UUID, dict[str, Any]], kind: str, *, at: datetime) -> None:
    """Leave a notice on the page of each of these appeals, with the words' data of each."""
    Notice.objects.bulk_create(
        Notice(to_appeal_id=appeal, kind=kind, data=data, at=at) for appeal, data in told.items()
    )


def tell_unit(unit_id: UUID, kind: str, data: dict[str, Any], *, at: datetime) -> None:
    """Leave a notice for everybody with a post in a unit."""
    Notice.objects.create(to_unit_id=unit_id, kind=kind, data=data, at=at)


def mark_read(notices: Iterable[UUID], *, at: datetime) -> None:
    """Note that these notices were seen; the first time counts."""
    Notice.objects.filter(pk__in=list(notices), read_at=None).update(read_at=at)
