"""The night's pass: matters are found anew from texts, and what live search made of them is set right.

Communities are gone through slice by slice, each in a job of its own that takes seconds and lets the
reactions of the day pass in between. What is found anew takes over the matter it overlaps most: known hot
spots keep their identity, and what people decided, named, merged or split is only added to.
"""

from __future__ import annotations

import logging
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Count

from huying.insight.core.hotspots import find
from huying.insight.hot_counting import lock_spots, one_at_a_time, recount
from huying.insight.lexicons import WINDOW, learn_anew, lexicon_now, telling_of
from huying.insight.live import attach, fit_title, take_in, take_out
from huying.insight.models import HotMark, HotSpot
from huying.insight.signing import sign_stale
from huying.insight.stages import BURNING, Stage, State

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from huying.insight.core.hotspots import HotSpot as Found
    from huying.insight.core.hotspots import Telling

logger = logging.getLogger("huying.insight")

# So many of the latest appeals are compared at once: more would hold the worker for too long.
MOST_TOLD = 6000
# An appeal whose job failed for good is taken in by one of the next nights.
LOOK_BACK, AT_ONCE = timedelta(days=8), 500
# A matter found anew is a known one when they share so much of the smaller of the two.
SAME_FROM = 0.5


def take_in_missed(*, at: datetime) -> int:
    """Take in appeals of the last days that have no mark and should; return how many were looked at."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.id FROM intake_appeal a LEFT JOIN insight_hotmark k ON k.appeal_id = a.id "
            "WHERE a.received_at >= %s AND a.received_at < %s AND k.appeal_id IS NULL ORDER BY a.received_at",
            [at - LOOK_BACK, at - timedelta(minutes=10)],
        )
        missed = [row[0] for row in cursor.fetchall()]
    for start in range(0, len(missed), AT_ONCE):
        _take_in_each(missed[start : start + AT_ONCE], at=at)
    return len(missed)


def _take_in_each(appeals: Sequence[UUID], *, at: datetime) -> None:
    """Take appeals in together; where that fails, one by one, so that one bad one keeps no other out."""
    try:
        take_in(appeals, at=at)
    except DatabaseError:
        for appeal in appeals:
            try:
                take_in([appeal], at=at)
            except DatabaseError:
                logger.exception("an appeal finds no matter", extra={"appeal": str(appeal)})


def slices(*, at: datetime) -> list[list[str]]:
    """Return the communities that sent anything in the window, neighbours together, as many as fit a pass.

    What could not be placed stands under "-". A small town is one slice.
    """
    told = HotMark.objects.filter(at__gte=at - WINDOW).values_list("area_key")
    found: list[list[str]] = []
    held = MOST_TOLD
    for area, number in told.annotate(number=Count("pk")).order_by("area_key"):
        if held + number > MOST_TOLD:
            found.append([])
            held = 0
        found[-1].append(area)
        held += number
    return found


def pass_over(areas: Sequence[str], *, at: datetime) -> int:
    """Set the matters of communities right; return how many were found. Safe to run twice or be killed."""
    for area in areas:
        refresh(area, at=at)
    tellings = list(_tellings(areas, since=at - WINDOW))
    looked = {UUID(one.id) for one in tellings}
    sign_stale(sorted(looked))
    found = find(tellings, lexicon=lexicon_now().lexicon)
    known = _known(sorted(looked))
    taken: set[UUID] = set()
    for one in sorted(found, key=lambda one: (-one.count, one.id)):
        members = [UUID(key) for key in one.members]
        target = _same(members, known, taken)
        spot = _settle(one, members, target, looked, at=at)
        taken.add(spot)
    _dissolve(looked, {UUID(key) for one in found for key in one.members}, at=at)
    return len(found)


# --- what is read ------------------------------------------------------------------------------------
def refresh(area: str, *, at: datetime) -> None:
    """Follow what was corrected since: items of cases, secrecy, withdrawals; and count the weeks anew."""
    with connection.cursor() as cursor:
        cursor.execute(_HIDDEN, [area])
        hidden = [row[0] for row in cursor.fetchall()]
    if hidden:
        take_out(hidden, at=at)
    with one_at_a_time(), connection.cursor() as cursor:
        cursor.execute(_ITEMS, [area, at - WINDOW])
        cursor.execute("DELETE FROM insight_placeweek WHERE area_path = %s", [area])
        cursor.execute(_WEEKS, [area])


_HIDDEN = """
SELECT k.appeal_id FROM insight_hotmark k JOIN intake_appeal a ON a.id = k.appeal_id
LEFT JOIN cases_membership m ON m.appeal_id = a.id AND m.until_at IS NULL
LEFT JOIN cases_case c ON c.id = m.case_id
WHERE k.area_key = %s AND (a.withdrawn_at IS NOT NULL OR c.confidential)
"""
_ITEMS = """
UPDATE insight_hotmark k SET item_code = c.item_code
FROM cases_membership m JOIN cases_case c ON c.id = m.case_id
WHERE m.appeal_id = k.appeal_id AND m.until_at IS NULL AND k.area_key = %s AND k.at >= %s
    AND c.item_code <> '' AND c.item_code <> k.item_code
"""
_WEEKS = """
INSERT INTO insight_placeweek (area_path, item_group, week_on, count)
SELECT area_key, left(item_code, 4), date_trunc('week', at AT TIME ZONE 'Asia/Shanghai')::date, count(*)
FROM insight_hotmark WHERE area_key = %s GROUP BY 1, 2, 3
"""
_TOLD = """
SELECT k.appeal_id, a.title, a.text, k.at, k.lat, k.lon, k.place_key, k.item_code,
    coalesce(a.account_id::text, nullif(p.phone, ''), nullif(p.email, ''), ''),
    (SELECT count(*) FROM cases_membership m JOIN cases_membership o ON o.case_id = m.case_id
     WHERE m.appeal_id = k.appeal_id AND m.until_at IS NULL AND m.how = 'opened' AND o.until_at IS NULL
       AND o.how = 'me_too')
FROM insight_hotmark k JOIN intake_appeal a ON a.id = k.appeal_id
LEFT JOIN intake_party p ON p.appeal_id = a.id
WHERE k.area_key = ANY(%s) AND k.at >= %s AND NOT k.me_too ORDER BY k.at DESC LIMIT %s
"""


def _tellings(areas: Sequence[str], *, since: datetime) -> Iterator[Telling]:
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, [list(areas), since, MOST_TOLD])
        for row in cursor.fetchall():
            yield telling_of(row)


def _known(appeals: Sequence[UUID]) -> dict[UUID, tuple[UUID, int]]:
    """Return the matter each appeal is in, with how many are in that."""
    inside = dict(
        HotMark.objects.filter(pk__in=list(appeals), spot__isnull=False, me_too=False).values_list(
            "pk", "spot"
        )
    )
    sizes = Counter(inside.values())
    return {appeal: (spot, sizes[spot]) for appeal, spot in inside.items() if spot is not None}


def _same(members: Sequence[UUID], known: dict[UUID, tuple[UUID, int]], taken: set[UUID]) -> UUID | None:
    """Return the known matter these appeals are, if one shares enough and none else has taken it over."""
    shared = Counter(known[appeal] for appeal in members if appeal in known)
    for (spot, size), number in sorted(shared.items(), key=lambda pair: (-pair[1], str(pair[0][0]))):
        if spot not in taken and number >= SAME_FROM * min(size, len(members)):
            return spot
    return None


# --- what is written ---------------------------------------------------------------------------------
def _settle(
    found: Found, members: Sequence[UUID], target: UUID | None, looked: set[UUID], *, at: datetime
) -> UUID:
    """Give a matter found anew its members, as far as people have not decided otherwise; return its key."""
    with one_at_a_time():
        spots = lock_spots([target]) if target else {}
        spot = spots.get(target) if target else None
        if spot is None or spot.state == State.MERGED:
            spot = _new(found)
        marks = {mark.pk: mark for mark in HotMark.objects.filter(pk__in=members).select_related("spot")}
        coming = [key for key, mark in marks.items() if mark.spot_id != spot.pk and _may_leave(mark)]
        touched = {marks[key].spot_id for key in coming} - {None}
        attach(coming, spot.pk)
        if not is_settled(spot):
            _send_away(spot, looked - set(members))
            spot.title = fit_title(found.title, found.category)
        recount(spot, at=at, whole=True)
        for other in lock_spots(sorted(key for key in touched if key and key != spot.pk)).values():
            recount(other, at=at, whole=True)
        return spot.pk


def is_settled(spot: HotSpot) -> bool:
    """Return whether people have spoken on a matter: then a pass adds to it and takes nothing away."""
    return bool(spot.named_by) or spot.state != State.OPEN


def _may_leave(mark: HotMark) -> bool:
    return not mark.pinned and (mark.spot is None or not is_settled(mark.spot))


def _send_away(spot: HotSpot, others: set[UUID]) -> None:
    """Take out of an open matter what was looked at and no longer belongs to it.

    What is older than the window stays, and so does what lies in communities another pass looks at.
    """
    gone = HotMark.objects.filter(spot=spot, pk__in=others, pinned=False, me_too=False)
    gone.update(spot=None, who=None)


def _new(found: Found) -> HotSpot:
    return HotSpot.objects.create(
        district=settings.DISTRICT, title=fit_title(found.title, found.category), area_path="",
        item_code=found.category[:12], first_at=found.first_at, last_at=found.last_at,
    )  # fmt: skip


def _dissolve(looked: set[UUID], found: set[UUID], *, at: datetime) -> None:
    """Let go of open matters the pass did not find again, as far as it looked."""
    left = HotMark.objects.filter(
        pk__in=looked - found, pinned=False, spot__state=State.OPEN, spot__named_by=""
    )
    spots = {key for key in left.values_list("spot", flat=True) if key is not None}
    for key in sorted(spots):
        with one_at_a_time():
            for spot in lock_spots([key]).values():
                if is_settled(spot):
                    continue
                own = HotMark.objects.filter(spot=spot, me_too=False)
                members = set(own.values_list("pk", flat=True))
                # Of a matter that reaches into another slice this one has seen a part too small to judge.
                if own.filter(at__gte=at - WINDOW).exclude(pk__in=looked).exists():
                    continue
                going = members & (looked - found)
                HotMark.objects.filter(pk__in=going, pinned=False).update(spot=None, who=None)
                if going == members:
                    HotMark.objects.filter(spot=spot, pinned=False).update(spot=None, who=None)
                recount(spot, at=at, whole=True)


# --- cooling -----------------------------------------------------------------------------------------
def cool_down(*, at: datetime) -> int:
    """Let matters nobody wrote on for a day cool by time alone; return how many were looked at."""
    stale = HotSpot.objects.filter(
        stage__in=[*BURNING, Stage.COOLING], state__in=[State.OPEN, State.CONFIRMED],
        last_at__lt=at - timedelta(days=1),
    )  # fmt: skip
    keys = list(stale.order_by("last_at").values_list("pk", flat=True))
    for key in keys:
        with one_at_a_time():
            for spot in lock_spots([key]).values():
                recount(spot, at=at)
    return len(keys)


def pass_over_all(*, at: datetime) -> dict[str, int]:
    """Go through every community at once, as a filled demo does; return what came of it."""
    missed = take_in_missed(at=at)
    learn_anew(at=at)
    found = [pass_over(areas, at=at) for areas in slices(at=at)]
    return {"missed": missed, "found": sum(found), "cooled": cool_down(at=at)}
