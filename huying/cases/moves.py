"""MOVES: everything a case can do next. Read by the action, the buttons, the API, the docs and the tests."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from huying.cases.models import OPEN, Clock, Status
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Hand(StrEnum):
    """Whose hand makes a move that no post gives a right to."""

    APPELLANT = "appellant"
    SYSTEM = "system"


@dataclass(frozen=True)
class Move:
    """One move: from where to where, by whose right, with what, and what it does to the clocks.

    `to` is None when the case stays where it is; `back` when it goes where it was before a merge.
    `needs` must be given, `takes` may be; `meets` clocks are met by it, `ends` are stopped without being met,
    `starts` begin. `hidden` moves follow from others and have no button.
    """

    key: str
    label: StrOrPromise
    from_: tuple[Status, ...]
    to: Status | None
    right: Permission | Hand
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    meets: tuple[Clock, ...] = ()
    ends: tuple[Clock, ...] = ()
    starts: tuple[Clock, ...] = ()
    hidden: bool = False

    def leads_to(self, status: Status) -> Status:
        """Return where the case stands after this move from `status`."""
        return self.to or status


S, C, R = Status, Clock, Permission
ALL_CLOCKS = tuple(Clock)
MERGEABLE = (S.SUBMITTED, S.DISPATCHED, S.IN_PROGRESS, S.RETURN_REVIEW, S.REPLIED)

MOVES: tuple[Move, ...] = (
    Move("dispatch", _("Dispatch"), (S.SUBMITTED,), S.DISPATCHED, R.CASE_DISPATCH, needs=("unit", "item"),
         takes=("assists", "grade", "note"), meets=(C.RECEIVE,), starts=(C.SIGN, C.CONTACT, C.HANDLE)),
    Move("answer_at_once", _("Answer at once"), (S.SUBMITTED,), S.FOLLOW_UP, R.CASE_RECEIVE,
         needs=("public_text",), takes=("internal_note",), meets=(C.RECEIVE,)),
    Move("inadmissible", _("Not admissible here"), (S.SUBMITTED,), S.INADMISSIBLE, R.CASE_RECEIVE,
         needs=("reason", "route"), meets=(C.RECEIVE,)),
    Move("sign", _("Sign for it"), (S.DISPATCHED,), S.IN_PROGRESS, R.CASE_WORK, meets=(C.SIGN,)),
    Move("return", _("Return it"), (S.DISPATCHED,), S.RETURN_REVIEW, R.CASE_WORK, needs=("reason", "unit"),
         ends=(C.SIGN,)),
    Move("redispatch", _("Redispatch"), (S.RETURN_REVIEW,), S.DISPATCHED, R.CASE_DISPATCH,
         needs=("unit", "reason"), takes=("item", "assists"), starts=(C.SIGN,)),
    Move("refuse_return", _("Leave it with the unit"), (S.RETURN_REVIEW,), S.DISPATCHED, R.CASE_DISPATCH,
         needs=("reason",), starts=(C.SIGN,)),
    Move("hand_to", _("Hand to a colleague"),
         (S.DISPATCHED, S.IN_PROGRESS, S.RETURN_REVIEW, S.REPLIED, S.FOLLOW_UP), None, R.CASE_WORK,
         needs=("handler",), takes=("note",)),
    Move("first_contact", _("Record the first contact"), (S.IN_PROGRESS,), None, R.CASE_WORK, needs=("note",),
         meets=(C.CONTACT,)),
    Move("reply", _("Reply"), (S.IN_PROGRESS,), S.REPLIED, R.CASE_WORK, needs=("public_text", "solved"),
         takes=("internal_note", "unsolved_reason", "evidence"), meets=(C.HANDLE,), ends=(C.CONTACT,),
         starts=(C.REVIEW,)),
    Move("pass_review", _("Pass the reply"), (S.REPLIED,), S.FOLLOW_UP, R.CASE_REVIEW, takes=("note",),
         meets=(C.REVIEW,)),
    Move("fail_review", _("Send back to work"), (S.REPLIED,), S.IN_PROGRESS, R.CASE_REVIEW, needs=("reason",),
         meets=(C.REVIEW,), starts=(C.HANDLE,)),
    Move("follow_up", _("Record a follow-up call"), (S.FOLLOW_UP,), None, R.CASE_FOLLOW_UP,
         needs=("appeal", "reached"), hidden=True),
    Move("rework", _("Back to work"), (S.FOLLOW_UP,), S.IN_PROGRESS, Hand.SYSTEM, needs=("reason",),
         starts=(C.HANDLE,), hidden=True),
    Move("reopen", _("Back to the dispatchers"), (S.FOLLOW_UP,), S.SUBMITTED, Hand.SYSTEM, needs=("reason",),
         starts=(C.RECEIVE,), hidden=True),
    Move("close", _("Close the case"), (S.FOLLOW_UP,), S.CLOSED, Hand.SYSTEM, needs=("closure",),
         ends=ALL_CLOCKS, hidden=True),
    Move("withdraw", _("Take the appeal back"), OPEN, S.WITHDRAWN, Hand.APPELLANT, takes=("reason",),
         ends=ALL_CLOCKS, hidden=True),
    Move("merge", _("Merge into another case"), MERGEABLE, S.MERGED, R.CASE_MERGE, needs=("into",),
         ends=ALL_CLOCKS),
    Move("unmerge", _("Undo the merge"), (S.MERGED,), None, R.CASE_MERGE),
    Move("note", _("Add a note"), tuple(Status), None, R.CASE_SEE, needs=("note",)),
)  # fmt: skip

MOVE = {move.key: move for move in MOVES}
