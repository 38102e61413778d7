"""Reads places out of what people write: text in; place, confidence and reasons out."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from huying.places.core.bare import possible_places
from huying.places.core.chinese import fold
from huying.places.core.entries import NO_MATCH, Entry, Kind, Match, Parts, Reason, Span, What
from huying.places.core.lexicon import Lexicon
from huying.places.core.mentions import find_mentions
from huying.places.core.score import Reading, Scales
from huying.places.core.typeahead import Typeahead

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from huying.places.core.chinese import Folded
    from huying.places.core.mentions import Mention

__all__ = ["Entry", "Gazetteer", "Kind", "Match", "Parts", "Reason", "Span", "What"]

# A longer text is read up to here; the place stands early in what people write.
MOST_CHARACTERS: Final = 20_000
_MOST_MENTIONS = 60
_LEAST_LIKELIHOOD = 0.25  # below this a reading is a guess and is not told
_LIKELY = 0.5
# A rival this many logits behind no longer puts the reading in doubt.
_RIVAL_LOGITS = 1.5
_TIER: Final[dict[Kind, int]] = {"building": 2, "estate": 2, "facility": 2, "road": 1, "area": 0}


class Gazetteer:
    """All names of a town, ready for reading addresses and for search while typing.

    Built once (about a second for ten thousand entries), read by many threads; it never changes. Unknown
    parents are taken as none; two entries with one id, or an entry in itself, raise `ValueError`.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._lexicon = Lexicon(entries)

    def __len__(self) -> int:
        return len(self._lexicon.entries)

    def entry(self, id_: str) -> Entry:
        """Return the entry with this id; `KeyError` when there is none."""
        return self._lexicon.entries[self._lexicon.row_of[id_]]

    def parse(self, text: str, hint: str | None = None, limit: int = 3) -> Match:
        """Return the place a text speaks of, with the next best readings; `NO_MATCH` when it names none.

        `hint` is the id of the area the text probably is about (from a point, a channel, an account); unknown
        ids are passed over. At most `limit` readings are returned, the best one counted in. The same text
        always gets the same answer.
        """
        folded = fold(text[:MOST_CHARACTERS])
        mentions = find_mentions(self._lexicon, folded.text)[:_MOST_MENTIONS]
        scales = Scales(
            self._lexicon, folded.text, mentions, self._lexicon.row_of.get(hint) if hint else None
        )
        readings = [reading for reading in scales.readings() if reading.likelihood >= _LEAST_LIKELIHOOD]
        if not readings:
            return NO_MATCH
        return _Verdict(self._lexicon, scales, folded, mentions, readings).match(limit)

    def possible(self, text: str, hint: str | None = None) -> list[str]:
        """Return the ids of the places a text may mean that says a kind only (地铁站A口), within the hint."""
        row = self._lexicon.row_of.get(hint) if hint else None
        rows = possible_places(self._lexicon, fold(text[:MOST_CHARACTERS]).text, row)
        return [self._lexicon.entries[row].id for row in rows]

    def search(self, words: str, limit: int = 10) -> list[Entry]:
        """Return entries for what has been typed so far, the best first; see `Typeahead.search`."""
        return self._typeahead.search(words, limit)

    @cached_property
    def _typeahead(self) -> Typeahead:
        """Made at the first search: an import or a worker never searches."""
        return Typeahead(self._lexicon)


class _Verdict:
    """Chooses among the readings of one text."""

    def __init__(
        self,
        lexicon: Lexicon,
        scales: Scales,
        folded: Folded,
        mentions: Sequence[Mention],
        readings: list[Reading],
    ) -> None:
        self._lexicon, self._scales, self._folded = lexicon, scales, folded
        self._mentions, self._readings = mentions, readings

    def match(self, limit: int) -> Match:
        best = self._best()
        rivals = self._rivals(best)
        total = sum(math.exp(reading.score - best.score) for reading in (best, *rivals))
        close = [rival for rival in rivals if rival.score > best.score - _RIVAL_LOGITS]
        settled = sum(
            reading.area_likelihood * math.exp(reading.score - best.score) / total
            for reading in (best, *close)
        )
        doubts: list[Reason] = []
        if any(rival.mention == best.mention for rival in close):
            doubts.append("ambiguous")
        if any(rival.mention != best.mention for rival in close):
            doubts.append("several_places")
        others = [
            reading
            for reading in self._readings
            if reading is not best and not self._scales.covers(reading, best)
        ]
        alternatives = [
            self._told(
                other,
                other.likelihood * (math.exp(other.score - best.score) / total if other in rivals else 1.0),
                doubts if other in close else [],
                [other],
            )
            for other in others
        ]
        alternatives.sort(key=lambda match: (-match.confidence, match.entry or ""))
        told = self._told(best, best.likelihood / total, doubts, [best, *close])
        return replace(
            told,
            alternatives=tuple(alternatives[: max(0, limit - 1)]),
            common_confidence=round(settled, 3),
        )

    def _best(self) -> Reading:
        """Return the finest likely reading, or the likeliest when none is likely."""
        likely = [reading for reading in self._readings if reading.likelihood >= _LIKELY]

        def order(reading: Reading) -> tuple[int, int, float, int, str]:
            entry = self._lexicon.entries[reading.row]
            tier = self._tier(reading) if likely else 0
            rank = self._fineness(reading) if likely and entry.kind in {"area", "road"} else 0
            return (-tier, -rank, -reading.score, reading.mention, entry.id)

        return min(likely or self._readings, key=order)

    def _fineness(self, reading: Reading) -> int:
        """Return the rank of an area or of the area a road keeps to."""
        area = self._lexicon.area_of(reading.row)
        return 0 if area is None else self._lexicon.entries[area].rank

    def _crosses(self, wide: Reading, road: Reading) -> bool:
        """Tell whether both are roads and the one keeps to a part of what the other runs through."""
        lexicon = self._lexicon
        if not lexicon.entries[wide.row].kind == lexicon.entries[road.row].kind == "road":
            return False
        outer, inner = lexicon.area_of(wide.row), lexicon.area_of(road.row)
        return outer is not None and inner is not None and outer != inner and lexicon.within(inner, outer)

    def _tier(self, reading: Reading) -> int:
        """Return how fine a reading is; a place the text is only beside yields to the road named with it."""
        road = _TIER["road"]
        tier = _TIER[self._lexicon.entries[reading.row].kind]
        if tier > road and "relative" in reading.reasons:
            with_road = any(
                self._lexicon.entries[other.row].kind == "road" and self._scales.same_run(reading, other)
                for other in self._readings
            )
            return road if with_road else tier
        return tier

    def _rivals(self, best: Reading) -> list[Reading]:
        """Return the readings that cannot be true together with the best and are no coarser in kind."""
        tier = self._tier(best)
        return [
            reading
            for reading in self._readings
            if not self._scales.related(reading, best)
            and not self._points_out(reading, best)
            and not self._crosses(reading, best)
            and (reading.mention == best.mention or self._tier(reading) >= tier)
        ]

    def _points_out(self, landmark: Reading, road: Reading) -> bool:
        """Tell whether one reading only says whereabouts on the road of the other: 月桥路近月桥市场."""
        is_road = self._lexicon.entries[road.row].kind == "road"
        return is_road and "relative" in landmark.reasons and self._scales.same_run(landmark, road)

    def _told(
        self, reading: Reading, confidence: float, doubts: Sequence[Reason], possible: Sequence[Reading]
    ) -> Match:
        lexicon = self._lexicon
        entry = lexicon.entries[reading.row]
        area = self._area(reading)
        return Match(
            entry=entry.id,
            kind=entry.kind,
            area=None if area is None else lexicon.entries[area].id,
            common_area=self._common_area(possible),
            confidence=round(confidence, 3),
            parts=reading.parts,
            reasons=(*reading.reasons, *doubts),
            spans=tuple(self._spans(reading)),
        )

    def _area(self, reading: Reading) -> int | None:
        """Return the finest area of a reading: of its building, of the cell its number tells, or its own."""
        lexicon = self._lexicon
        if reading.row != reading.base:
            return lexicon.area_of(reading.row)
        return reading.cell if reading.cell is not None else lexicon.extent_of(reading.row)

    def _common_area(self, readings: Sequence[Reading]) -> str | None:
        """Return the finest area that holds all readings; `None` without one or when one has no place."""
        lexicon = self._lexicon
        areas = [self._area(reading) for reading in readings]
        common = (
            lexicon.common_area([area for area in areas if area is not None]) if None not in areas else None
        )
        return None if common is None else lexicon.entries[common].id

    def _spans(self, reading: Reading) -> list[Span]:
        """Return every name in the text with the entry it stands for under this reading, and the numbers."""
        lexicon = self._lexicon
        spans: list[Span] = []
        holding = {reading.row, reading.base, *lexicon.chains[reading.row], *lexicon.chains[reading.base]}
        for mention in self._mentions:
            chosen = next(
                (known for known in mention.meanings if known.entry in holding), mention.meanings[0]
            )
            spans.append(
                self._span(mention.start, mention.word_end, chosen.what, lexicon.entries[chosen.entry].id)
            )
            if mention.near:
                spans.append(self._span(*mention.near, "near"))
        if reading.found_parts:
            known = None if reading.row == reading.base else lexicon.entries[reading.row].id
            spans.append(self._span(reading.found_parts.start, reading.found_parts.end, "part", known))
        return sorted(spans, key=lambda span: (span.start, span.end))

    def _span(self, start: int, end: int, what: What, entry: str | None = None) -> Span:
        return Span(*self._folded.original_span(start, end), what, entry)
