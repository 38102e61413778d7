"""The areas a list of places stands on: those that stand today, and those the list itself draws."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from huying.kit.errors import Refusal
from huying.places import reasons
from huying.places.core.geometry import AreaIndex
from huying.places.models import Area, AreaLevel
from huying.places.queries import Told, locate_all

if TYPE_CHECKING:
    from huying.places.actions import AreaDraft
    from huying.places.core.shapes import Shape


@dataclass(frozen=True)
class _Spot:
    code: str
    name: str
    level: str
    rank: int
    path: str
    boundary: dict[str, Any] | None


class Ground:
    """Finds the area something lies in, by code, by name, by point, by address."""

    def __init__(self) -> None:
        self.levels = {level.key: level for level in AreaLevel.objects.order_by("rank")}
        self._spots: dict[str, _Spot] = {}
        self._named: dict[str, set[str]] = defaultdict(set)
        self._index: AreaIndex | None = None
        for area in Area.objects.filter(valid_until=None).order_by("path"):
            rank = self.levels[area.level_id].rank
            self._put(
                _Spot(area.code, area.name, area.level_id, rank, area.path, area.boundary), *area.aliases
            )

    def _put(self, spot: _Spot, *aliases: str) -> None:
        self._spots[spot.code] = spot
        for name in (spot.name, *aliases):
            self._named[name].add(spot.code)
        self._index = None

    def add(self, draft: AreaDraft) -> None:
        """Let what the list draws count as standing."""
        before = self._spots.get(draft.code)
        above = self._spots.get(draft.parent or "")
        path = before.path if before else f"{above.path}/{draft.code}" if above else draft.code
        boundary = dict(draft.boundary) if draft.boundary else before.boundary if before else None
        rank = self.levels[draft.level].rank
        self._put(_Spot(draft.code, draft.name, draft.level, rank, path, boundary), *draft.aliases)

    def is_area(self, code: str) -> bool:
        """Return whether an area has this code."""
        return code in self._spots

    def level_called(self, word: str) -> str | None:
        """Return the key of the level with this key or name."""
        folded = word.casefold()
        for level in self.levels.values():
            if folded in {level.key.casefold(), level.name.casefold(), level.name_en.casefold()}:
                return level.key
        return None

    def parent_of(self, code: str, level: str, area: str, shape: Shape) -> str | None:
        """Return the code of the area a new one lies in, None for the first of all.

        It is the one named; else the one its code begins with; else the finest wider one around its point.
        An area that stands stays where it is: Refusal `area_elsewhere` or `level_changed` for a list that
        differs.
        """
        rank, stands = self.levels[level].rank, self._spots.get(code)
        if stands is not None and stands.level != level:
            raise Refusal(reasons.LEVEL_CHANGED, code=code)
        named = self._called(area) if area else None
        if stands is not None:
            above = stands.path.split("/")[-2] if "/" in stands.path else None
            if named is not None and named.code not in stands.path.split("/")[:-1]:
                raise Refusal(reasons.AREA_ELSEWHERE, code=code, parent=above or "—")
            return above
        found = named or self._by_prefix(code, rank) or self._at(shape, finer_than=rank)
        if found is None and self._spots:
            raise Refusal(reasons.AREA_NOT_TOLD)
        if found is not None and found.rank >= rank:
            raise Refusal(reasons.PARENT_NOT_WIDER)
        return found.code if found else None

    def area_of(self, area: str, shape: Shape, address: str) -> tuple[str, Refusal | None]:
        """Return the code of the finest area a place lies in, and what is odd about it, if anything.

        The area named and the point go together: inside the one named the point says which finer one. A point
        outside the town is refused, for then its coordinate system is probably not what was said.
        """
        named = self._called(area) if area else None
        here = self._at(shape)
        if here is None and shape.lat is not None and len(self._indexed()):
            raise Refusal(reasons.POINT_OUTSIDE)
        if named is not None and here is not None:
            if f"{here.path}/".startswith(f"{named.path}/"):
                return here.code, None
            if not f"{named.path}/".startswith(f"{here.path}/"):
                return named.code, Refusal(reasons.POINT_ELSEWHERE, there=here.name, here=named.name)
        found = named or here or self._by_address(address)
        if found is None:
            raise Refusal(reasons.AREA_NOT_TOLD)
        return found.code, None

    def _called(self, words: str) -> _Spot:
        spot = self._spots.get(words)
        if spot is not None:
            return spot
        codes = self._named.get(words, set())
        if len(codes) > 1:
            raise Refusal(reasons.AREA_NAME_TWICE, area=words[:40])
        if not codes:
            raise Refusal(reasons.AREA_NOT_FOUND, area=words[:40])
        return self._spots[next(iter(codes))]

    def _by_prefix(self, code: str, rank: int) -> _Spot | None:
        for end in range(len(code) - 1, 0, -1):
            spot = self._spots.get(code[:end])
            if spot is not None and spot.rank < rank:
                return spot
        return None

    def _indexed(self) -> AreaIndex:
        if self._index is None:
            drawn = [spot for spot in self._spots.values() if spot.boundary]
            self._index = AreaIndex([(spot.code, spot.rank, spot.boundary or {}) for spot in drawn])
        return self._index

    def _at(self, shape: Shape, finer_than: int | None = None) -> _Spot | None:
        if shape.lat is None or shape.lon is None:
            return None
        found = [self._spots[code] for code in self._indexed().locate(shape.lat, shape.lon)]
        return next((spot for spot in found if finer_than is None or spot.rank < finer_than), None)

    def _by_address(self, address: str) -> _Spot | None:
        if not address:
            return None
        where = locate_all([Told(None, None, address, "")])[0]
        return self._spots.get(where.area_code) if where.sure else None
