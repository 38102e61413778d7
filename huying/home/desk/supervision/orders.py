"""The supervision list at the desk: orders by colour, unit and kind; given by hand; frozen weeks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Sum
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from huying.home.desk.access import staff_required
from huying.home.desk.supervision.forms import FreeOrderForm, area_choices
from huying.home.desk.supervision.words import TINT_LOOKS, order_row, unit_name
from huying.journeys.hotspot_to_topic import case_keys
from huying.kit.errors import Refusal
from huying.people.permissions import Permission
from huying.supervision.models import Order, WeekList, Work
from huying.supervision.orders import give_order
from huying.supervision.queries import with_tint
from huying.supervision.rules import SUPERVISING, areas_of, orders_visible_to, units_of
from huying.supervision.states import OPEN_ORDERS, OrderKind, OrderState, Tint

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpResponse

    from huying.home.desk.access import DeskRequest

MOST_SHOWN = 200
TABS = {
    "open": OPEN_ORDERS,
    "reported": (OrderState.REPORTED, OrderState.DISPUTED),
    "over": (OrderState.CLOSED, OrderState.CANCELLED),
}
SOURCES = ("topic", "hand")


def _seen(request: DeskRequest) -> QuerySet[Order]:
    return (
        Order.objects.filter(orders_visible_to(request.actor))
        .select_related("topic")
        .prefetch_related("assists")
    )


def narrowed(request: DeskRequest) -> tuple[QuerySet[Order], dict[str, str]]:
    """Return the orders a list shows, and what it is narrowed by."""
    told = {name: request.GET.get(name, "") for name in ("tab", "tint", "unit", "kind", "source")}
    told["tab"] = told["tab"] if told["tab"] in TABS else "open"
    found = _seen(request).filter(state__in=TABS[told["tab"]])
    if told["tint"] in Tint.values:
        found = found.filter(with_tint(told["tint"], at=request.at))
    if told["kind"] in OrderKind.values:
        found = found.filter(kind=told["kind"])
    if told["source"] in SOURCES:
        found = found.filter(topic__isnull=told["source"] == "hand")
    keys = {str(order): order for order in found.values_list("unit_id", flat=True)}
    if told["unit"] in keys:
        found = found.filter(unit_id=told["unit"])
    order = ("-closed_at", "-year", "-number") if told["tab"] == "over" else ("due_on", "id")
    return found.order_by(*order), told


@require_safe
@staff_required(*SUPERVISING)
def orders(request: DeskRequest) -> HttpResponse:
    """List the orders of the actor's units and areas, the most urgent first."""
    found, told = narrowed(request)
    seen = _seen(request)
    counts = {tint: seen.filter(with_tint(tint, at=request.at)).count() for tint in Tint}
    units = seen.order_by().values_list("unit_id", flat=True).distinct()
    context = {
        "rows": [order_row(order, at=request.at) for order in found[:MOST_SHOWN]],
        "told": told, "now": request.at, "query": request.GET.urlencode(),
        "tints": [(tint, tint.label, counts[tint], *TINT_LOOKS[tint]) for tint in Tint],
        "units": sorted((str(key), unit_name(key)) for key in units),
        "kinds": OrderKind.choices,
        "may_give": bool(areas_of(request.actor, Permission.ORDER_APPROVE)),
        "may_export": request.actor.holds(Permission.EXPORT_RUN),
        "works": _totals(seen),
    }  # fmt: skip
    return render(request, "desk/supervision/orders.html", context)


def _totals(seen: QuerySet[Order]) -> list[dict[str, Any]]:
    """Return the totals of the works ledger over the orders somebody sees: by what is counted."""
    kept = Work.objects.filter(order__in=seen.order_by().values("pk"), struck_at=None)
    return [
        dict(row)
        for row in kept.order_by("name", "measure").values("name", "measure")
        .annotate(quantity=Sum("quantity"), cost=Sum("cost_yuan"))[:MOST_SHOWN]
    ]  # fmt: skip


@staff_required(Permission.ORDER_APPROVE)
def order_new(request: DeskRequest) -> HttpResponse:
    """Give an order outside of a meeting."""
    areas = area_choices(request.actor, Permission.ORDER_APPROVE)
    form = FreeOrderForm(request.POST if request.method == "POST" else None, areas)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            cases = tuple(case_keys(told["numbers"], by=request.actor))
            order = give_order(
                form.draft(cases), key=told["key"], area_path=told["area_path"], district=settings.DISTRICT,
                by=request.actor, at=request.at,
            )  # fmt: skip
        except Refusal as refusal:
            form.tell(refusal, field="numbers" if refusal.field == "cases" else None)
        else:
            messages.success(request, _("The order is given; its unit is told."))
            return redirect("desk:order", order_id=order.pk)
    status = 422 if form.errors else 200
    return render(request, "desk/supervision/order_new.html", {"form": form}, status=status)


@require_safe
@staff_required(*SUPERVISING)
def weeks(request: DeskRequest, week_on: str = "") -> HttpResponse:
    """Show the frozen lists of past weeks: of each the rows the actor may see."""
    lists = list(WeekList.objects.order_by("-week_on").defer("rows")[:60])
    shown = None
    if week_on or lists:
        try:
            wanted = date.fromisoformat(week_on) if week_on else lists[0].week_on
        except ValueError as error:
            raise Http404 from error
        shown = WeekList.objects.filter(week_on=wanted).first()
        if shown is None:
            raise Http404
    rows = [row for row in (shown.rows if shown else []) if _may_see(request, row)]
    for row in rows:
        row["url"] = f"../../{row['order']}/" if week_on else f"../{row['order']}/"
        row["tone"], row["icon"] = TINT_LOOKS.get(row["tint"], ("mute", "check"))
        row["tint_label"] = Tint(row["tint"]).label if row["tint"] else ""
        row["state_label"] = OrderState(row["state"]).label
        row["due"] = date.fromisoformat(row["due_on"])
    context = {"lists": lists, "shown": shown, "rows": rows, "carried": sum(row["carried"] for row in rows)}
    return render(request, "desk/supervision/weeks.html", context)


def _may_see(request: DeskRequest, row: dict[str, Any]) -> bool:
    """Return whether a row of a frozen list is the actor's to see: by its area, or its unit of then."""
    tops = areas_of(request.actor, Permission.ORDER_SEE, Permission.ORDER_APPROVE)
    in_area = any(row["area_path"] == top or row["area_path"].startswith(f"{top}/") for top in tops)
    return in_area or row["unit_id"] in {str(unit) for unit in units_of(request.actor, Permission.ORDER_SEE)}
