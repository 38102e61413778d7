"""Outside indices: a table is read whole, looked at, then taken in whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from huying.kit.errors import Refusal
from huying.kit.tabular import header_key
from huying.kit.text import on_one_line
from huying.ledger.actions import record
from huying.people.permissions import Permission
from huying.places.queries import town_map
from huying.walks import facts, reasons
from huying.walks.actions import area_of
from huying.walks.models import IndexRun, IndexSeries, IndexValue
from huying.walks.rules import over

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from huying.kit.tabular import Table
    from huying.ledger.actor import Actor

MOST_VALUES = 5_000
LONGEST_SERIES = 60
LARGEST = Decimal(10) ** 9
# What a column may be called, folded; the first of each is what a refusal names.
COLUMNS = {
    "series": ("指数", "指标", "名称", "series", "index", "name"),
    "area": ("片区", "区域", "街道", "社区", "area", "areacode", "编码"),
    "on": ("日期", "月份", "时间", "date", "month", "day"),
    "value": ("数值", "值", "得分", "分数", "排名", "value", "score", "rank"),
    "measure": ("单位", "unit", "measure"),
    "source": ("来源", "数据来源", "source"),
}
NEEDED = ("series", "area", "on", "value", "source")
# Days in Excel are counted from here.
EXCEL_ZERO = date(1899, 12, 30)


@dataclass(frozen=True)
class Told:
    """One value as a file tells it; `line` is where it stands there."""

    line: int
    series: str
    area: str
    on: str
    value: str
    measure: str
    source: str


@dataclass(frozen=True)
class Flaw:
    """A line that cannot be taken, and why, as a key of `FLAWS`."""

    line: int
    key: str
    told: str


def read_values(table: Table) -> list[Told]:
    """Return the values of a table; Refusal `index_column`, `index_long` or `index_empty`."""
    keys = {header_key(name): name for name in table.header}
    found: dict[str, str] = {}
    for field, names in COLUMNS.items():
        name = next((keys[header_key(one)] for one in names if header_key(one) in keys), None)
        if name is None and field in NEEDED:
            raise Refusal(reasons.INDEX_COLUMN, column=names[0])
        if name is not None:
            found[field] = name
    told = []
    for row in table:
        cells = {field: on_one_line(row.values.get(name, "")) for field, name in found.items()}
        told.append(Told(row.line, **({"measure": ""} | cells)))
        if len(told) > MOST_VALUES:
            raise Refusal(reasons.INDEX_LONG, most=MOST_VALUES)
    if not told:
        raise Refusal(reasons.INDEX_EMPTY)
    return told


@dataclass(frozen=True)
class Sound:
    """A value that can be taken: of an area the town has, on a day."""

    series: str
    measure: str
    area: UUID
    area_name: str
    on: date
    value: Decimal
    source: str


def judge_values(told: Iterable[Told], *, owner: str, by: Actor) -> tuple[list[Sound], list[Flaw]]:
    """Return which values can be taken and which lines must be mended first.

    `owner` is the code of the area whose table it is; values are of it and areas below. Flaws: `series`,
    `area`, `day`, `value`, `source` (cannot be read), `twice` (the same series, area and day twice).
    """
    card = area_of(owner)
    if not over(by, Permission.DRIVE_RUN, card.path):
        raise Refusal(reasons.NOT_YOURS_TO_DRIVE)
    town = town_map()
    below = [one for one in town.areas.values() if f"{one.path}/".startswith(f"{card.path}/")]
    by_name: dict[str, list[tuple[UUID, str]]] = {}
    for one in below:
        for name in {one.name, one.code}:
            by_name.setdefault(name, []).append((one.id, one.name))
    sound: list[Sound] = []
    flaws: list[Flaw] = []
    seen: set[tuple[str, UUID, date]] = set()
    for row in told:
        areas, day, value = by_name.get(row.area, []), read_day(row.on), read_number(row.value)
        key, words = _flaw_in(row, known=len(areas) == 1)
        if key or day is None or value is None:
            flaws.append(Flaw(row.line, key, words))
        elif (row.series, areas[0][0], day) in seen:
            flaws.append(Flaw(row.line, "twice", f"{row.series} {row.area} {row.on}"))
        else:
            seen.add((row.series, areas[0][0], day))
            sound.append(Sound(row.series, row.measure[:20], *areas[0], day, value, row.source[:120]))
    return sound, flaws


def _flaw_in(row: Told, *, known: bool) -> tuple[str, str]:
    """Return what is wrong with a line by itself, and the cell that is; two empty texts for a sound one."""
    if not 0 < len(row.series) <= LONGEST_SERIES:
        return "series", row.series
    if not known:
        return "area", row.area
    if read_day(row.on) is None:
        return "day", row.on
    if read_number(row.value) is None:
        return "value", row.value
    return ("", "") if row.source else ("source", "")


def read_day(text: str) -> date | None:
    """Return the day a cell tells: in any usual form, a month as its first day, or as Excel counts days."""
    plain = text.strip().split(" ")[0].split("T")[0]
    for sign in ("年", "月", "/", "."):
        plain = plain.replace(sign, "-")
    plain = plain.replace("日", "").strip("-")
    if plain.isdecimal() and len(plain) == 5:  # noqa: PLR2004 - days since 1900 have five digits
        return EXCEL_ZERO + timedelta(days=int(plain))
    parts = plain.split("-")
    try:
        year, month, day = (int(part) for part in (*parts, "1")[:3])
        found = date(year, month, day)
    except ValueError:
        return None
    return found if 1990 <= found.year <= 2100 else None  # noqa: PLR2004 - no index is older, or of the future


def read_number(text: str) -> Decimal | None:
    """Return the number a cell tells, None for what is none or beyond what is kept."""
    try:
        found = Decimal(text.replace(",", "").replace("，", "").rstrip("%％").strip())
    except InvalidOperation:
        return None
    return found.quantize(Decimal("0.0001")) if found.is_finite() and abs(found) < LARGEST else None


def take_in(
    told: Sequence[Told], *, owner: str, file_name: str, sha256: str, by: Actor, at: datetime
) -> IndexRun:
    """Take a table of values in, all of it or nothing; what stood there for the same day is replaced.

    The same bytes taken in again while they are the newest change nothing. Refusals: `not_yours_to_drive`,
    `index_flawed`, `index_empty`.
    """
    sound, flaws = judge_values(told, owner=owner, by=by)
    if flaws:
        raise Refusal(reasons.INDEX_FLAWED, count=len(flaws))
    if not sound:
        raise Refusal(reasons.INDEX_EMPTY)
    with transaction.atomic():
        series = {name: _series(owner, name, sound) for name in sorted({one.series for one in sound})}
        newest = IndexValue.objects.filter(series__in=series.values()).select_related("run")
        before = newest.order_by("-run__at").first()
        if before is not None and before.run.sha256 == sha256:
            return before.run
        run = IndexRun.objects.create(
            sha256=sha256, file_name=on_one_line(file_name)[:200], rows=len(sound), at=at, by=by.name
        )
        for name, row in series.items():
            rows = [one for one in sound if one.series == name]
            days = {one.on for one in rows}
            stood = set(IndexValue.objects.filter(series=row, on__in=days).values_list("area_id", "on"))
            IndexValue.objects.bulk_create(
                (
                    IndexValue(
                        series=row, area_id=one.area, on=one.on, value=one.value, source=one.source, run=run
                    )
                    for one in rows
                ),
                update_conflicts=True, unique_fields=["series", "area", "on"],
                update_fields=["value", "source", "run"],
            )  # fmt: skip
            replaced = sum((one.area, one.on) in stood for one in rows)
            body = facts.IndexTakenIn(name, run.file_name, sha256, len(rows), replaced)
            record(row, body, district=settings.DISTRICT, by=by, at=at)
            row.save()
        return run


def _series(owner: str, name: str, sound: Sequence[Sound]) -> IndexSeries:
    """Return the series of this name, made if there is none, with its row locked."""
    card = area_of(owner)
    measure = next((one.measure for one in sound if one.series == name and one.measure), "")
    IndexSeries.objects.get_or_create(area_id=card.id, name=name, defaults={"measure": measure})
    return IndexSeries.objects.select_for_update().get(area_id=card.id, name=name)


def prefer_lower(series: UUID, *, lower_is_better: bool, by: Actor) -> IndexSeries:
    """Say which way of a series is better: lower for ranks and complaints. Refusal `drive_not_found`."""
    with transaction.atomic():
        row = IndexSeries.objects.select_for_update(of=("self",)).select_related("area").filter(pk=series)
        found = row.first()
        if found is None or not over(by, Permission.DRIVE_RUN, found.area.path):
            raise Refusal(reasons.DRIVE_NOT_FOUND)
        found.lower_is_better = lower_is_better
        found.save(update_fields=["lower_is_better"])
        return found
