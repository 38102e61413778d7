"""What a text is about, whatever words it takes: a few numbered meanings, small enough to be stored."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from .fold import fold
from .signature import READ_CHARS

KEPT: Final = 24
"""No text keeps more meanings, so none takes more than 24 bytes."""
LONGEST_WORD: Final = 5
_WRONG: Final = 9.0
_FILE: Final = Path(__file__).with_name("concepts.txt")


class _Concept(NamedTuple):
    number: int
    weight: float
    name: str
    words: tuple[str, ...]


class _Table(NamedTuple):
    words: dict[str, tuple[int, ...]]
    weights: tuple[float, ...]
    names: dict[int, str]


def concepts_of(text: str) -> bytes:
    """Return the meanings found in the beginning of a text, one byte each, sorted, at most `KEPT`.

    The heaviest are kept; among equals those named first. Empty where no known word is used.
    """
    table = _table()
    folded, known = fold(text[:READ_CHARS]), table.words
    found: dict[int, None] = {}
    for start in range(len(folded) - 1):
        for end in range(start + 2, start + LONGEST_WORD + 1):
            if numbers := known.get(folded[start:end]):
                found.update(dict.fromkeys(numbers))
    kept = sorted(found, key=lambda number: -table.weights[number])[:KEPT]
    return bytes(sorted(kept))


def kinship(a: bytes, b: bytes) -> float:
    """Return how much two texts mean the same, 0 to 1: the weight they share / sqrt(of a x of b).

    Nothing known of one of them (also of marks written before meanings were kept) gives 0.
    """
    weights = _table().weights
    both = sum(weights[number] for number in set(a).intersection(b))
    of_a, of_b = sum(weights[number] for number in a), sum(weights[number] for number in b)
    return float(both / (of_a * of_b) ** 0.5) if both else 0.0


def kinships(one: bytes, others: Sequence[bytes]) -> npt.NDArray[np.float64]:
    """Return the kinship of one text to each of the others, in one pass."""
    result = np.zeros(len(others))
    sizes = np.fromiter(map(len, others), dtype=np.int64, count=len(others))
    filled = np.flatnonzero(sizes)
    if not one or not len(filled):
        return result
    weights = np.array(_table().weights)
    mine = np.zeros_like(weights)
    chosen = np.frombuffer(one, dtype=np.uint8)
    mine[chosen] = weights[chosen]
    starts = np.concatenate([[0], np.cumsum(sizes[filled])[:-1]])
    # An empty one adds nothing to the row, so all of them can stand in it.
    row = np.frombuffer(b"".join(others), dtype=np.uint8)
    theirs = np.add.reduceat(weights[row], starts)
    both = np.add.reduceat(mine[row], starts)
    result[filled] = both / np.sqrt(np.maximum(theirs * mine.sum(), 1.0))
    return result


class SharedMeaning(NamedTuple):
    """What two texts say is wrong: how many `both` say, and the share of that in `all` and in the `fewer`."""

    both: int
    of_all: float
    of_fewer: float
    opposed: bool
    """Each says what is wrong, and they say nothing in common of it."""


def shared(a: bytes, b: bytes) -> SharedMeaning:
    """Compare what two texts say is wrong, leaving aside with what, where and when."""
    weights = _table().weights
    of_a, of_b = ({number for number in one if weights[number] >= _WRONG} for one in (a, b))
    if not of_a or not of_b:
        return SharedMeaning(0, 0.0, 0.0, opposed=False)
    both = len(of_a & of_b)
    return SharedMeaning(both, both / len(of_a | of_b), both / min(len(of_a), len(of_b)), not both)


def names_of(concepts: bytes) -> list[str]:
    """Return the names of stored meanings, for those who look into it."""
    return [_table().names[number] for number in concepts if number in _table().names]


@cache
def _table() -> _Table:
    words: dict[str, tuple[int, ...]] = {}
    # A number of a newer table, read by an older program, weighs nothing.
    weights = [0.0] * 256
    names: dict[int, str] = {}
    for concept in _read(_FILE.read_text(encoding="utf-8").splitlines()):
        weights[concept.number], names[concept.number] = concept.weight**2, concept.name
        for word in concept.words:
            words[fold(word)] = (*words.get(fold(word), ()), concept.number)
    return _Table(words, tuple(weights), names)


def _read(lines: Sequence[str]) -> Iterator[_Concept]:
    for line in lines:
        if line and not line.startswith("#"):
            number, weight, name, *words = line.split()
            yield _Concept(int(number), float(weight), name, tuple(words))
