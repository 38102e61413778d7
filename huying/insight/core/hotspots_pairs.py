"""Chooses which tellings are worth comparing: those that share a place, near in time or in meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .hotspots_gather import Ints
    from .hotspots_lexicon import Matrix, Profiles

_ALL_UP_TO: Final = 60
"""All pairs of a key this rare are compared; of a commoner one each telling meets its nearest only."""
_NEAREST: Final = 16
_LOUD: Final = 0.15  # a key that says less about its telling brings it to nobody
_BLOCK: Final = 2_000_000


def candidate_pairs(profiles: Profiles, moments: Ints) -> Iterator[Ints]:
    """Yield blocks of pairs of rows (first below second); their number grows with the rows alone.

    No pair is twice in a block, but those who share several keys may meet again in another one.
    """
    spoken = profiles.places.copy()
    spoken.data[spoken.data < _LOUD] = 0
    spoken.eliminate_zeros()
    held = spoken.tocsc()
    held.sort_indices()
    theme = np.argmax(np.abs(profiles.causes), axis=1) if profiles.causes.size else np.zeros(len(moments))
    orders = (_rank(np.lexsort((moments,))), _rank(np.lexsort((moments, theme))))
    waiting: list[Ints] = []
    for codes in _found(held, orders):
        waiting.append(codes)
        if sum(map(len, waiting)) >= _BLOCK:
            yield _once(waiting, len(moments))
            waiting = []
    if waiting:
        yield _once(waiting, len(moments))


def distinct(codes: Ints) -> Ints:
    """Return numbers in order, each once; the numbers given are sorted in their place."""
    codes.sort()
    return codes[np.flatnonzero(np.diff(codes, prepend=-1))]


def _found(held: Matrix, orders: Iterable[Ints]) -> Iterator[Ints]:
    """Yield pairs by the keys they share, each as one number: first x rows + second."""
    rows, sizes = held.shape[0], np.diff(held.indptr)
    for size in range(2, _ALL_UP_TO + 1):
        columns = np.flatnonzero(sizes == size)
        one, two = np.triu_indices(size, 1)
        step = max(1, _BLOCK // len(one))
        for start in range(0, len(columns), step):
            begins = held.indptr[columns[start : start + step], None]
            inside = held.indices[begins + np.arange(size)].astype(np.int64)
            yield (inside[:, one] * rows + inside[:, two]).ravel()
    for column in np.flatnonzero(sizes > _ALL_UP_TO):
        inside = held.indices[held.indptr[column] : held.indptr[column + 1]].astype(np.int64)
        for order in orders:
            row = inside[np.argsort(order[inside], kind="stable")]
            for step in range(1, _NEAREST + 1):
                one, two = row[:-step], row[step:]
                yield np.minimum(one, two) * rows + np.maximum(one, two)


def _once(codes: list[Ints], rows: int) -> Ints:
    once = distinct(np.concatenate(codes))
    return np.stack([once // rows, once % rows], axis=1)


def _rank(order: Ints) -> Ints:
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank
