"""Weighs what speaks for and against each reading of a text; every weight has a name, see `weights`."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from huying.places.core.endings import BACKGROUND, BACKGROUND_BEHIND, level_ending, unknown_area_before
from huying.places.core.entries import Parts
from huying.places.core.parts import FoundParts, buildings_between, goes_on_with_buildings
from huying.places.core.weights import WEIGHTS, WHEREABOUTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from huying.places.core.entries import Reason, What
    from huying.places.core.lexicon import Lexicon
    from huying.places.core.mentions import Meaning, Mention

_WHOLE: Final = frozenset({"name", "alias", "former"})
_FIRST_REASON: Final[dict[What, Reason]] = {
    "name": "exact_name",
    "alias": "alias",
    "former": "former_name",
    "short": "short_name",
    "stem": "stem_only",
    "homophone": "homophone",
    "near_homophone": "near_homophone",
    "pinyin": "pinyin",
    "initials": "initials",
    "slip": "slip",
    "fuzzy": "fuzzy",
}
# What a mention's own doubts leave of its word for or against others.
_VOICE: Final[dict[What, float]] = {
    "name": 1.0,
    "alias": 1.0,
    "former": 0.8,
    "short": 0.8,
    "stem": 0.3,
    "homophone": 0.7,
    "near_homophone": 0.5,
    "pinyin": 0.7,
    "initials": 0.3,
    "slip": 0.7,
    "fuzzy": 0.5,
}
# Logits lost when none of the name's characters is the same, in proportion when some are; and when the name
# without its ending has two characters, as many words sound like two characters.
_SLOPE: Final[dict[What, float]] = {"homophone": 1.0, "near_homophone": 1.6, "fuzzy": 3.0}
_SHORT_STEM_LOGITS = 0.5
# Of the written addresses that were built with, areas are right more often than entries by about this.
_AREA_SLOPE = 1.6
_LEAST_ROAD = 3
_SHORT_ROAD_LOGITS = 0.7
# A name in full or an alias of two characters is doubted less than a shortened one.
_SHORT_NAME_SHARE = 0.75
_ENDED_NAME_SHARE = 0.5  # of two characters the second is 路, 村 or the like
_WEAK_PARTS_SHARE = 0.25
_MOST_AGREEING = 3
_MOST_OTHERS = 2
_MOST_REPEATED = 2
_RUN_GAP = frozenset(",-的之内里靠近临邻")
_LONGEST_RUN_GAP = 2
_NEARBY_CHARACTERS = 20
_LATE_CHARACTERS = 200
_TIE_LOGITS = 0.3


@dataclass(slots=True)
class Reading:
    """One entry as the place of the text: the sum of its weights and their names.

    `base` is the estate when `row` is one of its buildings, else `row` itself.
    """

    row: int
    base: int
    mention: int
    score: float = 0.0
    whereabouts: float = 0.0  # what is to be added to the score when only the area is asked for
    reasons: list[Reason] = field(default_factory=list)
    parts: Parts = field(default_factory=Parts)
    found_parts: FoundParts | None = None
    cell: int | None = None  # the building cell the number tells

    def weigh(self, reason: Reason, times: float = 1.0) -> None:
        """Count a reason in, once by name, with its weight."""
        self.score += WEIGHTS[reason] * times
        self.whereabouts -= WEIGHTS[reason] * times * (1 - WHEREABOUTS.get(reason, 1.0))
        if reason not in self.reasons:
            self.reasons.append(reason)

    @property
    def likelihood(self) -> float:
        """How likely the reading is when no other reading competes."""
        return 1 / (1 + math.exp(-self.score))

    @property
    def area_likelihood(self) -> float:
        """How likely the reading's area is right when no other reading competes."""
        return 1 / (1 + math.exp(-_AREA_SLOPE * (self.score + self.whereabouts)))


class Scales:
    """Weighs all readings of one text."""

    def __init__(self, lexicon: Lexicon, folded: str, mentions: Sequence[Mention], hint: int | None) -> None:
        self._lexicon = lexicon
        self._folded = folded
        self._mentions = mentions
        self._hint = hint
        self._runs = self._find_runs()
        self._is_background = self._find_background()
        self._unknown_levels = [self._unknown_level(at) for at in range(len(mentions))]
        self._times: dict[int, int] = {}
        for mention in mentions:
            for meaning in mention.meanings:
                self._times[meaning.entry] = self._times.get(meaning.entry, 0) + 1

    def _find_background(self) -> list[bool]:
        """Tell of each mention whether it only says where somebody is from, while others say where it is."""
        marks = [
            BACKGROUND.search(self._folded[max(0, mention.start - 8) : mention.start]) is not None
            or BACKGROUND_BEHIND.match(self._folded, mention.end) is not None
            for mention in self._mentions
        ]
        ends = {self._runs[at] for at, mark in enumerate(marks) if mark}
        marks = [self._runs[at] in ends for at in range(len(marks))]
        return marks if not all(marks) else [False] * len(marks)

    def readings(self) -> list[Reading]:
        """Return the best reading for every entry spoken of, in order of the text."""
        best: dict[int, Reading] = {}
        for at in range(len(self._mentions)):
            for reading in self._without_nested(self._readings_of(at)):
                known = best.get(reading.row)
                if known is None or reading.score > known.score:
                    best[reading.row] = reading
        return sorted(best.values(), key=lambda reading: (reading.mention, self._id(reading)))

    def related(self, first: Reading, second: Reading) -> bool:
        """Tell whether one of two readings lies in the other, so that both can be true."""
        return self.covers(first, second) or self.covers(second, first)

    def covers(self, outer: Reading, inner: Reading) -> bool:
        """Tell whether `inner` is the same place as `outer` or lies in it."""
        within = self._lexicon.within
        return within(inner.row, outer.row) or within(inner.base, outer.row)

    def same_run(self, first: Reading, second: Reading) -> bool:
        """Tell whether two readings are of names that follow each other like one address."""
        return self._runs[first.mention] == self._runs[second.mention]

    def _id(self, reading: Reading) -> str:
        return self._lexicon.entries[reading.row].id

    def _readings_of(self, at: int) -> list[Reading]:
        return [self._reading(at, meaning) for meaning in self._mentions[at].meanings]

    def _without_nested(self, readings: list[Reading]) -> list[Reading]:
        """Drop readings of one word that lie in an equally good one: 云坪 is the community only."""
        return [
            reading
            for reading in readings
            if not any(
                other is not reading
                and other.row in self._lexicon.chain_sets[reading.row]
                and other.score >= reading.score - _TIE_LOGITS
                for other in readings
            )
        ]

    def _reading(self, at: int, meaning: Meaning) -> Reading:
        mention, row = self._mentions[at], meaning.entry
        reading = Reading(row=row, base=row, mention=at)
        reading.weigh(_FIRST_REASON[meaning.what])
        if meaning.what in _SLOPE:
            reading.score -= _SLOPE[meaning.what] * (1 - mention.likeness)
            reading.score -= _SHORT_STEM_LOGITS if mention.short_stem else 0.0
            reading.score -= self._short_road_loss(mention, row)
        kind = self._lexicon.entries[row].kind
        # 云坪社区小学 lies in 云坪社区, but 云坪小学 need not.
        if mention.goes_on and not (kind == "area" and meaning.what in _WHOLE):
            reading.weigh("inside_longer_name")
        if self._times[row] > 1:
            reading.weigh("repeated", min(self._times[row] - 1, _MOST_REPEATED))
        if self._is_background[at]:
            reading.weigh("background")
        self._weigh_areas(reading)
        self._weigh_neighbours(reading)
        self._weigh_hint(reading)
        if mention.short_word:
            self._weigh_short_word(reading, meaning)
        if mention.start > _LATE_CHARACTERS:
            reading.weigh("named_late")
        if mention.near:
            reading.weigh("relative")
            if self._leads_on(at):
                reading.weigh("landmark")
        if kind == "road" and not (mention.parts and mention.parts.parts.door):
            reading.weigh("road_without_number")
        self._weigh_parts(reading)
        return reading

    def _short_road_loss(self, mention: Mention, row: int) -> float:
        """Return what a road of three characters that only sounds so loses: every town has roads like it."""
        short = mention.word_end - mention.start <= _LEAST_ROAD and self._lexicon.entries[row].kind == "road"
        return _SHORT_ROAD_LOGITS if short else 0.0

    def _leads_on(self, at: int) -> bool:
        """Tell whether right behind 旁边 the next name follows."""
        near = self._mentions[at].near
        behind = self._mentions[at + 1].start if near and at + 1 < len(self._mentions) else None
        return near is not None and behind is not None and set(self._folded[near[1] : behind]) <= {"的"}

    def _weigh_short_word(self, reading: Reading, meaning: Meaning) -> None:
        """Doubt two characters: less when they are a whole name or an area that holds it leads to them."""
        at = reading.mention
        led = at > 0 and self._runs[at - 1] == self._runs[at]
        led = led and any(
            self._holds(before.entry, reading.row) for before in self._mentions[at - 1].meanings
        )
        if led and meaning.what != "stem":
            return
        whole = meaning.what in _WHOLE
        share = _ENDED_NAME_SHARE if whole and self._mentions[at].short_stem else 1.0
        reading.weigh("short_word", share * (_SHORT_NAME_SHARE if whole or led else 1.0))

    def _weigh_areas(self, reading: Reading) -> None:
        """Count the other areas named in the text for or against a reading."""
        row, at = reading.row, reading.mention
        is_road = self._lexicon.entries[row].kind == "road"
        agreeing: dict[int, float] = {}
        others: list[float] = []
        for other_at, other in enumerate(self._mentions):
            if other_at == at or any(meaning.entry == row for meaning in other.meanings):
                continue
            voice = _VOICE[other.what] * (0.5 if other.short_word or is_road else 1.0)
            same_run = self._runs[other_at] == self._runs[at]
            outer = next((known.entry for known in other.meanings if self._holds(known.entry, row)), None)
            if outer is not None:
                agreeing[outer] = max(agreeing.get(outer, 0.0), voice * (1.0 if same_run else 0.7))
            elif self._speaks_against(other, row):
                if same_run and other_at < at:
                    reading.weigh("parent_contradicts", voice)
                else:
                    others.append(voice)
        shares = self._lexicon.share_held
        tellings = {outer: voice * (1 - shares[outer]) for outer, voice in agreeing.items()}
        for telling in sorted(tellings.values(), reverse=True)[:_MOST_AGREEING]:
            reading.weigh("parent_agrees", telling)
        for voice in sorted(others, reverse=True)[:_MOST_OTHERS]:
            reading.weigh("other_area_named", voice)
        if not agreeing and self._hint is None and self._lexicon.chains[row]:
            reading.weigh("parent_missing")

    def _weigh_neighbours(self, reading: Reading) -> None:
        """Count against a reading what stands right before or behind it and cannot be true with it."""
        row, at, lexicon = reading.row, reading.mention, self._lexicon
        levels = {level_ending(lexicon.folded[outer]) for outer in (row, *lexicon.chains[row])} - {None}
        run_levels = (
            level
            for level, run in zip(self._unknown_levels, self._runs, strict=True)
            if run == self._runs[at]
        )
        if any(level in levels for level in run_levels):
            reading.weigh("unknown_area_named")
        follows = at + 1 < len(self._mentions) and self._runs[at + 1] == self._runs[at]
        if follows and self._lies_elsewhere(self._mentions[at + 1], row):
            reading.weigh("place_contradicts", _VOICE[self._mentions[at + 1].what])

    def _holds(self, outer: int, inner: int) -> bool:
        return outer in self._lexicon.chain_sets[inner]

    def _speaks_against(self, other: Mention, row: int) -> bool:
        """Tell whether another mention names areas only, none of which lies in the entry or holds it."""
        lexicon = self._lexicon
        return not other.goes_on and all(
            lexicon.entries[meaning.entry].kind == "area" and not lexicon.within(meaning.entry, row)
            for meaning in other.meanings
        )

    def _lies_elsewhere(self, other: Mention, row: int) -> bool:
        """Tell whether the entry is an area and another mention names only places that do not lie in it."""
        lexicon = self._lexicon
        return lexicon.entries[row].kind == "area" and not any(
            lexicon.within(meaning.entry, row) or lexicon.entries[meaning.entry].kind == "road"
            for meaning in other.meanings
        )

    def _weigh_hint(self, reading: Reading) -> None:
        hint, within = self._hint, self._lexicon.within
        if hint is None:
            return
        if within(reading.row, hint):
            reading.weigh("hint_agrees")
        elif not within(hint, reading.row):
            reading.weigh("hint_disagrees")

    def _weigh_parts(self, reading: Reading) -> None:
        """Count the numbers behind a name, and go on to the building itself when it is known."""
        mention = self._mentions[reading.mention]
        entry = self._lexicon.entries[reading.row]
        found = mention.parts
        reason: Reason = "part_follows"
        if found is None and entry.kind == "estate":
            found, reason = self._parts_nearby(reading.mention), "part_nearby"
        if found is None or (entry.kind == "road" and not found.parts.door):
            return
        if found.parts.building and goes_on_with_buildings(self._folded, found.end):
            reading.weigh("several_buildings")
            return
        reading.parts, reading.found_parts = found.parts, found
        sure = found.parts.names_a_home or entry.kind == "road"
        reading.weigh(reason, 1.0 if sure else _WEAK_PARTS_SHARE)
        if entry.kind == "building" or not found.parts.building_key:
            return
        keys = _building_keys(found.parts)
        buildings = next((rows for key in keys if (rows := self._lexicon.buildings(reading.base, key))), [])
        cells = (
            self._lexicon.cell(reading.base, key) for key in [*keys, found.parts.lane, found.parts.phase]
        )
        reading.cell = next((cell for cell in cells if cell is not None), None)
        if len(buildings) == 1:
            reading.row = buildings[0]
            reading.weigh("building_known")
        elif not buildings and found.parts.names_a_home and self._lexicon.lists_buildings(reading.base):
            reading.weigh("building_unknown")

    def _parts_nearby(self, at: int) -> FoundParts | None:
        """Return the only building named shortly behind a mention, before the next one."""
        start = self._mentions[at].end
        last = self._mentions[at + 1].start if at + 1 < len(self._mentions) else len(self._folded)
        found = buildings_between(self._folded, start, min(last, start + _NEARBY_CHARACTERS))
        return found[0] if len({parts.parts for parts in found}) == 1 else None

    def _find_runs(self) -> list[int]:
        """Return for each mention the number of its run: mentions that follow each other like one address."""
        runs: list[int] = []
        for at, mention in enumerate(self._mentions):
            gap = self._folded[self._mentions[at - 1].end : mention.start] if at else ""
            joined = at > 0 and len(gap) <= _LONGEST_RUN_GAP and set(gap) <= _RUN_GAP
            runs.append(runs[-1] if joined else at)
        return runs

    def _unknown_level(self, at: int) -> str | None:
        since = self._mentions[at - 1].end if at else 0
        return unknown_area_before(self._folded, self._mentions[at].start, since)


def _building_keys(parts: Parts) -> list[str]:
    """Return the keys under which the building of these parts may be listed, the fullest first."""
    keys = (
        parts.building_key,
        parts.lane + parts.door + parts.building,
        parts.lane + parts.door,
        parts.building,
    )
    return list(dict.fromkeys(key for key in keys if key))
