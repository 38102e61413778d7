"""A town's own list is taken in: areas drawn or changed, places named, changed or retired, none deleted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from huying.kit.errors import Refusal
from huying.ledger.actions import record
from huying.ledger.snapshots import announce
from huying.places import reasons
from huying.places.actions import PLACES, Former, draw_areas, name_places, set_old_names
from huying.places.core.chinese import initials, pinyin
from huying.places.facts import AreaRenamed, BoundaryChanged, GazetteerLoaded
from huying.places.models import Area, OldName, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from huying.ledger.actor import Actor
    from huying.places.actions import AreaDraft, PlaceDraft
    from huying.places.drafting import Drafts


@dataclass(frozen=True)
class Loaded:
    """How many areas and places a list adds, changes, leaves as they are, and retires."""

    areas_new: int = 0
    areas_changed: int = 0
    areas_same: int = 0
    places_new: int = 0
    places_changed: int = 0
    places_same: int = 0
    places_retired: int = 0

    @property
    def changes(self) -> int:
        """How much the town's map changes by it."""
        return (
            self.areas_new + self.areas_changed + self.places_new + self.places_changed + self.places_retired
        )


@dataclass(frozen=True)
class _Change:
    """What differs between the list and the town, read at one moment."""

    new_areas: list[AreaDraft]
    changed_areas: list[tuple[Area, AreaDraft]]
    new_places: list[PlaceDraft]
    changed_places: list[tuple[Place, PlaceDraft]]
    gone: list[Place]
    old: dict[object, list[Former]]

    def counted(self, drafts: Drafts) -> Loaded:
        areas, places = len(drafts.areas), len(drafts.places)
        return Loaded(
            len(self.new_areas), len(self.changed_areas),
            areas - len(self.new_areas) - len(self.changed_areas),
            len(self.new_places), len(self.changed_places),
            places - len(self.new_places) - len(self.changed_places), len(self.gone),
        )  # fmt: skip


def compare_list(drafts: Drafts, *, source: str = "", retire_missing: bool = False) -> Loaded:
    """Return what taking a list in would change; nothing is written."""
    return _differences(drafts, source, retire_missing=retire_missing).counted(drafts)


def load_list(
    drafts: Drafts,
    *,
    source: str,
    skip_bad: bool = False,
    retire_missing: bool = False,
    by: Actor,
    at: datetime,
) -> Loaded:
    """Take a list in, all of it or nothing; the same list once more changes nothing and records nothing.

    Raises Refusal `list_not_clean` when a line cannot be taken, unless `skip_bad` leaves such lines out. With
    `retire_missing` places that came from the same `source` and are not named any more are retired: they
    leave the map, what points at them keeps pointing. That takes a list without a wrong line. A name that
    changed stays among the old names; old names are only added here, and taken away by hand.
    """
    if drafts.bad_lines and not skip_bad:
        raise Refusal(reasons.LIST_NOT_CLEAN, count=drafts.bad_lines)
    if retire_missing and drafts.bad_lines:
        raise Refusal(reasons.RETIRING_NEEDS_ALL)
    if retire_missing and not source:
        raise Refusal(reasons.RETIRING_NEEDS_A_SOURCE, field="source")
    with transaction.atomic():
        # Whoever loads a list holds the widest area: two lists at once follow one another.
        root = Area.objects.select_for_update().filter(parent=None, valid_until=None).order_by("code").first()
        change = _differences(drafts, source, retire_missing=retire_missing)
        loaded = change.counted(drafts)
        if not loaded.changes:
            return loaded
        draw_areas(change.new_areas, valid_from=timezone.localdate(at), by=by, at=at)
        for area, draft in change.changed_areas:
            _change_area(area, draft, change.old.get(area.pk, []), source, by=by, at=at)
        _write_places(change, at)
        root = Area.objects.select_for_update().filter(parent=None, valid_until=None).order_by("code").first()
        if root is not None:
            _tell(root, source, loaded, by=by, at=at)
        announce(PLACES)
        return loaded


def _tell(root: Area, source: str, loaded: Loaded, *, by: Actor, at: datetime) -> None:
    fact = GazetteerLoaded(
        source, loaded.areas_new, loaded.areas_changed, loaded.places_new, loaded.places_changed,
        loaded.places_retired,
    )  # fmt: skip
    record(root, fact, district=root.path[:6], by=by, at=at)
    root.save(update_fields=["fact_seq", "fact_hash"])


def _differences(drafts: Drafts, source: str, *, retire_missing: bool) -> _Change:
    codes = [draft.code for draft in drafts.areas]
    areas = {one.code: one for one in Area.objects.filter(code__in=codes, valid_until=None)}
    places = Place.objects.select_related("area").in_bulk(
        [one.code for one in drafts.places], field_name="code"
    )
    old: dict[object, list[Former]] = {}
    known = OldName.objects.filter(area__in=areas.values()) | OldName.objects.filter(
        place__in=places.values()
    )
    for one in known.order_by("name"):
        old.setdefault(one.area_id or one.place_id, []).append(
            Former(one.name, one.used_from, one.used_until)
        )
    gone = Place.objects.filter(source=source, retired_at=None) if retire_missing else Place.objects.none()
    return _Change(
        [draft for draft in drafts.areas if draft.code not in areas],
        [
            (area, draft)
            for draft in drafts.areas
            if (area := areas.get(draft.code)) is not None
            and _area_differs(area, draft, old.get(area.pk, []))
        ],
        [draft for draft in drafts.places if draft.code not in places],
        [
            (place, draft)
            for draft in drafts.places
            if (place := places.get(draft.code)) is not None
            and _place_differs(place, draft, old.get(place.pk, []))
        ],
        list(gone.exclude(code__in=places.keys())),
        old,
    )


def _joined(old: Iterable[Former], told: Iterable[Former]) -> list[Former]:
    """Return old names with those a list tells: its years count, and no name is lost."""
    by_name = {former.name: former for former in old}
    by_name |= {former.name: former for former in told}
    return sorted(by_name.values(), key=lambda former: former.name)


def _area_differs(area: Area, draft: AreaDraft, old: list[Former]) -> bool:
    point = draft.lat is not None and not draft.boundary and (area.lat, area.lon) != (draft.lat, draft.lon)
    return (
        area.name != draft.name
        or bool(set(draft.aliases) - set(area.aliases))
        or (draft.boundary is not None and area.boundary != draft.boundary)
        or (point and area.boundary is None)
        or _joined(old, draft.old_names) != _joined(old, ())
    )


def _place_differs(place: Place, draft: PlaceDraft, old: list[Former]) -> bool:
    stands = (place.kind, place.name, place.aliases, place.area.code, place.lat, place.lon, place.source)
    told = (draft.kind, draft.name, list(draft.aliases), draft.area, draft.lat, draft.lon, draft.source)
    return stands != told or place.retired_at is not None or _joined(old, draft.old_names) != _joined(old, ())


def _change_area(
    area: Area, draft: AreaDraft, old: list[Former], source: str, *, by: Actor, at: datetime
) -> None:
    facts: list[AreaRenamed | BoundaryChanged] = []
    told = list(draft.old_names)
    if area.name != draft.name:
        facts.append(AreaRenamed(code=area.code, name=draft.name, before=area.name))
        told.append(Former(area.name, None, timezone.localdate(at).year))
        area.name, area.pinyin, area.initials = (
            draft.name,
            pinyin(draft.name)[:300],
            initials(draft.name)[:60],
        )
    if draft.boundary is not None and area.boundary != draft.boundary:
        facts.append(BoundaryChanged(code=area.code, remark=source))
        area.boundary = dict(draft.boundary)
    if draft.lat is not None and (draft.boundary is not None or area.boundary is None):
        area.lat, area.lon = draft.lat, draft.lon
    area.aliases = list(dict.fromkeys([*area.aliases, *draft.aliases]))
    if facts:
        record(area, *facts, district=area.path[:6], by=by, at=at)
    area.save()
    set_old_names({area: _joined(old, told)})


def _write_places(change: _Change, at: datetime) -> None:
    year = timezone.localdate(at).year
    drafts: list[PlaceDraft] = [*change.new_places]
    for place, draft in change.changed_places:
        renamed: Sequence[Former] = [Former(place.name, None, year)] if place.name != draft.name else []
        told = _joined(change.old.get(place.pk, []), [*renamed, *draft.old_names])
        drafts.append(replace(draft, old_names=tuple(one for one in told if one.name != draft.name)))
    if drafts:
        name_places(drafts)
    if change.gone:
        Place.objects.filter(pk__in=[place.pk for place in change.gone]).update(retired_at=at)
