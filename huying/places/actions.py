"""Every write to places: drawing areas, naming places, merging grids with their history kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from shapely import union_all

from huying.kit.errors import Refusal
from huying.ledger.actions import record
from huying.ledger.snapshots import announce
from huying.places import reasons
from huying.places.core.boundaries import read_boundaries
from huying.places.core.chinese import initials, pinyin
from huying.places.core.codes import CodeKind, check, next_code
from huying.places.core.geometry import as_area, inside_point, to_geojson
from huying.places.facts import AreaDrawn, AreasMerged, BoundaryChanged
from huying.places.models import Area, AreaLevel, OldName, Place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from huying.ledger.actor import Actor

PLACES = "places"
BOUNDARY_DECIMALS = 6  # about a decimetre

# The levels a new town starts with; edited as data afterwards.
STARTER_LEVELS = (
    ("district", 0, "区", "District"),
    ("street", 1, "街道", "Street"),
    ("community", 2, "社区", "Community"),
    ("block", 3, "街区", "Block"),
    ("grid", 4, "网格", "Grid"),
    ("cell", 5, "楼栋格", "Building cell"),
    ("building", 6, "楼栋", "Building"),
)
# Levels whose codes follow a standard are checked; the rest carry the town's own codes.
CODE_KINDS = {
    "district": CodeKind.REGION,
    "street": CodeKind.STREET,
    "community": CodeKind.COMMUNITY,
    "grid": CodeKind.GRID,
}


def set_levels(levels: Sequence[tuple[str, int, str, str]] = STARTER_LEVELS) -> None:
    """Write the levels of the area tree: (key, rank, name, English name), widest rank 0."""
    for key, rank, name, name_en in levels:
        AreaLevel.objects.update_or_create(key=key, defaults={"rank": rank, "name": name, "name_en": name_en})


@dataclass(frozen=True)
class Former:
    """A name something had before, with the years it was in use, as far as they are known."""

    name: str
    used_from: int | None = None
    used_until: int | None = None


@dataclass(frozen=True)
class AreaDraft:
    """An area to be drawn. `parent` is a code; `boundary` a GeoJSON geometry in WGS-84, or None."""

    code: str
    level: str
    name: str
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    boundary: Mapping[str, Any] | None = None
    lat: float | None = None
    lon: float | None = None
    old_names: tuple[Former, ...] = ()


def draw_areas(drafts: Sequence[AreaDraft], *, valid_from: date, by: Actor, at: datetime) -> list[Area]:
    """Write areas, parents before children; all or none. Refusal names what is wrong with which code."""
    with transaction.atomic():
        levels = {level.key: level for level in AreaLevel.objects.all()}
        known = {area.code: area for area in Area.objects.filter(valid_until=None).select_related("level")}
        drawn = []
        for draft in drafts:
            area = _new_area(draft, levels, known, valid_from)
            fact = AreaDrawn(code=area.code, name=area.name, level=area.level_id, parent=draft.parent or "")
            record(area, fact, district=area.path[:6], by=by, at=at)
            known[area.code] = area
            drawn.append(area)
        try:
            with transaction.atomic():
                Area.objects.bulk_create(drawn, batch_size=500)
        except IntegrityError as error:
            raise Refusal(reasons.CODE_TAKEN, code=_code_in(error)) from error
        set_old_names({area: draft.old_names for area, draft in zip(drawn, drafts, strict=True)})
        announce(PLACES)
        return drawn


def _code_in(error: IntegrityError) -> str:
    detail = getattr(getattr(error.__cause__, "diag", None), "message_detail", "") or ""
    return detail.partition("=(")[2].partition(",")[0]


def _new_area(
    draft: AreaDraft, levels: Mapping[str, AreaLevel], known: Mapping[str, Area], valid_from: date
) -> Area:
    level = levels.get(draft.level)
    if level is None:
        raise Refusal(reasons.LEVEL_UNKNOWN, level=draft.level)
    if draft.level in CODE_KINDS:
        check(draft.code, CODE_KINDS[draft.level])
    parent = known.get(draft.parent) if draft.parent else None
    if draft.parent and parent is None:
        raise Refusal(reasons.PARENT_UNKNOWN, parent=draft.parent)
    if parent is not None and parent.level.rank >= level.rank:
        raise Refusal(reasons.PARENT_NOT_WIDER)
    lat, lon = draft.lat, draft.lon
    if draft.boundary is not None and lat is None:
        point = inside_point(as_area(draft.boundary))
        lat, lon = point.lat, point.lon
    return Area(
        level=level,
        parent=parent,
        code=draft.code,
        name=draft.name,
        aliases=list(draft.aliases),
        pinyin=pinyin(draft.name)[:300],
        initials=initials(draft.name)[:60],
        path=f"{parent.path}/{draft.code}" if parent else draft.code,
        boundary=draft.boundary,
        lat=lat,
        lon=lon,
        valid_from=valid_from,
    )


@dataclass(frozen=True)
class PlaceDraft:
    """A named place. `area` is the code of the area it lies in."""

    code: str
    kind: str
    name: str
    area: str
    aliases: tuple[str, ...] = ()
    lat: float | None = None
    lon: float | None = None
    old_names: tuple[Former, ...] = ()
    source: str = ""


def set_old_names(names: Mapping[Area | Place, Sequence[Former]]) -> None:
    """Let areas and places have exactly these old names; the map is told by who calls this."""
    areas = [thing.pk for thing in names if isinstance(thing, Area)]
    places = [thing.pk for thing in names if isinstance(thing, Place)]
    OldName.objects.filter(Q(area__in=areas) | Q(place__in=places)).delete()
    OldName.objects.bulk_create(
        OldName(
            area=thing if isinstance(thing, Area) else None,
            place=thing if isinstance(thing, Place) else None,
            name=former.name,
            used_from=former.used_from,
            used_until=former.used_until,
        )
        for thing, old in names.items()
        for former in {one.name: one for one in old}.values()
    )


def name_places(drafts: Sequence[PlaceDraft]) -> int:
    """Write named places, replacing those with the same code; return how many."""
    with transaction.atomic():
        areas = dict(Area.objects.filter(valid_until=None).values_list("code", "pk"))
        rows = []
        for draft in drafts:
            if draft.area not in areas:
                raise Refusal(reasons.AREA_UNKNOWN, code=draft.area)
            rows.append(
                Place(
                    kind=draft.kind,
                    code=draft.code,
                    name=draft.name,
                    aliases=list(draft.aliases),
                    pinyin=pinyin(draft.name)[:400],
                    initials=initials(draft.name)[:80],
                    area_id=areas[draft.area],
                    lat=draft.lat,
                    lon=draft.lon,
                    source=draft.source,
                )
            )
        Place.objects.bulk_create(
            rows,
            batch_size=1000,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=[
                "kind", "name", "aliases", "pinyin", "initials", "area", "lat", "lon", "source", "retired_at",
            ],
        )  # fmt: skip
        written = Place.objects.in_bulk([draft.code for draft in drafts], field_name="code")
        set_old_names({written[draft.code]: draft.old_names for draft in drafts})
        announce(PLACES)
        return len(rows)


def import_boundaries(data: bytes, *, by: Actor, at: datetime) -> list[str]:
    """Give areas the boundaries of a GeoJSON file (feature property `code`); return remarks row by row."""
    file = read_boundaries(data, key_property="code")
    remarks = [f"{remark.row}: {remark}" for remark in file.remarks]
    with transaction.atomic():
        areas = {area.code: area for area in Area.objects.select_for_update().filter(valid_until=None)}
        for boundary in file.boundaries:
            area = areas.get(boundary.key)
            if area is None:
                remarks.append(str(Refusal(reasons.AREA_UNKNOWN, code=boundary.key)))
                continue
            area.boundary = to_geojson(boundary.area, BOUNDARY_DECIMALS)
            point = inside_point(boundary.area)
            area.lat, area.lon = point.lat, point.lon
            record(area, BoundaryChanged(code=area.code, remark=""), district=area.path[:6], by=by, at=at)
            area.save()
        announce(PLACES)
    return remarks


def merge_areas(codes: Sequence[str], *, name: str, on: date, by: Actor, at: datetime) -> Area:
    """Merge areas of one level and parent into a new one from day `on`; the old rows stay, ended that day.

    Old cases keep pointing at the old areas and codes. Places and finer areas move to the new one. Refusal
    `nothing_to_merge` or `merge_day_impossible` (in the future, or before one of them was there).
    """
    with transaction.atomic():
        old = list(
            Area.objects.select_for_update(of=("self",))
            .filter(code__in=codes, valid_until=None)
            .select_related("level", "parent")
            .order_by("code")
        )
        if len(old) != len(set(codes)) or len(old) < 2 or len({(a.level_id, a.parent_id) for a in old}) > 1:  # noqa: PLR2004 - merging takes two
            raise Refusal(reasons.NOTHING_TO_MERGE)
        # What lies in the old areas moves at once, so the new one must be there today.
        if on > timezone.localdate(at) or any(area.valid_from >= on for area in old):
            raise Refusal(reasons.MERGE_DAY_IMPOSSIBLE, field="on")
        first = old[0]
        merged = Area(
            level=first.level,
            parent=first.parent,
            code=_successor_code(first),
            name=name,
            pinyin=pinyin(name)[:300],
            initials=initials(name)[:60],
            path="",
            valid_from=on,
            aliases=sorted({alias for area in old for alias in (area.name, *area.aliases)}),
        )
        merged.path = f"{first.parent.path}/{merged.code}" if first.parent else merged.code
        _unite(merged, old)
        record(
            merged,
            AreaDrawn(merged.code, name, first.level_id, first.parent.code if first.parent else ""),
            district=merged.path[:6],
            by=by,
            at=at,
        )
        merged.save()
        for area in old:
            _end(area, merged, on=on, by=by, at=at)
        announce(PLACES)
        return merged


def _successor_code(area: Area) -> str:
    """Return a code never used before: a grid's next in its community, else the old code with a number."""
    used = set(Area.objects.filter(code__startswith=area.code[:12]).values_list("code", flat=True))
    if area.level_id == "grid":
        return str(next_code(area.code[:12], {code for code in used if len(code) == 15}))  # noqa: PLR2004 - GB/T 30428.1: 15 digits
    number = 1
    while f"{area.code}-{number}" in used:
        number += 1
    return f"{area.code}-{number}"


def _unite(merged: Area, old: Sequence[Area]) -> None:
    shapes = [as_area(area.boundary) for area in old if area.boundary]
    if shapes:
        whole = as_area(union_all(shapes))
        merged.boundary = to_geojson(whole, BOUNDARY_DECIMALS)
        point = inside_point(whole)
        merged.lat, merged.lon = point.lat, point.lon


def _end(area: Area, successor: Area, *, on: date, by: Actor, at: datetime) -> None:
    area.valid_until = on
    fact = AreasMerged(code=area.code, successors=[successor.code], on=on.isoformat())
    record(area, fact, district=area.path[:6], by=by, at=at)
    area.save()
    area.successors.add(successor)
    Place.objects.filter(area=area).update(area=successor)
    below = Area.objects.filter(path__startswith=f"{area.path}/", valid_until=None)
    for child in below.select_for_update():
        child.path = successor.path + child.path.removeprefix(area.path)
        if child.parent_id == area.pk:
            child.parent = successor
        child.save(update_fields=["path", "parent"])
