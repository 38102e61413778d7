"""Auditors are told, in their units, when an administrator takes power to look into cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from huying.notify.actions import Told, tell_units
from huying.people.models import Post
from huying.people.permissions import AdminKind

if TYPE_CHECKING:
    from huying.ledger.models import Fact


def tell_auditors(fact: Fact) -> None:
    """Leave a notice in every unit an audit administrator works in."""
    day = timezone.localdate(fact.at)
    posts = Post.objects.held_on(day).filter(admin_of=AdminKind.AUDIT, account__is_active=True)
    ends_at = parse_datetime(fact.data["ends_at"])
    until = timezone.localtime(ends_at).strftime("%H:%M") if ends_at else ""
    data = {"name": fact.actor_name, "reason": fact.data["reason"], "until": until}
    units = posts.order_by("unit_id").values_list("unit_id", flat=True).distinct()
    tell_units(Told(unit, "power_taken", data, fact.at) for unit in units)
