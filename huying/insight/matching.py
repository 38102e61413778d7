"""Which matter an appeal belongs to: looked for among what lies near it in place and time, then by its words.

Only indexes are read: the nine squares around its point, the named place, and the community for what has no
point; the latest so many of each. Average likeness decides, not the single best: a chain of likenesses would
make one heap of a whole estate.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from math import cos, hypot, radians
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from huying.insight.marking import GROUP_LETTERS, NO_AREA, cells_around
from huying.places.core.coordinates import METRES_PER_DEGREE
from huying.triage.core.signature import Signature, similarities_to_stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from huying.insight.marking import Mark

WITHIN_METRES: Final = 250.0
WINDOW = timedelta(days=60)
MOST_NEAR, MOST_HERE, MOST_AREA = 40, 120, 120
# How alike two texts of one matter are at least, by what else they have in common: item, group, nothing.
SAME_ITEM, SAME_GROUP, OTHER_KIND = 0.20, 0.26, 0.36
# Where nothing but the community, or not even that, is shared, words must say the more.
ONLY_AREA, NO_PLACE = 0.08, 0.18
# What a matter's members are like on average, and how many of them are looked at.
MEAN_SHARE: Final = 0.75
MOST_COMPARED = 12
# So many alike make a matter, the new one among them.
LEAST_TOGETHER = 3

_SEARCH = f"""
SELECT DISTINCT ON (m.appeal_id) m.appeal_id, m.item_code, m.place_key, m.lat, m.lon, m.signature, m.spot_id,
    m.at FROM (
    SELECT t.* FROM unnest(%(cells)s::text[]) AS q(cell) CROSS JOIN LATERAL (
        SELECT * FROM insight_hotmark t WHERE t.cell = q.cell AND t.cell <> ''
            AND t.at BETWEEN %(since)s AND %(until)s ORDER BY t.at DESC LIMIT {MOST_NEAR}) t
    UNION ALL
    (SELECT * FROM insight_hotmark t WHERE t.place_key = %(place)s AND t.place_key <> '' AND %(place)s <> ''
        AND t.at BETWEEN %(since)s AND %(until)s ORDER BY t.at DESC LIMIT {MOST_HERE})
    UNION ALL
    (SELECT * FROM insight_hotmark t WHERE t.area_key = %(area)s
        AND t.at BETWEEN %(since)s AND %(until)s {{pointless}}
        ORDER BY t.at DESC LIMIT {MOST_AREA})
) m WHERE m.appeal_id <> %(appeal)s AND NOT m.me_too
"""  # noqa: S608 - only the numbers above are put into the text


@dataclass(frozen=True)
class Near:
    """An appeal near another one, and how alike their words are beyond what is asked for (0: just enough)."""

    appeal: UUID
    spot: UUID | None
    signature: bytes
    alike: float
    needed: float


@dataclass(frozen=True)
class Match:
    """Where an appeal belongs: into a matter, or with others into a new one, or (both empty) nowhere yet."""

    spot: UUID | None = None
    together: tuple[UUID, ...] = ()


def find_match(mark: Mark) -> Match:
    """Return the matter an appeal belongs to, or the appeals it makes a new one with."""
    near = look_around(mark)
    spots: dict[UUID, list[Near]] = defaultdict(list)
    for one in near:
        if one.spot is not None:
            spots[one.spot].append(one)
    fits = {key: fit for key, members in spots.items() if (fit := _fit(members)) > 0}
    if fits:
        return Match(spot=max(fits, key=lambda key: (fits[key], str(key))))
    alone = sorted((one for one in near if one.spot is None and one.alike >= one.needed), key=_by_likeness)
    return Match(together=_circle(alone))


def _by_likeness(one: Near) -> tuple[float, str]:
    return one.needed - one.alike, str(one.appeal)


def _fit(members: Sequence[Near]) -> float:
    """Return how well an appeal fits a matter: above 0 where it belongs to it."""
    compared = sorted(members, key=_by_likeness)[:MOST_COMPARED]
    best = compared[0]
    if best.alike < best.needed:
        return 0.0
    mean = sum(one.alike / one.needed for one in compared) / len(compared)
    return mean if mean >= MEAN_SHARE else 0.0


def _circle(alone: Sequence[Near]) -> tuple[UUID, ...]:
    """Return those of the alike ones that are also alike among each other; nothing when they are too few."""
    kept: list[Near] = []
    for one in alone[:MOST_COMPARED]:
        if not kept:
            kept.append(one)
            continue
        among = similarities_to_stored(
            Signature.from_bytes(one.signature), [other.signature for other in kept]
        )
        if float(among.mean()) >= MEAN_SHARE * one.needed:
            kept.append(one)
    return tuple(one.appeal for one in kept) if len(kept) + 1 >= LEAST_TOGETHER else ()


def look_around(mark: Mark) -> list[Near]:
    """Return what lies near an appeal in place and time, with how alike the words are."""
    rows = [row for row in _rows(mark) if _is_near(mark, row)]
    if not rows or not len(mark.signature):
        return []
    alike = similarities_to_stored(mark.signature, [bytes(row[5]) for row in rows])
    return [
        Near(row[0], row[6], bytes(row[5]), float(value), _needed(mark, row))
        for row, value in zip(rows, alike, strict=True)
    ]


def _rows(mark: Mark) -> Iterable[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        # With a point only what has none is looked for in the whole community, by an index of its own.
        cursor.execute(
            _SEARCH.format(pointless="" if mark.lat is None else "AND t.lat IS NULL"),
            {
                "cells": cells_around(mark.lat, mark.lon), "place": mark.place_key, "area": mark.area_key,
                "appeal": mark.appeal,
                "since": mark.at - WINDOW, "until": mark.at + WINDOW,
            },
        )  # fmt: skip
        return list(cursor.fetchall())


def _is_near(mark: Mark, row: tuple[Any, ...]) -> bool:
    _appeal, _item, place, lat, lon, *_rest = row
    if mark.place_key and place == mark.place_key:
        return True
    if mark.lat is None or mark.lon is None or lat is None or lon is None:
        return True
    north = (lat - mark.lat) * METRES_PER_DEGREE
    east = (lon - mark.lon) * METRES_PER_DEGREE * cos(radians(mark.lat))
    return hypot(north, east) <= WITHIN_METRES


def _needed(mark: Mark, row: tuple[Any, ...]) -> float:
    """Return how alike the words must be for these two to be of one matter."""
    _appeal, item, place, lat, *_rest = row
    if item and item == mark.item_code:
        needed = SAME_ITEM
    elif item and item[:GROUP_LETTERS] == mark.group:
        needed = SAME_GROUP
    else:
        needed = OTHER_KIND
    here = (mark.place_key and place == mark.place_key) or (mark.lat is not None and lat is not None)
    if here:
        return needed
    return needed + (NO_PLACE if mark.area_key == NO_AREA else ONLY_AREA)
