"""What is made public and taken back, as facts on the publication's stream; never the words themselves."""

from __future__ import annotations

from dataclasses import dataclass

from huying.ledger.chain import FactBody


@dataclass(frozen=True)
class CasePublished(FactBody):
    """A clerk released words and photos of a case; the hash says which words, the ledger keeps none."""

    case: str
    number: str
    edition: int
    words_sha256: str
    photos: int
    painted_over: int


@dataclass(frozen=True)
class PublicationWithdrawn(FactBody):
    """What was public of a case is so no longer, and why."""

    case: str
    number: str
    reason: str
    photos: int
