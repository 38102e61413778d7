"""The page of one hot spot: what, where, how hot and why, its weeks, its cases, and what may be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from huying.cases.models import Case, Membership
from huying.cases.rules import visible_to
from huying.cases.words import area_name, item_name
from huying.home.desk.access import staff_required
from huying.home.desk.hotspots.forms import DismissForm, MergeForm, RenameForm
from huying.home.desk.hotspots.listing import threshold_told
from huying.home.desk.hotspots.telling import event_of
from huying.home.desk.hotspots.words import STATES, TONES, chart_of
from huying.home.desk.trends.words import rows_of, verdict_of
from huying.home.maps import FEW_SHAPES
from huying.insight.hotspots import as_matter
from huying.insight.lists import usual_weeks, weekly, weeks_back
from huying.insight.models import HotAlert, HotMark, HotSpot
from huying.insight.quoting import quotes
from huying.insight.rearranging import undoable
from huying.insight.rules import may
from huying.insight.stages import STANDING, State
from huying.insight.trends import months_of_spot
from huying.journeys.hotspot_to_topic import running_topics
from huying.ledger.queries import timeline
from huying.people.permissions import Permission
from huying.supervision.rules import over_area

if TYPE_CHECKING:
    from uuid import UUID

    from django import forms
    from django.http import HttpResponse

    from huying.home.desk.access import DeskRequest

WEEKS = 26
MOST_MEMBERS = 100
MOST_EVENTS = 60


def found_spot(request: DeskRequest, key: UUID) -> HotSpot:
    """Return a matter the actor may see; 404 otherwise, whether or not there is one."""
    spot = HotSpot.objects.select_related("merged_into").filter(pk=key).first()
    if spot is None or not may(request.actor, Permission.HOTSPOT_SEE, spot):
        raise Http404
    return spot


@require_safe
@staff_required(Permission.HOTSPOT_SEE)
def hot_spot(request: DeskRequest, key: UUID) -> HttpResponse:
    """Show a hot spot; one merged away leads to the one it went into."""
    spot = found_spot(request, key)
    if spot.merged_into is not None and may(request.actor, Permission.HOTSPOT_SEE, spot.merged_into):
        return redirect("desk:hot_spot", key=spot.merged_into.pk)
    return show_spot(request, spot)


def show_spot(
    request: DeskRequest, spot: HotSpot, *, refused: tuple[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    """Render the page, perhaps with the form that was refused, filled as it was."""
    tone, icon = TONES[spot.stage]
    decides = may(request.actor, Permission.HOTSPOT_DECIDE, spot) and spot.state != State.MERGED
    members = _members(request, spot)
    context: dict[str, Any] = {
        "spot": spot, "tone": tone, "icon": icon, "state_look": STATES[spot.state],
        "evidence": as_matter(spot).evidence, "said": _said(members), "area": area_name(spot.area_path),
        "item": item_name(spot.item_code) if spot.item_code else "", "heat": f"{spot.heat:.1f}",
        "growth": f"{spot.growth:.1f}", "chart": _chart(request, spot), "weeks": WEEKS,
        **_months(request, spot), "members": members, "most": MOST_MEMBERS,
        "decides": decides, "proposes": _may_propose(request, spot),
        "stands": spot.state in STANDING, "learnt": threshold_told(),
        "alerts": HotAlert.objects.filter(spot=spot, acknowledged_at=None).order_by("at"),
        "events": _events(spot),
        "undo": undoable(spot) if decides else [], "now": request.at,
        "boundaries_url": _boundaries_url(spot),
    }  # fmt: skip
    if decides:
        context |= _forms(request, spot, refused)
    return render(request, "desk/hotspots/spot.html", context, status=status)


def _may_propose(request: DeskRequest, spot: HotSpot) -> bool:
    """Return whether the actor may make a topic of a matter that is none yet."""
    may_so = over_area(request.actor, Permission.TOPIC_PROPOSE, spot.area_path)
    return may_so and spot.state in STANDING and spot.pk not in running_topics([spot.pk])


def _events(spot: HotSpot) -> list[dict[str, Any]]:
    """Return what happened to a matter, the latest first."""
    facts = timeline(f"hotspot:{spot.pk}").reverse()
    return [event for fact in facts[:MOST_EVENTS] if (event := event_of(fact)) is not None]


def _forms(request: DeskRequest, spot: HotSpot, refused: tuple[str, forms.Form] | None) -> dict[str, Any]:
    offered = {
        "rename": RenameForm(initial={"title": spot.title}), "dismiss": DismissForm(),
        "merge": MergeForm(by=request.actor, spot=spot),
    }  # fmt: skip
    if refused is not None:
        offered[refused[0]] = refused[1]  # type: ignore[assignment]
    return {f"{name}_form": form for name, form in offered.items()}


def _chart(request: DeskRequest, spot: HotSpot) -> dict[str, Any]:
    mondays = weeks_back(request.at, WEEKS)
    seen = weekly([spot.pk], at=request.at, weeks=WEEKS)[spot.pk]
    usual = usual_weeks(spot, at=request.at, weeks=WEEKS)
    chart = chart_of([f"{day.month}/{day.day}" for day in mondays], seen, usual)
    rows = [
        {"week": monday, "seen": number, "low": one.low, "high": one.high,
         "verdict": one.verdict(number)}
        for monday, number, one in zip(mondays, seen, usual, strict=True)
    ]  # fmt: skip
    return chart | {"rows": list(reversed(rows))}


def _months(request: DeskRequest, spot: HotSpot) -> dict[str, Any]:
    """Return the months of a matter with what a fall is worth, from the first that brought anything."""
    months = months_of_spot(spot.pk, at=request.at)
    whole = months[:-1]
    began = next((place for place, one in enumerate(whole) if one.count), len(whole))
    return {"months": rows_of(whole)[: len(whole) - began], "verdict": verdict_of(whole)}


def _members(request: DeskRequest, spot: HotSpot) -> dict[str, Any]:
    """Return the appeals of a matter by the cases they are in: linked for who may see the case, else counted.

    Of an appeal only its number and moment are told; its words and its appellant stand on the case.
    """
    marks = HotMark.objects.filter(spot=spot).order_by("-at", "-pk")
    shown = list(marks.values_list("pk", "at", "me_too")[: MOST_MEMBERS + 1])
    moments = {pk: (at, me_too) for pk, at, me_too in shown[:MOST_MEMBERS]}
    inside = Membership.objects.filter(appeal__in=moments, until_at=None)
    seen = visible_to(request.actor)
    cases = {
        row["appeal_id"]: row
        for row in inside.filter(case__in=_visible(inside, seen)).values(
            "appeal_id", "appeal__number", "case__number", "case__title", "case__status"
        )
    }
    rows = [
        {
            "appeal": pk, "at": at, "me_too": me_too, "number": row["appeal__number"],
            "case": row["case__number"], "title": row["case__title"], "status": row["case__status"],
            "url": reverse("desk:case", args=[row["case__number"]]),
        }
        for pk, (at, me_too) in moments.items()
        if (row := cases.get(pk)) is not None
    ]  # fmt: skip
    return {"rows": rows, "hidden": len(moments) - len(rows), "more": len(shown) > MOST_MEMBERS}


def _said(members: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what people said, of the cases the actor may see alone, each with the way to its case."""
    urls = {row["appeal"]: row["url"] for row in members["rows"]}
    return [{"words": one.words, "at": one.at, "url": urls[one.appeal]} for one in quotes(list(urls))]


def _visible(inside: Any, seen: Any) -> Any:  # noqa: ANN401 - query sets of other packages' rows
    return Case.objects.filter(seen, pk__in=inside.values("case")).values("pk")


def _boundaries_url(spot: HotSpot) -> str:
    codes = spot.area_path.split("/")
    within = codes[min(2, len(codes) - 1)]
    return f"{reverse('desk:boundaries')}?most={FEW_SHAPES}&within={within}" if within else ""
