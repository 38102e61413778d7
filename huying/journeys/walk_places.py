"""Where to walk: places of hot matters, places no walk saw for long, and places nobody reported from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huying.cases.models import Case
from huying.catalogue.core.calendar import local_day
from huying.insight.hotspots import hot_matters
from huying.places.models import Place, PlaceKind
from huying.walks.actions import StopDraft
from huying.walks.models import Stop, Why

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

LONG = timedelta(days=90)  # after so long without a walk a place is proposed
SILENCE = timedelta(days=365)
MOST_HOT, MOST_PLACES = 8, 12


@dataclass(frozen=True)
class Proposed:
    """A place worth walking to; `token` names it in a form."""

    token: str
    stop: StopDraft


def propose_places(area_path: str, *, at: datetime) -> list[Proposed]:
    """Return what a walk in an area may go to, hot matters first, then the places seen longest ago.

    Places nobody reported from are told apart: silence may mean that all is well, or that nobody asks there.
    """
    return [*_hot(area_path, at=at), *_quiet(area_path, at=at)]


def _hot(area_path: str, *, at: datetime) -> list[Proposed]:
    found = hot_matters(at=at, areas=[area_path], limit=MOST_HOT)
    return [
        Proposed(
            f"hot:{one.key}",
            StopDraft(
                one.place or one.title, lat=one.lat, lon=one.lon, why=Why.HOT, hot_key=one.key,
                reason=ngettext(
                    "{title}: {count} appeal", "{title}: {count} appeals", one.count
                ).format(title=one.title, count=one.count),
            ),
        )
        for one in found
    ]  # fmt: skip


def _quiet(area_path: str, *, at: datetime) -> list[Proposed]:
    """Return places no walk saw for long, the longest ago first; those nobody reported from before others."""
    within = Q(area__path=area_path) | Q(area__path__startswith=f"{area_path}/")
    # Buildings of an estate would fill the list one by one; the estate stands for them.
    places = list(Place.objects.filter(within).exclude(kind=PlaceKind.BUILDING).order_by("code"))
    keys = [place.pk for place in places]
    walked = Stop.objects.filter(seen=True, place__in=keys).values_list("place")
    last: dict[UUID | None, date] = dict(walked.annotate(last=Max("walk__on")))
    below = Q(area_path=area_path) | Q(area_path__startswith=f"{area_path}/")
    told = set(
        Case.objects.filter(below, opened_at__gte=at - SILENCE, place__isnull=False)
        .values_list("place_id", flat=True)
        .distinct()
    )
    since = local_day(at) - LONG
    old = [place for place in places if place.pk not in last or last[place.pk] < since]
    old.sort(key=lambda place: (place.pk in told, last[place.pk].toordinal() if place.pk in last else 0))
    return [_proposed(place, last.get(place.pk), silent=place.pk not in told) for place in old[:MOST_PLACES]]


def _proposed(place: Place, last: date | None, *, silent: bool) -> Proposed:
    seen = _("last walk {day}").format(day=last) if last else _("no walk yet")
    reason = "；".join([seen, _("nobody reported for a year")]) if silent else seen
    stop = StopDraft(
        place.name, place_code=place.code, lat=place.lat, lon=place.lon,
        why=Why.SILENT if silent else Why.UNSEEN, reason=reason,
    )  # fmt: skip
    return Proposed(f"place:{place.code}", stop)
