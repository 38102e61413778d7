"""The town in numbers: every share with what it is a share of, and none where too few stand behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from huying.home.office.access import StaffRequest, office
from huying.home.office.menu import show
from huying.insight.core.telling import FEWEST, FEWEST_FOR_A_SHARE, wilson
from huying.journeys.counting import town_stats
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from django.http import HttpResponse


@dataclass(frozen=True)
class Share:
    """A share as a page tells it: `value` in words, and what it is a share of."""

    label: str
    value: str
    of: str
    about: str = ""
    percent: float | None = None


def tell_share(label: str, part: int, whole: int, of: str, about: str = "") -> Share:
    """Return a share in words: hidden below five, a range below thirty, else a percentage."""
    base = f"{part} / {whole} {of}"
    if whole < FEWEST:
        return Share(
            label, _("too few to tell"), _("fewer than {fewest} {of}").format(fewest=FEWEST, of=of), about
        )
    if whole < FEWEST_FOR_A_SHARE:
        low, high = wilson(part, whole)
        return Share(
            label, _("about {low:.0f}–{high:.0f} %").format(low=low * 100, high=high * 100), base, about
        )
    return Share(label, f"{part / whole:.1%}", base, about, round(part / whole * 100, 1))


def tell_seconds(seconds: float | None) -> str:
    """Return a length of time in words."""
    if seconds is None:
        return "—"
    if seconds < 1:
        return _("under a second")
    if seconds < 120:  # noqa: PLR2004 - two minutes read better as seconds
        return ngettext("{n} second", "{n} seconds", round(seconds)).format(n=round(seconds))
    minutes = round(seconds / 60)
    return ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)


@require_safe
@office(Permission.STATS_SEE)
def numbers(request: StaffRequest) -> HttpResponse:
    """Show the counts of the town since it began."""
    stats = town_stats()
    context = {"stats": stats, "counted_at": request.at, **_parts(stats)}
    return show(request, "numbers.html", context)


def _parts(stats: dict[str, Any]) -> dict[str, Any]:
    closed, judged = stats["closed"], stats["first_dispatch_judged"]
    right = round((stats["first_dispatch_success"] or 0) * judged)
    cases, closures = _("cases"), _("closed cases")
    return {
        "dispatch": [
            tell_share(
                _("Dispatched without a hand"),
                stats["dispatched_automatically"],
                stats["cases"],
                cases,
                _("The first dispatch was made by the rules alone."),
            ),
            tell_share(
                _("Right at the first dispatch"),
                right,
                judged,
                _("judged cases"),
                _("Signed and never returned or redispatched, of those a unit has signed or returned."),
            ),
        ],
        "to_dispatch": tell_seconds(stats["seconds_to_dispatch"]),
        "solving": [
            tell_share(_("Solved"), stats["solved"], closed, closures),
            tell_share(_("Partly solved"), stats["partly_solved"], closed, closures),
            tell_share(_("Not solved"), stats["not_solved"], closed, closures),
        ],
        "confirming": [
            tell_share(
                _("Confirmed by residents"),
                stats["confirmed"],
                closed,
                closures,
                _("A resident answered the question after the reply."),
            ),
            tell_share(
                _("Unconfirmed"),
                stats["unconfirmed"],
                closed,
                closures,
                _("Nobody answered in time. That is not counted as satisfied."),
            ),
        ],
    }
