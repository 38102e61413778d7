"""Months of an area, item, estate or matter, and weeks outside what was to be expected there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection

from huying.catalogue.core.calendar import local_day
from huying.insight.core.forecast import Expected, expect
from huying.insight.core.trend import Month, Share
from huying.insight.lists import before, place_weeks, weeks_back
from huying.insight.models import PlaceWeek
from huying.insight.queries import hit
from huying.insight.tally import By, Sight, Tally, tallies

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

MONTHS = 25
_DECEMBER = 12
# Weekly counts of so many weeks are looked through for what lies outside its range.
WARNED_WEEKS = 60


def months_until(at: datetime, months: int = MONTHS) -> list[date]:
    """Return the first days of this month and the ones before it, oldest first."""
    month, found = local_day(at).replace(day=1), []
    for _place in range(months):
        found.append(month)
        month = date(month.year - (month.month == 1), (month.month - 2) % _DECEMBER + 1, 1)
    return found[::-1]


def after(month: date) -> date:
    """Return the first day of the month after."""
    return date(month.year + (month.month == _DECEMBER), month.month % _DECEMBER + 1, 1)


def months_of_area(
    *, at: datetime, area: str = "", items: str = "", sight: Sight | None = None, months: int = MONTHS
) -> list[Month]:
    """Return whole months and the running one of an area (path) and items (a code's beginning), oldest first.

    From the rolling counts: what happened in the month. Reworked is told beside the replies of the month,
    satisfied beside the answers with stars.
    """
    span = months_until(at, months)
    found = tallies(
        By.MONTH, since=span[0], until=after(span[-1]), areas=[area] if area else None,
        items=[items] if items else None, sight=sight,
    )  # fmt: skip
    return [_month(f"{month:%Y-%m}", found.get(f"{month:%Y-%m}", Tally())) for month in span]


def _month(key: str, one: Tally) -> Month:
    # A case may come back more often than it was answered in the same month.
    returned = Share(one["reworked"], max(one["replied"], one["reworked"]))
    return Month(key, one["came_in"], returned, Share(one["satisfied"], one["starred"]))


_OF_MARKS = """
SELECT to_char(k.at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM'), count(*),
    count(*) FILTER (WHERE c.replied_at IS NOT NULL AND (c.round > 0 OR c.false_closure)),
    count(*) FILTER (WHERE c.replied_at IS NOT NULL),
    count(*) FILTER (WHERE {stars} AND {satisfied}), count(*) FILTER (WHERE {stars})
FROM insight_hotmark k
LEFT JOIN cases_membership m ON m.appeal_id = k.appeal_id AND m.until_at IS NULL
LEFT JOIN cases_case c ON c.id = m.case_id
LEFT JOIN LATERAL (
    SELECT r.* FROM feedback_ratingrequest f JOIN feedback_rating r ON r.request_id = f.id
    WHERE f.appeal_id = k.appeal_id ORDER BY f.round DESC LIMIT 1) r ON TRUE
WHERE {where} AND k.at >= %(since)s GROUP BY 1
"""
_STARS = "num_nonnulls(r.speed, r.result, r.service, r.process) > 0"


def months_of_spot(spot: UUID, *, at: datetime, months: int = MONTHS) -> list[Month]:
    """Return the months of one matter: its appeals, and what became of the cases opened for them."""
    return _of_marks("k.spot_id = %(key)s", {"key": spot}, at=at, months=months)


def months_of_estate(place: str, *, at: datetime, items: str = "", months: int = MONTHS) -> list[Month]:
    """Return the months of a named place (its key), perhaps of some items only, by its appeals."""
    where = "k.place_key = %(key)s AND k.place_key <> ''"
    told: dict[str, Any] = {"key": place}
    if items:
        where += " AND starts_with(k.item_code, %(items)s)"
        told["items"] = items
    return _of_marks(where, told, at=at, months=months)


def _of_marks(where: str, told: dict[str, Any], *, at: datetime, months: int) -> list[Month]:
    span = months_until(at, months)
    sql = _OF_MARKS.format(where=where, stars=_STARS, satisfied=hit("satisfied"))
    with connection.cursor() as cursor:
        cursor.execute(sql, told | {"since": span[0] - timedelta(days=1)})
        found = {row[0]: row[1:] for row in cursor.fetchall()}
    return [
        Month(key, row[0], Share(row[1], row[2]), Share(row[3], row[4]))
        if (row := found.get(key)) is not None else Month(key, 0)
        for key in (f"{month:%Y-%m}" for month in span)
    ]  # fmt: skip


# --- weeks -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Week:
    """A week, how many appeals it brought, and how many it was expected to bring."""

    on: date
    count: int
    expected: Expected

    @property
    def verdict(self) -> str:
        """Return "above", "below" or "inside"."""
        return self.expected.verdict(self.count)


@dataclass(frozen=True)
class Warned:
    """A community and item group that sent more in the last whole week than was to be expected."""

    area: str
    group: str
    week: Week


def communities_in(area: str) -> list[str]:
    """Return the paths of the communities that are counted in an area, "" for the whole town."""
    rows = PlaceWeek.objects.all()
    if area:
        rows = rows.filter(area_path=area) | rows.filter(area_path__startswith=f"{area}/")
    return sorted(rows.order_by("area_path").values_list("area_path", flat=True).distinct())


def weeks_of(areas: Sequence[str], group: str, *, at: datetime, weeks: int = 26) -> list[Week]:
    """Return the last whole weeks of an item group ("" for all) in these communities, each with its range."""
    mondays = weeks_back(at, weeks + 1)[:-1]
    counts = place_weeks(areas, group, until=mondays[-1] + timedelta(days=7))
    return [Week(monday, counts.get(monday, 0), expect(before(counts, monday))) for monday in mondays]


def this_week(areas: Sequence[str], group: str, *, at: datetime) -> Week:
    """Return the week that runs, with what the whole of it is expected to bring."""
    monday = weeks_back(at, 1)[0]
    counts = place_weeks(areas, group, until=monday + timedelta(days=7))
    return Week(monday, counts.get(monday, 0), expect(before(counts, monday)))


def warnings(areas: Iterable[str], *, at: datetime, most: int = 20) -> list[Warned]:
    """Return what sent more than expected in the last whole week, the farthest above its range first."""
    last = weeks_back(at, 2)[0]
    since = last - timedelta(weeks=WARNED_WEEKS)
    busy = PlaceWeek.objects.filter(area_path__in=list(areas), week_on=last, count__gte=3)
    keys = list(busy.values_list("area_path", "item_group", "count"))
    history: dict[tuple[str, str], dict[date, int]] = defaultdict(dict)
    rows = PlaceWeek.objects.filter(
        area_path__in={area for area, _group, _count in keys}, week_on__lt=last, week_on__gte=since,
        item_group__in={group for _area, group, _count in keys},
    )  # fmt: skip
    for area, group, monday, count in rows.values_list("area_path", "item_group", "week_on", "count"):
        history[area, group][monday] = count
    found = [
        Warned(area, group, Week(last, count, expect(before(history[area, group], last))))
        for area, group, count in keys
    ]
    above = [one for one in found if one.week.verdict == "above"]
    above.sort(key=lambda one: (one.week.expected.high - one.week.count, one.area, one.group))
    return above[:most]
