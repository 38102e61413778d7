"""Which column of a table is what: known by the names towns give their columns, or told by hand."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from huying.intake import reasons
from huying.intake.actions import Draft
from huying.kit.errors import Reason, Refusal
from huying.kit.tabular import header_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SHANGHAI = ZoneInfo("Asia/Shanghai")

# field → column names it is known by, the likeliest first.
KNOWN_COLUMNS: dict[str, tuple[str, ...]] = {
    "key": ("留言编号", "工单编号", "诉求编号", "事件编号", "编号", "key", "id", "no", "number", "工单号"),
    "title": ("留言主题", "标题", "主题", "诉求标题", "title", "subject"),
    "text": (
        "留言详情",
        "诉求内容",
        "内容",
        "反映内容",
        "问题描述",
        "详情",
        "text",
        "description",
        "detail",
        "content",
        "body",
    ),
    "place": (
        "地址",
        "发生地址",
        "事发地址",
        "位置",
        "地点",
        "nearest_address",
        "address",
        "location",
        "place",
    ),
    "occurred_at": (
        "留言时间",
        "诉求时间",
        "发生时间",
        "上报时间",
        "受理时间",
        "时间",
        "created_utc",
        "occurred_at",
        "time",
        "date",
    ),
    "lat": ("纬度", "lat", "latitude"),
    "lon": ("经度", "lon", "lng", "longitude"),
    "name": ("姓名", "联系人", "诉求人", "name"),
    "phone": ("联系电话", "电话", "手机", "手机号", "phone", "mobile"),
    "email": ("邮箱", "电子邮件", "email"),
}
TIME_SHAPES = (
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%Y.%m.%d %H:%M",
    "%Y.%m.%d",
    "%Y年%m月%d日 %H:%M",
    "%Y年%m月%d日",
)
UNKNOWN_FIELD = Reason("unknown_field", _("There is no field “{name}”; possible are {possible}."), 400)
UNKNOWN_COLUMN = Reason("unknown_column", _("The file has no column “{column}”."), 400)
NO_TEXT_COLUMN = Reason(
    "no_text_column",
    _("No column holds the text. Say which: --map text=COLUMN. The file has: {columns}."),
    400,
)


def find_mapping(header: Sequence[str], told: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return field → column for a table's header; what is told by hand goes before what is known by name.

    A field told with no column ("") is left out, and stands so in the mapping. Raises Refusal for a field or
    column that does not exist, and when nothing holds the text.
    """
    columns = {header_key(name): name for name in header}
    mapping: dict[str, str] = {}
    for field, column in (told or {}).items():
        if field not in KNOWN_COLUMNS:
            raise Refusal(UNKNOWN_FIELD, name=field, possible=", ".join(KNOWN_COLUMNS))
        if column and header_key(column) not in columns:
            raise Refusal(UNKNOWN_COLUMN, column=column)
        mapping[field] = columns[header_key(column)] if column else ""
    for field, names in KNOWN_COLUMNS.items():
        known = next((columns[header_key(name)] for name in names if header_key(name) in columns), None)
        if field not in mapping and known is not None and known not in mapping.values():
            mapping[field] = known
    if not mapping.get("text") and not mapping.get("title"):
        raise Refusal(NO_TEXT_COLUMN, columns=", ".join(header))
    return mapping


def draft_of(values: Mapping[str, str], mapping: Mapping[str, str], *, channel: str) -> Draft:
    """Return the draft a row is; raises Refusal for a time or point that cannot be read.

    Without a column that holds a key, the row's own content is its key: the same row is the same appeal.
    """
    raw = json.dumps(dict(values), ensure_ascii=False, sort_keys=True).encode()
    said = {field: values.get(column, "").strip() for field, column in mapping.items()}
    key = said.get("key", "") if mapping.get("key") else hashlib.sha256(raw).hexdigest()
    return Draft(
        channel=channel,
        key=key,
        text=said.get("text", ""),
        title=said.get("title", ""),
        raw=raw,
        place_words=said.get("place", ""),
        lat=_degrees(said.get("lat", "")),
        lon=_degrees(said.get("lon", "")),
        occurred_at=read_time(said["occurred_at"]) if said.get("occurred_at") else None,
        name=said.get("name", ""),
        phone=said.get("phone", ""),
        email=said.get("email", ""),
    )


def _degrees(text: str) -> float | None:
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        return float("nan")  # read_position says what is wrong with it


def read_time(text: str) -> datetime:
    """Return the moment a cell says; without a zone it is Shanghai's. Refusal `time_not_readable`."""
    tidy = text.strip().replace("T", " ").replace("Z", "+00:00")
    moment = None
    try:
        moment = datetime.fromisoformat(tidy)
    except ValueError:
        for shape in TIME_SHAPES:
            try:
                moment = datetime.strptime(tidy, shape).replace(tzinfo=SHANGHAI)
                break
            except ValueError:
                continue
    if moment is None:
        raise Refusal(reasons.TIME_NOT_READABLE, field="occurred_at")
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
