"""Reads tellings from tables as people send them: guesses columns, takes any usual way to write a moment."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from math import isfinite
from typing import TYPE_CHECKING, Final

from huying.kit.tabular import Table, header_key, read_table

from . import hotspots_reasons as reasons
from .hotspots_reasons import HotSpotRefusal
from .hotspots_told import Telling

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from huying.kit.tabular import Row

# What columns are called, the surest first.
_USUAL: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("id", "留言编号", "工单编号", "诉求编号", "编号", "number", "case_number", "service_request_id"),
    "title": ("title", "留言主题", "主题", "标题", "subject", "summary"),
    "text": ("text", "留言详情", "诉求内容", "详情", "内容", "正文", "description", "body", "details"),
    "time": (
        "created_utc", "留言时间", "诉求时间", "受理时间", "时间", "created_at", "created", "created_date",
        "requested_datetime", "at", "time", "date", "datetime",
    ),
    "lat": ("lat", "latitude", "纬度"),
    "lon": ("lon", "lng", "long", "longitude", "经度"),
    "likes": ("likes", "点赞数", "点赞", "votes", "upvotes", "me_too"),
    "appellant": ("appellant", "留言用户", "诉求人", "用户", "user", "author", "reporter"),
    "category": ("category", "事项", "类别", "分类", "label", "service_name", "type"),
    "address": ("address", "nearest_address", "street", "地址", "地点"),
}  # fmt: skip
_MOMENT: Final = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?(?:[\sT]+(\d{1,2})[:：](\d{1,2})(?:[:：](\d{1,2}))?)?"
)
_HOUSE: Final = re.compile(r"\d+\s*[a-zA-Z]?(?:\s*[-–/&]\s*\d+\s*[a-zA-Z]?)*")
_WIDE: Final = re.compile(r"(?:greater )?london|.*\d.*", re.IGNORECASE)
_NORTHMOST, _EASTMOST = 90.0, 180.0


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the columns; an empty one is guessed, and left out where nothing looks like it."""

    id: str = ""
    title: str = ""
    text: str = ""
    time: str = ""
    lat: str = ""
    lon: str = ""
    likes: str = ""
    appellant: str = ""
    category: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """The tellings of a table, and how many rows had to be left out, and why."""

    tellings: tuple[Telling, ...]
    wordless: int
    timeless: int
    repeated: int


def read_tellings(place: Path, columns: Columns) -> Read:
    """Return the tellings of a table (CSV, gzipped or not, or a workbook).

    Rows without a word or without a moment that can be read are left out and counted, and so are rows that
    repeat an id. Raises HotSpotRefusal where a column is missing or no row is left, and TableRefusal where
    the file is no table.
    """
    kept: dict[str, Telling] = {}
    wordless = timeless = repeated = rows = 0
    with read_table(place, name=place.name) as table:
        named = _named(table, columns)
        for row in table:
            rows += 1
            told = _telling(row, named)
            if told is None:
                timeless += 1
            elif not told.title and not told.text:
                wordless += 1
            elif told.id in kept:
                repeated += 1
            else:
                kept[told.id] = told
    if not kept:
        raise HotSpotRefusal(reasons.NOTHING_READ, name=place.name, rows=rows)
    return Read(tuple(kept.values()), wordless, timeless, repeated)


def read_moment(written: str) -> datetime | None:
    """Return a moment written in ISO 8601, with strokes, points or 年月日, with or without a time; else None.

    What has no zone stays naive.
    """
    short = written.strip()
    try:
        return datetime.fromisoformat(short)
    except ValueError:
        found = _MOMENT.match(short)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC).replace(tzinfo=None)
    except ValueError:
        return None


def street_of(address: str) -> str:
    """Return the street and quarter of an address, without the house's number: what neighbours share."""
    parts = [part.strip() for part in address.split(",")]
    street = next((at for at, part in enumerate(parts) if part and not _HOUSE.fullmatch(part)), None)
    if street is None:
        return ""
    quarter = next((part for part in parts[street + 1 :] if part and not _WIDE.fullmatch(part)), "")
    return f"{parts[street]}, {quarter}" if quarter else parts[street]


def _named(table: Table, columns: Columns) -> dict[str, str]:
    """Return the column that holds each thing, of those that are asked for or can be guessed."""
    there = {header_key(name): name for name in reversed(table.header)}
    named: dict[str, str] = {}
    for field in fields(Columns):
        asked = getattr(columns, field.name)
        found = there.get(header_key(asked)) if asked else None
        if asked and found is None:
            raise HotSpotRefusal(
                reasons.COLUMN_UNKNOWN, name=table.name, column=asked, there=", ".join(table.header)
            )
        usual = (there[key] for key in map(header_key, _USUAL[field.name]) if key in there)
        named[field.name] = found or next(usual, "")
    for what, needed in (("time", (named["time"],)), ("text", (named["text"], named["title"]))):
        if not any(needed):
            there_are = ", ".join(table.header)
            raise HotSpotRefusal(reasons.COLUMN_MISSING, name=table.name, what=what, there=there_are)
    return named


def _telling(row: Row, named: Mapping[str, str]) -> Telling | None:
    """Return a row as a telling, None where it has no moment."""

    def value(what: str) -> str:
        return row.values.get(named[what], "").strip() if named[what] else ""

    at = read_moment(value("time"))
    if at is None:
        return None
    lat, lon = _degrees(value("lat"), _NORTHMOST), _degrees(value("lon"), _EASTMOST)
    if lat is None or lon is None or lat == lon == 0:
        lat = lon = None
    street = street_of(value("address"))
    return Telling(
        id=value("id") or str(row.line),
        title=value("title"),
        text=value("text"),
        at=at,
        lat=lat,
        lon=lon,
        likes=_count(value("likes")),
        appellant=value("appellant"),
        category=value("category"),
        place_codes=(street,) if street else (),
    )


def _degrees(written: str, most: float) -> float | None:
    try:
        degrees = float(written)
    except ValueError:
        return None
    return degrees if isfinite(degrees) and abs(degrees) <= most else None


def _count(written: str) -> int:
    try:
        count = float(written)
    except ValueError:
        return 0
    return int(count) if isfinite(count) and count > 0 else 0
