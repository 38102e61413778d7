"""The tally of walks and their reports on paper: of months, and of one walk; never of people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from huying.catalogue.core.calendar import local_day
from huying.home.desk.access import staff_required
from huying.home.desk.paper_files import paper_file
from huying.home.desk.walks.papers import month_paper, walk_paper
from huying.home.desk.walks.planning import (
    ANY,
    MOST_SHOWN,
    area_choices_of,
    areas_of,
    month_of,
    next_month,
    told_of,
)
from huying.people.permissions import Permission
from huying.places.queries import town_map
from huying.walks.models import WalkState
from huying.walks.queries import find_walk, plans_of, walk_tally, walks_between
from huying.walks.rules import SEEING, tops

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from huying.home.desk.access import DeskRequest

LONGEST_SPAN = 12


@require_safe
@staff_required(Permission.WALK_PLAN, Permission.STATS_SEE)
def tally(request: DeskRequest) -> HttpResponse:
    """Show the tally of some months."""
    return render(request, "desk/walks/tally.html", _counted(request))


@require_safe
@staff_required(Permission.WALK_PLAN, Permission.STATS_SEE)
def month_report(request: DeskRequest) -> HttpResponse:
    """Show the report of some months as it is printed: the tally, and each walk in a line."""
    context = _monthly(request)
    context["query"] = urlencode(
        {
            "since": f"{context['since']:%Y-%m}",
            "until": f"{context['until']:%Y-%m}",
            "area": context["area"],
        }
    )
    return render(request, "desk/walks/month_report.html", context)


@require_safe
@staff_required(Permission.WALK_PLAN, Permission.STATS_SEE)
def month_file(request: DeskRequest, ending: str) -> HttpResponse:
    """Hand out the report of some months as a Word document or PDF."""
    told = _monthly(request)
    areas = [town_map().by_code(path.rpartition("/")[2]) for path in told["paths"]]
    told["area_title"] = "、".join(card.name for card in areas if card is not None)
    paper = month_paper(told, told["walks"], told["plans"], at=request.at)
    return paper_file(paper, f"walks-{told['since']:%Y-%m}-{told['until']:%Y-%m}", ending)


def _monthly(request: DeskRequest) -> dict[str, Any]:
    context = _counted(request)
    first, after = context["since"], next_month(context["until"])
    found = walks_between(first, after, by=request.actor).filter(state=WalkState.ENDED).order_by("on", "pk")
    if context["area"]:
        found = found.filter(area__path__startswith=context["area_path"])
    plans = plans_of(
        [next_month(first, step) for step in range(LONGEST_SPAN) if next_month(first, step) < after],
        by=request.actor, rights=ANY,
    )  # fmt: skip
    return context | {"walks": found[:MOST_SHOWN], "plans": plans}


@require_safe
@staff_required(*ANY)
def walk_report(request: DeskRequest, walk_id: UUID) -> HttpResponse:
    """Show the report of one walk as it is printed."""
    walk = find_walk(walk_id, by=request.actor)
    return render(request, "desk/walks/report.html", told_of(walk, request.actor) | {"now": request.at})


@require_safe
@staff_required(*ANY)
def walk_file(request: DeskRequest, walk_id: UUID, ending: str) -> HttpResponse:
    """Hand out the report of one walk as a Word document or PDF."""
    walk = find_walk(walk_id, by=request.actor)
    paper = walk_paper(told_of(walk, request.actor), at=request.at)
    return paper_file(paper, f"walk-{walk.number}", ending)


def _counted(request: DeskRequest) -> dict[str, Any]:
    today = local_day(request.at)
    since, until = (month_of(request.GET.get(name, ""), today) for name in ("since", "until"))
    since, until = min(since, until), max(since, until)
    since = max(since, next_month(until, 1 - LONGEST_SPAN))
    cards = areas_of(request.actor, *SEEING)
    card = next((card for card in cards if card.code == request.GET.get("area")), None)
    areas = [card.path] if card else tops(request.actor, *SEEING)
    told = walk_tally(since=since, until=next_month(until), areas=areas)
    return {
        "tally": told, "paths": areas, "since": since, "until": until, "area": card.code if card else "",
        "area_path": card.path if card else "", "area_name": card.name if card else _("all I may see"),
        "areas": area_choices_of(cards),
        "months": [next_month(today.replace(day=1), -step) for step in range(13)],
        "cuts": [(_("Theme"), told.by_theme), (_("Area"), told.by_area), (_("Month"), told.by_month)],
        "now": request.at, "today": today,
    }  # fmt: skip
