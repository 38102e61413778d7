"""How probable it is that two appeals tell one matter: from their words, meanings, item, place and time."""

from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]

SHOWN_TO_RESIDENTS: Final = 0.75
"""From here on a resident is asked "is it one of these?": of a hundred such pairs at least 95 are twins."""
SHOWN_TO_STAFF: Final = 0.4
"""From here on a suspicion is written for staff, who look at both texts."""
_MUCH_ALIKE: Final = 0.4


class Evidence(NamedTuple):
    """What speaks for one appeal and each of several others being twins; every part an array, 0 to 1.

    `words`: how alike the texts are (`similarity`). `wrong_of_all`, `wrong_of_fewer`, `opposed`: what both
    say is wrong (`shared_wrongs`). `same_item`: 1 where so. `closeness`: 1 at one spot, 0.5 where only the
    grid agrees or at the policy's distance, 0 where no place is known. `recency`: 1 at one moment, 0 at the
    end of the window.
    """

    words: Floats
    wrong_of_all: Floats
    wrong_of_fewer: Floats
    opposed: Floats
    same_item: Floats
    closeness: Floats
    recency: Floats


# A logistic regression whose every sign is given: more agreement never makes twins less probable. Fitted on
# the half of the pairs set aside for learning, by `make bench-twins ARGS=--fit` (docs/how-to/twins.md).
ALWAYS: Final = -2.67
WEIGHTS: Final[dict[str, float]] = {
    "words": 1.37,
    "much_alike": 1.44,
    "wrong_of_all": 3.76,
    "wrong_of_fewer": 0.66,
    "opposed": -1.11,
    "same_item": 1.27,
    "closeness": 1.66,
    "recency": 0.54,
}


def features(evidence: Evidence) -> dict[str, Floats]:
    """Return what the regression weighs, by the names of `WEIGHTS`."""
    alike = np.minimum(evidence.words, 1.0)
    return {
        "words": np.sqrt(alike),
        "much_alike": np.maximum(alike - _MUCH_ALIKE, 0.0),
        "wrong_of_all": evidence.wrong_of_all,
        "wrong_of_fewer": evidence.wrong_of_fewer,
        "opposed": evidence.opposed,
        "same_item": evidence.same_item,
        "closeness": evidence.closeness,
        "recency": evidence.recency,
    }


def chances(evidence: Evidence) -> Floats:
    """Return how probable it is, 0 to 1, that the one and each of the others are twins."""
    weighed = np.full(len(evidence.words), ALWAYS)
    for name, values in features(evidence).items():
        weighed += WEIGHTS[name] * values
    likely: Floats = 1 / (1 + np.exp(-weighed))
    return likely
