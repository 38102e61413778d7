"""What a page of the desk costs as a town grows: the inbox and search at 10,000, 100,000 and 1,000,000 cases.

A town started by `huying run` is asked over HTTP by signed-in members of staff, one request after the other.
Between the sizes its tables are filled with copies of cases the pipe opened (`crowd.py`): nineteen in twenty
are ended.
"""

from __future__ import annotations

import csv
import itertools
import json
import re
import time
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

import crowd
import psycopg
from load import Figures, drive
from report import Report, arguments
from town import BenchError, Town, town_of_its_own

if TYPE_CHECKING:
    from pathlib import Path

SIZES = (10_000, 100_000, 1_000_000)
LIKENESSES = 2_000
GOAL_GROWTH = 1.5
HANDLER, DISPATCHER, LEADER = "demo-handler", "demo-dispatcher", "demo-leader"


@dataclass(frozen=True)
class Asked:
    """One kind of page: its name here, who asks, its address, and whether it is a whole page of 50."""

    name: str
    who: str
    path: str
    page: bool = False


INBOX = (
    # At 10,000 cases one unit has too little open work for a whole page: told, but no measure of growth.
    Asked("inbox of one unit: in progress", HANDLER, "/desk/?tab=working"),
    Asked("inbox of one unit: overdue", HANDLER, "/desk/?tab=overdue"),
    Asked("queue of the dispatchers", DISPATCHER, "/desk/queue/", page=True),
    Asked("in progress in the whole area", LEADER, "/desk/area/?tab=working", page=True),
    Asked("overdue in the whole area", LEADER, "/desk/area/?tab=overdue", page=True),
)
SEARCHES = (
    Asked("search: frequent word (电梯)", LEADER, "/desk/search/?q=" + quote("电梯")),
    Asked("search: frequent word, one unit", HANDLER, "/desk/search/?q=" + quote("电梯")),
    Asked("search: three characters (路灯坏)", LEADER, "/desk/search/?q=" + quote("路灯坏")),
    Asked("search: rare word", LEADER, "/desk/search/?q=" + quote(crowd.RARE_WORD)),
    Asked("search: rare word, one unit", HANDLER, "/desk/search/?q=" + quote(crowd.RARE_WORD)),
    Asked("search: no such word", LEADER, "/desk/search/?q=" + quote("魑魅魍魉")),
    Asked("search: place in pinyin", LEADER, "/desk/search/?q={pinyin}"),
    Asked("search: place by initials", LEADER, "/desk/search/?q={initials}"),
    Asked("search: open, word and grade", LEADER, "/desk/search/?status=open&grade=A&q=" + quote("电梯")),
    Asked("search: supervised of an item", LEADER, "/desk/search/?supervised=on&item={item}"),
    Asked("search: number of an appeal", LEADER, "/desk/search/?q={appeal}"),
    Asked("search: number of a case", LEADER, "/desk/search/?q={case}"),
)


def main() -> None:
    """Measure, print, and end well whatever came out: a benchmark is no test."""
    parser = arguments(__doc__, seconds=3)
    parser.add_argument("--most", type=int, default=max(SIZES), help="leave larger towns out")
    chosen = parser.parse_args()
    report = Report("The desk's lists as a town grows", chosen.json)
    sizes = [size for size in SIZES if size <= chosen.most]
    took: dict[str, list[Figures]] = {}
    with town_of_its_own(HUYING_LOG_LEVEL="WARNING") as town:
        town.inside("found")
        take_in(town, town.inside("bodies"), LIKENESSES)
        cookies = {who: town.inside("session", who)["sessionid"] for who in (HANDLER, DISPATCHER, LEADER)}
        with town.running():
            before = 0
            for size in sizes:
                started = time.perf_counter()
                crowd.grow(town.admin_url, first=before + 1, last=size, likes=LIKENESSES)
                report.say(f"\n{size:,} cases (written in {time.perf_counter() - started:.0f} s)")
                before = size
                _measure(report, town, cookies, took, chosen.seconds)
    _tell_growth(report, sizes, took)
    report.end()


def take_in(town: Town, bodies: list[dict[str, object]], count: int) -> None:
    """Send the texts the copies will be like through the pipe."""
    file: Path = town.folder / "likenesses.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["key", "text", "lat", "lon"])
        for number, body in enumerate(itertools.islice(itertools.cycle(bodies), count)):
            point = body["point"]
            assert isinstance(point, dict)
            writer.writerow([f"like-{number}", body["text"], point["lat"], point["lon"]])
    told = json.loads(town.command("import", str(file), "--channel", "import", "--json"))
    if told["taken"] != count:
        raise BenchError(f"only {told['taken']} of {count} appeals were taken")


def _measure(
    report: Report, town: Town, cookies: dict[str, str], took: dict[str, list[Figures]], seconds: float
) -> None:
    words = _words(town)
    for asked in (*INBOX, *SEARCHES):
        request = _request(asked.path.format(**words), cookies[asked.who])
        _look(town, asked, request)
        figures = drive(
            town.port,
            itertools.repeat(request),
            clients=1,
            seconds=seconds,
            good=lambda status: status in {200, 302},
        )
        took.setdefault(asked.name, []).append(figures)
        report.say(f"  {asked.name:42} {figures.line()}")


def _request(path: str, cookie: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sessionid={cookie}\r\n\r\n".encode()


def _look(town: Town, asked: Asked, request: bytes) -> None:
    """Ask a few times before measuring, and make sure that it is the page and not the door that answers."""
    drive(town.port, itertools.repeat(request), clients=4, seconds=0.3, good=lambda status: status == 200)
    address, cookie = request.split(b" ")[1].decode(), request.split(b"sessionid=")[1].strip().decode()
    real = urllib.request.Request(
        f"http://127.0.0.1:{town.port}{address}", headers={"Cookie": f"sessionid={cookie}"}
    )
    with urllib.request.urlopen(real, timeout=60) as answer:  # noqa: S310 - our own server
        page = answer.read().decode()
    if "/sign-in" in answer.url:
        raise BenchError(f"{asked.who} is not signed in")
    rows = len(set(re.findall(r"/desk/cases/(GD\d+)/", page)))
    if asked.page and rows != 50:
        raise BenchError(f"{asked.name}: {rows} rows instead of a page of 50")


def _words(town: Town) -> dict[str, str]:
    """Return words to search for that this town has: numbers, an item, a community by its sounds."""
    with psycopg.connect(town.database_url) as connection:
        row = connection.execute(
            "SELECT c.number, a.number, c.item_code FROM cases_case AS c "
            "JOIN cases_membership AS m ON m.case_id = c.id JOIN intake_appeal AS a ON a.id = m.appeal_id "
            "WHERE c.item_code <> '' ORDER BY c.id LIMIT 1 OFFSET 500"
        ).fetchone()
        area = connection.execute(
            "SELECT pinyin, initials FROM places_area WHERE level_id = 'community' ORDER BY code LIMIT 1"
        ).fetchone()
    assert row is not None
    assert area is not None
    return {"case": row[0], "appeal": row[1], "item": row[2], "pinyin": area[0], "initials": area[1]}


def _tell_growth(report: Report, sizes: list[int], took: dict[str, list[Figures]]) -> None:
    report.say("\np95 in milliseconds" + "".join(f"{size:>12,}" for size in sizes) + "   growth")
    for asked in (*INBOX, *SEARCHES):
        at = [figures.percentile(95) for figures in took[asked.name]]
        told = "".join(f"{one:12.1f}" for one in at)
        report.say(f"  {asked.name:42}{told}   {at[-1] / at[0]:6.2f}")
        report.figures.setdefault("lists", {})[asked.name] = {
            "sizes": sizes, "p95_ms": [round(one, 2) for one in at], "growth": round(at[-1] / at[0], 3)
        }  # fmt: skip
    pages = [[one.percentile(95) for one in took[asked.name]] for asked in INBOX if asked.page]
    first, last = (sum(page[end] for page in pages) for end in (0, -1))
    worst = max(page[-1] / page[0] for page in pages)
    growth = f"from {sizes[0]:,} to {sizes[-1]:,} cases"
    report.goal(f"growth of a page of 50 {growth}, all pages", last / first, GOAL_GROWTH, most=True)
    report.goal(f"growth of a page of 50 {growth}, the worst", worst, GOAL_GROWTH, most=True)


if __name__ == "__main__":
    main()
