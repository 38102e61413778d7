"""Planning walks at the desk: the list, one walk, who goes, and where to."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huying.cases.rules import lies_under, may
from huying.catalogue.core.calendar import local_day
from huying.home.desk.access import staff_required
from huying.home.desk.walks.forms import SEPARATOR, OffForm, WalkForm
from huying.home.desk.walks.proposing import may_propose_from
from huying.journeys.walk_places import propose_places
from huying.journeys.walk_to_topic import running_topics_of
from huying.kit.errors import Refusal
from huying.people.models import Post
from huying.people.permissions import Permission
from huying.people.queries import role_names, unit_book
from huying.places.queries import town_map
from huying.walks import reasons
from huying.walks.actions import StopDraft, WalkDraft, call_off, change_walk, plan_walk
from huying.walks.models import Walk, WalkState
from huying.walks.queries import find_walk, plans_of, themes_for, walks_between
from huying.walks.rules import SEEING, may_go, may_plan, tops

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.http import HttpResponse

    from huying.home.desk.access import DeskRequest
    from huying.ledger.actor import Actor
    from huying.places.queries import AreaCard

ANY = (Permission.WALK_PLAN, Permission.WALK_GO, Permission.STATS_SEE)
DECEMBER = 12
MOST_SHOWN = 200
# Walks are planned for areas down to communities (rank 2 of the usual tree).
FINEST = 2


def month_of(text: str, today: date) -> date:
    """Return the first day of a month told as 2026-11; the present one for anything else."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)


def next_month(month: date, steps: int = 1) -> date:
    """Return the first day of the month so many months after (or, negative, before) another."""
    at = month.year * DECEMBER + month.month - 1 + steps
    return date(at // DECEMBER, at % DECEMBER + 1, 1)


def areas_of(by: Actor, *rights: Permission) -> list[AreaCard]:
    """Return the areas these rights hold over, down to communities, in the order of the tree."""
    found = tops(by, *rights)
    cards = sorted(town_map().areas.values(), key=lambda card: card.path)
    return [
        card for card in cards if card.rank <= FINEST and any(lies_under(card.path, top) for top in found)
    ]


def area_choices_of(cards: Iterable[AreaCard]) -> list[tuple[str, str]]:
    """Return areas as choices, indented by their level."""
    return [(card.code, f"{'　' * card.rank}{card.name}") for card in cards]


@require_safe
@staff_required(*ANY)
def walks(request: DeskRequest) -> HttpResponse:
    """Show the walks of a month: those to come, those that were, and what the month is about."""
    by, today = request.actor, local_day(request.at)
    month = month_of(request.GET.get("month", ""), today)
    found = list(walks_between(month, next_month(month), by=by)[:MOST_SHOWN])
    return render(
        request, "desk/walks/list.html",
        {
            "month": month, "before": next_month(month, -1), "after": next_month(month),
            "to_come": [walk for walk in reversed(found) if walk.state == WalkState.PLANNED],
            "past": [walk for walk in found if walk.state != WalkState.PLANNED],
            "plans": plans_of([month, next_month(month)], by=by, rights=ANY),
            "may_plan": by.holds(Permission.WALK_PLAN), "may_go": by.holds(Permission.WALK_GO),
            "may_count": bool(tops(by, *SEEING)), "today": today,
        },
    )  # fmt: skip


@require_safe
@staff_required(*ANY)
def walk(request: DeskRequest, walk_id: UUID) -> HttpResponse:
    """Show one walk: who and where, what is looked at, what was found and what became of it."""
    return _show_walk(request, walk_id)


def _show_walk(
    request: DeskRequest, walk_id: UUID, off: OffForm | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    found = find_walk(walk_id, by=request.actor)
    context = told_of(found, request.actor) | {
        "may_plan": may_plan(request.actor, found.area.path), "may_go": may_go(request.actor, found),
        "off": off or OffForm(), "is_planned": found.state == WalkState.PLANNED,
        "may_propose": may_propose_from(found, request.actor),
    }  # fmt: skip
    return render(request, "desk/walks/walk.html", context, status=status)


def told_of(walk: Walk, by: Actor) -> dict[str, Any]:
    """Return what pages and reports show of a walk; cases one may not see are told without words."""
    checks = {check.line_id: check for check in walk.checks.all()}
    names = role_names()
    rows = walk.findings.filter(appeal__memberships__until_at=None).order_by("at", "pk")
    findings: list[dict[str, Any]] = []
    for finding in rows.select_related("appeal", "stop", "line").prefetch_related(
        "appeal__memberships__case__unit", "appeal__memberships__case__tasks"
    ):
        case = next(one.case for one in finding.appeal.memberships.all() if one.until_at is None)
        findings.append({"finding": finding, "case": case, "seen": may(by, Permission.CASE_SEE, case)})
    topics = running_topics_of([row["case"].pk for row in findings], by=by)
    return {
        "walk": walk, "findings": [row | {"topic": topics.get(row["case"].pk)} for row in findings],
        "walkers": [
            f"{one.unit.name}{' · ' + names.get(one.role, one.role) if one.role else ''}"
            for one in walk.walkers.all()
        ],
        "lines": [{"line": line, "check": checks.get(line.pk)} for line in walk.checklist.lines.all()],
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@staff_required(Permission.WALK_PLAN)
def new(request: DeskRequest) -> HttpResponse:
    """Plan a walk: first its area, then day, theme, who goes and where to."""
    cards = areas_of(request.actor, Permission.WALK_PLAN)
    card = next((card for card in cards if card.code == request.GET.get("area")), None)
    if card is None:
        context = {"areas": area_choices_of(cards)}
        return render(request, "desk/walks/choose_area.html", context)
    offered = _offered(card, request)
    if request.method != "POST":
        today = local_day(request.at)
        plan = plans_of([today.replace(day=1)], by=request.actor, rights=ANY).filter(area_id=card.id).first()
        start = {"key": uuid4(), "on": today, "theme": plan.theme_id if plan else None}
        return _show_form(request, card, _filled(WalkForm(initial=start), card, request, offered), None)
    form = _filled(WalkForm(request.POST), card, request, offered)
    if form.is_valid():
        try:
            draft = _draft(form, card, offered)
            made = plan_walk(draft, key=form.cleaned_data["key"], by=request.actor, at=request.at)
        except Refusal as refusal:
            form.tell(refusal)
        else:
            messages.success(request, _("Walk %(number)s is planned.") % {"number": made.number})
            return redirect("desk:walk", walk_id=made.pk)
    return _show_form(request, card, form, None)


@require_http_methods(["GET", "POST"])
@staff_required(Permission.WALK_PLAN)
def change(request: DeskRequest, walk_id: UUID) -> HttpResponse:
    """Change a planned walk."""
    found = find_walk(walk_id, by=request.actor)
    if found.state != WalkState.PLANNED:
        raise Refusal(reasons.WALK_NOT_PLANNED, state=found.get_state_display())
    card = town_map().by_code(found.area.code)
    if card is None or not may_plan(request.actor, card.path):
        raise Refusal(reasons.NOT_YOURS_TO_PLAN)
    offered = {f"kept:{stop.pk}": _as_draft(stop) for stop in found.stops.all()}
    known = {stop.place_code or stop.name for stop in offered.values()}
    more = _offered(card, request)
    offered |= {key: one for key, one in more.items() if (one.place_code or one.name) not in known}
    if request.method != "POST":
        start = {
            "key": found.key, "seen": found.fact_seq, "on": found.on, "theme": found.theme_id,
            "meeting": found.meeting, "guests": found.guests,
            "walkers": [f"{one.unit.code}{SEPARATOR}{one.role}" for one in found.walkers.all()],
            "stops": [key for key in offered if key.startswith("kept:")],
        }  # fmt: skip
        return _show_form(request, card, _filled(WalkForm(initial=start), card, request, offered), found)
    form = _filled(WalkForm(request.POST), card, request, offered)
    if form.is_valid():
        try:
            seen = form.cleaned_data["seen"] or 0
            change_walk(found.pk, _draft(form, card, offered), seen=seen, by=request.actor, at=request.at)
        except Refusal as refusal:
            form.tell(refusal)
        else:
            messages.success(request, _("The walk is changed."))
            return redirect("desk:walk", walk_id=found.pk)
    return _show_form(request, card, form, found)


def _show_form(request: DeskRequest, card: AreaCard, form: WalkForm, walk: Walk | None) -> HttpResponse:
    status = HTTPStatus.OK
    if form.is_bound:
        status = HTTPStatus(form.refusal.reason.status) if form.refusal else HTTPStatus.BAD_REQUEST
    return render(request, "desk/walks/plan.html", {"form": form, "area": card, "walk": walk}, status=status)


def _offered(card: AreaCard, request: DeskRequest) -> dict[str, StopDraft]:
    return {one.token: one.stop for one in propose_places(card.path, at=request.at)}


def _as_draft(stop: Any) -> StopDraft:  # noqa: ANN401 - a row of stops
    return StopDraft(
        stop.name, place_code=stop.place.code if stop.place else "", lat=stop.lat, lon=stop.lon, why=stop.why,
        reason=stop.reason, hot_key=stop.hot_key,
    )  # fmt: skip


def _filled(form: WalkForm, card: AreaCard, request: DeskRequest, offered: dict[str, StopDraft]) -> WalkForm:
    themes = [(str(theme.pk), theme.name) for theme in themes_for(card.path)]
    stops = [(key, f"{one.name}（{one.reason}）" if one.reason else one.name) for key, one in offered.items()]
    return form.offer(themes, walkers_for(card.path, on=localdate(request.at)), stops)


def walkers_for(area_path: str, *, on: date) -> list[tuple[str, str]]:
    """Return the units that serve an area, above it or below, each with the posts held in it."""
    names, found = role_names(), []
    held: dict[UUID, set[str]] = {}
    for unit, role in Post.objects.held_on(on).values_list("unit_id", "role").distinct():
        held.setdefault(unit, set()).add(role)
    for card in unit_book().all():
        if lies_under(area_path, card.area_path) or lies_under(card.area_path, area_path):
            found.append((f"{card.code}{SEPARATOR}", card.name))
            found += [
                (f"{card.code}{SEPARATOR}{role}", f"{card.name} · {names.get(role, role)}")
                for role in sorted(held.get(card.id, ()))
            ]
    return found


def _draft(form: WalkForm, card: AreaCard, offered: dict[str, StopDraft]) -> WalkDraft:
    told = form.cleaned_data
    stops = [offered[key] for key in told["stops"]]
    stops += [_named(line, card) for line in told["more"].splitlines() if line.strip()]
    if told["lat"] is not None and told["lon"] is not None:
        stops.append(
            StopDraft(told["point_name"] or _("Marked on the map"), lat=told["lat"], lon=told["lon"])
        )
    elif told["point_name"]:
        stops.append(_named(told["point_name"], card))
    pairs = [one.partition(SEPARATOR) for one in told["walkers"]]
    return WalkDraft(
        area=card.code, on=told["on"], theme=told["theme"],
        walkers=tuple((unit, role) for unit, _sign, role in pairs), stops=tuple(stops),
        meeting=told["meeting"], guests=told["guests"],
    )  # fmt: skip


def _named(words: str, card: AreaCard) -> StopDraft:
    """Return a place by the words for it: one the town knows by this very name, else the words."""
    town = town_map()
    for key, name in town.place_name.items():
        if name == words.strip() and lies_under(town.areas[town.place_area[key]].path, card.path):
            return StopDraft(name, place_code=town.code_of(key))
    return StopDraft(words)


@require_POST
@staff_required(Permission.WALK_PLAN)
def off(request: DeskRequest, walk_id: UUID) -> HttpResponse:
    """Call a walk off."""
    form = OffForm(request.POST)
    if form.is_valid():
        try:
            call_off(walk_id, reason=form.cleaned_data["reason"], by=request.actor, at=request.at)
        except Refusal as refusal:
            form.tell(refusal)
        else:
            messages.success(request, _("The walk is called off; its units are told."))
            return redirect("desk:walk", walk_id=walk_id)
    status = form.refusal.reason.status if form.refusal else HTTPStatus.BAD_REQUEST
    return _show_walk(request, walk_id, form, status)
