"""A town's own list of places as it comes, CSV, Excel or GeoJSON: its columns and its lines."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from huying.kit.errors import Refusal
from huying.kit.tabular import header_key, read_table
from huying.places import reasons
from huying.places.core import reasons as core_reasons
from huying.places.core.boundaries import check_crs, features_of, load_document

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_LINES = 200_000

# field → names its column goes by, the likeliest first.
KNOWN_COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("编码", "地点编码", "智慧码", "区划代码", "网格编码", "统一编码", "编号", "code", "id", "gid"),
    "name": ("名称", "地点名称", "标准名称", "小区名称", "楼栋名称", "地名", "name", "title"),
    "kind": ("类型", "类别", "种类", "层级", "级别", "地名类别", "kind", "type", "level", "category"),
    "aliases": ("别名", "俗称", "简称", "又名", "其他名称", "aliases", "alias", "alt_name"),
    "old_names": ("曾用名", "旧名", "原名", "历史名称", "老地名", "old_names", "old_name", "former"),
    "area": (
        "所属区域", "所属区域编码", "区域编码", "所属网格", "网格", "所属社区", "社区", "上级编码", "上级",
        "area", "area_code", "parent", "within",
    ),
    "lat": ("纬度", "lat", "latitude", "y"),
    "lon": ("经度", "lon", "lng", "longitude", "x"),
    "address": ("地址", "详细地址", "标准地址", "门牌地址", "address", "addr"),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line or feature: its number (from 1), its values by column, its shape, what is wrong with it."""

    number: int
    values: Mapping[str, str]
    geometry: Mapping[str, Any] | None = None
    wrong: tuple[Refusal, ...] = ()


@dataclass
class TownList:
    """A file as it was read: its name, its columns in their order, and its lines."""

    name: str
    header: tuple[str, ...]
    lines: list[Line] = field(default_factory=list)
    has_shapes: bool = False


def read_list(data: bytes, *, name: str) -> TownList:
    """Return the lines of a table or of a GeoJSON collection; a line that is broken carries what is wrong.

    Raises Refusal when the whole file cannot be read, holds more than 200,000 lines, or is in a coordinate
    system other than degrees.
    """
    if name.lower().endswith((".json", ".geojson")) or data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{":
        found = _read_features(data, name)
    else:
        found = _read_table(data, name)
    if not found.lines:
        raise Refusal(reasons.LIST_EMPTY, name=name)
    return found


def _read_table(data: bytes, name: str) -> TownList:
    with read_table(data, name=name) as table:
        found = TownList(name, table.header)
        for row in table:
            if len(found.lines) == MOST_LINES:
                raise Refusal(reasons.LIST_TOO_LONG, most=MOST_LINES)
            wrong = tuple(Refusal.telling(flaw.reason, flaw.details) for flaw in row.errors)
            found.lines.append(Line(row.line, row.values, wrong=wrong))
    return found


def _read_features(data: bytes, name: str) -> TownList:
    document = load_document(data)
    features = features_of(document)
    check_crs(document)
    if len(features) > MOST_LINES:
        raise Refusal(reasons.LIST_TOO_LONG, most=MOST_LINES)
    header: dict[str, None] = {}
    lines = []
    for number, feature in enumerate(features, start=1):
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            lines.append(Line(number, {}, wrong=(Refusal(core_reasons.NOT_A_FEATURE),)))
            continue
        given = feature.get("properties")
        values = {str(key): _text(value) for key, value in (given if isinstance(given, dict) else {}).items()}
        if "id" in feature:
            values.setdefault("id", _text(feature["id"]))
        header |= dict.fromkeys(values)
        geometry = feature.get("geometry")
        lines.append(Line(number, values, geometry if isinstance(geometry, dict) else None))
    return TownList(name, tuple(header), lines, has_shapes=True)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "；".join(map(_text, value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value).strip()


def guess_columns(header: Sequence[str], told: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return field → column: what is told by hand first, then what is known by name; each column once.

    A field told with no column ("") is left out. Refusal for a field or column there is not, and when nothing
    holds the name.
    """
    columns = {header_key(name): name for name in header}
    mapping: dict[str, str] = {}
    for name, column in (told or {}).items():
        if name not in KNOWN_COLUMNS:
            raise Refusal(reasons.FIELD_UNKNOWN, name=name, possible=", ".join(KNOWN_COLUMNS))
        if column and header_key(column) not in columns:
            raise Refusal(reasons.COLUMN_UNKNOWN, column=column)
        mapping[name] = columns[header_key(column)] if column else ""
    for name, known in KNOWN_COLUMNS.items():
        found = next((columns[header_key(one)] for one in known if header_key(one) in columns), "")
        if name not in mapping and found and found not in mapping.values():
            mapping[name] = found
    if not mapping.get("name"):
        raise Refusal(reasons.NAME_COLUMN_MISSING, field="name", columns=", ".join(header))
    return {name: column for name, column in mapping.items() if column}
