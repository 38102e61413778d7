"""The model: learnt from examples, it names the likeliest label of a text, how sure that is, and why."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from . import calibrating, reasons
from .calibrating import Calibration
from .examples import Example, fingerprint
from .explaining import Share, shares_of
from .features import Batch, Features, Floats, Found, Ints, Matrix
from .groups import near_duplicates, rounds_of
from .measuring import at_share, calibration_error, label_figures
from .reasons import LearningRefusal
from .settings import Settings
from .solver import solve
from .wording import words_of

Doubles: TypeAlias = npt.NDArray[np.float64]
_BATCH: Final = 256
_DIGITS: Final = 6
_WORDS_TOLD: Final = 5


@dataclass(frozen=True, slots=True)
class Prediction:
    """The likeliest label and the next, each with the probability (0 to 1) that it is right.

    `path` holds the label's ancestors, widest first, each with the probability that it is right: the sum over
    all labels below it. `known` is False where the text shares nothing with what was learnt.
    """

    label: str
    confidence: float
    second: str
    second_confidence: float
    path: tuple[tuple[str, float], ...] = ()
    known: bool = True


class Model:
    """Answers for texts; safe to share by threads. Learn one with `train`, read one with `load`.

    `learnt_from` is the sha256 of the examples, `figures` what the hold-out rounds said while it was learnt.
    """

    __slots__ = (
        "_above",
        "calibration",
        "features",
        "figures",
        "labels",
        "learnt_from",
        "paths",
        "settings",
        "weights",
    )

    def __init__(
        self,
        features: Features,
        weights: Floats,
        *,
        labels: tuple[str, ...],
        paths: tuple[tuple[str, ...], ...],
        calibration: Calibration,
        settings: Settings,
        learnt_from: str,
        figures: Mapping[str, Any],
    ) -> None:
        """Take the parts; `weights` has the shape (features, labels)."""
        self.features, self.weights = features, weights
        self.labels, self.paths = labels, paths
        self.calibration, self.settings = calibration, settings
        self.learnt_from, self.figures = learnt_from, dict(figures)
        self._above = _ancestors(paths)

    def predict(self, text: str) -> Prediction:
        """Return the answer for one text."""
        return self.predict_many([text])[0]

    def predict_many(self, texts: Iterable[str]) -> list[Prediction]:
        """Return the answer for each text, in order; the same as `predict` for each, but faster."""
        answers: list[Prediction] = []
        for _, _, rows in self._read(texts):
            chances = self.calibration.probabilities(rows @ self.weights)
            known = np.diff(rows.indptr) > 0
            order = np.argsort(-chances, axis=1, kind="stable")[:, :2]
            answers += [
                self._answer(chance, first, second, known=there)
                for chance, (first, second), there in zip(
                    chances, order.tolist(), known.tolist(), strict=True
                )
            ]
        return answers

    def scores(self, texts: Iterable[str]) -> Doubles:
        """Return the bare scores (texts, labels); the higher the likelier, about -1 to 1."""
        parts = [(rows @ self.weights).astype(np.float64) for _, _, rows in self._read(texts)]
        return np.concatenate(parts) if parts else np.zeros((0, len(self.labels)))

    def probabilities(self, texts: Iterable[str]) -> Doubles:
        """Return the probability of each label (texts, labels); rows add up to 1."""
        return self.calibration.probabilities(self.scores(texts))

    def explain(self, text: str, limit: int = _WORDS_TOLD) -> tuple[Share, ...]:
        """Return the words that spoke most for the likeliest label against the next, strongest first."""
        return self.explain_many([text], limit)[0]

    def explain_many(self, texts: Iterable[str], limit: int = _WORDS_TOLD) -> list[tuple[Share, ...]]:
        """Return `explain` of each text."""
        return self.hear(texts, limit)[1]

    def hear(
        self, texts: Iterable[str], limit: int = _WORDS_TOLD
    ) -> tuple[Doubles, list[tuple[Share, ...]]]:  # fmt: skip
        """Return `probabilities` and `explain_many` of the texts, each of them read once."""
        heard: list[Doubles] = [np.zeros((0, len(self.labels)))]
        told: list[tuple[Share, ...]] = []
        for words, found, rows in self._read(texts):
            chances = self.calibration.probabilities((rows @ self.weights).astype(np.float64))
            first, second = np.argsort(-chances, axis=1, kind="stable")[:, :2].T
            known = np.diff(rows.indptr)
            lead = (
                self.weights[rows.indices, np.repeat(first, known)]
                - self.weights[rows.indices, np.repeat(second, known)]
            )
            told += shares_of(words, found, self.features, rows=rows, lead=lead, limit=limit)
            heard.append(chances)
        return np.concatenate(heard), told

    def _read(self, texts: Iterable[str]) -> Iterator[tuple[list[list[str]], Found, Matrix]]:
        """Yield the texts in batches: their words, the features found in them, and the rows of those."""
        waiting = iter(texts)
        while part := list(islice(waiting, _BATCH)):
            words = [words_of(text, self.settings.read_chars) for text in part]
            found = Batch.of(words).found()
            yield words, found, self.features.matrix(found, len(part))

    def _answer(self, chance: Doubles, first: int, second: int, *, known: bool) -> Prediction:
        path = tuple(
            (name, round(float(min(chance[members].sum(), 1.0)), _DIGITS))
            for name, members in zip(self.paths[first], self._above[first], strict=True)
        )
        return Prediction(
            self.labels[first],
            round(float(chance[first]), _DIGITS),
            self.labels[second],
            round(float(chance[second]), _DIGITS),
            path,
            known,
        )


def train(examples: Iterable[Example], settings: Settings | None = None) -> Model:
    """Learn a model and measure it on held-out rounds in which near-duplicates stay together.

    The same examples in the same order and the same settings give the same model, to the bit. Raises
    LearningRefusal without examples or with one label only.
    """
    settings = settings or Settings()
    known = list(examples)
    labels, truth = _labels_of(known)
    words = [words_of(one.told, settings.read_chars) for one in known]
    groups = near_duplicates(words, [one.id for one in known])
    rounds = rounds_of(groups, settings.folds, settings.seed)
    found = Batch.of(words).found()
    features = Features.learnt(found, len(known), settings.least_texts)
    rows = features.matrix(found, len(known))
    del found
    weights = np.array([one.weight for one in known], dtype=np.float64)
    masks = [np.ones(len(known), dtype=bool), *(rounds != one for one in np.unique(rounds))]
    targets = np.where(truth[:, None] == np.arange(len(labels)), 1, -1).astype(np.float32)
    penalties = (settings.softness / _counted(weights, truth, len(labels), settings.balance)).astype(
        np.float32
    )
    dual = solve(rows, targets, penalties, np.column_stack(masks))
    columns = rows.T.tocsr()
    held_out = np.zeros_like(targets)
    for number, mask in enumerate(masks[1:], start=1):
        held_out[~mask] = rows[~mask] @ (columns @ dual[:, :, number])
    features, primal = _slimmed(features, columns @ dual[:, :, 0], settings.most_weights)
    paths = {one.label: one.path for one in reversed(known)}
    return Model(
        features,
        primal,
        labels=labels,
        paths=tuple(paths[label] for label in labels),
        calibration=calibrating.fit(held_out, truth, len(labels)),
        settings=settings,
        learnt_from=fingerprint(known),
        figures=_figures(held_out, truth, rounds, labels),
    )


def _labels_of(examples: Sequence[Example]) -> tuple[tuple[str, ...], Ints]:
    labels = tuple(sorted({one.label for one in examples}))
    if not labels:
        raise LearningRefusal(reasons.NOTHING_TO_LEARN)
    if len(labels) == 1:
        raise LearningRefusal(reasons.ONE_LABEL_ONLY, label=labels[0])
    numbers = {label: number for number, label in enumerate(labels)}
    return labels, np.array([numbers[one.label] for one in examples])


def _counted(weights: Doubles, truth: Ints, labels: int, balance: float) -> Doubles:
    """Return how much each text counts, 1 on average over labels: its own weight, small labels lifted."""
    per_label = np.bincount(truth, weights, minlength=labels)
    counted: Doubles = weights * (weights.sum() / (labels * per_label[truth])) ** balance
    return counted


def _slimmed(features: Features, weights: Floats, most: int) -> tuple[Features, Floats]:
    """Return the features and weights (features, labels) within the limit, the least telling left out."""
    keep = max(1, most // weights.shape[1])
    if len(features) <= keep:
        return features, np.ascontiguousarray(weights, dtype=np.float32)
    lead = (weights.max(axis=1) - weights.min(axis=1)) * features.idf
    columns = np.sort(np.argsort(-lead, kind="stable")[:keep])
    return features.only(columns), np.ascontiguousarray(weights[columns], dtype=np.float32)


def _figures(scores: Floats, truth: Ints, rounds: Ints, labels: tuple[str, ...]) -> dict[str, Any]:
    """Return what the hold-out rounds say; each round's confidence is set by the other rounds alone."""
    chances = np.zeros(scores.shape)
    for one in np.unique(rounds):
        aside = rounds == one
        fitted = calibrating.fit(scores[~aside], truth[~aside], len(labels))
        chances[aside] = fitted.probabilities(scores[aside])
    answers, sure = chances.argmax(axis=1), chances.max(axis=1)
    right = answers == truth
    each = label_figures(truth, answers, labels)
    at_80 = at_share(sure, right, 0.8)
    return {
        "texts": len(truth),
        "macro_f1": round(float(np.mean([one.f1 for one in each])), _DIGITS),
        "accuracy": round(float(right.mean()), _DIGITS),
        "calibration_error": round(calibration_error(sure, right), _DIGITS),
        "right_where_80_percent_decided": round(at_80.right, _DIGITS),
        "threshold_where_80_percent_decided": round(at_80.threshold, _DIGITS),
    }


def _ancestors(paths: Sequence[tuple[str, ...]]) -> tuple[tuple[Ints, ...], ...]:
    """Return for each label and each of its ancestors the labels below that ancestor."""
    below: dict[tuple[str, ...], list[int]] = {}
    for number, path in enumerate(paths):
        for depth in range(1, len(path) + 1):
            below.setdefault(path[:depth], []).append(number)
    arrays = {path: np.array(numbers) for path, numbers in below.items()}
    return tuple(tuple(arrays[path[:depth]] for depth in range(1, len(path) + 1)) for path in paths)
