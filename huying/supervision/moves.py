"""TOPIC_MOVES, ORDER_MOVES: all a topic and an order can do next; read by actions, buttons, docs, tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from huying.people.permissions import Permission
from huying.supervision.states import OPEN_ORDERS, OrderState, TopicState

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class TopicMove:
    """One move of a topic: from where to where (None: it stays), by which right over its area.

    Moves without a right are made by Huying itself, or follow from another. `hidden` moves have a place of
    their own: no button.
    """

    key: str
    label: StrOrPromise
    from_: tuple[TopicState, ...]
    to: TopicState | None
    right: Permission | None
    needs: tuple[str, ...] = ()
    hidden: bool = False


@dataclass(frozen=True)
class OrderMove:
    """One move of an order: from where to where (None: it stays), by which rights, and with what.

    A right to work holds over the unit that owns the order, with `assists` over those that help, too; every
    other right holds over its area. `apart` moves are not for the owner's own people: nobody approves their
    own end. `needs` must be given, `takes` may be. Moves without a right are made by Huying itself.
    """

    key: str
    label: StrOrPromise
    from_: tuple[OrderState, ...]
    to: OrderState | None
    rights: tuple[Permission, ...]
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    assists: bool = False
    apart: bool = False
    hidden: bool = False


T, S, R = TopicState, OrderState, Permission
RUNNING = (T.PROPOSED, T.LISTED, T.DECIDED)

TOPIC_MOVES: tuple[TopicMove, ...] = (
    TopicMove("add_cases", _("Add cases"), RUNNING, None, R.TOPIC_PROPOSE, needs=("cases",), hidden=True),
    TopicMove("list", _("Put it on an agenda"), (T.PROPOSED, T.DECIDED), T.LISTED, R.MEETING_RUN,
              needs=("meeting",), hidden=True),
    TopicMove("take_off", _("Take it off the agenda"), (T.LISTED,), None, R.MEETING_RUN, needs=("reason",),
              hidden=True),
    TopicMove("put_off", _("Put it off to a later meeting"), (T.LISTED,), None, R.MEETING_RUN,
              needs=("reason",), hidden=True),
    TopicMove("decide", _("Decide on it"), (T.LISTED, T.DECIDED), T.DECIDED, R.MEETING_RUN,
              needs=("text", "unit", "due_on"), hidden=True),
    TopicMove("drop", _("Do not take it up"), (T.PROPOSED,), T.DROPPED, R.MEETING_RUN, needs=("reason",)),
    TopicMove("revive", _("Take it up after all"), (T.DROPPED,), T.PROPOSED, R.MEETING_RUN,
              needs=("reason",)),
    TopicMove("end", _("End the topic"), (T.DECIDED,), T.ENDED, R.MEETING_RUN, needs=("reason",)),
    TopicMove("reopen", _("Open the topic again"), (T.ENDED,), T.DECIDED, R.MEETING_RUN, needs=("reason",)),
    TopicMove("list_households", _("List households"), RUNNING, None, R.ORDER_WORK, needs=("labels",),
              hidden=True),
    TopicMove("move_households", _("Say how far households are"), RUNNING, None, R.ORDER_WORK,
              needs=("labels", "state"), hidden=True),
)  # fmt: skip
TOPIC_MOVE = {move.key: move for move in TOPIC_MOVES}

WORK, APPROVE = (R.ORDER_WORK,), (R.ORDER_APPROVE,)
EITHER = (R.ORDER_WORK, R.ORDER_APPROVE)

ORDER_MOVES: tuple[OrderMove, ...] = (
    # With the unit: taken on, or said to be another's.
    OrderMove("take", _("Take it on"), (S.GIVEN,), S.AT_WORK, WORK),
    OrderMove("dispute", _("Say it is not ours"), (S.GIVEN,), S.DISPUTED, WORK, needs=("reason",)),
    OrderMove("insist", _("It stays with the unit"), (S.DISPUTED,), S.GIVEN, APPROVE, needs=("reason",),
              apart=True),
    OrderMove("reassign", _("Give it to another unit"), (S.GIVEN, S.DISPUTED, S.AT_WORK), S.GIVEN, APPROVE,
              needs=("unit", "reason")),
    # At work: what was done, what was promised, what was built.
    OrderMove("progress", _("Say how it stands"), (S.AT_WORK,), None, WORK, needs=("note",),
              takes=("evidence",), assists=True),
    OrderMove("interview", _("Record an interview"), (S.GIVEN, S.AT_WORK), None, EITHER,
              needs=("who", "held_on"), takes=("asked", "promise", "promised_on"), hidden=True),
    OrderMove("keep_promise", _("The promise was kept"), OPEN_ORDERS, None, EITHER, needs=("interview",),
              hidden=True),
    OrderMove("enter_work", _("Enter works"), (S.AT_WORK, S.REPORTED), None, EITHER,
              needs=("name", "quantity", "measure"), takes=("cost_yuan", "done_on", "before", "after"),
              assists=True, hidden=True),
    OrderMove("strike_work", _("Strike out works"), (S.AT_WORK, S.REPORTED), None, EITHER,
              needs=("work", "reason"), hidden=True),
    # The end is reported by the unit and approved by others.
    OrderMove("report", _("Report it done"), (S.AT_WORK,), S.REPORTED, WORK, needs=("note",),
              takes=("evidence",)),
    OrderMove("approve", _("Approve its end"), (S.REPORTED,), S.CLOSED, APPROVE, takes=("note",), apart=True),
    OrderMove("send_back", _("Send it back to work"), (S.REPORTED,), S.AT_WORK, APPROVE, needs=("reason",),
              apart=True),
    # Over it all: dates, letters, an early end.
    OrderMove("put_off", _("Set another date"), (S.GIVEN, S.AT_WORK), None, APPROVE,
              needs=("due_on", "reason"), apart=True),
    OrderMove("letter", _("Send a letter"), OPEN_ORDERS, None, APPROVE, needs=("colour", "reason")),
    OrderMove("cancel", _("Cancel it"), OPEN_ORDERS, S.CANCELLED, APPROVE, needs=("reason",), apart=True),
    OrderMove("reopen", _("Open the order again"), (S.CLOSED,), S.AT_WORK, APPROVE,
              needs=("reason", "due_on")),
    # What time does.
    OrderMove("note_soon", _("Its date is near"), (S.GIVEN, S.AT_WORK), None, (), hidden=True),
    OrderMove("note_late", _("Its date has passed"), (S.GIVEN, S.DISPUTED, S.AT_WORK), None, (), hidden=True),
    OrderMove("promise_passes", _("The day of a promise has passed"), OPEN_ORDERS, None, (),
              needs=("interview",), hidden=True),
    OrderMove("settle_effect", _("Its effect is found"), (S.CLOSED,), None, (), needs=("effect",),
              hidden=True),
)  # fmt: skip
ORDER_MOVE = {move.key: move for move in ORDER_MOVES}
