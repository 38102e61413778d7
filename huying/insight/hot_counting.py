"""Counting a matter anew from its marks, and letting it pass from stage to stage; alerts are raised here."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, transaction

from huying.cases.words import area_name
from huying.insight.core.heat import RANK, START_THRESHOLD, Appellant, heat_of, next_stage
from huying.insight.facts import HotAlertRaised, HotStageChanged
from huying.insight.lexicons import lexicon_now
from huying.insight.marking import COMMUNITY_DEPTH, GROUP_LETTERS, NO_AREA, cell_of, monday_of
from huying.insight.models import HotAlert, HotSpot, HotThreshold
from huying.insight.quoting import shared_words
from huying.insight.signing import profile_matter
from huying.insight.stages import Stage, State
from huying.ledger.actions import record
from huying.ledger.actor import SYSTEM
from huying.places.queries import town_map

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

    from huying.insight.lexicons import Reading

# Any fixed number nobody else uses: whoever changes which appeal belongs to which matter holds it.
LOCK = 7_241_630_517
FORTNIGHT = timedelta(days=14)
# What was usual is looked for in the half year before the last four weeks.
BASE_WEEKS, LATE_WEEKS = 26, 4
# A place nothing is known of is thought to have one such appellant in half a year.
PRIOR_COUNT, PRIOR_DAYS = 1.0, 182.0
# How far the whole town's ups and downs (season, more reporting) may move what is expected at a place.
LEAST_SWING, MOST_SWING = 0.5, 3.0
SWING_PRIOR = 10.0
# A matter lies in the narrowest area that holds so much of it.
MOST_OF_IT = 0.8
# Where and what is looked up anew at every change of a small matter, and now and then of a large one.
SMALL, NOW_AND_THEN = 40, 16


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Open a transaction in which nobody else rearranges matters: two workers raise no alert twice.

    An update takes a few milliseconds, so one after another is fast enough for a city, and it makes every
    race between workers, the nightly pass and people a queue.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield


def threshold() -> float:
    """Return the town's threshold."""
    learnt = HotThreshold.objects.filter(district=settings.DISTRICT).values_list("heat", flat=True).first()
    return learnt if learnt is not None else START_THRESHOLD


_PEOPLE = """
SELECT count(*) FILTER (WHERE NOT me_too), count(*) FILTER (WHERE me_too),
    max(at) FILTER (WHERE NOT me_too), max(at), min(at),
    coalesce(bool_or(at > %(lately)s) FILTER (WHERE NOT me_too), FALSE),
    coalesce(bool_or(at <= %(lately)s AND at > %(before)s) FILTER (WHERE NOT me_too), FALSE)
FROM insight_hotmark WHERE spot_id = %(spot)s GROUP BY who
"""


def recount(spot: HotSpot, *, at: datetime, whole: bool = False, now: Reading | None = None) -> None:
    """Count a matter anew and let it pass to its stage, with fact and alert; call in `one_at_a_time`.

    `whole` also looks up anew where it lies and what it is about, by the lexicon `now` if that is at hand.
    A matter nothing is left of is quiet.
    """
    told: dict[str, Any] = {"spot": spot.pk, "lately": at - FORTNIGHT, "before": at - 2 * FORTNIGHT}
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, told)
        rows = cursor.fetchall()
    people = [Appellant(own, last, lately, before) for own, _n, last, _m, _f, lately, before in rows if own]
    me_too = [latest for own, number, _l, latest, _f, _r, _b in rows if number and not own]
    before_count, spot.count = spot.count, sum(one.own for one in people)
    spot.me_too = sum(row[1] for row in rows)
    spot.appellants, spot.busiest = len(people), max((one.own for one in people), default=0)
    if rows:
        spot.first_at, spot.last_at = min(row[4] for row in rows), max(row[3] for row in rows)
    if rows and (whole or spot.count < SMALL or spot.count % NOW_AND_THEN == 0):
        _look_where(spot)
        if whole or spot.count != before_count:
            now = now or lexicon_now()
            spot.words = shared_words(spot, now.lexicon)
    if whole or spot.count != before_count:
        profile_matter(spot.pk, now or lexicon_now())
    heat = heat_of(people, me_too, daily=_usual(spot, at), at=at)
    spot.heat, spot.growth, spot.expected = heat.heat, heat.growth, heat.expected
    limit = threshold()
    quiet_days = (at - spot.last_at).total_seconds() / 86_400
    before, after = spot.stage, next_stage(spot.stage, heat, threshold=limit, quiet_days=quiet_days)
    if before != after:
        _pass_to(spot, after, limit, at=at)
    spot.save()


def _pass_to(spot: HotSpot, after: str, limit: float, *, at: datetime) -> None:
    before, spot.stage, spot.staged_at = spot.stage, after, at
    body = HotStageChanged(
        before=before, after=after, heat=round(spot.heat, 3), threshold=limit,
        expected=round(spot.expected, 3), count=spot.count, appellants=spot.appellants,
    )  # fmt: skip
    record(spot, body, district=spot.district, by=SYSTEM, at=at)
    if after == Stage.RETURNED:
        spot.episode, spot.highest = spot.episode + 1, 0
    if RANK[after] > spot.highest and spot.state in (State.OPEN, State.CONFIRMED):
        spot.highest = RANK[after]
        _raise_alert(spot, at=at)


def _raise_alert(spot: HotSpot, *, at: datetime) -> None:
    alert = HotAlert(
        spot=spot, stage=spot.stage, episode=spot.episode, heat=spot.heat, count=spot.count,
        appellants=spot.appellants, at=at,
    )  # fmt: skip
    if HotAlert.objects.filter(spot=spot, stage=spot.stage, episode=spot.episode).exists():
        return
    alert.save(force_insert=True)
    body = HotAlertRaised(
        alert=str(alert.pk), stage=spot.stage, episode=spot.episode, title=spot.title, area=spot.area_path,
        count=spot.count, appellants=spot.appellants,
    )  # fmt: skip
    record(spot, body, district=spot.district, by=SYSTEM, at=at)


# --- where it is and what it is about ----------------------------------------------------------------
_WHERE = """
SELECT area_path, place_key, item_code, count(*), avg(lat), avg(lon), count(lat)
FROM insight_hotmark WHERE spot_id = %s GROUP BY 1, 2, 3
"""


def _look_where(spot: HotSpot) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_WHERE, [spot.pk])
        rows = cursor.fetchall()
    paths: dict[str, int] = {}
    items: dict[str, int] = {}
    places: dict[str, int] = {}
    points = sum(row[6] for row in rows)
    for path, place, item, number, *_point in rows:
        codes = path.split("/") if path else []
        for depth in range(1, len(codes) + 1):
            key = "/".join(codes[:depth])
            paths[key] = paths.get(key, 0) + number
        items[item] = items.get(item, 0) + number
        if place:
            places[place] = places.get(place, 0) + number
    whole = sum(row[3] for row in rows)
    holding = [path for path, number in paths.items() if number >= MOST_OF_IT * whole]
    spot.area_path = max(holding, key=len, default="")
    spot.item_code = max(sorted(items), key=lambda item: (items[item], bool(item)), default="")
    if points:
        spot.lat = sum(row[4] * row[6] for row in rows if row[6]) / points
        spot.lon = sum(row[5] * row[6] for row in rows if row[6]) / points
    best = max(sorted(places), key=lambda place: places[place], default="")
    half = 2 * places.get(best, 0) >= whole
    spot.place = (town_map().place_name.get(best, "") if half else "") or area_name(spot.area_path)
    spot.place = spot.place[:120]


# --- what is usual there ----------------------------------------------------------------------------
def _usual(spot: HotSpot, at: datetime) -> float:
    """Return the appellants a day to be expected where a matter is, for its kind, were it not for the matter.

    Gamma-Poisson: what else came from the place in the base period, with a weak prior, moved by how much more
    or less of this kind the whole town tells of late (the season, and more reporting).
    """
    until = at - timedelta(weeks=LATE_WEEKS)
    since = until - timedelta(weeks=BASE_WEEKS)
    others = _others(spot, since, until)
    rate = (others + PRIOR_COUNT) / (7 * BASE_WEEKS + PRIOR_DAYS)
    return rate * _swing(spot.item_code[:GROUP_LETTERS], at)


_OTHERS = """
SELECT count(*) FROM insight_hotmark WHERE cell = %s AND cell <> '' AND at >= %s AND at < %s
    AND spot_id IS DISTINCT FROM %s AND left(item_code, 4) = %s
"""
_OF_COMMUNITY = """
SELECT coalesce(sum(count), 0)
    - (SELECT count(*) FROM insight_hotmark WHERE spot_id = %s AND at >= %s AND at < %s)
FROM insight_placeweek WHERE area_path = %s AND item_group = %s AND week_on >= %s AND week_on < %s
"""


def _others(spot: HotSpot, since: datetime, until: datetime) -> int:
    """Return how many other appeals of the kind came from the square around a matter, or its community."""
    cell, group = cell_of(spot.lat, spot.lon), spot.item_code[:GROUP_LETTERS]
    codes = spot.area_path.split("/")[:COMMUNITY_DEPTH]
    area = "/".join(codes) if len(codes) == COMMUNITY_DEPTH else NO_AREA
    with connection.cursor() as cursor:
        if cell:
            cursor.execute(_OTHERS, [cell, since, until, spot.pk, group])
        else:
            mondays = monday_of(since), monday_of(until)
            cursor.execute(_OF_COMMUNITY, [spot.pk, since, until, area, group, *mondays])
        return max(int(cursor.fetchone()[0]), 0)


_TOWN = """
SELECT coalesce(sum(count) FILTER (WHERE week_on >= %(late)s), 0),
    coalesce(sum(count) FILTER (WHERE week_on < %(late)s), 0)
FROM insight_placeweek WHERE item_group = %(group)s AND week_on >= %(since)s AND week_on < %(until)s
"""


def _swing(group: str, at: datetime) -> float:
    """Return how many times as much of a kind the whole town tells of late as it did in the base period."""
    until = monday_of(at)
    late = until - timedelta(weeks=LATE_WEEKS)
    since = late - timedelta(weeks=BASE_WEEKS)
    with connection.cursor() as cursor:
        cursor.execute(_TOWN, {"group": group, "late": late, "since": since, "until": until})
        lately, base = cursor.fetchone()
    swing = (float(lately) + SWING_PRIOR) / (float(base) * LATE_WEEKS / BASE_WEEKS + SWING_PRIOR)
    return min(max(swing, LEAST_SWING), MOST_SWING)


def lock_spots(keys: list[UUID]) -> dict[UUID, HotSpot]:
    """Return matters, locked in the order of their keys."""
    found = HotSpot.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    return {spot.pk: spot for spot in found}
