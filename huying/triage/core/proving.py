"""Measures a text model on its own catalogue, each example judged as if it had never been seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

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
STRANGER_SHARE: Final = 0.2
"""The share of real texts assumed to be about nothing in the catalogue."""
UNPROVEN: Final = Calibration(weights=(4.0, 4.0, 1.0, -3.0), ceiling=0.5, measured_on=0)
"""Used where a catalogue has too few examples to measure on: never more than even odds."""
_BATCH: Final = 256
_TRIAL_WEIGHT: Final = 2.5  # of the three trials together: 1 + 1 + 0.5
CEILING: Final = 0.98
"""No text model is surer than this."""
THRESHOLDS: Final = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
_NEVER: Final = -1.0  # a score below any real one
SIGNS: Final = ("score", "lead over the second", "keyword strength")


@dataclass(frozen=True, slots=True)
class Proof:
    """How good the model is on texts it has not seen.

    `level_shares[0]` is the share of the `examples` (as written) whose item came first, `[1]` whose
    item's parent was right, and so on upwards; `top_three_share` counts the item among the first three.
    `thresholds` says what deciding from a confidence on would mean over all trials: examples plain,
    with courtesy around them, with another matter behind, and strangers (`STRANGER_SHARE`) among them.
    With enough judged real texts all figures are about those instead.
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


def proof_of(told: Mapping[str, Any]) -> Proof:
    """Return the proof that `dataclasses.asdict` told, also after a detour through JSON."""
    calibration = {**told["calibration"], "weights": tuple(told["calibration"]["weights"])}
    figures = tuple(ThresholdFigure(**figure) for figure in told["thresholds"])
    lists = {"level_shares": tuple(told["level_shares"]), "thresholds": figures}
    return Proof(**{**told, **lists, "calibration": Calibration(**calibration)})


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
    known: list[_Outcome] = []
    strange: list[_Outcome] = []
    for trial in _trials(scorer.documents, owners):
        alone: list[_Outcome] = []
        for start in range(0, len(trial.texts), _BATCH):
            part = trial.part(slice(start, start + _BATCH))
            scored = scorer.score(part.texts)
            scores = ridge.scores_without(scored.likeness, part.left_out)
            alone.append(_outcome(items, scored, scores, part))
            if trial.strangers and len(items) > 1:
                scores = ridge.scores_without(scored.likeness, part.without_items(owners))
                strange.append(_stranger(scored, scores, part))
        known.append(_join(alone))
    if len(judged) >= ENOUGH:
        scored = scorer.score([text for text, _ in judged])
        truth = np.array([item for _, item in judged])
        trial = _Trial([text for text, _ in judged], truth, [], 1.0)
        real = _outcome(items, scored, scored.likeness @ scorer.weights, trial)
        return _proof(real, [real])
    if len(known) == 0 or len(known[0].signs) < ENOUGH:
        return Proof(len(known[0].signs) if known else 0, (), 0.0, (), UNPROVEN)
    return _proof(known[0], [*known, *strange])


@dataclass(frozen=True, slots=True)
class _Trial:
    """Texts to judge, their items, the known texts each was made of, and how much the trial counts.

    With `strangers` the same texts are also tried as if their whole item were unknown.
    """

    texts: list[str]
    truth: Ints
    left_out: list[Ints]
    importance: float
    strangers: bool = False

    def part(self, rows: slice) -> "_Trial":
        """Return some of the texts."""
        return _Trial(
            self.texts[rows], self.truth[rows], self.left_out[rows], self.importance, self.strangers
        )

    def without_items(self, owners: Ints) -> list[Ints]:
        """Return what to leave out so that the whole item of each text is unknown, too."""
        return [
            np.union1d(np.flatnonzero(owners == item), left_out)
            for item, left_out in zip(self.truth, self.left_out, strict=True)
        ]


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
    itself = [np.array([n]) for n in tried]
    both = [np.unique([n, tried[place]]) for n, place in zip(tried, others, strict=True)]
    return [
        _Trial(texts, truth, itself, 1.0),
        _Trial([wrapped(text, n) for n, text in enumerate(texts)], truth, itself, 1.0, strangers=True),
        _Trial(aside, truth, both, 0.5),
    ]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of judged texts: signs (q, 3), right at each level (q, levels), item among three (q,)."""

    signs: Floats
    right: Floats
    in_three: Floats
    importance: Floats


def _outcome(items: Sequence[ItemText], scored: Scored, scores: Floats, trial: _Trial) -> _Outcome:
    truth = trial.truth
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
        np.full(len(truth), trial.importance),
    )


def _same(a: ItemText, b: ItemText, level: int) -> bool:
    """Return whether two items are the same, or share the ancestor that many levels up."""
    return a.code == b.code or (level > 0 and bool(a.names[level:]) and a.names[level:] == b.names[level:])


def _stranger(scored: Scored, scores: Floats, trial: _Trial) -> _Outcome:
    """Judge texts whose item is unknown: whatever comes out is wrong; there are few of them in real life."""
    truth = trial.truth
    rows = np.arange(len(truth))
    strengths = scored.strengths.copy()
    strengths[rows, truth] = 0
    total = scores + KEYWORD_WEIGHT * strengths
    total[rows, truth] = _NEVER
    best = total.argmax(axis=1)
    wrong = np.zeros(len(truth))
    weight = _TRIAL_WEIGHT * STRANGER_SHARE / (1 - STRANGER_SHARE)
    return _Outcome(signs_of(total, strengths, best), wrong[:, None], wrong, np.full(len(truth), weight))


def _join(outcomes: Sequence[_Outcome]) -> _Outcome:
    parts = ("signs", "right", "in_three", "importance")
    return _Outcome(*(np.concatenate([getattr(one, part) for one in outcomes]) for part in parts))


def _proof(told: _Outcome, measured: Sequence[_Outcome]) -> Proof:
    """Return the proof: shares over `told`, confidence and thresholds over all that was `measured`."""
    signs = np.concatenate([one.signs for one in measured])
    right = np.concatenate([one.right[:, 0] for one in measured])
    importance = np.concatenate([one.importance for one in measured])
    calibration = fit(signs, right, importance, ceiling=CEILING)
    figures = table(calibration.confidence(signs), right, importance, THRESHOLDS)
    levels = tuple(round(float(share), 4) for share in told.right.mean(axis=0))
    return Proof(len(told.signs), levels, round(float(told.in_three.mean()), 4), figures, calibration)
