"""Reading admission: the gate as dispatch asks it, what stands in public, and what waits for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from huying.admission.gate import Closed, Gate, GateCard, RulingCard
from huying.admission.models import GatedItem, Ruling, Verdict
from huying.ledger.snapshots import Snapshot
from huying.places.queries import PLACES, town_map

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

ADMISSION = "admission"


def _rank_of(area_path: str) -> int | None:
    """Return the rank of the level an area is of; None for a unit of the whole town, or a vanished area."""
    card = town_map().by_code(area_path.rpartition("/")[2]) if area_path else None
    return card.rank if card else None


def _build() -> Gate:
    gates = [
        GateCard(row.items, row.level_id, row.level.rank, row.level.name, row.basis)
        for row in GatedItem.objects.filter(is_active=True).select_related("level")
    ]
    rulings = [
        RulingCard(
            application=row.application.number,
            items=row.application.items,
            level=row.application.level_id,
            area_path=row.area.path,
            is_admitted=row.verdict == Verdict.ADMITTED,
            starts_on=row.application.starts_on,
            ends_on=row.ends_on,
        )
        for row in Ruling.objects.exclude(verdict="")
        .filter(ended_at=None)
        .exclude(application__items="")
        .select_related("application", "area")
    ]
    return Gate(gates, rulings, _rank_of)


_GATE = Snapshot(_build, ADMISSION, PLACES)


def gate() -> Gate:
    """Return the gate as it stands now; which day it is asked about is for the caller to say."""
    return _GATE.get()


def in_force(on: date) -> QuerySet[Ruling]:
    """Return the admissions whose term runs on a day, as the public list shows them."""
    running = Q(application__starts_on__lte=on, ends_on__gte=on)
    return Ruling.objects.filter(running, verdict=Verdict.ADMITTED, ended_at=None)


__all__ = ["ADMISSION", "Closed", "Gate", "gate", "in_force"]
