"""Each move as it should go: from which case, by whom, with what; and who may not make it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from huying.cases.tests import stories

if TYPE_CHECKING:
    from collections.abc import Callable

    from huying.cases.models import Case


@dataclass(frozen=True)
class Story:
    """A move as it should go: from which case, by whom, with what, and the fact it leaves."""

    move: str
    start: Callable[[], Case]
    by: str
    fact: str
    given: dict[str, Any] = field(default_factory=dict)


WHY = {"reason": "有原因"}
TO_COURT = {"reason": "已起诉", "route": "litigation"}
STORIES = (
    Story("dispatch", stories.waiting, "mei", "CaseDispatched", {"unit": "city", "item": "010101"}),
    Story("answer_at_once", stories.waiting, "shou", "AnsweredAtOnce", {"public_text": "每天八点清运。"}),
    Story("ask_info", stories.waiting, "shou", "NeedInfoAsked", {"question": "几号楼？"}),
    Story("give_info", stories.need_info, "resident", "InfoGiven", {"text": "三号楼"}),
    Story("lapse", stories.need_info, "", "CaseLapsed"),
    Story("refile", stories.lapsed, "resident", "CaseRefiled", {"text": "三号楼"}),
    Story("find_inadmissible", stories.waiting, "shou", "ApplicationMade", TO_COURT),
    Story("inadmissible", stories.found_inadmissible, "mei", "CaseInadmissible"),
    Story("refuse_inadmissible", stories.found_inadmissible, "mei", "ApplicationRefused", WHY),
    Story("object", stories.inadmissible, "resident", "CaseObjected", {"text": "没有起诉"}),
    Story("transfer", stories.signed, "mei", "CaseTransferred", {**TO_COURT, "receipt": "民初1号"}),
    Story("dispute", stories.given_back, "wu", "ApplicationMade", {**WHY, "unit": "cleaning"}),
    Story("adjudicate_stay", stories.disputed, "mei", "DisputeRuled", WHY),
    Story("adjudicate_move", stories.disputed, "mei", "DisputeRuled", {**WHY, "unit": "east"}),
    Story("pass_down", stories.street_has, "ling", "CasePassedDown", {"unit": "east"}),
    Story("stage_done", stories.staged, "lin", "StageDone", {"result": "已责令停工"}),
    Story("undo_stage", stories.stage_over, "lin", "StageUndone"),
    Story("add_assist", stories.signed, "lin", "TaskOpened", {"unit": "east", "note": "请拆围挡"}),
    Story("call_in", stories.signed, "lin", "TaskOpened", {"unit": "east", "note": "请到场"}),
    Story("attend", stories.called_in, "dong", "TaskAttended"),
    Story("finish_task", stories.helped, "dong", "TaskDone", {"note": "已拆"}),
    Story("end_task", stories.helped, "lin", "TaskEnded", WHY),
    Story("ask_extension", stories.signed, "lin", "ApplicationMade", {**WHY, "days": "3"}),
    Story("grant_extension", stories.extension_asked, "hao", "ExtensionGranted"),
    Story("refuse_extension", stories.extension_asked, "hao", "ApplicationRefused", WHY),
    Story(
        "ask_suspension",
        stories.signed,
        "lin",
        "ApplicationMade",
        {**WHY, "plan": "明年改造", "review_on": "2026-12-01"},
    ),
    Story("suspend", stories.suspension_asked, "du", "CaseSuspended"),
    Story("refuse_suspension", stories.suspension_asked, "du", "ApplicationRefused", WHY),
    Story("resume", stories.suspended, "lin", "CaseResumed"),
    Story("claim_unreasonable", stories.reworked, "lin", "ApplicationMade", {**WHY, "public_text": "已说明"}),
    Story("second_unreasonable", stories.claimed, "hao", "UnreasonableSeconded", WHY),
    Story("close_unreasonable", stories.seconded, "du", "CaseClosed", WHY),
    Story("refuse_unreasonable", stories.claimed, "hao", "ApplicationRefused", WHY),
    Story("restart", stories.closed, "resident", "CaseRestarted", {"text": "又堆起来了"}),
    Story("restart_at_desk", stories.answered_and_closed, "resident", "CaseRestarted", {"text": "时间不对"}),
    Story("recheck", stories.closed, "", "FalseClosureFound", {"later": "GD1"}),
    Story("archive", stories.closed, "", "CaseArchived"),
    Story("urge", stories.signed, "resident", "CaseUrged"),
    Story("supervise", stories.signed, "du", "SupervisionSet", {**WHY, "colour": "red"}),
    Story("report", stories.supervised, "lin", "SupervisionAnswered", {"note": "三日内办结"}),
    Story("report_lapses", stories.supervised, "", "SupervisionUnanswered"),
    Story("lift_supervision", stories.supervised, "du", "SupervisionLifted", WHY),
    Story("leader_note", stories.signed, "ling", "LeaderNoted", {"note": "尽快解决"}),
    Story("mark_major", stories.signed, "mei", "MajorMarked", WHY),
    Story("keep_confidential", stories.signed, "mei", "ConfidentialSet", WHY),
    Story("end_confidential", stories.confidential, "mei", "ConfidentialSet", WHY),
    Story("sign", stories.dispatched, "lin", "CaseSigned"),
    Story("undo_sign", stories.signed, "lin", "SignUndone"),
    Story("recall_dispatch", stories.by_hand, "mei", "DispatchRecalled"),
    Story("return", stories.dispatched, "lin", "ReturnAsked", {"reason": "不归我们", "unit": "city"}),
    Story("redispatch", stories.returned, "mei", "CaseDispatched", {"unit": "city", "reason": "有理"}),
    Story("refuse_return", stories.returned, "mei", "ReturnRefused", {"reason": "仍属环卫"}),
    Story("hand_to", stories.dispatched, "lin", "CaseHandedTo", {"handler": "lin", "note": "熟悉这一片"}),
    Story("first_contact", stories.signed, "lin", "ContactMade", {"note": "已通话"}),
    Story("reply", stories.signed, "lin", "CaseReplied", {"public_text": "已清。", "solved": "yes"}),
    Story("pass_review", stories.replied, "hao", "ReviewPassed"),
    Story("fail_review", stories.replied, "hao", "ReviewFailed", {"reason": "没有照片"}),
    Story("rework", stories.passed, "", "CaseReworked", {"reason": "resident_not_satisfied"}),
    Story("close", stories.passed, "", "CaseClosed", {"closure": "unconfirmed"}),
    Story("withdraw", stories.dispatched, "resident", "CaseWithdrawn", {"reason": "自己解决了"}),
    Story("note", stories.closed, "lin", "CaseNoted", {"note": "存档"}),
    Story("retract_note", stories.noted, "shou", "NoteRetracted", {"noted": "3", "reason": "写错了"}),
)

STRANGERS = {
    # Wu works in the next unit, Ge and Dong in the community of the place, Dian answers telephones.
    "dispatch": ("wu", "lin", "ge", "dong", "dian", "shou", "ling", "guan", "resident"),
    "answer_at_once": ("wu", "lin", "ge", "dian", "ling", "guan", "resident"),
    "inadmissible": ("wu", "lin", "ge", "dian", "ling", "guan", "resident"),
    "find_inadmissible": ("wu", "lin", "ge", "dian", "ling", "guan", "resident"),
    "ask_info": ("wu", "lin", "ge", "dian", "ling", "guan", "resident"),
    "give_info": ("wu", "lin", "ge", "ling", "guan"),
    "transfer": ("wu", "lin", "ge", "dian", "guan", "resident"),
    "dispute": ("lin", "hao", "mei", "ge", "resident"),
    "adjudicate_stay": ("lin", "wu", "hao", "shou", "resident"),
    "adjudicate_move": ("lin", "wu", "hao", "shou", "resident"),
    "stage_done": ("wu", "hao", "mei", "ge", "resident"),
    "undo_stage": ("wu", "hao", "mei", "resident"),
    "add_assist": ("wu", "hao", "shou", "ge", "resident"),
    "call_in": ("wu", "hao", "shou", "ge", "resident"),
    "ask_extension": ("wu", "hao", "mei", "du", "resident"),
    "grant_extension": ("wu", "mei", "ge", "dian", "resident"),
    "suspend": ("lin", "wu", "hao", "mei", "resident"),
    "resume": ("wu", "hao", "mei", "resident"),
    "claim_unreasonable": ("wu", "hao", "du", "resident"),
    "close_unreasonable": ("wu", "lin", "hao", "mei", "resident"),
    "restart": ("wu", "lin", "hao", "mei"),
    "object": ("wu", "lin", "hao", "ling"),
    "report": ("wu", "hao", "shou", "ge", "resident"),
    "supervise": ("wu", "lin", "hao", "mei", "resident"),
    "leader_note": ("wu", "lin", "hao", "mei", "resident"),
    "mark_major": ("wu", "lin", "hao", "shou", "resident"),
    "keep_confidential": ("wu", "lin", "hao", "shou", "resident"),
    "sign": ("wu", "hao", "mei", "ge", "dian", "ling", "guan", "resident"),
    "undo_sign": ("wu", "hao", "mei", "resident"),
    "recall_dispatch": ("lin", "wu", "hao", "shou", "resident"),
    "return": ("wu", "hao", "mei", "ge", "resident"),
    "redispatch": ("lin", "wu", "hao", "shou", "resident"),
    "refuse_return": ("lin", "wu", "hao", "shou", "resident"),
    "hand_to": ("wu", "mei", "dian", "ling", "resident"),
    "first_contact": ("wu", "hao", "mei", "dian", "resident"),
    "reply": ("wu", "hao", "mei", "dian", "resident"),
    "pass_review": ("lin", "wu", "mei", "dong", "resident"),
    "fail_review": ("lin", "wu", "mei", "dong", "resident"),
    "note": ("wu", "guan", "resident"),
    "retract_note": ("wu", "guan", "resident"),
    "withdraw": ("lin", "mei", "guan"),
}
