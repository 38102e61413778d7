"""Writes to drives: set up, cases put in or taken out by hand, and the ledger of what was cleared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction

from huying.cases.queries import find_case
from huying.catalogue.queries import published
from huying.kit.errors import Refusal
from huying.kit.text import clean, on_one_line
from huying.ledger.actions import record
from huying.people.permissions import Permission
from huying.people.queries import unit_book
from huying.walks import facts, reasons
from huying.walks.actions import LONGEST_NOTE, area_of
from huying.walks.models import Cleared, Drive, DriveMark
from huying.walks.rules import over

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal
    from uuid import UUID

    from huying.ledger.actor import Actor


@dataclass(frozen=True)
class DriveDraft:
    """A drive as it is set up: its area, days and items (beginnings of codes) are the rule of its cases."""

    name: str
    area: str
    starts_on: date
    ends_on: date
    items: tuple[str, ...] = ()
    unit: str = ""
    aim: str = ""


@dataclass(frozen=True)
class ClearedDraft:
    """A line of a drive's ledger: so much of something was cleared on a day; the cost in yuan, if known."""

    on: date
    what: str
    quantity: Decimal
    measure: str
    cost: Decimal | None = None
    place_words: str = ""
    note: str = ""


def set_drive(draft: DriveDraft, *, key: UUID, drive: UUID | None = None, by: Actor, at: datetime) -> Drive:
    """Set a drive up, or change it; set up twice under one key it is one.

    Refusals: `not_yours_to_drive`, `drive_backwards`, `drive_item_unknown`, `walk_missing`.
    """
    card = area_of(draft.area)
    if not over(by, Permission.DRIVE_RUN, card.path):
        raise Refusal(reasons.NOT_YOURS_TO_DRIVE)
    name = on_one_line(draft.name)[:60]
    if not name:
        raise Refusal(reasons.WALK_MISSING, field="name")
    if draft.ends_on < draft.starts_on:
        raise Refusal(reasons.DRIVE_BACKWARDS, field="ends_on")
    items = list(dict.fromkeys(code.strip() for code in draft.items if code.strip()))
    for code in items:
        if not any(known.startswith(code) for known in published().by_code):
            raise Refusal(reasons.ITEM_UNKNOWN, field="items", code=code)
    unit = unit_book().by_code.get(draft.unit)
    with transaction.atomic():
        row = _locked(drive, by) if drive else Drive(key=key, set_at=at, set_by=by.name)
        row.district, row.name, row.aim = settings.DISTRICT, name, clean(draft.aim)[:LONGEST_NOTE]
        row.area_id, row.unit_id, row.items = card.id, unit.id if unit else None, items
        row.starts_on, row.ends_on = draft.starts_on, draft.ends_on
        if drive is None:
            try:
                with transaction.atomic():
                    row.save(force_insert=True)
            except IntegrityError:  # a second click
                return Drive.objects.get(key=key)
        days = draft.starts_on.isoformat(), draft.ends_on.isoformat()
        record(row, facts.DriveSet(name, card.code, items, *days), district=row.district, by=by, at=at)
        row.save()
        return row


def _locked(drive: UUID, by: Actor) -> Drive:
    """Return a drive with its row locked; Refusal where there is none, or it is not this actor's to run."""
    row = Drive.objects.select_for_update(of=("self",)).select_related("area").filter(pk=drive).first()
    if row is None:
        raise Refusal(reasons.DRIVE_NOT_FOUND)
    if not over(by, Permission.DRIVE_RUN, row.area.path):
        raise Refusal(reasons.NOT_YOURS_TO_DRIVE)
    return row


def mark_case(drive: UUID, number: str, *, is_in: bool, reason: str, by: Actor, at: datetime) -> DriveMark:
    """Put a case into a drive by hand, or take it out, against the rule; the newest word counts.

    Refusals: `drive_not_found`, `not_yours_to_drive`, `drive_case_not_found`, `walk_missing`.
    """
    told = on_one_line(reason)[:200]
    if not told:
        raise Refusal(reasons.WALK_MISSING, field="reason")
    try:
        case = find_case(number.strip().upper(), by=by)
    except Refusal:
        raise Refusal(reasons.CASE_NOT_FOUND, field="number") from None
    with transaction.atomic():
        row = _locked(drive, by)
        mark, _new = DriveMark.objects.update_or_create(
            drive=row, case=case, defaults={"is_in": is_in, "reason": told, "at": at, "by": by.name}
        )
        body = facts.DriveMarked(case.number, is_in, told)
        record(row, body, district=row.district, by=by, at=at)
        row.save(update_fields=["fact_seq", "fact_hash"])
        return mark


def enter_cleared(drive: UUID, draft: ClearedDraft, *, key: UUID, by: Actor, at: datetime) -> Cleared:
    """Enter a line of a drive's ledger; under one key it is entered once.

    Refusals: `drive_not_found`, `not_yours_to_drive`, `nothing_cleared`, `walk_missing`.
    """
    what, measure = on_one_line(draft.what)[:60], on_one_line(draft.measure)[:20]
    for name, told in (("what", what), ("measure", measure)):
        if not told:
            raise Refusal(reasons.WALK_MISSING, field=name)
    if draft.quantity <= 0 or (draft.cost is not None and draft.cost < 0):
        raise Refusal(reasons.NOTHING_CLEARED, field="quantity" if draft.quantity <= 0 else "cost")
    with transaction.atomic():
        row = _locked(drive, by)
        before = Cleared.objects.filter(pk=key).first()
        if before is not None:
            if before.drive_id != row.pk:
                raise Refusal(reasons.FINDING_TAKEN)
            return before
        line = Cleared.objects.create(
            pk=key, drive=row, on=draft.on, what=what, quantity=draft.quantity, measure=measure,
            cost=draft.cost, place_words=on_one_line(draft.place_words)[:120],
            note=on_one_line(draft.note)[:200], at=at, by=by.name,
        )  # fmt: skip
        body = facts.QuantityEntered(draft.on.isoformat(), what, str(draft.quantity), measure)
        record(row, body, district=row.district, by=by, at=at)
        row.save(update_fields=["fact_seq", "fact_hash"])
        return line


def strike_cleared(line: UUID, *, reason: str, by: Actor, at: datetime) -> Cleared:
    """Strike a line of a ledger out: it stays to be read, and counts no more.

    Refusals: `drive_not_found`, `not_yours_to_drive`, `struck_already`, `walk_missing`.
    """
    told = on_one_line(reason)[:200]
    with transaction.atomic():
        found = Cleared.objects.filter(pk=line).values_list("drive_id", flat=True).first()
        if found is None:
            raise Refusal(reasons.DRIVE_NOT_FOUND)
        row = _locked(found, by)
        if not told:
            raise Refusal(reasons.WALK_MISSING, field="reason")
        kept = Cleared.objects.get(pk=line)
        if kept.struck_at is not None:
            raise Refusal(reasons.STRUCK_ALREADY)
        kept.struck_at, kept.struck_for = at, told
        kept.save()
        body = facts.QuantityStruck(kept.what, str(kept.quantity), told)
        record(row, body, district=row.district, by=by, at=at)
        row.save(update_fields=["fact_seq", "fact_hash"])
        return kept
