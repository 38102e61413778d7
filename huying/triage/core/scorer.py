"""Scores texts against every item: likeness to the catalogue's texts, and keywords."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy import sparse

from .features import Features
from .itemtext import Document, ItemText, documents
from .keywords import KeywordIndex, strength
from .ridge import Floats, Ridge

KEYWORD_WEIGHT: Final = 0.12
_SOFTNESS: Final = {"name": 1.0, "keywords": 0.1, "example": 5.0}
_SIBLING_TARGETS: Final = (0.25, 0.08)  # an item shares a little in the texts of its nearest two levels
_BLOCK: Final = 256
_SCORE_DIGITS: Final = 9  # beyond this, sums of floats depend on how many texts are judged together


@dataclass(frozen=True, slots=True)
class Scored:
    """A batch of q texts: their features, likeness to the known texts, scores and keyword hits by item."""

    rows: Any  # (q, features) CSR
    likeness: Floats  # (q, known texts)
    scores: Floats  # (q, items), keywords included
    strengths: Floats  # (q, items), keywords alone
    hits: tuple[dict[int, dict[str, float]], ...]


class Scorer:
    """What is needed to score a text; `ridge` is kept by the builder only as long as it proves the model."""

    __slots__ = ("_keywords", "documents", "evidence", "features", "known", "weights")

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
        own = ridge.weights[np.arange(len(owners)), owners]
        by_item = sparse.csr_matrix((own, (owners, np.arange(len(owners)))), shape=(len(items), len(owners)))
        self.evidence = (by_item @ matrix).tocsr()
        self.evidence.sort_indices()
        return ridge

    def score(self, folded: Sequence[str]) -> Scored:
        """Return the scores of folded texts."""
        rows = self.features.matrix(folded)
        likeness = (rows @ self.known).toarray()
        hits = tuple(self._keywords.hits(text) for text in folded)
        strengths = np.zeros((len(folded), self.weights.shape[1]))
        for row, by_item in enumerate(hits):
            for item, words in by_item.items():
                strengths[row, item] = strength(words)
        scores = np.round(likeness @ self.weights + KEYWORD_WEIGHT * strengths, _SCORE_DIGITS)
        return Scored(rows, likeness, scores, strengths, hits)


def _kinship(items: Sequence[ItemText]) -> Floats:
    """Return the targets (items, items): 1 for itself, a little for items under the same ancestors."""
    targets = np.eye(len(items))
    for level, share in reversed(tuple(enumerate(_SIBLING_TARGETS, start=1))):
        ancestors = [item.names[level:] or (item.code,) for item in items]
        numbers = np.unique([" / ".join(names) for names in ancestors], return_inverse=True)[1]
        targets[(numbers[:, None] == numbers[None, :]) & ~np.eye(len(items), dtype=bool)] = share
    return targets
