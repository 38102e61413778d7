"""Cells of a town's list that hold several things: names, old names with years, whole addresses."""

from __future__ import annotations

import re

from huying.kit.errors import Refusal
from huying.places import reasons
from huying.places.actions import Former

_BETWEEN = re.compile(r"[；;、,，|/\n]+")
_WITH_YEARS = re.compile(r"^(?P<name>[^（(\[【]+?)\s*[（(\[【](?P<years>[^）)\]】]*)[）)\]】]$")
_SPAN = re.compile(r"^(?P<since>\d{4})?年?\s*(?:[-–—~～至到]+)\s*(?P<until>\d{4})?年?$")
_UNTIL = re.compile(r"^(?:至|到|until\s*|-)?(?P<year>\d{4})年?(?:前|以前|止|为止)?$", re.IGNORECASE)
_SINCE = re.compile(r"^(?:自|从|since\s*)?(?P<year>\d{4})年?(?:起|开始|后|以后)$", re.IGNORECASE)
_EARLIEST, _LATEST = 1000, 2200
# Everything down to the last area before a street with its number: 广东省深圳市坪山区龙田街道, 竹坑社区.
_AREAS = re.compile(r"^(?:[\u3400-\u9fff]{1,8}?(?:省|自治区|市|区|县|街道办?|镇|乡|社区))+")
_DOOR = re.compile(r"(?:路|大道|道|街|巷|村|里|围|坊)[^ ]{0,8}?\d+(?:-\d+)?号")


def split_names(cell: str) -> tuple[str, ...]:
    """Return the names of a cell, each once, in their order."""
    return tuple(dict.fromkeys(name for part in _BETWEEN.split(cell) if (name := part.strip())))


def split_old_names(cell: str) -> tuple[Former, ...]:
    """Return the old names of a cell: 麻石砖厂（1962-2011）；老砖厂（至1998年）；旧圩.

    Raises Refusal `years_unreadable` for brackets that hold no years, and for years in the wrong order.
    """
    return tuple(_former(part) for part in split_names(cell))


def _former(part: str) -> Former:
    found = _WITH_YEARS.match(part)
    if found is None:
        return Former(part)
    name, years = found["name"].strip(), found["years"].strip()
    span, since, until = _SPAN.match(years), _SINCE.match(years), _UNTIL.match(years)
    if span and (span["since"] or span["until"]):
        former = Former(name, _year(span["since"]), _year(span["until"]))
    elif since:
        former = Former(name, int(since["year"]), None)
    elif until:
        former = Former(name, None, int(until["year"]))
    else:
        raise Refusal(reasons.YEARS_UNREADABLE, name=name[:30])
    told = [year for year in (former.used_from, former.used_until) if year is not None]
    if told != sorted(told) or any(not _EARLIEST <= year <= _LATEST for year in told):
        raise Refusal(reasons.YEARS_UNREADABLE, name=name[:30])
    return former


def _year(text: str | None) -> int | None:
    return int(text) if text else None


def address_tail(address: str) -> str:
    """Return the street with its number, as people write it (坪环路12号); empty when the address has none."""
    found = _DOOR.search(address)
    if found is None:
        return ""
    head = address[: found.end()]
    areas = _AREAS.match(head)
    tail = head[areas.end() :] if areas else head
    return tail if _DOOR.search(tail) else ""
