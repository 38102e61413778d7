"""Says which words, keyword and example of the catalogue spoke for an item."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from .features import Matrix, Part
from .reasons import Reason
from .scorer import KEYWORD_WEIGHT, Scored, Scorer

_WORDS_SHOWN: Final = 5
_KEYWORDS_SHOWN: Final = 5
_COLUMNS_READ: Final = 16
_DIGITS: Final = 4


def explain(
    scorer: Scorer, scored: Scored, row: int, item: int, documents_of_item: npt.NDArray[np.int64]
) -> tuple[Reason, ...]:
    """Return why text `row` may be about `item`: keywords, then words, then the nearest example.

    A word's weight is its part in the score (feature weight in the text x evidence of the item's own
    texts for it); an example's weight is its likeness (cosine) to the text.
    """
    reasons = _keywords(scored.hits[row].get(item, {}))
    reasons += _words(scorer, scored.rows, row, item)
    nearest = int(documents_of_item[scored.likeness[row, documents_of_item].argmax()])
    likeness = round(float(scored.likeness[row, nearest]), _DIGITS)
    document = scorer.documents[nearest]
    if likeness > 0 and document.kind == "example":
        reasons.append(Reason("example", document.text, likeness))
    return tuple(reasons)


def _keywords(hits: Mapping[str, float]) -> list[Reason]:
    ranked = sorted(hits.items(), key=lambda hit: (-hit[1], hit[0]))[:_KEYWORDS_SHOWN]
    return [Reason("keyword", word, round(KEYWORD_WEIGHT * weight, _DIGITS)) for word, weight in ranked]


def _words(scorer: Scorer, rows: Matrix, row: int, item: int) -> list[Reason]:
    part = slice(rows.indptr[row], rows.indptr[row + 1])
    columns, values = rows.indices[part], rows.data[part]
    part = slice(scorer.evidence.indptr[item], scorer.evidence.indptr[item + 1])
    known, evidence = scorer.evidence.indices[part], scorer.evidence.data[part]
    if not len(known) or not len(columns):
        return []
    places = np.minimum(np.searchsorted(known, columns), len(known) - 1)
    shared = known[places] == columns
    columns, shares = columns[shared], values[shared] * evidence[places[shared]]
    order = np.argsort(-shares, kind="stable")[:_COLUMNS_READ]
    ranked = zip(columns[order].tolist(), shares[order].tolist(), strict=True)
    named = [(scorer.features.part(column), share) for column, share in ranked if share > 0]
    return [Reason("words", word, round(weight, _DIGITS)) for word, weight in _together(named)]


def _together(named: Sequence[tuple[Part, float]]) -> list[tuple[str, float]]:
    """Give each word the weight of the character n-grams it lies in or that lie in it; show the words.

    Where no whole word is shared, the n-grams stand for themselves.
    """
    joined: dict[str, float] = {part.text: weight for part, weight in named if part.is_word}
    only_grams = not joined
    for part, weight in named:
        if part.is_word:
            continue
        home = next((word for word in joined if part.text in word or word in part.text), None)
        if home is not None:
            joined[home] += weight
        elif only_grams:
            joined[part.text] = weight
    if any(len(text) > 1 for text in joined):
        joined = {text: weight for text, weight in joined.items() if len(text) > 1}
    ranked = sorted(joined.items(), key=lambda pair: (-round(pair[1], _DIGITS), pair[0]))
    return ranked[:_WORDS_SHOWN]
