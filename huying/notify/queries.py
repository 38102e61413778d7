"""Reading notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huying.notify.models import Notice

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.db.models import QuerySet


def notices_of_appeals(appeals: Iterable[UUID]) -> QuerySet[Notice]:
    """Return the notices of these appeals, newest first."""
    return Notice.objects.filter(to_appeal_id__in=list(appeals)).order_by("-at")


def notices_of_units(units: Iterable[UUID]) -> QuerySet[Notice]:
    """Return the notices of these units, newest first."""
    return Notice.objects.filter(to_unit_id__in=list(units)).order_by("-at")
