"""The duty book: which rule, role or fallback answers for an item in an area, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from huying.dispatch.models import DutyRule
from huying.ledger.snapshots import Snapshot
from huying.people.queries import EDITION as PEOPLE
from huying.people.queries import UnitCard, unit_book

if TYPE_CHECKING:
    from collections.abc import Iterable
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


class DutyBook:
    """The standing rules, most particular first."""

    def __init__(self, rules: Iterable[RuleCard]) -> None:
        self.rules = sorted(rules, key=lambda rule: (-len(rule.items), -len(rule.area_path), rule.number))

    def decide(self, item: ItemCard, area_path: str) -> Duty | None:
        """Return who answers for an item at a place, or None when nobody can be named.

        The rule with the longest item code wins, then the one for the smallest area; without a rule the
        item's own lead role does, then the fallback of either. Inactive units are passed over.
        """
        units = unit_book()
        fallback: Duty | None = None
        for rule in self.rules:
            if not item.code.startswith(rule.items) or not _in_area(area_path, rule.area_path):
                continue
            lead = units.by_id.get(rule.lead_id)
            assists = tuple(units.by_id[unit] for unit in rule.assist_ids if unit in units.by_id)
            why = {"key": "rule", "rule": rule.number, "items": rule.items, "area": rule.area_path}
            if lead is not None:
                return Duty(lead, _others(assists, lead), rule.id, why)
            spare = units.by_id.get(rule.fallback_id) if rule.fallback_id else None
            if spare is not None and fallback is None:
                fallback = Duty(spare, _others(assists, spare), rule.id, {**why, "key": "fallback_rule"})
        return fallback or self._by_role(item, area_path)

    def _by_role(self, item: ItemCard, area_path: str) -> Duty | None:
        units = unit_book()
        assists = tuple(
            card for role in item.assists if (card := units.answering(role, area_path)) is not None
        )
        for key, role in (("role", item.lead), ("fallback_role", item.fallback)):
            lead = units.answering(role, area_path) if role else None
            if lead is not None:
                return Duty(
                    lead, _others(assists, lead), None, {"key": key, "role": role, "area": lead.area_path}
                )
        return None


def _others(assists: tuple[UnitCard, ...], lead: UnitCard) -> tuple[UnitCard, ...]:
    """Return the assisting units, each once and none that leads: a unit has one part in a case."""
    return tuple(card for card in dict.fromkeys(assists) if card.id != lead.id)


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
