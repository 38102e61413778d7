"""Hot spots: matters (same place or object, same cause) that draw more appeals than expected.

    spots = find(tellings)                      # hottest first

The way reads so. `hotspots_lexicon` learns from the tellings which runs of characters are names, how rare
each is and which words mean alike, and makes a profile of each telling: its place (names, codes, a point) and
its cause. `hotspots_pairs` chooses which are worth comparing, `hotspots_groups` joins those that agree in
both, `hotspots_settle` gives every telling to the matter it is nearest to. `hotspots_heat` says how
surprising a matter is, `hotspots_stage` where it stands; `hotspots_titles` and `hotspots_evidence` put it in
words.

Live, one new appeal is matched without a pass over the rest:

    lexicon, _ = Lexicon.learn(tellings)        # nightly; kept as lexicon.to_bytes()
    seen = profile(telling, lexicon)            # kept with the appeal as seen.to_json()
    matter = MatterProfile.of(profiles_of_members)    # kept with the matter, filed under matter.keys()
    affinity(seen, matter) >= DEFAULT.belong    # the same matter?

`hotspots_live` chooses among several so, and makes a matter of loose tellings.

Plain Python: no Django, no database, no clock. The same tellings give the same hot spots in whatever order.
"""

from __future__ import annotations

from hashlib import blake2s
from typing import TYPE_CHECKING

import numpy as np

from .hotspots_evidence import evidence_of
from .hotspots_groups import grouped
from .hotspots_heat import Baseline, clarity_of, voices_of, weekly
from .hotspots_lexicon import Lexicon
from .hotspots_live import belonging, nearest, together
from .hotspots_pairs import candidate_pairs
from .hotspots_profile import MatterProfile, Profile, affinity, profile, profiles_of
from .hotspots_settle import settled
from .hotspots_stage import growth_of, stage_of
from .hotspots_titles import category_of, place_of, title_of
from .hotspots_told import DEFAULT, HotSpot, Settings, Stage, Telling

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from .hotspots_heat import Heat
    from .hotspots_lexicon import Matrix

__all__ = [
    "DEFAULT",
    "HotSpot",
    "Lexicon",
    "MatterProfile",
    "Profile",
    "Settings",
    "Stage",
    "Telling",
    "affinity",
    "belonging",
    "find",
    "nearest",
    "profile",
    "profiles_of",
    "together",
]


def find(
    tellings: Iterable[Telling], *, settings: Settings = DEFAULT, lexicon: Lexicon | None = None
) -> list[HotSpot]:
    """Return the hot spots among the tellings, hottest first; no telling is in two.

    Of tellings with one id the first in time is taken. `now` for the stages is the latest telling. With the
    `lexicon` by which they were matched live they are read as they were then; else one is learnt from them.
    """
    told = _once(tellings)
    if not told:
        return []
    if lexicon is None:
        lexicon, profiles = Lexicon.learn(told, settings)
    else:
        profiles = lexicon.profiles(told)
    moments = np.array([int(one.moment.timestamp()) for one in told], dtype=np.int64)
    labels = grouped(profiles, candidate_pairs(profiles, moments), settings.join)
    matters = settled(profiles, labels, settings)
    baseline = Baseline(told)
    vocabulary, words = lexicon.vocabulary, profiles.words.tocsr()
    spots = []
    for rows in _rows_by_matter(matters):
        members, places, said = [told[row] for row in rows], profiles.places[rows], words[rows]
        heat = baseline.heat(voices_of(members), clarity_of(places, said))
        keys, cause = _summed(places, profiles.keys), _summed(said, vocabulary)
        spots.append(_told(members, heat, keys, cause, now=baseline.last))
    spots.sort(key=lambda spot: (-spot.heat, -spot.count, spot.id))
    return spots[: settings.most]


def _once(tellings: Iterable[Telling]) -> list[Telling]:
    kept: dict[str, Telling] = {}
    for one in sorted(tellings, key=lambda one: (one.moment, one.id, one.title, one.text)):
        kept.setdefault(one.id, one)
    return list(kept.values())


def _rows_by_matter(matters: np.ndarray) -> list[np.ndarray]:
    inside = np.flatnonzero(matters >= 0)
    order = inside[np.argsort(matters[inside], kind="stable")]
    return np.split(order, np.flatnonzero(np.diff(matters[order])) + 1) if len(order) else []


def _summed(rows: Matrix, names: Sequence[str]) -> dict[str, float]:
    """Return the names of the columns of some rows with their sums, those without any left out."""
    columns, places = np.unique(rows.indices, return_inverse=True)
    sums = np.bincount(places, rows.data, minlength=len(columns))
    return {names[column]: weight for column, weight in zip(columns, sums.tolist(), strict=True)}


def _told(
    members: Sequence[Telling],
    heat: Heat,
    keys: Mapping[str, float],
    cause: Mapping[str, float],
    *,
    now: datetime,
) -> HotSpot:
    voices = voices_of(members)
    place = place_of(members, keys)
    said = evidence_of(voices, len(members), heat, *place)
    moments, heard = [one.moment for one in members], [voice.at for voice in voices]
    return HotSpot(
        id=blake2s(members[0].id.encode(), digest_size=8).hexdigest(),
        title=title_of(members, place.name),
        place=place.name,
        category=category_of(members, cause, place.name),
        first_at=moments[0],
        last_at=moments[-1],
        count=len(members),
        appellants=len(voices),
        heat=heat.heat,
        growth=growth_of(heard, moments[-1]),
        stage=stage_of(heard, moments, now),
        members=tuple(one.id for one in members),
        evidence=tuple(one.sentence() for one in said),
        said=tuple(said),
        weeks=weekly(moments),
    )
