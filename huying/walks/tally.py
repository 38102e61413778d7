"""The tally of walks: how many, what they found, what of it was solved with evidence; of no person."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from huying.catalogue.core.calendar import local_day
from huying.walks.models import Finding, Stop, Walk, WalkState
from huying.walks.rules import under

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from uuid import UUID


class Outcome(StrEnum):
    """What became of a finding; exactly one of these."""

    SOLVED = "solved"  # closed as solved, with a photo that shows it
    BARE = "bare"  # closed without such a photo, or as not wholly solved
    OPEN = "open"
    SUSPENDED = "suspended"
    ELSEWHERE = "elsewhere"  # another route, taken back, not admissible


_CLOSED = frozenset({"closed", "archived"})
_ELSEWHERE = frozenset({"merged", "withdrawn", "inadmissible", "lapsed", "transferred"})


def outcome_of(status: str, resolution: str, photos: int) -> Outcome:
    """Return what became of a finding: state and resolution of its case, and how many photos prove it.

    Closed is not solved: without a photo, or solved only partly, it is counted apart.
    """
    if status in _CLOSED:
        return Outcome.SOLVED if resolution == "yes" and photos else Outcome.BARE
    if status == "suspended":
        return Outcome.SUSPENDED
    return Outcome.ELSEWHERE if status in _ELSEWHERE else Outcome.OPEN


@dataclass(frozen=True)
class Found:
    """What was found, and what became of it: every finding is in one of the last five."""

    findings: int = 0
    handled: int = 0  # dealt with on the spot; also counted by what became of them
    solved: int = 0
    bare: int = 0
    open: int = 0
    suspended: int = 0
    elsewhere: int = 0


@dataclass(frozen=True)
class Row:
    """One theme, area or month: walks that took place, and what they found."""

    key: str
    name: str
    walks: int
    found: Found


@dataclass(frozen=True)
class WalkTally:
    """Walks of a span of days: those that ended, still to come or not ended, called off; places they saw."""

    walks: int = 0
    planned: int = 0
    called_off: int = 0
    without_findings: int = 0
    places: int = 0
    found: Found = field(default_factory=Found)
    by_theme: tuple[Row, ...] = ()
    by_area: tuple[Row, ...] = ()
    by_month: tuple[Row, ...] = ()


@dataclass(frozen=True)
class _Fate:
    """One finding as it is counted."""

    walk: UUID
    how: str
    outcome: Outcome


def walk_tally(
    *, since: date | datetime, until: date | datetime, areas: Collection[str] | None = None
) -> WalkTally:
    """Return the tally of the walks from `since` until before `until` (days; of a moment, its day in town).

    `areas` are paths of areas, each with all below it; None means the whole town. Three statements.
    """
    first, after = _day(since), _day(until)
    within = Q(on__gte=first, on__lt=after)
    if areas is not None:
        within &= under(areas)
    walks = list(Walk.objects.filter(within).select_related("theme", "area").order_by("on", "pk"))
    ended = [walk for walk in walks if walk.state == WalkState.ENDED]
    fates = _fates([walk.pk for walk in walks])
    by_walk = Counter(fate.walk for fate in fates)
    states = Counter(walk.state for walk in walks)
    cuts = (
        {walk.pk: (str(walk.theme_id), walk.theme.name) for walk in walks},
        {walk.pk: (walk.area.code, walk.area.name) for walk in walks},
        {walk.pk: (f"{walk.on:%Y-%m}",) * 2 for walk in walks},
    )
    held = {walk.pk for walk in ended}
    by_theme, by_area, by_month = (_rows(cut, held, fates) for cut in cuts)
    return WalkTally(
        walks=len(ended), planned=states[WalkState.PLANNED], called_off=states[WalkState.CALLED_OFF],
        without_findings=sum(not by_walk[walk.pk] for walk in ended),
        places=Stop.objects.filter(walk__in=[walk.pk for walk in ended], seen=True).count(),
        found=_sum(fates), by_theme=by_theme, by_area=by_area, by_month=by_month,
    )  # fmt: skip


def _day(told: date | datetime) -> date:
    return local_day(told) if isinstance(told, datetime) else told


def _fates(walks: Collection[UUID]) -> list[_Fate]:
    """Return what became of each finding, by the case its appeal is in now."""
    here = Q(appeal__memberships__until_at=None)
    proof = Q(appeal__memberships__case__replies__passed=False)
    rows = (
        Finding.objects.filter(here, walk__in=walks)
        .values_list(
            "walk", "how", "appeal__memberships__case__status", "appeal__memberships__case__resolution"
        )
        .annotate(photos=Count("appeal__memberships__case__replies__evidence", filter=~proof, distinct=True))
        .order_by("pk")
    )
    return [
        _Fate(walk, how, outcome_of(status, solved, photos)) for walk, how, status, solved, photos in rows
    ]


def _sum(fates: Iterable[_Fate]) -> Found:
    told = list(fates)
    count = Counter(fate.outcome for fate in told)
    return Found(
        findings=len(told), handled=sum(fate.how == "handled" for fate in told), solved=count[Outcome.SOLVED],
        bare=count[Outcome.BARE], open=count[Outcome.OPEN], suspended=count[Outcome.SUSPENDED],
        elsewhere=count[Outcome.ELSEWHERE],
    )  # fmt: skip


def _rows(cut: dict[UUID, tuple[str, str]], held: set[UUID], fates: list[_Fate]) -> tuple[Row, ...]:
    """Return the rows of one way to cut, in the order of their names: nobody is ranked."""
    by_key: dict[tuple[str, str], list[_Fate]] = {}
    for fate in fates:
        by_key.setdefault(cut[fate.walk], []).append(fate)
    walks = Counter(cut[walk] for walk in held)
    keys = sorted({*by_key, *walks}, key=lambda pair: (pair[1], pair[0]))
    return tuple(Row(key, name, walks[key, name], _sum(by_key.get((key, name), ()))) for key, name in keys)
