"""The town's clocks and grades in the office: what holds, what will, where it comes from, who changed it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from huying.catalogue.editing import set_clock, set_grade
from huying.catalogue.grades import CLOCKS as GRADE_CLOCKS
from huying.catalogue.grades import usual_lines
from huying.catalogue.limits import limit_for
from huying.catalogue.models import CLOCK_UNITS, ClockPolicy, GradeRule
from huying.catalogue.policies import GROUPS, USUAL
from huying.catalogue.queries import TownClock, town_clock
from huying.home.office.access import StaffRequest, office
from huying.home.office.forms_clocks import CLOCK_NAMES, ClockForm, GradeForm
from huying.home.office.menu import show
from huying.kit.errors import Refusal
from huying.kit.names import in_language
from huying.ledger.queries import timeline
from huying.people.permissions import Permission
from huying.people.queries import role_names
from huying.places.queries import town_map

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpResponse

    from huying.catalogue.grades import GradeRow
    from huying.kit.telling import TellingForm

MOST_CHANGES = 20
UNIT_NAMES = dict(CLOCK_UNITS)


def length_words(amount: int, unit: str) -> str:
    """Return a length in words: "7 days", "50 %"."""
    return f"{amount} %" if unit == "percent" else f"{amount} {UNIT_NAMES[unit]}"


@require_safe
@office(Permission.CATALOGUE_EDIT)
def clocks(request: StaffRequest) -> HttpResponse:
    """Show every clock of the town by group."""
    today = timezone.localdate(request.at)
    rows: dict[str, list[ClockPolicy]] = {}
    for row in ClockPolicy.objects.order_by("valid_from", "edition"):
        rows.setdefault(row.key, []).append(row)
    lines = {key: _line(key, rows.get(key, []), today) for key in USUAL}
    groups = [
        (label, [lines[key] for key, usual in USUAL.items() if usual.group == group])
        for group, label in GROUPS.items()
    ]
    return show(request, "clocks.html", {"groups": groups})


def _line(key: str, rows: list[ClockPolicy], today: date) -> dict[str, Any]:
    """Return a clock as the list shows it: what holds now and what will from a later day."""
    usual = USUAL[key]
    begun = [row for row in rows if row.valid_from <= today]
    now = begun[-1] if begun else usual
    coming = [row for row in rows if row.valid_from > today]
    return {
        "key": key,
        "name": usual.name,
        "about": usual.about,
        "length": length_words(now.amount, now.unit),
        "basis": now.basis,
        "changed": (now.amount, now.unit) != (usual.amount, usual.unit),
        "usual": length_words(usual.amount, usual.unit),
        "coming": [(row.valid_from, length_words(row.amount, row.unit)) for row in coming],
    }


@office(Permission.CATALOGUE_EDIT)
def clock(request: StaffRequest, key: str) -> HttpResponse:
    """Show a clock with everything it ever was, and set it from a day on."""
    usual = USUAL.get(key)
    if usual is None:
        raise Http404(key)
    today = timezone.localdate(request.at)
    rows = list(ClockPolicy.objects.filter(key=key).order_by("-valid_from", "-edition"))
    standing = next((row for row in rows if row.valid_from <= today), None)
    if request.method == "POST":
        form = ClockForm(usual, request.POST)
        if form.is_valid() and _set_clock(request, key, form):
            messages.success(request, _("The clock was set. Time limits that run keep their day."))
            return redirect("desk:office:clock", key=key)
    else:
        edition = town_clock(request.at).policy_edition
        form = ClockForm.of(usual, standing, edition=edition, today=today)
    context = {
        "form": form,
        "line": _line(key, list(reversed(rows)), today),
        "rows": [(row, length_words(row.amount, row.unit), row.valid_from > today) for row in rows],
        "standing": standing,
    }
    return show(request, "clock.html", context, status=_status(form))


def _set_clock(request: StaffRequest, key: str, form: ClockForm) -> bool:
    told = form.cleaned_data
    try:
        set_clock(
            key,
            amount=told["amount"],
            unit=told["unit"],
            basis=told["basis"],
            valid_from=told["valid_from"],
            seen=told["seen"],
            district=settings.DISTRICT,
            by=request.actor,
            at=request.at,
        )
    except Refusal as refusal:
        form.tell(refusal)
        return False
    return True


def _status(form: TellingForm) -> int:
    if form.refusal is not None:
        return form.refusal.reason.status
    return 422 if form.errors else 200


@require_safe
@office(Permission.CATALOGUE_EDIT)
def grades(request: StaffRequest) -> HttpResponse:
    """Show what the grades mean."""
    town = town_clock(request.at)
    return show(request, "grades.html", {"grades": [_grade(row, town) for row in town.grades.rows]})


def _grade(row: GradeRow, town: TownClock) -> dict[str, Any]:
    """Return a grade as the table shows it; clocks it leaves to the town are shown with the town's length."""
    level = town_map().levels.get(row.level)
    lengths = []
    for name in GRADE_CLOCKS:
        own = row.limits.get(name)
        if name == "handle" and own is None:
            text = f"{round(row.handle_share * 100)} %" if row.handle_share else _("as the item says")
            if row.key == "A" and not row.handle_share:
                danger = town.policies["danger"]
                text = length_words(danger.amount, str(danger.unit))
        else:
            limit = own or limit_for(None, name, row.key, town)
            text = length_words(limit.amount, str(limit.unit))
        lengths.append((CLOCK_NAMES[name], text, own is not None or (name == "handle" and row.handle_share)))
    return {
        "row": row,
        "level": in_language(level.name, level.name_en) if level else "",
        "approver": role_names().get(row.approver, ""),
        "lengths": lengths,
    }


@office(Permission.CATALOGUE_EDIT)
def grade(request: StaffRequest, key: str) -> HttpResponse:
    """Change what a grade means; everything it was stays in the list below."""
    town = town_clock(request.at)
    if key not in town.grades.by_key:
        raise Http404(key)
    row = GradeRule.objects.filter(pk=key).first() or _shipped(key)
    form = GradeForm(request.POST) if request.method == "POST" else GradeForm.of(row, town.policy_edition)
    if request.method == "POST" and form.is_valid():
        try:
            set_grade(
                key,
                form.values(),
                seen=form.cleaned_data["seen"],
                district=settings.DISTRICT,
                by=request.actor,
                at=request.at,
            )
        except Refusal as refusal:
            form.tell(refusal)
        else:
            messages.success(request, _("The grade was changed. Open cases keep their dates."))
            return redirect("desk:office:grades")
    changes = [fact for fact in timeline("towntable:grades").reverse() if fact.data.get("key") == key]
    context = {
        "form": form,
        "row": town.grades.by_key[key],
        "pairs": [(form[f"{name}_amount"], form[f"{name}_unit"], CLOCK_NAMES[name]) for name in GRADE_CLOCKS],
        "changes": [(fact, _differences(fact.data)) for fact in changes[:MOST_CHANGES]],
    }
    return show(request, "grade.html", context, status=_status(form))


def _shipped(key: str) -> GradeRule:
    line = next(line for line in usual_lines() if line["key"] == key)
    return GradeRule(
        **{name: value or None if name.endswith("_amount") else value for name, value in line.items()}
    )


def _differences(data: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return what a change changed: field, before, after."""
    before, after = data["before"], data["values"]
    labels = {name: str(field.label) for name, field in GradeForm.base_fields.items()}
    return [
        (labels.get(name, name), str(before.get(name) or "—"), str(value or "—"))
        for name, value in after.items()
        if before.get(name) != value
    ]
