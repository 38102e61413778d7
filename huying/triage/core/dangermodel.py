"""A small linear model that hears danger told in other words than those of the town's list."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from math import log2, sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import ahocorasick

from .fold import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CODE_VERSION: Final = 2
"""Raised whenever the same weights would judge a text differently by changed code."""
LONGEST_GRAM: Final = 4
READ_CHARS: Final = 800
"""Of a longer text only this much is read by the model; the rules read on."""
SHORT_CHARS: Final = 80
"""A cry for help is short. A long letter has many sentences, each of which might sound like one by chance."""
LOUDER: Final = 1.5
"""In a text twice as long a piece must sound so much (log-odds) louder. Of 4,326 real letters one in four had
a piece that "may be" danger by the measure of a single sentence; with this one in thirty-four."""
SURE_CHARS: Final = 120
"""In longer texts the model is never sure: of twelve such letters it had called danger, nearly none was."""
SCANT_CHARS: Final = 5
FEW_CHARS: Final = 8
"""A piece that names no danger has only its characters to speak by, and a few of them speak of
anything: "支持" was surely violence. Shorter than this first it is not heard, than the second not sure."""
NO_DANGER: Final = "none"
BETWEEN: Final = "\t"
NOTHING: Final = -99.0
UNIT: Final = 1000
"""Weights are kept as whole numbers, this many to one."""
_HERE: Final = Path(__file__).parent
_SENTENCE: Final = re.compile(r"[^。!?;\n…]+")
_CHUNK: Final = re.compile(r".{1,60}(?:[，,、 ]|$)|.{1,60}")
_SHORTEST, _DAMPING = 2, 4


@dataclass(frozen=True, slots=True)
class Heard:
    """A piece of text that sounds like danger: which kind, whether surely, and where it stands."""

    kind: str
    sure: bool
    start: int
    end: int


def lessons(text: str) -> Iterator[tuple[str, str]]:
    """Read (kind, sentence) from lines under a [kind]; several may share a line, joined by |."""
    kind = ""
    for line in text.splitlines():
        if line.startswith("["):
            kind = line.strip("[]")
        elif line and not line.startswith("#"):
            yield from ((kind, sentence) for sentence in line.split("|"))


@cache
def _concepts() -> ahocorasick.Automaton:
    """Return what finds the concepts a sentence speaks of, all in one pass."""
    named: dict[str, set[str]] = {}
    for line in (_HERE / "danger_concepts.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            concept, words = line.split(" ", 1)
            for word in words.split("|"):
                named.setdefault(fold(word), set()).add(f"<{concept}>")
    automaton = ahocorasick.Automaton()
    for word, concepts in named.items():
        automaton.add_word(word, concepts)
    automaton.make_automaton()
    return automaton


def _names_danger(piece: str) -> bool:
    """Tell whether a piece speaks of anything the concepts know."""
    return next(_concepts().iter("".join(piece.split())), None) is not None


def features(folded: str) -> set[str]:
    """Return what a folded sentence is made of: n-grams of characters, concepts, pairs of concepts."""
    plain = "".join(folded.split())
    length = len(plain)
    found = set(plain)
    for size in range(2, LONGEST_GRAM + 1):
        found.update([plain[at : at + size] for at in range(length - size + 1)])
    named: set[str] = set()
    for _, concepts in _concepts().iter(plain):
        named |= concepts
    found |= named
    found.update(one + other for one, other in combinations(sorted(named), 2))
    return found


def share(count: int) -> float:
    """Return what each of so many features counts, so that long sentences do not sound louder."""
    return 4 / sqrt(count + _DAMPING)


class DangerModel:
    """Weights of features, and the kind of danger each speaks of; read-only, safe to share by threads.

    `sure_at` and `may_be_at` are the scores (log-odds) from which a piece of a short text is danger, and from
    which it may be; in a longer text it must be louder (`LOUDER`).
    """

    __slots__ = ("_bias", "_kinds", "_weights", "may_be_at", "sure_at", "version")

    def __init__(self, state: Mapping[str, Any]) -> None:
        """Read what `dangerlearning.learn` returned."""
        told = zip(state["weights"], state["kind_of"], strict=True)
        self._weights: dict[str, tuple[int, int]] = dict(
            zip(state["features"].split(BETWEEN), told, strict=True)
        )
        self._kinds = tuple(state["kinds"])
        self._bias = float(state["bias"])
        self.sure_at, self.may_be_at = float(state["sure_at"]), float(state["may_be_at"])
        self.version = f"m{CODE_VERSION}:{state['lessons'][:8]}"

    def score(self, folded: str) -> tuple[float, str]:
        """Return the log-odds that a folded sentence tells of danger, and the kind that is likeliest then."""
        found = features(folded)
        total, votes = 0, [0] * len(self._kinds)
        for name in self._weights.keys() & found:
            weight, kind = self._weights[name]
            total += weight
            if weight > 0 <= kind:
                votes[kind] += weight
        loudest = max(votes)
        if not loudest:
            return NOTHING, NO_DANGER  # nothing known speaks for danger: the bias alone is no reason
        return self._bias + share(len(found)) * total / UNIT, self._kinds[votes.index(loudest)]

    def hear(self, folded: str) -> list[Heard]:
        """Return the pieces of a folded text that are, or may be, told of danger, in their order."""
        louder = LOUDER * max(0.0, log2(max(len(folded), 1) / SHORT_CHARS))
        heard: list[Heard] = []
        for start, end in _pieces(folded[:READ_CHARS]):
            piece = folded[start:end]
            score, kind = self.score(piece)
            if score < self.may_be_at + louder:
                continue
            speaks = FEW_CHARS if _names_danger(piece) else len(piece)
            if speaks >= SCANT_CHARS:
                sure = score >= self.sure_at + louder and len(folded) <= SURE_CHARS and speaks >= FEW_CHARS
                heard.append(Heard(kind, sure, start, end))
        return heard


def _pieces(folded: str) -> Iterator[tuple[int, int]]:
    """Return the sentences of a text, long ones cut at commas, as [start, end)."""
    for sentence in _SENTENCE.finditer(folded):
        for piece in _CHUNK.finditer(folded, sentence.start(), sentence.end()):
            if piece.end() - piece.start() >= _SHORTEST:
                yield piece.span()


@cache
def danger_model() -> DangerModel:
    """Return the model that ships with the code; `scripts/danger_model.py` makes it anew."""
    return DangerModel(json.loads((_HERE / "danger_model.json").read_text(encoding="utf-8")))
