"""Alerts to acknowledge: matters that reached a stage for the first time, the newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huying.cases.words import area_name
from huying.home.desk.access import staff_required
from huying.home.desk.frame import safe_next
from huying.home.desk.hotspots.words import TONES
from huying.insight.deciding import acknowledge_alert
from huying.insight.lists import open_alerts
from huying.insight.models import HotAlert, HotSpot
from huying.insight.rules import visible_to
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from huying.home.desk.access import DeskRequest

MOST_SHOWN = 100


def alert_row(alert: HotAlert) -> dict[str, Any]:
    """Return what is shown of an alert."""
    tone, icon = TONES[alert.stage]
    return {
        "alert": alert, "tone": tone, "icon": icon, "stage": alert.get_stage_display(),
        "url": reverse("desk:hot_spot", args=[alert.spot_id]), "area": area_name(alert.spot.area_path),
    }  # fmt: skip


@require_safe
@staff_required(Permission.HOTSPOT_SEE)
def alerts(request: DeskRequest) -> HttpResponse:
    """Show the alerts nobody has acknowledged, and with `?tab=seen` the latest that somebody has."""
    seen = request.GET.get("tab") == "seen"
    if seen:
        spots = HotSpot.objects.filter(visible_to(request.actor)).values("pk")
        found = HotAlert.objects.filter(acknowledged_at__isnull=False, spot__in=spots)
        found = found.select_related("spot").order_by("-acknowledged_at", "-id")
    else:
        found = open_alerts(by=request.actor)
    context = {"rows": [alert_row(one) for one in found[:MOST_SHOWN]], "seen": seen, "most": MOST_SHOWN}
    return render(request, "desk/hotspots/alerts.html", context)


@require_POST
@staff_required(Permission.HOTSPOT_SEE)
def seen(request: DeskRequest, alert_id: UUID) -> HttpResponse:
    """Acknowledge an alert."""
    acknowledge_alert(alert_id, by=request.actor, at=request.at)
    messages.success(request, _("The alert is acknowledged."))
    return redirect(safe_next(request, reverse("desk:hot_alerts")))
