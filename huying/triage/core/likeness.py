"""How probable it is that two appeals tell one matter, from their words, meanings, item, place and time."""

from dataclasses import dataclass
from math import exp, sqrt
from typing import Final, Literal, TypeAlias

from .concepts import kinship, shared

ItemKinship: TypeAlias = Literal["same_item", "same_group", "other", "unknown"]

SHOWN_TO_RESIDENTS: Final = 0.8
"""From here on a resident is asked "is it one of these?"; at least 95 of a hundred such pairs are twins."""
SHOWN_TO_STAFF: Final = 0.35
"""From here on a suspicion is written for staff, who look at both texts."""


# A logistic regression, fitted by `bench/twins.py --fit` on the halves for learning (docs/how-to/twins.md).
WEIGHTS: Final[dict[str, float]] = {
    "always": -0.532,
    "words": -1.845,
    "nearly_equal": 2.792,
    "meaning": 0.491,
    "same_text": 2.423,
    "wrong_of_all": 0.889,
    "wrong_of_fewer": 0.925,
    "wrong_by_chance": -2.364,
    "opposed": -1.841,
    "same_item": 0.869,
    "same_group": 0.043,
    "closeness": 0.952,
}
_SAME_TEXT: Final = 0.6
_MUCH: Final = 3  # meanings in common; long letters share as many by chance


@dataclass(frozen=True, slots=True)
class Alike:
    """What speaks for two appeals being twins.

    `words` is 0 to 1 (`similarity`), `a` and `b` what they mean (`concepts_of`); `closeness` is 1 at one
    spot, 0.5 where only the grid agrees or at the policy's distance, 0 where no place is known.
    """

    words: float
    a: bytes
    b: bytes
    item: ItemKinship
    closeness: float


def features(alike: Alike) -> dict[str, float]:
    """Return what the regression weighs."""
    words = sqrt(min(1.0, alike.words))
    wrong = shared(alike.a, alike.b)
    return {
        "always": 1.0,
        "words": words,
        "nearly_equal": max(0.0, alike.words - 0.4),
        "meaning": kinship(alike.a, alike.b),
        "same_text": float(alike.words >= _SAME_TEXT),
        "wrong_of_all": wrong.of_all,
        "wrong_of_fewer": wrong.of_fewer,
        "wrong_by_chance": min(1.0, wrong.both / _MUCH),
        "opposed": float(wrong.opposed),
        "same_item": float(alike.item == "same_item"),
        "same_group": float(alike.item == "same_group"),
        "closeness": alike.closeness,
    }


def probability(alike: Alike) -> float:
    """Return how probable it is, 0 to 1, that two appeals are of one matter."""
    evidence = sum(WEIGHTS[name] * value for name, value in features(alike).items())
    return 1 / (1 + exp(-evidence))
