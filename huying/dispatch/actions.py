"""Every write to dispatch: assignments by machine or hand, and the duty rules behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Max

from huying.admission.queries import Closed, gate
from huying.admission.reasons import NOT_ADMITTED
from huying.catalogue.core.calendar import local_day
from huying.dispatch.duties import DUTIES, Duty, duty_book
from huying.dispatch.facts import DutyRuleEnded, DutyRuleSet
from huying.dispatch.models import Assignment, DutyRule
from huying.kit.errors import Refusal
from huying.kit.ids import new_id
from huying.ledger.actions import record
from huying.ledger.snapshots import announce

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from huying.catalogue.queries import ItemCard
    from huying.ledger.actor import Actor
    from huying.people.models import Unit
    from huying.people.queries import UnitCard
    from huying.places.models import Area


@dataclass(frozen=True)
class Assigned:
    """The machine's assignment as a value: who answers, and the row that says so."""

    duty: Duty
    row: dict[str, Any]


def assign(
    appeal_id: UUID, item: ItemCard, area_path: str, *, by: Actor, at: datetime, is_danger: bool = False
) -> Assigned | None:
    """Return the assignment the duty rules give, not yet written; None when a person must decide.

    `why_nobody` tells why. A case in danger is given to whoever answers, whatever was admitted.
    """
    duty = duty_book().decide(item, area_path, on=local_day(at), is_danger=is_danger)
    if duty is None:
        return None
    row = {
        "id": new_id(),
        "appeal_id": appeal_id,
        "unit_id": duty.lead.id,
        "assists": [unit.id for unit in duty.assists],
        "item_id": item.id,
        "rule_id": duty.rule_id,
        "why": duty.why,
        "automatic": True,
        "by_name": by.name,
        "at": at,
    }
    return Assigned(duty, row)


def why_nobody(item: ItemCard, area_path: str, *, at: datetime) -> str:
    """Return the reason key why the rules name nobody: none is there, or the gate keeps it from them."""
    closed = duty_book().passed_over(item, area_path, on=local_day(at))
    return NOT_ADMITTED.key if closed else "no_unit_answers"


def refusal_of(closed: Closed, *, field: str | None = None) -> Refusal:
    """Return the refusal that names a closed gate, its basis and the way out."""
    return Refusal(
        NOT_ADMITTED,
        field=field,
        item=closed.item.name,
        unit=closed.unit.name,
        level=closed.gate.level_name,
        basis=closed.gate.basis,
    )


def refuse_if_closed(
    item: ItemCard, units: Sequence[UnitCard], *, at: datetime, is_danger: bool = False
) -> None:
    """Refuse with `not_admitted` when the item may not be pushed down to one of these units, lead first."""
    for unit in units:
        closed = gate().closed_for(item, unit, on=local_day(at), is_danger=is_danger)
        if closed is not None:
            raise refusal_of(closed, field="unit" if unit is units[0] else "assists")


def assign_by_hand(
    appeal_id: UUID,
    *,
    unit: UnitCard,
    item: ItemCard,
    area_path: str,
    assists: Sequence[UnitCard],
    key: str,
    note: str,
    by: Actor,
    at: datetime,
    is_danger: bool = False,
) -> Assignment:
    """Write a person's assignment of a matter at `area_path`, beside what the rules would have said.

    Refusal `not_admitted` where the item may not be pushed down to the unit or one that assists.
    """
    refuse_if_closed(item, [unit, *assists], at=at, is_danger=is_danger)
    ruled = duty_book().decide(item, area_path, on=local_day(at), is_danger=is_danger)
    return Assignment.objects.create(
        appeal_id=appeal_id,
        unit_id=unit.id,
        assists=[card.id for card in assists],
        item_id=item.id,
        why={"key": key, "note": note, "rules_said": ruled.lead.code if ruled else ""},
        automatic=False,
        by_name=by.name,
        at=at,
    )


def set_duty_rule(
    *,
    items: str,
    area: Area | None,
    lead: Unit,
    assists: Sequence[Unit] = (),
    fallback: Unit | None = None,
    note: str = "",
    district: str,
    by: Actor,
    at: datetime,
) -> DutyRule:
    """Make the duty rule for an item prefix and area, ending the one that stood; assignments keep theirs."""
    with transaction.atomic():
        # Numbers are given one after the other; two editors wait for each other here.
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE dispatch_dutyrule IN SHARE ROW EXCLUSIVE MODE")
        standing = DutyRule.objects.filter(items=items, area=area, valid_until=None).first()
        if standing is not None:
            end_duty_rule(standing, district=district, by=by, at=at)
        number = (DutyRule.objects.aggregate(last=Max("number"))["last"] or 0) + 1
        rule = DutyRule(
            number=number, items=items, area=area, lead=lead, fallback=fallback, note=note, valid_from=at
        )
        body = DutyRuleSet(
            number=number,
            items=items,
            area=area.code if area else "",
            lead=lead.code,
            assists=[unit.code for unit in assists],
            fallback=fallback.code if fallback else "",
            note=note,
        )
        record(rule, body, district=district, by=by, at=at)
        rule.save()
        rule.assists.set(assists)
        announce(DUTIES)
        return rule


def end_duty_rule(rule: DutyRule, *, district: str, by: Actor, at: datetime) -> None:
    """End a standing rule; it stays readable for ever. One that has ended stays as it is."""
    with transaction.atomic():
        standing = DutyRule.objects.select_for_update().get(pk=rule.pk)
        if standing.valid_until is None:
            standing.valid_until = at
            record(standing, DutyRuleEnded(number=standing.number), district=district, by=by, at=at)
            standing.save()
            announce(DUTIES)
    rule.refresh_from_db()
