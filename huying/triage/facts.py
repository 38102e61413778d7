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


@dataclass(frozen=True)
class ModelLearnt(FactBody):
    """A model was learnt from what people judged, and compared with what was said before."""

    number: int
    examples: int
    data: str
    finding: str


@dataclass(frozen=True)
class ModelPutInForce(FactBody):
    """A learnt model judges from now on; `replaces` is the number of the one before, 0 for none."""

    number: int
    version: str
    replaces: int


@dataclass(frozen=True)
class ModelRetired(FactBody):
    """A learnt model judges no more; the catalogue alone does, or the edition that follows."""

    number: int
    reason: str
