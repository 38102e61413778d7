"""Which hot spot a case belongs to, for its page: told to those who may see hot spots there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huying.insight.models import HotSpot
from huying.insight.rules import visible_to
from huying.insight.stages import SHOWN, STANDING
from huying.people.permissions import Permission
from huying.workbench.modules import is_on

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from huying.ledger.actor import Actor


def hot_spots_of(appeals: Iterable[UUID], *, by: Actor) -> list[HotSpot]:
    """Return the hot spots these appeals belong to that the actor may see, the hottest first."""
    if not by.holds(Permission.HOTSPOT_SEE) or not is_on("hot_spots"):
        return []
    found = HotSpot.objects.filter(
        visible_to(by), marks__in=list(appeals), stage__in=SHOWN, state__in=STANDING
    )
    return list(found.distinct().order_by("-heat"))
