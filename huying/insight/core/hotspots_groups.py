"""Joins tellings into groups that agree in place and in cause, on average over all their pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    import numpy.typing as npt

    from .hotspots_gather import Ints
    from .hotspots_lexicon import Floats, Matrix, Profiles

_BLOCK: Final = 100_000


def grouped(profiles: Profiles, pairs: Ints, join: float) -> Ints:
    """Return the group of each row: groups join while their agreement is at least `join`.

    The agreement of two groups is the geometric mean of how their places and how their causes agree, each
    averaged over all pairs between them (average linkage, Sokal and Michener 1958; exact, because a mean of
    products is a product of sums). In every round those join that are each other's best, which gives the
    same groups whatever the order of the rows; only groups that some candidate pair links are looked at.
    """
    labels = np.arange(profiles.places.shape[0])
    while len(pairs):
        count = int(labels.max()) + 1
        ends = np.sort(labels[pairs], axis=1)
        apart = ends[:, 0] != ends[:, 1]
        pairs, ends = pairs[apart], ends[apart]
        linked, of_pair = np.unique(ends[:, 0] * count + ends[:, 1], return_inverse=True)
        first, second = linked // count, linked % count
        agreed = _agreement(profiles, labels, count, first, second)
        enough = agreed >= join
        pairs = pairs[enough[of_pair]]
        mutual = _each_others_best(count, first[enough], second[enough], agreed[enough])
        if not len(mutual):
            break
        into = np.arange(count)
        into[mutual[:, 1]] = mutual[:, 0]
        labels = np.unique(into[labels], return_inverse=True)[1]
    return labels


def sums(rows: Matrix | Floats, labels: Ints, count: int) -> Matrix:
    """Return the rows added up by group."""
    size = len(labels)
    members = sparse.csr_matrix(
        (np.ones(size, dtype=np.float32), (labels, np.arange(size))), shape=(count, size), dtype=np.float32
    )
    return members @ rows


def _agreement(
    profiles: Profiles, labels: Ints, count: int, first: Ints, second: Ints
) -> npt.NDArray[np.float32]:
    places, causes = sums(profiles.places, labels, count), sums(profiles.causes, labels, count)
    sizes = np.bincount(labels, minlength=count).astype(np.float32)
    agreed = np.empty(len(first), dtype=np.float32)
    for start in range(0, len(first), _BLOCK):
        one, two = first[start : start + _BLOCK], second[start : start + _BLOCK]
        place = np.asarray(places[one].multiply(places[two]).sum(axis=1)).ravel()
        cause = np.einsum("ij,ij->i", causes[one], causes[two])
        product = np.maximum(place, 0) * np.maximum(cause, 0)
        agreed[start : start + _BLOCK] = np.sqrt(product) / (sizes[one] * sizes[two])
    return np.round(agreed, 5)


def _each_others_best(count: int, first: Ints, second: Ints, agreed: npt.NDArray[np.float32]) -> Ints:
    """Return pairs of groups of which each is the other's best; of equals the one that comes first."""
    one, two = np.concatenate([first, second]), np.concatenate([second, first])
    both = np.concatenate([agreed, agreed])
    order = np.lexsort((two, -both, one))
    one, two = one[order], two[order]
    foremost = np.flatnonzero(np.diff(one, prepend=-1))
    best = np.full(count, -1, dtype=np.int64)
    best[one[foremost]] = two[foremost]
    chosen = np.flatnonzero(best >= 0)
    mutual = chosen[(best[best[chosen]] == chosen) & (chosen < best[chosen])]
    return np.stack([mutual, best[mutual]], axis=1)
