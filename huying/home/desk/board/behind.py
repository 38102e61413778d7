"""The cases behind a number of the board, as far as whoever asks may see them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from huying.board.view import RATE_DAYS
from huying.cases.models import Case
from huying.cases.rules import visible_to
from huying.home.desk.access import staff_required
from huying.home.desk.board.asking import asked_areas
from huying.home.desk.board.words import COUNTED, SHOWN_RATES, area_name
from huying.home.desk.listing import row
from huying.insight.behind import cases_behind
from huying.insight.tally import RATE, catch_up, today_of
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from huying.home.desk.access import DeskRequest

MOST_CASES = 200
# Rates whose hits are what somebody has to look at; of the others it is what missed.
TROUBLE_HITS = frozenset({"unconfirmed", "reworked"})


@require_safe
@staff_required(Permission.CASE_SEE)
def cases(request: DeskRequest) -> HttpResponse:
    """Show the cases behind a number of today or yesterday, or behind a rate of the last 30 days."""
    areas, code = asked_areas(request)
    today, tomorrow = today_of(request.at)
    rate, told = RATE.get(request.GET.get("rate", "")), request.GET
    context: dict[str, Any] = {"area_name": area_name(areas[0]) if code else "", "most": MOST_CASES}
    if rate is not None and rate.key in SHOWN_RATES:
        usual = "hits" if rate.key in TROUBLE_HITS else "misses"
        side = told.get("side", usual) if told.get("side") in {"hits", "misses"} else usual
        words: Sequence[str] = rate.hits if side == "hits" else rate.misses
        since = tomorrow - timedelta(days=RATE_DAYS)
        context |= {"label": _(rate.label), "says": _(rate.says), "tabs": _tabs(rate.key, code, side)}
    else:
        what = told.get("what", "")
        what = what if what in COUNTED else "came_in"
        words, since = (what,), today
        context["label"] = COUNTED[what]
        if told.get("day") == "yesterday":
            since, tomorrow = today - timedelta(days=1), today
            context["says"] = _("yesterday")
    catch_up(at=request.at)
    keys = cases_behind(words, since=since, until=tomorrow, areas=areas)
    seen = Case.objects.filter(visible_to(request.actor), pk__in=keys).select_related("unit").defer("search")
    context |= {
        "total": seen.count(),
        "cases": [row(case) for case in seen.order_by("-opened_at", "-id")[:MOST_CASES]],
    }
    return render(request, "desk/board/cases.html", context)


def _tabs(rate: str, code: str, side: str) -> list[dict[str, Any]]:
    labels = {"misses": _("Counted, but not for the rate"), "hits": _("Counted for the rate")}
    return [
        {
            "label": label, "current": key == side,
            "url": f"?{urlencode({'rate': rate, 'side': key, 'area': code})}",
        }
        for key, label in labels.items()
    ]  # fmt: skip
