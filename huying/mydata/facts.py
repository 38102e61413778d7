"""What is asked of one's own data, as facts; they name the account's key, never what is held on it."""

from __future__ import annotations

from dataclasses import dataclass

from huying.ledger.chain import FactBody


@dataclass(frozen=True)
class ErasureAsked(FactBody):
    """A resident asked to be forgotten."""

    account: str


@dataclass(frozen=True)
class ErasureDecided(FactBody):
    """Somebody decided on it."""

    account: str
    agreed: bool


@dataclass(frozen=True)
class ErasureDropped(FactBody):
    """The resident took the request back."""

    account: str


@dataclass(frozen=True)
class ErasureDone(FactBody):
    """Everything is forgotten and the account closed."""

    account: str
    masked: int
