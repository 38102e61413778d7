"""Reading notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Min

from huying.notify.models import Delivery, DeliveryState, Notice

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet


def notices_of_appeals(appeals: Iterable[UUID]) -> QuerySet[Notice]:
    """Return the notices of these appeals, newest first."""
    return Notice.objects.filter(to_appeal_id__in=list(appeals)).order_by("-at")


def notices_of_units(units: Iterable[UUID]) -> QuerySet[Notice]:
    """Return the notices of these units, newest first."""
    return Notice.objects.filter(to_unit_id__in=list(units)).order_by("-at")


@dataclass(frozen=True)
class Trouble:
    """What a channel answered most often to letters that did not get through, and to how many."""

    channel: str
    error: str
    count: int


def troubles_of_channels(*, at: datetime) -> list[Trouble]:
    """Return, for each channel, why letters of the last day wait for another try or were given up.

    What only a reader can mend (unsubscribed, no address) is no fault of the channel's and not among it.
    """
    made = Delivery.objects.filter(made_at__gte=at - timedelta(days=1)).exclude(error="")
    stuck = made.filter(state__in=[DeliveryState.QUEUED, DeliveryState.GIVEN_UP])
    rows = stuck.order_by().values("channel", "error").annotate(n=Count("id")).order_by("-n", "error")
    found: dict[str, Trouble] = {}
    for row in rows:
        found.setdefault(row["channel"], Trouble(row["channel"], row["error"], row["n"]))
    return list(found.values())


@dataclass(frozen=True)
class Figures:
    """How letters stand: counts by channel and state, and seconds the oldest that is due has waited."""

    counts: dict[tuple[str, str], int]
    late: float


def figures_of_letters(*, at: datetime) -> Figures:
    """Return how many letters wait, and what became of those made in the last day."""
    waiting = [DeliveryState.QUEUED, DeliveryState.SENDING]
    # One question for each index, for rows are many and those that wait are few.
    parts = [Delivery.objects.filter(state=state) for state in waiting]
    parts.append(Delivery.objects.filter(made_at__gte=at - timedelta(days=1)).exclude(state__in=waiting))
    counted = [
        row for part in parts for row in part.order_by().values("channel", "state").annotate(n=Count("id"))
    ]
    due = Delivery.objects.filter(state=DeliveryState.QUEUED, not_before__lte=at)
    oldest = due.aggregate(oldest=Min("not_before"))["oldest"]
    return Figures(
        {(row["channel"], row["state"]): row["n"] for row in counted},
        (at - oldest).total_seconds() if oldest else 0.0,
    )
