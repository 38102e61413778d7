"""Setting what a town decides for its supervision: the bodies that meet, and when an order has helped."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from huying.kit.errors import Refusal
from huying.kit.text import on_one_line
from huying.ledger.actions import record
from huying.people.permissions import Permission
from huying.places.queries import town_map
from huying.supervision import facts_more as facts
from huying.supervision import reasons
from huying.supervision.judging import USUAL, Thresholds
from huying.supervision.models import Body, EffectRule, SupervisionTable

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from huying.ledger.actor import Actor
    from huying.ledger.chain import FactBody

BODIES, EFFECTS = "bodies", "effects"
LONGEST_NAME = 80
# What makes sense at all: (least, most) of each threshold; shares in percent.
RANGES = {
    "fewest_people": (1, 50), "fewest_to_tell": (1, 200), "as_before_percent": (10, 100),
    "more_percent": (100, 300), "pace_after_days": (1, 60),
}  # fmt: skip


@dataclass(frozen=True)
class BodyDraft:
    """A body as an editor wants it. `area` is an area's code, "" for the whole town."""

    name: str
    name_en: str = ""
    area: str = ""
    standing_title: str = ""
    standing_last: bool = True
    is_active: bool = True


def set_body(draft: BodyDraft, *, body: UUID | None, by: Actor, at: datetime) -> Body:
    """Add a body that meets, or change one (`body`). Meetings called before keep their agenda.

    Refusals `supervision_not_yours`, `supervision_missing`, `body_name_taken`, `topic_area_unknown`,
    `meeting_not_found` for a body there is not.
    """
    _may(by)
    name = on_one_line(draft.name)[:LONGEST_NAME]
    if not name:
        raise Refusal(reasons.MISSING, field="name")
    card = town_map().by_code(draft.area) if draft.area else None
    if draft.area and card is None:
        raise Refusal(reasons.AREA_UNKNOWN, field="area")
    with transaction.atomic():
        table = _table(BODIES)
        row = Body.objects.filter(pk=body).first() if body else Body()
        if row is None:
            raise Refusal(reasons.MEETING_NOT_FOUND)
        if Body.objects.filter(name=name).exclude(pk=row.pk).exists():
            raise Refusal(reasons.BODY_TAKEN, field="name")
        before = _told_of(row) if body else {}
        row.name, row.name_en = name, on_one_line(draft.name_en)[:LONGEST_NAME]
        row.area_id = card.id if card else None
        row.standing_title = on_one_line(draft.standing_title)[:LONGEST_NAME]
        row.standing_last, row.is_active = draft.standing_last, draft.is_active
        after = _told_of(row)
        if after != before:
            row.save()
            _record(table, facts.BodySet(body=str(row.pk), values=after, before=before), by=by, at=at)
        return row


def _told_of(row: Body) -> dict[str, Any]:
    return {
        "name": row.name, "name_en": row.name_en, "area": row.area.code if row.area else "",
        "standing_title": row.standing_title, "standing_last": row.standing_last,
        "is_active": row.is_active,
    }  # fmt: skip


def thresholds(*, at: datetime | None = None) -> Thresholds:
    """Return from when on an order counts as having helped: as it stands, or as it stood at a moment."""
    found = EffectRule.objects.order_by("-id")
    row = (found.filter(at__lte=at) if at else found).first()
    return Thresholds(**{name: getattr(row, name) for name in RANGES}) if row else USUAL


def set_thresholds(wanted: Thresholds, *, by: Actor, at: datetime) -> Thresholds:
    """Set from when on an order counts as having helped; effects that are found already stay as they are.

    Refusals `supervision_not_yours`, `threshold_out_of_range`.
    """
    _may(by)
    told = asdict(wanted)
    for name, (least, most) in RANGES.items():
        if not least <= told[name] <= most:
            raise Refusal(reasons.THRESHOLD_OUT_OF_RANGE, field=name, least=least, most=most)
    with transaction.atomic():
        table = _table(EFFECTS)
        before = asdict(thresholds())
        if told != before:
            EffectRule.objects.create(**told, at=at, by_name=by.name[:80])
            _record(table, facts.EffectRuleSet(values=told, before=before), by=by, at=at)
    return wanted


def _may(by: Actor) -> None:
    if not by.holds(Permission.SYSTEM_EDIT):
        raise Refusal(reasons.NOT_YOURS)


def _table(key: str) -> SupervisionTable:
    """Return a table locked: two who change one wait for each other here."""
    SupervisionTable.objects.get_or_create(key=key)
    return SupervisionTable.objects.select_for_update().get(key=key)


def _record(table: SupervisionTable, body: FactBody, *, by: Actor, at: datetime) -> None:
    record(table, body, district=settings.DISTRICT, by=by, at=at)
    table.save()
