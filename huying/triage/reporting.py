"""How well texts are judged, for those who keep the catalogue: by week, by item, and what drifts."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from math import log
from typing import TYPE_CHECKING, Final

from django.db import connection
from django.utils import timezone

from huying.catalogue.queries import published
from huying.triage.core.telling import Confusion, confusions
from huying.triage.examples import Judged, judged_by_people, one_of_each_case

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

WEEKS: Final = 12
LATELY: Final = timedelta(weeks=4)
MOST_READ: Final = 20_000
DRIFT_SEEN, DRIFT_STRONG = 0.1, 0.25
"""As the population stability index is usually read: below the first stable, above the second changed."""

# What the machine said of the newest appeals; read by their time of receipt, which has an index.
_SAID = """
SELECT i.code, v.confidence, a.received_at
FROM (SELECT id, received_at FROM intake_appeal WHERE received_at > %s AND received_at <= %s
      ORDER BY received_at DESC LIMIT %s) a
JOIN LATERAL (
    SELECT item_id, confidence FROM triage_verdict
    WHERE appeal_id = a.id AND confidence < 1 ORDER BY at, id LIMIT 1
) v ON true
LEFT JOIN catalogue_item i ON i.id = v.item_id
"""


@dataclass(frozen=True)
class WeekFigure:
    """What people judged in a week: `n` matters, `right` as the machine had said.

    Of `sure` ones it would have decided, `sure_right` were right.
    """

    monday: date
    n: int
    right: int
    sure: int
    sure_right: int


@dataclass(frozen=True)
class ItemFigure:
    """Of `n` matters people gave an item the machine named `right`; `instead` is what it said, how often."""

    code: str
    n: int
    right: int
    instead: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Drift:
    """How far the mix of items of the last four weeks is from the weeks before (population stability index).

    `risen` and `fallen` name the items that moved it most, as (code, share before, share lately).
    `confidence_before` and `confidence_lately` are the model's mean confidence (0 to 1).
    """

    n_before: int
    n_lately: int
    index: float
    confidence_before: float
    confidence_lately: float
    risen: tuple[tuple[str, float, float], ...]
    fallen: tuple[tuple[str, float, float], ...]


@dataclass(frozen=True)
class Report:
    """All of it, from one reading."""

    weeks: tuple[WeekFigure, ...]
    items: tuple[ItemFigure, ...]
    confused: tuple[Confusion, ...]
    drift: Drift


def report(*, at: datetime, threshold: float) -> Report:
    """Return how texts were judged up to `at`; `threshold` is the confidence the machine decides from."""
    judged = one_of_each_case(_judged(at))
    return Report(
        weeks=tuple(by_week(judged, at=at, threshold=threshold)),
        items=tuple(by_item(judged)),
        confused=tuple(confusions([(one.text, one.code, one.said) for one in judged])),
        drift=drift(_said(at), at=at),
    )


def _judged(at: datetime) -> list[Judged]:
    return judged_by_people(at=at, codes=[item.code for item in published().leaves])


def _said(at: datetime) -> list[tuple[str, float, datetime]]:
    with connection.cursor() as cursor:
        cursor.execute(_SAID, [at - timedelta(weeks=WEEKS + 4), at, MOST_READ])
        return [(code or "", float(sure), when) for code, sure, when in cursor.fetchall()]


def by_week(judged: Sequence[Judged], *, at: datetime, threshold: float) -> list[WeekFigure]:
    """Return the last weeks, oldest first, weeks without a judgement included."""
    this = _monday(at)
    tally: dict[date, list[int]] = {this - timedelta(weeks=back): [0, 0, 0, 0] for back in range(WEEKS)}
    for one in judged:
        week = tally.get(_monday(one.at))
        if week is not None:
            right, sure = one.said == one.code, one.surely >= threshold
            for place, holds in enumerate((True, right, sure, sure and right)):
                week[place] += holds
    return [WeekFigure(monday, *counts) for monday, counts in sorted(tally.items())]


def _monday(at: datetime) -> date:
    day = timezone.localtime(at).date()
    return day - timedelta(days=day.weekday())


def by_item(judged: Iterable[Judged]) -> list[ItemFigure]:
    """Return the items people gave, those with most slips first."""
    said: dict[str, Counter[str]] = defaultdict(Counter)
    for one in judged:
        said[one.code][one.said] += 1
    figures = [
        ItemFigure(
            code, words.total(), words[code],
            tuple((other, n) for other, n in words.most_common(4) if other and other != code)[:3],
        )
        for code, words in said.items()
    ]  # fmt: skip
    return sorted(figures, key=lambda figure: (figure.right - figure.n, figure.code))


def drift(said: Sequence[tuple[str, float, datetime]], *, at: datetime) -> Drift:
    """Return how far what comes in has moved; `said` are (item, confidence, time) of appeals."""
    since = at - LATELY
    before = [(code, sure) for code, sure, when in said if when < since]
    lately = [(code, sure) for code, sure, when in said if when >= since]
    old, new = Counter(code for code, _ in before), Counter(code for code, _ in lately)
    moved = sorted(_moves(old, new), key=lambda move: (-move[0], move[1]))
    return Drift(
        n_before=len(before),
        n_lately=len(lately),
        index=round(sum(part for part, *_ in moved), 4),
        confidence_before=_mean(before),
        confidence_lately=_mean(lately),
        risen=tuple((code, was, now) for _, code, was, now in moved if now > was and code)[:5],
        fallen=tuple((code, was, now) for _, code, was, now in moved if now < was and code)[:5],
    )


def _moves(old: Mapping[str, int], new: Mapping[str, int]) -> list[tuple[float, str, float, float]]:
    """Return each item's part in the index with its shares before and lately; half a case stands for none."""
    n_old, n_new = sum(old.values()), sum(new.values())
    if not n_old or not n_new:
        return []
    codes = old.keys() | new.keys()
    moves = []
    for code in codes:
        was = (old.get(code, 0) + 0.5) / (n_old + 0.5 * len(codes))
        now = (new.get(code, 0) + 0.5) / (n_new + 0.5 * len(codes))
        moves.append(((now - was) * log(now / was), code, was, now))
    return moves


def _mean(said: Sequence[tuple[str, float]]) -> float:
    return round(sum(sure for _, sure in said) / len(said), 4) if said else 0.0


def confused_with(code: str, *, at: datetime) -> list[Confusion]:
    """Return the items this one is mistaken for, worst first."""
    judged = one_of_each_case(_judged(at))
    found = confusions([(one.text, one.code, one.said) for one in judged], least=2, limit=200)
    return [pair for pair in found if code in (pair.first, pair.second)][:5]
