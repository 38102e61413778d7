"""What happens to applications for admission, as facts."""

from __future__ import annotations

from dataclasses import dataclass

from huying.ledger.chain import FactBody


@dataclass(frozen=True)
class AdmissionAsked(FactBody):
    """A department applied to push a kind of task down, or completed its application; all it said is here."""

    number: int
    unit: str
    name: str
    items: str
    level: str
    areas: list[str]
    description: str
    basis: str
    money: str
    people: str
    starts_on: str
    ends_on: str
    review_on: str
    renews: int | None
    rule_by: str
    round: int


@dataclass(frozen=True)
class PaperAttached(FactBody):
    """A paper or photo was attached to an application; `sha256` is of what is kept."""

    number: int
    name: str
    sha256: str


@dataclass(frozen=True)
class PaperTakenOff(FactBody):
    """A paper or photo was taken off an application before anything was ruled."""

    number: int
    name: str
    sha256: str


@dataclass(frozen=True)
class AdmissionReturned(FactBody):
    """A gatekeeper sent an application back for completion."""

    number: int
    unit: str
    reason: str


@dataclass(frozen=True)
class AdmissionGiven(FactBody):
    """An area takes the task on, for a term and with a day of review."""

    number: int
    unit: str
    area: str
    reason: str
    ends_on: str
    review_on: str


@dataclass(frozen=True)
class AdmissionRefused(FactBody):
    """An area does not take the task on, and says why."""

    number: int
    unit: str
    area: str
    reason: str


@dataclass(frozen=True)
class AdmissionReviewDue(FactBody):
    """The day of review comes near: the area says whether it goes on."""

    number: int
    unit: str
    area: str
    review_on: str
    ends_on: str


@dataclass(frozen=True)
class AdmissionKept(FactBody):
    """An area reviewed what it took on, and goes on until the next review."""

    number: int
    unit: str
    area: str
    reason: str
    review_on: str


@dataclass(frozen=True)
class AdmissionEnded(FactBody):
    """An area ended what it had taken on before its term was over."""

    number: int
    unit: str
    area: str
    reason: str


@dataclass(frozen=True)
class AdmissionLapsed(FactBody):
    """The term is over: the gate closed by itself."""

    number: int
    unit: str
    area: str
    ends_on: str


@dataclass(frozen=True)
class AdmissionWithdrawn(FactBody):
    """The department took its application back; what was admitted under it ended."""

    number: int
    unit: str
    reason: str
