"""Finds danger to life in a text: phrases of the town's list, with care for what stands around them."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import ahocorasick

from .circumstance import circumstance_of
from .fold import fold

CODE_VERSION: Final = 1
"""Raised whenever the same list would judge a text differently by changed code."""
READ_CHARS: Final = 50_000
"""Of a longer text only this many characters are read (a cry for help comes earlier)."""

LONGEST_QUOTE: Final = 24
"""Of what a model heard this much is kept beside the verdict."""

_SEPARATOR: Final = "|"


@dataclass(frozen=True, slots=True)
class Danger:
    """A phrase that means danger to life: `phrase` as listed, found at [start, end) of the given text.

    One that only the model heard (`by_model`) is quoted from the text; without `sure` it may be danger: the
    resident is told whom to dial, the grade stays.
    """

    kind: str
    phrase: str
    start: int
    end: int
    emergency_number: str
    advice: str
    rule: str
    by_model: bool = False
    sure: bool = True

    def to_json(self) -> dict[str, str | int]:
        """Return the finding as a JSON-able dict, without the advice (the list's version holds it)."""
        told: dict[str, str | int] = {
            "kind": self.kind,
            "rule": self.rule,
            "phrase": self.phrase,
            "start": self.start,
            "end": self.end,
        }
        return told | {"by": "model", "sure": self.sure} if self.by_model else told


@dataclass(frozen=True, slots=True)
class Excused:
    """A phrase that was found but not raised, and why: `look_alike` or a circumstance."""

    danger: Danger
    why: str


class _Rule(NamedTuple):
    key: str
    kind: str
    emergency_number: str
    advice: str


class _Entry(NamedTuple):
    """A string to look for: what it means to each rule that lists it (`look_alike`: it takes danger away)."""

    phrase: str
    squeezed: str
    uses: tuple[tuple[_Rule, bool], ...]


class _Hit(NamedTuple):
    rule: _Rule
    phrase: str
    start: int
    end: int


class DangerRules:
    """The danger list of a town, ready to read texts in one pass; read-only, safe to share by threads.

    `version` (like `danger-1:ab12cd34`) names code and list together.
    """

    __slots__ = ("_automaton", "_rule_of_kind", "fingerprint", "version")

    def __init__(self, entries: Sequence[_Entry], fingerprint: str) -> None:
        """Use `from_rows`."""
        self._automaton = ahocorasick.Automaton()
        for entry in entries:
            self._automaton.add_word(entry.squeezed, entry)
        self._automaton.make_automaton()
        self._rule_of_kind: dict[str, _Rule] = {}
        for rule in (rule for entry in entries for rule, look_alike in entry.uses if not look_alike):
            known = self._rule_of_kind.setdefault(rule.kind, rule)
            if rule.key < known.key:
                self._rule_of_kind[rule.kind] = rule
        self.fingerprint = fingerprint
        self.version = f"danger-{CODE_VERSION}:{fingerprint[:8]}"

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, str]]) -> "DangerRules":
        """Read the list: key, kind, phrases and not_phrases (joined by |), emergency_number, advice.

        A phrase may stand in several rows; `not_phrases` are look-alikes that take the danger out of
        the phrases of their own row they contain. Raises `ValueError` naming the row when a key is
        missing or stands twice, or a row has no phrase of two characters or more.
        """
        uses: dict[str, list[tuple[_Rule, bool]]] = defaultdict(list)
        spelt: dict[str, str] = {}
        keys: set[str] = set()
        said = []
        for row in rows:
            rule = _Rule(row["key"].strip(), row["kind"].strip(), row["emergency_number"], row["advice"])
            phrases, look_alikes = (_split(row.get(column) or "") for column in ("phrases", "not_phrases"))
            if not rule.key or rule.key in keys:
                raise ValueError(f"danger rule {rule.key!r}: the key is missing or stands twice")
            if not phrases:
                raise ValueError(f"danger rule {rule.key!r}: no phrase of two characters or more")
            keys.add(rule.key)
            said.append([*rule, phrases, look_alikes])
            for look_alike, texts in ((False, phrases), (True, look_alikes)):
                for text in texts:
                    spelt.setdefault(_squeeze(fold(text)), text)
                    uses[_squeeze(fold(text))].append((rule, look_alike))
        entries = [_Entry(spelt[squeezed], squeezed, tuple(uses[squeezed])) for squeezed in sorted(uses)]
        text = json.dumps([CODE_VERSION, sorted(said)], ensure_ascii=False, separators=(",", ":"))
        return cls(entries, hashlib.sha256(text.encode("utf-8", "replace")).hexdigest())

    def check(self, text: str) -> list[Danger]:
        """Return the dangers of a text in the order they are named, each phrase of a rule once."""
        return self.examine(text)[0]

    def examine(self, text: str) -> tuple[list[Danger], list[Excused]]:
        """Return the dangers, and what was found but not raised with the reason why."""
        folded = fold(text[:READ_CHARS])
        hits, look_alikes = self._find(folded)
        raised: dict[tuple[str, str], Danger] = {}
        excused: list[Excused] = []
        for hit in hits:
            rule = hit.rule
            if (rule.key, hit.phrase) in raised:
                continue  # once is enough
            danger = Danger(
                rule.kind, hit.phrase, hit.start, hit.end, rule.emergency_number, rule.advice, rule.key
            )
            if any(one.rule is rule and one.start <= hit.start and hit.end <= one.end for one in look_alikes):
                excused.append(Excused(danger, "look_alike"))
            elif (why := circumstance_of(folded, hit.start, hit.end, rule.kind)) is not None:
                excused.append(Excused(danger, why))
            else:
                raised[rule.key, hit.phrase] = danger
        return _without_parts(list(raised.values())), excused

    def as_heard(self, kind: str, text: str, start: int, end: int, *, sure: bool) -> Danger | None:
        """Return the danger a model heard at [start, end), or None when the list names none of this kind."""
        rule = self._rule_of_kind.get(kind)
        if rule is None:
            return None
        quoted = text[start:end].strip()[:LONGEST_QUOTE]
        return Danger(
            kind, quoted, start, end, rule.emergency_number, rule.advice, rule.key, by_model=True, sure=sure
        )

    def _find(self, folded: str) -> tuple[list[_Hit], list[_Hit]]:
        """Return phrases and look-alikes of a folded text, blank space within them passed over."""
        places = [place for place, char in enumerate(folded) if not char.isspace()]
        squeezed = "".join(folded.split())
        hits: list[_Hit] = []
        look_alikes: list[_Hit] = []
        if not len(self._automaton):
            return hits, look_alikes
        for last, entry in self._automaton.iter(squeezed):
            start, end = places[last - len(entry.squeezed) + 1], places[last] + 1
            if not _stands_alone(folded, start, end, entry.squeezed):
                continue
            for rule, look_alike in entry.uses:
                if not look_alike:
                    hits.append(_Hit(rule, entry.phrase, start, end))
                elif not _asks(folded, start, entry.squeezed):
                    look_alikes.append(_Hit(rule, entry.phrase, start, end))
        hits.sort(key=lambda hit: (hit.start, -hit.end, hit.rule.key))
        return hits, look_alikes


def _split(joined: str) -> list[str]:
    return sorted({text.strip() for text in joined.split(_SEPARATOR) if len(_squeeze(text)) > 1})


def _squeeze(text: str) -> str:
    return "".join(text.split())


def _stands_alone(folded: str, start: int, end: int, phrase: str) -> bool:
    """Return whether a Latin phrase is not merely a part of a longer Latin word."""
    if not phrase.isascii():
        return True
    neighbours = folded[start - 1 : start] + folded[end : end + 1]
    return not any(char.isascii() and char.isalnum() for char in neighbours)


def _asks(folded: str, start: int, look_alike: str) -> bool:
    """Return whether "no smell of gas" is but a part of the question "is there no smell of gas?"."""
    return look_alike[0] in "没不" and folded[start - 1 : start] in set("有是会")


def _without_parts(dangers: list[Danger]) -> list[Danger]:
    """Drop findings of a rule that lie within a longer finding of the same rule."""
    return [
        one
        for one in dangers
        if not any(
            other is not one
            and other.rule == one.rule
            and other.start <= one.start
            and one.end <= other.end
            and other.end - other.start > one.end - one.start
            for other in dangers
        )
    ]
