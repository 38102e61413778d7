"""Which matter an appeal belongs to, by the same measures as the night's pass (`core.hotspots_live`).

Only indexes are read. Known matters are found by the keys of their place (names, corners of a grid around a
point, words of a title), for without one in common there is no affinity. Loose appeals are looked for in the
nine squares around the point, at the named place, and in the community for what has no point: the latest so
many of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from huying.insight.core.hotspots import MatterProfile, Profile, belonging, nearest, together
from huying.insight.lexicons import WINDOW
from huying.insight.marking import cells_around
from huying.insight.signing import profile_matter, signed

if TYPE_CHECKING:
    from uuid import UUID

    from huying.insight.lexicons import Reading
    from huying.insight.marking import Mark

# Loose appeals lie this near in time; a matter known already is remembered as long as the night looks back.
LOOSE_WINDOW = timedelta(days=60)
MOST_NEAR, MOST_HERE, MOST_AREA = 24, 60, 60
MOST_SPOTS: Final = 60
# So many matters an older lexicon summed up are summed up anew on the way.
SUMMED_AT_ONCE: Final = 10

_SEARCH = f"""
SELECT DISTINCT ON (m.at, m.appeal_id) m.appeal_id, m.signature, m.edition FROM (
    SELECT t.* FROM unnest(%(cells)s::text[]) AS q(cell) CROSS JOIN LATERAL (
        SELECT appeal_id, at, signature, edition, me_too FROM insight_hotmark t
        WHERE t.cell = q.cell AND t.cell <> '' AND t.spot_id IS NULL
            AND t.at BETWEEN %(since)s AND %(until)s ORDER BY t.at DESC LIMIT {MOST_NEAR}) t
    UNION ALL
    (SELECT appeal_id, at, signature, edition, me_too FROM insight_hotmark t
        WHERE t.place_key = %(place)s AND t.place_key <> '' AND %(place)s <> '' AND t.spot_id IS NULL
            AND t.at BETWEEN %(since)s AND %(until)s ORDER BY t.at DESC LIMIT {MOST_HERE})
    UNION ALL
    (SELECT appeal_id, at, signature, edition, me_too FROM insight_hotmark t
        WHERE t.area_key = %(area)s AND t.spot_id IS NULL
            AND t.at BETWEEN %(since)s AND %(until)s {{pointless}} ORDER BY t.at DESC LIMIT {MOST_AREA})
) m WHERE m.appeal_id <> %(appeal)s AND NOT m.me_too ORDER BY m.at DESC, m.appeal_id
"""  # noqa: S608 - only the numbers above are put into the text
_MATTERS = """
SELECT s.id, p.edition, p.body, p.members FROM insight_hotprofile p JOIN insight_hotspot s ON s.id = p.spot_id
WHERE p.keys && %(keys)s::text[] AND s.state <> 'merged' AND s.last_at BETWEEN %(since)s AND %(until)s
ORDER BY s.last_at DESC, s.id LIMIT %(most)s
"""


@dataclass(frozen=True)
class Match:
    """Where an appeal belongs: into a matter, with others into a new one, or (both empty) nowhere yet.

    With a matter, `together` are loose appeals that belong to it now that it has grown.
    """

    spot: UUID | None = None
    together: tuple[UUID, ...] = ()


def find_match(mark: Mark, profile: Profile, now: Reading) -> Match:
    """Return the matter an appeal belongs to, or the appeals it makes a new one with."""
    matters = _matters(mark, profile, now)
    loose = signed(_loose(mark), now)
    spot = nearest(profile, matters)
    if spot is None:
        return Match(together=tuple(together(profile, loose)))
    return Match(spot, tuple(belonging(matters[spot].joined_by(profile), loose)))


def _loose(mark: Mark) -> list[tuple[Any, ...]]:
    """Return appeals of no matter near another one (appeal, signature, edition), the latest first."""
    with connection.cursor() as cursor:
        # With a point only what has none is looked for in the whole community, by an index of its own.
        cursor.execute(
            _SEARCH.format(pointless="" if mark.lat is None else "AND t.lat IS NULL"),
            {
                "cells": cells_around(mark.lat, mark.lon), "place": mark.place_key, "area": mark.area_key,
                "appeal": mark.appeal, "since": mark.at - LOOSE_WINDOW, "until": mark.at + LOOSE_WINDOW,
            },
        )  # fmt: skip
        return list(cursor.fetchall())


def _matters(mark: Mark, profile: Profile, now: Reading) -> dict[UUID, MatterProfile]:
    """Return known matters that share a key with an appeal, the latest first: all others have no affinity."""
    with connection.cursor() as cursor:
        cursor.execute(
            _MATTERS,
            {
                "keys": profile.loud_keys(), "since": mark.at - WINDOW,
                "until": mark.at + WINDOW, "most": MOST_SPOTS,
            },
        )  # fmt: skip
        rows = cursor.fetchall()
    found: dict[UUID, MatterProfile] = {}
    stale = 0
    for spot, by, body, members in rows:
        if by == now.edition:
            found[spot] = MatterProfile.from_bytes(bytes(body), members)
        elif stale < SUMMED_AT_ONCE:
            stale += 1
            if (summed := profile_matter(spot, now)) is not None:
                found[spot] = summed
    return found
