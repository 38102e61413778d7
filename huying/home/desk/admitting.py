"""Admission at the desk: what was applied for, one application with its rulings, and every act on it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huying.admission.actions import (
    apply_for_admission,
    complete_application,
    earliest_start,
    return_application,
    rule_on,
    withdraw_application,
)
from huying.admission.models import Application, ApplicationState, Ruling, Verdict
from huying.admission.rules import applying_units, covers, may_rule, ruled_areas, visible_to
from huying.admission.terms import end_admission, keep_admission
from huying.catalogue.core.calendar import local_day
from huying.home.desk.access import staff_required
from huying.home.desk.admitting_forms import (
    PaperForm,
    PleaForm,
    ReasonForm,
    ReviewForm,
    RulingForm,
    initial_of,
    may_attach,
)
from huying.home.desk.admitting_words import event_of, row_of, standing_of
from huying.home.desk.frame import GUARDING
from huying.kit.errors import Refusal
from huying.ledger.queries import timeline
from huying.people.permissions import Permission
from huying.places.queries import town_map

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from django.http import HttpResponse

    from huying.home.desk.access import DeskRequest
    from huying.kit.telling import TellingForm
    from huying.people.queries import UnitCard

MOST_SHOWN = 100
TABS: dict[str, tuple[ApplicationState, ...]] = {
    "open": (ApplicationState.APPLIED, ApplicationState.RETURNED),
    "ruled": (ApplicationState.SETTLED,),
    "back": (ApplicationState.WITHDRAWN,),
}


def _seen(request: DeskRequest) -> QuerySet[Application]:
    found = Application.objects.filter(visible_to(request.actor))
    return found.select_related("unit", "level", "renews").prefetch_related("rulings__area")


def found_application(request: DeskRequest, application_id: UUID) -> Application:
    """Return an application the actor may see; Http404 otherwise."""
    application = _seen(request).filter(pk=application_id).first()
    if application is None:
        raise Http404
    return application


@require_safe
@staff_required(*GUARDING)
def applications(request: DeskRequest) -> HttpResponse:
    """List the applications of the actor's units and areas, those waiting first."""
    tab = request.GET.get("tab", "open")
    states = TABS.get(tab, TABS["open"])
    order = ("rule_by", "number") if states == TABS["open"] else ("-number",)
    today = local_day(request.at)
    rows = [
        row_of(application, today)
        | {"waits_for_me": any(_waits(request, ruling) for ruling in application.rulings.all())}
        for application in _seen(request).filter(state__in=states).order_by(*order)[:MOST_SHOWN]
    ]
    context = {
        "rows": rows, "tab": tab if tab in TABS else "open", "now": request.at,
        "may_apply": bool(applying_units(request.actor)),
    }  # fmt: skip
    return render(request, "desk/admissions.html", context)


def _waits(request: DeskRequest, ruling: Ruling) -> bool:
    is_open = ruling.application.state == ApplicationState.APPLIED
    return is_open and not ruling.verdict and may_rule(request.actor, ruling.area.path)


@staff_required(Permission.ADMISSION_APPLY)
def apply(request: DeskRequest) -> HttpResponse:
    """Apply to push a kind of task down; `renews` begins with what was admitted before."""
    units = applying_units(request.actor)
    renews = _renewed(request)
    first = earliest_start(request.at)
    initial = {
        "starts_on": first,
        "ends_on": first + timedelta(days=364),
        "review_on": first + timedelta(days=182),
    }
    if renews is not None:
        length = renews.ends_on - renews.starts_on
        starts_on = max(first, renews.ends_on + timedelta(days=1))
        initial = initial_of(renews) | {
            "starts_on": starts_on, "ends_on": starts_on + length, "review_on": starts_on + length // 2
        }  # fmt: skip
    form = PleaForm(request.POST if request.method == "POST" else None, units, initial)

    def act() -> Application:
        return apply_for_admission(
            form.plea(), unit=_unit_of(form, units), renews=renews.pk if renews else None,
            district=settings.DISTRICT, by=request.actor, at=request.at,
        )  # fmt: skip

    made = _done(form, act) if request.method == "POST" else None
    if made is not None:
        messages.success(request, _("Applied. Each area rules for itself. Attach the papers below."))
        return redirect("desk:admission", application_id=made.pk)
    context = {"form": form, "renews": renews, "earliest": first}
    return render(request, "desk/admission_form.html", context, status=_status(form))


def _renewed(request: DeskRequest) -> Application | None:
    try:
        key = UUID(request.GET.get("renews", ""))
    except ValueError:
        return None
    return found_application(request, key)


def _unit_of(form: PleaForm, units: list[UnitCard]) -> UnitCard:
    return next(card for card in units if str(card.id) == form.cleaned_data["unit"])


def _done(form: TellingForm, act: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the action returns
    """Return what an act returned, None when the form or the act refuses: then the form says why."""
    if not form.is_valid():
        return None
    try:
        return act()
    except Refusal as refusal:
        form.tell(refusal)
        return None


def _status(form: TellingForm | None) -> int:
    if form is None or not form.errors:
        return 200
    return form.refusal.reason.status if form.refusal else 422


@staff_required(Permission.ADMISSION_APPLY)
def complete(request: DeskRequest, application_id: UUID) -> HttpResponse:
    """Complete an application that was returned, and send it in anew."""
    shown = found_application(request, application_id)
    units = [card for card in applying_units(request.actor) if card.id == shown.unit_id]
    if not units or shown.state != ApplicationState.RETURNED:
        raise Http404
    form = PleaForm(request.POST if request.method == "POST" else None, units, initial_of(shown))

    def act() -> Application:
        return complete_application(
            application_id, form.plea(), unit=_unit_of(form, units), by=request.actor, at=request.at
        )

    if request.method == "POST" and _done(form, act) is not None:
        messages.success(request, _("Sent in anew."))
        return redirect("desk:admission", application_id=application_id)
    context = {"form": form, "shown": shown, "earliest": earliest_start(request.at)}
    return render(request, "desk/admission_form.html", context, status=_status(form))


@require_safe
@staff_required(*GUARDING)
def application(request: DeskRequest, application_id: UUID) -> HttpResponse:
    """Show an application with its rulings, and what this member of staff may do about it."""
    return page_of_application(request, found_application(request, application_id))


def page_of_application(
    request: DeskRequest, shown: Application, answered: TellingForm | None = None, act: str = ""
) -> HttpResponse:
    """Show an application; a form that was refused stands where it was, with what was typed."""
    today, own = local_day(request.at), [card.id for card in applying_units(request.actor)]
    rulings = list(shown.rulings.all())
    areas, running = _areas_to_rule(request, shown), _running(request, shown)
    is_own, is_open = shown.unit_id in own, shown.state == ApplicationState.APPLIED
    ended = {ApplicationState.WITHDRAWN}
    guards = any(may_rule(request.actor, ruling.area.path) for ruling in rulings)
    context = row_of(shown, today) | {
        "rulings": [standing_of(ruling, today) for ruling in rulings],
        "ruling": answered if act == "rule" else RulingForm(None, areas) if areas else None,
        "review": answered if act == "review" else ReviewForm(None, running) if running else None,
        "returning": answered if act == "return" else ReasonForm(auto_id="return_%s")
        if is_open and guards and not any(ruling.verdict for ruling in rulings) else None,
        "withdrawing": answered if act == "withdraw" else ReasonForm(auto_id="withdraw_%s")
        if is_own and shown.state not in ended else None,
        "may_complete": is_own and shown.state == ApplicationState.RETURNED,
        "may_renew": is_own and any(ruling.verdict == Verdict.ADMITTED for ruling in rulings),
        "papers": list(shown.attachments.all()),
        "paper_form": answered if act == "attach" else PaperForm() if may_attach(shown, own) else None,
        "may_take_off": may_attach(shown, own),
        "events": [event_of(fact) for fact in reversed(timeline(f"application:{shown.pk}"))],
        "opened": act, "now": request.at,
    }  # fmt: skip
    return render(request, "desk/admission.html", context, status=_status(answered))


def _areas_to_rule(request: DeskRequest, shown: Application) -> list[tuple[str, str]]:
    """Return the areas the actor may still rule for: those asked, and own ones below that may refuse."""
    if shown.state not in {ApplicationState.APPLIED, ApplicationState.SETTLED}:
        return []
    rulings = list(shown.rulings.all())
    found = {
        ruling.area.code: ruling.area.name
        for ruling in rulings
        if not ruling.verdict and may_rule(request.actor, ruling.area.path)
    }
    asked = {ruling.area.path for ruling in rulings}
    for path in ruled_areas(request.actor):
        area = town_map().by_code(path.rpartition("/")[2]) if path else None
        if area and path not in asked and any(covers(top, path) for top in asked):
            found[area.code] = _("{area} (may refuse for itself)").format(area=area.name)
    return list(found.items())


def _running(request: DeskRequest, shown: Application) -> list[tuple[str, str]]:
    """Return the admissions that run and that the actor may review."""
    return [
        (str(ruling.pk), ruling.area.name)
        for ruling in shown.rulings.all()
        if ruling.verdict == Verdict.ADMITTED
        and ruling.ended_at is None
        and may_rule(request.actor, ruling.area.path)
    ]


@require_POST
@staff_required(Permission.ADMISSION_RULE)
def rule(request: DeskRequest, application_id: UUID) -> HttpResponse:
    """Take an area's ruling."""
    shown = found_application(request, application_id)
    form = RulingForm(request.POST, _areas_to_rule(request, shown))

    def act() -> Ruling:
        told = form.cleaned_data
        return rule_on(
            application_id, told["area"], verdict=told["verdict"], reason=told["reason"],
            ends_on=told["ends_on"], review_on=told["review_on"], by=request.actor, at=request.at,
        )  # fmt: skip

    ruling = _done(form, act)
    if ruling is None:
        return page_of_application(request, shown, form, "rule")
    messages.success(request, f"{ruling.area.name}: {Verdict(ruling.verdict).label}")
    return redirect("desk:admission", application_id=application_id)


@require_POST
@staff_required(Permission.ADMISSION_RULE)
def send_back(request: DeskRequest, application_id: UUID) -> HttpResponse:
    """Return an application for completion."""
    shown, form = found_application(request, application_id), ReasonForm(request.POST, auto_id="return_%s")
    by_and_at: dict[str, Any] = {"by": request.actor, "at": request.at}
    if _done(form, lambda: return_application(application_id, **form.cleaned_data, **by_and_at)) is None:
        return page_of_application(request, shown, form, "return")
    messages.success(request, _("Returned; the department reads what is missing."))
    return redirect("desk:admission", application_id=application_id)


@require_POST
@staff_required(Permission.ADMISSION_APPLY)
def take_back(request: DeskRequest, application_id: UUID) -> HttpResponse:
    """Take an application back."""
    shown, form = found_application(request, application_id), ReasonForm(request.POST, auto_id="withdraw_%s")
    unit = next((card for card in applying_units(request.actor) if card.id == shown.unit_id), None)
    if unit is None:
        raise Http404
    more: dict[str, Any] = {"unit": unit, "by": request.actor, "at": request.at}
    if _done(form, lambda: withdraw_application(application_id, **form.cleaned_data, **more)) is None:
        return page_of_application(request, shown, form, "withdraw")
    messages.success(request, _("Taken back; whatever was admitted under it ended."))
    return redirect("desk:admission", application_id=application_id)


@require_POST
@staff_required(Permission.ADMISSION_RULE)
def review(request: DeskRequest, application_id: UUID) -> HttpResponse:
    """Go on with an admission until the next review, or end it, as the button says."""
    shown = found_application(request, application_id)
    form = ReviewForm(request.POST, _running(request, shown))

    def act() -> Ruling:
        told = form.cleaned_data
        key = UUID(told["ruling"])
        if request.POST.get("act") == "end":
            return end_admission(key, reason=told["reason"], by=request.actor, at=request.at)
        return keep_admission(
            key, review_on=told["review_on"] or local_day(request.at), reason=told["reason"],
            by=request.actor, at=request.at,
        )  # fmt: skip

    if _done(form, act) is None:
        return page_of_application(request, shown, form, "review")
    messages.success(request, _("The review is noted."))
    return redirect("desk:admission", application_id=application_id)
