"""MOVES: everything a case can do next. Read by the action, the buttons, the API, the docs and the tests."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from huying.cases.states import OPEN, AskKind, Clock, Status
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

    `to` is None when the case stays where it is; `back` when it goes where it was before a merge. `also` are
    further rights that do as well. `over_task` rights hold over the unit of a part of the case, not its lead.
    `needs` must be given, `takes` may be; `meets` clocks are met by it, `ends` are stopped without being met,
    `starts` begin; it may pause every clock that runs, or let them run on. It `asks` for something of a
    kind, or `rules` on that. `hidden` moves follow from others, or have a place of their own: no button.
    """

    key: str
    label: StrOrPromise
    from_: tuple[Status, ...]
    to: Status | None
    right: Permission | Hand
    also: tuple[Permission, ...] = ()
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    meets: tuple[Clock, ...] = ()
    ends: tuple[Clock, ...] = ()
    starts: tuple[Clock, ...] = ()
    pauses: bool = False
    resumes: bool = False
    asks: AskKind | None = None
    rules: AskKind | None = None
    over_task: bool = False
    hidden: bool = False

    @property
    def rights(self) -> tuple[Permission, ...]:
        """Return every right by which it can be made; none for what only a hand makes."""
        return (self.right, *self.also) if isinstance(self.right, Permission) else self.also

    def leads_to(self, status: Status) -> Status:
        """Return where the case stands after this move from `status`."""
        return self.to or status


S, C, R, A = Status, Clock, Permission, AskKind
ALL_CLOCKS = tuple(Clock)
MERGEABLE = (S.SUBMITTED, S.DISPATCHED, S.IN_PROGRESS, S.RETURN_REVIEW, S.REPLIED)
AT_WORK = (S.DISPATCHED, S.IN_PROGRESS)
# While a ruling on whose it is is awaited, the unit works on: it may have come this far.
ARGUED = (S.IN_PROGRESS, S.SUSPENDED, S.REPLIED, S.FOLLOW_UP)

MOVES: tuple[Move, ...] = (
    # Received: is it clear, is it ours, can it be answered at once?
    Move("dispatch", _("Dispatch"), (S.SUBMITTED,), S.DISPATCHED, R.CASE_DISPATCH, needs=("unit", "item"),
         takes=("assists", "grade", "note"), meets=(C.RECEIVE,), starts=(C.SIGN, C.CONTACT, C.HANDLE)),
    Move("answer_at_once", _("Answer at once"), (S.SUBMITTED,), S.FOLLOW_UP, R.CASE_RECEIVE,
         needs=("public_text",), takes=("internal_note",), meets=(C.RECEIVE,), starts=(C.ASKING,)),
    Move("ask_info", _("Ask for details"), (S.SUBMITTED,), S.NEED_INFO, R.CASE_RECEIVE, needs=("question",),
         starts=(C.INFO,), pauses=True),
    Move("give_info", _("Enter the details"), (S.NEED_INFO,), S.SUBMITTED, Hand.APPELLANT,
         also=(R.CASE_RECEIVE, R.CASE_FOLLOW_UP), needs=("text",), takes=("appeal",), meets=(C.INFO,),
         resumes=True),
    Move("lapse", _("Let it lapse"), (S.NEED_INFO,), S.LAPSED, Hand.SYSTEM, ends=ALL_CLOCKS, hidden=True),
    Move("refile", _("Take it up again"), (S.LAPSED,), S.SUBMITTED, Hand.APPELLANT,
         also=(R.CASE_RECEIVE, R.CASE_FOLLOW_UP), needs=("text",), takes=("appeal",), starts=(C.RECEIVE,)),
    Move("find_inadmissible", _("Not admissible here"), (S.SUBMITTED,), None, R.CASE_RECEIVE,
         needs=("reason", "route"), asks=A.INADMISSIBLE),
    Move("inadmissible", _("Confirm: not admissible here"), (S.SUBMITTED,), S.INADMISSIBLE, R.CASE_REVIEW,
         also=(R.CASE_DISPATCH,), takes=("note",), meets=(C.RECEIVE,), ends=(C.REPORT,),
         rules=A.INADMISSIBLE),
    Move("refuse_inadmissible", _("It is admissible"), (S.SUBMITTED,), None, R.CASE_REVIEW,
         also=(R.CASE_DISPATCH,), needs=("reason",), rules=A.INADMISSIBLE),
    Move("object", _("Object"), (S.INADMISSIBLE,), S.SUBMITTED, Hand.APPELLANT,
         also=(R.CASE_RECEIVE, R.CASE_FOLLOW_UP), needs=("text",), takes=("appeal",), starts=(C.RECEIVE,)),
    Move("transfer", _("Transfer to a statutory route"), OPEN, S.TRANSFERRED, R.CASE_RECEIVE,
         also=(R.CASE_DISPATCH, R.CASE_SUPERVISE), needs=("route", "receipt", "reason"), ends=ALL_CLOCKS),
    # With a unit: signed, or said to be another's.
    Move("sign", _("Sign for it"), (S.DISPATCHED,), S.IN_PROGRESS, R.CASE_WORK, meets=(C.SIGN,)),
    # Slips of the hand: soon afterwards, by the same hand, and only while nothing has happened since.
    Move("recall_dispatch", _("Take the dispatch back"), (S.DISPATCHED,), S.SUBMITTED, R.CASE_DISPATCH,
         ends=(C.SIGN, C.CONTACT, C.HANDLE, C.STAGE), starts=(C.RECEIVE,)),
    Move("undo_sign", _("Undo the signing"), (S.IN_PROGRESS,), S.DISPATCHED, R.CASE_WORK, starts=(C.SIGN,)),
    Move("return", _("Return it"), (S.DISPATCHED,), S.RETURN_REVIEW, R.CASE_WORK, needs=("reason", "unit"),
         ends=(C.SIGN,), starts=(C.RULING,)),
    Move("redispatch", _("Redispatch"), (S.RETURN_REVIEW,), S.DISPATCHED, R.CASE_DISPATCH,
         needs=("unit", "reason"), takes=("item", "assists"), meets=(C.RULING,), starts=(C.SIGN,)),
    Move("refuse_return", _("Leave it with the unit"), (S.RETURN_REVIEW,), S.DISPATCHED, R.CASE_DISPATCH,
         needs=("reason",), meets=(C.RULING,), starts=(C.SIGN,)),
    Move("dispute", _("Work on it, but dispute it"), (S.DISPATCHED,), S.IN_PROGRESS, R.CASE_WORK,
         needs=("reason", "unit"), meets=(C.SIGN,), starts=(C.RULING,), asks=A.DISPUTE),
    Move("adjudicate_stay", _("Rule: it stays"), ARGUED, None, R.CASE_DISPATCH, also=(R.CASE_SUPERVISE,),
         needs=("reason",), takes=("rule_unit",), meets=(C.RULING,), rules=A.DISPUTE),
    Move("adjudicate_move", _("Rule: it goes to another unit"), (S.IN_PROGRESS,), S.DISPATCHED,
         R.CASE_DISPATCH, also=(R.CASE_SUPERVISE,), needs=("unit", "reason"), meets=(C.RULING,),
         starts=(C.SIGN,), rules=A.DISPUTE),
    # At work: contact, helpers, more time, a pause, the reply.
    Move("first_contact", _("Record the first contact"), (S.IN_PROGRESS,), None, R.CASE_WORK, needs=("note",),
         meets=(C.CONTACT,)),
    Move("stage_done", _("This stage is done"), (S.IN_PROGRESS,), None, R.CASE_WORK, needs=("result",),
         meets=(C.STAGE,), starts=(C.STAGE,)),
    Move("undo_stage", _("Undo: the stage is not done"), (S.IN_PROGRESS,), None, R.CASE_WORK,
         ends=(C.STAGE,), starts=(C.STAGE,)),
    Move("hand_to", _("Hand to a colleague"),
         (*AT_WORK, S.SUSPENDED, S.RETURN_REVIEW, S.REPLIED, S.FOLLOW_UP), None, R.CASE_WORK,
         also=(R.CASE_REVIEW,), needs=("handler",), takes=("note",)),
    Move("pass_down", _("Pass to a unit below"), (S.IN_PROGRESS,), None, R.CASE_WORK, needs=("unit",),
         takes=("note",)),
    Move("add_assist", _("Ask a unit to assist"), AT_WORK, None, R.CASE_WORK, also=(R.CASE_DISPATCH,),
         needs=("unit", "note")),
    Move("call_in", _("Call in a unit"), AT_WORK, None, R.CASE_WORK,
         also=(R.CASE_DISPATCH, R.CASE_SUPERVISE), needs=("unit", "note"), takes=("meet_at",)),
    Move("attend", _("Record that we are there"), AT_WORK, None, R.CASE_WORK, over_task=True,
         needs=("task",), takes=("note",), hidden=True),
    Move("finish_task", _("Our part is done"), AT_WORK, None, R.CASE_WORK, over_task=True,
         needs=("task", "note"), hidden=True),
    Move("end_task", _("The part is no longer needed"), AT_WORK, None, R.CASE_WORK, also=(R.CASE_DISPATCH,),
         needs=("task", "reason"), hidden=True),
    Move("ask_extension", _("Ask for more time"), (S.IN_PROGRESS,), None, R.CASE_WORK,
         needs=("reason", "days"), starts=(C.REQUEST,), asks=A.EXTENSION),
    Move("grant_extension", _("Grant more time"), (S.IN_PROGRESS,), None, R.CASE_REVIEW,
         also=(R.CASE_SUPERVISE,), takes=("note",), meets=(C.REQUEST,), rules=A.EXTENSION),
    Move("refuse_extension", _("Refuse more time"), (S.IN_PROGRESS,), None, R.CASE_REVIEW,
         also=(R.CASE_SUPERVISE,), needs=("reason",), meets=(C.REQUEST,), rules=A.EXTENSION),
    Move("ask_suspension", _("Ask to suspend it"), (S.IN_PROGRESS,), None, R.CASE_WORK,
         needs=("reason", "plan", "review_on"), starts=(C.REQUEST,), asks=A.SUSPENSION),
    Move("suspend", _("Grant the suspension"), (S.IN_PROGRESS,), S.SUSPENDED, R.CASE_SUPERVISE,
         takes=("note",), meets=(C.REQUEST,), starts=(C.SUSPEND,), pauses=True, rules=A.SUSPENSION),
    Move("refuse_suspension", _("Refuse the suspension"), (S.IN_PROGRESS,), None, R.CASE_SUPERVISE,
         needs=("reason",), meets=(C.REQUEST,), rules=A.SUSPENSION),
    Move("resume", _("Take it up again"), (S.SUSPENDED,), S.IN_PROGRESS, R.CASE_WORK,
         also=(R.CASE_SUPERVISE,), takes=("note",), meets=(C.SUSPEND,), resumes=True),
    Move("reply", _("Reply"), (S.IN_PROGRESS,), S.REPLIED, R.CASE_WORK, needs=("public_text", "solved"),
         takes=("internal_note", "unsolved_reason", "evidence"), meets=(C.HANDLE,),
         ends=(C.CONTACT, C.REQUEST, C.STAGE), starts=(C.REVIEW,)),
    Move("pass_review", _("Pass the reply"), (S.REPLIED,), S.FOLLOW_UP, R.CASE_REVIEW, takes=("note",),
         meets=(C.REVIEW,), starts=(C.ASKING,)),
    Move("fail_review", _("Send back to work"), (S.REPLIED,), S.IN_PROGRESS, R.CASE_REVIEW, needs=("reason",),
         meets=(C.REVIEW,), starts=(C.HANDLE,)),
    # The residents' word, and what follows from it.
    Move("follow_up", _("Record a follow-up call"), (S.FOLLOW_UP,), None, R.CASE_FOLLOW_UP,
         needs=("appeal", "reached"), hidden=True),
    Move("rework", _("Back to work"), (S.FOLLOW_UP,), S.IN_PROGRESS, Hand.SYSTEM, needs=("reason",),
         meets=(C.ASKING,), starts=(C.HANDLE,), hidden=True),
    Move("reopen", _("Back to the dispatchers"), (S.FOLLOW_UP,), S.SUBMITTED, Hand.SYSTEM, needs=("reason",),
         meets=(C.ASKING,), starts=(C.RECEIVE,), hidden=True),
    Move("claim_unreasonable", _("Say the demand is unreasonable"), (S.IN_PROGRESS,), None, R.CASE_WORK,
         needs=("reason", "public_text"), starts=(C.REQUEST,), asks=A.UNREASONABLE),
    Move("second_unreasonable", _("Second it"), (S.IN_PROGRESS,), None, R.CASE_REVIEW,
         also=(R.CASE_SUPERVISE,), needs=("reason",)),
    Move("close_unreasonable", _("Close it as unreasonable"), (S.IN_PROGRESS,), S.CLOSED, R.CASE_SUPERVISE,
         needs=("reason",), meets=(C.REQUEST,), ends=tuple(clock for clock in C if clock != C.REQUEST),
         rules=A.UNREASONABLE),
    Move("refuse_unreasonable", _("The demand is reasonable"), (S.IN_PROGRESS,), None, R.CASE_REVIEW,
         also=(R.CASE_SUPERVISE,), needs=("reason",), meets=(C.REQUEST,), rules=A.UNREASONABLE),
    Move("close", _("Close the case"), (S.FOLLOW_UP,), S.CLOSED, Hand.SYSTEM, needs=("closure",),
         meets=(C.ASKING,), ends=tuple(clock for clock in C if clock != C.ASKING), hidden=True),
    Move("restart", _("It is not solved after all"), (S.CLOSED,), S.IN_PROGRESS, Hand.APPELLANT,
         also=(R.CASE_SUPERVISE, R.CASE_FOLLOW_UP), needs=("text",), takes=("appeal",), starts=(C.HANDLE,)),
    Move("restart_at_desk", _("It is not answered after all"), (S.CLOSED,), S.SUBMITTED, Hand.APPELLANT,
         also=(R.CASE_SUPERVISE, R.CASE_FOLLOW_UP), needs=("text",), takes=("appeal",), starts=(C.RECEIVE,)),
    Move("recheck", _("The same came back"), (S.CLOSED, S.ARCHIVED), None, Hand.SYSTEM, needs=("later",),
         hidden=True),
    Move("archive", _("Archive"), (S.CLOSED,), S.ARCHIVED, Hand.SYSTEM, hidden=True),
    Move("withdraw", _("Take the appeal back"), OPEN, S.WITHDRAWN, Hand.APPELLANT, takes=("reason",),
         ends=ALL_CLOCKS, hidden=True),
    # Two cases.
    Move("merge", _("Merge into another case"), MERGEABLE, S.MERGED, R.CASE_MERGE, needs=("into",),
         ends=ALL_CLOCKS),
    Move("unmerge", _("Undo the merge"), (S.MERGED,), None, R.CASE_MERGE),
    Move("split", _("Split appeals off"), MERGEABLE, None, R.CASE_MERGE, needs=("appeals", "reason"),
         hidden=True),
    # What lies over a case, whatever its state.
    Move("urge", _("Urge"), OPEN, None, Hand.APPELLANT, also=(R.CASE_FOLLOW_UP,), takes=("appeal",)),
    Move("supervise", _("Supervise"), OPEN, None, R.CASE_SUPERVISE, needs=("colour", "reason"),
         ends=(C.REPORT,), starts=(C.REPORT,)),
    Move("report", _("Report to supervision"), OPEN, None, R.CASE_WORK, also=(R.CASE_DISPATCH,),
         needs=("note",), meets=(C.REPORT,)),
    Move("report_lapses", _("No report came"), OPEN, None, Hand.SYSTEM, ends=(C.REPORT,), hidden=True),
    Move("lift_supervision", _("End supervision"), OPEN, None, R.CASE_SUPERVISE, needs=("reason",),
         ends=(C.REPORT,)),
    Move("leader_note", _("Leader's instruction"), OPEN, None, R.CASE_SUPERVISE, needs=("note",)),
    Move("mark_major", _("Major emergency"), OPEN, None, R.CASE_DISPATCH, also=(R.CASE_SUPERVISE,),
         needs=("reason",)),
    Move("keep_confidential", _("Keep confidential"), OPEN, None, R.CASE_DISPATCH, also=(R.CASE_SUPERVISE,),
         needs=("reason",)),
    Move("end_confidential", _("End confidentiality"), OPEN, None, R.CASE_DISPATCH, also=(R.CASE_SUPERVISE,),
         needs=("reason",)),
    Move("note", _("Add a note"), tuple(Status), None, R.CASE_SEE, needs=("note",)),
    Move("retract_note", _("Retract a note"), tuple(Status), None, R.CASE_SEE, needs=("noted", "reason"),
         takes=("note",), hidden=True),
)  # fmt: skip

MOVE = {move.key: move for move in MOVES}

# In which states an application still makes sense; a case that leaves them drops it.
ASK_STANDS: dict[AskKind, tuple[Status, ...]] = {
    A.INADMISSIBLE: (S.SUBMITTED,),
    A.DISPUTE: (*ARGUED, S.DISPATCHED),
    A.EXTENSION: (S.IN_PROGRESS,),
    A.SUSPENSION: (S.IN_PROGRESS,),
    A.UNREASONABLE: (S.IN_PROGRESS,),
}
