"""Alerts of hot spots as the duty board reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from huying.insight.models import HotAlert
from huying.insight.stages import STANDING

if TYPE_CHECKING:
    from datetime import datetime, timedelta
    from uuid import UUID


@dataclass(frozen=True)
class NewAlert:
    """A matter that reached a stage and nobody has looked at; nothing in it names an appellant."""

    key: UUID
    spot: UUID
    title: str
    place: str
    area_path: str
    item_code: str
    stage: str
    count: int
    appellants: int
    at: datetime


def new_alerts(*, at: datetime, within: timedelta) -> list[NewAlert]:
    """Return the alerts of the last while that nobody has acknowledged, newest first."""
    found = HotAlert.objects.filter(
        acknowledged_at=None, at__gte=at - within, spot__state__in=STANDING
    ).select_related("spot")
    return [
        NewAlert(
            one.pk, one.spot_id, one.spot.title, one.spot.place, one.spot.area_path, one.spot.item_code,
            one.stage, one.count, one.appellants, one.at,
        )
        for one in found.order_by("-at", "-id")
    ]  # fmt: skip
