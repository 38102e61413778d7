"""Judges one text: the item, its grade, the dangers, and whether a machine may decide."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from time import perf_counter
from traceback import extract_tb
from typing import Final, Protocol

from .danger import Danger
from .reasons import JsonReason, Reason, reasons_to_json
from .textmodel import Suggestion

_log = logging.getLogger(__name__)

GRADE_OF_DANGER: Final = "A"
"""The grade of what endangers life, whatever the item's own grade."""
DEFAULT_THRESHOLD: Final = 0.7
"""Below this confidence a person decides; a town sets its own after `TextModel.thresholds`."""
_SHOWN: Final = 3


class Model(Protocol):
    """What is asked of a text model."""

    @property
    def version(self) -> str:
        """Name code and catalogue texts together."""

    def predict(self, text: str, limit: int = 3) -> list[Suggestion]:
        """Return suggestions, surest first."""

    def predict_many(self, texts: Iterable[str], limit: int = 3) -> list[list[Suggestion]]:
        """Return the suggestions for each text."""


class Rules(Protocol):
    """What is asked of the danger rules."""

    @property
    def version(self) -> str:
        """Name code and list together."""

    def check(self, text: str) -> list[Danger]:
        """Return the dangers of a text."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a machine makes of a text, with everything needed to explain it years later.

    `item_code` is set when `decided`; otherwise a person decides among `suggestions`. `grade` is
    that of the decided item, or A at once where a danger was found, decided or not. `confidence` is
    that of the first suggestion (0 without one). `why` begins with what settled the matter.
    """

    item_code: str | None
    suggestions: tuple[Suggestion, ...]
    grade: str | None
    confidence: float
    decided: bool
    why: tuple[Reason, ...]
    dangers: tuple[Danger, ...]
    model_version: str
    rules_version: str

    def to_json(self) -> dict[str, object]:
        """Return the judgement as a JSON-able dict; equal judgements give equal dicts."""
        suggestions: list[dict[str, str | float | list[JsonReason]]] = [
            {"code": one.code, "confidence": one.confidence, "reasons": reasons_to_json(one.reasons)}
            for one in self.suggestions
        ]
        return {
            "item_code": self.item_code,
            "suggestions": suggestions,
            "grade": self.grade,
            "confidence": self.confidence,
            "decided": self.decided,
            "why": reasons_to_json(self.why),
            "dangers": [danger.to_json() for danger in self.dangers],
            "model_version": self.model_version,
            "rules_version": self.rules_version,
        }


@dataclass(frozen=True, slots=True)
class _Found:
    """What one of the two judges said: its findings, or the reason it said nothing."""

    suggestions: tuple[Suggestion, ...] = ()
    dangers: tuple[Danger, ...] = ()
    failure: Reason | None = None


def judge(
    text: str,
    model: Model | None,
    danger_rules: Rules | None,
    *,
    grade_of: Callable[[str], str],
    threshold: float = DEFAULT_THRESHOLD,
    budget_seconds: float | None = None,
    clock: Callable[[], float] = perf_counter,
) -> Judgement:
    """Return the judgement of one text; never raises because of the model, the rules or `grade_of`.

    The rules are read first: whatever becomes of the model, their dangers stand. A failure or a
    missing model or list (None) gives `decided=False` with the reason, and what is known is kept.
    The model is not started when `budget_seconds` are used up by then; a model that has started is
    waited for (it reads a bounded beginning of the text only). `grade_of` names an item's grade, A to D.
    """
    started = clock()
    dangers = _read(danger_rules, text)
    if budget_seconds is not None and clock() - started >= budget_seconds:
        suggested = _Found(failure=Reason("too_slow", f"{budget_seconds} s"))
    else:
        suggested = _ask(model, text)
    return _judgement(suggested, dangers, _versions(model, danger_rules), grade_of, threshold)


def judge_many(
    texts: Sequence[str],
    model: Model | None,
    danger_rules: Rules | None,
    *,
    grade_of: Callable[[str], str],
    threshold: float = DEFAULT_THRESHOLD,
) -> list[Judgement]:
    """Return the judgement of each text, as `judge` would, but with the model asked once for all.

    When the model fails over the batch each text is judged alone, so that one text cannot spoil the others.
    """
    suggested = _ask_many(model, texts)
    versions = _versions(model, danger_rules)
    return [
        _judgement(answer, _read(danger_rules, text), versions, grade_of, threshold)
        for text, answer in zip(texts, suggested, strict=True)
    ]


def _ask_many(model: Model | None, texts: Sequence[str]) -> list[_Found]:
    if model is not None:
        try:
            answers = [_Found(suggestions=tuple(answer)) for answer in model.predict_many(texts, _SHOWN)]
        except Exception as error:  # noqa: BLE001 - whatever breaks in a model, the appeals must go on
            _log.error("The text model failed over a batch: %s", _where(error))
        else:
            if len(answers) == len(texts):
                return answers
            _log.error("The text model answered for %d of %d texts", len(answers), len(texts))
    return [_ask(model, text) for text in texts]


def _ask(model: Model | None, text: str) -> _Found:
    if model is None:
        return _Found(failure=Reason("model_failed", "no model"))
    try:
        return _Found(suggestions=tuple(model.predict(text, _SHOWN)))
    except Exception as error:  # noqa: BLE001 - whatever breaks in a model, the appeal must go on
        _log.error("The text model failed: %s", _where(error))
        return _Found(failure=Reason("model_failed", type(error).__name__))


def _read(rules: Rules | None, text: str) -> _Found:
    if rules is None:
        return _Found(failure=Reason("rules_failed", "no danger list"))
    try:
        return _Found(dangers=tuple(rules.check(text)))
    except Exception as error:  # noqa: BLE001 - whatever breaks in the rules, the appeal must go on
        _log.error("The danger rules failed: %s", _where(error))
        return _Found(failure=Reason("rules_failed", type(error).__name__))


def _judgement(
    suggested: _Found,
    read: _Found,
    versions: tuple[str, str],
    grade_of: Callable[[str], str],
    threshold: float,
) -> Judgement:
    first = suggested.suggestions[0] if suggested.suggestions else None
    doubts = [found.failure for found in (suggested, read) if found.failure is not None]
    if first is None and suggested.failure is None:
        doubts.append(Reason("no_evidence", ""))
    elif first is not None and first.confidence < threshold:
        doubts.append(
            Reason("below_threshold", f"{first.confidence:.4g} < {threshold:.4g}", first.confidence)
        )
    grade: str | None = None
    if first is not None and not doubts:
        try:
            grade = grade_of(first.code)
        except Exception as error:  # noqa: BLE001 - a catalogue without this grade must not stop the appeal
            _log.error("The grade of item %s is unknown: %s", first.code, _where(error))
            doubts.append(Reason("grade_unknown", first.code))
    decided = first is not None and not doubts
    dangers = [Reason("danger", danger.phrase, 1.0) for danger in read.dangers if danger.sure]
    maybe = [Reason("may_be_danger", danger.phrase) for danger in read.dangers if not danger.sure]
    return Judgement(
        item_code=first.code if first is not None and decided else None,
        suggestions=suggested.suggestions,
        grade=GRADE_OF_DANGER if dangers else grade,
        confidence=first.confidence if first is not None else 0.0,
        decided=decided,
        why=(*dangers, *doubts, *maybe, *(first.reasons if first is not None else ())),
        dangers=read.dangers,
        model_version=versions[0],
        rules_version=versions[1],
    )


def _versions(model: Model | None, rules: Rules | None) -> tuple[str, str]:
    return ("" if model is None else model.version, "" if rules is None else rules.version)


def _where(error: Exception) -> str:
    """Return class and place of an error, but not its message, which may quote a resident."""
    frames = extract_tb(error.__traceback__)
    place = f" at {PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"
