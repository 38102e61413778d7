"""Joins tellings into groups that agree in place and in cause, on average over all their pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .hotspots_pairs import distinct

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .hotspots_gather import Ints
    from .hotspots_lexicon import Floats, Matrix, Profiles

Agreed: TypeAlias = npt.NDArray[np.float32]

_BLOCK: Final = 100_000
_MARGIN: Final = 1e-3  # what rounding may add to an agreement of places, which is 1 at most


def grouped(profiles: Profiles, candidates: Iterable[Ints], join: float) -> Ints:
    """Return the group of each row, called by its first; groups join while they agree at least `join`.

    The agreement of two groups is the geometric mean of how their places and how their causes agree, each
    averaged over all pairs between them (average linkage, Sokal and Michener 1958; exact, because a mean of
    products is a product of sums). In every round those join that are each other's best, which gives the
    same groups whatever the order of the rows; only groups that some candidate pair links are looked at, and
    only what changed is compared again.
    """
    groups = _Groups(profiles, join)
    count = len(groups.sizes)
    links, agreed = groups.linked(pairs[:, 0] * count + pairs[:, 1] for pairs in candidates)
    labels = np.arange(count)
    while len(links):
        mutual = _each_others_best(count, links, agreed)
        into = groups.joined(mutual)
        labels = into[labels]
        changed = np.zeros(count, dtype=bool)
        changed[mutual.ravel()] = True
        one, two = links // count, links % count
        touched = changed[one] | changed[two]
        one, two = into[one[touched]], into[two[touched]]
        apart = one != two
        again = distinct((np.minimum(one, two) * count + np.maximum(one, two))[apart])
        again, told = groups.linked([again])
        links = np.concatenate([links[~touched], again])
        agreed = np.concatenate([agreed[~touched], told])
    return labels


def sums(rows: Matrix | Floats, labels: Ints, count: int) -> Matrix:
    """Return the rows added up by group."""
    size = len(labels)
    members = sparse.csr_matrix(
        (np.ones(size, dtype=np.float32), (labels, np.arange(size))), shape=(count, size), dtype=np.float32
    )
    return members @ rows


class _Groups:
    """Sums of the places and causes of groups, each in the row of its first member."""

    def __init__(self, profiles: Profiles, join: float) -> None:
        self._places, self._causes = profiles.places, profiles.causes.copy()
        self._join = join
        self.sizes = np.ones(len(self._causes), dtype=np.float32)

    def linked(self, blocks: Iterable[Ints]) -> tuple[Ints, Agreed]:
        """Return those of the links (first x groups + second) that agree enough to join, and how much."""
        links, agreed = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.float32)]
        for block in blocks:
            for start in range(0, len(block), _BLOCK):
                part = block[start : start + _BLOCK]
                told = self._agreed(part)
                links.append(part[told >= self._join])
                agreed.append(told[told >= self._join])
        once, first = np.unique(np.concatenate(links), return_index=True)
        return once, np.concatenate(agreed)[first]

    def _agreed(self, links: Ints) -> Agreed:
        """Return how the groups of each link agree; 0 where causes are too far apart whatever the places."""
        one, two = links // len(self.sizes), links % len(self.sizes)
        pairs = self.sizes[one] * self.sizes[two]
        cause = np.einsum("ij,ij->i", self._causes[one], self._causes[two])
        near = np.flatnonzero(cause >= (self._join**2 - _MARGIN) * pairs)
        place = np.asarray(self._places[one[near]].multiply(self._places[two[near]]).sum(axis=1)).ravel()
        agreed = np.zeros(len(links), dtype=np.float32)
        agreed[near] = np.sqrt(np.maximum(place, 0) * np.maximum(cause[near], 0)) / pairs[near]
        return np.round(agreed, 5)

    def joined(self, pairs: Ints) -> Ints:
        """Add the second group of each pair to the first; return where each group went."""
        one, two = pairs[:, 0], pairs[:, 1]
        into = np.arange(len(self.sizes))
        into[two] = one
        self._causes[one] += self._causes[two]
        self._places = sums(self._places, into, len(into))
        self.sizes[one] += self.sizes[two]
        return into


def _each_others_best(count: int, links: Ints, agreed: Agreed) -> Ints:
    """Return pairs of groups of which each is the other's best; of equals the one that comes first."""
    first, second = links // count, links % count
    most = np.zeros(count, dtype=np.float32)
    best = np.full(count, count, dtype=np.int64)
    for one in (first, second):
        np.maximum.at(most, one, agreed)
    for one, two in ((first, second), (second, first)):
        foremost = agreed == most[one]
        np.minimum.at(best, one[foremost], two[foremost])
    chosen = np.flatnonzero(best < count)
    mutual = chosen[(best[best[chosen]] == chosen) & (chosen < best[chosen])]
    return np.stack([mutual, best[mutual]], axis=1)
