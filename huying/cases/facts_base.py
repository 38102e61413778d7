"""What every fact of a case's move has in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from huying.ledger.chain import FactBody


@dataclass(frozen=True)
class CaseMoved(FactBody):
    """Base of every move: the state before and after."""

    tells: ClassVar[bool] = True
    before: str
    after: str
