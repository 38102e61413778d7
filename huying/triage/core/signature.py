"""A short, storable summary of a text for "is this the same matter?"."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from .features import STOP_CHARS, STOP_WORDS
from .fold import fold

CODE_VERSION: Final = 1
"""Raised whenever stored signatures would no longer compare with new ones."""
READ_CHARS: Final = 400
"""Only the beginning of a text is summarised; two tellings of one matter agree on it early."""
KEPT_PIECES: Final = 256
"""No signature holds more pieces, so none is longer than 512 bytes."""
SPACE: Final = 1 << 16

Pieces: TypeAlias = npt.NDArray[np.uint16]
_COURTESY: Final = frozenset(word[n : n + 2] for word in STOP_WORDS for n in range(len(word) - 1))


@dataclass(frozen=True, slots=True, eq=False)
class Signature:
    """The two-character pieces of a text as sorted 16-bit numbers without repeats.

    Pieces made of grammar or courtesy alone are left out. On the real messages this set, compared by
    cosine, told the same matter from another better than containment or whole-text edit distance.
    """

    pieces: Pieces

    @classmethod
    def of(cls, text: str) -> "Signature":
        """Return the signature of a text; of an empty text an empty one."""
        folded = fold(text[:READ_CHARS])
        kept: dict[int, None] = {}
        for first, second in pairwise(folded):
            number = _piece(first, second)
            if number is not None:
                kept[number] = None
                if len(kept) == KEPT_PIECES:
                    break
        return cls(np.array(sorted(kept), dtype=np.uint16))

    def to_bytes(self) -> bytes:
        """Return the signature as at most 512 bytes, to be stored."""
        return self.pieces.astype("<u2").tobytes()

    @classmethod
    def from_bytes(cls, stored: bytes) -> "Signature":
        """Read back what `to_bytes` wrote."""
        return cls(np.frombuffer(stored, dtype="<u2").astype(np.uint16, copy=False))

    def __len__(self) -> int:
        return len(self.pieces)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Signature) and np.array_equal(self.pieces, other.pieces)

    def __hash__(self) -> int:
        return hash(self.to_bytes())


def similarity(a: Signature, b: Signature) -> float:
    """Return how alike two texts are, 0 to 1: shared pieces / sqrt(pieces of a x pieces of b)."""
    return float(similarities(a, [b])[0])


def similarities(one: Signature, others: Sequence[Signature]) -> npt.NDArray[np.float64]:
    """Return the similarity of one text to each of the others, in one pass."""
    return _similarities(one, [other.pieces for other in others])


def similarities_to_stored(one: Signature, stored: Sequence[bytes]) -> npt.NDArray[np.float64]:
    """Return the similarity of one text to each stored signature, without making any of them."""
    return _similarities(one, [np.frombuffer(other, dtype="<u2") for other in stored])


def _similarities(one: Signature, others: Sequence[Pieces]) -> npt.NDArray[np.float64]:
    sizes = np.fromiter(map(len, others), dtype=np.int64, count=len(others))
    result = np.zeros(len(others))
    filled = np.flatnonzero(sizes)
    if not len(one) or not len(filled):
        return result
    table = np.zeros(SPACE, dtype=np.bool_)
    table[one.pieces] = True
    starts = np.concatenate([[0], np.cumsum(sizes[filled])[:-1]])
    # An empty signature adds nothing to the row, so all of them can stand in it.
    shared = np.add.reduceat(table[np.concatenate(others)], starts, dtype=np.int64)
    result[filled] = shared / np.sqrt(len(one) * sizes[filled])
    return result


@lru_cache(maxsize=1 << 16)
def _piece(first: str, second: str) -> int | None:
    """Return the number of two characters, the same in every process; None where they tell nothing.

    Kept in memory: residents' texts are made of some ten thousand such pairs.
    """
    if not (first.isalnum() and second.isalnum()) or first + second in _COURTESY:
        return None
    if first in STOP_CHARS and second in STOP_CHARS:
        return None
    # Multiplicative hashing (Knuth), to 16 bits.
    return ((ord(first) * 0x9E3779B1 + ord(second) * 0x85EBCA6B) & 0xFFFFFFFF) >> 16
