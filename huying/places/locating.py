"""Says where an appeal is about, from all that is known: point, place code, words, the channel's area."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from huying.places.core.entries import NO_MATCH

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from huying.places.core.entries import Match
    from huying.places.town import AreaCard, TownMap

logger = logging.getLogger("huying.places")
# How sure a place is that came from a point, from a code on the spot, and from either when words contradict.
POINT_CONFIDENCE = 0.95
CODE_CONFIDENCE = 0.98
POINT_AGAINST_WORDS = 0.6
_SPOT_CONFIDENCE = {
    "point": POINT_CONFIDENCE,
    "place_code": CODE_CONFIDENCE,
    "place_chosen": CODE_CONFIDENCE,
}
# Where the words name nothing, an appeal of a channel that serves one area is probably about that area.
HINT_CONFIDENCE = 0.75
# Below this, words do not place an appeal finer than the town.
LEAST_WORDS_CONFIDENCE = 0.5
# From here on nobody is asked: measured, `make bench-places` shows how often such a place is right.
SURE = 0.7
MOST_CHOICES = 4
_COMMUNITY_STEPS = 3


class Told(NamedTuple):
    """What is known of the place of one appeal.

    `lat` and `lon` are WGS-84; `place_words` were said for the place, `text` is the whole appeal. `code` is
    of the area or place whose plate was scanned, `hint` of the area its channel serves; "" for none.
    `chosen`: the code was not scanned but picked by the resident when asked which place is meant.
    """

    lat: float | None
    lon: float | None
    place_words: str
    text: str
    code: str = ""
    hint: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class Choice:
    """One of a few places an appeal may be about; `key` and `code` are of the place or area."""

    key: str
    code: str
    name: str
    area_path: str


@dataclass(frozen=True)
class Where:
    """Where an appeal is about: the finest area known, a named place if any, and how sure that is.

    `area_path` is the town's root when nothing finer is known. `reasons` are keys. `choices` are the places
    to ask about when this is not sure, the likeliest first; none where it is sure or nothing is known.
    `said` are the pieces of the words that tell the place: what is left tells the matter.
    """

    area_id: UUID | None
    place_id: UUID | None
    area_path: str
    area_code: str
    name: str
    lat: float | None
    lon: float | None
    confidence: float
    reasons: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    said: tuple[str, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether this is good enough to send somebody there without a question."""
        return self.confidence >= SURE


def locate_in(town: TownMap, told: Sequence[Told]) -> list[Where]:
    """Return where each of these is in a town. Never fails for want of a place.

    A code or a point decides; words confirm it, or are all there is. Words said for the place count before
    the text.
    """
    with_point = [number for number, one in enumerate(told) if one.lat is not None and one.lon is not None]
    found = town.index.locate_many(
        [told[number].lat or 0.0 for number in with_point], [told[number].lon or 0.0 for number in with_point]
    )
    at_point = dict(zip(with_point, found, strict=True))
    return [_locate(town, one, at_point.get(number)) for number, one in enumerate(told)]


def _locate(town: TownMap, told: Told, at_point: list[str] | None) -> Where:
    hint = town.by_any_code(told.hint)
    match, words = _match(town, told, hint)
    where = _decide(town, told, at_point, hint, match)
    return replace(where, said=_said(match, words)) if match.found else where


def _said(match: Match, words: str) -> tuple[str, ...]:
    """Return the pieces of the words that name places, the longest first."""
    pieces = {words[span.start : span.end] for span in match.spans if span.what != "near"}
    return tuple(sorted(filter(None, pieces), key=lambda piece: (-len(piece), piece)))


def _decide(town: TownMap, told: Told, at_point: list[str] | None, hint: str | None, match: Match) -> Where:
    spot = town.by_any_code(told.code)
    if spot is not None:
        return _on_spot(town, spot, match, told, "place_chosen" if told.chosen else "place_code")
    if at_point:
        return _on_spot(town, at_point[0], match, told, "point")
    outside = at_point is not None
    if match.found and max(match.confidence, _settled(town, match)) >= LEAST_WORDS_CONFIDENCE:
        return _by_words(town, match, told, outside=outside)
    possible = _possible(town, told, hint) if not match.found else []
    if hint is not None and not outside:
        return _by_hint(town, possible[0] if len(possible) == 1 else hint, match, told)
    area = town.areas.get(match.common_area or "") or town.root
    return Where(
        area_id=area.id if area else None,
        place_id=None,
        area_path=area.path if area else "",
        area_code=area.code if area else "",
        name="",
        lat=told.lat,
        lon=told.lon,
        confidence=round(match.confidence, 3),
        reasons=(*match.reasons, "point_outside_town" if outside else "place_unknown"),
        alternatives=_names(town, match),
        choices=_choices(town, _places(match)) or tuple(_choice(town, key) for key in possible),
    )


def _possible(town: TownMap, told: Told, hint: str | None) -> list[str]:
    """Return the few places that may be meant where only a kind is said; none when there are many."""
    within = town.place_area.get(hint, hint) if hint else None
    try:
        found = town.gazetteer.possible(told.place_words or told.text, within)
    except Exception:
        logger.exception("the kind of place could not be read")
        return []
    found = [hint] if hint in found else found
    return found if len(found) <= MOST_CHOICES else []


def _choice(town: TownMap, key: str) -> Choice:
    area = town.areas[town.place_area.get(key, key)]
    return Choice(key, town.code_of(key), town.place_name.get(key) or town.label(key), area.path)


def _match(town: TownMap, told: Told, hint: str | None) -> tuple[Match, str]:
    """Read the words said for the place; where they name none, the text. Return also what was read."""
    try:
        parse = town.gazetteer.parse
        match = parse(told.place_words, hint) if told.place_words else NO_MATCH
        return (match, told.place_words) if match.found else (parse(told.text, hint), told.text)
    except Exception:
        # Words that break the reader must not cost an appeal: a person finds the place.
        logger.exception("the place could not be read")
        return NO_MATCH, ""


def _places(match: Match) -> list[Match]:
    return [match, *match.alternatives] if match.found else []


def _names(town: TownMap, match: Match) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_name(town, one) for one in _places(match)))


def _name(town: TownMap, match: Match) -> str:
    """Return what a matched place is called, with the building that was named."""
    key = match.entry or ""
    if key not in town.place_name:
        return town.label(key)
    name = town.place_name[key]
    return name if match.kind == "building" else f"{name}{match.parts.building_key}"


def _choices(town: TownMap, matches: Iterable[Match], *, besides: Choice | None = None) -> tuple[Choice, ...]:
    """Return what to ask about: each place once, the likeliest first, at most four."""
    found = {} if besides is None else {besides.key: besides}
    for match in matches:
        area = town.areas.get(match.area or "")
        if area is not None and area is not town.root and match.entry:
            found.setdefault(
                match.entry, Choice(match.entry, town.code_of(match.entry), _name(town, match), area.path)
            )
    return tuple(found.values())[:MOST_CHOICES]


def _on_spot(town: TownMap, key: str, match: Match, told: Told, reason: str) -> Where:
    """Place by a point or code; words that lie elsewhere lower the confidence, those there add the name."""
    area = town.areas[town.place_area.get(key, key)]
    agrees = match.found and match.area is not None and _same_community(area, town.areas[match.area])
    # Who was asked and answered is not contradicted by the words that made it unclear.
    against = (
        match.found and not agrees and match.confidence >= LEAST_WORDS_CONFIDENCE and reason != "place_chosen"
    )
    name = town.place_name.get(key) or town.label(key)
    named = key if key in town.place_name else None
    if agrees and match.entry in town.place_name:
        named = match.entry if named is None or match.kind == "building" else named
    reasons = [reason, "words_disagree"] if against else [reason, "words_agree"] if agrees else [reason]
    lent = town.place_point.get(key, (None, None)) if told.lat is None else (told.lat, told.lon)
    return Where(
        area_id=area.id,
        place_id=UUID(named) if named else None,
        area_path=area.path,
        area_code=area.code,
        name=_name(town, match) if agrees else name,
        lat=lent[0],
        lon=lent[1],
        confidence=POINT_AGAINST_WORDS if against else _SPOT_CONFIDENCE[reason],
        reasons=tuple(reasons),
        alternatives=_names(town, match),
        choices=_choices(town, _places(match), besides=Choice(key, town.code_of(key), name, area.path))
        if against
        else (),
    )


def _same_community(one: AreaCard, other: AreaCard) -> bool:
    """Return whether two areas lie in one line, or share the community (the third step of the path)."""
    shorter, longer = sorted((one.path, other.path), key=len)
    return (
        longer == shorter
        or longer.startswith(f"{shorter}/")
        or (
            one.path.split("/")[:_COMMUNITY_STEPS] == other.path.split("/")[:_COMMUNITY_STEPS]
            and one.path.count("/") > 1
        )
    )


def _settled(town: TownMap, match: Match) -> float:
    """Return how sure a community or finer is that holds every likely reading; 0 when there is none."""
    area = town.areas.get(match.common_area or "")
    return match.common_confidence if area is not None and _is_local(area) else 0.0


def _is_local(area: AreaCard) -> bool:
    return area.path.count("/") + 1 >= _COMMUNITY_STEPS


def _by_words(town: TownMap, match: Match, told: Told, *, outside: bool) -> Where:
    """Place by words alone; a named place lends its point when the resident gave none.

    Where the words leave several places open, it is the area around them all that is told.
    """
    settled, is_place = _settled(town, match), match.entry in town.place_name
    open_ = match.common_area != match.area and settled > match.confidence
    area = town.areas[(match.common_area if open_ else match.area) or ""]
    known = (told.lat, told.lon)
    if told.lat is None and not open_:
        known = town.place_point.get(match.entry or "", known)
    confidence = max(settled, match.confidence)
    confidence = min(confidence, POINT_AGAINST_WORDS) if outside else confidence
    return Where(
        area_id=area.id,
        place_id=UUID(match.entry) if is_place and not open_ else None,
        area_path=area.path,
        area_code=area.code,
        name=town.label(str(area.id)) if open_ else _name(town, match),
        lat=known[0],
        lon=known[1],
        confidence=round(confidence, 3),
        reasons=(*match.reasons, "point_outside_town") if outside else tuple(match.reasons),
        alternatives=_names(town, match)[0 if open_ else 1 :],
        choices=_choices(town, _places(match)) if confidence < SURE else (),
    )


def _by_hint(town: TownMap, key: str, match: Match, told: Told) -> Where:
    """Place by the area the channel serves, or the only place of the kind said there."""
    area = town.areas[town.place_area.get(key, key)]
    lent = town.place_point.get(key, (None, None)) if told.lat is None else (told.lat, told.lon)
    return Where(
        area_id=area.id,
        place_id=UUID(key) if key in town.place_name else None,
        area_path=area.path,
        area_code=area.code,
        name=town.place_name.get(key) or town.label(key),
        lat=lent[0],
        lon=lent[1],
        confidence=HINT_CONFIDENCE,
        reasons=(*match.reasons, "channel_area"),
        alternatives=_names(town, match),
    )
