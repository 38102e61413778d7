"""Cases for staff programs: read one, and make a move on it; one address per move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Router

from huying.api.doors import StaffSession
from huying.api.schemas import CaseOut, ContactOut, LookIn, MoveIn
from huying.cases.actions import move_case
from huying.cases.moves import MOVE, MOVES
from huying.cases.queries import find_case, voices
from huying.cases.rules import allowed_moves, may
from huying.intake.reasons import APPEAL_NOT_FOUND
from huying.kit.errors import Reason, Refusal
from huying.people.access import Look, open_contacts
from huying.people.permissions import Permission

if TYPE_CHECKING:
    from django.http import HttpRequest

    from huying.cases.models import Case
    from huying.ledger.actor import Actor

router = Router(tags=["cases"], auth=StaffSession())
NO_SUCH_MOVE = Reason("no_such_move", _("There is no such move."), 404)


def _actor(request: HttpRequest) -> Actor:
    return cast("Actor", getattr(request, "auth"))  # noqa: B009 - ninja sets it


@router.get("/cases/{number}", response=CaseOut)
def read_case(request: HttpRequest, number: str) -> CaseOut:
    """Read a case of your unit or area."""
    return _out(find_case(number, by=_actor(request)), by=_actor(request))


@router.post("/cases/{number}/moves/{move}", response=CaseOut)
def make_move(request: HttpRequest, number: str, move: str, body: MoveIn) -> CaseOut:
    """Make a move; a no comes as problem+json with the reason key the desk shows too."""
    by = _actor(request)
    if move not in MOVE or MOVE[move].hidden:
        raise Refusal(NO_SUCH_MOVE)
    case = find_case(number, by=by)
    given: dict[str, Any] = body.model_dump(exclude={"seen", "into"}, exclude_none=True)
    if body.into:
        given["into"] = find_case(body.into, by=by).pk
    move_case(case.pk, move, by=by, at=timezone.now(), seen=body.seen, **given)
    return _out(find_case(number, by=by), by=by)


@router.post("/cases/{number}/appeals/{appeal}/contact", response=ContactOut)
def see_contact(request: HttpRequest, number: str, appeal: str, body: LookIn) -> ContactOut:
    """See whom an appeal comes from, for ten minutes; why is asked, and it is written down as at the desk."""
    by, at = _actor(request), timezone.now()
    case = find_case(number, by=by)
    voice = voices(case).filter(number=appeal).first()
    if voice is None or not may(by, Permission.CONTACT_SEE, case):
        raise Refusal(APPEAL_NOT_FOUND)
    look = Look(body.reason, body.words)
    until = open_contacts([voice.pk], look, subject=number, page="api:contact", by=by, at=at)
    party = getattr(voice, "party", None)
    told = {name: getattr(party, name, "") for name in ("name", "phone", "email")}
    return ContactOut(appeal=voice.number, until=until, **told)


@router.get("/moves", response=list[dict[str, Any]], auth=None)
def moves(request: HttpRequest) -> list[dict[str, Any]]:  # noqa: ARG001 - ninja names it
    """List every move: from where to where, by which right, with what."""
    return [
        {
            "key": move.key,
            "label": str(move.label),
            "from": [str(status) for status in move.from_],
            "to": str(move.to) if move.to else None,
            "right": str(move.right),
            "needs": list(move.needs),
            "takes": list(move.takes),
            "meets": [str(c) for c in move.meets],
            "ends": [str(c) for c in move.ends],
            "starts": [str(c) for c in move.starts],
        }
        for move in MOVES
    ]


def _out(case: Case, *, by: Actor) -> CaseOut:
    return CaseOut(
        number=case.number,
        status=case.status,
        resolution=case.resolution,
        closure=case.closure,
        title=case.title,
        item=case.item_code,
        grade=case.grade,
        unit=case.unit.name if case.unit else "",
        place=case.place_name,
        appeals=case.appeal_count,
        round=case.round,
        opened_at=case.opened_at,
        due_at=case.due_at,
        next_due_at=case.next_due_at,
        closed_at=case.closed_at,
        facts=case.fact_seq,
        moves=[move.key for move in allowed_moves(case, by=by, at=timezone.now())],
    )
