"""Fills an empty database with the demo town, all of it or nothing."""

from __future__ import annotations

import gc
import json
import os
import random
import secrets
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, transaction

from huying.catalogue.models import CatalogueVersion
from huying.demo import reasons
from huying.demo.drafts import KEY_PREFIX
from huying.demo.founding import found_town
from huying.demo.replay import Replay, Told
from huying.demo.staff import known_accounts, open_to_all
from huying.demo.town import build_town
from huying.demo.town.build import SEED
from huying.demo.town.names import DISTRICT_CODE
from huying.demo.town.timing import DAYS, SHANGHAI
from huying.intake.models import Inbound
from huying.kit.errors import Refusal
from huying.people.demo import FILE_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from huying.demo.town.rows import AppealRow

APPEALS = 2000
# More appeals are written than are told, so that as many lie before the moment the demo is told up to.
SPARE = 80
# Any fixed number nobody else uses: whoever fills this database holds it.
LOCK = 7_241_630_502
# So many statements the server keeps planned; the demo uses fewer.
PLANS = 600
PHOTOGRAPHED = 40
# In a small demo each fate is told of this often before chance decides on the rest.
EACH_FATE = 3


class Ground(StrEnum):
    """What a database holds, as far as the demo is concerned."""

    EMPTY = "empty"
    DEMO = "demo"
    OTHER = "other"


@dataclass(frozen=True)
class Played:
    """What came of filling the town. `api_key` is told once."""

    told: Told
    end: datetime
    password: str
    api_key: str
    resident_phone: str


def ground() -> Ground:
    """Return what this database holds. The demo is written in one transaction, so there is no half of it."""
    if Inbound.objects.filter(key__startswith=KEY_PREFIX).exists():
        return Ground.DEMO
    return Ground.OTHER if CatalogueVersion.objects.exists() else Ground.EMPTY


def end_of_telling(until: date | None, *, now: datetime) -> datetime:
    """Return the moment the demo is told up to: the end of the day `until`, or now if that is earlier.

    Refusal `demo_of_the_future` for a day that has not begun.
    """
    today = now.astimezone(SHANGHAI).date()
    day = until or today
    if day > today:
        raise Refusal(reasons.OF_THE_FUTURE)
    return min(datetime.combine(day + timedelta(days=1), time(), SHANGHAI), now.astimezone(SHANGHAI))


def play(
    *,
    until: date | None = None,
    appeals: int = APPEALS,
    seed: int = SEED,
    now: datetime,
    on_progress: Callable[[float], None] | None = None,
) -> Played:
    """Fill the database; either everything is there afterwards or nothing.

    `appeals` is how many are told, at most 2,000; `on_progress` hears which share of the days is told.
    Refusals: `demo_ground_taken`, `demo_in_the_making`, `demo_of_the_future`, `demo_elsewhere`.
    """
    if settings.DISTRICT != DISTRICT_CODE:
        raise Refusal(reasons.ELSEWHERE, district=DISTRICT_CODE)
    end = end_of_telling(until, now=now)
    begin = end - timedelta(days=DAYS)
    # The same day gives the same town; how far it is told depends on the moment.
    day = (end - timedelta(microseconds=1)).date()
    town = build_town(seed, until=day + timedelta(days=1), count=APPEALS + SPARE)
    rows = choose([row for row in town.appeals if row.received_at < end], appeals, seed=seed)
    rows = with_few_photos(rows)
    password = secrets.token_urlsafe(9)

    def told_up_to(at: datetime) -> None:
        if on_progress:
            on_progress(max((at - begin) / (end - begin), 0.0))

    with _planned_once(), _alone(), _without_collecting():
        founded = found_town(town, district=settings.DISTRICT, password=password, at=begin)
        told_up_to(begin)
        replay = Replay(town, rows, end=end, seed=seed, api_key=founded.api_key)
        told = replay.run(told_up_to)
    write_accounts_file(password)
    return Played(told, end, password, founded.api_key, town.known_resident.phone)


@contextmanager
def _alone() -> Iterator[None]:
    """Hold a transaction in which nobody else fills this database, and which found it empty."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                raise Refusal(reasons.IN_THE_MAKING)
        if ground() != Ground.EMPTY:
            raise Refusal(reasons.GROUND_TAKEN)
        yield


@contextmanager
def _planned_once() -> Iterator[None]:
    """Let the server plan each of the demo's few hundred statements once, not a thousand times.

    That takes a connection that binds on the server; the one before and the one after bind as usual.
    """
    options = connection.settings_dict["OPTIONS"]
    usual = dict(options)
    connection.close()
    options["server_side_binding"] = True
    vars(connection.features).pop("uses_server_side_binding", None)
    connection.ensure_connection()
    connection.connection.prepared_max = PLANS
    try:
        yield
    finally:
        connection.close()
        options.clear()
        options.update(usual)
        vars(connection.features).pop("uses_server_side_binding", None)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Spare the search for garbage: the town's many rows live to the end, and few are circular."""
    gc.collect()
    gc.freeze()
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
        gc.unfreeze()


def choose(rows: Sequence[AppealRow], count: int, *, seed: int) -> list[AppealRow]:
    """Return the last `count` rows, or for a small demo a sample in which every fate occurs.

    Voices of one matter stay together, the first of them always, so that nobody joins a case left out.
    """
    if count >= APPEALS:
        return list(rows[-count:])
    rng = random.Random(f"demo-sample:{seed}")
    groups: dict[str, list[AppealRow]] = {}
    for row in rows:
        groups.setdefault(row.matter or row.key, []).append(row)
    first: list[list[AppealRow]] = []
    rest: list[list[AppealRow]] = []
    seen: Counter[str] = Counter()
    for group in rng.sample(list(groups.values()), len(groups)):
        fate = group[-1].fate.outcome
        (first if seen[fate] < EACH_FATE else rest).append(group)
        seen[fate] += 1
    chosen = {row.key for row in list(chain(*first, *rest))[:count]}
    return [row for row in rows if row.key in chosen]


def with_few_photos(rows: Sequence[AppealRow]) -> list[AppealRow]:
    """Return the rows with the photos of the newest only: each takes a while to draw and clean."""
    kept = {row.key for row in [row for row in rows if row.photos][-PHOTOGRAPHED:]}
    return [row if row.key in kept else replace(row, photos=()) for row in rows]


def write_accounts_file(password: str) -> None:
    """Write the accounts of the sign-in page, one a role, readable by the town's owner only."""
    rows: list[dict[str, Any]] = known_accounts(password)
    path = Path(settings.DATA_DIR) / FILE_NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".new")
    with os.fdopen(
        os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        json.dump(rows, file, ensure_ascii=False, indent=1)
    aside.replace(path)


def mend_accounts_file() -> bool:
    """Write the accounts' file anew, with a new password, where it is missing; return whether it was."""
    if (Path(settings.DATA_DIR) / FILE_NAME).exists():
        return False
    password = secrets.token_urlsafe(9)
    open_to_all(password)
    write_accounts_file(password)
    return True
