"""Turns texts into weighted character n-grams and words, all texts of a batch in one numpy pass."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .fold import fold

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Matrix: TypeAlias = Any  # scipy.sparse.csr_matrix ships no types

# Characters that carry grammar or politeness but no matter; alone they say nothing about the item.
STOP_CHARS: Final = frozenset(
    "的了是在我有和就不人都一上也很到说要去你会着没看好自己这那他她它们个为以之与及或而但其则被把让给对从向"
    "请您吗呢吧啊呀哦嘛能可得过还又再才等将已已经由于因所些么什怎样些每某该此并且如果来下里中后前时候"
    "希望谢感尊敬领导反映问题情况有关部门尽快处理解决帮忙麻烦现今天年月日几多少大小〇零二三四五六七八九十"
)
STOP_WORDS: Final = frozenset(Path(__file__).with_name("courtesy.txt").read_text(encoding="utf-8").split())
"""Words of courtesy and complaint that fit any matter."""
HEAD_CHARS: Final = 60
"""The head of a text, where people say what it is about."""
TAIL_EMPHASIS: Final = 0.5
_GRAM_WEIGHTS: Final = (1.0, 1.0, 0.5)  # single characters, pairs, triples
_WORD_WEIGHT: Final = 1.0
_BITS: Final = 16  # a character's number within a packed n-gram
_MAX_CHARS: Final = (1 << _BITS) - 1
_BMP: Final = 0x10000
_HAN: Final = (0x3400, 0x9FFF)


class Part(NamedTuple):
    """A piece of text a feature stands for: a word, or an n-gram of 1 to 3 characters."""

    text: str
    is_word: bool


def _code_points(texts: Sequence[str]) -> tuple[npt.NDArray[np.uint32], Ints]:
    """Return the code points of all texts with a NUL behind each, and the text each belongs to."""
    joined = "\0".join(texts) + "\0"
    points = np.frombuffer(joined.encode("utf-32-le", "replace"), dtype=np.uint32)
    rows = np.cumsum(points == 0) - (points == 0)
    return points, rows.astype(np.int64)


def _emphasis(rows: Ints) -> npt.NDArray[np.float64]:
    """Return the weight of each position: full at the head of its text, less behind it."""
    starts = np.flatnonzero(np.diff(rows, prepend=-1))
    return np.where(np.arange(len(rows)) - starts[rows] < HEAD_CHARS, 1.0, TAIL_EMPHASIS)


def _cut(text: str) -> list[str]:
    # Thirty megabytes of dictionary, loaded by the processes that judge texts and by no other.
    import rjieba

    words: list[str] = rjieba.cut(text)
    return words


def cut_words(folded: str) -> list[str]:
    """Return the words of a folded text that can mean a matter: two characters or more, no courtesy."""
    return [
        word
        for word in _cut(folded)
        if len(word) > 1 and word[0].isalnum() and not word.isdigit() and word not in STOP_WORDS
    ]


class Features:
    """What the texts of a catalogue are made of, and how telling each part is.

    Columns are first the character n-grams (1 to 3 characters, never across punctuation), then the
    words. Weights are (1 + ln tf) x idf x a fixed weight per kind, rows scaled to length 1. The idf
    counts *groups* (catalogue items), not texts, so that an item with many examples does not make
    its own words look common. Formula: smoothed idf ln((1 + N) / (1 + n)) + 1 after Salton and Buckley 1988.
    """

    __slots__ = ("_char_of_id", "_id_of_char", "_keys", "_parts", "_weights", "_word_ids", "_words")

    def __init__(self, texts: Sequence[str], groups: Ints) -> None:
        """Learn the vocabulary and its weights from folded texts; `groups[i]` is the item of text i."""
        points, _ = _code_points(texts)
        known = sorted({chr(point) for point in np.unique(points) if _is_letter(int(point))})[:_MAX_CHARS]
        self._know_chars("".join(known))
        grams, _ = self._grams(self._numbers(points))
        words = sorted({word for text in texts for word in cut_words(text)})
        self._know_parts(np.unique(grams[self._tells_something(grams)]), words)
        self._weights = np.ones(len(self._keys) + len(self._words))
        counts = self._counts(texts)
        by_group = sparse.csr_matrix(
            (np.ones(len(texts)), (groups, np.arange(len(texts)))),
            shape=(int(groups.max(initial=0)) + 1, len(texts)),
        ) @ (counts > 0).astype(np.float64)
        in_groups = np.asarray((by_group > 0).sum(axis=0)).ravel()
        idf = np.log((1 + by_group.shape[0]) / (1 + in_groups)) + 1
        self._weights = idf * self._kind_weights()

    def _know_chars(self, chars: str) -> None:
        self._char_of_id = "\0" + chars
        self._id_of_char = np.zeros(_BMP, dtype=np.int64)
        self._id_of_char[[ord(char) for char in chars]] = np.arange(1, len(chars) + 1)

    def _know_parts(self, keys: Ints, words: Sequence[str]) -> None:
        self._keys, self._words = keys, tuple(words)
        self._word_ids = {word: len(keys) + n for n, word in enumerate(words)}
        self._parts: dict[int, Part] = {}  # read once each; the same few speak in most explanations

    def state(self) -> dict[str, Any]:
        """Return what was learnt, as arrays and JSON-able values, for `restored`."""
        words = {"chars": self._char_of_id[1:], "words": list(self._words)}
        return {**words, "grams": self._keys, "feature_weights": self._weights}

    @classmethod
    def restored(cls, state: Mapping[str, Any]) -> "Features":
        """Return the features whose `state` this is."""
        features = cls.__new__(cls)
        features._know_chars(state["chars"])  # noqa: SLF001 - our own, not yet born
        features._know_parts(state["grams"], state["words"])  # noqa: SLF001 - likewise
        features._weights = state["feature_weights"]  # noqa: SLF001 - likewise
        return features

    def __len__(self) -> int:
        return len(self._weights)

    def matrix(self, texts: Sequence[str]) -> Matrix:
        """Return folded texts as the rows (length 1, or 0 where nothing is known) of a CSR matrix."""
        counts = self._counts(texts)
        counts.data = np.log2(1 + counts.data) * self._weights[counts.indices]
        squares = (
            np.add.reduceat(np.append(counts.data**2, 0), counts.indptr[:-1]) if len(texts) else np.zeros(0)
        )
        squares[np.diff(counts.indptr) == 0] = 0
        lengths = np.sqrt(squares)
        scale = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 0)
        counts.data *= np.repeat(scale, np.diff(counts.indptr))
        return counts

    def part(self, column: int) -> Part:
        """Return the characters or the word a column stands for."""
        part = self._parts.get(column)
        if part is None:
            part = self._parts[column] = self._read(column)
        return part

    def _read(self, column: int) -> Part:
        if column >= len(self._keys):
            return Part(self._words[column - len(self._keys)], is_word=True)
        key, chars = int(self._keys[column]), ""
        while key:
            chars = self._char_of_id[key & _MAX_CHARS] + chars
            key >>= _BITS
        return Part(chars, is_word=False)

    def _numbers(self, points: npt.NDArray[np.uint32]) -> Ints:
        return np.where(points < _BMP, self._id_of_char[np.minimum(points, _BMP - 1)], 0)

    def _grams(self, chars: Ints) -> tuple[Ints, Ints]:
        """Return packed n-grams (1, 2, 3 characters) without gaps, and where they begin."""
        keys, places = [], []
        packed = chars
        for size in range(1, len(_GRAM_WEIGHTS) + 1):
            if size > 1:
                packed = np.where(
                    (packed[:-1] > 0) & (chars[size - 1 :] > 0), packed[:-1] << _BITS | chars[size - 1 :], 0
                )
            whole = packed > 0
            keys.append(packed[whole])
            places.append(np.flatnonzero(whole))
        return np.concatenate(keys), np.concatenate(places)

    def _tells_something(self, grams: Ints) -> npt.NDArray[np.bool_]:
        """Return which n-grams hold a character that is no stop character (Latin letters: only triples)."""
        weak = np.array([not _is_han(char) for char in self._char_of_id])
        stop = np.array([char in STOP_CHARS for char in self._char_of_id])
        stop[0] = weak[0] = True
        parts = [(grams >> (_BITS * n)) & _MAX_CHARS for n in range(len(_GRAM_WEIGHTS))]
        telling = np.any([(part > 0) & ~stop[part] & ~weak[part] for part in parts], axis=0)
        latin = np.all([(part > 0) & weak[part] for part in parts], axis=0)
        chosen: npt.NDArray[np.bool_] = telling | latin
        return chosen

    def _counts(self, texts: Sequence[str]) -> Matrix:
        points, rows = _code_points(texts)
        grams, places = self._grams(self._numbers(points))
        columns = np.searchsorted(self._keys, grams)
        if len(self._keys):
            found = self._keys[np.minimum(columns, len(self._keys) - 1)] == grams
        else:
            found = np.zeros(len(grams), dtype=bool)
        word_rows, word_columns, word_emphasis = self._word_hits(texts)
        all_rows = np.concatenate([rows[places[found]], np.asarray(word_rows, dtype=np.int64)])
        all_columns = np.concatenate([columns[found], np.asarray(word_columns, dtype=np.int64)])
        emphasis = np.concatenate([_emphasis(rows)[places[found]], np.asarray(word_emphasis)])
        return _summed(emphasis, all_rows, all_columns, (len(texts), len(self._weights)))

    def _word_hits(self, texts: Sequence[str]) -> tuple[list[int], list[int], list[float]]:
        """Return row, column and emphasis of every known word."""
        rows: list[int] = []
        columns: list[int] = []
        emphasis: list[float] = []
        for row, text in enumerate(texts):
            for weight, part in ((1.0, text[:HEAD_CHARS]), (TAIL_EMPHASIS, text[HEAD_CHARS:])):
                hits = [column for column in map(self._word_ids.get, _cut(part)) if column is not None]
                columns += hits
                rows += [row] * len(hits)
                emphasis += [weight] * len(hits)
        return rows, columns, emphasis

    def _kind_weights(self) -> npt.NDArray[np.float64]:
        weights = np.full(len(self._weights), _WORD_WEIGHT)
        sizes = 1 + (self._keys >= 1 << _BITS).astype(int) + (self._keys >= 1 << 2 * _BITS)
        weights[: len(self._keys)] = np.asarray(_GRAM_WEIGHTS)[sizes - 1]
        return weights


def _summed(values: Floats, rows: Ints, columns: Ints, shape: tuple[int, int]) -> Matrix:
    """Return a CSR matrix with the values of one place added up and the columns in order.

    What scipy would do by way of its coordinate format, in a third of the time for a single text.
    """
    order = np.lexsort((columns, rows))
    rows, columns = rows[order], columns[order]
    first = np.flatnonzero((np.diff(rows, prepend=-1) != 0) | (np.diff(columns, prepend=-1) != 0))
    added = np.add.reduceat(values[order], first) if len(first) else np.zeros(0)
    starts = np.searchsorted(rows[first], np.arange(shape[0] + 1))
    return sparse.csr_matrix((added, columns[first].astype(np.int32), starts.astype(np.int32)), shape=shape)


def _is_han(char: str) -> bool:
    return _HAN[0] <= ord(char) <= _HAN[1]


def _is_letter(point: int) -> bool:
    return 0 < point < _BMP and chr(point).isalnum() and not chr(point).isdigit()


def fold_all(texts: Iterable[str], limit: int) -> list[str]:
    """Return the texts folded and cut to `limit` characters."""
    return [fold(text[:limit]) for text in texts]
