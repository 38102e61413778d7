"""What the duty board shows of some areas at a moment: numbers, what is hot, what warns; never a person."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Count, Q

from huying.board.kinds import kind_name
from huying.board.models import Alert, Incident, IncidentState
from huying.board.watching import alerts_in, watch
from huying.insight.hotspots import HotMatter, hot_matters
from huying.insight.tally import (
    RATES,
    By,
    Freshness,
    Sight,
    Tally,
    catch_up,
    standing,
    tallies,
    tally,
    today_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from huying.insight.core.telling import Number

# Rates of one day are of too few; the bars beside them go as far back.
RATE_DAYS, BAR_DAYS = 30, 14
MOST_ALERTS, MOST_HOT, MOST_EARLY, MOST_AREAS = 12, 8, 6, 10


@dataclass(frozen=True)
class Board:
    """What is on the board. `numbers` are today's, `stands` now, `days` the last two weeks, oldest first."""

    at: datetime
    fresh: Freshness
    numbers: Tally
    yesterday: Tally
    stands: Tally
    rates: Mapping[str, Number]
    days: list[tuple[date, Tally]]
    hours: list[int]
    hot: list[HotMatter]
    early: list[HotMatter]
    alerts: list[Alert]
    alert_count: int
    areas: list[tuple[str, Tally, Tally]] = field(default_factory=list)
    incidents: list[dict[str, Any]] = field(default_factory=list)


def keep_up(*, at: datetime) -> Freshness:
    """Count what just happened and raise what warns, so that a board is right within seconds."""
    fresh = catch_up(at=at)
    watch(at=at)
    return fresh


def board_of(areas: Sequence[str], *, at: datetime, sight: Sight | None = None) -> Board:
    """Return the board of these areas (paths, with all below). `sight` narrows numbers to an actor's items.

    Call outside a transaction: what just happened is counted first.
    """
    fresh = keep_up(at=at)
    today, tomorrow = today_of(at)
    day = timedelta(days=1)
    days = tallies(By.DAY, since=today - (BAR_DAYS - 1) * day, until=tomorrow, areas=areas, sight=sight)
    spans = [today - place * day for place in range(BAR_DAYS - 1, -1, -1)]
    month = tally(since=tomorrow - RATE_DAYS * day, until=tomorrow, areas=areas, sight=sight)
    by_area = tallies(By.AREA, since=today, until=tomorrow, areas=areas, sight=sight)
    standing_by_area = standing(By.AREA, areas=areas, sight=sight)
    alerts = alerts_in(areas).filter(acknowledged_at=None, ended_at=None)
    burning = hot_matters(at=at, areas=areas, limit=MOST_HOT * 4)
    return Board(
        at=at,
        fresh=fresh,
        numbers=days.get(today.isoformat(), Tally()),
        yesterday=days.get((today - day).isoformat(), Tally()),
        stands=Tally.together(standing_by_area.values()),
        rates={rate.key: month.rate(rate.key) for rate in RATES},
        days=[(one, days.get(one.isoformat(), Tally())) for one in spans],
        hours=_hours(areas, at),
        hot=[one for one in burning if one.stage != "early"][:MOST_HOT],
        early=[one for one in burning if one.stage == "early"][:MOST_EARLY],
        alerts=list(alerts[:MOST_ALERTS]),
        alert_count=alerts.count(),
        areas=_busiest(by_area, standing_by_area),
        incidents=_incidents(areas, at),
    )


def _busiest(today: Mapping[str, Tally], now: Mapping[str, Tally]) -> list[tuple[str, Tally, Tally]]:
    """Return communities by their names' order, with what happened today and what stands there."""
    paths = sorted({path for path in (*today, *now) if path})
    rows = [(path, today.get(path, Tally()), now.get(path, Tally())) for path in paths]
    rows.sort(key=lambda row: -row[2]["open"])
    return sorted(rows[:MOST_AREAS])


def _hours(areas: Sequence[str], at: datetime) -> list[int]:
    """Return how many cases were opened in each hour of today so far, in Shanghai."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(hour FROM opened_at AT TIME ZONE 'Asia/Shanghai')::int, count(*) FROM cases_case "
            "WHERE opened_at >= date_trunc('day', %(at)s::timestamptz, 'Asia/Shanghai') "
            "AND opened_at <= %(at)s AND (area_path = ANY(%(areas)s) OR area_path LIKE ANY(%(below)s)) "
            "GROUP BY 1",
            {"at": at, "areas": list(areas), "below": [f"{area}/%" for area in areas]},
        )
        found = dict(cursor.fetchall())
    return [int(found.get(hour, 0)) for hour in range(24)]


def _incidents(areas: Sequence[str], at: datetime) -> list[dict[str, Any]]:
    """Return the incidents that go on there, with how far their tasks are."""
    wanted = Q()
    for area in areas:
        wanted |= Q(area_path=area) | Q(area_path__startswith=f"{area}/")
        # One that holds in a larger area holds here as well.
        parts = area.split("/")
        wanted |= Q(area_path__in=["/".join(parts[:end]) for end in range(1, len(parts))])
    found = (
        Incident.objects.filter(wanted, state=IncidentState.OPEN)
        .annotate(
            all=Count("tasks", distinct=True),
            done=Count("tasks", filter=~Q(tasks__state="open"), distinct=True),
            late=Count("tasks", filter=Q(tasks__state="open", tasks__due_at__lt=at), distinct=True),
        )
        .order_by("-opened_at")
    )
    return [
        {
            "key": one.pk, "title": one.title, "kind": kind_name(one.kind), "since": one.since,
            "is_drill": one.is_drill, "all": one.all, "done": one.done, "late": one.late,
        }
        for one in found[:5]
    ]  # fmt: skip
