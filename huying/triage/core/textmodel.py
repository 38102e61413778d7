"""Judges which catalogue item a text is about, how sure that is, and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version as version_of
from typing import Any, Final

import numpy as np

from .calibration import Calibration, ThresholdFigure
from .explain import explain
from .features import fold_all
from .itemtext import ItemText, JudgedText, fingerprint
from .proving import UNPROVEN, Proof, proof_of, prove, signs_of
from .reasons import Reason
from .ridge import Floats, Ints
from .scorer import Scored, Scorer

CODE_VERSION: Final = 1
"""Raised whenever the same catalogue would be judged differently by changed code."""
JUDGED_CHARS: Final = 600
"""Of a longer text only the first 600 characters are judged: matters are named early, and one long letter
must not hold up the others. (On 2,687 real messages, reading further than 500 gained nothing.)"""

_BATCH: Final = 256
_CONFIDENCE_DIGITS: Final = 4
_RIVALRY: Final = 0.1  # how quickly a rival's share falls with its distance in score


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An item the text may be about; `confidence` is the estimated probability (0 to 1) that it is right."""

    code: str
    confidence: float
    reasons: tuple[Reason, ...]


def in_order(
    items: Iterable[ItemText], judged: Iterable[JudgedText]
) -> tuple[list[ItemText], list[JudgedText]]:
    """Return items by code, and the judged texts about them, in the order in which they are learnt."""
    ordered = sorted(items, key=lambda item: item.code)
    codes = {item.code for item in ordered}
    known = {one for one in judged if one.code in codes}
    return ordered, sorted(known, key=lambda one: (one.code, one.text))


def fingerprint_of(items: Sequence[ItemText], judged: Sequence[JudgedText]) -> str:
    """Return the sha256 (hex) of all that a model is learnt from and of how; arguments as by `in_order`."""
    return fingerprint(items, CODE_VERSION, version_of("rjieba"), [[one.text, one.code] for one in judged])


class TextModel:
    """Judges texts by a catalogue's names, keywords and examples; safe to share by threads.

    `version` (like `tfidf-1:ab12cd34`) names code and catalogue texts together: the same version
    judges the same text the same way. `proof` says how good the model is.
    """

    __slots__ = (
        "_ceilings",
        "_members",
        "_scorer",
        "calibration",
        "catalogue_version",
        "codes",
        "fingerprint",
        "proof",
        "version",
    )

    def __init__(
        self,
        scorer: Scorer,
        items: Sequence[ItemText],
        proof: Proof,
        *,
        catalogue_version: str,
        judged: Sequence[JudgedText],
    ) -> None:
        """Use `build`."""
        self._scorer = scorer
        self.codes = tuple(item.code for item in items)
        owners = np.array([document.item for document in scorer.documents])
        self._members = tuple(np.flatnonzero(owners == number) for number in range(len(items)))
        self._ceilings = np.array([1.0 if item.examples else UNPROVEN.ceiling for item in items])
        self.proof = proof
        self.calibration: Calibration = proof.calibration
        self.catalogue_version = catalogue_version
        self.fingerprint = fingerprint_of(items, judged)
        self.version = f"tfidf-{CODE_VERSION}:{self.fingerprint[:8]}"

    @classmethod
    def build(
        cls, items: Iterable[ItemText], *, version: str, judged: Iterable[JudgedText] = ()
    ) -> "TextModel":
        """Learn a catalogue and measure what was learnt.

        `version` is the catalogue's own version, kept as `catalogue_version`. `judged` are real texts
        with their right items; 40 or more replace the catalogue's examples as the measure of
        confidence. The order of items does not matter. Raises `ValueError` when there are no items,
        when a code stands twice or an item has no name.
        """
        ordered, known = in_order(items, judged)
        numbers = {item.code: number for number, item in enumerate(ordered)}
        if not ordered:
            raise ValueError("a catalogue without items cannot be learnt")
        if len(numbers) < len(ordered):
            raise ValueError("an item code stands twice in the catalogue")
        if not all(item.names and item.names[0].strip() for item in ordered):
            raise ValueError("every item needs a name")
        scorer = Scorer(ordered)
        ridge = scorer.fit(ordered)
        texts = fold_all([one.text for one in known], JUDGED_CHARS)
        proof = prove(
            ordered, scorer, ridge, list(zip(texts, [numbers[one.code] for one in known], strict=True))
        )
        return cls(scorer, ordered, proof, catalogue_version=version, judged=known)

    def state(self) -> dict[str, Any]:
        """Return what was learnt, as arrays and JSON-able values, for `restored`."""
        return {**self._scorer.state(), "proof": asdict(self.proof)}

    @classmethod
    def restored(
        cls,
        items: Iterable[ItemText],
        state: Mapping[str, Any],
        *,
        version: str,
        judged: Iterable[JudgedText] = (),
    ) -> "TextModel":
        """Return the model `build` returned for the same arguments, from its `state`."""
        ordered, known = in_order(items, judged)
        proof = proof_of(state["proof"])
        return cls(Scorer.restored(ordered, state), ordered, proof, catalogue_version=version, judged=known)

    def predict(self, text: str, limit: int = 3) -> list[Suggestion]:
        """Return up to `limit` suggestions, surest first; none when text and catalogue share nothing."""
        return self.predict_many([text], limit)[0]

    def predict_many(self, texts: Iterable[str], limit: int = 3) -> list[list[Suggestion]]:
        """Return the suggestions for each text, in order; the same as `predict` for each, but faster."""
        folded = fold_all(texts, JUDGED_CHARS)
        result: list[list[Suggestion]] = []
        for start in range(0, len(folded), _BATCH):
            result += self._judge(folded[start : start + _BATCH], limit)
        return result

    def thresholds(self) -> tuple[ThresholdFigure, ...]:
        """Return what deciding from a confidence on would mean; empty when nothing could be measured."""
        return self.proof.thresholds

    def weigh(self, texts: Iterable[str], limit: int) -> "Weighed":
        """Return the `limit` likeliest items of each of a batch of texts; `reasons` says why."""
        return self._weigh(fold_all(texts, JUDGED_CHARS), limit)

    def reasons(self, weighed: "Weighed", row: int, item: int) -> tuple[Reason, ...]:
        """Return why text `row` may be about the item at this position of `codes`."""
        return explain(self._scorer, weighed.scored, row, item, self._members[item])

    def _weigh(self, folded: Sequence[str], limit: int) -> "Weighed":
        scored = self._scorer.score(folded)
        order = np.argsort(-scored.scores, axis=1, kind="stable")[:, : max(limit, 1)]
        best = order[:, 0]
        sure = self.calibration.confidence(signs_of(scored.scores, scored.strengths, best))
        sure = np.minimum(sure, self._ceilings[best])
        rivals = np.exp((scored.scores - scored.scores.max(axis=1, keepdims=True)) / _RIVALRY)
        rivals[np.arange(len(best)), best] = 0
        rivals *= ((1 - sure) / np.maximum(rivals.sum(axis=1), 1e-12))[:, None]
        rivals = np.minimum(rivals, np.minimum(sure[:, None], self._ceilings))
        rivals[np.arange(len(best)), best] = sure
        rows = np.arange(len(best))[:, None]
        confidence = np.where(scored.scores[rows, order] > 0, rivals[rows, order], 0.0)
        return Weighed(scored, order, confidence)

    def _judge(self, folded: Sequence[str], limit: int) -> list[list[Suggestion]]:
        weighed = self._weigh(folded, limit)
        return [self._suggestions(weighed, row, limit) for row in range(len(weighed.items))]

    def _suggestions(self, weighed: "Weighed", row: int, limit: int) -> list[Suggestion]:
        """Return the items the text says something for; what has no reason is not suggested."""
        suggestions = []
        for item, confidence in zip(weighed.items[row, :limit], weighed.confidence[row, :limit], strict=True):
            if weighed.scored.scores[row, item] > 0:
                reasons = self.reasons(weighed, row, int(item))
                if reasons:
                    sure = round(float(confidence), _CONFIDENCE_DIGITS)
                    suggestions.append(Suggestion(self.codes[item], sure, reasons))
        return suggestions


@dataclass(frozen=True, slots=True)
class Weighed:
    """A batch of q texts with the k likeliest items of each: positions in `codes`, surest first.

    `confidence` (0 to 1) is 0 where the text says nothing for the item.
    """

    scored: Scored
    items: Ints  # (q, k)
    confidence: Floats  # (q, k)
