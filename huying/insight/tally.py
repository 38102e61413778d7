"""Reading the rolling counts: what happened in some days and how matters stand now, within milliseconds.

A town of a million cases is read from a few thousand sums, whole months as one. Numbers of a day count what
happened on that day, with the unit that had the case then; the page of numbers counts what became of the
cases opened in a month. Which of the two a number is has to stand beside it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from huying.catalogue.core.calendar import local_day
from huying.insight.core.tallying import COUNTERS, NOW
from huying.insight.core.telling import Counted, Number, tell
from huying.insight.models import RollingState
from huying.insight.rolling import EVER, ON_THE_WAY, roll, waits_since

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

# (area path, item prefixes) of each grant, as `insight.scope.sight_of` returns it; None: everything.
Sight = tuple[tuple[str, tuple[str, ...]], ...]
# What waits longer than this to be counted makes the numbers late, and they must say so.
LATE_AFTER: Final = timedelta(seconds=30)


def _(msgid: str) -> str:
    """Mark a text for translation; it is translated where it is shown."""
    return msgid


@dataclass(frozen=True)
class Rate:
    """A share of what happened in a period: `hits` of `hits` and `misses` together, and in words."""

    key: str
    label: str
    hits: tuple[str, ...]
    misses: tuple[str, ...]
    says: str


RATES: Final = (
    Rate("response", _("Response rate"), ("contact_in_time",), ("contact_late",),
         _("first contacts in time, of those made or missed")),
    Rate("handled", _("Handled on time"), ("handle_in_time",), ("overdue",),
         _("replied in time, of those replied or overdue")),
    Rate("signed", _("Signed on time"), ("sign_in_time",), ("sign_late",),
         _("signed in time, of those signed or missed")),
    Rate("solved", _("Solution rate"), ("said_yes",), ("said_partly", "said_no"),
         _("residents who say it is solved, of those who answered")),
    Rate("satisfied", _("Satisfaction rate"), ("satisfied",), ("starred", "-satisfied"),
         _("three stars or more, of those who gave stars")),
    Rate("unconfirmed", _("Unconfirmed rate"), ("closed_unconfirmed",),
         ("closed", "-closed_unconfirmed", "-closed_checked"),
         _("closed without a resident's answer, of those closed")),
    Rate("returned", _("Return rate"), ("returned",), ("given", "-returned"),
         _("returned by a unit, of those given to one")),
    Rate("reworked", _("Rework rate"), ("reworked",), ("replied", "-reworked"),
         _("back to work, beside the replies given")),
    Rate("automatic", _("Dispatched without a hand"), ("automatic",), ("dispatched", "-automatic"),
         _("dispatched by the rules alone, of those dispatched")),
)  # fmt: skip
RATE: Final = {rate.key: rate for rate in RATES}


@dataclass(frozen=True)
class Tally:
    """What was counted: one number for each of `core.tallying.COUNTERS` that is not nothing."""

    counts: Mapping[str, int] = field(default_factory=dict)

    def __getitem__(self, what: str) -> int:
        """Return a count; a word that is no counter is a mistake of the program."""
        if what not in _KNOWN:
            raise KeyError(what)
        return self.counts.get(what, 0)

    @classmethod
    def together(cls, parts: Iterable[Tally]) -> Tally:
        """Return what was counted in all of the parts."""
        counts: Counter[str] = Counter()
        for part in parts:
            counts.update(part.counts)
        return cls(counts)

    def rate(self, key: str) -> Number:
        """Return a rate as it may be told: plainly, as a range, or hidden where too few are behind it."""
        rate = RATE[key]
        hits, misses = self._sum(rate.hits), max(0, self._sum(rate.misses))
        return tell(Counted(hits, hits + misses))

    def _sum(self, words: Iterable[str]) -> int:
        return sum(-self[word[1:]] if word.startswith("-") else self[word] for word in words)


_KNOWN: Final = frozenset(COUNTERS)


class By(StrEnum):
    """What tallies are broken down by."""

    AREA = "area"
    UNIT = "unit"
    ITEM = "item"
    GRADE = "grade"
    CHANNEL = "channel"
    DAY = "day"
    MONTH = "month"


def tally(
    *,
    since: date,
    until: date,
    areas: Sequence[str] | None = None,
    units: Sequence[UUID] | None = None,
    items: Sequence[str] | None = None,
    sight: Sight | None = None,
) -> Tally:
    """Return what happened from the day `since` until before the day `until` (Shanghai's days).

    `areas` are paths, with all below them, `items` beginnings of item codes, `sight` what an actor may see.
    What comes in is with no unit yet: asked for units, `came_in` and `opened` are 0; `given` is theirs.
    """
    return _read(_periods(since, until), "''", _Where(areas, units, items, sight)).get("", Tally())


def tallies(
    by: By,
    *,
    since: date,
    until: date,
    areas: Sequence[str] | None = None,
    units: Sequence[UUID] | None = None,
    items: Sequence[str] | None = None,
    sight: Sight | None = None,
) -> dict[str, Tally]:
    """Return the same broken down; keys are area paths, keys of units, item codes, grades, channels, periods.

    "" is what has none: no unit yet, no item. Channels know only what came in.
    """
    columns = {By.AREA: "area_path", By.ITEM: "item_code", By.DAY: "period", By.MONTH: "left(period, 7)"}
    periods = _days(since, until) if by == By.DAY else _periods(since, until)
    return _read(periods, columns.get(by, str(by)), _Where(areas, units, items, sight))


def standing(
    by: By | None = None,
    *,
    areas: Sequence[str] | None = None,
    units: Sequence[UUID] | None = None,
    items: Sequence[str] | None = None,
    sight: Sight | None = None,
) -> dict[str, Tally]:
    """Return how matters stand now, whole under "" or broken down."""
    columns = {By.AREA: "area_path", By.ITEM: "item_code", None: "''"}
    return _read([NOW], columns.get(by, str(by)), _Where(areas, units, items, sight))


@dataclass(frozen=True)
class Freshness:
    """By which moment the counts hold, and since when they are late; None when they keep up."""

    counted_at: datetime | None
    late_since: datetime | None


def freshness(*, at: datetime) -> Freshness:
    """Return how fresh the counts are. What waits is always said: late numbers never look fresh."""
    counted_at = RollingState.objects.filter(pk=1).values_list("rolled_at", flat=True).first()
    if counted_at is None or counted_at <= EVER:
        return Freshness(None, at)
    waiting = waits_since()
    stale = [one for one in (waiting, counted_at) if one is not None and at - one > LATE_AFTER]
    return Freshness(counted_at, min(stale, default=None))


def catch_up(*, at: datetime) -> Freshness:
    """Count what happened just now on the way, as much as a page can wait for, and return how fresh it is.

    Boards are right within seconds also where no worker runs. Call outside a transaction.
    """
    roll(at=at, limit=ON_THE_WAY)
    return freshness(at=at)


def today_of(at: datetime) -> tuple[date, date]:
    """Return today and tomorrow in Shanghai: the span of what happened today."""
    day = local_day(at)
    return day, day + timedelta(days=1)


@dataclass(frozen=True)
class _Where:
    areas: Sequence[str] | None
    units: Sequence[UUID] | None
    items: Sequence[str] | None
    sight: Sight | None

    def sql(self, told: dict[str, Any]) -> str:
        parts = ["period = ANY(%(periods)s)"]
        if self.areas is not None:
            parts.append(_below(self.areas, "area", told))
        if self.units is not None:
            told["units"] = [str(unit) for unit in self.units]
            parts.append("unit = ANY(%(units)s)")
        if self.items is not None:
            told["items"] = [f"{_like(item)}%" for item in self.items]
            parts.append("item_code LIKE ANY(%(items)s)")
        if self.sight is not None:
            seen = [self._seen(place, grant, told) for place, grant in enumerate(self.sight)]
            parts.append(f"({' OR '.join(seen)})" if seen else "FALSE")
        return " AND ".join(parts)

    @staticmethod
    def _seen(place: int, grant: tuple[str, tuple[str, ...]], told: dict[str, Any]) -> str:
        area, items = grant
        seen = _below([area], f"sight{place}", told)
        if items:
            told[f"only{place}"] = [f"{_like(item)}%" for item in items]
            seen = f"({seen} AND item_code LIKE ANY(%(only{place})s))"
        return seen


def _below(areas: Iterable[str], name: str, told: dict[str, Any]) -> str:
    told[name] = list(areas)
    told[f"{name}_below"] = [f"{_like(area)}/%" for area in told[name]]
    return f"(area_path = ANY(%({name})s) OR area_path LIKE ANY(%({name}_below)s))"


def _like(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


_SUMS: Final = ", ".join(f"sum({name})" for name in COUNTERS)


def _read(periods: list[str], row: str, where: _Where) -> dict[str, Tally]:
    told: dict[str, Any] = {"periods": periods}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {row}, {_SUMS} FROM insight_sum WHERE {where.sql(told)} GROUP BY 1",  # noqa: S608 - our own words only
            told,
        )
        found = cursor.fetchall()
    return {
        str(name): Tally({what: int(n) for what, n in zip(COUNTERS, numbers, strict=True) if n})
        for name, *numbers in found
    }


def _days(since: date, until: date) -> list[str]:
    return [(since + timedelta(days=place)).isoformat() for place in range((until - since).days)]


def _periods(since: date, until: date) -> list[str]:
    """Return the fewest periods that make up these days: whole months as one, days at the ends."""
    found, day = [], since
    while day < until:
        after = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        if day.day == 1 and after <= until:
            found.append(f"{day:%Y-%m}")
            day = after
        else:
            found.append(day.isoformat())
            day += timedelta(days=1)
    return found
