"""Steps of a task sent from the round: made once for each key, and never over what others did meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from huying.cases.actions import lock_case, move_case
from huying.cases.history import tell_fact
from huying.cases.queries import find_case
from huying.kit.errors import Refusal
from huying.ledger.queries import timeline
from huying.workbench import reasons
from huying.workbench.models import RoundStep
from huying.workbench.owner import owner_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from huying.cases.models import Case
    from huying.ledger.actor import Actor

# Written so long before it arrived, a note says when it was written.
LATE = timedelta(minutes=5)
# Moves that can be made from the round, and the name each has for its words.
STEPS: dict[str, str] = {
    "sign": "", "first_contact": "note", "reply": "public_text", "attend": "note", "finish_task": "note",
}  # fmt: skip
# What others may do meanwhile without a step being about another case than the one that was seen.
TAKES_ELSEWHERE = frozenset({"CaseDispatched", "CasePassedDown", "CaseHandedTo"})


@dataclass(frozen=True)
class Step:
    """One step as it was written: on which case, which move, and the last fact its writer had seen.

    `given` is what the move needs; `written_at` is when, as the phone says, where it waited there.
    """

    key: UUID
    number: str
    move: str
    seen: int
    given: Mapping[str, Any]
    written_at: datetime | None = None


def take_step(step: Step, *, by: Actor, at: datetime) -> Case:
    """Make the move of a step and return its case; sent twice it is made once.

    Refusal `moved_meanwhile` when somebody else has moved the case since it was seen, `gone_elsewhere` when
    it is no longer the actor's to see, `key_not_yours`, and whatever `move_case` refuses; nothing is kept of
    a step that was refused.
    """
    with transaction.atomic():
        case = lock_case(_seen_case(step, by).pk)
        taken, is_new = RoundStep.objects.get_or_create(
            key=step.key,
            defaults={"account_id": owner_of(by), "case": case, "move": step.move, "taken_at": at},
        )
        if not is_new:
            if taken.account_id != owner_of(by):
                raise Refusal(reasons.KEY_NOT_YOURS)
            return taken.case
        _refuse_if_moved(case, step, by)
        return move_case(case.pk, step.move, by=by, at=at, **_given(step, at))


def _seen_case(step: Step, by: Actor) -> Case:
    try:
        return find_case(step.number, by=by)
    except Refusal:
        raise Refusal(reasons.GONE_ELSEWHERE, number=step.number) from None


def _refuse_if_moved(case: Case, step: Step, by: Actor) -> None:
    """Raise Refusal `moved_meanwhile` when another hand has changed where the case stands, or whose it is.

    Notes, urging and one's own steps that waited on the same phone change neither.
    """
    for fact in timeline(f"case:{case.pk}").filter(seq__gt=step.seen).exclude(actor_id=by.id):
        if fact.data.get("before") != fact.data.get("after") or fact.kind in TAKES_ELSEWHERE:
            who = fact.actor_name or _("Huying, by itself")
            raise Refusal(
                reasons.MOVED_MEANWHILE, number=case.number, who=who, what=str(tell_fact(fact).title)
            )


def _given(step: Step, at: datetime) -> dict[str, Any]:
    given = dict(step.given)
    if STEPS[step.move] == "note" and step.written_at is not None and at - step.written_at > LATE:
        moment = timezone.localtime(step.written_at).strftime("%m-%d %H:%M")
        late = _("(Written on the phone at %(time)s, without a network.)") % {"time": moment}
        given["note"] = f"{given.get('note', '')}\n{late}".strip()
    return given
