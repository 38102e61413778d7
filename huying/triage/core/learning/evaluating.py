"""Measures models on texts they have not seen."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from . import reasons
from .examples import Example
from .groups import near_duplicates, rounds_of
from .measuring import (
    CoverageFigure,
    LabelFigure,
    at_share,
    bins_of,
    calibration_error,
    coverage,
    label_figures,
)
from .model import Model, train
from .reasons import LearningRefusal
from .settings import Settings
from .wording import words_of

_SHARES: Final = (0.5, 0.7, 0.8, 0.9, 0.95)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a model got right on texts it had not seen.

    `by_threshold` and `by_share` say what deciding alone would mean: from fixed confidences on, and where at
    least a given share is decided. `bins` are mean confidence, share right and number of texts.
    """

    texts: int
    macro_f1: float
    accuracy: float
    calibration_error: float
    labels: tuple[LabelFigure, ...]
    by_threshold: tuple[CoverageFigure, ...]
    by_share: tuple[CoverageFigure, ...]
    bins: tuple[tuple[float, float, int], ...]

    def to_json(self) -> dict[str, Any]:
        """Return the evaluation as a JSON-able dict."""
        return asdict(self)


def evaluate(model: Model, examples: Iterable[Example]) -> Evaluation:
    """Return how good a model is on labelled texts, which should be none it learnt from.

    A label the model does not know counts as missed. Raises LearningRefusal without examples.
    """
    known = list(examples)
    if not known:
        raise LearningRefusal(reasons.NOTHING_TO_LEARN)
    answers = model.predict_many(one.told for one in known)
    return _measured(known, [(one.label, one.confidence) for one in answers])


def cross_validate(
    examples: Iterable[Example],
    settings: Settings | None = None,
    *,
    folds: int = 5,
    grouped: bool = True,
    asked: Callable[[Example], bool] = lambda _one: True,
    on_round: Callable[[int], None] = lambda _number: None,
) -> Evaluation:
    """Return how good models are that learn from all but one round and are asked about that one, in turn.

    Each is learnt from the start: vocabulary, weights and calibration come from the other rounds alone. With
    `grouped` near-duplicates are in one round; rows of one id always are. `asked` says which examples are
    asked about (the others are only learnt from). Raises LearningRefusal where there is too little to split.
    """
    known, settings = list(examples), settings or Settings()
    rounds = _rounds(known, settings, folds, grouped=grouped)
    place = np.array([asked(one) for one in known])
    tested: list[Example] = []
    answers: list[tuple[str, float]] = []
    for number in range(folds):
        on_round(number)
        model = train([one for one, at in zip(known, rounds, strict=True) if at != number], settings)
        aside = [known[n] for n in np.flatnonzero((rounds == number) & place)]
        tested += aside
        found = model.predict_many(one.told for one in aside)
        answers += [(one.label, one.confidence) for one in found]
    return _measured(tested, answers)


def _rounds(examples: Sequence[Example], settings: Settings, folds: int, *, grouped: bool) -> Any:  # noqa: ANN401 - an array of int
    words = [words_of(one.told, settings.read_chars) if grouped else [] for one in examples]
    groups = near_duplicates(words, [one.id for one in examples])
    count = int(groups.max(initial=-1)) + 1
    if count < folds:
        raise LearningRefusal(reasons.TOO_FEW_GROUPS, groups=count, folds=folds)
    return rounds_of(groups, folds, settings.seed)


def _measured(examples: Sequence[Example], answers: Sequence[tuple[str, float]]) -> Evaluation:
    labels = sorted({one.label for one in examples} | {label for label, _ in answers})
    numbers = {label: number for number, label in enumerate(labels)}
    truth = np.array([numbers[one.label] for one in examples])
    named = np.array([numbers[label] for label, _ in answers])
    sure = np.array([confidence for _, confidence in answers])
    right = truth == named
    each = label_figures(truth, named, labels)
    return Evaluation(
        texts=len(examples),
        macro_f1=float(np.mean([one.f1 for one in each])),
        accuracy=float(right.mean()),
        calibration_error=calibration_error(sure, right),
        labels=each,
        by_threshold=coverage(sure, right),
        by_share=tuple(at_share(sure, right, share) for share in _SHARES),
        bins=bins_of(sure, right),
    )
