"""How well twins are told from look-alikes, and how long it takes to find one among a million marks.

The pairs come from `twin_pairs.py`; real messages are looked for beside the project (`--data` names the
folder elsewhere) and left out with a word when they are not there. `--fit` prints weights for `likeness.py`,
fitted on the halves set aside for learning; all figures are of the other halves. Seeds are fixed.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huying.site.settings")

import django

django.setup()

import numpy as np  # noqa: E402 - after the settings
from report import Report, arguments  # noqa: E402
from scipy.optimize import minimize  # noqa: E402
from twin_marks import GOAL_MS, MARKS, measured  # noqa: E402
from twin_pairs import Pair, real_pairs, town_pairs, written_pairs  # noqa: E402

from huying.triage.core.concepts import wrongs_mask  # noqa: E402
from huying.triage.core.likeness import (  # noqa: E402
    SHOWN_TO_RESIDENTS,
    SHOWN_TO_STAFF,
    WEIGHTS,
    features,
)
from huying.triage.core.twins import evidence, find_twins  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Sequence

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "appeals-zh"
GOAL_PRECISION, GOAL_RECALL = 0.95, 0.6
LEVELS = {"residents": SHOWN_TO_RESIDENTS, "staff": SHOWN_TO_STAFF}
# What residents really meet; the written pairs are all look-alikes and twins in wholly other words.
LIFELIKE = ("town", "real")
SOFTNESS, BINS = 0.0005, 10


def main() -> None:
    """Print what is found at both levels, and how fast."""
    parser = arguments(__doc__, seconds=0)
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of the real messages")
    parser.add_argument("--fit", action="store_true", help="print weights fitted on the learning halves")
    parser.add_argument("--marks", type=int, default=MARKS, help="marks in the database; 0 leaves speed out")
    chosen = parser.parse_args()
    report = Report("Twins: one matter told twice", chosen.json)
    judge(report, chosen.data, fit=chosen.fit)
    if chosen.marks:
        for what, milliseconds in measured(report, chosen.marks).items():
            report.goal(
                f"{what}, p99 among {chosen.marks:,} marks", milliseconds, GOAL_MS, most=True, unit=" ms"
            )
    report.end()


def judge(report: Report, data: Path, *, fit: bool = False) -> None:
    """Report precision and recall at both levels, by source, and how honest the probabilities are."""
    pairs = [*written_pairs(), *town_pairs()]
    if data.is_dir():
        pairs += real_pairs(data)
    else:
        report.say(f"Skipped: no real messages at {data}; written and town pairs only.")
    if fit:
        report.say(fitted([pair for pair in pairs if pair.learning]))
    pairs = [pair for pair in pairs if not pair.learning]
    scores = np.array([score_of(pair) for pair in pairs])
    same = np.array([pair.same for pair in pairs])
    sources = np.array([pair.source for pair in pairs])
    lifelike = np.isin(sources, LIFELIKE)
    for level, least in LEVELS.items():
        for source in ("real", "town", "written"):
            if (sources == source).any():
                _tell(
                    report, f"{level}, {source}", scores[sources == source] >= least, same[sources == source]
                )
    precision, recall = _tell(
        report, "residents, real and town", scores[lifelike] >= SHOWN_TO_RESIDENTS, same[lifelike]
    )
    for kind in sorted({(pair.source, pair.kind) for pair in pairs if not pair.same}):
        part = np.array([(pair.source, pair.kind) == kind for pair in pairs])
        shown = int((scores[part] >= SHOWN_TO_RESIDENTS).sum())
        report.say(f"  no twins, {kind[0]}, {kind[1]}: {shown} of {int(part.sum())} shown to residents")
    report.goal("precision shown to residents", precision, GOAL_PRECISION)
    report.goal("recall shown to residents", recall, GOAL_RECALL)
    error = _calibration_error(scores[lifelike], same[lifelike])
    report.keep("calibration_error", round(error, 4))
    report.say(f"calibration error {error:.3f} over pairs suspected at all")


def score_of(pair: Pair) -> float:
    """Return the probability the product gives a pair; 0 where it suspects nothing or would not fetch it."""
    one, other = pair.later, pair.earlier
    if one.level2 != other.level2 and not wrongs_mask(one.concepts) & wrongs_mask(other.concepts):
        return 0.0
    found = find_twins(pair.later, [pair.earlier])
    return found[0].score if found else 0.0


def _tell(report: Report, what: str, shown: Any, same: Any) -> tuple[float, float]:  # noqa: ANN401 - booleans
    right = int((shown & same).sum())
    precision, recall = right / max(1, int(shown.sum())), right / max(1, int(same.sum()))
    report.say(
        f"{what}: precision {precision:.3f}, recall {recall:.3f} "
        f"({int(shown.sum())} shown, {int(same.sum())} twins among {len(same)} pairs)"
    )
    report.keep(what, {"precision": round(precision, 4), "recall": round(recall, 4), "pairs": len(same)})
    return precision, recall


def _calibration_error(scores: Any, same: Any) -> float:  # noqa: ANN401 - arrays
    """Return how far told probabilities lie from what came true, over ten bins of equal width."""
    suspected = scores > 0
    scores, same = scores[suspected], same[suspected]
    bins = np.minimum((scores * BINS).astype(int), BINS - 1)
    parts = [bins == number for number in range(BINS) if (bins == number).any()]
    return float(
        sum(part.sum() * abs(scores[part].mean() - same[part].mean()) for part in parts) / len(scores)
    )


def fitted(pairs: Sequence[Pair]) -> str:
    """Return weights of a ridge-softened logistic regression that keeps every sign of `WEIGHTS`.

    Real and town pairs are as heavy as each other; written ones, all hard cases, weigh a tenth of either.
    """
    told = [features(evidence(pair.later, [pair.earlier])) for pair in pairs]
    rows = np.array([[1.0, *(float(one[name][0]) for name in WEIGHTS)] for one in told])
    same = np.array([pair.same for pair in pairs], dtype=float)
    sources = [pair.source for pair in pairs]
    heavy = np.array([(1 if source in LIFELIKE else 0.1) / sources.count(source) for source in sources])
    heavy /= heavy.sum()
    bounds = [(None, None), *((None, 0) if name == "opposed" else (0, None) for name in WEIGHTS)]

    def loss(weights: Any) -> tuple[float, Any]:  # noqa: ANN401 - arrays
        score = rows @ weights
        likely, kept = 1 / (1 + np.exp(-score)), np.append(0.0, weights[1:])
        slope = rows.T @ (heavy * (likely - same)) + SOFTNESS * kept
        return float(heavy @ (np.logaddexp(0, score) - same * score) + SOFTNESS / 2 * kept @ kept), slope

    weights = minimize(loss, np.zeros(rows.shape[1]), jac=True, bounds=bounds).x
    named = ", ".join(f'"{name}": {weight:.2f}' for name, weight in zip(WEIGHTS, weights[1:], strict=True))
    return f"ALWAYS = {weights[0]:.2f}; WEIGHTS = {{{named}}}"


if __name__ == "__main__":
    main()
