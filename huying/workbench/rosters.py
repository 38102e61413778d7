"""Duty rosters: who is on duty for a unit and when, read from a table, and whom to call right now."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from huying.kit.errors import Refusal
from huying.kit.tabular import header_key
from huying.kit.text import on_one_line
from huying.people.book import SHANGHAI
from huying.people.permissions import Permission
from huying.people.queries import unit_book
from huying.workbench import reasons
from huying.workbench.models import Roster, Shift

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from huying.kit.tabular import Table
    from huying.ledger.actor import Actor

KEEPERS = frozenset({Permission.CASE_REVIEW, Permission.CASE_DISPATCH, Permission.CASE_SUPERVISE})
COLUMNS = {
    "on": ("date", "日期", "值班日期"), "starts": ("from", "start", "开始", "开始时间"),
    "ends": ("until", "end", "结束", "结束时间"), "name": ("name", "姓名", "值班人员", "值班人"),
    "phone": ("phone", "电话", "联系电话", "手机"),
}  # fmt: skip
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00)?)?")
_TIME = re.compile(r"(?:\d{4}-\d\d-\d\d[ T])?(\d{1,2})[::时](\d{2})?(?::\d\d)?分?")
MORNING = time(8, 30)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class LineFault:
    """A line that was not taken, and why."""

    line: int
    sentence: str


@dataclass
class ReadShifts:
    """What was read: shifts ready to be written, and the lines that were not."""

    shifts: list[Shift] = field(default_factory=list)
    problems: list[LineFault] = field(default_factory=list)


@dataclass(frozen=True)
class OnDuty:
    """Whom to call now."""

    unit: str
    roster: str
    name: str
    phone: str
    desk_phone: str
    ends_at: datetime


def keeps_rosters(by: Actor, unit_id: UUID) -> bool:
    """Return whether an actor keeps a unit's rosters: who leads or dispatches there, or sets up units."""
    if by.holds(Permission.SYSTEM_EDIT):
        return True
    return any(grant.unit_id == unit_id and KEEPERS & (grant.on_unit | grant.on_area) for grant in by.grants)


def set_roster(
    unit_id: UUID,
    *,
    name: str,
    phone: str = "",
    roster_id: UUID | None = None,
    is_active: bool = True,
    by: Actor,
) -> Roster:
    """Name a duty of a unit, or change one. Refusal `roster_not_found` or `roster_taken`."""
    if not keeps_rosters(by, unit_id):
        raise Refusal(reasons.ROSTER_NOT_FOUND)
    try:
        with transaction.atomic():
            roster = (
                Roster.objects.select_for_update().filter(pk=roster_id, unit_id=unit_id).first()
                if roster_id
                else Roster(unit_id=unit_id)
            )
            if roster is None:
                raise Refusal(reasons.ROSTER_NOT_FOUND)
            roster.name, roster.phone = on_one_line(name)[:40], on_one_line(phone)[:30]
            roster.is_active = is_active
            roster.save()
            return roster
    except IntegrityError as error:
        raise Refusal(reasons.ROSTER_TAKEN, field="name") from error


def read_shifts(table: Table) -> ReadShifts:
    """Read a table of shifts: date, from, until, name, phone; one that ends before it starts ends next day.

    Without times a shift is a day and its night, from 08:30. Every line is judged by itself. Refusal
    `shift_columns_unknown`, or `no_shifts` when nothing could be read.
    """
    names = {header_key(name): name for name in table.header}
    found = {
        column: next((names[header_key(known)] for known in called if header_key(known) in names), "")
        for column, called in COLUMNS.items()
    }
    if not found["on"] or not found["name"]:
        raise Refusal(reasons.SHIFT_COLUMNS_UNKNOWN)
    read = ReadShifts()
    for row in table:
        values = {column: row.values.get(name, "").strip() for column, name in found.items() if name}
        try:
            read.shifts.append(_shift(values))
        except Refusal as refusal:
            read.problems.append(LineFault(row.line, refusal.sentence))
    if not read.shifts:
        raise Refusal(reasons.NO_SHIFTS)
    return read


def _shift(values: Mapping[str, str]) -> Shift:
    told = _DATE.fullmatch(values["on"])
    try:
        on = date(*map(int, told.groups())) if told else None
    except ValueError:
        on = None
    if on is None:
        raise Refusal(reasons.SHIFT_NOT_READABLE, text=values["on"])
    name = on_one_line(values["name"])[:40]
    if not name:
        raise Refusal(reasons.SHIFT_NAME_MISSING)
    starts_at = datetime.combine(on, _clock(values.get("starts", "")), SHANGHAI)
    ends_at = datetime.combine(on, _clock(values.get("ends", "")), SHANGHAI)
    return Shift(
        name=name, phone=on_one_line(values.get("phone", ""))[:30], starts_at=starts_at,
        ends_at=ends_at if ends_at > starts_at else ends_at + DAY,
    )  # fmt: skip


def _clock(text: str) -> time:
    if not text:
        return MORNING
    told = _TIME.fullmatch(text)
    try:
        return time(int(told[1]), int(told[2] or 0)) if told else time.fromisoformat(text)
    except ValueError:
        raise Refusal(reasons.SHIFT_NOT_READABLE, text=text) from None


def set_shifts(roster_id: UUID, shifts: Sequence[Shift], *, by: Actor) -> int:
    """Write shifts of a duty; what stood there in the same days is replaced. Return how many.

    Refusal `roster_not_found`.
    """
    with transaction.atomic():
        roster = Roster.objects.select_for_update().filter(pk=roster_id).first()
        if roster is None or not keeps_rosters(by, roster.unit_id):
            raise Refusal(reasons.ROSTER_NOT_FOUND)
        first, last = min(one.starts_at for one in shifts), max(one.starts_at for one in shifts)
        Shift.objects.filter(roster=roster, starts_at__gte=first, starts_at__lte=last).delete()
        unique = {(one.starts_at, one.name): one for one in shifts}
        for one in unique.values():
            one.roster = roster
        Shift.objects.bulk_create(unique.values(), ignore_conflicts=True)
        return len(unique)


def on_duty(unit_ids: Sequence[UUID], *, at: datetime) -> list[OnDuty]:
    """Return who is on duty at a moment for these units or those above them, the nearest unit first."""
    book = unit_book()
    line: list[str] = []
    for unit_id in unit_ids:
        card = book.by_id.get(unit_id)
        parts = card.path.split("/") if card else []
        line += ["/".join(parts[: depth + 1]) for depth in reversed(range(len(parts)))]
    order = {path: place for place, path in reversed(list(enumerate(line)))}
    shifts = Shift.objects.filter(
        roster__unit__path__in=order, roster__is_active=True, starts_at__lte=at, ends_at__gt=at
    ).select_related("roster__unit")
    found = sorted(shifts, key=lambda one: (order[one.roster.unit.path], one.roster.name, one.name))
    return [
        OnDuty(one.roster.unit.name, one.roster.name, one.name, one.phone, one.roster.phone, one.ends_at)
        for one in found
    ]
