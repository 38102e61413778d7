"""One outlet: one unit drafts what the town says of an incident, somebody else approves, residents see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from huying.board import reasons
from huying.board.facts import StatementDecided, StatementDrafted, StatementTakenDown
from huying.board.incidents import lock, told
from huying.board.models import Incident, IncidentState, Statement, StatementState
from huying.board.rules import check_open, leads, speaks
from huying.kit.errors import Refusal
from huying.kit.personal import mask_words
from huying.kit.text import clean, on_one_line
from huying.people.reasons import NOT_ALLOWED

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from huying.ledger.actor import Actor

LONGEST = 500


def draft_statement(incident_id: UUID, text: str, *, by: Actor, at: datetime) -> Statement:
    """Draft what the town says.

    Refusal `not_the_voice`, `incident_over`, `words_needed`, `personal_numbers`.
    """
    with transaction.atomic():
        incident = lock(incident_id, by)
        check_open(incident)
        if not speaks(by, incident) or by.id is None:
            raise Refusal(reasons.NOT_THE_VOICE, unit=incident.spokes_unit.name)
        said = clean(text)[:LONGEST]
        if not said:
            raise Refusal(reasons.WORDS_NEEDED, field="text")
        if mask_words(said) != said:
            raise Refusal(reasons.PERSONAL_NUMBERS, field="text")
        number = incident.statements.count() + 1
        statement = Statement.objects.create(
            incident=incident, number=number, text=said, drafted_at=at, drafted_by_id=by.id,
            drafted_by_name=by.name[:80],
        )  # fmt: skip
        told(incident, StatementDrafted(number=number, words=said), by=by, at=at)
        return statement


def decide_statement(
    incident_id: UUID, number: int, *, approved: bool, by: Actor, at: datetime, reason: str = ""
) -> Statement:
    """Approve a draft, which is shown to residents from now on, or send it back with a reason.

    The one shown before is replaced and kept. Refusal `not_allowed`, `approved_by_another`,
    `statement_decided`, `words_needed`.
    """
    with transaction.atomic():
        incident = lock(incident_id, by)
        check_open(incident)
        if not leads(by, incident):
            raise Refusal(NOT_ALLOWED)
        statement = _statement(incident, number)
        if statement.drafted_by_id == by.id:
            raise Refusal(reasons.APPROVED_BY_ANOTHER)
        if statement.state != StatementState.DRAFT:
            raise Refusal(reasons.STATEMENT_DECIDED)
        why = on_one_line(reason)[:200]
        if not approved and not why:
            raise Refusal(reasons.WORDS_NEEDED, field="reason")
        if approved:
            _shown(incident).update(state=StatementState.REPLACED, ended_at=at)
        statement.state = StatementState.SHOWN if approved else StatementState.REFUSED
        statement.decided_at, statement.decided_by_id = at, by.id
        statement.decided_by_name, statement.reason = by.name[:80], why
        statement.save()
        told(incident, StatementDecided(number=number, approved=approved, reason=why), by=by, at=at)
        return statement


def take_down(incident_id: UUID, number: int, *, reason: str, by: Actor, at: datetime) -> Statement:
    """Show a statement no longer. Refusal `not_allowed`, `statement_decided`, `words_needed`."""
    with transaction.atomic():
        incident = lock(incident_id, by)
        if not leads(by, incident):
            raise Refusal(NOT_ALLOWED)
        why = on_one_line(reason)[:200]
        if not why:
            raise Refusal(reasons.WORDS_NEEDED, field="reason")
        statement = _statement(incident, number)
        if statement.state != StatementState.SHOWN:
            raise Refusal(reasons.STATEMENT_DECIDED)
        statement.state, statement.ended_at = StatementState.TAKEN_DOWN, at
        statement.save()
        told(incident, StatementTakenDown(number=number, reason=why), by=by, at=at)
        return statement


def spoken() -> list[Statement]:
    """Return what residents are shown now, the newest first; of a drill they see nothing."""
    shown = Statement.objects.filter(
        state=StatementState.SHOWN, incident__state=IncidentState.OPEN, incident__is_drill=False
    )
    return list(shown.select_related("incident__area", "incident__spokes_unit").order_by("-decided_at")[:5])


def _shown(incident: Incident) -> QuerySet[Statement]:
    return Statement.objects.filter(incident=incident, state=StatementState.SHOWN)


def _statement(incident: Incident, number: int) -> Statement:
    statement = Statement.objects.select_for_update().filter(incident=incident, number=number).first()
    if statement is None:
        raise Refusal(reasons.INCIDENT_NOT_FOUND)
    return statement
