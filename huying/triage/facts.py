"""What triage says of an appeal, as facts."""

from __future__ import annotations

from dataclasses import dataclass

from huying.ledger.chain import FactBody


@dataclass(frozen=True)
class AppealJudged(FactBody):
    """An appeal was placed and judged: by which model, rules and catalogue, how surely."""

    verdict: str
    item: str
    grade: str
    confidence: float
    decided: bool
    model: str
    rules: str
    catalogue: int | None
    dangers: list[str]
    twins: int
