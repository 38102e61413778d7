"""Reads building, unit, floor, room and door numbers from folded text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from huying.places.core.chinese import fold_name
from huying.places.core.entries import Parts

# Between a name and its parts may stand a comma, a hyphen or 的.
_GAP = r"[,\-的]{0,2}"
_PARTS = re.compile(
    rf"""{_GAP}
    (?:(?P<phase>[0-9]+期|[a-z0-9]+区){_GAP})?
    (?:(?P<lane>[0-9]+[巷弄]){_GAP})?
    (?:(?P<door>[0-9]+(?:-[0-9]+)?号)(?!线|码|公告){_GAP})?
    (?:(?P<building>[a-z]{{0,2}}[0-9]{{0,4}}(?<=[a-z0-9])栋){_GAP})?
    (?:(?P<unit>[a-z0-9]{{1,3}}(?:单元|梯|门)){_GAP})?
    (?:(?P<floor>[0-9]{{1,3}}层){_GAP})?
    (?:(?P<room>(?:[a-z]?[0-9]{{1,4}}[a-z]?室)|(?:(?<=[栋元梯层\-,])[a-z]?[0-9]{{3,4}}(?![0-9年月日号个元块万平米栋度斤人户次点])))(?:室)?)?
    """,
    re.VERBOSE,
)
# 3-2-501 and 3-501, as people in estates write building, unit and room.
_HYPHENS = re.compile(
    rf"{_GAP}(?P<building>[a-z]?[0-9]{{1,3}})-(?:(?P<unit>[0-9]{{1,2}})-)?(?P<room>[0-9]{{3,4}})(?![0-9\-号])"
)
# A building somewhere in a sentence; 这3栋 and 有3栋 count buildings, they do not name one.
_BUILDING = re.compile(r"(?<![有这那整每另同几某第至到和、\-])(?<![0-9a-z])(?=[a-z]{0,2}[0-9]{1,3}栋)")
_ANOTHER = re.compile(r"(?:[,\-和与及到至]|以及){1,2}[a-z]{0,2}[0-9]{1,3}栋")
_RANGE = re.compile(
    r"(?P<letter>[a-z]{0,2})(?P<first>[0-9]{1,3})-[a-z]{0,2}(?P<last>[0-9]{1,3})(?P<sign>栋|号)"
)
_LONGEST_RANGE = 60


@dataclass(frozen=True, slots=True)
class FoundParts:
    """Parts and where they stand in the folded text."""

    parts: Parts
    start: int
    end: int


def parts_at(text: str, position: int, *, hyphens: bool = True) -> FoundParts | None:
    """Return the parts that begin at `position` of folded text, or `None`.

    `hyphens`: whether 3-501 may mean building and room, as it does after an estate but not after a road.
    """
    if hyphens and (dashed := _HYPHENS.match(text, position)):
        unit = f"{int(dashed['unit'])}单元" if dashed["unit"] else ""
        building = dashed["building"].lstrip("0") or "0"
        parts = Parts(building=f"{building}栋", unit=unit, room=f"{dashed['room']}室")
        return FoundParts(parts, dashed.start("building"), dashed.end())
    found = _PARTS.match(text, position)
    said = {name: value for name, value in found.groupdict().items() if value} if found else {}
    if found is None or not said:
        return None
    first = min(found.start(name) for name in said)
    last = max(found.end(name) for name in said)
    room = said.get("room", "")
    if room and not room.endswith("室"):
        said["room"] = room + "室"
    return FoundParts(Parts(**said), first, last)


def buildings_between(text: str, start: int, end: int) -> list[FoundParts]:
    """Return the parts that begin with a building number anywhere in `[start, end)` of folded text."""
    found = (parts_at(text, place.start(), hyphens=False) for place in _BUILDING.finditer(text, start, end))
    return [parts for parts in found if parts is not None and parts.parts.building]


def goes_on_with_buildings(text: str, position: int) -> bool:
    """Tell whether at `position` of folded text another building follows, as in 1栋、2栋 and 1栋到5栋."""
    return _ANOTHER.match(text, position) is not None


def whole_parts(text: str) -> Parts | None:
    """Return the parts when folded `text` is nothing else (3栋, 3巷5号), or `None`."""
    found = parts_at(text, 0, hyphens=False)
    return found.parts if found is not None and found.start == 0 and found.end == len(text) else None


def range_keys(text: str) -> list[str]:
    """Return the building keys of a range (1-3栋 or 1-3栋格 gives 1栋, 2栋, 3栋), or an empty list."""
    found = _RANGE.fullmatch(text.removesuffix("格"))
    if found is None:
        return []
    first, last = int(found["first"]), int(found["last"])
    if not first <= last < first + _LONGEST_RANGE:
        return []
    return [f"{found['letter']}{number}{found['sign']}" for number in range(first, last + 1)]


def building_key(text: str) -> str | None:
    """Return the folded key of a building number (三栋, ３幢 and 3号楼 give 3栋), or `None`."""
    parts = whole_parts(fold_name(text))
    return parts.building_key or None if parts else None
