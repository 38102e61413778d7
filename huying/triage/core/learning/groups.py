"""Finds texts that are nearly the same, so that none is learnt from and asked about at once."""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .features import Ints, spans_hashed

Bools: TypeAlias = npt.NDArray[np.bool_]

_PIECE: Final = 5  # letters
_COMMON: Final = 200  # a piece in more texts than this is a phrase of the trade
_BLOCK: Final = 1024


def near_duplicates(texts: Sequence[Sequence[str]], ids: Sequence[str], share: float = 0.5) -> Ints:
    """Return the group of each text (given as its words): texts nearly the same, or of one id, share one.

    Two texts are nearly the same when the runs of five characters they share are at least `share` of those of
    the shorter one (containment, Broder 1997). Kinship is passed on: if A is like B and B like C, all three
    are one group. Empty ids say nothing.
    """
    if not texts:
        return np.zeros(0, dtype=np.int64)
    pieces = _pieces(["".join(words) for words in texts])
    sizes = np.maximum(np.diff(pieces.indptr), 1)
    holders = np.bincount(pieces.indices, minlength=pieces.shape[1])
    pieces = pieces[:, (holders > 1) & (holders <= _COMMON)].tocsr()
    others = pieces.T.tocsr()
    first, second = _same_ids(ids)
    ones, twos = [first], [second]
    for start in range(0, len(texts), _BLOCK):
        shared = (pieces[start : start + _BLOCK] @ others).tocoo()
        rows, columns = shared.row.astype(np.int64) + start, shared.col.astype(np.int64)
        alike = (rows < columns) & (shared.data >= share * np.minimum(sizes[rows], sizes[columns]))
        ones.append(rows[alike])
        twos.append(columns[alike])
    # Loaded by those that learn, as above all others do not.
    from scipy.sparse.csgraph import connected_components

    one, two = np.concatenate(ones), np.concatenate(twos)
    graph = sparse.coo_matrix((np.ones(len(one)), (one, two)), shape=(len(texts), len(texts)))
    groups: Ints = connected_components(graph, directed=False)[1].astype(np.int64)
    return groups


def rounds_of(groups: Ints, rounds: int, seed: int) -> Ints:
    """Return the hold-out round (0 to rounds - 1) of each text; a group stays together.

    Groups are drawn by `seed`; the rounds hold nearly the same number of texts.
    """
    sizes = np.bincount(groups)
    order = np.random.default_rng(seed).permutation(len(sizes))
    before = np.cumsum(sizes[order]) - sizes[order]
    round_of_group = np.empty(len(sizes), dtype=np.int64)
    round_of_group[order] = np.minimum(before * rounds // max(len(groups), 1), rounds - 1)
    return round_of_group[groups]


def _same_ids(ids: Sequence[str]) -> tuple[Ints, Ints]:
    """Return pairs of texts with one id, enough to join all that have it."""
    last: dict[str, int] = {}
    pairs = []
    for place, one in enumerate(ids):
        if one and one in last:
            pairs.append((last[one], place))
        last[one] = place
    found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def _pieces(letters: Sequence[str]) -> Any:  # noqa: ANN401 - scipy.sparse ships no types
    """Return texts (rows) by the pieces they hold (columns), 1 or 0; a short text is one piece."""
    found = [np.unique(spans_hashed(text, _PIECE)) for text in letters]
    sizes = np.fromiter(map(len, found), dtype=np.int64, count=len(found))
    known, columns = np.unique(np.concatenate(found), return_inverse=True)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    shape = (len(found), len(known))
    return sparse.csr_matrix((np.ones(len(columns), dtype=np.float32), columns, starts), shape=shape)
