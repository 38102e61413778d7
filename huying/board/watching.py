"""Watching: what the duty officer has to look at is raised once, and taken down when its cause is over."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from huying.board import reasons
from huying.board.facts import AlertAcknowledged
from huying.board.models import Alert, AlertKind
from huying.board.rules import areas_of, holds_over
from huying.catalogue.core.calendar import local_day
from huying.catalogue.queries import known_until
from huying.insight.deciding import acknowledge_alert
from huying.insight.hot_alerts import new_alerts
from huying.insight.recounting import last_recount
from huying.kit.errors import Refusal
from huying.kit.text import on_one_line
from huying.ledger.actions import record
from huying.notify.queries import troubles_of_channels
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from huying.ledger.actor import Actor

# What is older is no alert any more: it stands in the lists of what is overdue.
LOOKS_BACK = timedelta(days=3)
# Fewer letters than this that wait are the weather of any channel.
FEWEST_STUCK = 5
LONGEST_NOTE = 200


@dataclass(frozen=True)
class Cause:
    """Why an alert is raised: what it is about, where, and what its words need."""

    key: str
    kind: AlertKind
    at: datetime
    area_path: str = ""
    item_code: str = ""
    data: dict[str, Any] | None = None


def watch(*, at: datetime) -> int:
    """Raise what stands and was not raised before, take down what is over; return how many were raised.

    Run as often as anybody likes: an alert is known by its key.
    """
    causes = list(_causes(at))
    known = set(Alert.objects.filter(key__in=[one.key for one in causes]).values_list("key", flat=True))
    fresh = [one for one in causes if one.key not in known]
    Alert.objects.bulk_create(
        [
            Alert(
                key=one.key, kind=one.kind, area_path=one.area_path, item_code=one.item_code,
                data=one.data or {}, raised_at=one.at,
            )
            for one in fresh
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    over = standing_alerts().exclude(key__in=[one.key for one in causes])
    over.update(ended_at=at)
    return len(fresh)


def standing_alerts() -> QuerySet[Alert]:
    """Return alerts nobody has acknowledged and whose cause is not over."""
    return Alert.objects.filter(acknowledged_at=None, ended_at=None)


def alerts_for(by: Actor) -> QuerySet[Alert]:
    """Return the alerts of the areas whose board an actor may see, newest first."""
    tops = areas_of(by, Permission.STATS_SEE)
    return alerts_in(tops) if tops else Alert.objects.none()


def alerts_in(areas: Iterable[str]) -> QuerySet[Alert]:
    """Return the alerts of these areas with all below, and those of the whole town."""
    wanted = Q(area_path="")
    for area in areas:
        wanted |= Q(area_path=area) | Q(area_path__startswith=f"{area}/")
    return Alert.objects.filter(wanted).order_by("-raised_at", "-id")


def acknowledge(alert_id: UUID, *, by: Actor, at: datetime, note: str = "") -> Alert:
    """Say that one has seen an alert and takes it up. The second of two clerks is told who was first.

    Refusal `alert_not_found` outside one's area, `alert_taken`.
    """
    with transaction.atomic():
        alert = Alert.objects.select_for_update().filter(pk=alert_id).first()
        if alert is None or not holds_over(by, Permission.BOARD_WATCH, alert.area_path):
            raise Refusal(reasons.ALERT_NOT_FOUND)
        if alert.acknowledged_at is not None:
            if alert.acknowledged_by_id == by.id:
                return alert
            raise Refusal(reasons.ALERT_TAKEN, name=alert.acknowledged_by_name)
        alert.acknowledged_at, alert.acknowledged_by_id = at, by.id
        alert.acknowledged_by_name = by.name[:80] or "—"
        alert.note = on_one_line(note)[:LONGEST_NOTE]
        body = AlertAcknowledged(key=alert.key, kind=alert.kind, note=alert.note)
        record(alert, body, district=settings.DISTRICT, by=by, at=at)
        alert.save()
        if alert.kind == AlertKind.HOT:
            _seen_there(alert, by=by, at=at)
        return alert


def _seen_there(alert: Alert, *, by: Actor, at: datetime) -> None:
    """Let the page of hot spots know as well; there it may have been seen, or be nobody's to see."""
    with contextlib.suppress(Refusal):
        acknowledge_alert(UUID(alert.key.partition(":")[2]), by=by, at=at)


def _causes(at: datetime) -> Iterable[Cause]:
    yield from _dangers(at)
    for alert in new_alerts(at=at, within=LOOKS_BACK):
        yield Cause(
            f"hot:{alert.key}", AlertKind.HOT, alert.at, alert.area_path, alert.item_code,
            {"title": alert.title, "place": alert.place, "stage": alert.stage, "count": alert.count,
             "appellants": alert.appellants, "spot": str(alert.spot)},
        )  # fmt: skip
    day = local_day(at)
    for trouble in troubles_of_channels(at=at):
        if trouble.count >= FEWEST_STUCK:
            data = {"channel": trouble.channel, "error": trouble.error[:120], "count": trouble.count}
            yield Cause(f"letters:{trouble.channel}:{day}", AlertKind.LETTERS, at, data=data)
    until, ends_soon = known_until(at)
    if ends_soon:
        told = until.isoformat() if until else ""
        yield Cause(f"calendar:{told}", AlertKind.CALENDAR, at, data={"until": told})
    mended = last_recount(since=at - LOOKS_BACK)
    if mended is not None and not mended.whole:
        data = {"cases": mended.cases_mended, "sums": mended.sums_mended}
        yield Cause(f"recount:{mended.key}", AlertKind.RECOUNT, mended.at, data=data)


def _dangers(at: datetime) -> Iterable[Cause]:
    """Yield open cases of the gravest grade, and those of them whose clock ran out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id::text, number, title, place_name, area_path, item_code, opened_at, next_due_at "
            "FROM cases_case WHERE opened_at >= %s AND grade = 'A' AND NOT confidential AND status IN "
            "('submitted', 'need_info', 'dispatched', 'in_progress', 'return_review', 'replied')",
            [at - LOOKS_BACK],
        )
        found = cursor.fetchall()
    for case, number, title, place, area, item, opened_at, due_at in found:
        data = {"number": number, "title": title, "place": place}
        if due_at is not None and due_at < at:
            told = data | {"due_at": due_at.isoformat()}
            yield Cause(
                f"overdue:{case}:{due_at:%m%d%H%M}", AlertKind.DANGER_OVERDUE, due_at, area, item, told
            )
        yield Cause(f"danger:{case}", AlertKind.DANGER, opened_at, area, item, data)
