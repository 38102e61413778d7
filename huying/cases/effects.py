"""What each move does to the case besides its state and clocks, and the fact it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from huying.cases import facts, reasons
from huying.cases.deadlines import max_grade
from huying.cases.models import Case, Closure, Evidence, Reply, Solved, Task, TaskKind, TaskState
from huying.cases.words import FIELDS
from huying.catalogue.levels import level_of_unit
from huying.catalogue.models import Grade
from huying.catalogue.queries import ItemCard, find_route, grade_table, item_card, published
from huying.dispatch.actions import assign_by_hand
from huying.kit.errors import Refusal
from huying.kit.text import clean
from huying.ledger.actions import stream_of
from huying.ledger.queries import count_kind
from huying.people.permissions import Permission
from huying.people.queries import UnitCard, holders_over, unit_book
from huying.triage.actions import judge_by_hand

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from huying.dispatch.models import Assignment
    from huying.ledger.actor import Actor

# The second time residents send a case back, supervision looks at it (standards B.3).
SUPERVISED_FROM_REWORK = 2
LONGEST_TEXT = 20_000


class Making:
    """A move being made: the case, what was given with it, by whom and when, and the states around it."""

    def __init__(
        self, case: Case, given: dict[str, Any], *, by: Actor, at: datetime, before: str, after: str
    ) -> None:
        self.case = case
        self.given = given
        self.by = by
        self.at = at
        self.states = {"before": before, "after": after}

    def text(self, name: str) -> str:
        """Return a given text, cleaned and cut to what a column holds."""
        return clean(str(self.given.get(name) or ""))[:LONGEST_TEXT]

    @property
    def account_id(self) -> Any:  # noqa: ANN401 - a key as Django takes it
        """Return the key of the member of staff, None when the system moves."""
        return self.by.id if self.by.kind == "staff" else None


def _unit(making: Making) -> UnitCard:
    given = making.given["unit"]
    book = unit_book()
    card = book.by_code.get(str(given)) or book.by_id.get(given)
    if card is None:
        raise Refusal(reasons.UNKNOWN_UNIT, field="unit")
    return card


def _item(making: Making) -> ItemCard:
    given = making.given.get("item")
    if given in (None, ""):
        kept = item_card(making.case.item_id)
        if kept is None:
            raise Refusal(reasons.MISSING, field="item", what=FIELDS["item"])
        return kept
    item = published().by_code.get(str(given))
    if item is None or not item.is_leaf:
        raise Refusal(reasons.UNKNOWN_ITEM, field="item")
    return item


def _assists(making: Making, lead: UnitCard) -> list[UnitCard]:
    book = unit_book()
    cards = []
    for given in making.given.get("assists") or ():
        card = book.by_code.get(str(given)) or book.by_id.get(given)
        if card is None:
            raise Refusal(reasons.UNKNOWN_UNIT, field="assists")
        if card.id != lead.id and card not in cards:
            cards.append(card)
    return cards


def give_to(making: Making, unit: UnitCard, assists: list[UnitCard], assignment: Assignment) -> None:
    """Make `unit` the one lead of the case; whatever was open for others ends."""
    case = making.case
    Task.objects.filter(case=case, state=TaskState.OPEN).update(state=TaskState.ENDED, ended_at=making.at)
    parts = [(unit, TaskKind.LEAD), *((card, TaskKind.ASSIST) for card in assists)]
    Task.objects.bulk_create(
        Task(case=case, unit_id=card.id, kind=kind, assignment=assignment, opened_at=making.at)
        for card, kind in parts
    )
    case.unit_id = unit.id
    case.assignment = assignment
    case.handler_id = None
    case.dispatch_count += 1


def _dispatch(making: Making) -> facts.CaseDispatched:
    case, unit, item = making.case, _unit(making), _item(making)
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
    return _assign(making, unit, item, key)


def _redispatch(making: Making) -> facts.CaseDispatched:
    unit, item = _unit(making), _item(making)
    if unit.id == making.case.unit_id:
        raise Refusal(reasons.SAME_UNIT, field="unit")
    if item.id != making.case.item_id:
        making.case.item_id, making.case.item_code = item.id, item.code
        _judge(making, item)
    return _assign(making, unit, item, "redispatched_after_return")


def _judge(making: Making, item: ItemCard) -> None:
    """Leave a person's verdict on every appeal of the case, beside the machine's that it may correct."""
    for appeal_id in making.case.memberships.filter(until_at=None).values_list("appeal_id", flat=True):
        judge_by_hand(appeal_id, item, making.case.grade, by=making.by, at=making.at)


def _assign(making: Making, unit: UnitCard, item: ItemCard, key: str) -> facts.CaseDispatched:
    assists = _assists(making, unit)
    assignment = assign_by_hand(
        making.case.memberships.filter(until_at=None)
        .order_by("from_at")
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
    proposed = _unit(making)
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


def _latest_reply(case: Case) -> Reply:
    return Reply.objects.filter(case=case).latest("at", "id")


def _review(making: Making, *, passed: bool) -> Reply:
    reply = _latest_reply(making.case)
    reply.reviewed_at, reply.reviewed_by_id, reply.passed = making.at, making.account_id, passed
    reply.review_note = making.text("reason") or making.text("note")
    reply.save(update_fields=["reviewed_at", "reviewed_by", "passed", "review_note"])
    return reply


def _pass_review(making: Making) -> facts.ReviewPassed:
    reply = _review(making, passed=True)
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
    case.supervised = case.supervised or times >= SUPERVISED_FROM_REWORK
    return facts.CaseReworked(
        **making.states, reason=making.text("reason"), round=case.round, supervised=case.supervised
    )


def _reopen(making: Making) -> facts.CaseReworked:
    """Rework of what was answered at once: no unit has it yet, so the dispatchers do."""
    reworked = _rework(making)
    making.case.held_for = making.text("reason")
    return reworked


def _follow_up(making: Making) -> facts.FollowedUp:
    appeal = str(making.given["appeal"])
    voices = making.case.memberships.filter(until_at=None).values_list("appeal_id", flat=True)
    if appeal not in {str(voice) for voice in voices}:
        raise Refusal(reasons.NOT_IN_CASE, field="appeal")
    return facts.FollowedUp(**making.states, appeal=appeal, reached=bool(making.given["reached"]))


def _close(making: Making) -> facts.CaseClosed:
    case, closure = making.case, Closure(str(making.given["closure"]))
    case.closed_at, case.closure = making.at, closure
    case.closed_level = level_of_unit(case.unit_id)
    Task.objects.filter(case=case, state=TaskState.OPEN).update(state=TaskState.DONE, ended_at=making.at)
    return facts.CaseClosed(**making.states, closure=closure)


def _end_tasks(making: Making) -> None:
    Task.objects.filter(case=making.case, state=TaskState.OPEN).update(
        state=TaskState.ENDED, ended_at=making.at
    )


def _withdraw(making: Making) -> facts.CaseWithdrawn:
    _end_tasks(making)
    return facts.CaseWithdrawn(**making.states, reason=making.text("reason"))


def _inadmissible(making: Making) -> facts.CaseInadmissible:
    route = find_route(str(making.given["route"]))
    if route is None:
        raise Refusal(reasons.UNKNOWN_ROUTE, field="route")
    making.case.route = route
    making.case.held_for = ""
    return facts.CaseInadmissible(**making.states, reason=making.text("reason"), route=route.pk)


def _note(making: Making) -> facts.CaseNoted:
    return facts.CaseNoted(**making.states, note=making.text("note"))


EFFECTS: dict[str, Callable[[Making], facts.CaseMoved]] = {
    "dispatch": _dispatch,
    "redispatch": _redispatch,
    "sign": _sign,
    "return": _return,
    "refuse_return": _refuse_return,
    "hand_to": _hand_to,
    "first_contact": _first_contact,
    "reply": _reply,
    "pass_review": _pass_review,
    "fail_review": _fail_review,
    "answer_at_once": _answer_at_once,
    "rework": _rework,
    "reopen": _reopen,
    "follow_up": _follow_up,
    "close": _close,
    "withdraw": _withdraw,
    "inadmissible": _inadmissible,
    "note": _note,
}


def unit_name(case: Case) -> str:
    """Return the name of the unit a case is with, as it stands now."""
    card = unit_book().by_id.get(case.unit_id) if case.unit_id else None
    return card.name if card else ""
