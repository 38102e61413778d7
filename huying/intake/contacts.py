"""Residents correct how they are reached about an appeal, or take it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from huying.intake import reasons
from huying.intake.actions import is_phone, lock_appeal
from huying.intake.facts import ContactCorrected
from huying.intake.models import Party
from huying.kit.errors import Refusal
from huying.kit.text import on_one_line
from huying.ledger.actions import record

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from huying.ledger.actor import Actor


def correct_contact(appeal_id: UUID, *, name: str, phone: str, by: Actor, at: datetime) -> Party:
    """Change the name and phone an appeal is answered at; empty ones are taken out.

    The door has checked whose appeal it is. Refusal `phone_not_readable` or `appeal_masked`.
    """
    phone = phone.strip()[:30]
    if phone and not is_phone(phone):
        raise Refusal(reasons.PHONE_NOT_READABLE, field="phone")
    with transaction.atomic():
        appeal = lock_appeal(appeal_id)
        if appeal.masked_at is not None:
            raise Refusal(reasons.APPEAL_MASKED)
        party, _ = Party.objects.get_or_create(appeal=appeal)
        before = (party.name, party.phone)
        party.name, party.phone = on_one_line(name)[:40], phone
        if (party.name, party.phone) != before:
            party.save(update_fields=["name", "phone"])
            record(appeal, ContactCorrected(), district=appeal.district, by=by, at=at)
            appeal.save(update_fields=["fact_seq", "fact_hash"])
        return party
