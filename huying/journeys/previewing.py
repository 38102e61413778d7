"""Looks at an appeal before it is sent: dangers, where it is, and whether neighbours reported the same."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from huying.cases.models import OPEN, Case, Membership
from huying.catalogue.queries import item_card
from huying.dispatch.duties import duty_book
from huying.intake.actions import Draft, receive
from huying.journeys.placing import told_of
from huying.places.core.coordinates import METRES_PER_DEGREE
from huying.places.queries import Choice, Where, locate_all
from huying.publicity.rules import rough_place
from huying.triage.actions import Judged, judge_all
from huying.triage.core.likeness import SHOWN_TO_RESIDENTS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from huying.catalogue.queries import ItemCard

MOST_TWINS = 3
# Distances are told roughly: nearer than this a stranger's door could be made out.
ROUGHLY_METRES = 50


@dataclass(frozen=True)
class Twin:
    """An open case that may be the same matter, as anybody may see it: nobody's words, nobody's door."""

    case_id: UUID
    item: ItemCard
    place: str
    metres: int | None
    opened_at: datetime
    status: str
    voices: int


@dataclass(frozen=True)
class Preview:
    """What would be made of an appeal if it were sent now. `dangers` each with `call` and `advice`."""

    where: Where
    dangers: tuple[dict[str, Any], ...]
    twins: tuple[Twin, ...]
    # The places to choose among: none where it is sure, or where the same unit would have it anyway.
    places: tuple[Choice, ...] = ()

    @property
    def knows_place(self) -> bool:
        """Return whether a point in town or words led somewhere."""
        return not {"place_unknown", "point_outside_town"}.intersection(self.where.reasons)


def preview_appeal(draft: Draft, *, at: datetime) -> Preview:
    """Return what triage makes of a draft; nothing is written. Raises the Refusals of `receive`."""
    received = receive(draft, number="", district=settings.DISTRICT, at=at)
    wheres = locate_all([told_of(received)])
    judged = judge_all([received], wheres, at=at)[0]
    earlier = [
        row["earlier_id"]
        for table, row in judged.rows
        if table == "triage_twinsuspect" and row["score"] >= SHOWN_TO_RESIDENTS
    ]
    places = _places(judged, at=at)
    return Preview(judged.where, tuple(judged.dangers), _twins(earlier, judged.where), places)


def _places(judged: Judged, *, at: datetime) -> tuple[Choice, ...]:
    """Return the places worth asking about: those of which another unit would get the appeal."""
    choices, item = judged.where.choices, judged.item
    if item is None or len(choices) < 2:  # noqa: PLR2004 - one place is no choice
        return choices
    day = timezone.localdate(at)
    duties = [duty_book().decide(item, choice.area_path, on=day) for choice in choices]
    units = {duty.lead.id if duty is not None else None for duty in duties}
    return choices if len(units) > 1 else ()


def _twins(earlier: Sequence[UUID], where: Where) -> tuple[Twin, ...]:
    """Return the open cases these appeals belong to, each once, the likeliest first.

    Only items that are public matters (catalogue) are shown to strangers: a street lamp, never a quarrel.
    """
    if not earlier:
        return ()
    rank = {appeal_id: place for place, appeal_id in enumerate(earlier)}
    members = (
        Membership.objects.filter(appeal_id__in=earlier, until_at=None, case__status__in=OPEN)
        .select_related("case__place")
        .order_by("appeal_id")
    )
    twins: dict[UUID, Twin] = {}
    for member in sorted(members, key=lambda member: rank[member.appeal_id]):
        item = item_card(member.case.item_id)
        if item is not None and item.public and member.case_id not in twins:
            twins[member.case_id] = _twin(member.case, item, where)
    return tuple(twins.values())[:MOST_TWINS]


def _twin(case: Case, item: ItemCard, where: Where) -> Twin:
    return Twin(
        case_id=case.pk, item=item, place=rough_place(case), metres=_rough_metres(case, where),
        opened_at=case.opened_at, status=case.status, voices=case.appeal_count,
    )  # fmt: skip


def _rough_metres(case: Case, where: Where) -> int | None:
    if None in (case.lat, case.lon, where.lat, where.lon):
        return None
    north = float(case.lat or 0) - float(where.lat or 0)
    east = (float(case.lon or 0) - float(where.lon or 0)) * math.cos(math.radians(float(where.lat or 0)))
    metres = math.hypot(north, east) * METRES_PER_DEGREE
    return max(ROUGHLY_METRES, math.ceil(metres / ROUGHLY_METRES) * ROUGHLY_METRES)
