"""What the gazetteer is made of and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["area", "estate", "building", "road", "facility"]

# How a piece of the text was recognised, the surest first; `part` and `near` are no names by themselves.
What: TypeAlias = Literal[
    "name",  # the name in full
    "alias",  # an alias in full
    "former",  # a name it had before, in full
    "short",  # the name without its generic ending: 马峦 for 马峦街道
    "stem",  # the name without an ending that belongs to it: 映溪 for 映溪花园
    "homophone",  # other characters with the same sound
    "near_homophone",  # other characters with a sound that is easily mixed up
    "pinyin",  # the name, or the part before its ending, in pinyin
    "initials",  # the first letters of its pinyin
    "slip",  # one character of the ending is written differently
    "fuzzy",  # a character more, less or different
    "part",  # a building, unit, floor, room or door number
    "near",  # a word that says beside, not in: 对面, 旁边
]

Reason: TypeAlias = Literal[
    "exact_name",
    "alias",
    "former_name",
    "short_name",
    "stem_only",
    "homophone",
    "near_homophone",
    "pinyin",
    "initials",
    "slip",
    "fuzzy",
    "short_word",  # two characters only, which may be a word like any other
    "inside_longer_name",  # the name goes on to name something else: 沙坣小学
    "part_follows",  # a building or door number stands right behind it
    "part_nearby",  # a building number stands in the same sentence
    "building_known",  # the building itself is in the gazetteer
    "building_unknown",  # the estate has listed buildings, this is none of them
    "several_buildings",  # so the estate is meant, not one of them
    "road_without_number",
    "parent_agrees",  # an area it lies in is named too
    "parent_missing",  # no area it lies in is named or hinted at
    "place_contradicts",  # right behind the area a place is named that does not lie in it
    "parent_contradicts",  # right before it an area is named, not its own
    "other_area_named",  # elsewhere an area is named, not its own
    "unknown_area_named",  # right before it an area is named that is not in the gazetteer
    "hint_agrees",
    "hint_disagrees",
    "named_late",  # far behind the beginning of the text
    "repeated",
    "background",  # where somebody lives or came from, said on the way to another place
    "relative",  # the text says beside or opposite
    "landmark",  # … and goes on to the place itself: 月桥中学旁边的月桥路
    "ambiguous",  # the same words name several entries
    "several_places",  # the text names several places
]


@dataclass(frozen=True, slots=True)
class Entry:
    """One named place of a gazetteer.

    `rank` orders areas: a greater rank is finer. `parent` is the id of the area or estate it lies in.
    A building may be named in full (映溪花园3栋) or, with its estate as parent, by its number (3栋).
    `code` is the town's own key, searched by `Gazetteer.search` only; `former` are names it had before.
    """

    id: str
    kind: Kind
    rank: int
    name: str
    aliases: tuple[str, ...] = ()
    parent: str | None = None
    lat: float | None = None
    lon: float | None = None
    code: str = ""
    former: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """A piece `[start, end)` of the text as it was written, what it is, and the entry it speaks of."""

    start: int
    end: int
    what: What
    entry: str | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """The numbered parts of an address, folded: 2期, 3巷, 12号, 3栋, 2单元, 5层, 501室; or empty."""

    phase: str = ""
    lane: str = ""
    door: str = ""
    building: str = ""
    unit: str = ""
    floor: str = ""
    room: str = ""

    def __bool__(self) -> bool:
        return any((self.phase, self.lane, self.door, self.building, self.unit, self.floor, self.room))

    def __str__(self) -> str:
        return self.building_key + self.unit + self.floor + self.room

    @property
    def names_a_home(self) -> bool:
        """Whether more is said than a door number, phase or floor, which may be a date or a count."""
        return any((self.lane, self.building, self.unit, self.room))

    @property
    def building_key(self) -> str:
        """The parts that tell one building of an estate or village from another."""
        return self.phase + self.lane + self.door + self.building


@dataclass(frozen=True, slots=True)
class Match:
    """The place a text speaks of, how sure that is, and why.

    `entry` is `None` when no place was recognised; then the confidence is 0. `area` is the finest area that
    holds the whole of it: itself when it is an area, the cell of its building when a number tells it, and for
    an estate with buildings in several grids the area around them all. `common_area` is the finest area that
    also holds every rival reading, so a sure answer to "roughly where" when the rest is in doubt.
    `confidence` (0 to 1) says how likely the entry is the place spoken of; its table of weights is
    `huying.places.core.weights.WEIGHTS`. `common_confidence` says how likely it lies in the common area: more
    than that, since beside a school is in the school's community, and so are both ends of "between".
    `alternatives` are the next best readings, without their own.
    """

    entry: str | None
    kind: Kind | None
    area: str | None
    common_area: str | None
    confidence: float
    parts: Parts
    reasons: tuple[Reason, ...]
    spans: tuple[Span, ...]
    alternatives: tuple[Match, ...] = ()
    common_confidence: float = 0.0

    @property
    def found(self) -> bool:
        """Whether any place was recognised."""
        return self.entry is not None


NO_MATCH = Match(
    entry=None, kind=None, area=None, common_area=None, confidence=0.0, parts=Parts(), reasons=(), spans=()
)
