"""What each move does to an order: its row, what hangs on it, and the fact that tells of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from huying.cases.states import Colour
from huying.catalogue.core.calendar import local_day
from huying.kit.errors import Refusal
from huying.kit.text import clean
from huying.people.queries import unit_book
from huying.supervision import facts_more as facts
from huying.supervision import reasons
from huying.supervision.hanging import (
    enter_work,
    interview,
    keep_photos,
    keep_promise,
    promise_passes,
    strike_work,
)
from huying.supervision.letters import GRAVER, lay_over_cases
from huying.supervision.models import Effect
from huying.supervision.states import EffectFound, Shows

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from huying.ledger.actor import Actor
    from huying.supervision.models import Order

LONGEST_TEXT = 4_000
FURTHEST = timedelta(days=3 * 366)
# How long a matter's appeals are counted after an order was closed.
WATCHED = timedelta(days=92)


@dataclass
class Turning:
    """One move on its way: the locked order, what was given, who and when, from where to where."""

    order: Order
    given: dict[str, Any]
    by: Actor
    at: datetime
    before: str
    after: str

    def text(self, name: str) -> str:
        """Return a text that was given, cleaned; "" without one."""
        return clean(str(self.given.get(name) or ""))[:LONGEST_TEXT]

    @property
    def moved(self) -> tuple[str, str, str]:
        """The first three fields of every fact of an order."""
        return str(self.order), str(self.before), str(self.after)


def take(turning: Turning) -> facts.OrderTaken:
    """Let the unit take it on."""
    turning.order.heard_at = turning.at
    return facts.OrderTaken(*turning.moved)


def dispute(turning: Turning) -> facts.OrderDisputed:
    """Let the unit say that it is another's."""
    turning.order.heard_at, turning.order.said = turning.at, turning.text("reason")
    return facts.OrderDisputed(*turning.moved, reason=turning.order.said)


def insist(turning: Turning) -> facts.OrderInsisted:
    """Leave it with the unit."""
    turning.order.said = turning.text("reason")
    return facts.OrderInsisted(*turning.moved, reason=turning.order.said)


def reassign(turning: Turning) -> facts.OrderReassigned:
    """Give it to another unit, which helps no longer where it did."""
    order, card = turning.order, unit_book().by_code.get(str(turning.given["unit"]))
    if card is None:
        raise Refusal(reasons.UNIT_UNKNOWN, field="unit")
    if card.id == order.unit_id:
        raise Refusal(reasons.SAME_UNIT, field="unit")
    before = unit_book().by_id.get(order.unit_id)
    order.unit_id, order.heard_at, order.said = card.id, turning.at, turning.text("reason")
    order.assists.filter(unit_id=card.id).delete()
    return facts.OrderReassigned(
        *turning.moved, unit=card.code, unit_name=card.name, unit_before=before.code if before else "",
        reason=order.said,
    )  # fmt: skip


def progress(turning: Turning) -> facts.OrderProgressed:
    """Write down how it stands."""
    order = turning.order
    order.heard_at, order.sent_back = turning.at, False
    if order.letter == Colour.YELLOW:
        order.letter = ""  # the silence it was about is broken
    photos = keep_photos(turning, "evidence", Shows.EVIDENCE)
    return facts.OrderProgressed(
        *turning.moved, unit_name=_unit_name(turning), note=turning.text("note"), photos=photos
    )


def _unit_name(turning: Turning) -> str:
    """Return the unit that speaks: the owner's own people for it, those who help for theirs."""
    book, order = unit_book().by_id, turning.order
    own = [order.unit_id, *(assist.unit_id for assist in order.assists.all())]
    mine = next((unit for unit in own if unit in turning.by.unit_ids), order.unit_id)
    card = book.get(mine)
    return card.name if card else ""


def report(turning: Turning) -> facts.OrderReported:
    """Report it done; somebody else looks whether it is."""
    order = turning.order
    order.reported_at, order.reported_by_id = turning.at, turning.by.id
    order.heard_at, order.sent_back, order.said = turning.at, False, turning.text("note")
    photos = keep_photos(turning, "evidence", Shows.EVIDENCE)
    return facts.OrderReported(*turning.moved, note=order.said, photos=photos)


def approve(turning: Turning) -> facts.OrderClosed:
    """Close it, and begin to count whether it helped."""
    order = turning.order
    order.closed_at, order.closed_by_id, order.letter = turning.at, turning.by.id, ""
    reported_on = local_day(order.reported_at or turning.at)
    Effect.objects.create(
        order=order, round=order.round, since=turning.at, until=turning.at + WATCHED, counted_at=turning.at
    )
    return facts.OrderClosed(*turning.moved, note=turning.text("note"), on_time=reported_on <= order.due_on)


def send_back(turning: Turning) -> facts.OrderSentBack:
    """Send the report back; the unit goes on."""
    order = turning.order
    order.sent_back, order.round, order.said = True, order.round + 1, turning.text("reason")
    order.reported_at, order.reported_by_id, order.heard_at = None, None, turning.at
    return facts.OrderSentBack(*turning.moved, reason=order.said, round=order.round)


def put_off(turning: Turning) -> facts.OrderPutOff:
    """Set another last day; what was told of the old one is told anew."""
    order, due_on = turning.order, _day(turning, "due_on")
    if due_on == order.due_on:
        raise Refusal(reasons.MISSING, field="due_on")
    before, order.due_on = order.due_on, due_on
    order.letter = ""  # what was written about the old day is settled with it
    return facts.OrderPutOff(
        *turning.moved,
        due_on=due_on.isoformat(),
        old_due_on=before.isoformat(),
        reason=turning.text("reason"),
    )


def _day(turning: Turning, name: str) -> date:
    day = turning.given[name]
    if not isinstance(day, date):
        raise Refusal(reasons.MISSING, field=name)
    if day < local_day(turning.at):
        raise Refusal(reasons.DAY_PASSED, field=name)
    if day > local_day(turning.at) + FURTHEST:
        raise Refusal(reasons.DAY_TOO_FAR, field=name)
    return day


def letter(turning: Turning) -> facts.OrderLettered:
    """Send a letter of a colour, graver than the last; it lies over the open cases of the order, too."""
    order, colour = turning.order, str(turning.given["colour"])
    if colour not in Colour.values:
        raise Refusal(reasons.MISSING, field="colour")
    if GRAVER[colour] <= GRAVER[order.letter]:
        raise Refusal(reasons.SAME_LETTER, field="colour")
    order.letter = colour
    reason = turning.text("reason")
    cases = lay_over_cases(order, colour, reason=reason, by=turning.by, at=turning.at)
    return facts.OrderLettered(*turning.moved, colour=colour, reason=reason, cases=cases)


def cancel(turning: Turning) -> facts.OrderCancelled:
    """End it without a result."""
    turning.order.closed_at, turning.order.said = turning.at, turning.text("reason")
    turning.order.letter = ""
    return facts.OrderCancelled(*turning.moved, reason=turning.order.said)


def reopen(turning: Turning) -> facts.OrderReopened:
    """Open it again, with a new last day; a check that still ran ends with what it found so far."""
    order = turning.order
    order.due_on = _day(turning, "due_on")
    order.effects.filter(settled_at=None).update(found=EffectFound.RETURNED, settled_at=turning.at)
    order.closed_at, order.closed_by_id = None, None
    order.reported_at, order.reported_by_id, order.heard_at = None, None, turning.at
    order.round, order.sent_back, order.letter = order.round + 1, False, ""
    order.said = turning.text("reason")
    return facts.OrderReopened(
        *turning.moved, reason=order.said, due_on=order.due_on.isoformat(), round=order.round
    )


def note_soon(turning: Turning) -> facts.OrderDueSoon | None:
    """Note once that a last day is near; None when another worker did."""
    if turning.order.soon_told_on == turning.order.due_on:
        return None
    turning.order.soon_told_on = turning.order.due_on
    return facts.OrderDueSoon(*turning.moved, due_on=turning.order.due_on.isoformat())


def note_late(turning: Turning) -> facts.OrderOverdue | None:
    """Note once that a last day has passed; None when another worker did, or it was put off meanwhile."""
    order = turning.order
    if order.late_told_on == order.due_on or order.due_on >= local_day(turning.at):
        return None
    order.late_told_on = order.due_on
    return facts.OrderOverdue(*turning.moved, due_on=order.due_on.isoformat())


def settle_effect(turning: Turning) -> facts.EffectSettled | None:
    """Write down what a check found, as it is; None when it was settled already."""
    found: Effect = turning.given["effect"]
    locked = Effect.objects.select_for_update().get(pk=found.pk)
    if locked.settled_at is not None:
        return None
    found.settled_at = turning.at
    found.save()
    return facts.EffectSettled(
        *turning.moved, found=found.found, appeals_before=found.before, appeals_after=found.after,
        since=found.since.isoformat(), until=turning.at.isoformat(),
    )  # fmt: skip


EFFECTS: dict[str, Callable[[Any], facts.OrderMoved | None]] = {
    "take": take, "dispute": dispute, "insist": insist, "reassign": reassign, "progress": progress,
    "interview": interview, "keep_promise": keep_promise, "enter_work": enter_work,
    "strike_work": strike_work, "report": report, "approve": approve, "send_back": send_back,
    "put_off": put_off, "letter": letter, "cancel": cancel, "reopen": reopen, "note_soon": note_soon,
    "note_late": note_late, "promise_passes": promise_passes, "settle_effect": settle_effect,
}  # fmt: skip
