"""Days and months against what was expected of them; where too little is known, how much is missing."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

from django.db import connection

from huying.catalogue.core.calendar import local_day
from huying.insight.core.forecast import Expected
from huying.insight.core.forecast_spans import DAYS_KEPT, TooShort, expect_day, expect_month
from huying.insight.models import HotMark
from huying.insight.tally import By, Sight, tallies

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from huying.insight.core.trend import Month

SHOWN_DAYS: Final = 28
Outlook: TypeAlias = Expected | TooShort


@dataclass(frozen=True)
class Day:
    """A day, how many appeals it brought, and how many it was expected to bring by the days before it."""

    on: date
    count: int
    expected: Outlook

    @property
    def verdict(self) -> str:
        """Return "above", "below", "inside", or "" where nothing was expected."""
        return self.expected.verdict(self.count) if isinstance(self.expected, Expected) else ""


def days_of_area(*, at: datetime, area: str = "", items: str = "", sight: Sight | None = None) -> list[Day]:
    """Return the last whole days and today of an area (path) and items (a code's beginning), oldest first."""
    today = local_day(at)
    found = tallies(
        By.DAY, since=_first(today), until=today + timedelta(days=1), areas=[area] if area else None,
        items=[items] if items else None, sight=sight,
    )  # fmt: skip
    return _days({date.fromisoformat(day): one["came_in"] for day, one in found.items()}, today)


_OF_ESTATE = """
SELECT (at AT TIME ZONE 'Asia/Shanghai')::date, count(*) FROM insight_hotmark
WHERE place_key = %s AND place_key <> '' AND at >= %s AND starts_with(item_code, %s) GROUP BY 1
"""


def days_of_estate(place: str, *, at: datetime, items: str = "") -> list[Day]:
    """Return the same of a named place (its key), by its appeals."""
    today = local_day(at)
    with connection.cursor() as cursor:
        cursor.execute(_OF_ESTATE, [place, _first(today) - timedelta(days=1), items])
        return _days(dict(cursor.fetchall()), today)


def _first(today: date) -> date:
    return today - timedelta(days=SHOWN_DAYS + DAYS_KEPT)


def _days(counts: Mapping[date, int], today: date) -> list[Day]:
    """Return days with what was expected of each; what came before anything was counted is no day without."""
    first = max(min(counts, default=today), _first(today))
    days = [first + timedelta(days=place) for place in range((today - first).days + 1)]
    numbers = [counts.get(day, 0) for day in days]
    told = [
        Day(day, numbers[place], expect_day(numbers[:place], day.weekday())) for place, day in enumerate(days)
    ]
    return told[-SHOWN_DAYS - 1 :]


def expected_months(months: Sequence[Month]) -> list[Outlook]:
    """Return what each of some months without gaps, oldest first, was expected to bring by those before it.

    Months before the first that brought anything are none: the town did not count yet.
    """
    began = next((place for place, one in enumerate(months) if one.count), len(months))
    lengths = [monthrange(*map(int, one.month.split("-")))[1] for one in months]
    counts = [one.count for one in months]
    return [
        expect_month(counts[min(began, place) : place], lengths[min(began, place) : place + 1])
        for place in range(len(months))
    ]


def nothing_is_counted() -> bool:
    """Return whether appeals have been taken in and not one has come into the rolling counts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM insight_sum)")
        counted: bool = cursor.fetchone()[0]
    return not counted and HotMark.objects.exists()
