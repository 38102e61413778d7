"""How long one new appeal takes to update its matter in a town of a million appeals, where the job runs.

The town's own marks, written by the pipe, are copied over a year, and 20,000 matters are laid over them; one
of them has 2,000 appeals, one estate 5,000 of two days. Then appeals are sent through the pipe and each is
taken in by the same code the job runs: reading it, its mark, the search, its matter counted anew, the week.
Last the town is started as `huying run` starts it, and appeals are sent through its API: from the request to
the moment its matter shows it. The copied marks have no appeals behind them, only the town's own have.
"""

from __future__ import annotations

import http.client
import json
import time
from typing import TYPE_CHECKING, Any, Final

import psycopg
from lists import take_in
from report import Report, arguments
from town import town_of_its_own

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from town import Town

MARKS: Final = 1_000_000
LIKENESSES, BURST, ASKED, SPOTS, LARGE = 1_000, 5_000, 300, 20_000, 2_000
GOAL_MS: Final = 50.0
WARM_UP, POSTED, PAUSE_SECONDS, LOST_SECONDS, SECOND_MS = 20, 200, 0.1, 30.0, 1000.0
_WAITING: Final = "SELECT 1 FROM procrastinate_jobs WHERE queue_name = 'facts' AND status = 'todo' LIMIT 1"
_KNOWN: Final = """
SELECT k.spot_id FROM intake_appeal a JOIN insight_hotmark k ON k.appeal_id = a.id WHERE a.number = %s
"""
_FILL: Final = """
INSERT INTO insight_hotmark (appeal_id, at, item_code, area_path, area_key, place_key, cell, lat, lon,
    signature, edition, me_too, pinned)
SELECT gen_random_uuid(), now() - g.days * interval '1 day', told.item_code, told.area_path, told.area_key,
    told.place_key, CASE WHEN told.lat IS NULL THEN '' ELSE floor((told.lat + g.up) / 0.0016)::bigint
        || ':' || floor((told.lon + g.side) / 0.0016)::bigint END,
    told.lat + g.up, told.lon + g.side, told.signature, told.edition, FALSE, FALSE
FROM (SELECT 1 + floor(random() * %(places)s)::int AS a,
        (random() - 0.5) * 0.002 AS up, (random() - 0.5) * 0.002 AS side, random() * %(days)s AS days
    FROM generate_series(1, %(count)s)) AS g
JOIN likeness AS told ON told.n = g.a
"""
_SPOTS: Final = """
INSERT INTO insight_hotspot (id, fact_seq, fact_hash, district, title, named_by, place, area_path, item_code,
    stage, state, heat, growth, expected, count, me_too, appellants, busiest, first_at, last_at, words,
    episode, highest, decided_by_name, decided_reason, edition)
SELECT gen_random_uuid(), 0, decode(repeat('00', 32), 'hex'), '440399', 'matter ' || n, '', '', area_key,
    item_code, 'quiet', 'open', 0, 1, 0, 0, 0, 0, 0, now(), now(), '{}', 1, 0, '', '', 1
FROM (SELECT row_number() OVER () AS n, area_key, item_code FROM insight_hotmark LIMIT %(spots)s) AS k
"""
# Matters are laid over like appeals of one square, a third of which stay loose; the largest over the burst.
_GIVE: Final = """
WITH s AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM insight_hotspot),
k AS (SELECT appeal_id, dense_rank() OVER (ORDER BY cell, item_code) AS n FROM insight_hotmark
    WHERE cell <> '' AND abs(hashtext(appeal_id::text)) % 3 > 0)
UPDATE insight_hotmark m SET spot_id = s.id, who = substring(uuid_send(m.appeal_id) from 9)
FROM k JOIN s ON s.n = k.n WHERE m.appeal_id = k.appeal_id
"""
_LARGE: Final = """
UPDATE insight_hotmark SET spot_id = (SELECT id FROM insight_hotspot ORDER BY id LIMIT 1),
    who = substring(uuid_send(appeal_id) from 9)
WHERE appeal_id IN (SELECT appeal_id FROM insight_hotmark WHERE at > now() - interval '2 days'
    ORDER BY cell, at LIMIT %(large)s)
"""
_WEEKS: Final = """
INSERT INTO insight_placeweek (area_path, item_group, week_on, count)
SELECT area_key, left(item_code, 4), date_trunc('week', at AT TIME ZONE 'Asia/Shanghai')::date, count(*)
FROM insight_hotmark GROUP BY 1, 2, 3 ON CONFLICT DO NOTHING
"""


def main() -> None:
    """Fill a town, send appeals, and print how long the update of each took."""
    parser = arguments(__doc__, seconds=0)
    parser.add_argument("--marks", "--largest", type=int, default=MARKS, help="appeals in the town")
    chosen = parser.parse_args()
    report = Report("Hot spots, live: one new appeal among many", chosen.json)
    with town_of_its_own(HUYING_LOG_LEVEL="WARNING") as town:
        town.inside("found")
        bodies = town.inside("bodies")
        take_in(town, bodies, LIKENESSES)
        started = time.perf_counter()
        town.inside("hot_marks")
        report.say(f"{LIKENESSES:,} marks made of appeals in {time.perf_counter() - started:.0f} s")
        _fill(town, chosen.marks)
        report.say(
            f"{chosen.marks:,} marks and {SPOTS:,} matters after {time.perf_counter() - started:.0f} s"
        )
        summed = town.inside("hot_profiles")
        report.say(f"{summed:,} matters summed up after {time.perf_counter() - started:.0f} s")
        told = town.inside("hot_live", str(ASKED))
        _tell(report, told)
        _end_to_end(report, town, bodies)
    report.end()


def _tell(report: Report, told: dict[str, dict[str, float]]) -> None:
    for what, figures in told.items():
        report.say(
            f"{what}: p50 {figures['p50']:.1f} ms, p99 {figures['p99']:.1f} ms, "
            f"{figures['processor']:.1f} ms of one processor here, {figures['found']:.2f} found their matter"
        )
        report.goal(f"{what}, p99", figures["p99"], GOAL_MS, most=True, unit=" ms")
    report.keep("live", told)


def _end_to_end(report: Report, town: Town, bodies: Sequence[dict[str, Any]]) -> None:
    """Send appeals to the running town as a client does, and wait for each until its matter knows of it."""
    key = town.inside("key")["api_key"]
    answered, updated, placed = [], [], 0
    with town.running(), psycopg.connect(town.admin_url, autocommit=True) as database:
        # What the appeals before left to do would stand before these in the queue.
        while database.execute(_WAITING).fetchone():
            time.sleep(1)
        for number in range(WARM_UP + POSTED):
            began = time.perf_counter()
            filed = _post(town, key, bodies[number % len(bodies)], number)
            answer = time.perf_counter() - began
            row = None
            while row is None and time.perf_counter() - began < LOST_SECONDS:
                row = database.execute(_KNOWN, [filed]).fetchone()
                time.sleep(0.002)
            if number >= WARM_UP:
                answered.append(answer * 1000)
                updated.append((time.perf_counter() - began) * 1000)
                placed += bool(row and row[0])
            time.sleep(PAUSE_SECONDS)
    known, answer = _percentiles(updated), _percentiles(answered)
    report.say(
        f"from POST to the answer: p50 {answer['p50']:.0f} ms, p99 {answer['p99']:.0f} ms; to its matter: "
        f"p50 {known['p50']:.0f} ms; {placed / POSTED:.2f} found one"
    )
    report.goal("from POST to its matter, p99", known["p99"], SECOND_MS, most=True, unit=" ms")
    report.keep("end_to_end", {"answered": answer, "updated": known})


def _post(town: Town, key: str, body: dict[str, Any], number: int) -> str:
    headers = {
        "Authorization": f"Bearer {key}", "Content-Type": "application/json",
        "Idempotency-Key": f"live-{number}",
    }  # fmt: skip
    connection = http.client.HTTPConnection("127.0.0.1", town.port, timeout=60)
    try:
        connection.request("POST", "/api/v1/appeals", json.dumps(body).encode(), headers)
        return str(json.loads(connection.getresponse().read())["number"])
    finally:
        connection.close()


def _percentiles(took: Sequence[float]) -> dict[str, float]:
    ordered = sorted(took)
    return {f"p{part}": round(ordered[len(ordered) * part // 100], 1) for part in (50, 99)}


def _fill(town: Town, marks: int) -> None:
    with psycopg.connect(town.admin_url, autocommit=True) as connection:
        # Marks need no appeals here: only the update is measured.
        connection.execute("SET session_replication_role = replica")
        connection.execute("SELECT setseed(0.2)")
        connection.execute(
            "CREATE TEMPORARY TABLE likeness AS SELECT row_number() OVER (ORDER BY appeal_id) AS n, * "
            "FROM insight_hotmark"
        )
        row = connection.execute("SELECT count(*) FROM likeness").fetchone()
        likes = int(row[0]) if row else 0
        for asked in (
            {"places": likes, "days": 365, "count": marks - BURST},
            {"places": 1, "days": 2, "count": BURST},
        ):
            connection.execute(_FILL, asked)
        connection.execute(_SPOTS, {"spots": SPOTS})
        connection.execute(_GIVE)
        connection.execute(_LARGE, {"large": LARGE})
        connection.execute(_WEEKS)
        for table in ("hotmark", "hotspot", "placeweek"):
            connection.execute(f"VACUUM (ANALYZE) insight_{table}")


def mark_all() -> object:
    """Mark every appeal of the town, as its jobs would; see `bench/inside.py`."""
    from django.utils import timezone

    from huying.insight.lexicons import learn_anew
    from huying.insight.live import take_in as take
    from huying.insight.models import HotMark
    from huying.insight.signing import sign_stale
    from huying.intake.models import Appeal

    keys = list(Appeal.objects.order_by("received_at").values_list("pk", flat=True))
    for start in range(0, len(keys), 200):
        take(keys[start : start + 200], at=timezone.now())
    learn_anew(at=timezone.now())
    # What was found on the way is forgotten: the town's matters are laid over it as a whole.
    HotMark.objects.update(spot=None, who=None)
    return sign_stale(keys)


def sum_up_all() -> object:
    """Sum up what every matter is about, as the night's pass does."""
    from huying.insight.lexicons import lexicon_now
    from huying.insight.models import HotMark
    from huying.insight.signing import profile_matter

    spots = HotMark.objects.exclude(spot=None).order_by("spot").values_list("spot", flat=True).distinct()
    now = lexicon_now()
    return sum(profile_matter(spot, now) is not None for spot in list(spots) if spot is not None)


def update_one_by_one(count: str) -> object:
    """Send so many appeals, and take each in by itself; and again where everybody writes."""
    from django.utils import timezone

    from huying.insight.models import HotMark
    from huying.intake.actions import Draft
    from huying.intake.models import Appeal
    from huying.journeys.appeal import submit_appeal
    from huying.ledger.actor import SYSTEM

    told = list(Appeal.objects.order_by("?")[: int(count)])
    crowd = HotMark.objects.order_by("-at").exclude(lat=None).values_list("lat", "lon")[0]

    def sent(kind: str, points: Sequence[tuple[float | None, float | None]]) -> list[UUID]:
        return [
            submit_appeal(
                Draft("web", f"hot-{kind}-{number}", one.text, b"{}", lat=lat, lon=lon), by=SYSTEM,
                at=timezone.now(),
            ).appeal_id
            for number, (one, (lat, lon)) in enumerate(zip(told, points, strict=True))
        ]  # fmt: skip

    return {
        "at its own place": _timed(sent("place", [(one.lat, one.lon) for one in told])),
        "where 5,000 wrote in two days": _timed(sent("crowd", [crowd] * len(told))),
        "by words alone": _timed(sent("words", [(None, None)] * len(told))),
    }


def _timed(appeals: list[UUID]) -> dict[str, Any]:
    from django.utils import timezone

    from huying.insight.live import take_in as take

    took, found, used = [], 0, time.process_time()
    for appeal in appeals:
        started = time.perf_counter()
        found += bool(take([appeal], at=timezone.now()))
        took.append((time.perf_counter() - started) * 1000)
    used = time.process_time() - used
    took.sort()
    return {
        "p50": took[len(took) // 2],
        "p99": took[len(took) * 99 // 100],
        "processor": used * 1000 / len(appeals),
        "found": found / len(appeals),
    }


if __name__ == "__main__":
    main()
