"""Reads out of a text what a clerk wants at once: the days it asks for, and how many people it concerns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from .fold import fold

_DIGITS: Final = dict(zip("零一二两三四五六七八九", (0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_NUMBER: Final = r"(\d{1,5}|[一二两三四五六七八九十百千]{1,5})"
_RELATIVE: Final = {"今天": 0, "今晚": 0, "今日": 0, "明天": 1, "明日": 1, "明早": 1, "后天": 2, "听日": 1}
_DAY: Final = re.compile(
    rf"(?P<near>{'|'.join(_RELATIVE)})"
    r"|(?P<week>下下|下|本|这)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])"
    r"|(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]"
)
_WITHIN: Final = re.compile(rf"{_NUMBER}(?:个)?(?P<unit>天|日|周|星期|小时)(?:之)?内")
_URGE: Final = re.compile(r"^.{0,6}(?:前|之前|以前|截止|到期|高考|中考|考试|开学|要用|最后)|^.{0,4}(?:为止)")
_ASKED: Final = re.compile(r"(?:请|务必|必须|需要|要求|赶在|截止|限|最迟|最晚|希望).{0,8}$")
_WEEKDAYS: Final = {name: day for day, name in enumerate("一二三四五六日")} | {"天": 6}
_MASS: Final = re.compile(
    rf"{_NUMBER}(?:多|余|几)?(?:名|个|位)?(?P<unit>户|人|家|业主|居民|村民|工人|农民工|员工|家长|学生|商户|租户)"
)
_GATHERS: Final = re.compile(
    r"集体|联名|上访|聚集|拉横幅|维权|讨薪|停工|罢工|罢课|堵路|堵门|群体|整栋|整个小区|全村|全体|我们这些|集中投诉"
)
LEAST_MASS: Final = 10
_DAYS_A_WEEK: Final = 7
_HOURS: Final = {"天": 24, "日": 24, "周": 168, "星期": 168, "小时": 1}


@dataclass(frozen=True, slots=True)
class Named:
    """A day by which something is asked for: the words at [start, end) of the text, and the date meant."""

    words: str
    on: date
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mass:
    """A matter of many: the greatest count named (0 when none is), and the words that tell of gathering."""

    count: int
    unit: str
    words: tuple[str, ...]


def number_of(words: str) -> int:
    """Return the number that digits or Chinese numerals up to thousands name."""
    if words.isdecimal():
        return int(words)
    total, now = 0, 0
    for sign in words:
        if sign in _DIGITS:
            now = _DIGITS[sign]
        else:
            total += (now or 1) * {"十": 10, "百": 100, "千": 1000}[sign]
            now = 0
    return total + now


def deadlines(text: str, *, on: date) -> list[Named]:
    """Return the days a text asks for, in order; days are told from `on`, when the appeal came.

    A day counts when "before", "at the latest" or the like stands at it: a mere "last Monday" is no deadline.
    """
    folded = fold(text)
    found: list[Named] = []
    for match in _DAY.finditer(folded):
        before, after = folded[max(0, match.start() - 12) : match.start()], folded[match.end() :][:12]
        if not (_URGE.match(after) or _ASKED.search(before)):
            continue
        day = _day_of(match, on)
        if day is not None and day >= on:
            found.append(Named(text[match.start() : match.end()], day, match.start(), match.end()))
    for match in _WITHIN.finditer(folded):
        day = on + timedelta(days=-(-number_of(match[1]) * _HOURS[match["unit"]] // 24))
        found.append(Named(text[match.start() : match.end()], day, match.start(), match.end()))
    return sorted(found, key=lambda one: one.start)


def _day_of(match: re.Match[str], on: date) -> date | None:
    if match["near"]:
        return on + timedelta(days=_RELATIVE[match["near"]])
    if match["weekday"]:
        monday = on - timedelta(days=on.weekday())
        weeks = {"下": 1, "下下": 2}.get(match["week"] or "", 0)
        day = monday + timedelta(days=_WEEKDAYS[match["weekday"]] + _DAYS_A_WEEK * weeks)
        return day + timedelta(days=_DAYS_A_WEEK) if day < on and not match["week"] else day
    try:
        day = date(on.year, int(match["month"]), int(match["day"]))
        return day if day >= on - timedelta(days=180) else day.replace(year=on.year + 1)
    except ValueError:
        return None  # the 31st of June, or a leap day of no leap year


def mass(text: str) -> Mass | None:
    """Return what makes a text a matter of many, or None: ten of a kind, or words of gathering."""
    folded = fold(text)
    counts = [(number_of(found[1]), found["unit"]) for found in _MASS.finditer(folded)]
    count, unit = max(counts, default=(0, ""))
    words = tuple(dict.fromkeys(found[0] for found in _GATHERS.finditer(folded)))
    return Mass(count, unit, words) if count >= LEAST_MASS or words else None
