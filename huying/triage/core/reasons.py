"""A reason is one line of "why", small enough to keep for years beside the decision it explains."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast, get_args

ReasonKind: TypeAlias = Literal[
    "keyword",  # a keyword of the catalogue item stands in the text
    "words",  # words or word parts the text shares with the item's names, keywords and examples
    "example",  # the catalogue example (or name) most like the text
    "learnt",  # so many judgements of people taught that such texts are about the item
    "danger",  # a phrase that means danger to life
    "may_be_danger",  # words that sound like danger to the model, not surely enough to change the grade
    "below_threshold",  # the best suggestion was less certain than the town asks for
    "no_evidence",  # the text shares nothing with the catalogue
    "model_failed",  # the text model could not judge; a person decides
    "rules_failed",  # the danger rules could not judge; a person decides
    "grade_unknown",  # the catalogue could not name the grade of the item
    "too_slow",  # the time budget was used up before the judgement was complete
]
JsonReason: TypeAlias = dict[str, str | float]

_KINDS = frozenset(get_args(ReasonKind))
_WEIGHT_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was suggested or decided.

    `kind` is a stable key (pages translate it), `text` is quoted from the resident's text or from
    the catalogue, or is a technical detail such as an error's class; `weight` is the part it played
    (0 and up; only comparable within one decision).
    """

    kind: ReasonKind
    text: str
    weight: float = 0.0

    def to_json(self) -> JsonReason:
        """Return the reason as a JSON-able dict; equal reasons give equal dicts."""
        return {"kind": self.kind, "text": self.text, "weight": round(float(self.weight), _WEIGHT_DIGITS)}

    @classmethod
    def from_json(cls, value: Mapping[str, object]) -> "Reason":
        """Read back what `to_json` wrote; `ValueError` when it is not a reason."""
        kind, text, weight = value.get("kind"), value.get("text"), value.get("weight")
        if (
            not isinstance(kind, str)
            or kind not in _KINDS
            or not isinstance(text, str)
            or not isinstance(weight, int | float)
        ):
            raise ValueError(f"not a reason: {dict(value)!r}")
        return cls(kind=cast("ReasonKind", kind), text=text, weight=float(weight))


def reasons_to_json(reasons: Iterable[Reason]) -> list[JsonReason]:
    """Return reasons as JSON-able dicts in their given order (the order is part of the record)."""
    return [reason.to_json() for reason in reasons]


def reasons_from_json(values: Iterable[Mapping[str, object]]) -> tuple[Reason, ...]:
    """Read back what `reasons_to_json` wrote; `ValueError` when one is not a reason."""
    return tuple(Reason.from_json(value) for value in values)
