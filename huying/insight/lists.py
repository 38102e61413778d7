"""Lists of hot spots for the desk: filtered for who looks, with the weeks each is drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Q

from huying.insight.core.forecast import Expected, expect
from huying.insight.core.heat import PEOPLE, times
from huying.insight.hot_counting import threshold
from huying.insight.hotspots import within
from huying.insight.marking import COMMUNITY_DEPTH, GROUP_LETTERS, NO_AREA, monday_of
from huying.insight.models import HotAlert, HotSpot, PlaceWeek
from huying.insight.rules import visible_to
from huying.insight.stages import BURNING, STANDING, Stage, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from huying.ledger.actor import Actor

SPARK_WEEKS = 13
MOST_LISTED = 60
# Just below the threshold people may look, too: what they confirm there lowers it.
NEARLY = 0.7
SHELVES = ("burning", "cooled", "nearly", "dismissed")


@dataclass(frozen=True)
class Wanted:
    """What a list of hot spots is to show: a shelf, one stage, an area (path), items (a code's beginning)."""

    shelf: str = "burning"
    stage: str = ""
    area: str = ""
    items: str = ""


def listed(wanted: Wanted, *, by: Actor) -> QuerySet[HotSpot]:
    """Return the matters of a shelf this actor may see, the hottest first."""
    found = HotSpot.objects.filter(visible_to(by), _on_shelf(wanted.shelf))
    if wanted.stage:
        found = found.filter(stage=wanted.stage)
    if wanted.area:
        found = found.filter(within([wanted.area]))
    if wanted.items:
        found = found.filter(item_code__startswith=wanted.items)
    return found.order_by("-heat", "-last_at", "id")


def _on_shelf(shelf: str) -> Q:
    standing = Q(state__in=STANDING)
    if shelf == "cooled":
        return standing & Q(stage__in=[Stage.COOLING, Stage.RESOLVED])
    if shelf == "nearly":
        return Q(
            state=State.OPEN, stage=Stage.QUIET, heat__gte=times(threshold(), NEARLY),
            appellants__gte=PEOPLE["early"],
        )  # fmt: skip
    if shelf == "dismissed":
        return Q(state=State.DISMISSED)
    return standing & Q(stage__in=BURNING)


def open_alerts(*, by: Actor) -> QuerySet[HotAlert]:
    """Return the alerts nobody has acknowledged, of matters this actor may see, the newest first."""
    seen = HotSpot.objects.filter(visible_to(by), state__in=STANDING)
    alerts = HotAlert.objects.filter(acknowledged_at=None, spot__in=seen.values("pk"))
    return alerts.select_related("spot").order_by("-at", "-id")


def weeks_back(at: datetime, weeks: int = SPARK_WEEKS) -> list[date]:
    """Return the Mondays of the last so many weeks, this one among them, oldest first."""
    this = monday_of(at)
    return [this - timedelta(weeks=back) for back in range(weeks - 1, -1, -1)]


_WEEKS = """
SELECT spot_id, date_trunc('week', at AT TIME ZONE 'Asia/Shanghai')::date, count(*) FROM insight_hotmark
WHERE spot_id = ANY(%s) AND at >= %s AND NOT me_too GROUP BY 1, 2
"""


def weekly(spots: Iterable[UUID], *, at: datetime, weeks: int = SPARK_WEEKS) -> dict[UUID, list[int]]:
    """Return how many appeals each matter drew in each of the last weeks, oldest first; one statement."""
    keys, mondays = list(spots), weeks_back(at, weeks)
    place = {monday: number for number, monday in enumerate(mondays)}
    found = {key: [0] * weeks for key in keys}
    with connection.cursor() as cursor:
        cursor.execute(_WEEKS, [keys, mondays[0] - timedelta(days=1)])
        for spot, monday, number in cursor.fetchall():
            if monday in place:
                found[spot][place[monday]] = number
    return found


def usual_weeks(spot: HotSpot, *, at: datetime, weeks: int = SPARK_WEEKS) -> list[Expected]:
    """Return what each of the last weeks was expected to bring of the kind from the matter's community.

    For each week only the weeks before it are known, as they were when it began.
    """
    mondays = weeks_back(at, weeks)
    codes = spot.area_path.split("/")
    area = "/".join(codes[:COMMUNITY_DEPTH]) if len(codes) >= COMMUNITY_DEPTH else NO_AREA
    counts = place_weeks([area], spot.item_code[:GROUP_LETTERS], until=mondays[-1])
    return [expect(before(counts, monday)) for monday in mondays]


def place_weeks(areas: Sequence[str], group: str, *, until: date) -> dict[date, int]:
    """Return weekly counts of item groups (a code's beginning) in communities, all before `until`."""
    rows = PlaceWeek.objects.filter(
        area_path__in=list(areas), item_group__startswith=group, week_on__lt=until
    )
    found: dict[date, int] = {}
    for monday, number in rows.values_list("week_on", "count"):
        found[monday] = found.get(monday, 0) + number
    return found


LONGEST_HISTORY = 130


def before(counts: dict[date, int], monday: date) -> list[int]:
    """Return the counts of the weeks before a Monday without gaps, from the first that brought anything."""
    first = min((week for week in counts if week < monday), default=monday)
    weeks = min((monday - first).days // 7, LONGEST_HISTORY)
    return [counts.get(monday - timedelta(weeks=back), 0) for back in range(weeks, 0, -1)]


def months_of(spot: HotSpot) -> dict[str, int]:
    """Return how many appeals a matter drew in each month ("2026-09")."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_char(at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM'), count(*) FROM insight_hotmark "
            "WHERE spot_id = %s AND NOT me_too GROUP BY 1 ORDER BY 1",
            [spot.pk],
        )
        return dict(cursor.fetchall())
