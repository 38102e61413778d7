"""What happens to an admission in the course of its term: reviews, early ends, reminders, lapse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q

from huying.admission import facts, reasons
from huying.admission.actions import LONGEST_TEXT
from huying.admission.models import Application, Ruling, Verdict
from huying.admission.queries import ADMISSION
from huying.admission.rules import may_rule
from huying.catalogue.core.calendar import local_day
from huying.catalogue.core.clock import due_at
from huying.catalogue.queries import town_clock
from huying.kit.errors import Refusal
from huying.kit.text import clean
from huying.ledger.actions import record
from huying.ledger.actor import SYSTEM
from huying.ledger.snapshots import announce

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from huying.ledger.actor import Actor
    from huying.ledger.chain import FactBody

# How many terms one run of the job minds at most before it commits.
AT_A_TIME = 200


def keep_admission(ruling_id: UUID, *, review_on: date, reason: str = "", by: Actor, at: datetime) -> Ruling:
    """Review what an area took on, and go on until the next day of review, within the term."""
    words = clean(reason)[:LONGEST_TEXT]
    with transaction.atomic():
        ruling = _running(ruling_id, by)
        if ruling.ends_on is None or not local_day(at) < review_on <= ruling.ends_on:
            raise Refusal(reasons.REVIEW_OUTSIDE, field="review_on")
        body = facts.AdmissionKept(*_named(ruling), words, review_on.isoformat())
        ruling.review_on, ruling.reminded_on = review_on, None
        _write(ruling, body, by=by, at=at)
        return ruling


def end_admission(ruling_id: UUID, *, reason: str, by: Actor, at: datetime) -> Ruling:
    """End what an area took on before its term is over; the gate closes at once."""
    words = clean(reason)[:LONGEST_TEXT]
    if not words:
        raise Refusal(reasons.SAY_WHY, field="reason")
    with transaction.atomic():
        ruling = _running(ruling_id, by)
        ruling.ended_at, ruling.end_reason = at, words
        _write(ruling, facts.AdmissionEnded(*_named(ruling), words), by=by, at=at)
        announce(ADMISSION)
        return ruling


def mind_terms(*, at: datetime) -> int:
    """Remind of the reviews that come near and note the terms that are over; return how many of both.

    The gate closes on the day by itself, whether or not this has run: it asks the day.
    """
    today, town = local_day(at), town_clock(at)
    soon = local_day(due_at(at, town.policies["admission_reminder"], town.calendar).at)
    running = Ruling.objects.filter(verdict=Verdict.ADMITTED, ended_at=None)
    over = running.filter(ends_on__lt=today)
    near = running.filter(ends_on__gte=today, review_on__lte=soon).exclude(
        Q(reminded_on__isnull=False) & Q(reminded_on=F("review_on"))
    )
    return _note(over, at=at) + _note(near, at=at)


def _note(found: QuerySet[Ruling], *, at: datetime) -> int:
    """Write the fact of each of these rulings, unless another worker got there first."""
    noted = 0
    for ruling_id in found.order_by("ends_on", "id").values_list("pk", flat=True)[:AT_A_TIME]:
        with transaction.atomic():
            ruling = _locked(ruling_id)
            if ruling is None or not found.filter(pk=ruling_id).exists():
                continue
            if ruling.ends_on is not None and ruling.ends_on < local_day(at):
                ruling.ended_at = at
                body: FactBody = facts.AdmissionLapsed(*_named(ruling), ruling.ends_on.isoformat())
                announce(ADMISSION)
            else:
                ruling.reminded_on = ruling.review_on
                body = facts.AdmissionReviewDue(*_named(ruling), str(ruling.review_on), str(ruling.ends_on))
            _write(ruling, body, by=SYSTEM, at=at)
            noted += 1
    return noted


def _named(ruling: Ruling) -> tuple[int, str, str]:
    return ruling.application.number, ruling.application.unit.code, ruling.area.code


def _locked(ruling_id: UUID) -> Ruling | None:
    """Return a ruling with its application locked: every write to either waits for that one row."""
    application = Ruling.objects.filter(pk=ruling_id).values("application_id")
    Application.objects.select_for_update().filter(pk__in=application).first()
    return Ruling.objects.select_related("application__unit", "area").filter(pk=ruling_id).first()


def _running(ruling_id: UUID, by: Actor) -> Ruling:
    ruling = _locked(ruling_id)
    if ruling is None:
        raise Refusal(reasons.APPLICATION_NOT_FOUND)
    if not may_rule(by, ruling.area.path):
        raise Refusal(reasons.NOT_YOUR_AREA)
    if ruling.verdict != Verdict.ADMITTED or ruling.ended_at is not None:
        raise Refusal(reasons.NOT_IN_FORCE)
    return ruling


def _write(ruling: Ruling, body: FactBody, *, by: Actor, at: datetime) -> None:
    application = ruling.application
    record(application, body, district=application.district, by=by, at=at)
    application.save(update_fields=["fact_seq", "fact_hash"])
    ruling.save()
