"""Measures a text model on its own catalogue, each example judged as if it had never been seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from .calibration import ENOUGH, Calibration, ThresholdFigure, fit, table
from .itemtext import Document, ItemText
from .ridge import Floats, Ints, Ridge
from .scorer import KEYWORD_WEIGHT, Scored, Scorer

# How residents write around the matter itself; judged examples are tried plain and wrapped.
_AROUND: Final = (
    (
        "您好，我是附近的住户，想反映一个情况，",
        "。已经很久了，打过电话也没有人管，希望有关部门尽快处理，谢谢！",
    ),
    ("尊敬的领导：我住在幸福花园3栋，", "。大家意见都很大，请领导重视，给我们一个答复。"),
    ("", "，之前找过居委会和物业，都说不归他们管，互相推诿，请帮忙解决一下。"),
    ("我每天上下班都经过解放路和人民路路口，", "。麻烦派人来现场看看，有需要可以打我电话。"),
)
STRANGER_SHARE: Final = 0.1
"""The share of real texts assumed to be about nothing in the catalogue."""
UNPROVEN: Final = Calibration(weights=(4.0, 4.0, 1.0, -3.0), ceiling=0.5, measured_on=0)
"""Used where a catalogue has too few examples to measure on: never more than even odds."""
CEILING: Final = 0.98
"""No text model is surer than this."""
THRESHOLDS: Final = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
SIGNS: Final = ("score", "lead over the second", "keyword strength")


@dataclass(frozen=True, slots=True)
class Proof:
    """How good the model is on texts it has not seen.

    `level_shares[0]` is the share of examples whose item was found (first place), `[1]` whose item's
    parent was right, and so on upwards; `top_three_share` counts the item among the first three.
    All are about texts that belong to the catalogue. `thresholds` says what deciding from a
    confidence on would mean, there with strangers (`STRANGER_SHARE`) mixed in.
    """

    examples: int
    level_shares: tuple[float, ...]
    top_three_share: float
    thresholds: tuple[ThresholdFigure, ...]
    calibration: Calibration

    def threshold_for(self, right_share: float) -> float | None:
        """Return the lowest measured threshold whose decided texts are right at this share, or None."""
        fitting = [figure.threshold for figure in self.thresholds if figure.right_share >= right_share]
        return min(fitting, default=None)


def wrapped(text: str, number: int) -> str:
    """Return `text` with courtesy and complaint around it, one of four ways by `number`."""
    before, after = _AROUND[number % len(_AROUND)]
    return f"{before}{text}{after}"


def signs_of(scores: Floats, strengths: Floats, best: Ints) -> Floats:
    """Return the signs (q, 3) of `SIGNS` for the best item of each text."""
    rows = np.arange(len(scores))
    top = scores[rows, best]
    rest = scores.copy()
    rest[rows, best] = -np.inf
    second = rest.max(axis=1) if scores.shape[1] > 1 else np.zeros(len(scores))
    return np.column_stack([top, top - second, strengths[rows, best]])


def prove(
    items: Sequence[ItemText], scorer: Scorer, ridge: Ridge, judged: Sequence[tuple[str, int]] = ()
) -> Proof:
    """Measure the model: leave one example out, plain and wrapped, and leave whole items out as strangers.

    `judged` are real folded texts with the number of their item. They are no part of what the model
    learnt, so nothing is left out for them; where there are enough, they alone set the confidence,
    because real texts are harder than a catalogue's own examples.
    """
    owners = np.array([document.item for document in scorer.documents])
    outcomes, strange = [], []
    for trial in _trials(scorer.documents, owners):
        scored = scorer.score(trial.texts)
        alone = [np.array(known) for known in trial.known]
        family = [
            np.union1d(np.flatnonzero(owners == item), known)
            for item, known in zip(trial.truth, trial.known, strict=True)
        ]
        outcomes.append(_outcome(items, scored, ridge.scores_without(scored.likeness, alone), trial.truth))
        strange.append(_stranger(scored, ridge.scores_without(scored.likeness, family), trial.truth))
    real = []
    if judged:
        scored = scorer.score([text for text, _ in judged])
        own = scored.likeness @ scorer.weights
        real.append(_outcome(items, scored, own, np.array([item for _, item in judged])))
    return _proof(_join(outcomes), _join(strange), _join(real))


@dataclass(frozen=True, slots=True)
class _Trial:
    """Texts to judge, their items, and for each the known texts it was made of (to be left out)."""

    texts: list[str]
    truth: Ints
    known: list[list[int]]


def _trials(documents: Sequence[Document], owners: Ints) -> list[_Trial]:
    """Return the examples as they are, with courtesy around them, and with another matter mentioned after."""
    tried = [n for n, document in enumerate(documents) if document.kind == "example"]
    if not tried:
        return []
    texts = [documents[n].folded for n in tried]
    truth = owners[tried]
    step = max(1, round(len(tried) * 0.382))  # far enough away to lie in another class
    others = [(place + step) % len(tried) for place in range(len(tried))]
    aside = [
        f"{wrapped(text, n)}{texts[other]}" for n, (text, other) in enumerate(zip(texts, others, strict=True))
    ]
    return [
        _Trial(texts, truth, [[n] for n in tried]),
        _Trial([wrapped(text, n) for n, text in enumerate(texts)], truth, [[n] for n in tried]),
        _Trial(aside, truth, [sorted({n, tried[other]}) for n, other in zip(tried, others, strict=True)]),
    ]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of judged texts: signs (q, 3), right at each level (q, levels), item among three (q,)."""

    signs: Floats
    right: Floats
    in_three: Floats


def _outcome(items: Sequence[ItemText], scored: Scored, scores: Floats, truth: Ints) -> _Outcome:
    total = np.round(scores + KEYWORD_WEIGHT * scored.strengths, 9)
    order = np.argsort(-total, axis=1, kind="stable")[:, :3]
    best = order[:, 0]
    depth = max(len(item.names) for item in items)
    right = [
        [_same(items[a], items[b], level) for level in range(depth)] for a, b in zip(best, truth, strict=True)
    ]
    return _Outcome(
        signs_of(total, scored.strengths, best),
        np.array(right, dtype=np.float64),
        (order == truth[:, None]).any(axis=1).astype(float),
    )


def _same(a: ItemText, b: ItemText, level: int) -> bool:
    """Return whether two items are the same, or share the ancestor that many levels up."""
    return a.code == b.code or (level > 0 and bool(a.names[level:]) and a.names[level:] == b.names[level:])


def _stranger(scored: Scored, scores: Floats, truth: Ints) -> _Outcome:
    """Judge texts whose item is unknown: whatever comes out is wrong."""
    rows = np.arange(len(truth))
    strengths = scored.strengths.copy()
    strengths[rows, truth] = 0
    total = scores + KEYWORD_WEIGHT * strengths
    total[rows, truth] = -np.inf
    best = total.argmax(axis=1)
    wrong = np.zeros(len(truth))
    return _Outcome(signs_of(total, strengths, best), wrong[:, None], wrong)


def _join(outcomes: Sequence[_Outcome]) -> _Outcome:
    if not outcomes:
        return _Outcome(np.zeros((0, len(SIGNS))), np.zeros((0, 1)), np.zeros(0))
    return _Outcome(
        *(np.concatenate([getattr(one, part) for one in outcomes]) for part in ("signs", "right", "in_three"))
    )


def _proof(known: _Outcome, strange: _Outcome, real: _Outcome) -> Proof:
    trusted = real if len(real.signs) >= ENOUGH else known
    if len(trusted.signs) < ENOUGH:
        return Proof(len(known.signs), (), 0.0, (), UNPROVEN)
    signs, right = trusted.signs, trusted.right[:, 0]
    importance = np.ones(len(right))
    if trusted is known:  # real texts bring their own strangers
        signs = np.concatenate([signs, strange.signs])
        right = np.concatenate([right, strange.right[:, 0]])
        share = STRANGER_SHARE / (1 - STRANGER_SHARE) * len(known.signs) / len(strange.signs)
        importance = np.concatenate([importance, np.full(len(strange.signs), share)])
    calibration = fit(signs, right, importance, ceiling=CEILING)
    figures = table(calibration.confidence(signs), right, importance, THRESHOLDS)
    levels = tuple(round(float(share), 4) for share in trusted.right.mean(axis=0))
    return Proof(len(trusted.signs), levels, round(float(trusted.in_three.mean()), 4), figures, calibration)
