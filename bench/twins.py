"""How well twins are told from look-alikes, and how long it takes to find one among a million.

The pairs come from `twin_pairs.py`; real messages are looked for beside the project (`--messages` names them
elsewhere) and left out with a word when they are not there. `--fit` prints weights for `likeness.py`, fitted
on the halves set aside for learning; all figures are of the other halves.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from report import Report, arguments
from twin_pairs import MESSAGES, Pair, real_pairs, town_pairs, written_pairs

from huying.triage.core.likeness import SHOWN_TO_RESIDENTS, SHOWN_TO_STAFF, features
from huying.triage.core.twins import evidence, find_twins

if TYPE_CHECKING:
    from collections.abc import Sequence

GOAL_PRECISION = 0.95
SOURCES = ("written", "town", "real")
LEVELS = {"residents": SHOWN_TO_RESIDENTS, "staff": SHOWN_TO_STAFF}
SOFTNESS = 0.3
# What may speak against: look-alikes of one place share its name, long letters share meanings by chance.
AGAINST = ("opposed", "wrong_by_chance", "words")
BINS = 10


def main() -> None:
    """Print what is found at both levels."""
    parser = arguments(__doc__, seconds=20)
    parser.add_argument("--messages", type=Path, default=MESSAGES, help="the real messages (CSV)")
    parser.add_argument("--fit", action="store_true", help="print weights fitted on the learning halves")
    chosen = parser.parse_args()
    report = Report("Twins: one matter told twice", chosen.json)
    pairs = [*written_pairs(), *town_pairs()]
    if chosen.messages.exists():
        pairs += real_pairs(chosen.messages)
    else:
        report.say(f"Skipped: no real messages at {chosen.messages}; written and town pairs only.")
    if chosen.fit:
        report.say(f"WEIGHTS = {fitted([pair for pair in pairs if pair.learning])}")
    judge(report, [pair for pair in pairs if not pair.learning])
    report.end()


def judge(report: Report, pairs: Sequence[Pair]) -> None:
    """Report precision and recall at both levels, by source, and how honest the probabilities are."""
    scores = np.array([score_of(pair) for pair in pairs])
    same = np.array([pair.same for pair in pairs])
    sources = np.array([pair.source for pair in pairs])
    for level, least in LEVELS.items():
        for source in (*SOURCES, "all"):
            part = (sources == source) | (source == "all")
            if part.any():
                _tell(report, f"{level}, {source}", scores[part] >= least, same[part])
    for kind in sorted({(pair.source, pair.kind) for pair in pairs if not pair.same}):
        part = np.array([(pair.source, pair.kind) == kind for pair in pairs])
        shown = int((scores[part] >= SHOWN_TO_RESIDENTS).sum())
        report.say(f"  look-alikes, {kind[0]}, {kind[1]}: {shown} of {int(part.sum())} shown to residents")
    shown = scores >= SHOWN_TO_RESIDENTS
    report.goal("precision shown to residents", float(same[shown].mean()), GOAL_PRECISION)
    report.keep("calibration_error", round(_calibration_error(scores, same), 4))
    report.say(f"calibration error {_calibration_error(scores, same):.3f} over pairs suspected at all")


def score_of(pair: Pair) -> float:
    """Return the probability the product gives a pair; 0 where it suspects nothing."""
    found = find_twins(pair.later, [pair.earlier])
    return found[0].score if found else 0.0


def _tell(report: Report, what: str, shown: Any, same: Any) -> None:  # noqa: ANN401 - arrays of booleans
    right = int((shown & same).sum())
    precision, recall = right / max(1, int(shown.sum())), right / max(1, int(same.sum()))
    report.say(
        f"{what}: precision {precision:.3f}, recall {recall:.3f} "
        f"({int(shown.sum())} shown, {int(same.sum())} twins among {len(same)} pairs)"
    )
    report.keep(what, {"precision": round(precision, 4), "recall": round(recall, 4), "pairs": len(same)})


def _calibration_error(scores: Any, same: Any) -> float:  # noqa: ANN401 - arrays
    """Return how far told probabilities lie from what came true, over ten bins of equal width."""
    suspected = scores > 0
    scores, same = scores[suspected], same[suspected]
    bins = np.minimum((scores * BINS).astype(int), BINS - 1)
    parts = [bins == number for number in range(BINS) if (bins == number).any()]
    return float(
        sum(part.sum() * abs(scores[part].mean() - same[part].mean()) for part in parts) / len(scores)
    )


def fitted(pairs: Sequence[Pair]) -> dict[str, float]:
    """Return the weights of a ridge-softened logistic regression, each source and each answer as heavy."""
    told = [(pair, alike) for pair in pairs if (alike := evidence(pair.later, pair.earlier)) is not None]
    names = list(features(told[0][1]))
    rows = np.array([list(features(alike).values()) for _, alike in told])
    same = np.array([pair.same for pair, _ in told], dtype=float)
    kinds = [(pair.source, pair.same) for pair, _ in told]
    heavy = np.array([150 / kinds.count(kind) for kind in kinds])
    weights, free = np.zeros(len(names)), np.ones(len(names), dtype=bool)
    while True:
        weights[free] = _newton(rows[:, free], same, heavy)
        # More agreement must never make twins less probable: such a weight is none.
        wrong = free & (weights < 0) & ~np.isin(names, ["always", *AGAINST])
        if not wrong.any():
            break
        worst = int(np.argmin(np.where(wrong, weights, 0.0)))
        free[worst], weights[worst] = False, 0.0
    return {name: round(float(weight), 3) for name, weight in zip(names, weights, strict=True)}


def _newton(rows: Any, same: Any, heavy: Any) -> Any:  # noqa: ANN401 - arrays
    weights, soft = np.zeros(rows.shape[1]), SOFTNESS * np.eye(rows.shape[1])
    for _ in range(50):
        likely = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (heavy * (likely - same)) + soft @ weights
        bend = (rows * (heavy * likely * (1 - likely))[:, None]).T @ rows + soft
        weights -= np.linalg.solve(bend, slope)
    return weights


if __name__ == "__main__":
    main()
