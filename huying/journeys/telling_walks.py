"""Facts of walks become notices to the units that take part; nobody is written to by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from huying.notify.actions import Told, tell_units
from huying.walks.models import Walk

if TYPE_CHECKING:
    from huying.ledger.models import Fact


def _tell(fact: Fact, kind: str, **more: str) -> None:
    walk = Walk.objects.select_related("area", "theme").get(pk=UUID(fact.stream.partition(":")[2]))
    units = dict.fromkeys(walk.walkers.order_by("unit__code").values_list("unit_id", flat=True))
    data: dict[str, Any] = {
        "walk": str(walk.pk), "walk_no": walk.number, "on": fact.data.get("on") or walk.on.isoformat(),
        "theme": walk.theme.name, "area": walk.area.name, "meeting": walk.meeting,
    } | more  # fmt: skip
    tell_units(Told(unit, kind, data, fact.at) for unit in units)


def tell_walk_planned(fact: Fact) -> None:
    """Tell the units that take part that a walk is planned, or planned anew."""
    _tell(fact, "walk_planned")


def tell_walk_off(fact: Fact) -> None:
    """Tell the units that take part that the walk does not take place."""
    _tell(fact, "walk_off", reason=fact.data["reason"])
