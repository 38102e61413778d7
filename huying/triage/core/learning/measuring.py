"""How good answers are: F1, accuracy, calibration error, and what deciding alone would mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from .features import Ints

Doubles = npt.NDArray[np.float64]

BINS: Final = 15
THRESHOLDS: Final = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.98)


@dataclass(frozen=True, slots=True)
class LabelFigure:
    """One label: how many texts have it, how many of those were found, how many so named were right."""

    label: str
    texts: int
    recall: float
    precision: float
    f1: float


@dataclass(frozen=True, slots=True)
class CoverageFigure:
    """Deciding alone from `threshold` on: the share of texts decided, and the share of those right."""

    threshold: float
    decided: float
    right: float


def label_figures(truth: Ints, answers: Ints, labels: Sequence[str]) -> tuple[LabelFigure, ...]:
    """Return the figures of every label that a text has or was given."""
    table = np.bincount(truth * len(labels) + answers, minlength=len(labels) ** 2)
    table = table.reshape(len(labels), len(labels))
    right, there, named = np.diag(table), table.sum(axis=1), table.sum(axis=0)
    return tuple(
        LabelFigure(
            label,
            int(there[n]),
            float(right[n] / max(there[n], 1)),
            float(right[n] / max(named[n], 1)),
            float(2 * right[n] / (there[n] + named[n])),
        )
        for n, label in enumerate(labels)
        if there[n] + named[n]
    )


def calibration_error(confidence: Doubles, right: npt.NDArray[np.bool_], bins: int = BINS) -> float:
    """Return the expected calibration error (ECE, Naeini 2015) over bins of equal width; 0 for no texts.

    The mean distance, over all texts, between what was claimed and what came true in the text's bin.
    """
    if not len(confidence):
        return 0.0
    places = np.minimum((confidence * bins).astype(int), bins - 1)
    claimed = np.bincount(places, confidence, minlength=bins)
    true = np.bincount(places, right.astype(np.float64), minlength=bins)
    return float(np.abs(claimed - true).sum() / len(confidence))


def bins_of(
    confidence: Doubles, right: npt.NDArray[np.bool_], bins: int = 10
) -> tuple[tuple[float, float, int], ...]:
    """Return for each filled bin the mean confidence, the share right and how many texts it holds."""
    places = np.minimum((confidence * bins).astype(int), bins - 1)
    return tuple(
        (float(confidence[places == n].mean()), float(right[places == n].mean()), int((places == n).sum()))
        for n in range(bins)
        if (places == n).any()
    )


def coverage(
    confidence: Doubles, right: npt.NDArray[np.bool_], thresholds: Sequence[float] = THRESHOLDS
) -> tuple[CoverageFigure, ...]:
    """Return what deciding from each threshold on means; where nothing is decided, all is right."""
    figures = []
    for threshold in thresholds:
        decided = confidence >= threshold
        share = float(right[decided].mean()) if decided.any() else 1.0
        figures.append(CoverageFigure(threshold, float(decided.mean()) if len(decided) else 0.0, share))
    return tuple(figures)


def at_share(confidence: Doubles, right: npt.NDArray[np.bool_], decided: float) -> CoverageFigure:
    """Return the threshold from which on at least that share of texts is decided, and how many are right."""
    if not len(confidence):
        return CoverageFigure(1.0, 0.0, 1.0)
    ordered = np.sort(confidence)[::-1]
    threshold = float(ordered[max(0, int(np.ceil(decided * len(ordered))) - 1)])
    return coverage(confidence, right, (threshold,))[0]
