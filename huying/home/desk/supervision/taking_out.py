"""The supervision list taken out as a file: asked for with a reason, stamped and recorded as every list."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huying.catalogue.core.calendar import local_day
from huying.home.desk.access import staff_required
from huying.home.desk.exporting import ExportForm, key_of
from huying.home.desk.supervision.orders import narrowed
from huying.home.desk.supervision.words import order_row, unit_name
from huying.kit.errors import Refusal
from huying.people.permissions import Permission
from huying.supervision.rules import SUPERVISING
from huying.supervision.states import OrderKind, Tint
from huying.workbench.exports import KEPT_DAYS
from huying.workbench.models import TakenOut
from huying.workbench.taking_out import Sheet, take_out

if TYPE_CHECKING:
    from django.http import HttpResponse

    from huying.home.desk.access import DeskRequest
    from huying.supervision.models import Order

MOST_TAKEN_OUT = 5_000


@staff_required(Permission.EXPORT_RUN)
def export(request: DeskRequest) -> HttpResponse:
    """Ask for the list as it is narrowed now: units and matters, nobody's name."""
    if not any(map(request.actor.holds, SUPERVISING)):
        raise Http404
    form = ExportForm(request.POST if request.method == "POST" else None)
    del form.fields["contacts"]
    key = key_of(request.POST.get("key", ""))
    if request.method == "POST" and form.is_valid():
        try:
            run = take_out(
                key, _sheet(request), why=form.cleaned_data["why"], username=request.user.get_username(),
                language=get_language() or "zh-hans", by=request.actor, at=request.at,
            )  # fmt: skip
        except Refusal as refusal:
            form.tell(refusal)
        else:
            return redirect(f"{reverse('desk:exports')}#{run.pk}")
    query = request.GET.urlencode()
    _found, told = narrowed(request)
    context = {
        "form": form, "key": key, "told": [(_("List"), _("Supervision list")), *_said(told)],
        "columns": _head(), "back_url": f"{reverse('desk:orders')}?{query}", "most": MOST_TAKEN_OUT,
        "days": KEPT_DAYS, "here": f"{request.path}?{query}",
    }  # fmt: skip
    return render(request, "desk/export.html", context, status=422 if form.errors else 200)


def _sheet(request: DeskRequest) -> Sheet:
    found, told = narrowed(request)
    orders = list(found[: MOST_TAKEN_OUT + 1])
    rows = [_cells(order, request) for order in orders[:MOST_TAKEN_OUT]]
    kept = {name: value for name, value in told.items() if value}
    return Sheet(TakenOut.ORDERS, kept, _said(told), _head(), rows, more=len(orders) > MOST_TAKEN_OUT)


def _head() -> list[str]:
    return [
        _("Number"), _("Heading"), _("What is to be done"), _("Unit that carries it out"),
        _("Units that assist"), _("Given on"), _("To be done by"), _("State"), _("Colour"),
    ]  # fmt: skip


def _cells(order: Order, request: DeskRequest) -> list[str]:
    row = order_row(order, at=request.at)
    return [
        row["number"], order.title, order.text, row["unit"], "、".join(row["assists"]),
        local_day(order.given_at).isoformat(), order.due_on.isoformat(), str(order.get_state_display()),
        str(row["tint_label"]),
    ]  # fmt: skip


def _said(told: dict[str, str]) -> list[tuple[str, str]]:
    """Return what the list is narrowed to in words; what says nothing is left out."""
    tabs = {"open": _("Open orders"), "reported": _("To be decided on"), "over": _("Closed")}
    sources = {"topic": _("a topic"), "hand": _("given directly")}
    said = [(_("Tab"), tabs[told["tab"]])]
    if told["tint"] in Tint.values:
        said.append((_("Colour"), str(Tint(told["tint"]).label)))
    if told["kind"] in OrderKind.values:
        said.append((_("Kind of order"), str(OrderKind(told["kind"]).label)))
    if told["source"] in sources:
        said.append((_("Came from"), sources[told["source"]]))
    if told["unit"]:
        said.append((_("Unit that carries it out"), unit_name(UUID(told["unit"]))))
    return said
