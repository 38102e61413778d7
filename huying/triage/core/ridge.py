"""Kernel ridge regression over few texts, with exact leave-out predictions at no extra fit."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.linalg import lapack

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
Likeness: TypeAlias = npt.NDArray[np.float32] | npt.NDArray[np.float64]


class Ridge:
    """Scores of every item for a text, from the text's likeness to the texts of the catalogue.

    With K the likeness (cosine) of the n known texts to each other and Y their targets, the weights
    are A = (K + L)^-1 Y and the scores of a text with likenesses k are k A (Saunders, Gammerman and
    Vovk 1998); L is diagonal, so that some texts may be trusted less than others. Because the fit is
    linear, the scores as they would be without some of the known texts follow from the same inverse
    (block form of the PRESS formula, Allen 1974).
    """

    __slots__ = ("_inverse", "weights")

    def __init__(self, likeness: Likeness, targets: Floats, softness: Floats) -> None:
        """Fit. Shapes: `likeness` (n, n), used up here, `targets` (n, items), `softness` (n,) above 0.

        `likeness` in single precision is exact enough: the softness keeps the matrix well-conditioned.
        """
        likeness[np.diag_indices(len(likeness))] += softness
        self._inverse = _inverse(likeness)
        self.weights: Floats = (self._inverse @ targets.astype(likeness.dtype)).astype(np.float64)

    def scores_without(self, likeness: Floats, left_out: Sequence[Ints]) -> Floats:
        """Return the scores of q texts with likeness (q, n), text i as if `left_out[i]` were unknown."""
        result = likeness @ self.weights
        singles = np.array([row for row, block in enumerate(left_out) if len(block) == 1], dtype=np.int64)
        if len(singles):
            texts = np.array([left_out[row][0] for row in singles])
            inverse = self._inverse[texts].astype(np.float64)
            shares = np.einsum("ij,ij->i", inverse, likeness[singles]) / inverse[np.arange(len(texts)), texts]
            result[singles] -= shares[:, None] * self.weights[texts]
        for row, block in enumerate(left_out):
            if len(block) == 1:
                continue
            inverse = self._inverse[block].astype(np.float64)  # rows for columns: the inverse is symmetric
            correction = np.linalg.solve(inverse[:, block], self.weights[block])
            result[row] -= (inverse @ likeness[row]) @ correction
        return result


def _inverse(matrix: Likeness) -> Likeness:
    """Invert a symmetric positive matrix in its own memory (numpy's `inv` would need four times as much)."""
    factor, inverse = lapack.get_lapack_funcs(("potrf", "potri"), (matrix,))
    # The transpose of a symmetric matrix is itself, but laid out as LAPACK wants it.
    result, failed = factor(matrix.T, lower=1, overwrite_a=1)
    if not failed:
        result, failed = inverse(result, lower=1, overwrite_c=1)
    if failed:
        raise np.linalg.LinAlgError("the likeness matrix is not positive")
    for column in range(len(result)):
        result[column, column + 1 :] = result[column + 1 :, column]
    symmetric: Likeness = result
    return symmetric
