"""Reading walks: what an actor may see, what is on today, and the themes an area may walk by."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Q

from huying.catalogue.core.calendar import local_day
from huying.kit.errors import Refusal
from huying.walks import reasons
from huying.walks.models import MonthPlan, Theme, Walk, WalkState
from huying.walks.rules import may_go, may_see, tops, under, visible_walks
from huying.walks.tally import Found, Row, WalkTally, walk_tally

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from huying.ledger.actor import Actor
    from huying.people.permissions import Permission

__all__ = [
    "Found", "Row", "WalkTally", "find_walk", "plans_of", "themes_for", "themes_of", "walk_tally",
    "walks_between", "walks_to_go",
]  # fmt: skip
# So long after its day a walk that nobody ended still waits on the phones of its units.
LATE = timedelta(days=3)


def _whole() -> QuerySet[Walk]:
    return Walk.objects.select_related("area", "theme", "checklist", "plan").prefetch_related(
        "walkers__unit", "stops__place", "checklist__lines", "checks"
    )


def find_walk(walk_id: UUID, *, by: Actor) -> Walk:
    """Return a walk an actor may read; Refusal `walk_not_found`."""
    found = _whole().filter(pk=walk_id).first()
    if found is None or not may_see(by, found):
        raise Refusal(reasons.WALK_NOT_FOUND)
    return found


def walks_between(first: date, after: date, *, by: Actor) -> QuerySet[Walk]:
    """Return the walks an actor may read from a day until before another, newest first, with findings."""
    return (
        Walk.objects.filter(visible_walks(by), on__gte=first, on__lt=after)
        .select_related("area", "theme")
        .prefetch_related("walkers__unit")
        .annotate(found=Count("findings", distinct=True))
        .order_by("-on", "-pk")
    )


def walks_to_go(by: Actor, *, at: datetime) -> list[Walk]:
    """Return the walks of today, and of the last days not ended yet, this actor may report for."""
    today = local_day(at)
    due = Q(on=today) & ~Q(state=WalkState.CALLED_OFF) | Q(
        on__lt=today, on__gte=today - LATE, state=WalkState.PLANNED
    )
    return [
        walk for walk in _whole().filter(visible_walks(by) & due).order_by("on", "pk") if may_go(by, walk)
    ]


def themes_of(by: Actor, *rights: Permission) -> QuerySet[Theme]:
    """Return the themes of the areas these rights hold over, with the number of their newest checklist."""
    found = Theme.objects.filter(under(tops(by, *rights))).select_related("area")
    return found.annotate(newest=Max("checklists__number")).order_by("-is_active", "area__path", "name")


def themes_for(area_path: str) -> QuerySet[Theme]:
    """Return the themes with a checklist an area may walk by: its own and those of areas above."""
    codes = area_path.split("/")
    found = Theme.objects.filter(area__code__in=codes, is_active=True, checklists__isnull=False)
    return found.distinct().order_by("name")


def plans_of(months: Iterable[date], *, by: Actor, rights: Iterable[Permission]) -> QuerySet[MonthPlan]:
    """Return the plans of these months for the areas an actor's rights hold over."""
    found = MonthPlan.objects.filter(under(tops(by, *rights)), month__in=list(months))
    return found.select_related("area", "theme").order_by("-month", "area__path")
