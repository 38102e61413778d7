"""Themes of walks with their checklists, and “1+1” of the months."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huying.catalogue.core.calendar import local_day
from huying.home.desk.access import staff_required
from huying.home.desk.choosing import item_choices
from huying.home.desk.walks.forms import ChecklistForm, MonthForm, ThemeForm
from huying.home.desk.walks.planning import area_choices_of, areas_of, next_month
from huying.kit.errors import Refusal
from huying.people.permissions import Permission
from huying.walks import reasons
from huying.walks.actions import plan_month, set_checklist, set_theme
from huying.walks.models import Theme
from huying.walks.queries import plans_of, themes_of
from huying.walks.starting import set_starter_themes

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from huying.home.desk.access import DeskRequest
    from huying.kit.telling import TellingForm
    from huying.walks.models import Checklist

SPARE_LINES = 4


def _status(form: TellingForm) -> int:
    if not form.is_bound:
        return HTTPStatus.OK
    return form.refusal.reason.status if form.refusal else HTTPStatus.BAD_REQUEST


@require_http_methods(["GET", "POST"])
@staff_required(Permission.WALK_PLAN)
def themes(request: DeskRequest) -> HttpResponse:
    """Show the themes of one's areas, and name another."""
    areas = area_choices_of(areas_of(request.actor, Permission.WALK_PLAN))
    form = ThemeForm(request.POST or None)
    form.fields["area"].choices = areas  # type: ignore[attr-defined] # a choice field
    if request.method == "POST" and form.is_valid():
        try:
            told = form.cleaned_data
            made = set_theme(told["name"], area=told["area"], by=request.actor, at=request.at)
        except Refusal as refusal:
            form.tell(refusal)
        else:
            return redirect("desk:walk_theme", theme_id=made.pk)
    found = list(themes_of(request.actor, Permission.WALK_PLAN))
    context = {"themes": found, "form": form, "areas": areas}
    return render(request, "desk/walks/themes.html", context, status=_status(form))


@require_POST
@staff_required(Permission.WALK_PLAN)
def starters(request: DeskRequest) -> HttpResponse:
    """Take the starter themes for an area."""
    made = set_starter_themes(request.POST.get("area", ""), by=request.actor, at=request.at)
    messages.success(request, _("%(count)d themes were taken.") % {"count": len(made)})
    return redirect("desk:walk_themes")


@require_http_methods(["GET", "POST"])
@staff_required(Permission.WALK_PLAN)
def theme(request: DeskRequest, theme_id: UUID) -> HttpResponse:
    """Edit a theme's checklist; saving makes the next version, walks keep theirs."""
    found = themes_of(request.actor, Permission.WALK_PLAN).filter(pk=theme_id).first()
    if found is None:
        raise Refusal(reasons.THEME_NOT_FOUND)
    versions = list(found.checklists.order_by("-number"))
    lines = list(versions[0].lines.all()) if versions else []
    rows = len(lines) + SPARE_LINES
    if request.method == "POST":
        form = ChecklistForm(min(int(request.POST.get("rows", "0") or 0), 60), request.POST)
        if form.is_valid() and _saved(found, form, request):
            messages.success(request, _("The checklist is kept; new walks use it."))
            return redirect("desk:walk_theme", theme_id=found.pk)
    else:
        form = ChecklistForm(rows, initial=_start(found, versions))
    context = {
        "theme": found, "versions": versions, "form": form, "item_choices": item_choices().all,
    }  # fmt: skip
    return render(request, "desk/walks/theme.html", context, status=_status(form))


def _start(theme: Theme, versions: list[Checklist]) -> dict[str, object]:
    start: dict[str, object] = {
        "seen": versions[0].number if versions else 0, "name": theme.name, "is_active": theme.is_active,
    }  # fmt: skip
    for row, line in enumerate(versions[0].lines.all() if versions else ()):
        start |= {
            f"order_{row}": line.order, f"text_{row}": line.text, f"hint_{row}": line.hint,
            f"item_{row}": item_choices().value_of(line.item_code) or line.item_code,
        }  # fmt: skip
    return start


def _saved(theme: Theme, form: ChecklistForm, request: DeskRequest) -> bool:
    """Keep the theme's name and the next version of its list; say on the form why not."""
    told = form.cleaned_data
    try:
        set_checklist(theme.pk, form.told(), seen=told["seen"], by=request.actor, at=request.at)
        if (told["name"], told["is_active"]) != (theme.name, theme.is_active):
            set_theme(
                told["name"], area=theme.area.code, theme=theme.pk, is_active=told["is_active"],
                by=request.actor, at=request.at,
            )  # fmt: skip
    except Refusal as refusal:
        form.tell(refusal)
        return False
    return True


@require_http_methods(["GET", "POST"])
@staff_required(Permission.WALK_PLAN)
def months(request: DeskRequest) -> HttpResponse:
    """Set “1+1” of a month for an area, and show those that are set."""
    month = local_day(request.at).replace(day=1)
    form = MonthForm(request.POST or None, initial={"month": month})
    areas = areas_of(request.actor, Permission.WALK_PLAN)
    form.fields["area"].choices = area_choices_of(areas)  # type: ignore[attr-defined] # a choice field
    known = [(str(one.pk), f"{one.name}（{one.area.name}）") for one in _offered(request)]
    form.fields["theme"].choices = known  # type: ignore[attr-defined] # a choice field
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            plan_month(
                told["area"], told["month"], theme=told["theme"], key_task=told["key_task"],
                note=told["note"], by=request.actor, at=request.at,
            )  # fmt: skip
        except Refusal as refusal:
            form.tell(refusal)
        else:
            messages.success(request, _("The month is planned."))
            return redirect("desk:walk_months")
    shown = plans_of(
        [next_month(month, step) for step in range(-5, 7)], by=request.actor, rights=[Permission.WALK_PLAN]
    )
    return render(request, "desk/walks/months.html", {"form": form, "plans": shown}, status=_status(form))


def _offered(request: DeskRequest) -> list[Theme]:
    """Return the themes a month may have: of one's own areas, and of those above them."""
    codes = {code for card in areas_of(request.actor, Permission.WALK_PLAN) for code in card.path.split("/")}
    found = Theme.objects.filter(area__code__in=codes, is_active=True).select_related("area")
    return list(found.order_by("area__path", "name"))
