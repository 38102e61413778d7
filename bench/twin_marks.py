"""How long it takes to find an appeal's twins in a town of a million appeals: the search where it runs.

The town's own marks, written by the pipe, are copied: what one tells, where another lies, on any day of a
year; five thousand more tell of one estate in two days. Asked are appeals at their point, in the estate
everybody writes about, and by words alone.
"""

from __future__ import annotations

import random
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import psycopg

if TYPE_CHECKING:
    from report import Report
    from town import Town

    from huying.triage.neighbours import Neighbour

MARKS: Final = 1_000_000
LIKENESSES, BURST, ASKED = 2_000, 5_000, 300
GOAL_MS: Final = 20.0
SEED: Final = 20
FILL: Final = """
INSERT INTO triage_twinmark (appeal_id, item_group, item_code, cell, area_key, lat, lon, area_path,
    signature, concepts, wrongs, at)
SELECT gen_random_uuid(), told.item_group, told.item_code,
    CASE WHEN b.lat IS NULL THEN '' ELSE floor((b.lat + g.up) / 0.0016)::bigint || ':'
        || floor((b.lon + g.side) / 0.0016)::bigint END,
    b.area_key, b.lat + g.up, b.lon + g.side, b.area_path, told.signature, told.concepts, told.wrongs,
    now() - g.days * interval '1 day'
FROM (SELECT 1 + floor(random() * %(likes)s)::int AS a, 1 + floor(random() * %(places)s)::int AS b,
        (random() - 0.5) * 0.002 AS up, (random() - 0.5) * 0.002 AS side, random() * %(days)s AS days
    FROM generate_series(1, %(count)s)) AS g
JOIN likeness AS told ON told.n = g.a JOIN likeness AS b ON b.n = g.b
"""


def measured(report: Report, marks: int) -> dict[str, float]:
    """Return the 99th percentile of milliseconds for each kind of search, in a town of its own."""
    from lists import take_in
    from town import town_of_its_own

    with town_of_its_own(HUYING_LOG_LEVEL="WARNING") as town:
        town.inside("found")
        take_in(town, town.inside("bodies"), LIKENESSES)
        started = time.perf_counter()
        _fill(town, marks)
        report.say(f"{marks:,} marks written in {time.perf_counter() - started:.0f} s")
        told = town.inside("twins", str(ASKED))
    for what, figures in told.items():
        report.say(
            f"{what}: p50 {figures['p50']:.2f} ms, p99 {figures['p99']:.2f} ms, "
            f"{figures['processor']:.2f} ms of one processor here, {figures['found']:.1f} suspected"
        )
    report.keep("search", told)
    return {what: figures["p99"] for what, figures in told.items()}


def _fill(town: Town, marks: int) -> None:
    with psycopg.connect(town.admin_url, autocommit=True) as connection:
        # Marks need no appeals here: only the search is measured.
        connection.execute("SET session_replication_role = replica")
        connection.execute("SELECT setseed(0.2)")
        connection.execute(
            "CREATE TEMPORARY TABLE likeness AS SELECT row_number() OVER (ORDER BY appeal_id) AS n, * "
            "FROM triage_twinmark"
        )
        row = connection.execute("SELECT count(*) FROM likeness").fetchone()
        likes = int(row[0]) if row else 0
        everywhere = {"likes": likes, "places": likes, "days": 365, "count": marks - BURST}
        for asked in (everywhere, {"likes": likes, "places": 1, "days": 2, "count": BURST}):
            connection.execute(FILL, asked)
        connection.execute("VACUUM (ANALYZE) triage_twinmark")


def search_among(count: str) -> object:
    """Look for the twins of so many appeals one by one, in this process; see `bench/inside.py`."""
    from django.utils import timezone

    from huying.triage.core.signature import Signature
    from huying.triage.models import TwinMark
    from huying.triage.neighbours import Neighbour

    def fresh(mark: TwinMark) -> Neighbour:
        return Neighbour(
            mark.appeal_id, mark.item_code, mark.item_group, mark.lat, mark.lon, mark.area_path,
            timezone.now(), Signature.from_bytes(bytes(mark.signature)), bytes(mark.concepts),
        )  # fmt: skip

    dice, kept = (
        random.Random(SEED),
        list(TwinMark.objects.filter(lat__isnull=False).order_by("-at")[:20_000]),
    )
    drawn = [fresh(mark) for mark in dice.sample(kept, int(count))]
    crowded = max((mark.cell for mark in kept), key=[mark.cell for mark in kept[:BURST]].count)
    there = [fresh(mark) for mark in kept if mark.cell == crowded][: int(count)]
    by_words = [replace(one, lat=None, lon=None) for one in drawn]
    return {
        "at a point": _timed(drawn),
        "in an estate of 5,000 appeals": _timed(there),
        "by words alone": _timed(by_words),
    }


def _timed(asked: list[Neighbour]) -> dict[str, Any]:
    from huying.triage.neighbours import find_neighbours

    took, found = [], 0
    for one in asked[:30]:
        find_neighbours([one], at=one.at)
    used = time.process_time()
    for one in asked:
        started = time.perf_counter()
        [(_, suspects)] = find_neighbours([one], at=one.at)
        took.append((time.perf_counter() - started) * 1000)
        found += len(suspects)
    used = time.process_time() - used
    took.sort()
    return {
        "p50": took[len(took) // 2],
        "p99": took[len(took) * 99 // 100],
        "processor": used * 1000 / len(asked),
        "found": found / len(asked),
    }
