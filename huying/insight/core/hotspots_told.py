"""What hot spots are found from and what is told of them: tellings in, hot spots out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from .hotspots_evidence import Said

Stage: TypeAlias = Literal["early", "rising", "hot", "cooling", "resolved", "returned"]


@dataclass(frozen=True, slots=True)
class Telling:
    """One appeal, report or message as it was told.

    `at` may be naive and is then read as UTC. `lat`, `lon`: WGS-84 degrees, both or neither. `likes` are "me
    too" of others. `appellant` tells voices apart (a pseudonym will do); empty means nobody knows, and each
    such telling is a voice of its own. `place_codes` are codes or names of resolved places, widest first.
    """

    id: str
    title: str
    text: str
    at: datetime
    lat: float | None = None
    lon: float | None = None
    likes: int = 0
    appellant: str = ""
    category: str = ""
    place_codes: tuple[str, ...] = ()

    @property
    def moment(self) -> datetime:
        """When it was told, aware."""
        return self.at if self.at.tzinfo else self.at.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class HotSpot:
    """One matter (same place or object, same cause) that draws more appeals than expected.

    `id` hangs on the earliest member alone and stays while the matter grows. `heat` is 0 to 100: how much
    more than its own baseline and its peers speaks of it, each person once. `growth` compares the voices of
    its last four weeks with the four before (0.5: half as many again). `members` are ids of the input, in
    the order they were told. `evidence` is English; `said` holds the same for doors that translate.
    """

    id: str
    title: str
    place: str
    category: str
    first_at: datetime
    last_at: datetime
    count: int
    appellants: int
    heat: float
    growth: float
    stage: Stage
    members: tuple[str, ...]
    evidence: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()
    weeks: tuple[int, ...] = field(default=())
    """Tellings in each week from `first_at` on."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How alike tellings must be to be one matter, and how many hot spots are told.

    The cuts were chosen on half of our own labelled matters and measured on the other half (ADR 38).
    """

    join: float = 0.36
    """Groups join while the agreement of their pairs (see `hotspots_groups`) is at least this."""
    belong: float = 0.52
    """A telling belongs to the matter it has most affinity to, if that is at least this."""
    merge: float = 0.6
    """Two matters whose profiles have at least this affinity are one."""
    reach_metres: float = 60.0
    """Two points further apart than twice this have no place in common."""
    least_members: int = 3
    """Fewer tellings are no matter yet."""
    most: int = 1000
    """How many hot spots are told at most, hottest first."""


DEFAULT: Final = Settings()
