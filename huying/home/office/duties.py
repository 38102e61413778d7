"""Duty rules in the office: which stand, a new one, ending one, those that ended, and who answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huying.cases.words import item_name, why_assigned
from huying.catalogue.queries import published
from huying.dispatch.actions import end_duty_rule, set_duty_rule
from huying.dispatch.duties import duty_book
from huying.dispatch.models import DutyRule
from huying.home.office.access import StaffRequest, office
from huying.home.office.forms_town import RuleFilter, RuleForm, WhoForm, offered_areas
from huying.home.office.menu import show
from huying.kit.text import clean
from huying.people.permissions import Permission
from huying.people.queries import unit_book
from huying.places.queries import town_map

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from django.http import HttpResponse

MOST_RULES = 200


@require_safe
@office(Permission.CATALOGUE_EDIT)
def duties(request: StaffRequest) -> HttpResponse:
    """List the rules that stand, or those that ended; with an item and a place, tell who would answer."""
    ended = request.GET.get("ended") == "1"
    filters = RuleFilter(request.GET, [(unit.id, unit.name) for unit in unit_book().all()])
    rules = DutyRule.objects.filter(valid_until__isnull=not ended)
    rules = _filtered(rules, filters) if filters.is_valid() else rules
    rules = rules.select_related("area", "lead", "fallback", "proposal").prefetch_related("assists")
    rules = rules.order_by("-valid_until", "-number") if ended else rules.order_by("items", "area__path")
    listed = list(rules[: MOST_RULES + 1])
    who = WhoForm(request.GET if "item" in request.GET else None)
    context: dict[str, Any] = {
        "rules": [(rule, item_name(rule.items)) for rule in listed[:MOST_RULES]],
        "more": len(listed) > MOST_RULES,
        "ended": ended,
        "filters": filters,
        "filtered": bool(request.GET.get("q") or request.GET.get("unit")),
        "who": who,
        "areas": offered_areas(),
    }
    if who.is_bound and who.is_valid():
        context["answer"] = _answer(who)
    return show(request, "duties.html", context)


def _filtered(rules: QuerySet[DutyRule], filters: RuleFilter) -> QuerySet[DutyRule]:
    words, unit = clean(filters.cleaned_data["q"]), filters.cleaned_data["unit"]
    if unit:
        rules = rules.filter(Q(lead_id=unit) | Q(fallback_id=unit) | Q(assists__id=unit)).distinct()
    if words:
        codes = [item.code for item in published().by_code.values() if words in item.name]
        rules = rules.filter(Q(items__startswith=words) | Q(items__in=codes) | Q(area__name__contains=words))
    return rules


def _answer(who: WhoForm) -> dict[str, Any]:
    """Return who would answer for an item at a place, and why."""
    item = published().by_code[who.cleaned_data["item"]]
    area = who.cleaned_data["at"]
    root = town_map().root
    path = area.path if area else root.path if root else ""
    duty = duty_book().decide(item, path)
    place = area.name if area else _("the whole town")
    about = {"item": item_name(item.code), "place": place}
    if duty is None:
        return {**about, "unit": "", "assists": [], "why": [_("No rule and no duty role names a unit.")]}
    return {
        **about,
        "unit": duty.lead.name,
        "assists": [unit.name for unit in duty.assists],
        "why": why_assigned(duty.why),
    }


@office(Permission.CATALOGUE_EDIT)
def rule(request: StaffRequest) -> HttpResponse:
    """Make a duty rule; the one that stood for the same items and area ends."""
    form = RuleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        made = set_duty_rule(
            items=told["items"],
            area=told["area"],
            lead=told["lead"],
            assists=list(told["assists"]),
            fallback=told["fallback"],
            note=clean(told["note"]),
            district=settings.DISTRICT,
            by=request.actor,
            at=request.at,
        )
        messages.success(request, _("Duty rule no. {number} stands.").format(number=made.number))
        return redirect("desk:office:duties")
    context = {"form": form, "areas": offered_areas()}
    return show(request, "duty_rule.html", context, status=422 if form.errors else 200)


@require_POST
@office(Permission.CATALOGUE_EDIT)
def end(request: StaffRequest, rule_id: UUID) -> HttpResponse:
    """End a rule that stands; somebody else may have done so already."""
    with transaction.atomic():
        standing = DutyRule.objects.select_for_update().filter(pk=rule_id, valid_until=None).first()
        if standing is not None:
            end_duty_rule(standing, district=settings.DISTRICT, by=request.actor, at=request.at)
    if standing is None:
        messages.warning(request, _("This rule had ended already."))
    else:
        messages.success(request, _("Duty rule no. {number} ended.").format(number=standing.number))
    return redirect("desk:office:duties")
