"""Chooses which tellings are worth comparing: those that share a place, near in time or in meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from .hotspots_gather import Ints
    from .hotspots_lexicon import Profiles

_ALL_UP_TO: Final = 60
"""All pairs of a key this rare are compared; of a commoner one each telling meets its nearest only."""
_NEAREST: Final = 16
_LOUD: Final = 0.15  # a key that says less about its telling brings it to nobody


def candidate_pairs(profiles: Profiles, moments: Ints) -> Ints:
    """Return pairs of rows (first below second, no repeats); their number grows with the rows alone."""
    spoken = profiles.places.copy()
    spoken.data[spoken.data < _LOUD] = 0
    spoken.eliminate_zeros()
    held = spoken.tocsc()
    held.sort_indices()
    theme = np.argmax(np.abs(profiles.causes), axis=1) if profiles.causes.size else np.zeros(len(moments))
    order_by_time = _rank(np.lexsort((moments,)))
    order_by_theme = _rank(np.lexsort((moments, theme)))
    found = [np.zeros((0, 2), dtype=np.int64)]
    for column in range(held.shape[1]):
        rows = held.indices[held.indptr[column] : held.indptr[column + 1]].astype(np.int64)
        if len(rows) < 2:  # noqa: PLR2004 - a pair
            continue
        if len(rows) <= _ALL_UP_TO:
            first, second = np.triu_indices(len(rows), 1)
            found.append(np.stack([rows[first], rows[second]], axis=1))
            continue
        for order in (order_by_time, order_by_theme):
            row = rows[np.argsort(order[rows], kind="stable")]
            found += [np.stack([row[:-step], row[step:]], axis=1) for step in range(1, _NEAREST + 1)]
    pairs = np.sort(np.concatenate(found), axis=1)
    count = max(len(moments), 1)
    once = np.unique(pairs[:, 0] * count + pairs[:, 1])
    return np.stack([once // count, once % count], axis=1)


def _rank(order: Ints) -> Ints:
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank
