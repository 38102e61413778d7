"""Earlier appeals about perhaps the same matter: fetched by place, time and what is wrong, then compared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from math import cos, floor, radians
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

from pydantic_core import to_json

from huying.kit.writes import prepared
from huying.places.core.coordinates import METRES_PER_DEGREE
from huying.triage.core.concepts import concepts_of, wrongs_mask
from huying.triage.core.signature import Signature
from huying.triage.core.twins import DEFAULT_POLICY, TwinInput, find_twins, find_twins_many, worth_a_look

if TYPE_CHECKING:
    from collections.abc import Sequence

    from huying.places.queries import Where

# Squares a little larger than the policy's distance: what is near lies in the square or one beside it.
CELL_DEGREES = 0.0016
NO_AREA = "-"
MOST_A_CELL, MOST_AN_AREA = 40, 120
# Of a square many write about, no more than so many of the latest are looked at.
MOST_WALKED = 400

# Two appeals with points are near each other or no twins: squares are asked for points within the policy's
# distance only, and the area only for what has no point. Of these only what is of the same group of items or
# shares a wrong is fetched: the rest would be refused. Each part has an index of its own.
MARK = """t.appeal_id, t.item_code, t.item_group, t.lat, t.lon, t.area_path, t.at, t.signature, t.concepts,
            t.wrongs"""
RELATED = "(w.item_group = q.item_group OR w.wrongs & q.wrongs <> 0)"
SEARCH = f"""
SELECT q.n, m.appeal_id::text, m.item_code, m.item_group, m.lat, m.lon, m.area_path,
    extract(epoch FROM m.at)::float8, m.signature, m.concepts
FROM jsonb_to_recordset(%s::jsonb) AS q(n int, item_group text, wrongs int8, cell text, area text,
    south float8, north float8, west float8, east float8)
CROSS JOIN LATERAL (
    (SELECT w.* FROM (
        SELECT {MARK} FROM triage_twinmark t
        WHERE t.cell = q.cell AND t.at BETWEEN %s AND %s ORDER BY t.at DESC LIMIT {MOST_WALKED}) AS w
     WHERE w.lat BETWEEN q.south AND q.north AND w.lon BETWEEN q.west AND q.east AND {RELATED}
     LIMIT {MOST_A_CELL})
    UNION ALL
    (SELECT w.* FROM (
        SELECT {MARK} FROM triage_twinmark t
        WHERE q.south IS NULL AND t.area_key = q.area AND t.at BETWEEN %s AND %s
        ORDER BY t.at DESC LIMIT {MOST_WALKED}) AS w
     WHERE {RELATED} LIMIT {MOST_AN_AREA})
    UNION ALL
    (SELECT w.* FROM (
        SELECT {MARK} FROM triage_twinmark t
        WHERE q.south IS NOT NULL AND t.lat IS NULL AND t.area_key = q.area AND t.at BETWEEN %s AND %s
        ORDER BY t.at DESC LIMIT {MOST_WALKED}) AS w
     WHERE {RELATED} LIMIT {MOST_AN_AREA})
) AS m
"""  # noqa: S608 - only the constants above are put into the text


# What is read of a mark: id, item, group, latitude, longitude, area path, seconds, signature, concepts.
Mark: TypeAlias = "tuple[str, str, str, float | None, float | None, str, float, bytes, bytes]"


@dataclass(frozen=True)
class Neighbour:
    """An appeal as twins are looked for: what, where, when, the signature of its text and what it means."""

    appeal_id: UUID
    item_code: str
    item_group: str
    lat: float | None
    lon: float | None
    area_path: str
    at: datetime
    signature: Signature
    concepts: bytes = b""

    @classmethod
    def of(
        cls, appeal_id: UUID, text: str, item_code: str, item_group: str, where: Where, *, at: datetime
    ) -> Neighbour:
        """Return the neighbour an appeal is; the words that tell its place are left out of the matter."""
        matter = matter_of(text, where.said)
        return cls(
            appeal_id, item_code, item_group, where.lat, where.lon, where.area_path, at,
            Signature.of(matter), concepts_of(matter),
        )  # fmt: skip

    @property
    def area_key(self) -> str:
        """Return the path down to the grid, or a dash where the place is not known that finely."""
        codes = self.area_path.split("/")
        depth = DEFAULT_POLICY.area_depth
        return "/".join(codes[:depth]) if len(codes) >= depth else NO_AREA

    def row(self) -> dict[str, Any]:
        """Return the mark's row."""
        return {
            "appeal_id": self.appeal_id,
            "item_group": self.item_group,
            "item_code": self.item_code,
            "cell": cell_of(self.lat, self.lon),
            "area_key": self.area_key,
            "lat": self.lat,
            "lon": self.lon,
            "area_path": self.area_path,
            "signature": self.signature.to_bytes(),
            "concepts": self.concepts,
            "wrongs": wrongs_mask(self.concepts),
            "at": self.at,
        }

    def lookups(self) -> list[dict[str, Any]]:
        """Return where to look: the squares around the point, and the area for those without a point."""
        matter = {"item_group": self.item_group, "wrongs": wrongs_mask(self.concepts)}
        area = {**matter, "area": self.area_key}
        if self.lat is None or self.lon is None:
            return [area]
        north = DEFAULT_POLICY.within_metres / METRES_PER_DEGREE
        east = north / max(cos(radians(self.lat)), 0.01)
        box = {
            "south": self.lat - north,
            "north": self.lat + north,
            "west": self.lon - east,
            "east": self.lon + east,
        }
        squares = [{**matter, "cell": cell, **box} for cell in _cells_of(**box)]
        return squares if self.area_key == NO_AREA else [*squares, {**area, **box}]

    def as_input(self) -> TwinInput:
        """Return what the plain comparison takes."""
        return TwinInput(
            id=str(self.appeal_id),
            item_code=self.item_code or None,
            level2=self.item_group or None,
            lat=self.lat,
            lon=self.lon,
            area_path=tuple(self.area_path.split("/")),
            at=self.at,
            signature=self.signature,
            concepts=self.concepts,
        )


def matter_of(text: str, said: Sequence[str]) -> str:
    """Return a text without the pieces that tell its place: neighbours share those whatever they write of."""
    for piece in said:
        if len(piece) > 1:
            text = text.replace(piece, " ")
    return text


def cell_of(lat: float | None, lon: float | None) -> str:
    """Return the name of the square a point lies in; empty without a point."""
    if lat is None or lon is None:
        return ""
    return f"{floor(lat / CELL_DEGREES)}:{floor(lon / CELL_DEGREES)}"


def _cells_of(south: float, north: float, west: float, east: float) -> list[str]:
    """Return the names of the squares a box touches: few, for a box is hardly wider than a square."""
    rows = range(floor(south / CELL_DEGREES), floor(north / CELL_DEGREES) + 1)
    columns = range(floor(west / CELL_DEGREES), floor(east / CELL_DEGREES) + 1)
    return [f"{row}:{column}" for row in rows for column in columns]


def find_neighbours(
    fresh: Sequence[Neighbour], *, at: datetime
) -> list[tuple[Neighbour, list[tuple[UUID, float, tuple[str, ...]]]]]:
    """Return each fresh appeal with those it may be a twin of: (earlier appeal, score, reasons), best first.

    Earlier ones are those in the database and those before it in the same batch.
    """
    stored = _stored(fresh, at=at)
    together = find_twins_many([one.as_input() for one in fresh]) if len(fresh) > 1 else {}
    found: list[tuple[Neighbour, list[tuple[UUID, float, tuple[str, ...]]]]] = []
    for number, one in enumerate(fresh):
        suspects = find_twins(one.as_input(), stored.get(number, []))
        best = sorted(
            [*suspects, *together.get(str(one.appeal_id), [])],
            key=lambda suspect: (-suspect.score, suspect.id),
        )
        found.append((one, [(UUID(s.id), s.score, tuple(s.reasons)) for s in best[: DEFAULT_POLICY.limit]]))
    return found


def _stored(fresh: Sequence[Neighbour], *, at: datetime) -> dict[int, list[TwinInput]]:
    """Return the marks of the database around each fresh appeal, all in one statement."""
    asked = [{"n": number, **lookup} for number, one in enumerate(fresh) for lookup in one.lookups()]
    if not asked:
        return {}
    since, until = at - DEFAULT_POLICY.window, at
    around: dict[int, dict[str, Mark]] = {}
    moments = (since, until) * 3
    for number, *mark in prepared(SEARCH, (to_json(asked).decode(), *moments), binary=True):
        around.setdefault(number, {})[mark[0]] = tuple(mark)
    return {number: _alike(fresh[number], list(marks.values())) for number, marks in around.items()}


def _alike(one: Neighbour, marks: Sequence[Mark]) -> list[TwinInput]:
    """Return those of the marks that are worth comparing, as the plain comparison takes them."""
    found = []
    for place in worth_a_look(one.signature, one.concepts, [mark[-2:] for mark in marks]):
        appeal, item, group, lat, lon, path, seconds, signature, concepts = marks[place]
        found.append(
            TwinInput(
                id=appeal,
                item_code=item or None,
                level2=group or None,
                lat=lat,
                lon=lon,
                area_path=tuple(path.split("/")),
                at=datetime.fromtimestamp(seconds, UTC),
                signature=Signature.from_bytes(signature),
                concepts=concepts,
            )
        )
    return found
