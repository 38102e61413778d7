"""What each move does to the case besides its state and clocks, and the fact it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huying.cases import asking, facts, noting, overlaying, parting, reasons, stages, undoing, voicing
from huying.cases.deadlines import max_grade
from huying.cases.making import (
    assists_of,
    end_tasks,
    item_of,
    latest_reply,
    route_of,
    unit_name,
    unit_of,
    voice_of,
)
from huying.cases.models import AskKind, Closure, Colour, Evidence, Reply, Solved, Task, TaskKind, TaskState
from huying.cases.parting import part_times
from huying.cases.voices import nobody_to_ask
from huying.cases.words import FIELDS
from huying.catalogue.levels import level_of_unit
from huying.catalogue.models import Grade
from huying.catalogue.queries import grade_table
from huying.dispatch.actions import assign_by_hand
from huying.kit.errors import Refusal
from huying.ledger.actions import stream_of
from huying.ledger.queries import count_kind
from huying.people.permissions import Permission
from huying.people.queries import holders_over, unit_book
from huying.triage.actions import judge_by_hand

if TYPE_CHECKING:
    from collections.abc import Callable

    from huying.cases.making import Making
    from huying.catalogue.queries import ItemCard
    from huying.dispatch.models import Assignment
    from huying.people.queries import UnitCard

# The second time residents send a case back, supervision looks at it (standards B.3).
SUPERVISED_FROM_REWORK = 2


def give_to(making: Making, unit: UnitCard, assists: list[UnitCard], assignment: Assignment) -> None:
    """Make `unit` the one lead of the case; whatever was open for others ends."""
    case = making.case
    Task.objects.filter(case=case, state=TaskState.OPEN).update(state=TaskState.ENDED, ended_at=making.at)
    parts = [(unit, TaskKind.LEAD), *((card, TaskKind.ASSIST) for card in assists)]
    Task.objects.bulk_create(
        Task(case=case, unit_id=card.id, kind=kind, assignment=assignment, opened_at=making.at, **times)
        for card, kind in parts
        for times in [part_times(kind, at=making.at) if kind == TaskKind.ASSIST else {}]
    )
    case.unit_id = unit.id
    case.assignment = assignment
    case.handler_id = None
    case.dispatch_count += 1


def _dispatch(making: Making) -> facts.CaseDispatched:
    case, unit, item = making.case, unit_of(making), item_of(making)
    # Without an item the grade is a mere default, unless danger or another voice made it graver.
    judged = case.grade if case.item_id or case.grade < Grade.C else ""
    grade = str(making.given.get("grade") or "") or max_grade(judged, item.grade)
    if grade not in Grade.values:
        raise Refusal(reasons.MISSING, field="grade", what=FIELDS["grade"])
    case.item_id, case.item_code, case.grade = item.id, item.code, grade
    if not case.dispatch_count:
        case.opened_level = grade_table().level(grade)
    case.held_for = ""
    case.dispatched_at = making.at
    _judge(making, item)
    key = "self_handled" if making.given.get("self_handled") else "chosen_by_dispatcher"
    return give_by_hand(making, unit, item, assists_of(making, unit), key)


def _redispatch(making: Making) -> facts.CaseDispatched:
    unit, item = unit_of(making), item_of(making)
    if unit.id == making.case.unit_id:
        raise Refusal(reasons.SAME_UNIT, field="unit")
    if item.id != making.case.item_id:
        making.case.item_id, making.case.item_code = item.id, item.code
        _judge(making, item)
    return give_by_hand(making, unit, item, assists_of(making, unit), "redispatched_after_return")


def _judge(making: Making, item: ItemCard) -> None:
    """Leave a person's verdict on every appeal of the case, beside the machine's that it may correct."""
    voices = making.case.memberships.filter(until_at=None).values_list("appeal_id", flat=True)
    judge_by_hand(voices, item, making.case.grade, by=making.by, at=making.at)


def give_by_hand(
    making: Making, unit: UnitCard, item: ItemCard, assists: list[UnitCard], key: str
) -> facts.CaseDispatched:
    """Give the case to a unit by a person's decision, beside what the duty rules would have said."""
    assignment = assign_by_hand(
        making.case.memberships.filter(until_at=None)
        .order_by("from_at", "id")
        .values_list("appeal_id", flat=True)[0],
        unit=unit,
        item=item,
        area_path=making.case.area_path,
        assists=assists,
        key=key,
        note=making.text("note") or making.text("reason"),
        by=making.by,
        at=making.at,
        is_danger=making.case.grade == Grade.A,
    )
    give_to(making, unit, assists, assignment)
    return facts.CaseDispatched(
        **making.states,
        unit=str(unit.id),
        unit_name=unit.name,
        item=item.code,
        automatic=False,
        why=assignment.why,
        due_at="",
    )


def _sign(making: Making) -> facts.CaseSigned:
    making.case.signed_at = making.at
    making.case.handler_id = making.account_id
    return facts.CaseSigned(**making.states, unit_name=unit_name(making.case))


def _return(making: Making) -> facts.ReturnAsked:
    proposed = unit_of(making)
    if proposed.id == making.case.unit_id:
        raise Refusal(reasons.SAME_UNIT, field="unit")
    making.case.returned = True
    return facts.ReturnAsked(
        **making.states,
        reason=making.text("reason"),
        proposed_unit=str(proposed.id),
        proposed_unit_name=proposed.name,
    )


def _refuse_return(making: Making) -> facts.ReturnRefused:
    return facts.ReturnRefused(**making.states, reason=making.text("reason"))


def _hand_to(making: Making) -> facts.CaseHandedTo:
    given, case = str(making.given["handler"]), making.case
    workers = holders_over(case.unit_id, Permission.CASE_WORK, at=making.at) if case.unit_id else []
    chosen = next((worker for worker in workers if given in (str(worker.id), worker.username)), None)
    if chosen is None:
        raise Refusal(reasons.NO_COLLEAGUE, field="handler")
    if chosen.id == case.handler_id:
        raise Refusal(reasons.HANDED_ALREADY, field="handler")
    case.handler_id = chosen.id
    return facts.CaseHandedTo(
        **making.states, handler=str(chosen.id), handler_name=chosen.name, note=making.text("note")
    )


def _first_contact(making: Making) -> facts.ContactMade:
    making.case.contacted_at = making.at
    return facts.ContactMade(**making.states, note=making.text("note"))


def _write_reply(making: Making, solved: str) -> Reply:
    reason = making.text("unsolved_reason")
    if solved not in Solved.values:
        raise Refusal(reasons.MISSING, field="solved", what=FIELDS["solved"])
    if solved != Solved.YES and not reason:
        raise Refusal(reasons.REASON_NEEDED, field="unsolved_reason")
    reply = Reply.objects.create(
        case=making.case,
        round=making.case.round,
        unit_id=making.case.unit_id,
        public_text=making.text("public_text"),
        internal_note=making.text("internal_note"),
        solved=solved,
        unsolved_reason=reason,
        by_id=making.account_id,
        by_name=making.by.name,
        at=making.at,
    )
    Evidence.objects.bulk_create(
        Evidence(reply=reply, stored_as=photo.stored_as, thumb_as=photo.thumb_as)
        for photo in making.given.get("evidence") or ()
    )
    return reply


def _reply(making: Making) -> facts.CaseReplied:
    reply = _write_reply(making, str(making.given["solved"]))
    making.case.replied_at = making.at
    making.case.handler_id = making.account_id or making.case.handler_id
    return facts.CaseReplied(**making.states, reply=str(reply.pk), solved=reply.solved)


def _review(making: Making, *, passed: bool) -> Reply:
    reply = latest_reply(making.case)
    reply.reviewed_at, reply.reviewed_by_id, reply.passed = making.at, making.account_id, passed
    reply.review_note = making.text("reason") or making.text("note")
    reply.save(update_fields=["reviewed_at", "reviewed_by", "passed", "review_note"])
    return reply


def _pass_review(making: Making) -> facts.ReviewPassed:
    reply = _review(making, passed=True)
    if not (making.text("note") or reply.evidence.exists()) and nobody_to_ask(making.case):
        raise Refusal(reasons.NOTHING_CHECKED, field="note")
    making.case.resolution = reply.solved
    return facts.ReviewPassed(
        **making.states, reply=str(reply.pk), solved=reply.solved, round=making.case.round
    )


def _fail_review(making: Making) -> facts.ReviewFailed:
    _review(making, passed=False)
    making.case.round += 1
    return facts.ReviewFailed(**making.states, reason=making.text("reason"))


def _answer_at_once(making: Making) -> facts.AnsweredAtOnce:
    reply = _write_reply(making, Solved.YES)
    making.case.resolution = reply.solved
    making.case.replied_at = making.at
    making.case.held_for = ""
    return facts.AnsweredAtOnce(
        **making.states, reply=str(reply.pk), solved=reply.solved, round=making.case.round
    )


def _rework(making: Making) -> facts.CaseReworked:
    case = making.case
    case.round += 1
    case.resolution = ""
    # Rounds also count what a reviewer sent back; supervision counts the residents only.
    times = count_kind(stream_of(case), facts.CaseReworked.__name__) + 1
    if times >= SUPERVISED_FROM_REWORK and not case.supervised:
        case.supervised, case.supervision = True, Colour.YELLOW
    return facts.CaseReworked(
        **making.states, reason=making.text("reason"), round=case.round, supervised=case.supervised
    )


def _reopen(making: Making) -> facts.CaseReworked:
    """Rework of what was answered at once: no unit has it yet, so the dispatchers do."""
    reworked = _rework(making)
    making.case.held_for = making.text("reason")
    return reworked


def _follow_up(making: Making) -> facts.FollowedUp:
    appeal = voice_of(making)
    return facts.FollowedUp(**making.states, appeal=str(appeal or ""), reached=bool(making.given["reached"]))


def _close(making: Making) -> facts.CaseClosed:
    case, closure = making.case, Closure(str(making.given["closure"]))
    case.closed_at, case.closure = making.at, closure
    case.closed_level = level_of_unit(case.unit_id)
    end_tasks(making, lead_done=True)
    return facts.CaseClosed(**making.states, closure=closure)


def _withdraw(making: Making) -> facts.CaseWithdrawn:
    end_tasks(making)
    return facts.CaseWithdrawn(**making.states, reason=making.text("reason"))


def _transfer(making: Making) -> facts.CaseTransferred:
    route, case = route_of(making), making.case
    end_tasks(making)
    case.route, case.receipt = route, making.text("receipt")[:60]
    case.held_for = ""
    return facts.CaseTransferred(
        **making.states, route=route.pk, receipt=case.receipt, reason=making.text("reason")
    )


def _pass_down(making: Making) -> facts.CasePassedDown:
    """Give the case to a unit below the one that has it; it stays in work, and that one sees it still."""
    case, unit = making.case, unit_of(making)
    mine = unit_book().by_id.get(case.unit_id) if case.unit_id else None
    if mine is None or not unit.path.startswith(f"{mine.path}/"):
        raise Refusal(reasons.NOT_BELOW, field="unit")
    item = item_of(making)
    give_by_hand(making, unit, item, _standing_assists(making, unit), "passed_down")
    return facts.CasePassedDown(
        **making.states, unit=str(unit.id), unit_name=unit.name, note=making.text("note")
    )


def _standing_assists(making: Making, lead: UnitCard) -> list[UnitCard]:
    """Return the units that assist now, so that a new lead keeps them."""
    parts = Task.objects.filter(case=making.case, state=TaskState.OPEN, kind=TaskKind.ASSIST)
    book = unit_book().by_id
    found = [book.get(unit_id) for unit_id in parts.values_list("unit_id", flat=True)]
    return [card for card in found if card is not None and card.id != lead.id]


EFFECTS: dict[str, Callable[[Making], facts.CaseMoved]] = {
    "dispatch": _dispatch,
    "answer_at_once": _answer_at_once,
    "ask_info": voicing.ask_info,
    "give_info": voicing.give_info,
    "lapse": voicing.lapse,
    "refile": voicing.refile,
    "find_inadmissible": asking.find_inadmissible,
    "inadmissible": asking.inadmissible,
    "refuse_inadmissible": asking.refuse(AskKind.INADMISSIBLE),
    "object": voicing.object_to,
    "transfer": _transfer,
    "sign": _sign,
    "undo_sign": undoing.undo_sign,
    "recall_dispatch": undoing.recall_dispatch,
    "return": _return,
    "redispatch": _redispatch,
    "refuse_return": _refuse_return,
    "dispute": asking.dispute,
    "adjudicate_stay": asking.adjudicate_stay,
    "adjudicate_move": asking.adjudicate_move,
    "first_contact": _first_contact,
    "stage_done": stages.stage_done,
    "undo_stage": stages.undo_stage,
    "hand_to": _hand_to,
    "pass_down": _pass_down,
    "add_assist": parting.add_assist,
    "call_in": parting.call_in,
    "attend": parting.attend,
    "finish_task": parting.finish_task,
    "end_task": parting.end_task,
    "ask_extension": asking.ask_extension,
    "grant_extension": asking.grant_extension,
    "refuse_extension": asking.refuse(AskKind.EXTENSION),
    "ask_suspension": asking.ask_suspension,
    "suspend": asking.suspend,
    "refuse_suspension": asking.refuse(AskKind.SUSPENSION),
    "resume": asking.resume,
    "reply": _reply,
    "pass_review": _pass_review,
    "fail_review": _fail_review,
    "follow_up": _follow_up,
    "rework": _rework,
    "reopen": _reopen,
    "claim_unreasonable": asking.claim_unreasonable,
    "second_unreasonable": asking.second_unreasonable,
    "close_unreasonable": asking.close_unreasonable,
    "refuse_unreasonable": asking.refuse(AskKind.UNREASONABLE),
    "close": _close,
    "restart": voicing.restart,
    "restart_at_desk": voicing.restart,
    "recheck": overlaying.recheck,
    "archive": overlaying.archive,
    "withdraw": _withdraw,
    "urge": voicing.urge,
    "supervise": overlaying.supervise,
    "report": overlaying.report,
    "report_lapses": overlaying.report_lapses,
    "lift_supervision": overlaying.lift_supervision,
    "leader_note": overlaying.leader_note,
    "mark_major": overlaying.mark_major,
    "keep_confidential": overlaying.keep_confidential,
    "end_confidential": overlaying.end_confidential,
    "note": noting.note,
    "retract_note": noting.retract_note,
}
