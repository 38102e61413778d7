"""Turns scores into honest confidences: the share of such suggestions that turned out right."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_STEPS: Final = 50
_STILL: Final = 1e-9
_PRIOR: Final = 1.0  # strength of the pull of the logistic weights towards 0
ENOUGH: Final = 40  # fewer judged texts than this say too little


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic curve from signs to a probability, and what it was measured on.

    `weights` has one number per sign plus the intercept at the end. `measured_on` counts the judged
    texts; 0 means that nothing could be measured, and `ceiling` then keeps the confidence low.
    """

    weights: tuple[float, ...]
    ceiling: float
    measured_on: int

    def confidence(self, signs: Floats) -> Floats:
        """Return the probability (q,) that a suggestion with the given signs (q, s) is right."""
        weights = np.asarray(self.weights)
        logits = np.clip(signs @ weights[:-1] + weights[-1], -30, 30)
        confidence: Floats = np.minimum(1 / (1 + np.exp(-logits)), self.ceiling)
        return confidence


def fit(signs: Floats, right: Floats, importance: Floats, *, ceiling: float) -> Calibration:
    """Fit the curve by Newton's method on signs (q, s), right (q,) of 0 and 1, importance (q,).

    Targets are drawn in a little, (n + 1) / (n + 2) for right and 1 / (n + 2) for wrong, as Platt 1999
    advises, so that a clean sweep of a small catalogue does not become certainty.
    """
    spread = np.maximum(signs.std(axis=0), _STILL)
    design = np.column_stack([signs / spread, np.ones(len(signs))])
    n_right, n_wrong = right.sum(), len(right) - right.sum()
    target = np.where(right > 0, (n_right + 1) / (n_right + 2), 1 / (n_wrong + 2))
    weights = np.zeros(design.shape[1])
    pull = np.diag([_PRIOR] * signs.shape[1] + [1e-6])
    for _ in range(_STEPS):
        probability = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        slope = design.T @ (importance * (target - probability)) - pull @ weights
        curvature = (design * (importance * probability * (1 - probability))[:, None]).T @ design + pull
        step = np.linalg.solve(curvature, slope)
        weights = weights + step
        if np.abs(step).max() < _STILL:
            break
    weights[:-1] /= spread
    return Calibration(tuple(round(float(weight), 6) for weight in weights), ceiling, len(signs))


@dataclass(frozen=True, slots=True)
class ThresholdFigure:
    """What deciding from a confidence on would mean: share of texts decided and share of those right."""

    threshold: float
    decided_share: float
    right_share: float


def table(
    confidence: Floats, right: Floats, importance: Floats, thresholds: Sequence[float]
) -> tuple[ThresholdFigure, ...]:
    """Return coverage and accuracy at each threshold, over judged texts of given importance."""
    rows = []
    for threshold in thresholds:
        chosen = importance * (confidence >= threshold)
        share = float((chosen * right).sum() / chosen.sum()) if chosen.sum() else 1.0
        rows.append(
            ThresholdFigure(threshold, round(float(chosen.sum() / importance.sum()), 4), round(share, 4))
        )
    return tuple(rows)
