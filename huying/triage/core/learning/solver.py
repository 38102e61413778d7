"""Ridge regression over many texts and features, all labels and hold-out rounds in one go."""

from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

Floats: TypeAlias = npt.NDArray[np.float32]
Matrix: TypeAlias = Any  # scipy.sparse.csr_matrix ships no types

_MOST_STEPS: Final = 120
_STILL: Final = 3e-3


def solve(rows: Matrix, targets: Floats, penalties: Floats, known: npt.NDArray[np.bool_]) -> Floats:
    """Return the dual weights (texts, labels, rounds) of ridge regressions that share their texts.

    Solves (X X' + diag(penalties)) A = targets over the `known` texts of each round (texts, rounds); the
    others get 0. Shapes: `rows` X (texts, features), `targets` (texts, labels), `penalties` (texts,), all
    above 0. By conjugate gradients (Hestenes and Stiefel 1952) scaled by the diagonal, without ever forming
    X X', until every residual is three thousandths of what it was. Nothing in it is random or depends on the
    number of threads.
    """
    texts, labels = targets.shape
    rounds = known.shape[1]
    mask = np.repeat(known, labels, axis=1).astype(np.float32)
    left = np.tile(targets, rounds) * mask
    diagonal = (1 + penalties)[:, None]
    solution = np.zeros_like(left)
    rows = _common_first(rows)
    columns = rows.T.tocsr()
    scaled = left / diagonal
    direction = scaled.copy()
    heat = _dots(left, scaled)
    enough = _STILL**2 * np.maximum(_dots(left, left), 1e-12)
    for _ in range(_MOST_STEPS):
        pushed = (rows @ (columns @ direction) + penalties[:, None] * direction) * mask
        step = heat / np.maximum(_dots(direction, pushed), 1e-20)
        solution += step * direction
        left -= step * pushed
        if (_dots(left, left) <= enough).all():
            break
        scaled = left / diagonal
        next_heat = _dots(left, scaled)
        direction = scaled + (next_heat / np.maximum(heat, 1e-20)) * direction
        heat = next_heat
    result: Floats = solution.reshape(texts, rounds, labels).transpose(0, 2, 1)
    return result


def _common_first(rows: Matrix) -> Matrix:
    """Return the same rows with common features in front: what is read most then lies together in memory."""
    order = np.argsort(-np.bincount(rows.indices, minlength=rows.shape[1]), kind="stable")
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    moved = sparse.csr_matrix((rows.data.copy(), place[rows.indices], rows.indptr), shape=rows.shape)
    moved.sort_indices()
    return moved


def _dots(a: Floats, b: Floats) -> Floats:
    """Return the inner product of each pair of columns."""
    products: Floats = np.einsum("ij,ij->j", a, b)
    return products
