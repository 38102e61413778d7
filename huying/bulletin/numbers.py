"""The numbers of a bulletin: rolling counts of one area and time, told as they may be told.

They come from `insight.tally`, so that a town of a million cases is read in milliseconds. What is counted is
what happened in those days; a share says what it is of and what was left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from huying.bulletin.models import Span
from huying.insight.core.telling import FEWEST, Counted, Told, tell, tell_table
from huying.insight.tally import By, Tally, tallies, tally

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ZONE = ZoneInfo("Asia/Shanghai")
# What a bulletin shows, in this order: counts of what happened, then shares with what they are of.
COUNTS = ("came_in", "opened", "dispatched", "closed", "overdue_now")
SHARES = ("response", "handled", "solved", "satisfied", "returned", "reworked", "unconfirmed")
# Words of a bulletin are Chinese: it is an act of office (ADR 31). (name, what a share is of)
WORDS = {
    "came_in": ("收到诉求（件）", ""),
    "opened": ("登记工单（件）", ""),
    "dispatched": ("分拨工单（件）", ""),
    "closed": ("办结工单（件）", ""),
    "overdue_now": ("超期在办（件）", ""),
    "response": ("及时响应率", "应首次联系"),
    "handled": ("按时办理率", "应办理完毕"),
    "solved": ("群众认可解决率", "回答的诉求人"),
    "satisfied": ("群众满意率", "打分的诉求人"),
    "returned": ("退回率", "交办"),
    "reworked": ("重办率", "答复"),
    "unconfirmed": ("未获确认办结率", "办结"),
}
# Counts of what a bulletin lists case by case anyway: to hide these would hide nothing.
LISTED = ("overdue_now",)
# What is not part of a share: key → (counter, reason in words).
LEFT = {
    "solved": (("silent", "询问后未回答"),),
    "satisfied": (("silent", "询问后未回答"), ("no_stars", "回答但未打分")),
    "unconfirmed": (("closed_checked", "工作人员自行发现、无诉求人"),),
}


@dataclass(frozen=True)
class Days:
    """The days a bulletin tells of, both ends included."""

    first: date
    last: date

    @property
    def since(self) -> datetime:
        """Return the moment they begin."""
        return datetime.combine(self.first, time(), ZONE)

    @property
    def until(self) -> datetime:
        """Return the moment they are over."""
        return datetime.combine(self.last + timedelta(days=1), time(), ZONE)


def days_of(span: str, day: date) -> Days:
    """Return the day, the week (Monday to Sunday) or the month a day lies in."""
    if span == Span.DAY:
        return Days(day, day)
    if span == Span.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Days(monday, monday + timedelta(days=6))
    first = day.replace(day=1)
    return Days(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def days_before(span: str, days: Days) -> Days:
    """Return the days of the same length before these."""
    return days_of(span, days.first - timedelta(days=1))


def numbers_of(area_path: str, days: Days, *, overdue_now: int) -> dict[str, dict[str, Any]]:
    """Return what was counted, by key, as it is kept: hits, whole, and what was left out.

    `overdue_now` is counted by whoever asks: how matters stood at another moment nobody knows afterwards.
    """
    found = tally(since=days.first, until=days.last + timedelta(days=1), areas=[area_path])
    kept = {key: _kept(Counted(found[key], found[key])) for key in COUNTS[:-1]}
    kept["overdue_now"] = _kept(Counted(overdue_now, overdue_now))
    for key in SHARES:
        counted = found.rate(key).counted
        kept[key] = _kept(Counted(counted.hits, counted.whole, _left(found, key)))
    return kept


def _left(found: Tally, key: str) -> dict[str, int]:
    answered = found["said_yes"] + found["said_partly"] + found["said_no"]
    more = {"no_stars": max(0, answered - found["starred"])}
    left = {what: more[what] if what in more else found[what] for what, _words in LEFT.get(key, ())}
    return {what: number for what, number in left.items() if number}


def _kept(counted: Counted) -> dict[str, Any]:
    return {"hits": counted.hits, "whole": counted.whole, "left": dict(counted.left)}


def counted_of(kept: Mapping[str, Any] | None) -> Counted:
    """Return a count as it was kept; nothing where it was not."""
    if not kept:
        return Counted(0, 0)
    return Counted(kept["hits"], kept["whole"], dict(kept.get("left", {})))


def parts_of(area_path: str, days: Days, *, by: By, fold: Callable[[str], str]) -> list[tuple[str, str]]:
    """Return what was registered by part as it may be told: (key, words); `fold` gives the part of a key.

    Where one part is too small to be told, the next smallest is not told either.
    """
    found = tallies(by, since=days.first, until=days.last + timedelta(days=1), areas=[area_path])
    parts: dict[str, int] = {}
    for key, one in found.items():
        parts[fold(key)] = parts.get(fold(key), 0) + one["opened"]
    rows = sorted(
        ((key, number) for key, number in parts.items() if number), key=lambda one: (-one[1], one[0])
    )
    told, _total = tell_table(
        [Counted(number, number) for _key, number in rows], Counted(sum(parts.values()), sum(parts.values()))
    )
    return [
        (key, str(number) if one.told != Told.HIDDEN else SMALL)
        for (key, number), one in zip(rows, told, strict=True)
    ]


SMALL, NONE = f"不足{FEWEST}", "—"


def in_words(number: int) -> str:
    """Return a count as it may be told: none, fewer than five, or the number."""
    return str(number) if number == 0 or number >= FEWEST else SMALL


def is_count(key: str) -> bool:
    """Return whether a number of a bulletin is a count, and not a share."""
    return key in COUNTS


def told_of(key: str, counted: Counted) -> str:
    """Return a number as a bulletin tells it: a count, a share, a range, or not at all."""
    if key in LISTED:
        return str(counted.hits)
    if is_count(key):
        return in_words(counted.hits)
    number = tell(counted)
    if number.told == Told.NOTHING:
        return NONE
    if number.told == Told.HIDDEN or number.low is None or number.high is None:
        return SMALL
    if number.told == Told.RANGE or number.share is None:
        return f"{number.low:.0%}～{number.high:.0%}"
    return f"{number.share:.1%}"


def change_of(key: str, now: Counted, before: Counted) -> str:
    """Return the change since the time before, only where both may be told plainly."""
    if is_count(key):
        if key not in LISTED and any(0 < one.hits < FEWEST for one in (now, before)):
            return NONE
        return f"{now.hits - before.hits:+d}" if now.hits != before.hits else "持平"
    this, that = tell(now), tell(before)
    if this.share is None or that.share is None:
        return NONE
    points = (this.share - that.share) * 100
    return f"{points:+.1f}个百分点" if abs(points) >= 0.05 else "持平"  # noqa: PLR2004 - what is shown as nought


def left_out(key: str, counted: Counted) -> str:
    """Return what was left out of a share and why, "" where nothing was."""
    words = dict(LEFT.get(key, ()))
    parts = [f"{words.get(why, why)}{in_words(number)}件" for why, number in counted.left.items() if number]
    return "，".join(parts)
