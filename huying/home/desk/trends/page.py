"""The page of trends: months of an area, item or estate, weeks against what was expected, a fall in pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from huying.cases.words import area_name, item_name
from huying.home.desk.access import staff_required
from huying.home.desk.hotspots.listing import seen_areas
from huying.home.desk.hotspots.words import chart_of
from huying.home.desk.narrowing import NarrowingForm, item_groups
from huying.home.desk.trends.outlook import month_ranges, outlook_of, week_ahead
from huying.home.desk.trends.words import rows_of, verdict_of
from huying.insight.forecasts import days_of_area, days_of_estate, expected_months, nothing_is_counted
from huying.insight.scope import sight_of
from huying.insight.trends import (
    communities_in,
    months_of_area,
    months_of_estate,
    this_week,
    warnings,
    weeks_of,
)
from huying.people.permissions import Permission
from huying.places.models import Place, PlaceKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse, QueryDict

    from huying.home.desk.access import DeskRequest
    from huying.insight.core.trend import Month
    from huying.insight.forecasts import Day
    from huying.insight.trends import Week
    from huying.ledger.actor import Actor

SHOWN_MONTHS = 13
MOST_ESTATES = 300
# Item groups that weeks are counted by: the second level of the catalogue.
_GROUP = 4


class TrendForm(NarrowingForm):
    """Of what the trend is told. What cannot be read narrows nothing."""

    area = forms.ChoiceField(label=gettext_lazy("Area"), required=False)
    estate = forms.ChoiceField(label=gettext_lazy("Estate"), required=False)
    items = forms.ChoiceField(label=gettext_lazy("Item group"), required=False)

    def __init__(self, data: QueryDict, by: Actor) -> None:
        super().__init__(data or None)
        areas = seen_areas(by, Permission.STATS_SEE)
        self.choose("area", [("", _("all I may see")), *areas])
        self.choose("estate", [("", _("all")), *_estates(by)])
        self.choose("items", [("", _("all")), *item_groups()])


def _tops(by: Actor) -> list[str]:
    return [path for path, _items in sight_of(by)]


def _estates(by: Actor) -> list[tuple[str, str]]:
    """Return the estates in the areas an actor may see numbers of, without limits to items."""
    tops = [path for path, items in sight_of(by) if not items]
    places = Place.objects.filter(kind=PlaceKind.ESTATE).select_related("area").order_by("name")
    return [
        (str(place.pk), place.name) for place in places
        if any(f"{place.area.path}/".startswith(f"{top}/") for top in tops)
    ][:MOST_ESTATES]  # fmt: skip


@require_safe
@staff_required(Permission.STATS_SEE)
def trend(request: DeskRequest) -> HttpResponse:
    """Show how appeals move, month by month and week by week, where the actor may see numbers."""
    form = TrendForm(request.GET, request.actor)
    told = form.told()
    sight = sight_of(request.actor)
    months = _months(told, request)
    whole, running = months[:-1], months[-1]
    shown = _since_the_first(whole)
    expected = expected_months(months)
    ranges = month_ranges(whole, expected[:-1])
    rows = rows_of(whole)[: min(SHOWN_MONTHS, len(shown))]
    context: dict[str, Any] = {
        "form": form, "narrowed": bool(told), "now": request.at, "running": running,
        "rows": [row | {"expected": ranges.get(row["month"])} for row in rows], "verdict": verdict_of(whole),
        "months_chart": chart_of([_short(one.month) for one in shown], [one.count for one in shown]),
        "nothing_counted": nothing_is_counted(), **outlook_of(_days(told, request), months, expected),
        "has_months": any(one.count for one in months), "of": _of(told, dict(form.fields["estate"].choices)),  # type: ignore[attr-defined]
    }  # fmt: skip
    # Weeks are counted by community and item group; a post limited to items sees its months only.
    if "estate" not in told and not any(items for _path, items in sight):
        context |= _weeks(told, request)
        context["ahead"].insert(1, week_ahead(context["this_week"]))
    return render(request, "desk/trends/trend.html", context)


def _since_the_first(months: Sequence[Month]) -> Sequence[Month]:
    """Return the months from the first with an appeal on; all when none has one."""
    first = next((place for place, one in enumerate(months) if one.count), 0)
    return months[first:]


def _months(told: dict[str, str], request: DeskRequest) -> list[Month]:
    items = told.get("items", "")
    if "estate" in told:
        return months_of_estate(told["estate"], at=request.at, items=items)
    return months_of_area(
        at=request.at, area=told.get("area", ""), items=items, sight=sight_of(request.actor)
    )


def _days(told: dict[str, str], request: DeskRequest) -> list[Day]:
    items = told.get("items", "")
    if "estate" in told:
        return days_of_estate(told["estate"], at=request.at, items=items)
    return days_of_area(at=request.at, area=told.get("area", ""), items=items, sight=sight_of(request.actor))


def _weeks(told: dict[str, str], request: DeskRequest) -> dict[str, Any]:
    tops = [told["area"]] if "area" in told else _tops(request.actor)
    areas = sorted({area for top in tops for area in communities_in(top)})
    group = told.get("items", "")
    weeks = weeks_of(areas, group, at=request.at)
    return {
        "this_week": this_week(areas, group, at=request.at), "weeks": list(reversed(weeks)),
        "weeks_chart": _weeks_chart(weeks),
        "warned": [
            {"area": area_name(one.area), "item": item_name(one.group) or "—", "week": one.week}
            for one in warnings(areas, at=request.at) if one.group.startswith(group)
        ],
    }  # fmt: skip


def _weeks_chart(weeks: Sequence[Week]) -> dict[str, Any]:
    labels = [f"{one.on.month}/{one.on.day}" for one in weeks]
    return chart_of(labels, [one.count for one in weeks], [one.expected for one in weeks])


def _short(month: str) -> str:
    return month[2:]


def _of(told: dict[str, str], estates: dict[str, str]) -> str:
    parts = [
        estates.get(told["estate"], "") if "estate" in told else "",
        area_name(told["area"]) if "area" in told and "estate" not in told else "",
        item_name(told["items"]) if "items" in told else "",
    ]
    return " · ".join(filter(None, parts)) or _("everything I may see")
