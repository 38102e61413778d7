"""Writes before a walk: themes and their checklists, plans of a month, walks planned and called off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction

from huying.cases.rules import lies_under
from huying.catalogue.core.calendar import local_day
from huying.intake.numbers import new_numbers
from huying.kit.errors import Refusal
from huying.kit.text import clean, on_one_line
from huying.ledger.actions import record
from huying.people.queries import unit_book
from huying.places.queries import town_map
from huying.walks import facts, reasons
from huying.walks.models import CheckLine, Checklist, MonthPlan, Stop, Theme, Walk, Walker, WalkState, Why
from huying.walks.rules import may_plan

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from uuid import UUID

    from huying.ledger.actor import Actor
    from huying.places.queries import AreaCard

PREFIX = "XZ"
FURTHEST = timedelta(days=366)
LONGEST_NAME, LONGEST_LINE, LONGEST_HINT, LONGEST_NOTE = 40, 120, 300, 4_000
MOST_LINES, MOST_STOPS, MOST_WALKERS = 40, 40, 20


@dataclass(frozen=True)
class LineDraft:
    """A line of a checklist: what to look at, how one sees it, and the code of the item it usually is."""

    text: str
    hint: str = ""
    item_code: str = ""


@dataclass(frozen=True)
class StopDraft:
    """A place to walk to: a named place of the town by its code, or words, with a point or none."""

    name: str
    place_code: str = ""
    lat: float | None = None
    lon: float | None = None
    why: str = Why.CHOSEN
    reason: str = ""
    hot_key: UUID | None = None


@dataclass(frozen=True)
class WalkDraft:
    """A walk as it is planned. `walkers` are (code of a unit, key of a role or "") pairs."""

    area: str
    on: date
    theme: UUID
    walkers: tuple[tuple[str, str], ...]
    stops: tuple[StopDraft, ...] = ()
    meeting: str = ""
    guests: str = ""


def area_of(code: str) -> AreaCard:
    """Return an area of today by its code; Refusal `walk_missing` about the field `area`."""
    card = town_map().by_code(code)
    if card is None:
        raise Refusal(reasons.WALK_MISSING, field="area")
    return card


def set_theme(
    name: str, *, area: str, theme: UUID | None = None, is_active: bool = True, by: Actor, at: datetime
) -> Theme:
    """Name a theme of an area, or rename it or put it out of use; walks that used it keep it.

    Refusals: `not_yours_to_plan`, `theme_not_found`, `theme_twice`, `walk_missing`.
    """
    name = on_one_line(name)[:LONGEST_NAME]
    if not name:
        raise Refusal(reasons.WALK_MISSING, field="name")
    with transaction.atomic():
        if theme is None:
            card = area_of(area)
            row = Theme(area_id=card.id)
            path = card.path
        else:
            row = _locked_theme(theme)
            path = row.area.path
        if not may_plan(by, path):
            raise Refusal(reasons.NOT_YOURS_TO_PLAN)
        row.name, row.is_active = name, is_active
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            raise Refusal(reasons.THEME_TWICE, field="name") from None
        body = facts.ThemeSet(area=row.area.code, name=name, is_active=is_active)
        record(row, body, district=settings.DISTRICT, by=by, at=at)
        row.save(update_fields=["fact_seq", "fact_hash"])
        return row


def _locked_theme(theme: UUID) -> Theme:
    found = Theme.objects.select_for_update(of=("self",)).select_related("area").filter(pk=theme).first()
    if found is None:
        raise Refusal(reasons.THEME_NOT_FOUND)
    return found


def set_checklist(
    theme: UUID, lines: Sequence[LineDraft], *, seen: int, by: Actor, at: datetime
) -> Checklist:
    """Give a theme the next version of its checklist; walks keep the version they were planned with.

    `seen` is the version the editor had before them, 0 for none. The same lines again are no new version.
    Refusals: `theme_not_found`, `not_yours_to_plan`, `checklist_moved`, `walk_missing`.
    """
    told = [_line(line) for line in lines if on_one_line(line.text)][:MOST_LINES]
    if not told:
        raise Refusal(reasons.WALK_MISSING, field="lines")
    with transaction.atomic():
        row = _locked_theme(theme)
        if not may_plan(by, row.area.path):
            raise Refusal(reasons.NOT_YOURS_TO_PLAN)
        last = row.checklists.order_by("-number").first()
        number = last.number if last else 0
        if last is not None and [LineDraft(*one) for one in _lines_of(last)] == told:
            return last
        if number != seen:
            raise Refusal(reasons.CHECKLIST_MOVED, number=number)
        made = Checklist.objects.create(theme=row, number=number + 1, made_at=at, made_by=by.name)
        CheckLine.objects.bulk_create(
            CheckLine(checklist=made, order=order, text=one.text, hint=one.hint, item_code=one.item_code)
            for order, one in enumerate(told, 1)
        )
        body = facts.ChecklistSet(made.number, [[one.text, one.hint, one.item_code] for one in told])
        record(row, body, district=settings.DISTRICT, by=by, at=at)
        row.save(update_fields=["fact_seq", "fact_hash"])
        return made


def _line(line: LineDraft) -> LineDraft:
    return LineDraft(
        on_one_line(line.text)[:LONGEST_LINE],
        on_one_line(line.hint)[:LONGEST_HINT],
        line.item_code.strip()[:12],
    )


def _lines_of(checklist: Checklist) -> list[tuple[str, str, str]]:
    return list(checklist.lines.values_list("text", "hint", "item_code"))


def theme_for(theme: UUID, area_path: str) -> Theme:
    """Return a theme in use that an area may walk by: its own, or of an area above it."""
    found = Theme.objects.select_related("area").filter(pk=theme, is_active=True).first()
    if found is None or not lies_under(area_path, found.area.path):
        raise Refusal(reasons.THEME_NOT_FOUND, field="theme")
    return found


def plan_month(
    area: str, month: date, *, theme: UUID, key_task: str, note: str = "", by: Actor, at: datetime
) -> MonthPlan:
    """Set “1+1” of a month for an area: one theme and one key task; set again it is replaced.

    Refusals: `not_yours_to_plan`, `theme_not_found`, `walk_missing`.
    """
    card = area_of(area)
    if not may_plan(by, card.path):
        raise Refusal(reasons.NOT_YOURS_TO_PLAN)
    told = on_one_line(key_task)[:200]
    if not told:
        raise Refusal(reasons.WALK_MISSING, field="key_task")
    found = theme_for(theme, card.path)
    with transaction.atomic():
        start = {"district": settings.DISTRICT, "theme": found, "key_task": told}
        MonthPlan.objects.get_or_create(area_id=card.id, month=month.replace(day=1), defaults=start)
        row = MonthPlan.objects.select_for_update().get(area_id=card.id, month=month.replace(day=1))
        row.theme, row.key_task, row.note = found, told, clean(note)[:LONGEST_NOTE]
        body = facts.MonthPlanned(card.code, f"{month:%Y-%m}", found.name, told)
        record(row, body, district=row.district, by=by, at=at)
        row.save()
        return row


def plan_walk(draft: WalkDraft, *, key: UUID, by: Actor, at: datetime) -> Walk:
    """Plan a walk; with the same key it is the one of before.

    Refusals: `not_yours_to_plan`, `theme_not_found`, `no_checklist`, `nobody_walks`, `walk_too_far`,
    `walk_area_outside`, `walk_missing`.
    """
    card = area_of(draft.area)
    if not may_plan(by, card.path):
        raise Refusal(reasons.NOT_YOURS_TO_PLAN)
    with transaction.atomic():
        before = Walk.objects.filter(key=key).first()
        if before is not None:
            return before
        number = new_numbers(PREFIX, 1, at=at)[0]
        walk = Walk(key=key, number=number, district=settings.DISTRICT, planned_at=at, planned_by=by.name)
        _fill(walk, draft, card, at=at)
        try:
            with transaction.atomic():
                walk.save(force_insert=True)
        except IntegrityError:  # a second click was quicker
            return Walk.objects.get(key=key)
        _write_parts(walk, draft, by=by, at=at, changed=False)
        return walk


def change_walk(walk_id: UUID, draft: WalkDraft, *, seen: int, by: Actor, at: datetime) -> Walk:
    """Change a planned walk. Its checklist is the theme's newest where the theme changed, else its own.

    `seen` is the number of the last fact on the screen. Refusals as `plan_walk`, and `walk_changed`,
    `walk_not_planned`.
    """
    card = area_of(draft.area)
    with transaction.atomic():
        walk = locked_walk(walk_id)
        if not may_plan(by, walk.area.path) or not may_plan(by, card.path):
            raise Refusal(reasons.NOT_YOURS_TO_PLAN)
        _still_planned(walk)
        if walk.fact_seq != seen:
            raise Refusal(reasons.WALK_CHANGED)
        _fill(walk, draft, card, at=at)
        # A place something was found at stays: its finding is of it.
        walk.stops.filter(findings=None).delete()
        walk.walkers.all().delete()
        _write_parts(walk, draft, by=by, at=at, changed=True)
        return walk


def locked_walk(walk_id: UUID) -> Walk:
    """Return a walk with its row locked until the transaction ends; Refusal `walk_not_found`."""
    found = Walk.objects.select_for_update(of=("self",)).select_related("area").filter(pk=walk_id).first()
    if found is None:
        raise Refusal(reasons.WALK_NOT_FOUND)
    return found


def _still_planned(walk: Walk) -> None:
    if walk.state != WalkState.PLANNED:
        raise Refusal(reasons.WALK_NOT_PLANNED, state=walk.get_state_display())


def _fill(walk: Walk, draft: WalkDraft, card: AreaCard, *, at: datetime) -> None:
    today = local_day(at)
    if not today - timedelta(days=31) <= draft.on <= today + FURTHEST:
        raise Refusal(reasons.WALK_TOO_FAR, field="on")
    theme = theme_for(draft.theme, card.path)
    if walk.theme_id != theme.pk:
        newest = theme.checklists.order_by("-number").first()
        if newest is None:
            raise Refusal(reasons.NO_CHECKLIST, field="theme")
        walk.theme, walk.checklist = theme, newest
    walk.area_id, walk.on = card.id, draft.on
    walk.plan = plan_for(card.path, draft.on, theme.pk)
    walk.meeting, walk.guests = on_one_line(draft.meeting)[:120], on_one_line(draft.guests)[:200]


def plan_for(area_path: str, on: date, theme: UUID) -> MonthPlan | None:
    """Return the plan of the month a walk belongs to: of its area or the nearest above, with its theme."""
    codes = area_path.split("/")
    plans = MonthPlan.objects.filter(month=on.replace(day=1), theme_id=theme, area__code__in=codes)
    return max(plans.select_related("area"), key=lambda plan: len(plan.area.path), default=None)


def _write_parts(walk: Walk, draft: WalkDraft, *, by: Actor, at: datetime, changed: bool) -> None:
    book, path = unit_book().by_code, walk.area.path
    units = {pair: book.get(pair[0]) for pair in dict.fromkeys(draft.walkers)}
    rows = [Walker(walk=walk, unit_id=unit.id, role=role) for (_code, role), unit in units.items() if unit]
    if not rows:
        raise Refusal(reasons.NOBODY_WALKS, field="walkers")
    Walker.objects.bulk_create(rows[:MOST_WALKERS])
    kept = list(walk.stops.values_list("order", flat=True)) if changed else []
    first = max(kept, default=0) + 1
    stops = [_stop(walk, one, path, order) for order, one in enumerate(draft.stops[:MOST_STOPS], first)]
    Stop.objects.bulk_create(stops)
    body = facts.WalkPlanned(
        number=walk.number, area=walk.area.code, on=walk.on.isoformat(), theme=walk.theme.name,
        checklist=walk.checklist.number, walkers=[list(pair) for pair, unit in units.items() if unit],
        stops=[stop.name for stop in stops], changed=changed,
    )  # fmt: skip
    record(walk, body, district=walk.district, by=by, at=at)
    walk.save()


def _stop(walk: Walk, told: StopDraft, area_path: str, order: int) -> Stop:
    """Return a place of a walk; one the town knows must lie in the walk's area."""
    town = town_map()
    key = town.place_code.get(told.place_code) if told.place_code else None
    name, lat, lon = on_one_line(told.name)[:120], told.lat, told.lon
    if key is not None:
        if not lies_under(town.areas[town.place_area[key]].path, area_path):
            raise Refusal(reasons.WALK_AREA_OUTSIDE, field="stops", place=town.place_name[key])
        name = name or town.place_name[key]
        if lat is None or lon is None:
            lat, lon = town.place_point[key]
    if not name:
        raise Refusal(reasons.WALK_MISSING, field="stops")
    if lat is None or lon is None:
        lat = lon = None
    return Stop(
        walk=walk, order=order, place_id=key, name=name, lat=lat, lon=lon,
        why=told.why if told.why in Why.values else Why.CHOSEN, reason=on_one_line(told.reason)[:200],
        hot_key=told.hot_key,
    )  # fmt: skip


def call_off(walk_id: UUID, *, reason: str, by: Actor, at: datetime) -> Walk:
    """Call a planned walk off, saying why.

    Refusals: `not_yours_to_plan`, `walk_not_planned`, `walk_missing`.
    """
    told = on_one_line(reason)[:200]
    with transaction.atomic():
        walk = locked_walk(walk_id)
        if not may_plan(by, walk.area.path):
            raise Refusal(reasons.NOT_YOURS_TO_PLAN)
        if not told:
            raise Refusal(reasons.WALK_MISSING, field="reason")
        _still_planned(walk)
        walk.state, walk.called_off_for = WalkState.CALLED_OFF, told
        record(walk, facts.WalkCalledOff(walk.number, told), district=walk.district, by=by, at=at)
        walk.save()
        return walk
