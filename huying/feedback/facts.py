"""What residents say of a reply, as facts on the appeal's own stream."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from huying.ledger.chain import FactBody


@dataclass(frozen=True)
class RatingAsked(FactBody):
    """The resident was asked whether it is solved."""

    tells: ClassVar[bool] = True
    case: str
    round: int
    closes_at: str


@dataclass(frozen=True)
class ReplyRated(FactBody):
    """The resident answered."""

    tells: ClassVar[bool] = True
    case: str
    round: int
    solved: str
    speed: int | None
    result: int | None
    service: int | None
    process: int | None
    outcome: str


@dataclass(frozen=True)
class RatingLapsed(FactBody):
    """The resident did not answer in time: unconfirmed, which is not satisfied."""

    tells: ClassVar[bool] = True
    case: str
    round: int
