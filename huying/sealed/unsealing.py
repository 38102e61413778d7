"""Opening who reported: asked for by one with a reason, granted by another, open for an hour."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from huying.kit.errors import Refusal
from huying.kit.text import clean
from huying.ledger.actions import record
from huying.people.access import Look, log_access
from huying.people.models import Seen
from huying.people.permissions import Permission
from huying.sealed import facts, reasons
from huying.sealed.actions import lock_visible, row_of
from huying.sealed.box import unseal
from huying.sealed.models import Identity, Report, Unsealing

if TYPE_CHECKING:
    from datetime import datetime

    from huying.ledger.actor import Actor
    from huying.ledger.chain import FactBody

OPEN_FOR = timedelta(hours=1)
FEWEST_LETTERS = 8
SEALED = "sealed"


@dataclass(frozen=True)
class Person:
    """Who reported."""

    name: str
    phone: str
    email: str


def ask_unsealing(number: str, *, reason: str, by: Actor, at: datetime) -> Unsealing:
    """Ask that the identity behind a report one handles is opened.

    Refusal `not_your_report`, `unseal_without_reason`, `report_anonymous`, `identity_destroyed` or
    `unseal_asked`.
    """
    words = clean(reason)[:500]
    if len(words) < FEWEST_LETTERS:
        raise Refusal(reasons.UNSEAL_WITHOUT_REASON, field="reason")
    with transaction.atomic():
        report = lock_visible(number, Permission.SEALED_HANDLE, by=by)
        if by.id is None or report.handler_id != by.id:
            raise Refusal(reasons.NOT_YOUR_REPORT)
        identity_of(report)
        if report.unsealings.filter(decided_at=None).exists():
            raise Refusal(reasons.UNSEAL_ASKED)
        asked = Unsealing.objects.create(report=report, reason=words, asked_by_id=by.id, asked_at=at)
        _note(report, facts.UnsealingAsked(unsealing=str(asked.pk), reason=words), by=by, at=at)
        return asked


def identity_of(report: Report) -> Identity:
    """Return the sealed identity of a report. Refusal `report_anonymous` or `identity_destroyed`."""
    identity = Identity.objects.filter(report=report).first()
    if identity is None:
        raise Refusal(reasons.ANONYMOUS)
    if identity.destroyed_at is not None:
        raise Refusal(reasons.IDENTITY_DESTROYED)
    return identity


def decide_unsealing(number: str, *, granted: bool, by: Actor, at: datetime) -> Unsealing:
    """Grant or refuse what somebody else asked for; granted, it is open to the asker for an hour.

    Refusal `no_sealed_right`, `unseal_by_another` or `unseal_decided`.
    """
    with transaction.atomic():
        report = lock_visible(number, Permission.SEALED_UNSEAL, by=by)
        asked = report.unsealings.select_for_update().filter(decided_at=None).first()
        if asked is None:
            raise Refusal(reasons.UNSEAL_DECIDED)
        if by.id is None or asked.asked_by_id == by.id:
            raise Refusal(reasons.UNSEAL_BY_ANOTHER)
        asked.decided_by_id, asked.decided_at, asked.granted = by.id, at, granted
        asked.open_until = at + OPEN_FOR if granted else None
        asked.save()
        _note(report, facts.UnsealingDecided(unsealing=str(asked.pk), granted=granted), by=by, at=at)
        return asked


def open_identity(number: str, *, by: Actor, at: datetime) -> Person:
    """Return who reported, to the one who asked and was granted it; every look is written down.

    Refusal `identity_not_open`, `report_anonymous` or `identity_destroyed`.
    """
    with transaction.atomic():
        report = lock_visible(number, Permission.SEALED_HANDLE, by=by)
        identity = identity_of(report)
        open_ = report.unsealings.filter(asked_by=by.id, granted=True, open_until__gt=at).first()
        if by.id is None or open_ is None:
            raise Refusal(reasons.NOT_OPEN)
        told = json.loads(unseal(identity.box, row=row_of(report.pk, "identity")))
        look = Look(SEALED, open_.reason[:300])
        log_access([None], look, seen=Seen.IDENTITY, subject=report.number, page="desk:sealed", by=by, at=at)
        _note(report, facts.IdentityOpened(unsealing=str(open_.pk)), by=by, at=at)
        return Person(told["name"], told["phone"], told["email"])


def _note(report: Report, body: FactBody, *, by: Actor, at: datetime) -> None:
    record(report, body, district=report.district, by=by, at=at)
    report.save(update_fields=["fact_seq", "fact_hash"])
