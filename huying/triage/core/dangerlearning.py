"""Learns the danger model from lessons: a logistic regression, its thresholds from folds held out."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .dangermodel import BETWEEN, CODE_VERSION, NO_DANGER, UNIT, features, share
from .fold import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats: TypeAlias = npt.NDArray[np.float64]

SOFTNESS: Final = 3.0
"""The inverse of the weight of the squared length of the solution (C of the usual libraries)."""
FOLDS: Final = 5
KEPT_RECALL: Final = 0.96
"""Of the lessons held out, the share of dangers that must at least be thought possible."""
SURE_FALSE_ALARMS: Final = 0.015
"""Of the ordinary sentences held out, the share that may be called danger for sure."""
_SEED: Final = 20261127
_LEAST_TEXTS = 2
_LEAST_WEIGHT = 5
_LEAST_SHARE = 0.5
_STEPS = 200


def fingerprint(told: Sequence[tuple[str, str]]) -> str:
    """Return what changes with the lessons and the code that reads them."""
    return hashlib.sha256(repr((CODE_VERSION, sorted(told))).encode()).hexdigest()


def learn(
    told: Sequence[tuple[str, str]], phrases: Sequence[tuple[str, str]], ordinary: Sequence[str]
) -> dict[str, Any]:
    """Return a model's state from (kind, sentence) lessons, a town's phrases and ordinary sentences.

    Kinds other than "none" are dangers; ordinary sentences tell of none. The same input gives the same state.
    """
    taught = [*told, *phrases]
    pairs = [*taught, *((NO_DANGER, sentence) for sentence in ordinary)]
    kinds = [kind for kind, _ in pairs]
    made = [features(fold(sentence)) for _, sentence in pairs]
    danger = np.array([kind != NO_DANGER for kind in kinds])
    held_out = _held_out(made, danger)
    sure_at = float(np.quantile(held_out[len(taught) :], 1 - SURE_FALSE_ALARMS)) if ordinary else 0.0
    may_be_at = min(float(np.quantile(held_out[danger], 1 - KEPT_RECALL)), sure_at)
    columns, solution = _fit(made, danger)
    weights = {name: round(solution[at] * UNIT) for name, at in columns.items()}
    kept = sorted(name for name, weight in weights.items() if abs(weight) >= _LEAST_WEIGHT)
    named = sorted(set(kinds) - {NO_DANGER})
    main = _main_kinds(made, kinds, set(kept))
    return {
        "lessons": fingerprint(told),
        "kinds": named,
        "bias": round(float(solution[-1]), 4),
        "sure_at": round(sure_at, 3),
        "may_be_at": round(may_be_at, 3),
        "features": BETWEEN.join(kept),
        "weights": [weights[name] for name in kept],
        "kind_of": [named.index(main[name]) if name in main else -1 for name in kept],
    }


def _held_out(made: Sequence[set[str]], danger: npt.NDArray[np.bool_]) -> Floats:
    """Return each sentence's score by a model that has not seen it."""
    scores = np.zeros(len(made))
    fold_of = np.random.default_rng(_SEED).integers(0, FOLDS, len(made))
    for number in range(FOLDS):
        seen, unseen = np.flatnonzero(fold_of != number), np.flatnonzero(fold_of == number)
        if len(unseen) and len(seen):
            columns, solution = _fit([made[int(at)] for at in seen], danger[seen])
            scores[unseen] = _matrix([made[int(at)] for at in unseen], columns) @ solution[:-1] + solution[-1]
    return scores


def _fit(made: Sequence[set[str]], danger: npt.NDArray[np.bool_]) -> tuple[dict[str, int], Floats]:
    """Return the columns of what two sentences or more hold, and their weights, the bias last."""
    # Loaded by those that learn; whoever judges by what was learnt starts sooner without.
    from scipy.optimize import minimize

    counts = Counter(name for found in made for name in found)
    names = sorted(name for name, count in counts.items() if count >= _LEAST_TEXTS)
    columns = {name: at for at, name in enumerate(names)}
    rows = _matrix(made, columns)
    signs = np.where(danger, 1.0, -1.0)

    def loss(solution: Floats) -> tuple[float, Floats]:
        margins = signs * (rows @ solution[:-1] + solution[-1])
        pull = -signs / (1 + np.exp(np.clip(margins, -500, 500)))
        slope = np.append(rows.T @ pull + solution[:-1] / SOFTNESS, pull.sum())
        return float(np.logaddexp(0, -margins).sum() + solution[:-1] @ solution[:-1] / SOFTNESS / 2), slope

    start = np.zeros(len(columns) + 1)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    return columns, found.x


def _matrix(made: Sequence[set[str]], columns: dict[str, int]) -> Any:  # noqa: ANN401 - scipy ships no types
    known = [sorted(columns[name] for name in found if name in columns) for found in made]
    ends = np.cumsum([0, *map(len, known)])
    values = np.repeat([share(len(found)) for found in made], np.diff(ends))
    flat = np.concatenate([np.array(row, dtype=np.int64) for row in known])
    return sparse.csr_matrix((values, flat, ends), shape=(len(made), len(columns)))


def _main_kinds(made: Sequence[set[str]], kinds: Sequence[str], kept: set[str]) -> dict[str, str]:
    """Return the kind of danger a feature speaks of, where more than half of its dangers are of one."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for found, kind in zip(made, kinds, strict=True):
        if kind != NO_DANGER:
            for name in found & kept:
                seen[name][kind] += 1
    first = {name: counts.most_common(1)[0] for name, counts in seen.items()}
    return {
        name: kind
        for name, (kind, count) in first.items()
        if count > _LEAST_SHARE * seen[name].total() or count == seen[name].total()
    }
