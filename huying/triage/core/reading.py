"""Reads out of a text what a clerk wants at once: the days it asks for, and how many people it concerns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any, Final

from .fold import fold

_DIGITS: Final = dict(zip("零一二两三四五六七八九", (0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_NUMBER: Final = r"(\d{1,5}|[一二两三四五六七八九十百千]{1,5})"
_RELATIVE: Final = {"今天": 0, "今晚": 0, "今日": 0, "明天": 1, "明日": 1, "明早": 1, "后天": 2, "听日": 1}
_DAY: Final = re.compile(
    rf"(?P<near>{'|'.join(_RELATIVE)})"
    r"|(?P<week>下下|下|本|这)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])"
    r"|(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]"
)
_HOUR: Final = re.compile(
    r"(?P<half>上午|下午|早上|晚上|中午|傍晚|早|晚)?(?:(?P<hour>\d{1,2})|(?P<spelt>[一二两三四五六七八九十]{1,3}))"
    r"(?:点半?|[:：])(?P<minute>[0-5]\d)?"
)
_AFTERNOON: Final = ("下午", "晚上", "傍晚", "晚")
_WITHIN: Final = re.compile(rf"{_NUMBER}(?:个)?(?P<unit>天|日|周|星期|小时)(?:之)?内")
_BEFORE: Final = re.compile(r"^.{0,3}?(?:之前|以前|前(?![往后来去])|为止)")
_EVENT: Final = re.compile(
    r"^(?:上午|下午|早上|晚上)?.{0,2}?(?:(?:之前|以前|前)?(?:必须|要(?!求)|得)(?:交|用|办|搬|走|考|开|提|用上|入学)"
    r"|截止(?!日期已)|到期|高考|中考|开学(?!在即)|要用|是最后)"
)
_ASKED: Final = re.compile(
    r"(?<![申邀聘宴])请(?!求?了|示|假|人|来)|务必|必须|(?:^|[,，]|我们?|强烈|特此?)要求|赶在|最迟|最晚|希望|恳求|麻烦|务求|限(?:期|在|你)"
)
_SOON: Final = re.compile(r"(?:(?<![申邀聘宴])请|务必|必须|最迟|最晚|赶在|希望|麻烦).{0,5}$")
# What somebody else promised, what a law or contract says, or what is over, is no wish of the resident's.
_TOLD: Final = re.compile(
    r"承诺|保证|约定|合同|协议|规定|条例|按照|依据|答应|答复|告知|回复|通知|表示|声称|称|说|应当|应在|应于|应该|原[定于]|计划"
    r"|之日起|已经?(?!$)|曾|未|没有|确保|可以|当时|至今|迄今|由于|因为|违反|注明|显示|后续|要求(?:家长|业主|我|员工|学生)"
)
_PLEASE: Final = re.compile(r"(?<![申邀聘宴])请(?!求?了|示|假|人|来)|务必|希望|恳求|麻烦|赶在")
_COMMA: Final = re.compile(r"[,，、]")
_CLAUSE: Final = re.compile(r"[。！？；!?;\n]")
_WISHED: Final = re.compile(r"给(?:我|个)|必须|要给|修好|解决|处理好|回复我|答复我")
_LONGEST_AHEAD_DAYS: Final = 180
_CLAUSE_CHARS: Final = 40
_NOON: Final = 12
_READ_CHARS: Final = 3000
_MOST_DAYS: Final = 3
_WEEKDAYS: Final = {name: day for day, name in enumerate("一二三四五六日")} | {"天": 6}
_PEOPLE: Final = "业主|居民|村民|工人|农民工|员工|职工|家长|学生|商户|租户|住户|老人|乘客|购房者|受害者"
_MASS: Final = re.compile(
    rf"(?<![\d.\-号栋单元]){_NUMBER}(?:"
    rf"(?:多|余|几)?(?:户(?!型|籍|口|外|数|及以上|以上)|名(?:{_PEOPLE}))|(?:多|余|几)(?:名|个|位|家)?(?:{_PEOPLE}|人(?!民|次|均|行))"
    rf"|(?:多|余|几)?(?:个|位)(?:{_PEOPLE})|(?:多|余|几)?家(?:{_PEOPLE})"
    rf")"
)
_UNIT: Final = re.compile(rf"户|{_PEOPLE}|人")
_GATHERS: Final = re.compile(
    r"集体(?:投诉|上访|维权|诉求|请愿|反映|抵制|罢工|罢课|停工|讨薪|举报|信访|退房|联名)|联名|联合(?:投诉|反映|签名)|"
    r"(?:组织|准备|打算|只能|只好|一起)(?:去)?上访|聚集(?:在|于|到)?.{0,8}(?:门口|政府|售楼|抗议|讨)|拉(?:起)?横幅|停工讨薪|讨薪|罢工|罢课|堵(?:路|门)(?!口)|"
    rf"群体性?事件|整栋楼?(?=的?(?:业主|居民|住户|人|都))|整个小区(?=的?(?:业主|居民|住户|人|都))|全村(?=的?(?:人|村民|都|老))|"
    rf"全体(?:{_PEOPLE}|组民|业户|师生|出借人|群众)|我们这些(?:{_PEOPLE})"
)
LEAST_MASS: Final = 10
_DAYS_A_WEEK: Final = 7
_HOURS: Final = {"天": 24, "日": 24, "周": 168, "星期": 168, "小时": 1}


@dataclass(frozen=True, slots=True)
class Named:
    """A day by which something is asked for: its words at [start, end), the date, the hour."""

    words: str
    on: date
    start: int
    end: int
    by: time | None = None


@dataclass(frozen=True, slots=True)
class Mass:
    """A matter of many: the greatest count named (0 when none is), and the words that tell of gathering."""

    count: int
    unit: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asks:
    """What a text asks for by when, and whom it concerns."""

    days: tuple[Named, ...] = ()
    mass: Mass | None = None

    def to_json(self) -> dict[str, Any]:
        """Return what was read as it is kept: empty when there is nothing."""
        told: dict[str, Any] = {}
        if self.days:
            told["days"] = [
                {"on": day.on.isoformat(), "by": f"{day.by:%H:%M}" if day.by else "", "words": day.words}
                for day in self.days
            ]
        if self.mass:
            told |= {"count": self.mass.count, "unit": self.mass.unit, "words": list(self.mass.words)}
        return told


def read(text: str, *, on: date) -> Asks:
    """Return what a text that came on a day asks for, of its first part where it is very long."""
    part = text[:_READ_CHARS]
    return Asks(tuple(deadlines(part, on=on)[:_MOST_DAYS]), mass(part))


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

    A day counts when it is asked for ("please, before Monday") or something falls due on it; what others
    promised, what a rule prescribes and what is only told ("last Monday") is no deadline.
    """
    folded = fold(text)
    found: list[Named] = []
    for match in _DAY.finditer(folded):
        if not _is_asked(folded, match.start(), match.end()):
            continue
        day = _day_of(match, on)
        if day is not None and on <= day <= on + timedelta(days=_LONGEST_AHEAD_DAYS):
            end, by = _hour_after(folded, match.end())
            found.append(Named(text[match.start() : end], day, match.start(), end, by))
    for match in _WITHIN.finditer(folded):
        before = _clause_before(folded, match.start())
        days = -(-number_of(match[1]) * _HOURS[match["unit"]] // 24)
        wanted = _ASKED.search(before) or (not before and _WISHED.match(folded, match.end()))
        if wanted and _is_wish(before) and days <= _LONGEST_AHEAD_DAYS:
            day = on + timedelta(days=days)
            found.append(Named(text[match.start() : match.end()], day, match.start(), match.end()))
    return sorted(found, key=lambda one: one.start)


def _clause_before(folded: str, start: int) -> str:
    """Return what the sentence says before a place, at most a line of it."""
    return _CLAUSE.split(folded[max(0, start - _CLAUSE_CHARS) : start])[-1]


def _is_asked(folded: str, start: int, end: int) -> bool:
    before, after = _clause_before(folded, start), folded[end : end + 16]
    if not _is_wish(before):
        return False
    if _EVENT.match(after) or _SOON.search(before):
        return True
    hour = _HOUR.match(after)
    return bool(_ASKED.search(before) and _BEFORE.match(after[hour.end() if hour else 0 :]))


def _is_wish(before: str) -> bool:
    """Return whether nothing tells that a day is somebody else's; a "please" begins anew after a comma."""
    last = _COMMA.split(before)[-1]
    return not _TOLD.search(last if _PLEASE.search(last) else before)


def _hour_after(folded: str, end: int) -> tuple[int, time | None]:
    """Return where the words of a day end with their hour, and the hour; None where none is named."""
    match = _HOUR.match(folded, end)
    if match is None:
        return end, None
    hour = number_of(match["hour"] or match["spelt"])
    if match["half"] in _AFTERNOON and hour < _NOON:
        hour += _NOON
    minute = int(match["minute"] or (30 if match[0].endswith("半") else 0))
    return (match.end(), time(hour, minute)) if hour < 2 * _NOON else (end, None)


def _day_of(match: re.Match[str], on: date) -> date | None:
    if match["near"]:
        return on + timedelta(days=_RELATIVE[match["near"]])
    if match["weekday"]:
        monday = on - timedelta(days=on.weekday())
        weeks = {"下": 1, "下下": 2}.get(match["week"] or "", 0)
        day = monday + timedelta(days=_WEEKDAYS[match["weekday"]] + _DAYS_A_WEEK * weeks)
        return day + timedelta(days=_DAYS_A_WEEK) if day < on and not match["week"] else day
    try:
        month, day_of_month = int(match["month"]), int(match["day"])
        if match["year"]:
            return date(int(match["year"]), month, day_of_month)
        day = date(on.year, month, day_of_month)
        return day if day >= on - timedelta(days=180) else day.replace(year=on.year + 1)
    except ValueError:
        return None  # the 31st of June, or a leap day of no leap year


def mass(text: str) -> Mass | None:
    """Return what makes a text a matter of many, or None: ten of a kind, or words of gathering."""
    folded = fold(text)
    counts = [(number_of(found[1]), _UNIT.search(found[0], 1)) for found in _MASS.finditer(folded)]
    told = [(count, unit[0]) for count, unit in counts if unit]
    count, unit = max(told, default=(0, ""))
    words = tuple(dict.fromkeys(found[0] for found in _GATHERS.finditer(folded)))
    return Mass(count, unit, words) if count >= LEAST_MASS or words else None
