"""Compares a new model with what was said before, case by case: better, no worse, or worse, and where."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import comb
from typing import Any, Final

ENOUGH: Final = 20
"""An item with fewer judged appeals says nothing about a model: one slip would be five per cent."""
CHANCE: Final = 0.1
"""How often chance alone may make an item look worse (one-sided sign test on those judged differently)."""
MOST_UPSET: Final = 0.02
"""Of the appeals the machine dispatched and nobody objected to, no more may be dispatched elsewhere."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One appeal a person judged: the `truth`, and what was said `before` and would be said `after`.

    `sure` is the new model's confidence (0 to 1) in `after`. Codes of items; empty where nothing was said.
    """

    truth: str
    before: str
    after: str
    sure: float = 0.0


@dataclass(frozen=True, slots=True)
class ItemFigure:
    """How an item fared: `n` appeals are truly about it, so many of them were judged right."""

    code: str
    n: int
    right_before: int
    right_after: int
    only_before: int  # right before and no longer
    only_after: int  # right only now

    @property
    def is_worse(self) -> bool:
        """Return whether there is enough to say that the item fares worse, and chance does not explain it."""
        return (
            self.n >= ENOUGH
            and self.right_after < self.right_before
            and sign_test(self.only_before, self.only_after) <= CHANCE
        )


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a comparison showed; `upset` of `quiet` appeals nobody objected to would now go elsewhere."""

    n: int
    right_before: int
    right_after: int
    macro_f1_before: float
    macro_f1_after: float
    calibration_error: float
    decided: int
    decided_right: int
    quiet: int
    upset: int
    items: tuple[ItemFigure, ...]

    @property
    def worse_items(self) -> tuple[str, ...]:
        """Return the codes of items that fare worse, in order."""
        return tuple(item.code for item in self.items if item.is_worse)

    @property
    def verdict(self) -> str:
        """Return the key of what follows: `no_worse`, or why the new model stays out."""
        if not self.n:
            return "nothing_to_compare"
        if self.right_after < self.right_before:
            return "worse_overall"
        if self.worse_items:
            return "worse_in_an_item"
        if self.quiet and self.upset > MOST_UPSET * self.quiet:
            return "upsets_what_was_right"
        return "no_worse"

    def to_json(self) -> dict[str, Any]:
        """Return the figures as a JSON-able dict, with the verdict."""
        return {**asdict(self), "worse_items": list(self.worse_items), "verdict": self.verdict}


def compare(
    trials: Sequence[Trial], quiet: Iterable[tuple[str, str, float]] = (), *, threshold: float = 1.0
) -> Comparison:
    """Return how the new model compares on `trials`.

    `quiet` are the appeals the machine decided and nobody objected to, as (what was said, what would be
    said, confidence): a person saw no reason to judge them, so only a change that would be made without a
    person counts against the new model. `threshold` is the confidence (0 to 1) from which it decides.
    """
    tally: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    for trial in trials:
        was, now = trial.before == trial.truth, trial.after == trial.truth
        for place, holds in enumerate((True, was, now, was and not now, now and not was)):
            tally[trial.truth][place] += holds
    items = tuple(ItemFigure(code, *counts) for code, counts in sorted(tally.items()))
    said = [(was, now, sure) for was, now, sure in quiet]
    decided = [trial for trial in trials if trial.sure >= threshold]
    truths = [trial.truth for trial in trials]
    return Comparison(
        n=len(trials),
        right_before=sum(item.right_before for item in items),
        right_after=sum(item.right_after for item in items),
        macro_f1_before=macro_f1(truths, [trial.before for trial in trials]),
        macro_f1_after=macro_f1(truths, [trial.after for trial in trials]),
        calibration_error=calibration_error([(t.sure, t.after == t.truth) for t in trials]),
        decided=len(decided),
        decided_right=sum(trial.after == trial.truth for trial in decided),
        quiet=len(said),
        upset=sum(now != was and sure >= threshold for was, now, sure in said),
        items=items,
    )


def sign_test(losses: int, gains: int) -> float:
    """Return how likely chance alone brings so many losses or more, were losses as likely as gains."""
    n = losses + gains
    return sum(comb(n, k) for k in range(losses, n + 1)) / 2**n if n else 1.0


def macro_f1(truths: Sequence[str], said: Sequence[str]) -> float:
    """Return the mean F1 (0 to 1) over the items that truly occur; 0 of nothing."""
    hits: dict[str, int] = defaultdict(int)
    true: dict[str, int] = defaultdict(int)
    named: dict[str, int] = defaultdict(int)
    for truth, word in zip(truths, said, strict=True):
        true[truth] += 1
        named[word] += 1
        hits[truth] += truth == word
    scores = [2 * hits[code] / (true[code] + named[code]) for code in true]
    return round(sum(scores) / len(scores), 4) if scores else 0.0


def calibration_error(judged: Iterable[tuple[float, bool]], bins: int = 10) -> float:
    """Return the expected calibration error (0 to 1): the gap between confidence and truth, by bin."""
    groups: Mapping[int, list[tuple[float, bool]]] = defaultdict(list)
    n = 0
    for sure, right in judged:
        groups[min(int(sure * bins), bins - 1)].append((sure, right))
        n += 1
    gap = sum(
        abs(sum(sure for sure, _ in group) - sum(right for _, right in group)) for group in groups.values()
    )
    return round(gap / n, 4) if n else 0.0
