"""The list of hot spots: by heat, filtered by shelf, stage, area and item, with weeks and a map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from huying.home.desk.access import staff_required
from huying.home.desk.hotspots.words import row_of
from huying.home.desk.narrowing import NarrowingForm, item_groups
from huying.insight.core.heat import START_THRESHOLD
from huying.insight.lists import MOST_LISTED, SHELVES, Wanted, listed, open_alerts, weekly
from huying.insight.models import HotThreshold
from huying.insight.stages import BURNING, SHOWN, Stage
from huying.people.permissions import Permission
from huying.places.queries import town_map

if TYPE_CHECKING:
    from django.http import HttpResponse, QueryDict
    from django_stubs_ext import StrOrPromise

    from huying.home.desk.access import DeskRequest
    from huying.ledger.actor import Actor

SHELF_LABELS: dict[str, StrOrPromise] = {
    "burning": gettext_lazy("Draw appeals now"), "cooled": gettext_lazy("Cooling or calmed down"),
    "nearly": gettext_lazy("Just below the threshold"), "dismissed": gettext_lazy("Dismissed"),
}  # fmt: skip
# Areas are offered down to communities.
_FINEST = 2


class HotForm(NarrowingForm):
    """What the list is narrowed to. What cannot be read narrows nothing."""

    stage = forms.ChoiceField(label=gettext_lazy("Stage"), required=False)
    area = forms.ChoiceField(label=gettext_lazy("Area"), required=False)
    items = forms.ChoiceField(label=gettext_lazy("Item group"), required=False)

    def __init__(self, data: QueryDict, by: Actor, shelf: str) -> None:
        super().__init__(data or None)
        stages = BURNING if shelf == "burning" else SHOWN
        self.choose("stage", [("", _("all")), *((str(one), Stage(one).label) for one in stages)])
        self.choose("area", [("", _("all I may see")), *seen_areas(by)])
        self.choose("items", [("", _("all")), *item_groups()])


def seen_areas(by: Actor, right: Permission = Permission.HOTSPOT_SEE) -> list[tuple[str, str]]:
    """Return the areas down to communities an actor has a right over: path and name, drawn in."""
    tops = [grant.area_path for grant in by.grants if right in grant.on_area and grant.area_path]
    cards = sorted(town_map().areas.values(), key=lambda card: card.path)
    return [
        (card.path, f"{'　' * card.rank}{card.name}")
        for card in cards
        if card.rank <= _FINEST and any(f"{card.path}/".startswith(f"{top}/") for top in tops)
    ]


@require_safe
@staff_required(Permission.HOTSPOT_SEE)
def hot_spots(request: DeskRequest) -> HttpResponse:
    """List what is hot where the actor may look, the hottest first."""
    shelf = request.GET.get("shelf", SHELVES[0])
    shelf = shelf if shelf in SHELVES else SHELVES[0]
    form = HotForm(request.GET, request.actor, shelf)
    told = form.told()
    wanted = Wanted(shelf, told.get("stage", ""), told.get("area", ""), told.get("items", ""))
    spots = list(listed(wanted, by=request.actor)[: MOST_LISTED + 1])
    shown = spots[:MOST_LISTED]
    weeks = weekly([spot.pk for spot in shown], at=request.at)
    context = {
        "form": form, "rows": [row_of(spot, weeks[spot.pk]) for spot in shown], "shelf": shelf,
        "tabs": _tabs(shelf), "more": len(spots) > MOST_LISTED, "now": request.at,
        "alerts": open_alerts(by=request.actor).count(), "boundaries_url": _boundaries_url(told, request),
        "learnt": threshold_told(), "has_points": any(spot.lat is not None for spot in shown),
        "narrowed": bool(told),
    }  # fmt: skip
    return render(request, "desk/hotspots/list.html", context)


def _tabs(shelf: str) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": f"?shelf={key}", "current": key == shelf}
        for key, label in SHELF_LABELS.items()
    ]


def _boundaries_url(told: dict[str, str], request: DeskRequest) -> str:
    area = told.get("area") or next(
        (grant.area_path for grant in request.actor.grants if Permission.HOTSPOT_SEE in grant.on_area), ""
    )
    return f"{reverse('desk:boundaries')}?within={area.rpartition('/')[2]}" if area else ""


def threshold_told() -> dict[str, Any]:
    """Return the town's threshold and what it was learnt from, as the page explains it."""
    learnt = HotThreshold.objects.first()
    return {
        "heat": f"{learnt.heat if learnt else START_THRESHOLD:.1f}", "start": f"{START_THRESHOLD:.1f}",
        "confirmed": learnt.confirmed if learnt else 0, "dismissed": learnt.dismissed if learnt else 0,
    }  # fmt: skip
