"""What a benchmark does inside a town: founds it, hands out texts, captures what the pipe writes.

Run as a program of its own with the town's settings: `python inside.py COMMAND …`; prints one JSON document.
"""

from __future__ import annotations

import json
import random
import secrets
import sys
import time
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from collections.abc import Callable

SEED = 20260101
# The days of the demo's appeals do not matter here, only their texts; a fixed day gives the same ones.
UNTIL = date(2026, 6, 1)
# A resident stands within some hundred metres of what is told.
NEAR_DEGREES = 0.001


def found() -> object:
    """Found the demo's town without its appeals: 1,200 areas, 3,200 places, 300 posts; returns an API key."""
    from django.conf import settings
    from django.db import transaction
    from django.utils import timezone

    from huying.demo.founding import found_town
    from huying.demo.town.build import build_town
    from huying.site.ground import migrations

    migrations.apply(say=lambda _line: None)
    town = build_town(SEED, until=UNTIL)
    with transaction.atomic():
        founded = found_town(
            town, district=settings.DISTRICT, password=secrets.token_hex(16), at=timezone.now()
        )
    return {"api_key": founded.api_key}


def bodies() -> object:
    """Return appeals as a machine would send them: texts of the demo, each with a point near a place."""
    from huying.demo.town.build import build_town

    town, dice = build_town(SEED, until=UNTIL), random.Random(SEED)
    places = [place for place in town.places if place["kind"] == "estate"]
    told = []
    for appeal in town.appeals:
        place = dice.choice(places)
        lat, lon = (place[part] + dice.uniform(-NEAR_DEGREES, NEAR_DEGREES) for part in ("lat", "lon"))
        told.append({"text": appeal.text, "point": {"lat": round(lat, 6), "lon": round(lon, 6)}})
    return told


def capture(api_key: str, count: str) -> object:
    """Send appeals through the door and return the statements they were written with.

    Returns `since`, the moment before the first (milliseconds), `written`, a list of (SQL, JSON document),
    and `statements`, how many each appeal sent to the database.
    """
    import psycopg
    from django.test import Client

    from huying.kit import writes

    written: list[tuple[str, str]] = []
    sent, per_appeal = 0, []
    execute, prepared = psycopg.Cursor.execute, writes.prepared

    def counted(*words: Any, **named: Any) -> object:  # noqa: ANN401 - as psycopg's own
        nonlocal sent
        sent += 1
        return execute(*words, **named)

    def kept(sql: str, parameters: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - as the kit's own
        if "gate AS (INSERT" in sql:
            written.append((sql, parameters[0]))
        return prepared(sql, parameters)

    setattr(psycopg.Cursor, "execute", counted)  # noqa: B010 - counting is the point, and mypy knows it is odd
    writes.prepared = kept
    client = Client(headers={"host": "127.0.0.1", "authorization": f"Bearer {api_key}"})
    told = bodies()
    assert isinstance(told, list)
    since = int(time.time() * 1000)
    for number in range(int(count)):
        sent = 0
        answer = client.post(
            "/api/v1/appeals",
            json.dumps(told[number % len(told)]),
            content_type="application/json",
            headers={"idempotency-key": f"captured-{number}"},
        )
        assert answer.status_code == 201, answer.content
        per_appeal.append(sent)
    return {"since": since, "written": written, "statements": per_appeal}


def session(username: str) -> object:
    """Sign a member of staff in, as the sign-in page would, and return the session cookie's value."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.cached_db import SessionStore

    from huying.people.models import Account

    account = Account.objects.get(username=username)
    store = SessionStore()
    store[SESSION_KEY] = str(account.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = account.get_session_auth_hash()
    store.create()
    return {"sessionid": store.session_key}


def staff(count: str) -> object:
    """Sign in so many members of staff, the rarer posts first; tell each one's role, unit and area."""
    from django.utils import timezone

    from huying.people.models import Post

    posts = Post.objects.held_on(timezone.localdate()).select_related("account", "unit__area", "area")
    found: dict[str, dict[str, Any]] = {}
    for post in posts.filter(account__is_active=True).order_by("id"):
        area = post.area or post.unit.area
        found.setdefault(
            post.account.username,
            {
                "role": post.role_id,
                "unit": str(post.unit_id),
                "area": area.path if area else "",
                "items": [f"{item}%" for item in post.items] or ["%"],
            },
        )
    few_first = sorted(
        found.items(), key=lambda one: one[1]["role"] not in {"dispatcher", "leader", "supervisor"}
    )
    chosen = few_first[: int(count)]
    return [told | session(username) | {"username": username} for username, told in chosen]  # type: ignore[operator] # session gives a dict


def costs(pages: str) -> object:
    """Ask for pages in this process and tell what each costs: statements, database and whole milliseconds.

    `pages` is a JSON list of (name, session, address); each is asked for several times, the middle counts.
    """
    import statistics

    from django.db import connection
    from django.test import Client

    told = []
    for name, cookie, address in json.loads(pages):
        client = Client(headers={"host": "127.0.0.1"})
        client.cookies["sessionid"] = cookie
        runs: list[tuple[int, float, float]] = []
        for _round in range(6):
            spent: list[float] = []

            def timed(execute: Any, *words: Any, spent: list[float] = spent) -> object:  # noqa: ANN401 - as Django's own
                started = time.perf_counter()
                try:
                    return execute(*words)
                finally:
                    spent.append((time.perf_counter() - started) * 1000)

            started = time.perf_counter()
            with connection.execute_wrapper(timed):
                answer = client.get(address)
            assert answer.status_code in {200, 302}, (address, answer.status_code)
            runs.append((len(spent), sum(spent), (time.perf_counter() - started) * 1000))
        middle = [round(statistics.median(one[part] for one in runs[1:]), 2) for part in range(3)]
        told.append({"name": name, "statements": middle[0], "database_ms": middle[1], "ms": middle[2]})
    return told


def twins(count: str) -> object:
    """Look for the twins of so many appeals one by one; see `twin_marks.py`."""
    from twin_marks import search_among

    return search_among(count)


def hot_marks() -> object:
    """Mark every appeal for hot spots; see `hot_live.py`."""
    from hot_live import mark_all

    return mark_all()


def hot_profiles() -> object:
    """Sum up what every matter is about; see `hot_live.py`."""
    from hot_live import sum_up_all

    return sum_up_all()


def hot_live(count: str) -> object:
    """Let so many appeals update their matters one by one; see `hot_live.py`."""
    from hot_live import update_one_by_one

    return update_one_by_one(count)


def key() -> object:
    """Make a machine's key for the channel of the API."""
    from huying.people.actions import make_api_key

    return {"api_key": make_api_key("bench", channel="api")}


def tally() -> object:
    """Count a town's cases from nothing, read the counts as boards and bulletins do, then prove them."""
    from django.utils import timezone

    from huying.board.view import board_of
    from huying.insight.models import CaseTally, Sum
    from huying.insight.recounting import recount
    from huying.insight.rolling import roll
    from huying.insight.tally import By, tallies, today_of
    from huying.insight.tally import tally as read

    started = time.perf_counter()
    while roll(at=timezone.now(), limit=5000):
        pass
    first_seconds = time.perf_counter() - started
    _settle()
    top = Sum.objects.order_by("area_path").exclude(area_path="").values_list("area_path", flat=True)[0]
    street = ["/".join(top.split("/")[:2])]
    today, tomorrow = today_of(timezone.now())
    reads = {
        "today": lambda: read(since=today, until=tomorrow, areas=street),
        "a week by unit": lambda: tallies(By.UNIT, since=today - timedelta(7), until=today, areas=street),
        "a month by community": lambda: tallies(By.AREA, since=today - timedelta(31), until=today),
        "a year by item": lambda: tallies(By.ITEM, since=today - timedelta(365), until=today),
        "a year, one community": lambda: read(since=today - timedelta(365), until=today, areas=[top]),
        "everything the board asks": lambda: board_of(street, at=timezone.now()),
    }
    took = {name: _worst_of(ask) for name, ask in reads.items()}
    started = time.perf_counter()
    found = recount(at=timezone.now())
    return {
        "cases": CaseTally.objects.count(), "sums": Sum.objects.count(), "reads": took,
        "first_seconds": round(first_seconds, 1), "differed": found.cases_mended + found.sums_mended,
        "recount_seconds": round(time.perf_counter() - started, 1),
    }  # fmt: skip


def _settle() -> None:
    """Tidy the tables as autovacuum does within minutes."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        for table in ("insight_sum", "insight_casetally", "insight_touched"):
            cursor.execute(f"VACUUM (ANALYZE) {table}")


def _worst_of(ask: Callable[[], object], times: int = 20) -> float:
    """Return the 95th percentile of asking, in milliseconds, after a few that warm up."""
    spent = []
    for _round in range(times + 2):
        started = time.perf_counter()
        ask()
        spent.append((time.perf_counter() - started) * 1000)
    return round(sorted(spent[2:])[int(times * 0.95) - 1], 1)


COMMANDS: dict[str, Callable[..., object]] = {
    "found": found,
    "bodies": bodies,
    "capture": capture,
    "session": session,
    "key": key,
    "staff": staff,
    "costs": costs,
    "twins": twins,
    "hot_marks": hot_marks,
    "hot_profiles": hot_profiles,
    "hot_live": hot_live,
    "tally": tally,
}

if __name__ == "__main__":
    django.setup()
    print(json.dumps(COMMANDS[sys.argv[1]](*sys.argv[2:]), ensure_ascii=False))
