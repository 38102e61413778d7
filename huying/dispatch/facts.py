"""What happens to duty rules, as facts."""

from __future__ import annotations

from dataclasses import dataclass

from huying.ledger.chain import FactBody


@dataclass(frozen=True)
class DutyRuleSet(FactBody):
    """A duty rule was made; it may replace an earlier one."""

    number: int
    items: str
    area: str
    lead: str
    assists: list[str]
    fallback: str
    note: str


@dataclass(frozen=True)
class DutyRuleEnded(FactBody):
    """A duty rule no longer stands."""

    number: int
