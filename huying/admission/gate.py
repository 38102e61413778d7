"""The gate: whether an item may be given to a unit, by what is gated and what is admitted on a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from huying.catalogue.models import Grade

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from huying.catalogue.queries import ItemCard
    from huying.people.queries import UnitCard


@dataclass(frozen=True)
class GateCard:
    """A gate in memory: items by the beginning of their code, closed from a level of areas downward."""

    items: str
    level: str
    rank: int
    level_name: str
    basis: str


@dataclass(frozen=True)
class RulingCard:
    """What an area said to an application, in memory. `ends_on` is the last day; None for a refusal."""

    application: int
    items: str
    level: str
    area_path: str
    is_admitted: bool
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class Closed:
    """Why an item is not given to a unit: the gate that is closed, and for whom."""

    item: ItemCard
    unit: UnitCard
    gate: GateCard


class Gate:
    """What is gated and what is admitted. `rank_of` gives the rank of the level an area path ends at."""

    def __init__(
        self,
        gates: Iterable[GateCard],
        rulings: Iterable[RulingCard],
        rank_of: Callable[[str], int | None],
    ) -> None:
        # The nearest level first, then the most particular items.
        self.gates = sorted(gates, key=lambda gate: (-gate.rank, -len(gate.items), gate.items))
        self.rulings = tuple(rulings)
        self._rank_of = rank_of

    def closed_for(
        self, item: ItemCard, unit: UnitCard, *, on: date, is_danger: bool = False
    ) -> Closed | None:
        """Return why an item may not be given to a unit on a day, or None when it may.

        Danger knows no gate: neither an item of grade A nor a case that was found to be one waits for papers.
        """
        if is_danger or item.grade == Grade.A or not self.gates:
            return None
        rank = self._rank_of(unit.area_path)
        if rank is None:
            return None
        gate = next(
            (gate for gate in self.gates if gate.rank <= rank and item.code.startswith(gate.items)), None
        )
        if gate is None or self._is_admitted(item, unit, gate, on):
            return None
        return Closed(item, unit, gate)

    def _is_admitted(self, item: ItemCard, unit: UnitCard, gate: GateCard, on: date) -> bool:
        """Return whether any application opens the gate: of each, the ruling nearest to the unit counts."""
        nearest: dict[int, RulingCard] = {}
        for ruling in self.rulings:
            if ruling.level != gate.level or not item.code.startswith(ruling.items):
                continue
            if not f"{unit.area_path}/".startswith(f"{ruling.area_path}/"):
                continue
            held = nearest.get(ruling.application)
            if held is None or len(ruling.area_path) > len(held.area_path):
                nearest[ruling.application] = ruling
        return any(
            ruling.is_admitted and ruling.starts_on <= on and (ruling.ends_on is None or on <= ruling.ends_on)
            for ruling in nearest.values()
        )
