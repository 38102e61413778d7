"""Settles which telling belongs to which matter by its affinity, and joins matters told in two ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import sparse

from .hotspots_groups import sums

if TYPE_CHECKING:
    import numpy.typing as npt

    from .hotspots_gather import Ints
    from .hotspots_lexicon import Floats, Matrix, Profiles
    from .hotspots_told import Settings

_ROUNDS: Final = 3
_TINY: Final = 1e-9
_BLOCK: Final = 200_000
_ROWS: Final = 50_000
_SOFT: Final = 0.1  # keys that say less of a matter bring nobody to it
_COMMON: Final = 200  # nor do keys, of a whole quarter, that more matters have
_STAY: Final = 0.03  # another matter must be nearer by this much to take a member away


def settled(profiles: Profiles, labels: Ints, settings: Settings) -> Ints:
    """Return the matter of each row, -1 for none; numbered from 0 in the order of their first rows.

    What `hotspots_profile.affinity` tells one by one is computed here for all at once; of a matter it is
    in itself, a telling is compared with the other members alone.
    """
    matters = _renumbered(labels, settings.least_members)
    for _ in range(_ROUNDS):
        before = matters
        matters = _merged(profiles, matters, settings.merge)
        matters = _assigned(profiles, matters, settings.belong)
        matters = _renumbered(matters, settings.least_members)
        if np.array_equal(matters, before):
            break
    return matters


def _renumbered(labels: Ints, least: int) -> Ints:
    """Return labels with groups below `least` members gone (-1), numbered by their first rows."""
    numbers = np.full(len(labels), -1, dtype=np.int64)
    inside = np.flatnonzero(labels >= 0)
    if not len(inside):
        return numbers
    _, first, group, sizes = np.unique(
        labels[inside], return_index=True, return_inverse=True, return_counts=True
    )
    kept = np.flatnonzero(sizes >= least)
    order = kept[np.argsort(first[kept])]
    number = np.full(len(sizes), -1, dtype=np.int64)
    number[order] = np.arange(len(order))
    numbers[inside] = number[group]
    return numbers


class _Centres:
    """The profiles of matters as directions of length 1, and what is needed to leave one member out."""

    def __init__(self, profiles: Profiles, matters: Ints) -> None:
        self.count = int(matters.max(initial=-1)) + 1
        inside = np.flatnonzero(matters >= 0)
        self.place_sums: Matrix = sums(profiles.places[inside], matters[inside], self.count).tocsr()
        self.cause_sums: Floats = sums(profiles.causes[inside], matters[inside], self.count)
        squares = np.asarray(self.place_sums.multiply(self.place_sums).sum(axis=1)).ravel()
        self.place_lengths = np.sqrt(np.maximum(squares, _TINY))
        self.cause_lengths = np.maximum(np.linalg.norm(self.cause_sums, axis=1), _TINY)

    def places(self) -> Matrix:
        """Return the directions of places, without the keys that bring nobody."""
        scaled = (sparse.diags((1 / self.place_lengths).astype(np.float32)) @ self.place_sums).tocsr()
        scaled.data[scaled.data < _SOFT] = 0
        scaled.eliminate_zeros()
        matters = np.bincount(scaled.indices, minlength=scaled.shape[1])
        scaled.data[matters[scaled.indices] > _COMMON] = 0
        scaled.eliminate_zeros()
        return scaled


def _assigned(profiles: Profiles, matters: Ints, belong: float) -> Ints:
    centres = _Centres(profiles, matters)
    if not centres.count:
        return matters
    bringing = centres.places().T.tocsr()
    found = np.full(len(matters), -1, dtype=np.int64)
    for start in range(0, len(matters), _ROWS):
        block = matters[start : start + _ROWS]
        at_home = np.flatnonzero(block >= 0)
        shape = (len(block), centres.count)
        home = sparse.csr_matrix((np.ones(len(at_home)), (at_home, block[at_home])), shape=shape)
        met = (profiles.places[start : start + _ROWS] @ bringing + home).tocoo()
        rows, homes = met.row.astype(np.int64) + start, met.col.astype(np.int64)
        own = matters[rows] == homes
        near = _affinities(profiles, centres, rows, homes, own=own)
        near = np.where(own, near + np.float32(_STAY), near)
        enough = near >= belong
        rows, homes, near = rows[enough], homes[enough], near[enough]
        order = np.lexsort((homes, -near, rows))
        rows, homes = rows[order], homes[order]
        first = np.flatnonzero(np.diff(rows, prepend=-1))
        found[rows[first]] = homes[first]
    return found


def _affinities(
    profiles: Profiles, centres: _Centres, rows: Ints, homes: Ints, *, own: npt.NDArray[np.bool_]
) -> Floats:
    """Return the affinity of each row to each matter; of its `own` without itself."""
    near = np.zeros(len(rows), dtype=np.float32)
    for start in range(0, len(rows), _BLOCK):
        block = slice(start, start + _BLOCK)
        row, home, mine = rows[block], homes[block], own[block]
        place = np.asarray(profiles.places[row].multiply(centres.place_sums[home]).sum(axis=1)).ravel()
        cause = np.einsum("ij,ij->i", profiles.causes[row], centres.cause_sums[home])
        place_agreed = _without_itself(place, centres.place_lengths[home], mine)
        cause_agreed = _without_itself(cause, centres.cause_lengths[home], mine)
        near[block] = np.sqrt(np.minimum(place_agreed * cause_agreed, 1.0))
    return np.round(near, 5)


def _without_itself(product: Floats, length: Floats, mine: npt.NDArray[np.bool_]) -> Floats:
    """Return the cosine of rows with sums, of `mine` with the sum of the others.

    |sum - row|^2 = |sum|^2 - 2 sum.row + 1, and (sum - row).row = sum.row - 1, for rows of length 1.
    """
    rest = np.sqrt(np.maximum(length**2 - 2 * product + 1, _TINY))
    cosine = np.maximum(product - mine, 0) / np.where(mine, rest, length)
    return cosine.astype(np.float32)


def _merged(profiles: Profiles, matters: Ints, merge: float) -> Ints:
    """Return matters with those joined whose profiles are nearly the same, the nearest first."""
    centres = _Centres(profiles, matters)
    if not centres.count:
        return matters
    directions = centres.places()
    met = sparse.triu(directions @ directions.T, k=1).tocoo()
    first, second = met.row.astype(np.int64), met.col.astype(np.int64)
    unit = centres.cause_sums / centres.cause_lengths[:, None]
    cause = np.concatenate(
        [
            np.einsum("ij,ij->i", unit[first[at : at + _BLOCK]], unit[second[at : at + _BLOCK]])
            for at in range(0, max(len(first), 1), _BLOCK)
        ]
    )
    near = np.sqrt(np.maximum(met.data, 0) * np.maximum(cause, 0))
    enough = np.flatnonzero(near >= merge)
    into, taken = np.arange(centres.count), np.zeros(centres.count, dtype=bool)
    for at in enough[np.lexsort((second[enough], first[enough], -near[enough]))]:
        one, two = first[at], second[at]
        if not taken[one] and not taken[two]:
            into[two] = one
            taken[one] = taken[two] = True
    found = matters.copy()
    inside = matters >= 0
    found[inside] = into[matters[inside]]
    return found
