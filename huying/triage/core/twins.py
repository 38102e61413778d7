"""Finds appeals that may be about the same matter; a person decides whether they are."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, floor, isnan, radians
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from .concepts import shared_wrongs, wrongs_mask
from .likeness import SHOWN_TO_STAFF, Evidence, chances
from .signature import Signature, similarities, similarities_to_stored

TwinReason: TypeAlias = Literal[
    "same_item",  # the same catalogue item
    "same_group",  # the same second-level group of the catalogue
    "near",  # both have a point, within the policy's distance
    "same_area",  # no two points, but the same estate or grid
    "same_text",  # word for word or nearly so
    "similar_text",  # the texts share telling pieces
    "same_meaning",  # what is said to be wrong agrees, in whatever words
    "short_text",  # one text is too short to compare; item and point agree closely
]
Floats: TypeAlias = npt.NDArray[np.float64]
_METRES_PER_DEGREE: Final = 111_195.0  # of latitude, on a sphere of 6,371 km
_NO_POINT: Final = float("nan")
_TEXT_KEYS: Final = 6
_SCORE_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class TwinInput:
    """What is known of one appeal when its twins are looked for.

    `lat`, `lon`: WGS-84 degrees, both or neither. `area_path`: codes from wide to narrow, as deep as
    known. `at`: when it was made (aware). `item_code`, `level2`: the item and its group, if decided.
    `concepts`: what the text means (`concepts_of`); empty where that was not kept.
    """

    id: str
    item_code: str | None
    level2: str | None
    lat: float | None
    lon: float | None
    area_path: tuple[str, ...]
    at: datetime
    signature: Signature
    concepts: bytes = b""


@dataclass(frozen=True, slots=True)
class TwinPolicy:
    """When two appeals are suspected to be twins.

    `area_depth` is how many leading codes of the two area paths must agree when a point is missing
    (5: down to the grid, below district, street, community and block). `least` is the probability from
    which a suspicion is told at all.
    """

    window: timedelta = timedelta(days=14)
    within_metres: float = 150.0
    area_depth: int = 5
    least: float = SHOWN_TO_STAFF
    similar_from: float = 0.14
    same_text_from: float = 0.6
    few_pieces: int = 6
    close_metres: float = 40.0
    limit: int = 5


@dataclass(frozen=True, slots=True)
class TwinSuspect:
    """An appeal that may be a twin. `score` is the probability that it is (`likeness`)."""

    id: str
    score: float
    similarity: float
    distance_metres: float | None
    reasons: tuple[TwinReason, ...]

    def to_json(self) -> dict[str, object]:
        """Return the suspicion as a JSON-able dict; equal suspicions give equal dicts."""
        return {
            "id": self.id,
            "score": self.score,
            "similarity": self.similarity,
            "distance_metres": self.distance_metres,
            "reasons": list(self.reasons),
        }


DEFAULT_POLICY: Final = TwinPolicy()


def find_twins(
    candidate: TwinInput, others: Sequence[TwinInput], policy: TwinPolicy = DEFAULT_POLICY
) -> list[TwinSuspect]:
    """Return the likeliest twins of `candidate` among `others`, best first, at most `policy.limit`.

    A twin lies in the neighbourhood and in the window, its text is similar or says the same is wrong, and it
    is probable enough. Where one has no place at all, only nearly the same text counts. The cost grows with
    `others`; let the database choose a few hundred by place, time and what is wrong.
    """
    others = [one for one in others if one.id != candidate.id and _in_window(candidate, one, policy)]
    if not others:
        return []
    found = evidence(candidate, others, policy)
    likely, metres = chances(found), _distances(candidate, others).tolist()
    suspects = []
    for n in np.flatnonzero(likely >= policy.least).tolist():
        distance = None if isnan(metres[n]) else metres[n]
        alike, score = float(found.words[n]), float(likely[n])
        signs = _Signs(alike, bool(found.wrong_of_fewer[n]), bool(found.same_item[n]), distance)
        reasons = _reasons(candidate, others[n], signs, policy)
        if reasons:
            suspects.append(
                TwinSuspect(
                    others[n].id,
                    round(score, _SCORE_DIGITS),
                    round(alike, _SCORE_DIGITS),
                    None if distance is None else round(distance, 1),
                    reasons,
                )
            )
    return sorted(suspects, key=lambda suspect: (-suspect.score, suspect.id))[: policy.limit]


def evidence(a: TwinInput, others: Sequence[TwinInput], policy: TwinPolicy = DEFAULT_POLICY) -> Evidence:
    """Return what speaks for `a` and each of the others being twins."""
    metres, wrong = _distances(a, others), shared_wrongs(a.concepts, [one.concepts for one in others])
    gaps = np.array([abs(a.at - one.at) / policy.window for one in others])
    areas = np.array([_same_area(a, one, policy) for one in others], dtype=np.float64)
    known = ~np.isnan(metres)
    return Evidence(
        similarities(a.signature, [one.signature for one in others]),
        *wrong,
        np.array([a.item_code is not None and a.item_code == one.item_code for one in others], dtype=float),
        np.where(known, 1 - 0.5 * np.minimum(metres / policy.within_metres, 1.0), 0.5 * areas),
        np.maximum(1 - gaps, 0.0),
    )


def worth_a_look(
    signature: Signature,
    concepts: bytes,
    stored: Sequence[tuple[bytes, bytes]],
    policy: TwinPolicy = DEFAULT_POLICY,
) -> list[int]:
    """Return which stored (signature, concepts) say something in common, or are too short to tell.

    The rest are no twins wherever told; most of what a database gives need not be read at all.
    """
    alike = similarities_to_stored(signature, [words for words, _ in stored])
    wrong = shared_wrongs(concepts, [meanings for _, meanings in stored])
    sizes = np.fromiter((len(words) // 2 for words, _ in stored), dtype=np.int64, count=len(stored))
    short = np.minimum(sizes, len(signature)) < policy.few_pieces
    found: list[int] = np.flatnonzero((alike >= policy.similar_from) | (wrong.of_fewer > 0) | short).tolist()
    return found


def _in_window(a: TwinInput, b: TwinInput, policy: TwinPolicy) -> bool:
    return abs(a.at - b.at) <= policy.window


def _distances(one: TwinInput, others: Sequence[TwinInput]) -> Floats:
    """Return metres from one to the others (NaN without points) on a flat earth (fine below 10 km)."""
    lats = np.array([_NO_POINT if other.lat is None else other.lat for other in others])
    lons = np.array([_NO_POINT if other.lon is None else other.lon for other in others])
    if one.lat is None or one.lon is None:
        return np.full(len(others), _NO_POINT)
    north = (lats - one.lat) * _METRES_PER_DEGREE
    east = (lons - one.lon) * _METRES_PER_DEGREE * cos(radians(one.lat))
    distances: Floats = np.hypot(north, east)
    return distances


def _same_area(a: TwinInput, b: TwinInput, policy: TwinPolicy) -> bool:
    depth = policy.area_depth
    return min(len(a.area_path), len(b.area_path)) >= depth and a.area_path[:depth] == b.area_path[:depth]


class _Signs(NamedTuple):
    alike: float
    same_wrong: bool
    same_item: bool
    distance: float | None


def _reasons(a: TwinInput, b: TwinInput, signs: _Signs, policy: TwinPolicy) -> tuple[TwinReason, ...]:
    """Return why a and b may be twins; none when they lie apart or the texts say nothing of it."""
    place = _place_reason(a, b, signs.distance, policy)
    texts: list[TwinReason] = []
    if signs.alike >= policy.same_text_from:
        texts.append("same_text")
    elif signs.alike >= policy.similar_from:
        texts.append("similar_text")
    if signs.same_wrong and "same_text" not in texts:
        texts.append("same_meaning")
    short = min(len(a.signature), len(b.signature)) < policy.few_pieces
    close = signs.distance is not None and signs.distance <= policy.close_metres
    if not texts and short and close and signs.same_item:
        texts.append("short_text")
    if place == "elsewhere" or not texts or (place is None and texts != ["same_text"]):
        return ()
    same_group = a.level2 is not None and a.level2 == b.level2
    items: list[TwinReason] = ["same_item"] if signs.same_item else ["same_group"] if same_group else []
    return (*items, *texts, *([place] if place else ()))


def _place_reason(
    a: TwinInput, b: TwinInput, distance: float | None, policy: TwinPolicy
) -> Literal["near", "same_area", "elsewhere"] | None:
    """Return how the places agree; None when one of them has no place that could be compared."""
    if distance is not None:
        return "near" if distance <= policy.within_metres else "elsewhere"
    if _same_area(a, b, policy):
        return "same_area"
    common = min(len(a.area_path), len(b.area_path), policy.area_depth)
    return "elsewhere" if a.area_path[:common] != b.area_path[:common] else None


def find_twins_many(
    appeals: Iterable[TwinInput], policy: TwinPolicy = DEFAULT_POLICY, *, max_compared: int = 200
) -> dict[str, list[TwinSuspect]]:
    """Return for each appeal its likeliest *earlier* twins among those given, if it has any.

    Meant for imports: appeals are compared only where they are of one group of items or say the same is
    wrong, within the same or the next cell of a grid of `within_metres` (or the same area), with at most the
    `max_compared` latest before them, so that the cost grows with the number of appeals and not with its
    square.
    """
    blocks: dict[tuple[object, ...], list[TwinInput]] = defaultdict(list)
    found: dict[str, list[TwinSuspect]] = {}
    for appeal in sorted(appeals, key=lambda one: (one.at, one.id)):
        earlier: dict[str, TwinInput] = {}
        for key in _block_keys(appeal, policy, around=True):
            for one in blocks[key][-max_compared:] if key in blocks else ():
                earlier[one.id] = one
        latest = sorted(earlier.values(), key=lambda one: (one.at, one.id))[-max_compared:]
        suspects = find_twins(appeal, latest, policy)
        if suspects:
            found[appeal.id] = suspects
        for key in _block_keys(appeal, policy, around=False):
            blocks[key].append(appeal)
    return found


def _block_keys(appeal: TwinInput, policy: TwinPolicy, *, around: bool) -> Iterator[tuple[object, ...]]:
    """Yield the blocks an appeal is filed under, or (`around`) those its twins may be filed under."""
    mask = wrongs_mask(appeal.concepts)
    matters = [appeal.level2 or "", *(bit for bit in range(mask.bit_length()) if mask >> bit & 1)]
    places: list[tuple[object, ...]] = []
    if appeal.lat is not None and appeal.lon is not None:
        # Cells are as wide as the distance everywhere south and north of here, so neighbours suffice.
        band = floor(appeal.lat * _METRES_PER_DEGREE / policy.within_metres)
        reach = (-1, 0, 1) if around else (0,)
        for up in reach:
            latitude = (band + up + 0.5) * policy.within_metres / _METRES_PER_DEGREE
            width = policy.within_metres / (_METRES_PER_DEGREE * max(cos(radians(latitude)), 0.01))
            places += [(band + up, floor(appeal.lon / width) + side) for side in reach]
    if len(appeal.area_path) >= policy.area_depth:
        places.append(appeal.area_path[: policy.area_depth])
    for place in places:
        for matter in matters:
            yield (matter, *place)
    for piece in appeal.signature.pieces[:_TEXT_KEYS]:  # the smallest hashes: alike texts share one of them
        yield ("text", int(piece))
