"""The duty board: one screen that keeps itself up to date, and says so when it does not."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from huying.board.rules import areas_of
from huying.board.view import board_of
from huying.board.watching import acknowledge, alerts_for
from huying.cases.lists import my_areas
from huying.cases.rules import lies_under
from huying.home.desk.access import staff_required
from huying.home.desk.board.asking import asked_areas
from huying.home.desk.board.words import Looks, alert_of, context_of
from huying.home.desk.frame import safe_next
from huying.insight.scope import sight_of
from huying.people.permissions import Permission
from huying.places.queries import town_map

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpRequest

    from huying.board.view import Board
    from huying.home.desk.access import DeskRequest

# So long all screens with the same rights share one look; they ask again in about twice as long.
FRESH_SECONDS = 2
# A board whose screens ask every four seconds and hear nothing this long is late.
POLL_SECONDS, LATE_SECONDS = 4, 12
MOST_CASES, SEEN_DAYS = 200, 2


@require_safe
@staff_required(Permission.STATS_SEE)
def board(request: DeskRequest) -> HttpResponse:
    """Show the board of what the actor may see, or of an area of it."""
    areas, code = asked_areas(request)
    shown = board_of(areas, at=request.at, sight=sight_of(request.actor))
    looks = _looks(request, areas, code)
    context = {
        **context_of(shown, looks), **frame_of(shown, code),
        "live_url": f"{request.path}live/?area={code}",
        "choices": _choices(request), "chosen": code,
        "may_watch": request.actor.holds(Permission.BOARD_WATCH),
    }  # fmt: skip
    return render(request, "desk/board/board.html", context)


@require_safe
@staff_required(Permission.STATS_SEE)
def live(request: DeskRequest) -> HttpResponse:
    """Return the part of the board that changes; 304 when it has not."""
    areas, code = asked_areas(request)
    looks = _looks(request, areas, code)
    sight = sight_of(request.actor)
    watches = request.actor.holds(Permission.BOARD_WATCH)
    key = repr((areas, sight, looks, watches))
    return live_answer(
        request, key, lambda: board_of(areas, at=request.at, sight=sight), looks, {"may_watch": watches}
    )


def live_answer(
    request: HttpRequest,
    key: str,
    look: Callable[[], Board],
    looks: Looks,
    more: dict[str, Any],
) -> HttpResponse:
    """Answer with the live part, looked at once for all who ask within `FRESH_SECONDS`.

    The moment it holds for goes in a header, also with 304: a board that is unchanged is not late.
    """
    told = hashlib.sha256(f"{key} {get_language()}".encode()).hexdigest()[:32]
    held = cache.get(f"board.{told}")
    if held is None:
        shown = look()
        body = render_to_string("desk/board/live.html", {**context_of(shown, looks), **more}, request)
        tag = quote_etag(hashlib.sha256(_unstamped(body).encode()).hexdigest()[:32])
        held = (body, tag, shown.at.isoformat(), _late(shown))
        cache.set(f"board.{told}", held, FRESH_SECONDS)
    body, tag, as_of, late = held
    same = tag in parse_etags(request.headers.get("If-None-Match", ""))
    response = HttpResponseNotModified() if same else HttpResponse(body)
    response.headers["ETag"] = tag
    response.headers["X-Board-As-Of"], response.headers["X-Board-Late"] = as_of, late
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _unstamped(body: str) -> str:
    """Return the body without tokens that differ at every request."""
    lines = body.split("\n")
    return "\n".join(line for line in lines if "csrfmiddlewaretoken" not in line)


def frame_of(shown: Board, code: str) -> dict[str, Any]:
    """Return what stands around the live part: whose board, and how long silence is no lateness."""
    area = town_map().by_code(code) if code else None
    return {
        "area_name": area.name if area else "",
        "as_of": shown.at,
        "late_since": _late(shown),
        "poll_seconds": POLL_SECONDS,
        "late_seconds": LATE_SECONDS,
    }


def _late(shown: Board) -> str:
    late = shown.fresh.late_since
    return late.isoformat() if late else ""


def _choices(request: DeskRequest) -> list[tuple[str, str]]:
    """Return the areas whose board an actor may choose, down to communities."""
    tops = areas_of(request.actor, Permission.STATS_SEE)
    cards = sorted(town_map().areas.values(), key=lambda card: card.path)
    return [
        (card.code, card.name)
        for card in cards
        if card.rank <= _COMMUNITY and any(lies_under(card.path, top) for top in tops)
    ]


_COMMUNITY = 2


def _looks(request: DeskRequest, areas: list[str], code: str) -> Looks:
    """Return who looks at the board of these areas."""
    sets_up = request.actor.holds(Permission.CATALOGUE_EDIT)
    return Looks(code, follows=_follows(request, areas), sets_up=sets_up)


def _follows(request: DeskRequest, areas: list[str]) -> bool:
    """Return whether an actor may see the cases behind these numbers."""
    seen = my_areas(request.actor)
    return all(any(lies_under(area, top) for top in seen) for area in areas)


@require_safe
@staff_required(Permission.STATS_SEE)
def alerts(request: DeskRequest) -> HttpResponse:
    """Show the alerts that stand, and those of the last days with who took them up."""
    areas, code = asked_areas(request)
    looks = _looks(request, areas, code)
    found = alerts_for(request.actor)
    standing = found.filter(acknowledged_at=None, ended_at=None)[:MOST_CASES]
    seen = found.exclude(acknowledged_at=None).filter(
        acknowledged_at__gte=request.at - timedelta(days=SEEN_DAYS)
    )
    context = {
        "standing": [alert_of(one, looks) for one in standing],
        "seen": [alert_of(one, looks) for one in seen.order_by("-acknowledged_at")[:MOST_CASES]],
        "may_watch": request.actor.holds(Permission.BOARD_WATCH),
    }
    return render(request, "desk/board/alerts.html", context)


@require_POST
@staff_required(Permission.BOARD_WATCH)
def seen(request: DeskRequest, alert_id: UUID) -> HttpResponse:
    """Take an alert up."""
    acknowledge(alert_id, by=request.actor, at=request.at, note=request.POST.get("note", ""))
    return redirect(safe_next(request, "desk:board_alerts"))
