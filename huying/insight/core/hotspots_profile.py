"""What one telling is about, small enough to be stored, and how near it is to a matter already known.

The live side keeps a `Profile` with each appeal and a `MatterProfile` with each matter, and asks `affinity`
for the matters that share a key with a new appeal. `profile` needs the lexicon of the last full pass. The
full pass settles its members by the same affinity, so both agree.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from .hotspots_lexicon import Lexicon

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .hotspots_lexicon import Floats
    from .hotspots_told import Telling

MOST_KEYS: Final = 64
"""A matter keeps its loudest keys only."""
_BLANK: Final = Lexicon.blank()
_TINY: Final = 1e-9
_LOUD: Final = 0.1  # a key that says less of its telling brings it to no matter, as in `hotspots_settle`
_HEAD: Final = 4  # bytes that tell how long the places are


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """What a telling is about: weights of its place keys (length 1) and its direction among the meanings.

    Keys are `n:` names, `c:` place codes, `g:` corners of a grid around a point, `w:` rare words of a title.
    """

    places: Mapping[str, float]
    cause: Floats

    def to_json(self) -> dict[str, Any]:
        """Return the profile as a JSON-able dict of about half a kilobyte."""
        places = {key: round(weight, 4) for key, weight in self.places.items()}
        return {"places": places, "cause": _packed(self.cause)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Profile:
        """Read back what `to_json` wrote."""
        return cls(dict(stored["places"]), _unpacked(stored["cause"]))

    def to_bytes(self) -> bytes:
        """Return the profile as bytes, for tables with many of them."""
        return _bytes_of(self.places, self.cause)

    @classmethod
    def from_bytes(cls, stored: bytes) -> Profile:
        """Read back what `to_bytes` wrote."""
        return cls(*_from_bytes(stored))

    def loud_keys(self) -> list[str]:
        """Return the keys by which matters are looked for: those that say enough of the telling."""
        return [key for key, weight in self.places.items() if weight >= _LOUD]


@dataclass(frozen=True, slots=True, eq=False)
class MatterProfile:
    """What a matter's members are about, added up; it grows by one with `joined_by`."""

    places: Mapping[str, float]
    cause: Floats
    count: int

    @classmethod
    def of(cls, members: Iterable[Profile]) -> MatterProfile:
        """Return the profile of a matter with these members; there must be one at least."""
        first, *others = members
        matter = cls(dict(first.places), first.cause, 1)
        for member in others:
            matter = matter.joined_by(member)
        return matter

    def joined_by(self, member: Profile) -> MatterProfile:
        """Return the matter with one member more."""
        places = dict(self.places)
        for key, weight in member.places.items():
            places[key] = places.get(key, 0.0) + weight
        loudest = sorted(places.items(), key=lambda item: (-item[1], item[0]))[:MOST_KEYS]
        return MatterProfile(dict(loudest), self.cause + member.cause, self.count + 1)

    def keys(self, least: float = 0.2) -> list[str]:
        """Return the keys to file the matter under: those with at least this share of the loudest."""
        most = max(self.places.values(), default=0.0)
        return [key for key, weight in self.places.items() if weight >= least * most]

    def to_json(self) -> dict[str, Any]:
        """Return the profile as a JSON-able dict."""
        places = {key: round(weight, 4) for key, weight in self.places.items()}
        return {"places": places, "cause": _packed(self.cause), "count": self.count}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> MatterProfile:
        """Read back what `to_json` wrote."""
        return cls(dict(stored["places"]), _unpacked(stored["cause"]), int(stored["count"]))

    def to_bytes(self) -> bytes:
        """Return the profile as bytes, without its count."""
        return _bytes_of(self.places, self.cause)

    @classmethod
    def from_bytes(cls, stored: bytes, count: int) -> MatterProfile:
        """Read back what `to_bytes` wrote of a matter of `count` members."""
        return cls(*_from_bytes(stored), count)


def profile(telling: Telling, lexicon: Lexicon | None = None) -> Profile:
    """Return what a telling is about, in about a millisecond; without a lexicon more roughly."""
    found = (lexicon or _BLANK).profiles([telling])
    row = found.places.tocoo()
    places = {found.keys[column]: float(weight) for column, weight in zip(row.col, row.data, strict=True)}
    return Profile(places, found.causes[0])


def profiles_of(tellings: Sequence[Telling], lexicon: Lexicon) -> list[Profile]:
    """Return what many tellings are about, each as `profile` tells it, in a part of the time."""
    found = lexicon.profiles(tellings)
    rows, keys = found.places.tocsr(), found.keys
    told = []
    for row, cause in enumerate(found.causes):
        inside = slice(rows.indptr[row], rows.indptr[row + 1])
        columns, weights = rows.indices[inside].tolist(), rows.data[inside].tolist()
        places = {keys[column]: weight for column, weight in zip(columns, weights, strict=True)}
        told.append(Profile(places, cause))
    return told


def affinity(one: Profile, matter: MatterProfile) -> float:
    """Return how near a telling is to a matter, 0 to 1: the geometric mean of place and cause agreement.

    From `Settings.belong` on it is taken as a member. Either side without a place, or without a word that
    is known, gives 0. Both must come from the same lexicon.
    """
    shared = sum(weight * matter.places.get(key, 0.0) for key, weight in one.places.items())
    if shared <= 0:
        return 0.0
    length = sqrt(sum(weight * weight for weight in matter.places.values()))
    place = shared / max(length, _TINY)
    cause = float(one.cause @ matter.cause) / max(float(np.linalg.norm(matter.cause)), _TINY)
    return sqrt(min(1.0, place) * min(1.0, cause)) if cause > 0 else 0.0


def _packed(cause: Floats) -> str:
    return b64encode(cause.astype("<f2").tobytes()).decode("ascii")


def _unpacked(stored: str) -> Floats:
    return np.frombuffer(b64decode(stored), dtype="<f2").astype(np.float32)


def _bytes_of(places: Mapping[str, float], cause: Floats) -> bytes:
    rounded = {key: round(weight, 4) for key, weight in places.items()}
    written = json.dumps(rounded, ensure_ascii=False, separators=(",", ":")).encode()
    return len(written).to_bytes(_HEAD, "big") + written + cause.astype("<f2").tobytes()


def _from_bytes(stored: bytes) -> tuple[dict[str, float], Floats]:
    until = _HEAD + int.from_bytes(stored[:_HEAD], "big")
    cause = np.frombuffer(stored, dtype="<f2", offset=until).astype(np.float32)
    return json.loads(stored[_HEAD:until]), cause
