"""Each kind of step as the people of the demo make it: through the same actions as everybody, at its time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from huying.admission.queries import gate
from huying.cases import reasons
from huying.cases.actions import move_case
from huying.cases.models import Case, Status
from huying.catalogue.core.calendar import local_day
from huying.catalogue.models import Grade
from huying.catalogue.queries import published
from huying.demo.town import timing
from huying.feedback.actions import Answer, rate_reply
from huying.journeys.withdrawing import take_back
from huying.kit.errors import Refusal
from huying.ledger.actor import Actor, ActorKind
from huying.people.queries import unit_book
from huying.triage.actions import decide_twin
from huying.triage.models import TwinState, TwinSuspect

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    from huying.catalogue.queries import ItemCard
    from huying.demo.staff import Roster
    from huying.demo.tale import Tale
    from huying.demo.town.rows import Step
    from huying.people.queries import UnitCard

STRANGER = Actor(ActorKind.RESIDENT, None, "")
# An answer that is due before its question is put off so long, and so often.
PUT_OFF_MINUTES, MOST_PUT_OFF = 240, 60


@dataclass
class Stage:
    """What every act needs: who is on duty, and which tales are told beside this one."""

    roster: Roster
    tales: dict[str, Tale]
    by_appeal: dict[UUID, Tale] = field(default_factory=dict)

    def case_of(self, tale: Tale) -> Case | None:
        """Return the case an appeal is in now, fresh from the database."""
        inside = Case.objects.filter(memberships__appeal=tale.appeal_id, memberships__until_at=None)
        return inside.defer("search").first()

    def handler(self, tale: Tale, case: Case, at: datetime) -> Actor:
        """Return who works on a case. Refusal `no_unit_yet` while it is with none: nobody gave it out."""
        if case.unit_id is None:
            raise Refusal(reasons.NO_UNIT_YET)
        return self.roster.handler(
            unit_of(case),
            item=case.item_code,
            area=case.area_path,
            before=case.handler_id,
            at=at,
            rng=tale.rng,
        )

    def clerk(self, tale: Tale, role: str, at: datetime) -> Actor:
        """Return somebody of the dispatch centre."""
        return self.roster.at_centre(role, at=at, rng=tale.rng)


@dataclass(frozen=True)
class Act:
    """One step about to be made, at its real moment; its words were written for the planned one."""

    stage: Stage
    tale: Tale
    case: Case
    step: Step
    at: datetime
    planned_at: datetime

    def move(self, by: Actor, **given: Any) -> None:  # noqa: ANN401 - as move_case
        """Make the move of this step."""
        self.tale.case = move_case(self.case.pk, self.step.move, by=by, at=self.at, **given)

    @property
    def appeal_id(self) -> UUID:
        """Return the key of the appeal."""
        if self.tale.appeal_id is None:
            raise RuntimeError("a step was taken before the appeal was in")
        return self.tale.appeal_id


def unit_of(case: Case) -> str:
    """Return the code of the unit a case is with, empty while it is with none."""
    return unit_book().by_id[case.unit_id].code if case.unit_id else ""


def _dispatch(act: Act) -> None:
    """Let a dispatcher judge what the machine was not sure of, and give it to the unit."""
    if act.case.status != Status.SUBMITTED:
        return
    tale = act.tale
    item = published().by_code[tale.row.item]
    grade = Grade.A if act.case.grade == Grade.A else item.grade
    by = act.stage.clerk(tale, "dispatcher", act.at)
    note = str(act.step.given.get("note", ""))
    unit = who_may_take(item, tale.right_unit, act.case.area_path, at=act.at)
    act.move(by, unit=unit.code, item=item.code, grade=grade, note=note)


def who_may_take(item: ItemCard, unit: UnitCard, area_path: str, *, at: datetime) -> UnitCard:
    """Return the unit, or where a gate keeps the item from it, who answers for it in its stead.

    A dispatcher looks at whoever else has a part in the item, and last at the centre itself, which hands it
    to the department.
    """
    book, day = unit_book(), local_day(at)
    roles = (item.lead, *item.assists, item.fallback, "comprehensive-dispatch")
    others = [card for role in roles if role for card in book.all_answering(role, area_path)]
    open_to = (card for card in (unit, *others) if gate().closed_for(item, card, on=day) is None)
    return next(open_to, unit)


def _by_receiver(act: Act) -> None:
    act.move(act.stage.clerk(act.tale, "receiver", act.at), **act.step.given)


def _inadmissible(act: Act) -> None:
    """Let a receiver find that a matter belongs elsewhere, and a dispatcher confirm it soon after."""
    if act.case.status != Status.SUBMITTED:
        return
    finder = act.stage.clerk(act.tale, "receiver", act.at)
    act.tale.case = move_case(act.case.pk, "find_inadmissible", by=finder, at=act.at, **act.step.given)
    second = act.stage.clerk(act.tale, "dispatcher", act.at)
    act.move(second, note="")


def _sign(act: Act) -> None:
    act.move(act.stage.handler(act.tale, act.case, act.at), **act.step.given)


def _reply(act: Act) -> None:
    given = dict(act.step.given)
    given["public_text"] = given["public_text"].replace(_day(act.planned_at), _day(act.at))
    act.move(act.stage.handler(act.tale, act.case, act.at), **given)


def _day(at: datetime) -> str:
    """Return a day as replies name it."""
    day = at.astimezone(timing.SHANGHAI)
    return f"{day.month}月{day.day}日"


def _first_contact(act: Act) -> None:
    note = act.tale.contact_note(str(act.step.given["note"]))
    act.move(act.stage.handler(act.tale, act.case, act.at), note=note)


def _return(act: Act) -> None:
    """Propose the unit whose it is; where the case is with the proposed one already, there is no quarrel."""
    here = unit_of(act.case)
    given = dict(act.step.given)
    right = act.tale.right_unit
    if here != right.code:
        given["unit"] = right.code
    elif given.get("unit", here) == here:
        _drop_ruling(act.tale)
        return
    act.move(act.stage.handler(act.tale, act.case, act.at), **given)


def _drop_ruling(tale: Tale) -> None:
    if tale.beats and tale.beats[0].step.move in ("redispatch", "refuse_return"):
        tale.beats.popleft()


def _redispatch(act: Act) -> None:
    """Rule on a return: to the unit that was proposed, under the item the matter really is."""
    if act.case.status != Status.RETURN_REVIEW:
        return
    by = act.stage.clerk(act.tale, "dispatcher", act.at)
    right = act.tale.right_unit
    here = unit_of(act.case)
    unit = right.code if here != right.code else str(act.step.given["unit"])
    item = published().by_code[act.tale.row.item]
    to = who_may_take(item, unit_book().by_code[unit], act.case.area_path, at=act.at)
    act.move(by, unit=to.code, item=item.code, reason=act.step.given["reason"])


def _refuse_return(act: Act) -> None:
    if act.case.status != Status.RETURN_REVIEW:
        return
    act.move(act.stage.clerk(act.tale, "dispatcher", act.at), reason=act.step.given["reason"])


def _review(act: Act) -> None:
    # Whoever replied is the handler from then on.
    author = act.case.handler_id
    by = act.stage.roster.reviewer(unit_of(act.case), other_than=author, at=act.at, rng=act.tale.rng)
    act.move(by, **{"note": "已核对办理情况。", **act.step.given})


def _withdraw(act: Act) -> None:
    take_back(act.appeal_id, by=_resident(act), at=act.at, reason=str(act.step.given.get("reason", "")))


def _resident(act: Act) -> Actor:
    return act.stage.roster.resident_actor(act.at) if act.tale.signed_in else STRANGER


def _merge(act: Act) -> None:
    """Let a dispatcher confirm that it is the matter of an earlier case, and put it there."""
    lead = act.stage.tales.get(str(act.step.given["into"]))
    into = act.stage.case_of(lead) if lead is not None and lead.appeal_id else None
    if into is None:
        # Taken back meanwhile: the case goes its own way, as after any other refusal.
        raise Refusal(reasons.MERGE_TARGET_ENDED, field="into")
    if into.pk == act.case.pk:
        return  # joined already
    by = act.stage.clerk(act.tale, "dispatcher", act.at)
    theirs = list(into.memberships.filter(until_at=None).values_list("appeal_id", flat=True))
    act.move(by, into=into.pk)
    for suspect in TwinSuspect.objects.filter(
        appeal=act.appeal_id, earlier_id__in=theirs, state=TwinState.SUSPECTED
    ):
        decide_twin(suspect.pk, same=True, by=by, at=act.at)


def _rate(act: Act) -> None:
    """Take the resident's word, given in the app or to the telephone desk."""
    if act.case.status in WORKED_ON:
        _later(act)
        return
    by = _resident(act)
    if act.step.hand == "phone_desk":
        by = act.stage.clerk(act.tale, "phone_desk", act.at)
        move_case(act.case.pk, "follow_up", by=by, at=act.at, appeal=str(act.appeal_id), reached=True)
    rate_reply(act.appeal_id, Answer(**act.step.given), by=by, at=act.at)


WORKED_ON = (
    Status.SUBMITTED,
    Status.NEED_INFO,
    Status.DISPATCHED,
    Status.IN_PROGRESS,
    Status.SUSPENDED,
    Status.RETURN_REVIEW,
    Status.REPLIED,
)


def _later(act: Act) -> None:
    """Put an answer off: the detours of the case took longer than planned."""
    tale = act.tale
    if tale.postponed < MOST_PUT_OFF:
        from huying.demo.tale import Beat

        minutes = tale.rng.uniform(0.5, 1.5) * PUT_OFF_MINUTES
        tale.put_off(Beat(act.at, act.step), timing.after_office(act.at, minutes).replace(microsecond=0))


def _call_in_vain(act: Act) -> None:
    """Let the telephone desk ask who has not answered, and reach nobody."""
    if act.case.status == Status.FOLLOW_UP:
        by = act.stage.clerk(act.tale, "phone_desk", act.at)
        act.move(by, appeal=str(act.appeal_id), reached=False)


def _lapse(_act: Act) -> None:
    """Do nothing: the clock closes a question nobody answered."""


ACTS: dict[str, Callable[[Act], None]] = {
    "dispatch": _dispatch,
    "answer_at_once": _by_receiver,
    "inadmissible": _inadmissible,
    "sign": _sign,
    "return": _return,
    "redispatch": _redispatch,
    "refuse_return": _refuse_return,
    "first_contact": _first_contact,
    "reply": _reply,
    "pass_review": _review,
    "fail_review": _review,
    "withdraw": _withdraw,
    "merge": _merge,
    "rate": _rate,
    "follow_up": _call_in_vain,
    "lapse": _lapse,
}
