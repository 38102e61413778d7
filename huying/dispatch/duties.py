"""The duty book: which rule, role or fallback answers for an item in an area, and why, within the gate."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from huying.admission.queries import Closed, gate
from huying.dispatch.models import DutyRule
from huying.ledger.snapshots import Snapshot
from huying.people.queries import EDITION as PEOPLE
from huying.people.queries import UnitCard, unit_book
from huying.places.queries import town_map

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from huying.catalogue.queries import ItemCard

DUTIES = "duties"


@dataclass(frozen=True)
class Duty:
    """Who answers, and why: the value dispatch gives on.

    `why` is a reason key with its details, kept with the assignment: `rule` (a duty rule), `role` (the item's
    duty role, filled by the nearest unit), `fallback_rule` or `fallback_role` (兜底).
    """

    lead: UnitCard
    assists: tuple[UnitCard, ...]
    rule_id: UUID | None
    why: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class RuleCard:
    """A standing duty rule in memory."""

    id: UUID
    number: int
    items: str
    area_path: str
    lead_id: UUID
    assist_ids: tuple[UUID, ...]
    fallback_id: UUID | None


class _Search:
    """A search for who answers: what was found, and the first unit the gate kept out of it."""

    def __init__(self, item: ItemCard, on: date, is_danger: bool) -> None:  # noqa: FBT001 - inside this module
        self.item, self._on, self._is_danger = item, on, is_danger
        self._gate = gate()
        self.duty: Duty | None = None
        self.passed_over: Closed | None = None

    def open(self, unit: UnitCard | None) -> UnitCard | None:
        """Return the unit when it stands and the item may be given to it."""
        closed = self._closed(unit) if unit is not None else None
        self.passed_over = self.passed_over or closed
        return None if closed else unit

    def _closed(self, unit: UnitCard) -> Closed | None:
        return self._gate.closed_for(self.item, unit, on=self._on, is_danger=self._is_danger)

    def end(
        self, lead: UnitCard, assists: tuple[UnitCard, ...], rule_id: UUID | None, why: dict[str, Any]
    ) -> _Search:
        """Note who answers; assisting units are each named once, none leads as well or is kept out."""
        others = [card for card in dict.fromkeys(assists) if card.id != lead.id and not self._closed(card)]
        self.duty = Duty(lead, tuple(others), rule_id, why)
        return self


class DutyBook:
    """The standing rules, most particular first."""

    def __init__(self, rules: Iterable[RuleCard]) -> None:
        self.rules = sorted(rules, key=lambda rule: (-len(rule.items), -len(rule.area_path), rule.number))

    def decide(
        self, item: ItemCard, area_path: str, *, on: date | None = None, is_danger: bool = False
    ) -> Duty | None:
        """Return who answers for an item at a place, or None when nobody can be named.

        The rule with the longest item code wins, then the one for the smallest area; without a rule the
        item's own lead role does, then the fallback of either. Inactive units are passed over, and so are
        units the item may not be pushed down to on that day (without one: the day the town's map is of);
        `passed_over` tells which. `is_danger` is for a case in danger, which knows no gate.
        """
        found = self._search(item, area_path, on, is_danger=is_danger)
        if found.duty is not None and found.passed_over is not None:
            found.duty.why["not_admitted"] = found.passed_over.unit.code
        return found.duty

    def passed_over(self, item: ItemCard, area_path: str, *, on: date | None = None) -> Closed | None:
        """Return the first unit that would have answered had the gate been open, and the gate."""
        return self._search(item, area_path, on, is_danger=False).passed_over

    def _search(self, item: ItemCard, area_path: str, on: date | None, *, is_danger: bool) -> _Search:
        search = _Search(item, on or town_map().day, is_danger)
        units = unit_book()
        for rule in self.rules:
            if not item.code.startswith(rule.items) or not _in_area(area_path, rule.area_path):
                continue
            lead = search.open(units.by_id.get(rule.lead_id))
            assists = tuple(units.by_id[unit] for unit in rule.assist_ids if unit in units.by_id)
            why = {"key": "rule", "rule": rule.number, "items": rule.items, "area": rule.area_path}
            if lead is not None:
                return search.end(lead, assists, rule.id, why)
            spare = search.open(units.by_id.get(rule.fallback_id)) if rule.fallback_id else None
            if spare is not None and search.duty is None:
                search.end(spare, assists, rule.id, {**why, "key": "fallback_rule"})
        if search.duty is None:
            self._by_role(search, area_path)
        return search

    def _by_role(self, search: _Search, area_path: str) -> None:
        units, item = unit_book(), search.item
        assists = tuple(
            card for role in item.assists if (card := units.answering(role, area_path)) is not None
        )
        for key, role in (("role", item.lead), ("fallback_role", item.fallback)):
            # Where the gate keeps the nearest out, the next above it answers: in the end the department.
            for unit in units.all_answering(role, area_path) if role else ():
                if search.open(unit) is not None:
                    search.end(unit, assists, None, {"key": key, "role": role, "area": unit.area_path})
                    return


def _in_area(path: str, top: str) -> bool:
    return not top or path == top or path.startswith(f"{top}/")


def _build() -> DutyBook:
    rules = DutyRule.objects.filter(valid_until=None).select_related("area").prefetch_related("assists")
    return DutyBook(
        RuleCard(
            rule.pk,
            rule.number,
            rule.items,
            rule.area.path if rule.area else "",
            rule.lead_id,
            tuple(unit.pk for unit in sorted(rule.assists.all(), key=attrgetter("code"))),
            rule.fallback_id,
        )
        for rule in rules
    )


_BOOK = Snapshot(_build, DUTIES, PEOPLE)


def duty_book() -> DutyBook:
    """Return the duty rules that stand now."""
    return _BOOK.get()
