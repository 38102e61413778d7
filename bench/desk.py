"""200 members of staff at work at once in a town of 1,000,000 cases: lists, case pages, searches and moves.

A town started by `huying run` is asked over HTTP at a steady pace by staff who are signed in, each over a
connection of their own, with their own posts: handlers look at their inbox, dispatchers at the queue, leaders
over their area. The cases are copies of real ones (`crowd.py`); moves are real and each is made once.
Afterwards one page of each kind is asked for in a process of its own, to tell its statements and how long the
database took.
"""

from __future__ import annotations

import itertools
import json
import random
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import crowd
import psycopg
from lists import LIKENESSES, take_in
from load import Figures, drive, pace
from report import Report, arguments
from town import BenchError, Town, town_of_its_own

if TYPE_CHECKING:
    from collections.abc import Iterator

    from load import Paced

CASES, SESSIONS, RATE = 1_000_000, 200, 20.0
GOAL_MS = 200
# So many ask without a pause when the most the machine does is looked for.
AT_ONCE = 16
# What a member of staff does next, in a hundred: as far as their post lets them.
MIX = {"list": 45, "case": 33, "search": 7, "counts": 5, "move": 10}
WORKERS = {"handler", "unit_lead", "grid_worker", "community_head", "reviewer"}
CENTRE = {"dispatcher"}
LOOKERS = {"leader", "supervisor"}
WORDS = ("电梯", "路灯坏", "垃圾", "噪音", "mlj")
TABS = ("to_sign", "working", "overdue", "soon", "today")
_SEEN = "SELECT number FROM cases_case WHERE status IN ('in_progress', 'replied', 'follow_up') AND "
SEEN_OF_UNIT = _SEEN + "item_code LIKE ANY(%s) AND unit_id = %s ORDER BY length(number), id DESC LIMIT %s"
SEEN_IN_AREA = SEEN_OF_UNIT.replace("unit_id = %s", "(area_path = %s OR area_path LIKE %s)")
# Case pages of the pipe's own cases hold their whole history; copies hold none. So many of each unit.
MOST_OF_A_UNIT = 300
# The token of a form and of its cookie, which Django compares: no secret here.
TOKEN = "bench" * 6 + "be"


@dataclass
class Clerk:
    """A signed-in member of staff, with the cases they may see and those they may move."""

    number: int
    session: str
    role: str
    unit: str
    items: list[str]
    seen: list[str] = field(default_factory=list)
    to_sign: list[tuple[str, int]] = field(default_factory=list)

    @property
    def kinds(self) -> list[str]:
        """Return what this clerk does, as often as the mix says; who may not move looks instead."""
        kinds = [kind for kind, share in MIX.items() for _ in range(share)]
        return kinds if self.role in {"handler", "unit_lead", "grid_worker"} else [
            "list" if kind == "move" else kind for kind in kinds
        ]  # fmt: skip


def main() -> None:
    """Measure, print, and end well whatever came out: a benchmark is no test."""
    parser = arguments(__doc__, seconds=60)
    parser.add_argument("--cases", type=int, default=CASES, help="how many cases the town has")
    parser.add_argument("--sessions", type=int, default=SESSIONS, help="how many are signed in and connected")
    parser.add_argument("--rate", type=float, default=RATE, help="requests a second, of all together")
    chosen = parser.parse_args()
    report = Report(f"{chosen.sessions} members of staff at work on {chosen.cases:,} cases", chosen.json)
    with town_of_its_own(HUYING_LOG_LEVEL="WARNING") as town:
        town.inside("found")
        take_in(town, town.inside("bodies"), min(LIKENESSES, chosen.cases))
        with town.running():
            started = time.perf_counter()
            crowd.grow(town.admin_url, first=1, last=chosen.cases, likes=LIKENESSES)
            report.say(f"{chosen.cases:,} cases written in {time.perf_counter() - started:.0f} s")
            clerks = _clerks(town, chosen.sessions)
            report.say(f"{len(clerks)} sessions: {_roles(clerks)}")
            _warm(town, clerks)
            work = _work(clerks, random.Random(20))
            paced = pace(town.port, work, clients=len(clerks), rate=chosen.rate, seconds=chosen.seconds)
            _tell(report, paced, chosen.rate)
            _tell_ceiling(report, town, clerks)
        _tell_costs(report, town, clerks)
    report.end()


def _clerks(town: Town, count: int) -> list[Clerk]:
    """Sign staff in and give each the cases to look at and to sign; with few accounts some sit twice."""
    told = town.inside("staff", str(count))
    if not told:
        raise BenchError("the town has no staff")
    clerks = []
    with psycopg.connect(town.database_url) as connection:
        for number, one in enumerate(itertools.islice(itertools.cycle(told), count)):
            clerk = Clerk(number, one["sessionid"], one["role"], one["unit"], one["items"])
            in_area = one["role"] in LOOKERS | CENTRE
            given = [one["area"], f"{one['area']}/%"] if in_area else [one["unit"]]
            statement = SEEN_IN_AREA if in_area else SEEN_OF_UNIT
            seen = connection.execute(statement, [one["items"], *given, MOST_OF_A_UNIT]).fetchall()
            clerk.seen = [row[0] for row in seen]
            clerks.append(clerk)
        _share_out(connection, clerks)
    return clerks


def _share_out(connection: psycopg.Connection, clerks: list[Clerk]) -> None:
    """Give every case that waits to be signed to one clerk of its unit, so that nobody signs another's."""
    by_unit: dict[str, list[Clerk]] = {}
    for clerk in clerks:
        if "move" in clerk.kinds and clerk.items == ["%"]:
            by_unit.setdefault(clerk.unit, []).append(clerk)
    for unit, there in by_unit.items():
        rows = connection.execute(
            "SELECT number, fact_seq FROM cases_case WHERE unit_id = %s AND status = 'dispatched' "
            "ORDER BY id DESC LIMIT 1000",
            [unit],
        ).fetchall()
        for row, clerk in zip(rows, itertools.cycle(there), strict=False):
            clerk.to_sign.append((row[0], row[1]))


def _work(clerks: list[Clerk], dice: random.Random) -> Iterator[tuple[int, str, bytes]]:
    """Yield what is asked next, for ever: whose turn it is, the kind, the request."""
    for clerk in itertools.cycle(clerks):
        yield (clerk.number, *_ask(clerk, dice))


def _ask(clerk: Clerk, dice: random.Random) -> tuple[str, bytes]:
    kind = dice.choice(clerk.kinds)
    if kind == "move" and clerk.to_sign:
        number, seen = clerk.to_sign.pop()
        form = urlencode({"csrfmiddlewaretoken": TOKEN, "seen": seen})
        return "move: sign", _post(f"/desk/cases/{number}/moves/sign/", form, clerk.session)
    if kind == "case" and clerk.seen:
        return "case page", _get(f"/desk/cases/{dice.choice(clerk.seen)}/", clerk.session)
    if kind == "search":
        return "search", _get(f"/desk/search/?q={quote(dice.choice(WORDS))}", clerk.session)
    if kind == "counts":
        listed = "area" if clerk.role in LOOKERS else "inbox"
        return "counts", _get(f"/desk/counts/?listed={listed}", clerk.session)
    return _list(clerk, dice)


def _list(clerk: Clerk, dice: random.Random) -> tuple[str, bytes]:
    if clerk.role in CENTRE:
        return "list: queue", _get("/desk/queue/", clerk.session)
    tab = dice.choice(TABS)
    if clerk.role in LOOKERS:
        order = dice.choice(("", "", "&sort=grade", "&sort=newest"))
        return "list: area", _get(f"/desk/area/?tab={tab}{order}", clerk.session)
    if clerk.role in WORKERS:
        order = dice.choice(("", "", "&sort=newest", "&columns=due,status,handler,item,place"))
        return "list: inbox", _get(f"/desk/?tab={tab}{order}", clerk.session)
    return "search", _get("/desk/search/?q=" + quote(WORDS[0]), clerk.session)


def _get(path: str, session: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sessionid={session}\r\n\r\n".encode()


def _post(path: str, form: str, session: str) -> bytes:
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sessionid={session}; csrftoken={TOKEN}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n\r\n{form}"
    ).encode()


def _roles(clerks: list[Clerk]) -> str:
    counts: dict[str, int] = {}
    for clerk in clerks:
        counts[clerk.role] = counts.get(clerk.role, 0) + 1
    return ", ".join(f"{count} {role}" for role, count in sorted(counts.items(), key=lambda one: -one[1]))


def _warm(town: Town, clerks: list[Clerk]) -> None:
    """Ask for some lists before measuring, so that every process has the town's books in memory."""
    dice = random.Random(1)
    warming = (_list(clerk, dice)[1] for clerk in itertools.cycle(clerks))
    drive(town.port, warming, clients=8, seconds=4, good=lambda status: status in {200, 302})


def _tell(report: Report, paced: Paced, rate: float) -> None:
    report.say(f"\nAt {rate:g} requests a second ({paced.late} sent late):")
    groups: dict[str, list[float]] = {"lists": [], "case pages": []}
    for kind, figures in sorted(paced.kinds.items()):
        report.say(f"  {kind:14} {figures.line()}")
        report.figures.setdefault("paced", {})[kind] = figures.as_json()
        group = "lists" if kind.startswith("list") else "case pages" if kind == "case page" else ""
        if group:
            groups[group] += figures.milliseconds
    failures = len(paced.refused)
    report.say(f"  errors: {failures}{' ' + ', '.join(paced.refused[:5]) if failures else ''}")
    for group, times in groups.items():
        p95 = Figures(1, paced.seconds, times).percentile(95)
        report.goal(f"p95 of {group} at {rate:g} requests a second", p95, GOAL_MS, most=True, unit=" ms")
    report.goal("errors", failures, 0, most=True)


def _tell_ceiling(report: Report, town: Town, clerks: list[Clerk]) -> None:
    """Tell how much the machine does when some ask all the time, without a pause: no goal, for planning."""
    dice = random.Random(3)
    looking = [clerk for clerk in clerks if clerk.seen]
    asked = (_ask(clerk, dice) for clerk in itertools.cycle(looking))
    looks = (request for kind, request in asked if not kind.startswith("move"))
    figures = drive(town.port, looks, clients=AT_ONCE, seconds=8, good=lambda status: status in {200, 302})
    report.say(f"\n{AT_ONCE} at once without a pause: {figures.line()}")
    report.keep("ceiling", figures.as_json())


def _tell_costs(report: Report, town: Town, clerks: list[Clerk]) -> None:
    """Tell what one page of each kind costs the database."""
    by_role = {clerk.role: clerk for clerk in clerks if clerk.seen}
    pages = []
    for name, role, path in (
        ("inbox, in progress", "handler", "/desk/?tab=working"),
        ("inbox, newest first", "handler", "/desk/?tab=working&sort=newest"),
        ("area, in progress", "leader", "/desk/area/?tab=working"),
        ("area, gravest first", "leader", "/desk/area/?tab=working&sort=grade"),
        ("queue", "dispatcher", "/desk/queue/"),
        ("search", "leader", "/desk/search/?q=" + quote(WORDS[0])),
        ("case page", "handler", "/desk/cases/{case}/"),
        ("counts", "handler", "/desk/counts/?listed=inbox"),
    ):
        clerk = by_role.get(role)
        if clerk is not None:
            pages.append([name, clerk.session, path.format(case=clerk.seen[0])])
    report.say("\nWhat one page costs (middle of five)   statements   database ms   whole ms")
    for told in town.inside("costs", json.dumps(pages)):
        name, statements = told["name"], int(told["statements"])
        report.say(f"  {name:36} {statements:10} {told['database_ms']:13.1f} {told['ms']:10.1f}")
        report.figures.setdefault("costs", []).append(told)


if __name__ == "__main__":
    main()
