"""What happens to orders, as facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from huying.ledger.chain import FactBody


@dataclass(frozen=True)
class OrderMoved(FactBody):
    """Base of every move of an order: its number, the state before and after."""

    number: str
    before: str
    after: str


@dataclass(frozen=True)
class OrderGiven(OrderMoved):
    """A unit was given an order: what, by when, who helps, and which decision it carries out."""

    title: str
    words: str
    kind: str
    unit: str
    unit_name: str
    assists: list[str]
    due_on: str
    topic: str
    decision: str
    cases: list[str]


@dataclass(frozen=True)
class OrderTaken(OrderMoved):
    """The unit took the order on."""


@dataclass(frozen=True)
class OrderDisputed(OrderMoved):
    """The unit says that the order is another's."""

    reason: str


@dataclass(frozen=True)
class OrderInsisted(OrderMoved):
    """It was decided that the order stays with the unit."""

    reason: str


@dataclass(frozen=True)
class OrderReassigned(OrderMoved):
    """The order went to another unit."""

    unit: str
    unit_name: str
    unit_before: str
    reason: str


@dataclass(frozen=True)
class OrderProgressed(OrderMoved):
    """A unit said how it stands."""

    unit_name: str
    note: str
    photos: int


@dataclass(frozen=True)
class InterviewHeld(OrderMoved):
    """Somebody answerable was spoken to, and promised something or not."""

    who: str
    held_on: str
    words: str
    promised_on: str


@dataclass(frozen=True)
class PromiseKept(OrderMoved):
    """What was promised in an interview was kept."""

    who: str
    promised_on: str


@dataclass(frozen=True)
class PromisePassed(OrderMoved):
    """The day of a promise passed, and nobody noted that it was kept."""

    who: str
    words: str
    promised_on: str


@dataclass(frozen=True)
class WorksEntered(OrderMoved):
    """A line was entered in the works ledger."""

    name: str
    quantity: str
    measure: str
    cost_yuan: str
    photos: int


@dataclass(frozen=True)
class WorksStruck(OrderMoved):
    """A line of the works ledger was struck out."""

    name: str
    reason: str


@dataclass(frozen=True)
class OrderReported(OrderMoved):
    """The unit reported the order done."""

    note: str
    photos: int


@dataclass(frozen=True)
class OrderClosed(OrderMoved):
    """Somebody else than the unit approved the end of the order."""

    note: str
    on_time: bool


@dataclass(frozen=True)
class OrderSentBack(OrderMoved):
    """The report was not accepted; the unit goes on."""

    reason: str
    round: int


@dataclass(frozen=True)
class OrderPutOff(OrderMoved):
    """Another last day was set."""

    due_on: str
    old_due_on: str
    reason: str


@dataclass(frozen=True)
class OrderLettered(OrderMoved):
    """A letter of supervision was sent: blue, yellow or red; it lies over the order's cases, too."""

    colour: str
    reason: str
    cases: int


@dataclass(frozen=True)
class OrderCancelled(OrderMoved):
    """The order was cancelled."""

    reason: str


@dataclass(frozen=True)
class OrderReopened(OrderMoved):
    """The order was opened again: by a person, or since the appeals came back."""

    reason: str
    due_on: str
    round: int


@dataclass(frozen=True)
class OrderDueSoon(OrderMoved):
    """The last day of the order is near."""

    due_on: str


@dataclass(frozen=True)
class OrderOverdue(OrderMoved):
    """The last day of the order has passed."""

    due_on: str


@dataclass(frozen=True)
class EffectSettled(OrderMoved):
    """Three months after its end, or when they came back, the matter's appeals were counted."""

    found: str
    appeals_before: int
    appeals_after: int
    since: str
    until: str


@dataclass(frozen=True)
class BodySet(FactBody):
    """A body that meets was added or changed: as it is now, and as it was ({} for a new one)."""

    body: str
    values: dict[str, Any]
    before: dict[str, Any]


@dataclass(frozen=True)
class EffectRuleSet(FactBody):
    """From when on an order counts as having helped was set anew."""

    values: dict[str, int]
    before: dict[str, int]
