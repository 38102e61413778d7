"""What happens to duty rules and to the rules rulings propose, as facts."""

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


@dataclass(frozen=True)
class RuleProposed(FactBody):
    """A ruling on a dispute over duty became a proposed rule; the units named were asked."""

    items: str
    area: str
    lead: str
    assists: list[str]
    reason: str
    case_number: str
    units_asked: list[str]
    closes_at: str


@dataclass(frozen=True)
class RuleVoted(FactBody):
    """A unit said what it thinks of a proposed rule; its earlier vote, if any, counts no more."""

    unit: str
    choice: str
    reason: str
    before: str


@dataclass(frozen=True)
class RuleAdopted(FactBody):
    """A proposed rule was adopted and stands as a duty rule."""

    number: int
    votes: dict[str, int]
    reason: str


@dataclass(frozen=True)
class RuleDeclined(FactBody):
    """A proposed rule was declined; what was ruled for the one case stays."""

    votes: dict[str, int]
    reason: str


@dataclass(frozen=True)
class RuleWithdrawn(FactBody):
    """A proposed rule was taken back: a later ruling on the same case says otherwise (`why` is a key)."""

    why: str
