"""What a text is about, whatever words it takes: a few numbered meanings, small enough to be stored."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from .fold import fold
from .signature import READ_CHARS

KEPT: Final = 24
"""No text keeps more meanings, so none takes more than 24 bytes."""
MASK_BITS: Final = 63
_WRONG: Final = 3  # the weight of what is wrong; less weigh what it is wrong with, where and when
_NUMBERS: Final = 256
_FILE: Final = Path(__file__).with_name("concepts.txt")

Floats: TypeAlias = npt.NDArray[np.float64]


class _Concept(NamedTuple):
    number: int
    weight: int
    name: str
    words: tuple[str, ...]


class _Table(NamedTuple):
    # By their first two characters: what may follow, and which meanings that has.
    words: dict[str, tuple[tuple[str, tuple[int, ...]], ...]]
    weights: tuple[int, ...]
    wrongs: npt.NDArray[np.bool_]
    names: dict[int, str]


def concepts_of(text: str) -> bytes:
    """Return the meanings found in the beginning of a text, one byte each, sorted, at most `KEPT`.

    The heaviest are kept; among equals those named first. Empty where no known word is used.
    """
    table = _table()
    folded = fold(text[:READ_CHARS])
    found: dict[int, None] = {}
    for start, (first, second) in enumerate(pairwise(folded)):
        for rest, numbers in table.words.get(first + second, ()):
            if folded.startswith(rest, start + 2):
                found.update(dict.fromkeys(numbers))
    kept = sorted(found, key=lambda number: -table.weights[number])[:KEPT]
    return bytes(sorted(kept))


def wrongs_mask(concepts: bytes) -> int:
    """Return what a text says is wrong as 63 bits: texts that share a wrong share a bit.

    Some wrongs share one too; what is found by this is compared afterwards.
    """
    table, mask = _table(), 0
    for number in concepts:
        if table.wrongs[number]:
            mask |= 1 << number % MASK_BITS
    return mask


class SharedWrongs(NamedTuple):
    """For each of several texts, what it and one text say is wrong.

    The share of the wrongs of either that both tell, the share of the wrongs of the one that tells fewer, and
    whether each tells some and none is told by both. Where one of them tells none, all are 0.
    """

    of_all: Floats
    of_fewer: Floats
    opposed: Floats


def shared_wrongs(one: bytes, others: Sequence[bytes]) -> SharedWrongs:
    """Compare what texts say is wrong, leaving aside with what, where and when; all in one pass."""
    wrongs = _table().wrongs
    mine = np.zeros(_NUMBERS, dtype=np.bool_)
    mine[np.frombuffer(one, dtype=np.uint8)] = True
    mine &= wrongs
    # A meaning that weighs nothing stands before each, so that none is empty for the sums.
    row = np.frombuffer(b"".join(b"\0" + other for other in others), dtype=np.uint8)
    sizes = np.fromiter(map(len, others), dtype=np.int64, count=len(others)) + 1
    starts = np.cumsum(sizes) - sizes
    theirs, both = (
        np.add.reduceat(kind[row], starts, dtype=np.int64) if len(row) else np.zeros(0, dtype=np.int64)
        for kind in (wrongs, mine)
    )
    own = int(mine.sum())
    comparable = (theirs > 0) & (own > 0)
    fewer = np.minimum(theirs, own)
    return SharedWrongs(
        np.where(comparable, both / np.maximum(theirs + own - both, 1), 0.0),
        np.where(comparable, both / np.maximum(fewer, 1), 0.0),
        (comparable & (both == 0)).astype(np.float64),
    )


def names_of(concepts: bytes) -> list[str]:
    """Return the names of stored meanings, for those who look into it."""
    return [_table().names[number] for number in concepts if number in _table().names]


@cache
def _table() -> _Table:
    words: dict[str, dict[str, tuple[int, ...]]] = defaultdict(dict)
    # A number of a newer table, read by an older program, weighs nothing.
    weights, names = [0] * _NUMBERS, {}
    for concept in _read(_FILE.read_text(encoding="utf-8").splitlines()):
        weights[concept.number], names[concept.number] = concept.weight, concept.name
        for word in map(fold, concept.words):
            head, rest = word[:2], word[2:]
            words[head][rest] = (*words[head].get(rest, ()), concept.number)
    return _Table(
        {head: tuple(rests.items()) for head, rests in words.items()},
        tuple(weights),
        np.array(weights) == _WRONG,
        names,
    )


def _read(lines: Sequence[str]) -> Iterator[_Concept]:
    for line in lines:
        if line and not line.startswith("#"):
            number, weight, name, *words = line.split()
            yield _Concept(int(number), int(weight), name, tuple(words))
