"""Scores texts against every item: likeness to the catalogue's texts, and keywords."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from scipy import sparse

from .features import Features, Matrix
from .itemtext import Document, ItemText, documents
from .keywords import KeywordIndex, strength
from .ridge import Floats, Ints, Ridge

KEYWORD_WEIGHT: Final = 0.12
_SOFTNESS: Final = {"name": 1.0, "keywords": 0.1, "example": 5.0}
_SIBLING_TARGETS: Final = (0.25, 0.08)  # an item shares a little in the texts of its nearest two levels
_BLOCK: Final = 256
_COMMON: Final = 12  # in more known texts than this, what a feature says of the items is worth keeping
_SCORE_DIGITS: Final = 9  # beyond this, sums of floats depend on how many texts are judged together


@dataclass(frozen=True, slots=True)
class Scored:
    """A batch of q texts: their features, likeness to the known texts, scores and keyword hits by item."""

    rows: Matrix  # (q, features) CSR
    likeness: Floats  # (q, known texts)
    scores: Floats  # (q, items), keywords included
    strengths: Floats  # (q, items), keywords alone
    hits: tuple[dict[int, dict[str, float]], ...]


class Scorer:
    """What is needed to score a text; `ridge` is kept by the builder only as long as it proves the model."""

    __slots__ = ("_keywords", "_said", "documents", "evidence", "features", "known", "weights")

    def __init__(self, items: Sequence[ItemText]) -> None:
        """Learn from the catalogue; at least one item."""
        self.documents: tuple[Document, ...] = tuple(documents(items))
        owners = np.array([document.item for document in self.documents])
        self.features = Features([document.folded for document in self.documents], owners)
        matrix = self.features.matrix([document.folded for document in self.documents])
        self.known = matrix.T.tocsr()
        self._keywords = KeywordIndex([item.keywords for item in items])

    def fit(self, items: Sequence[ItemText]) -> Ridge:
        """Set the weights and the evidence; the returned fit can prove them and may then be dropped."""
        owners = np.array([document.item for document in self.documents])
        matrix = self.known.T.tocsr()
        softness = np.array([_SOFTNESS[document.kind] for document in self.documents])
        # Single precision and in blocks: this is the one large thing of a build, and soon dropped.
        likeness = np.empty((len(owners), len(owners)), dtype=np.float32)
        for start in range(0, len(owners), _BLOCK):
            likeness[start : start + _BLOCK] = (matrix[start : start + _BLOCK] @ self.known).toarray()
        ridge = Ridge(likeness, _kinship(items)[owners], softness)
        self.weights = ridge.weights
        self._said = _Said.of(self.known, self.weights)
        own = ridge.weights[np.arange(len(owners)), owners]
        by_item = sparse.csr_matrix((own, (owners, np.arange(len(owners)))), shape=(len(items), len(owners)))
        self.evidence = (by_item @ matrix).tocsr()
        self.evidence.sort_indices()
        return ridge

    def state(self) -> dict[str, Any]:
        """Return what was learnt, as arrays and JSON-able values, for `restored`."""
        known, evidence = _parts_of("known", self.known), _parts_of("evidence", self.evidence)
        said = {"said": self._said.common, "said_at": self._said.at}
        return {**self.features.state(), **known, **evidence, **said, "weights": self.weights}

    @classmethod
    def restored(cls, items: Sequence[ItemText], state: Mapping[str, Any]) -> "Scorer":
        """Return the scorer that learnt these items, from its `state`."""
        scorer = cls.__new__(cls)
        scorer.documents = tuple(documents(items))
        scorer.features = Features.restored(state)
        scorer.known = _matrix_of("known", state, (len(scorer.features), len(scorer.documents)))
        scorer.evidence = _matrix_of("evidence", state, (len(items), len(scorer.features)))
        scorer.weights = state["weights"]
        scorer._said = _Said(scorer.known, scorer.weights, state["said"], state["said_at"])  # noqa: SLF001 - our own
        scorer._keywords = KeywordIndex([item.keywords for item in items])  # noqa: SLF001 - likewise
        return scorer

    def score(self, folded: Sequence[str]) -> Scored:
        """Return the scores of folded texts."""
        rows = self.features.matrix(folded)
        likeness = (rows @ self.known).toarray()
        hits = tuple(self._keywords.hits(text) for text in folded)
        strengths = np.zeros((len(folded), self.weights.shape[1]))
        for row, by_item in enumerate(hits):
            for item, words in by_item.items():
                strengths[row, item] = strength(words)
        scores = np.round(self._said.by(rows) + KEYWORD_WEIGHT * strengths, _SCORE_DIGITS)
        return Scored(rows, likeness, scores, strengths, hits)


class _Said:
    """Likeness times weights, without reading all the weights for every text.

    A text is a little like most known texts, so the plain product would pass ten megabytes through the
    processor. But the product is associative: what each common feature says of the items is multiplied out
    beforehand, and the rare ones lead to a few known texts, whose weights are few.
    """

    __slots__ = ("_known", "_weights", "at", "common")

    def __init__(self, known: Matrix, weights: Floats, common: Floats, at: Ints) -> None:
        """Take what the common features say (common features, items) and each feature's row in it, or -1."""
        self._known, self._weights = known, weights
        self.common, self.at = common, at

    @classmethod
    def of(cls, known: Matrix, weights: Floats) -> "_Said":
        """Multiply out what the common features say."""
        common = np.flatnonzero(np.diff(known.indptr) > _COMMON)
        at = np.full(known.shape[0], -1)
        at[common] = np.arange(len(common))
        return cls(known, weights, known[common] @ weights, at)

    def by(self, rows: Matrix) -> Floats:
        """Return the scores (q, items) of texts with features `rows` (q, features)."""
        scores = np.zeros((rows.shape[0], self._weights.shape[1]))
        places = self.at[rows.indices]
        for row, (start, end) in enumerate(pairwise(rows.indptr.tolist())):
            columns, values, common = rows.indices[start:end], rows.data[start:end], places[start:end]
            kept = common >= 0
            scores[row] = values[kept] @ self.common[common[kept]]
            scores[row] += self._by_texts(columns[~kept], values[~kept])
        return scores

    def _by_texts(self, columns: Ints, values: Floats) -> Floats:
        """Return what rare features say through the few known texts that hold them."""
        known = self._known
        starts, ends = known.indptr[columns], known.indptr[columns + 1]
        counts = ends - starts
        # The positions of all their entries, one run after the other.
        at = np.arange(counts.sum()) + np.repeat(starts - (np.cumsum(counts) - counts), counts)
        said: Floats = (np.repeat(values, counts) * known.data[at]) @ self._weights[known.indices[at]]
        return said


def _parts_of(name: str, matrix: Matrix) -> dict[str, Any]:
    return {f"{name}_{part}": getattr(matrix, part) for part in ("data", "indices", "indptr")}


def _matrix_of(name: str, state: Mapping[str, Any], shape: tuple[int, int]) -> Matrix:
    parts = tuple(state[f"{name}_{part}"] for part in ("data", "indices", "indptr"))
    return sparse.csr_matrix(parts, shape=shape)


def _kinship(items: Sequence[ItemText]) -> Floats:
    """Return the targets (items, items): 1 for itself, a little for items under the same ancestors."""
    targets = np.eye(len(items))
    for level, share in reversed(tuple(enumerate(_SIBLING_TARGETS, start=1))):
        ancestors = [item.names[level:] or (item.code,) for item in items]
        numbers = np.unique([" / ".join(names) for names in ancestors], return_inverse=True)[1]
        targets[(numbers[:, None] == numbers[None, :]) & ~np.eye(len(items), dtype=bool)] = share
    return targets
