"""Editing the town's calendar, hours, clocks and grades: every change is a fact and a new edition.

Time limits that run keep the date they were given; new ones are counted with what is then in force.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction

from huying.catalogue import reasons
from huying.catalogue.core.calendar import PUBLISHED_HOLIDAYS, Hours, Season, local_day
from huying.catalogue.core.clock import Limit, Unit
from huying.catalogue.facts import (
    ClockSet,
    DayCleared,
    DaysSet,
    GradeSet,
    HoursRemoved,
    HoursSet,
)
from huying.catalogue.grades import TONES, row_of
from huying.catalogue.models import (
    CalendarDay,
    ClockPolicy,
    GradeRule,
    TownTable,
    WorkingHours,
)
from huying.catalogue.policies import PERCENT, USUAL
from huying.catalogue.queries import CALENDAR, CLOCKS, spans_of, town_clock
from huying.kit.errors import Refusal
from huying.ledger.actions import record
from huying.ledger.snapshots import announce, edition_now
from huying.people.queries import role_names
from huying.places.queries import town_map

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from huying.ledger.actor import Actor
    from huying.ledger.chain import FactBody

MOST_PERCENT = 100
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
_GRADE_FIELDS = (
    "name", "name_en", "criteria", "level", "approver", "sign_amount", "sign_unit", "contact_amount",
    "contact_unit", "handle_amount", "handle_unit", "tone",
)  # fmt: skip


def _open(key: str, edition: str, seen: int | None) -> tuple[TownTable, int]:
    """Return a table of the town locked, and the number its edition will have by this change.

    Refusal `edited_meanwhile` when the clerk had an older edition on the screen.
    """
    table, _new = TownTable.objects.select_for_update().get_or_create(key=key)
    if seen is not None and seen != edition_now(edition):
        raise Refusal(reasons.EDITED_MEANWHILE)
    announce(edition)
    return table, edition_now(edition)


def _close(table: TownTable, body: FactBody, *, district: str, by: Actor, at: datetime) -> None:
    record(table, body, district=district, by=by, at=at)
    table.save(update_fields=["fact_seq", "fact_hash"])


# --- the calendar ------------------------------------------------------------------------------------


def _line(day: CalendarDay) -> list[str]:
    """Return a day as facts keep it: date, kind, name, provisional, hours."""
    hours = ",".join("-".join(pair) for pair in day.spans)
    return [day.on.isoformat(), day.kind, day.name, "yes" if day.provisional else "no", hours]


def changed_days(days: Sequence[CalendarDay]) -> list[tuple[CalendarDay, CalendarDay | None]]:
    """Return the days that differ from what the calendar says of them now, each with that (None: nothing)."""
    there = CalendarDay.objects.in_bulk([day.on for day in days])
    pairs = [(day, there.get(day.on)) for day in days]
    return [(day, old) for day, old in pairs if old is None or _line(day) != _line(old)]


def guesses_against(days: Sequence[CalendarDay]) -> list[CalendarDay]:
    """Return provisional days that these settle by not naming them: of the years they publish."""
    named = {day.on for day in days}
    years: dict[int, int] = {}
    for day in days:
        if day.kind == "holiday" and not day.provisional:
            years[day.on.year] = years.get(day.on.year, 0) + 1
    published = [year for year, count in years.items() if count >= PUBLISHED_HOLIDAYS]
    guesses = CalendarDay.objects.filter(provisional=True, on__year__in=published) if published else ()
    return [day for day in guesses if day.on not in named]


def set_days(
    days: Sequence[CalendarDay],
    *,
    source: str,
    district: str,
    by: Actor,
    at: datetime,
    seen: int | None = None,
) -> int:
    """Write days into the calendar, replacing what was said of the same dates; return how many changed.

    Guesses for a year that these days publish are dropped where they are not named. The same days once more
    change nothing and leave no fact. Raises Refusal when a day cannot be counted with.
    """
    for day in days:
        _check_day(day)
        day.source = source[:120]
    with transaction.atomic():
        changed, dropped = changed_days(days), guesses_against(days)
        if not changed and not dropped:
            return 0
        table, edition = _open(CALENDAR, CALENDAR, seen)
        CalendarDay.objects.bulk_create(
            [day for day, _old in changed],
            update_conflicts=True,
            unique_fields=["on"],
            update_fields=["kind", "name", "source", "provisional", "spans"],
        )
        CalendarDay.objects.filter(pk__in=[day.pk for day in dropped]).delete()
        body = DaysSet(
            edition=edition,
            source=source[:120],
            days=[_line(day) for day, _old in changed],
            before=[_line(old) for _day, old in changed if old is not None],
            dropped=[_line(day) for day in dropped],
        )
        _close(table, body, district=district, by=by, at=at)
    return len(changed) + len(dropped)


def _check_day(day: CalendarDay) -> None:
    if not _FIRST_DAY <= day.on <= _LAST_DAY:
        raise Refusal(reasons.DAY_TOO_FAR, on=day.on)
    if day.spans:
        if day.kind == "holiday":
            raise Refusal(reasons.HOLIDAY_HAS_NO_HOURS, on=day.on)
        Hours(spans_of(day.spans))


def clear_day(on: date, *, district: str, by: Actor, at: datetime, seen: int | None = None) -> bool:
    """Let a day be what its weekday says again; return whether anything was said of it."""
    with transaction.atomic():
        day = CalendarDay.objects.select_for_update().filter(pk=on).first()
        if day is None:
            return False
        table, edition = _open(CALENDAR, CALENDAR, seen)
        body = DayCleared(edition=edition, before=_line(day))
        day.delete()
        _close(table, body, district=district, by=by, at=at)
    return True


def set_hours(
    hours: WorkingHours, *, district: str, by: Actor, at: datetime, seen: int | None = None
) -> WorkingHours:
    """Add or change hours; CalendarError when they do not lie in order within one day, or no such season."""
    Hours(
        spans_of(hours.spans),
        season=Season.parse(hours.season_from, hours.season_until) if hours.season_from else None,
    )
    with transaction.atomic():
        table, edition = _open(CALENDAR, CALENDAR, seen)
        old = WorkingHours.objects.filter(pk=hours.pk).first()
        hours.save()
        body = HoursSet(edition=edition, hours=_hours_of(hours), before=_hours_of(old) if old else {})
        _close(table, body, district=district, by=by, at=at)
    return hours


def remove_hours(
    hours: WorkingHours, *, district: str, by: Actor, at: datetime, seen: int | None = None
) -> None:
    """Take hours away; days they covered have the hours that cover them else."""
    with transaction.atomic():
        table, edition = _open(CALENDAR, CALENDAR, seen)
        body = HoursRemoved(edition=edition, before=_hours_of(hours))
        hours.delete()
        _close(table, body, district=district, by=by, at=at)


def _hours_of(hours: WorkingHours) -> dict[str, Any]:
    return {
        "name": hours.name,
        "valid_from": hours.valid_from,
        "valid_until": hours.valid_until,
        "season": [hours.season_from, hours.season_until] if hours.season_from else [],
        "spans": hours.spans,
    }


# --- clocks and grades -------------------------------------------------------------------------------


def set_clock(
    key: str,
    *,
    amount: int,
    unit: str,
    basis: str,
    valid_from: date,
    district: str,
    by: Actor,
    at: datetime,
    seen: int | None = None,
) -> ClockPolicy:
    """Set a clock of the town from a day on, today at the earliest; what it was stays on record.

    Refusal `unknown_clock`, `clock_backdated`, `clock_unit_wrong`, `percent_out_of_range`, or CalendarError
    for a limit the clock cannot count.
    """
    usual = USUAL.get(key)
    if usual is None:
        raise Refusal(reasons.UNKNOWN_CLOCK, key=key)
    if valid_from < local_day(at):
        raise Refusal(reasons.CLOCK_BACKDATED, field="valid_from")
    if valid_from > _LAST_DAY:
        raise Refusal(reasons.DAY_TOO_FAR, field="valid_from", on=valid_from)
    if (unit == PERCENT) != (usual.unit == PERCENT):
        raise Refusal(reasons.CLOCK_UNIT_WRONG, field="unit")
    _check_amount(amount, unit, field="amount")
    with transaction.atomic():
        table, edition = _open(CLOCKS, CLOCKS, seen)
        earlier = ClockPolicy.objects.filter(key=key, valid_from__lte=valid_from)
        row = ClockPolicy(
            key=key, valid_from=valid_from, amount=amount, unit=unit, basis=basis, edition=edition,
            made_at=at, made_by=by.name[:80],
        )  # fmt: skip
        old = earlier.order_by("-valid_from", "-edition").first()
        body = ClockSet(
            edition=edition,
            key=key,
            amount=amount,
            unit=unit,
            basis=basis,
            valid_from=valid_from.isoformat(),
            before=[old.amount, old.unit, old.basis] if old else [usual.amount, usual.unit, usual.basis],
        )
        row.save()
        _close(table, body, district=district, by=by, at=at)
    return row


def _check_amount(amount: int, unit: str, *, field: str) -> None:
    if unit == PERCENT:
        if not 1 <= amount <= MOST_PERCENT:
            raise Refusal(reasons.PERCENT_OUT_OF_RANGE, field=field, most=MOST_PERCENT)
        return
    try:
        Limit(amount, Unit(unit))
    except Refusal as refusal:
        refusal.field = field
        raise


def set_grade(
    key: str,
    values: dict[str, Any],
    *,
    district: str,
    by: Actor,
    at: datetime,
    seen: int | None = None,
) -> GradeRule:
    """Change what a grade means in this town; cases keep the dates and the level they were given.

    `values` are the fields of a `GradeRule`. Refusal when the level or role is unknown or a clock makes no
    sense.
    """
    shipped = town_clock(at).grades.by_key.get(key)
    if shipped is None:
        raise Refusal(reasons.UNKNOWN_GRADE, key=key)
    _check_grade(values)
    with transaction.atomic():
        table, edition = _open("grades", CLOCKS, seen)
        row = GradeRule.objects.filter(pk=key).first() or GradeRule(key=key)
        before = {name: getattr(row, name) for name in _GRADE_FIELDS}
        for name in _GRADE_FIELDS:
            setattr(row, name, values.get(name, before[name]))
        after = {name: getattr(row, name) for name in _GRADE_FIELDS}
        row_of({"key": key, **after})
        row.save()
        body = GradeSet(edition=edition, key=key, values=after, before=before)
        _close(table, body, district=district, by=by, at=at)
    return row


def _check_grade(values: dict[str, Any]) -> None:
    if values.get("level") and values["level"] not in town_map().levels:
        raise Refusal(reasons.UNKNOWN_LEVEL, field="level")
    if values.get("approver") and values["approver"] not in role_names():
        raise Refusal(reasons.UNKNOWN_ROLE, field="approver")
    if values.get("tone") and values["tone"] not in TONES:
        raise Refusal(reasons.UNKNOWN_TONE, field="tone")
    for clock in ("sign", "contact", "handle"):
        amount, unit = values.get(f"{clock}_amount"), values.get(f"{clock}_unit") or ""
        if (amount is None) != (unit == ""):
            raise Refusal(reasons.AMOUNT_AND_UNIT, field=f"{clock}_amount")
        if amount is None:
            continue
        if unit == PERCENT and clock != "handle":
            raise Refusal(reasons.CLOCK_UNIT_WRONG, field=f"{clock}_unit")
        _check_amount(amount, unit, field=f"{clock}_amount")
