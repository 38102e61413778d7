"""What everybody may read of matters under supervision: the list, one page with progress and effect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from huying.catalogue.core.calendar import local_day
from huying.home.pages.reach import show
from huying.people.queries import unit_book
from huying.places.queries import town_map
from huying.supervision.households import progress_of
from huying.supervision.models import Release
from huying.supervision.states import EffectFound, OrderState

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from huying.supervision.models import Effect, Order

PAGE = 20
# Fewer appeals than these are not told: they may be somebody.
FEW = 5


def _orders(page: Release) -> list[Order]:
    if page.order is not None:
        return [page.order]
    if page.topic is None:
        return []
    found = page.topic.orders.exclude(state=OrderState.CANCELLED).prefetch_related("effects")
    return list(found.order_by("year", "number"))


@require_safe
def progress_list(request: HttpRequest) -> HttpResponse:
    """Show the released matters, the latest first; `?kind=livelihood` only livelihood projects."""
    only = request.GET.get("kind") == "livelihood"
    found = Release.objects.filter(withdrawn_at=None).select_related("topic", "order")
    if only:
        found = found.filter(is_livelihood=True)
    pages = Paginator(found.order_by("-released_at", "pk"), PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {"rows": [_row(one) for one in page], "page": page, "only": only, "tab": "near"}
    return show(request, "home/progress_list.html", context)


def _row(page: Release) -> dict[str, Any]:
    orders = _orders(page)
    done = sum(order.state == OrderState.CLOSED for order in orders)
    return {
        "one": page, "url": reverse("home:progress", args=[page.pk]), "area": _area(page.area_path),
        "done": done, "total": len(orders), "is_done": bool(orders) and done == len(orders),
    }  # fmt: skip


def _area(path: str) -> str:
    """Return the community's name, or what is known above it: never a finer place."""
    cards = [town_map().by_code(code) for code in path.split("/")[:3]]
    return next((card.name for card in reversed(cards) if card is not None), "")


@require_safe
def progress(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """Show one matter: the released words, who does what by when, households in numbers, and the effect."""
    page = Release.objects.select_related("topic", "order").filter(pk=release_id, withdrawn_at=None).first()
    if page is None:
        raise Http404
    orders = _orders(page)
    households = progress_of(page.topic) if page.topic else None
    context = {
        "one": page, "area": _area(page.area_path), "tab": "near",
        "orders": [_order(order) for order in orders],
        "households": households if households and households.total >= FEW else None,
        "effects": [told for order in orders for told in _effects(order)],
    }  # fmt: skip
    return show(request, "home/progress.html", context)


def _order(order: Order) -> dict[str, Any]:
    """Return an order as strangers read it: its unit, its day and where it stands, not a word of the desk."""
    unit = unit_book().by_id.get(order.unit_id)
    labels = {
        OrderState.GIVEN: (_("Given to the unit"), "turn", "inbox"),
        OrderState.DISPUTED: (_("Being cleared whose it is"), "warn", "return"),
        OrderState.AT_WORK: (_("Being worked on"), "info", "edit"),
        OrderState.REPORTED: (_("Reported done, being checked"), "call", "check"),
        OrderState.CLOSED: (_("Done, and checked by others"), "ok", "check"),
        OrderState.CANCELLED: (_("Cancelled order"), "mute", "ban"),
    }
    label, tone, icon = labels[OrderState(order.state)]
    return {
        "unit": unit.name if unit else "", "due_on": order.due_on, "label": label, "tone": tone, "icon": icon,
        "given_on": local_day(order.given_at), "again": order.round,
        "closed_on": local_day(order.closed_at) if order.closed_at else None,
    }  # fmt: skip


def _effects(order: Order) -> list[dict[str, Any]]:
    """Return what the checks of an order found; numbers below five are not told, what they mean is."""
    return [_effect(one) for one in sorted(order.effects.all(), key=lambda one: one.round)]


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        "label": effect.get_found_display(), "is_good": effect.found == EffectFound.FELL,
        "is_bad": effect.found in {EffectFound.ROSE, EffectFound.RETURNED},
        "before": str(effect.before) if effect.before >= FEW else _("fewer than 5"),
        "after": str(effect.after) if effect.after >= FEW else _("fewer than 5"),
        "since": local_day(effect.since), "until": local_day(effect.until),
    }  # fmt: skip
