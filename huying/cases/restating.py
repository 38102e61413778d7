"""What the closure of a case rests on is said anew when voices that spoke for it have left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from huying.cases import facts
from huying.cases.models import Closure, Status
from huying.ledger.actions import record
from huying.ledger.actor import SYSTEM

if TYPE_CHECKING:
    from datetime import datetime

    from huying.cases.models import Case

# Closures that rest on what residents said, or did not say. What people ruled stays as it was ruled.
RESTS_ON_VOICES: Final = (Closure.CONFIRMED, Closure.UNCONFIRMED, Closure.CHECKED)


def restate_closure(case: Case, closure: Closure, *, at: datetime) -> bool:
    """Let a closed case rest on another ground; return whether that changed anything.

    Call with the case locked, inside the transaction. Its end, dates and the unit's own claim stay.
    """
    if case.status not in (Status.CLOSED, Status.ARCHIVED) or case.closure not in RESTS_ON_VOICES:
        return False
    if closure == case.closure:
        return False
    was, case.closure = case.closure, closure
    body = facts.ClosureRestated(before=case.status, after=case.status, closure=str(closure), was=str(was))
    record(case, body, district=case.district, by=SYSTEM, at=at)
    case.save()
    return True
