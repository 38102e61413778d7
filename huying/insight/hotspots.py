"""Reading hot spots: what is hot, one matter, and the appeals it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from huying.insight.evidence import sentences_of
from huying.insight.models import HotMark, HotSpot
from huying.insight.stages import BURNING, SHOWN, STANDING, Stage, State

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

# Following a chain of merges ends here; nobody merges this often.
LONGEST_CHAIN = 20


@dataclass(frozen=True)
class HotMatter:
    """A hot spot as other rooms read it: nothing in it names an appellant.

    `area_code` is the path of the narrowest area most of it lies in; `growth` is how many times as many
    appellants wrote in the last 14 days as in the 14 before; `evidence` are sentences in the active language.
    """

    key: UUID
    title: str
    place: str
    area_code: str
    item_code: str
    stage: str
    heat: float
    growth: float
    count: int
    appellants: int
    first_at: datetime
    last_at: datetime
    evidence: tuple[str, ...]
    state: str = State.OPEN
    lat: float | None = None
    lon: float | None = None


def within(areas: Iterable[str]) -> Q:
    """Return the filter for matters in one of these areas (paths), or below; without areas nothing."""
    wanted = Q(pk__in=[])
    for path in areas:
        wanted |= Q(area_path=path) | Q(area_path__startswith=f"{path}/")
    return wanted


def hot_matters(
    *,
    at: datetime,
    areas: Iterable[str] | None = None,
    stages: Iterable[str] | None = None,
    limit: int = 50,
) -> list[HotMatter]:
    """Return what is hot at a moment, the hottest first: matters people did not dismiss.

    `areas` are paths (None: everywhere), `stages` keys of `Stage` (None: all that burn: early, rising, hot,
    returned). What began later than `at` is left out.
    """
    found = HotSpot.objects.filter(
        state__in=STANDING, stage__in=list(stages or BURNING), first_at__lte=at
    ).exclude(stage=Stage.QUIET)
    if areas is not None:
        found = found.filter(within(areas))
    return [as_matter(spot) for spot in found.order_by("-heat", "-last_at", "id")[:limit]]


def hot_matter(key: UUID) -> HotMatter | None:
    """Return one matter, whatever its stage; of one merged away, the matter it went into."""
    spot = standing_spot(key)
    return as_matter(spot) if spot is not None else None


def member_appeals(key: UUID) -> list[UUID]:
    """Return the ids of the appeals a matter is made of, oldest first, with those merged into it."""
    spot = standing_spot(key)
    if spot is None:
        return []
    return list(HotMark.objects.filter(spot=spot).order_by("at", "pk").values_list("pk", flat=True))


def matters_of(appeals: Iterable[UUID]) -> dict[UUID, HotMatter]:
    """Return the matter each of these appeals belongs to, where it belongs to one that is shown."""
    marks = HotMark.objects.filter(
        pk__in=list(appeals), spot__stage__in=SHOWN, spot__state__in=STANDING
    ).select_related("spot")
    return {mark.pk: as_matter(mark.spot) for mark in marks if mark.spot is not None}


def standing_spot(key: UUID) -> HotSpot | None:
    """Return the row of a matter, followed through merges; None when there never was one."""
    spot = HotSpot.objects.filter(pk=key).first()
    for _step in range(LONGEST_CHAIN):
        if spot is None or spot.merged_into_id is None:
            return spot
        spot = HotSpot.objects.filter(pk=spot.merged_into_id).first()
    return spot


def as_matter(spot: HotSpot) -> HotMatter:
    """Return a row as other rooms read it."""
    return HotMatter(
        key=spot.pk, title=spot.title, place=spot.place, area_code=spot.area_path, item_code=spot.item_code,
        stage=spot.stage, heat=round(spot.heat, 2), growth=round(spot.growth, 2), count=spot.count,
        appellants=spot.appellants, first_at=spot.first_at, last_at=spot.last_at,
        evidence=sentences_of(spot), state=spot.state, lat=spot.lat, lon=spot.lon,
    )  # fmt: skip
