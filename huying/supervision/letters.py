"""Letters of supervision in three colours (蓝黄红), as they lie over the open cases of an order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huying.cases import reasons as case_reasons
from huying.cases.actions import move_case
from huying.cases.states import Colour
from huying.kit.errors import Refusal
from huying.ledger.actor import SYSTEM

if TYPE_CHECKING:
    from datetime import datetime

    from huying.ledger.actor import Actor
    from huying.supervision.models import Order

# How grave a letter is; "" is none.
GRAVER: dict[str, int] = {"": 0, Colour.BLUE: 1, Colour.YELLOW: 2, Colour.RED: 3}
# A case that is over, or under this colour already, has nothing to be told.
_PASSED_BY = frozenset({case_reasons.NOT_FROM_HERE, case_reasons.NOTHING_CHANGES})


def lay_over_cases(order: Order, colour: str, *, reason: str, by: Actor, at: datetime) -> int:
    """Put the open cases of an order under supervision of this colour; return how many.

    Cases that are over or have the colour already are left as they are. The order's letter is what was
    decided, by whoever had the right to; it lies over the cases by the platform's hand, in that one's name.
    """
    laid = 0
    # What the platform says by itself is a key, put into words where it is read.
    told = reason if by.kind == SYSTEM.kind else f"{reason}（{order}）"
    hand = by if by.kind == SYSTEM.kind else _named(by)
    lighter = [shade for shade, weight in GRAVER.items() if weight < GRAVER[colour]]
    under = order.cases.filter(case__supervision__in=lighter).order_by("case_id")
    for case_id in under.values_list("case_id", flat=True):
        try:
            move_case(case_id, "supervise", by=hand, at=at, colour=colour, reason=told)
        except Refusal as refusal:
            if refusal.reason not in _PASSED_BY:
                raise
        else:
            laid += 1
    return laid


def _named(by: Actor) -> Actor:
    return type(by)(SYSTEM.kind, None, f"{SYSTEM.name} · {by.name}"[:80])
