"""How whole, how pure and how fast hot spots are found, beside DBSCAN and HDBSCAN on TF-IDF vectors.

Needs the real messages beside the project (../shared/data; `--data` names the folder elsewhere) and leaves
out with a word what needs them when they are not there. `insight_matters.json` holds the matters we labelled
ourselves by reading, as ids alone: half of them (`tune`) chose the cuts, the figures are of the other half.
Every measurement runs in a process of its own on one core, so that its memory is its own. Seeds are fixed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import accumulate, product
from pathlib import Path
from typing import TYPE_CHECKING, Any

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[1]))

import numpy as np  # noqa: E402 - after the path
from hot_order import told_in_order  # noqa: E402
from report import Report, arguments  # noqa: E402

from huying.insight.core.hotspots import (  # noqa: E402
    Lexicon,
    MatterProfile,
    Settings,
    Telling,
    affinity,
    find,
    profile,
)
from huying.insight.core.hotspots_reading import Columns, read_tellings  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

DATA = HERE.parents[2] / "shared" / "data"
CHINESE, ENGLISH = Path("appeals-zh/messages_4326.csv"), Path("reports-en/reports_111k.csv.gz")
SIZES = (10_000, 100_000, 1_000_000)
ONE_CORE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
DOZENS, FIRST = 24, 15
MOST_GROWTH = 2.0  # a telling among a million may cost this much more than one among ten thousand
LIVE_ASKED, LIVE_MATTERS, LIVE_MS = 200, 50, 50.0
STEMS = (
    "Acre",
    "Birch",
    "Canal",
    "Dover",
    "Elm",
    "Forge",
    "Grange",
    "Hazel",
    "Iron",
    "Juniper",
    "Kiln",
    "Lark",
)
BUSY = 16  # every so many streets one has matters
SYLLABLES = ["ba", "ce", "di", "fo", "gu", "ha", "ke", "li", "mo", "nu", "pa", "re", "si", "to", "vu"]
KINDS = ("Road", "Lane", "Street", "Grove", "Close", "Avenue", "Terrace", "Walk")
CAUSES = {
    "Fly-tipping": "mattress sofa rubbish bags dumped fridge carpet pavement builders waste cardboard boxes",
    "Bikes": "hire bikes blocking pavement fallen scooter dropped kerb wheelchair rack parked cluster",
    "Graffiti": "tag spray paint wall shutter offensive black letters painted sign bridge",
    "Potholes": "pothole deep tarmac cyclist tyre damage surface broken crater junction",
    "Noise": "music loud night shouting bar drilling works machine engine banging early",
    "Lights": "lamp column dark flickering bulb out unlit crossing post cable exposed",
}


def main() -> None:
    """Measure everything, or one thing as a child process."""
    parser = arguments(__doc__, seconds=0)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the real messages")
    parser.add_argument("--largest", type=int, default=SIZES[-1], help="size of the largest generated body")
    parser.add_argument("--child", nargs=2, metavar=("WHAT", "WITH"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        print(json.dumps(CHILDREN[asked.child[0]](asked.child[1])))
        return
    report = Report("Hot spots", asked.json)
    if (asked.data / CHINESE).exists():
        _quality(report, asked.data / CHINESE)
    else:
        report.say(f"Left out: {asked.data / CHINESE} is not there.")
    if (asked.data / ENGLISH).exists():
        _large(report, asked.data / ENGLISH)
    else:
        report.say(f"Left out: {asked.data / ENGLISH} is not there.")
    _growth(report, sorted({*(size for size in SIZES if size < asked.largest), asked.largest}))
    _live(report, asked.data / CHINESE)
    report.end()


def _quality(report: Report, table: Path) -> None:
    ours = _child("find", str(table))
    report.goal("full pass over 4,326 messages", ours["seconds"], 15, most=True, unit=" s")
    rivals = {name: _child(name, str(table)) for name in ("dbscan", "hdbscan")}
    report.say("\n                 F1 tuned   F1 kept   seconds   MiB")
    for name, told in {"Huying": ours, "DBSCAN": rivals["dbscan"], "HDBSCAN": rivals["hdbscan"]}.items():
        tuned, kept = f1(told["groups"], tune=True), f1(told["groups"], tune=False)
        report.say(f"{name:15}{tuned:10.3f}{kept:10.3f}{told['seconds']:10.1f}{told['mib']:7.0f}")
        report.keep(f"quality_{name.lower()}", {"f1_tuned": tuned, "f1_kept": kept, **_figures(told)})
    for name, what in {"live": "live, words known", "young": "live, learning"}.items():
        told = _child(name, str(table))
        tuned, kept = f1(told["groups"], tune=True), f1(told["groups"], tune=False)
        report.say(
            f"{what:19}{tuned:6.3f}{kept:10.3f}   one by one, p99 {told['p99']:.1f} ms"
            f", {told['spots']} matters"
        )
        report.keep(f"quality_{name}", {"f1_tuned": tuned, "f1_kept": kept, "p99_ms": told["p99"]})
    report.goal("F1 on the matters kept apart", f1(ours["groups"], tune=False), 0.8, aim=0.9)
    last = max(_rank(ours["groups"], one["ids"]) for one in matters() if len(one["ids"]) >= DOZENS)
    report.goal(f"place of the last matter of {DOZENS} or more", last, FIRST, most=True)


def _large(report: Report, table: Path) -> None:
    told = _child("find", str(table))
    report.goal("full pass over 111,270 reports", told["seconds"], 180, most=True, unit=" s")
    report.goal("memory of it", told["mib"] / 1024, 1, most=True, unit=" GiB")
    report.keep("large", _figures(told))


def _growth(report: Report, sizes: Sequence[int]) -> None:
    each: dict[int, float] = {}
    for size in sizes:
        told = _child("generated", str(size))
        each[size] = 1000 * told["seconds"] / size
        report.say(
            f"{size:>9,} generated: {told['seconds']:.1f} s, {each[size]:.3f} ms each, {told['mib']:.0f} MiB"
            f", {told['spots']} hot spots, F1 with the planted {told['f1']:.3f}"
        )
        report.keep(f"generated_{size}", {**_figures(told), "f1": told["f1"]})
    growth = each[sizes[-1]] / each[sizes[0]]
    report.goal(f"cost of one among {sizes[-1]:,} against {sizes[0]:,}", growth, MOST_GROWTH, most=True)


def _live(report: Report, table: Path) -> None:
    told = read_tellings(table, Columns()).tellings if table.exists() else generated(SIZES[0])
    lexicon = Lexicon.from_bytes(Lexicon.learn(told)[0].to_bytes())
    known = [MatterProfile.of([profile(one, lexicon)]) for one in told[:LIVE_MATTERS]]
    took = []
    for one in told[-LIVE_ASKED:]:
        began = time.perf_counter()
        asked = profile(one, lexicon)
        max(affinity(asked, matter) for matter in known)
        took.append(1000 * (time.perf_counter() - began))
    report.say(f"\nA profile and {LIVE_MATTERS} affinities: {float(np.median(took)):.1f} ms in the median")
    p99 = float(np.percentile(took, 99))
    report.goal(f"p99 of matching one with {LIVE_MATTERS} matters", p99, LIVE_MS, most=True, unit=" ms")


def matters() -> list[dict[str, Any]]:
    """Return our own labelled matters: ids, and whether they chose the cuts."""
    told: list[dict[str, Any]] = json.loads(HERE.with_name("insight_matters.json").read_text())
    return [{"tune": one["tune"], "ids": {str(id_) for id_ in one["ids"]}} for one in told]


def f1(groups: Sequence[Sequence[str]], *, tune: bool) -> float:
    """Return the mean over matters of the best F1 any group reaches with it."""
    sets = [set(group) for group in groups]
    reached = [_best(sets, one["ids"])[0] for one in matters() if one["tune"] is tune]
    return sum(reached) / len(reached)


def _rank(groups: Sequence[Sequence[str]], ids: set[str]) -> int:
    return _best([set(group) for group in groups], ids)[1] + 1


def _best(sets: Sequence[set[str]], ids: set[str]) -> tuple[float, int]:
    """Return the best F1 any group reaches with a matter, and the first group that does."""
    reached = [2 * len(one & ids) / (len(one) + len(ids)) for one in sets]
    best = max(reached, default=0.0)
    return best, reached.index(best) if reached else len(sets)


def _figures(told: dict[str, Any]) -> dict[str, Any]:
    return {"seconds": round(told["seconds"], 2), "mib": round(told["mib"]), "spots": told["spots"]}


def _child(what: str, given: str) -> dict[str, Any]:
    """Run one measurement in a process of its own, on one core."""
    ran = subprocess.run(
        [sys.executable, str(HERE), "--child", what, given],
        env={**os.environ, **ONE_CORE},
        check=True,
        capture_output=True,
        text=True,
    )
    told: dict[str, Any] = json.loads(ran.stdout)
    return told


def _measured(make: Callable[[], list[list[str]]]) -> dict[str, Any]:
    """Return the groups, the seconds of the processor and the memory at its highest."""
    began = time.process_time()
    groups = make()
    return {
        "seconds": time.process_time() - began,
        "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "spots": len(groups),
        "groups": groups,
    }


def _find(table: str) -> dict[str, Any]:
    def make() -> list[list[str]]:
        return [list(spot.members) for spot in find(read_tellings(Path(table), Columns()).tellings)]

    return _measured(make)


def _in_order(table: str, *, learnt: bool) -> dict[str, Any]:
    ear = told_in_order(read_tellings(Path(table), Columns()).tellings, learnt=learnt)
    groups = sorted(ear.members.values(), key=len, reverse=True)
    return {"groups": groups, "spots": len(groups), "p99": float(np.percentile(ear.took_ms, 99))}


def _generated(size: str) -> dict[str, Any]:
    told = generated(int(size))
    everything = Settings(most=len(told))
    found = _measured(lambda: [list(spot.members) for spot in find(told, settings=everything)])
    found["f1"] = _planted_f1(found.pop("groups"), told)
    return found


def _dbscan(table: str) -> dict[str, Any]:
    from sklearn.cluster import DBSCAN

    def make() -> list[list[str]]:
        ids, vectors = _tfidf(table)
        tried = [
            _groups(ids, DBSCAN(eps=eps, min_samples=3, metric="cosine").fit(vectors).labels_)
            for eps in (0.4, 0.5, 0.6, 0.7)
        ]
        return max(tried, key=lambda groups: f1(groups, tune=True))

    return _measured(make)


def _hdbscan(table: str) -> dict[str, Any]:
    from sklearn.cluster import HDBSCAN
    from sklearn.metrics.pairwise import cosine_distances

    def make() -> list[list[str]]:
        ids, vectors = _tfidf(table)
        apart = cosine_distances(vectors).astype(np.float64)
        tried = [
            _groups(
                ids,
                HDBSCAN(min_cluster_size=3, metric="precomputed", cluster_selection_method=method, copy=True)
                .fit(apart)
                .labels_,
            )
            for method in ("eom", "leaf")
        ]
        return max(tried, key=lambda groups: f1(groups, tune=True))

    return _measured(make)


def _tfidf(table: str) -> tuple[list[str], Any]:
    import rjieba
    from sklearn.feature_extraction.text import TfidfVectorizer

    told = read_tellings(Path(table), Columns()).tellings
    vectors = TfidfVectorizer(
        tokenizer=rjieba.cut, token_pattern=None, min_df=2, max_df=0.2, sublinear_tf=True
    )
    return [one.id for one in told], vectors.fit_transform(f"{one.title} {one.text}" for one in told)


def _groups(ids: Sequence[str], labels: Sequence[int]) -> list[list[str]]:
    found: dict[int, list[str]] = {}
    for id_, label in zip(ids, labels, strict=True):
        if label >= 0:
            found.setdefault(int(label), []).append(id_)
    return sorted(found.values(), key=len, reverse=True)


def generated(size: int) -> list[Telling]:
    """Return invented reports of a town that grows with their number; a third belong to planted matters.

    The id of a planted one begins with its matter's. Of the streets, 25 reports to each on average, every
    sixteenth has two matters of some 66 reports, each of a cause and at a spot of its own; all other reports
    are of any cause anywhere. A report says some words of its cause among others that all causes use.
    """
    return list(_invented(size, random.Random(size)))


def _invented(size: int, draw: random.Random) -> Iterator[Telling]:
    streets, causes = max(BUSY, size // 25), list(CAUSES)
    chatter = ["".join(parts) for parts in product(SYLLABLES, repeat=3)]
    draw.shuffle(chatter)
    often = [1 / (10 + rank) for rank in range(len(chatter))]  # Zipf's law
    heaped = list(accumulate(often))
    start = datetime(2025, 1, 1, tzinfo=UTC)
    for at in range(size):
        planted, which = draw.random() < 1 / 3, draw.randrange(2)
        street = BUSY * draw.randrange(streets // BUSY) if planted else draw.randrange(streets)
        name = f"{STEMS[street % len(STEMS)]}{street // len(STEMS)} {KINDS[street % len(KINDS)]}"
        cause = causes[(street // BUSY + 3 * which) % len(causes)] if planted else draw.choice(causes)
        along = 0.3 * which + 0.02 * draw.random() if planted else draw.random()
        words = draw.sample(CAUSES[cause].split(), 5)
        said = words + draw.choices(chatter, cum_weights=heaped, k=8)
        draw.shuffle(said)
        yield Telling(
            id=f"{street}-{which}-{at}" if planted else f"x-{at}",
            title=f"{words[0]} {words[1]} {name}",
            text=f"There is {' '.join(said)} near number {draw.randrange(200)}, please look at it.",
            at=start + timedelta(minutes=draw.randrange(500_000)),
            lat=51.0 + 0.004 * (street % 300),
            lon=0.02 * (street // 300) + 0.012 * along,
            category=cause,
            place_codes=(f"Quarter {street // 100}", name),
        )


def _planted_f1(groups: Sequence[Sequence[str]], told: Sequence[Telling]) -> float:
    """Return the mean over planted matters of the best F1 any group reaches with it."""
    sizes = Counter(one.id.rpartition("-")[0] for one in told)
    best: dict[str, float] = {}
    for group in groups:
        for home, inside in Counter(id_.rpartition("-")[0] for id_ in group).items():
            reached = 2 * inside / (len(group) + sizes[home])
            best[home] = max(best.get(home, 0.0), reached)
    planted = [home for home in sizes if home != "x"]
    return sum(best.get(home, 0.0) for home in planted) / len(planted)


CHILDREN = {
    "live": partial(_in_order, learnt=True),
    "young": partial(_in_order, learnt=False),
    "find": _find,
    "generated": _generated,
    "dbscan": _dbscan,
    "hdbscan": _hdbscan,
}

if __name__ == "__main__":
    main()
