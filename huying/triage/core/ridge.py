"""Kernel ridge regression over few texts, with exact leave-out predictions at no extra fit."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]


class Ridge:
    """Scores of every item for a text, from the text's likeness to the texts of the catalogue.

    With K the likeness (cosine) of the n known texts to each other and Y their targets, the weights
    are A = (K + L)^-1 Y and the scores of a text with likenesses k are k A (Saunders, Gammerman and
    Vovk 1998); L is diagonal, so that some texts may be trusted less than others. Because the fit is
    linear, the scores as they would be without some of the known texts follow from the same inverse
    (block form of the PRESS formula, Allen 1974).
    """

    __slots__ = ("_inverse", "weights")

    def __init__(self, likeness: Floats, targets: Floats, softness: Floats) -> None:
        """Fit. Shapes: `likeness` (n, n), `targets` (n, items), `softness` (n,) greater than 0."""
        self._inverse: Floats = np.asarray(np.linalg.inv(likeness + np.diag(softness)), dtype=np.float64)
        self.weights: Floats = self._inverse @ targets

    def scores_without(self, likeness: Floats, left_out: Sequence[Ints]) -> Floats:
        """Return the scores of q texts with likeness (q, n), text i as if `left_out[i]` were unknown."""
        result = likeness @ self.weights
        for row, block in enumerate(left_out):
            inverse = self._inverse[:, block]
            correction = np.linalg.solve(inverse[block], self.weights[block])
            result[row] -= (likeness[row] @ inverse) @ correction
        return result
