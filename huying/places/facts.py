"""What happens to areas, as facts."""

from __future__ import annotations

from dataclasses import dataclass

from huying.ledger.chain import FactBody


@dataclass(frozen=True)
class AreaDrawn(FactBody):
    """An area came into being."""

    code: str
    name: str
    level: str
    parent: str


@dataclass(frozen=True)
class AreasMerged(FactBody):
    """An area ended; what it covered is part of its successor from that day on."""

    code: str
    successors: list[str]
    on: str


@dataclass(frozen=True)
class BoundaryChanged(FactBody):
    """An area was given another boundary."""

    code: str
    remark: str


@dataclass(frozen=True)
class AreaRenamed(FactBody):
    """An area is called something else; its name until now stays among its old names."""

    code: str
    name: str
    before: str


@dataclass(frozen=True)
class GazetteerLoaded(FactBody):
    """A town's own list of areas and places was taken in; told on the widest area, and only if it changed."""

    source: str
    areas_new: int
    areas_changed: int
    places_new: int
    places_changed: int
    places_retired: int
