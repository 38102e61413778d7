"""Counts that keep up while a list lies open: one bounded statement, shared by all with the same rights."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.http import JsonResponse
from django.views.decorators.http import require_safe

from huying.cases.lists import AREA_TABS, CENTRE_TABS, WORK_TABS, Scope, counts
from huying.home.desk.access import staff_required
from huying.home.desk.frame import counted
from huying.home.desk_forms import FilterForm
from huying.workbench.models import Listed

if TYPE_CHECKING:
    from django.http import HttpResponse

    from huying.cases.narrowing import Narrow
    from huying.home.desk.access import DeskRequest

# So long a count may be old; pages ask again in about three times as long.
FRESH_SECONDS = 15


@require_safe
@staff_required()
def live_counts(request: DeskRequest) -> HttpResponse:
    """Return how much each tab of a list has now, as the tabs show it, narrowed as the list is."""
    listed = request.GET.get("listed", "")
    scope = Scope.AREAS if listed == Listed.AREA else Scope.UNITS
    narrow = FilterForm(request.GET).narrow() if request.GET else FilterForm().narrow()
    key = _key(request, scope, narrow)
    found = cache.get(key)
    if found is None:
        tabs = AREA_TABS if scope == Scope.AREAS else WORK_TABS
        numbers = counts(request.actor, at=request.at, scope=scope, tabs=tabs, narrow=narrow)
        centre = counts(request.actor, at=request.at, tabs=tuple(CENTRE_TABS)) if not narrow else {}
        found = {str(tab): counted(number) for tab, number in {**numbers, **centre}.items()}
        cache.set(key, found, FRESH_SECONDS)
    return JsonResponse({"counts": found})


def _key(request: DeskRequest, scope: Scope, narrow: Narrow) -> str:
    """Return the key under which those with the same rights and filters share a count."""
    grants = sorted(
        (grant.unit_path, grant.area_path, sorted(grant.on_unit), sorted(grant.on_area), grant.items)
        for grant in request.actor.grants
    )
    mine = request.actor.id if narrow.handler else ""
    told = repr((grants, str(scope), narrow, mine)).encode()
    return f"desk.counts.{hashlib.sha256(told).hexdigest()[:32]}"
