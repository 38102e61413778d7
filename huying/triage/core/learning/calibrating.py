"""Turns scores into probabilities that come true: a temperature and a small shift for each label."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from .features import Ints

Doubles = npt.NDArray[np.float64]

ENOUGH: Final = 60
"""Fewer held-out texts than this say too little; the confidence then stays low."""
_UNPROVEN_SHARPNESS: Final = 2.0
_PULL: Final = 5.0  # of the shifts towards 0, in texts
_DIGITS: Final = 6
_LOGIT_LIMIT: Final = 30.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """Probabilities are softmax(`sharpness` x score + `shifts`); `measured_on` counts held-out texts."""

    sharpness: float
    shifts: tuple[float, ...]
    measured_on: int

    def probabilities(self, scores: npt.NDArray[np.floating]) -> Doubles:
        """Return probabilities (texts, labels), each row adding up to 1, for scores of the same shape."""
        logits = self.sharpness * scores.astype(np.float64) + np.asarray(self.shifts)
        logits -= logits.max(axis=1, keepdims=True)
        raised = np.exp(np.maximum(logits, -_LOGIT_LIMIT))
        chances: Doubles = raised / raised.sum(axis=1, keepdims=True)
        return chances


def fit(scores: npt.NDArray[np.floating], truth: Ints, labels: int) -> Calibration:
    """Return the calibration under which the held-out answers are likeliest (Guo et al. 2017, with shifts).

    `scores` (texts, labels) are of texts that were not learnt from; `truth` their labels. One text in n + 2
    is taken to be wrong twice over (after Platt 1999), so that a clean sweep does not become certainty.
    """
    if len(truth) < ENOUGH:
        return Calibration(_UNPROVEN_SHARPNESS, (0.0,) * labels, len(truth))
    # Loaded by those that learn; whoever judges by what was learnt starts sooner without.
    from scipy.optimize import minimize

    scores = scores.astype(np.float64)
    doubt = 2 / (len(truth) + 2)
    hit = np.full((len(truth), labels), doubt / labels)
    hit[np.arange(len(truth)), truth] += 1 - doubt

    def loss(told: Doubles) -> tuple[float, Doubles]:
        sharpness = np.exp(told[0])
        logits = sharpness * scores + told[1:]
        logits -= logits.max(axis=1, keepdims=True)
        total = np.log(np.exp(logits).sum(axis=1))
        value = total.sum() - (hit * logits).sum() + _PULL / 2 * (told[1:] ** 2).sum()
        miss = np.exp(logits - total[:, None]) - hit
        slope = np.concatenate(
            [[sharpness * (miss * scores).sum()], miss.sum(axis=0) + _PULL * told[1:]],
        )
        return float(value), slope

    start = np.zeros(labels + 1)
    start[0] = np.log(_UNPROVEN_SHARPNESS)
    found = minimize(loss, start, jac=True, method="L-BFGS-B").x
    shifts = tuple(round(float(shift), _DIGITS) for shift in found[1:])
    return Calibration(round(float(np.exp(found[0])), _DIGITS), shifts, len(truth))
