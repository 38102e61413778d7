"""Finds appeals that may be about the same matter; a person decides whether they are."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, floor, isnan, radians, sqrt
from typing import Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from .signature import Signature, similarities, similarities_to_stored

TwinReason: TypeAlias = Literal[
    "same_item",  # the same catalogue item
    "same_group",  # the same second-level group of the catalogue
    "near",  # both have a point, within the policy's distance
    "same_area",  # no two points, but the same estate or grid
    "same_text",  # word for word or nearly so
    "similar_text",  # the texts share telling pieces
    "short_text",  # one text is too short to compare; item and point agree closely
]
Floats: TypeAlias = npt.NDArray[np.float64]
_METRES_PER_DEGREE: Final = 111_195.0  # of latitude, on a sphere of 6,371 km
_NO_POINT: Final = float("nan")
_TEXT_KEYS: Final = 6
_UNKNOWN_ITEM_FACTOR: Final = 2.0  # without an item the texts must be this much more alike
_SCORE_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class TwinInput:
    """What is known of one appeal when its twins are looked for.

    `lat`, `lon`: WGS-84 degrees, both or neither. `area_path`: codes from wide to narrow, as deep as
    known. `at`: when it was made (aware). `item_code`, `level2`: the item and its group, if decided.
    """

    id: str
    item_code: str | None
    level2: str | None
    lat: float | None
    lon: float | None
    area_path: tuple[str, ...]
    at: datetime
    signature: Signature


@dataclass(frozen=True, slots=True)
class TwinPolicy:
    """When two appeals are suspected to be twins.

    `area_depth` is how many leading codes of the two area paths must agree when a point is missing
    (5: down to the grid, below district, street, community and block).
    """

    window: timedelta = timedelta(days=14)
    within_metres: float = 150.0
    area_depth: int = 5
    min_similarity: float = 0.14
    same_text_from: float = 0.6
    few_pieces: int = 6
    close_metres: float = 40.0
    limit: int = 5


@dataclass(frozen=True, slots=True)
class TwinSuspect:
    """An appeal that may be a twin. `score` 0 to 1 is for ordering, it is no probability."""

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

    A twin is of the same item or group, lies in the neighbourhood and in the window, and its text is
    similar. Where one has no place at all, or no item, only nearly the same text counts. The cost
    grows with `others`; let the database choose a few hundred by item, place and time.
    """
    others = [one for one in others if one.id != candidate.id and _in_window(candidate, one, policy)]
    if not others:
        return []
    alike = similarities(candidate.signature, [one.signature for one in others])
    sizes = np.fromiter((len(one.signature) for one in others), dtype=np.int64, count=len(others))
    worth = np.flatnonzero(_worth_a_look(len(candidate.signature), sizes, alike, policy))
    others, alike = [others[int(n)] for n in worth], alike[worth]
    metres = _distances(candidate, others)
    found = []
    for one, similar, distance in zip(others, alike.tolist(), metres.tolist(), strict=True):
        suspect = _suspect(candidate, one, similar, None if isnan(distance) else distance, policy)
        if suspect is not None:
            found.append(suspect)
    return sorted(found, key=lambda suspect: (-suspect.score, suspect.id))[: policy.limit]


def worth_a_look(
    signature: Signature, stored: Sequence[bytes], policy: TwinPolicy = DEFAULT_POLICY
) -> list[int]:
    """Return which stored signatures a text is alike enough to, or too short to tell, for `find_twins`.

    The rest are no twins wherever they lie; most of what a database gives need not be read at all.
    """
    alike = similarities_to_stored(signature, stored)
    sizes = np.fromiter((len(one) // 2 for one in stored), dtype=np.int64, count=len(stored))
    found: list[int] = np.flatnonzero(_worth_a_look(len(signature), sizes, alike, policy)).tolist()
    return found


def _worth_a_look(
    size: int, sizes: npt.NDArray[np.int64], alike: Floats, policy: TwinPolicy
) -> npt.NDArray[np.bool_]:
    """Return for each of the others whether `_text_reason` could find a reason."""
    least = min(policy.min_similarity, policy.same_text_from)
    found: npt.NDArray[np.bool_] = (alike >= least) | (np.minimum(sizes, size) < policy.few_pieces)
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


def _suspect(
    a: TwinInput, b: TwinInput, similar: float, distance: float | None, policy: TwinPolicy
) -> TwinSuspect | None:
    """Return the suspicion that a and b are twins, or None."""
    item = _item_reason(a, b)
    place = _place_reason(a, b, distance, policy)
    if place == "elsewhere":
        return None
    few_pieces = min(len(a.signature), len(b.signature)) < policy.few_pieces
    close = distance is not None and distance <= policy.close_metres
    text = _text_reason(similar, item, policy, few_pieces=few_pieces, close=close)
    if text is None or (text != "same_text" and (place is None or item == "other")):
        return None
    if place is None:
        closeness = 0.0
    else:
        closeness = 0.5 if distance is None else 1 - 0.5 * min(1.0, distance / policy.within_metres)
    kinship = {"same_item": 1.0, "same_group": 0.6, "other": 0.0, "unknown": 0.3}[item]
    score = 0.55 * sqrt(min(1.0, similar)) + 0.25 * closeness + 0.2 * kinship
    reasons: list[TwinReason] = [text]
    if item in ("same_item", "same_group"):
        reasons.insert(0, item)
    if place is not None:
        reasons.append(place)
    return TwinSuspect(
        b.id,
        round(score, _SCORE_DIGITS),
        round(similar, _SCORE_DIGITS),
        None if distance is None else round(distance, 1),
        tuple(reasons),
    )


def _item_reason(a: TwinInput, b: TwinInput) -> Literal["same_item", "same_group", "other", "unknown"]:
    if a.item_code is not None and a.item_code == b.item_code:
        return "same_item"
    if a.level2 is None or b.level2 is None:
        return "unknown"
    return "same_group" if a.level2 == b.level2 else "other"


def _place_reason(
    a: TwinInput, b: TwinInput, distance: float | None, policy: TwinPolicy
) -> Literal["near", "same_area", "elsewhere"] | None:
    """Return how the places agree; None when one of them has no place that could be compared."""
    if distance is not None:
        return "near" if distance <= policy.within_metres else "elsewhere"
    depth = policy.area_depth
    common = min(len(a.area_path), len(b.area_path), depth)
    if a.area_path[:common] != b.area_path[:common]:
        return "elsewhere"
    return "same_area" if common == depth else None


def _text_reason(
    similar: float, item: str, policy: TwinPolicy, *, few_pieces: bool, close: bool
) -> Literal["same_text", "similar_text", "short_text"] | None:
    if similar >= policy.same_text_from:
        return "same_text"
    if few_pieces:
        return "short_text" if close and item == "same_item" else None
    needed = policy.min_similarity * (_UNKNOWN_ITEM_FACTOR if item == "unknown" else 1)
    return "similar_text" if similar >= needed else None


def find_twins_many(
    appeals: Iterable[TwinInput], policy: TwinPolicy = DEFAULT_POLICY, *, max_compared: int = 200
) -> dict[str, list[TwinSuspect]]:
    """Return for each appeal its likeliest *earlier* twins among those given, if it has any.

    Meant for imports: appeals are compared only within the same group of items and the same or the
    next cell of a grid of `within_metres` (or the same area), with at most the `max_compared` latest
    before them, so that the cost grows with the number of appeals and not with its square.
    """
    blocks: dict[tuple[str, ...], list[TwinInput]] = defaultdict(list)
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


def _block_keys(appeal: TwinInput, policy: TwinPolicy, *, around: bool) -> Iterator[tuple[str, ...]]:
    """Yield the blocks an appeal is filed under, or (`around`) those its twins may be filed under."""
    group = appeal.level2 or ""
    if appeal.lat is not None and appeal.lon is not None:
        # Cells are as wide as the distance everywhere south and north of here, so neighbours suffice.
        band = floor(appeal.lat * _METRES_PER_DEGREE / policy.within_metres)
        reach = (-1, 0, 1) if around else (0,)
        for up in reach:
            latitude = (band + up + 0.5) * policy.within_metres / _METRES_PER_DEGREE
            width = policy.within_metres / (_METRES_PER_DEGREE * max(cos(radians(latitude)), 0.01))
            for side in reach:
                yield ("cell", group, str(band + up), str(floor(appeal.lon / width) + side))
    if len(appeal.area_path) >= policy.area_depth:
        yield ("area", group, *appeal.area_path[: policy.area_depth])
    for piece in appeal.signature.pieces[:_TEXT_KEYS]:  # the smallest hashes: alike texts share one of them
        yield ("text", str(piece))
