"""Codes of regions and unit grids: what is wrong with one, and the next free one.

A unit grid cell is named by 15 digits: 6 region + 3 street + 3 community + 3 sequence (GB/T 30428.1;
the region after GB/T 2260, the street after GB/T 10114). Inside one community cells are numbered from
west to east and from north to south. Only the structure is checked here: which codes are in use is data.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from huying.kit.errors import Refusal
from huying.places.core import reasons
from huying.places.core.coordinates import METRES_PER_DEGREE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from huying.places.core.coordinates import Point

# The two-digit numbers of provinces, regions and municipalities (GB/T 2260).
PROVINCES = frozenset(
    str(number)
    for numbers in (range(11, 16), range(21, 24), range(31, 38), range(41, 47), range(50, 55), range(61, 66))
    for number in numbers
) | {"71", "81", "82"}
# The regions that have neither cities nor counties below them: Taiwan, Hong Kong, Macau.
_PROVINCES_WITHOUT_COUNTIES = frozenset({"71", "81", "82"})
_MOST_CELLS = 999
# Two cells stand in one row when their middles differ in latitude by less than this share of a cell's side.
_ROW_SHARE = 0.75


class CodeKind(Enum):
    """The kinds of codes, by their number of digits."""

    REGION = 6
    STREET = 9
    COMMUNITY = 12
    GRID = 15


class RegionLevel(Enum):
    """What a six-digit region code names."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


@dataclass(frozen=True, slots=True, order=True)
class GridCode:
    """A 15-digit code of a unit grid cell; `str()` gives the digits."""

    region: str
    street: str
    community: str
    sequence: str

    def __str__(self) -> str:
        return self.region + self.street + self.community + self.sequence

    @property
    def street_code(self) -> str:
        """The nine digits of the street the cell lies in."""
        return self.region + self.street

    @property
    def community_code(self) -> str:
        """The twelve digits of the community the cell lies in."""
        return self.region + self.street + self.community

    @classmethod
    def parse(cls, text: str) -> GridCode:
        """Read 15 digits; raises `Refusal` with the reason when they are not a cell's code."""
        code = check(text, CodeKind.GRID)
        return cls(region=code[:6], street=code[6:9], community=code[9:12], sequence=code[12:])


def tidy(text: str) -> str:
    """Return a code as typed or exported without blanks and in ASCII digits (full-width ones are folded)."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def check(text: str, kind: CodeKind) -> str:
    """Return the tidied code of `kind`; raises `Refusal` telling the first thing that is wrong with it."""
    code = tidy(text)
    if not (code.isascii() and code.isdigit()):
        raise Refusal(reasons.CODE_NOT_DIGITS)
    if len(code) != kind.value:
        raise Refusal(reasons.CODE_LENGTH, digits=kind.value, found=len(code))
    _check_region(code[:6], must_hold_streets=kind is not CodeKind.REGION)
    empty_parts = (
        (CodeKind.STREET, code[6:9], reasons.CODE_NO_STREET),
        (CodeKind.COMMUNITY, code[9:12], reasons.CODE_NO_COMMUNITY),
        (CodeKind.GRID, code[12:15], reasons.CODE_NO_SEQUENCE),
    )
    for since, part, reason in empty_parts:
        if kind.value >= since.value and part == "000":
            raise Refusal(reason)
    return code


def problem(text: str, kind: CodeKind) -> str | None:
    """Return the reason key of what is wrong with a code, or `None` when it is well formed."""
    try:
        check(text, kind)
    except Refusal as refusal:
        return refusal.reason.key
    return None


def region_level(text: str) -> RegionLevel:
    """Return whether a six-digit code names a province, a city or a county (GB/T 2260 zeroes)."""
    code = check(text, CodeKind.REGION)
    if code[2:] == "0000":
        return RegionLevel.PROVINCE
    return RegionLevel.CITY if code[4:] == "00" else RegionLevel.COUNTY


def outer_codes(text: str) -> list[str]:
    """Return the codes that a code of 6, 9, 12 or 15 digits lies in, the widest first, itself left out.

    `440310001002003` gives 440000, 440300, 440310, 440310001, 440310001002.
    """
    kind = _kind_of(tidy(text))
    code = check(text, kind)
    widest = [code[:2] + "0000", code[:4] + "00", code[:6], code[:9], code[:12]]
    return [outer for outer in dict.fromkeys(widest) if outer != code]


def check_within(text: str, outer: str) -> str:
    """Return the tidied code when it lies within `outer` (a shorter or region code), else raise `Refusal`."""
    code, around = tidy(text), tidy(outer)
    if around not in outer_codes(code):
        raise Refusal(reasons.CODE_NOT_WITHIN, code=code, outer=around)
    return code


def next_code(community: str, taken: Iterable[str] = ()) -> GridCode:
    """Return the next cell code of a 12-digit community.

    `taken` are all codes ever used, those of merged and closed cells too: an old case keeps its code, so
    no code is given twice. The next one follows the highest; only when 999 is used, the lowest gap is filled.
    Raises `Refusal` (`community_full`) when there is none left. Codes of other communities are passed over.
    """
    base = check(community, CodeKind.COMMUNITY)
    return _free_code(base, _used_sequences(base, taken))


def number_cells(
    community: str, cells: Mapping[str, Point], taken: Iterable[str] = ()
) -> dict[str, GridCode]:
    """Return new codes for the cells of a 12-digit community, numbered from west to east, north to south.

    `cells` maps the caller's key to the cell's middle (WGS-84). The cells are read like lines of text: rows
    from north to south, each from west to east; equal middles are ordered by key. `taken` as in `next_code`.
    """
    base = check(community, CodeKind.COMMUNITY)
    used = _used_sequences(base, taken)
    numbered: dict[str, GridCode] = {}
    for row in _rows(cells):
        for key in sorted(row, key=lambda key: (cells[key].lon, key)):
            numbered[key] = _free_code(base, used)
            used.add(int(numbered[key].sequence))
    return numbered


def _kind_of(code: str) -> CodeKind:
    """Return the kind a code has by its length; raises `Refusal` when no kind has that length."""
    try:
        return CodeKind(len(code))
    except ValueError:
        lengths = "/".join(str(kind.value) for kind in CodeKind)
        raise Refusal(reasons.CODE_LENGTH, digits=lengths, found=len(code)) from None


def _check_region(code: str, *, must_hold_streets: bool) -> None:
    province, city, county = code[:2], code[2:4], code[4:]
    if province not in PROVINCES:
        raise Refusal(reasons.CODE_UNKNOWN_PROVINCE, part=province)
    if city == "00" and county != "00":
        raise Refusal(reasons.CODE_GAP)
    # Four cities (441900 among them) have streets right below the city, so a city's code is accepted.
    if must_hold_streets and city == "00" and province not in _PROVINCES_WITHOUT_COUNTIES:
        raise Refusal(reasons.CODE_NOT_A_COUNTY)


def _used_sequences(base: str, taken: Iterable[str]) -> set[int]:
    return {int(code[12:]) for code in map(tidy, taken) if code.startswith(base) and _is_grid(code)}


def _is_grid(code: str) -> bool:
    return problem(code, CodeKind.GRID) is None


def _free_code(base: str, used: set[int]) -> GridCode:
    sequence = max(used, default=0) + 1
    if sequence > _MOST_CELLS:
        sequence = next((number for number in range(1, _MOST_CELLS + 1) if number not in used), 0)
    if sequence == 0:
        raise Refusal(reasons.COMMUNITY_FULL, community=base, most=_MOST_CELLS)
    return GridCode(region=base[:6], street=base[6:9], community=base[9:], sequence=f"{sequence:03d}")


def _rows(cells: Mapping[str, Point]) -> Sequence[Sequence[str]]:
    """Return the cells' keys in rows from north to south."""
    if not cells:
        return []
    height = _ROW_SHARE * _side_degrees(list(cells.values()))
    rows: list[list[str]] = []
    for key in sorted(cells, key=lambda key: (-cells[key].lat, cells[key].lon, key)):
        # A row is as deep as one cell below its northernmost member; slight staggering stays in one row.
        if rows and cells[rows[-1][0]].lat - cells[key].lat <= height:
            rows[-1].append(key)
        else:
            rows.append([key])
    return rows


def _side_degrees(points: Sequence[Point]) -> float:
    """Return the side, in degrees of latitude, of the square each of `points` has to itself."""
    lats, lons = [point.lat for point in points], [point.lon for point in points]
    shrink = math.cos(math.radians(sum(lats) / len(lats)))
    height = (max(lats) - min(lats)) * METRES_PER_DEGREE
    width = (max(lons) - min(lons)) * METRES_PER_DEGREE * shrink
    # n middles on a lattice span (rows - 1) by (columns - 1) sides; solve for the side:
    # (height + side)(width + side) = n · side².
    count = len(points)
    if count == 1 or height + width == 0:
        return 0.0
    total = height + width
    side = (total + math.sqrt(total * total + 4 * (count - 1) * height * width)) / (2 * (count - 1))
    return side / METRES_PER_DEGREE
