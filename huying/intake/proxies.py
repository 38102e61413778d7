"""One resident types an appeal for another: named with consent, for one appeal, ended by either of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from huying.intake import reasons
from huying.intake.actions import is_phone, lock_appeal
from huying.intake.facts import LinkRenewed, ProxyEnded, ProxyNamed
from huying.intake.models import Appeal, Party, Proxy
from huying.kit.errors import Refusal
from huying.kit.text import on_one_line
from huying.ledger.actions import record

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from huying.ledger.actor import Actor


@dataclass(frozen=True)
class Told:
    """For whom an appeal was typed: the person, what they are to the typist, and that they agree."""

    name: str
    phone: str
    relation: str
    consent: bool


def name_proxy(appeal_id: UUID, told: Told, *, by: Actor, at: datetime) -> Proxy:
    """Say for whom an appeal was typed: that person is answered from now, the typist goes on following.

    Refusals `consent_missing`, `phone_not_readable`, `proxy_named`, `appeal_masked`. Whose appeal it is the
    door has checked.
    """
    phone = told.phone.strip()[:30]
    if not told.consent:
        raise Refusal(reasons.CONSENT_MISSING, field="consent")
    if phone and not is_phone(phone):
        raise Refusal(reasons.PHONE_NOT_READABLE, field="phone")
    with transaction.atomic():
        appeal = lock_appeal(appeal_id)
        if appeal.masked_at is not None:
            raise Refusal(reasons.APPEAL_MASKED)
        party, _ = Party.objects.get_or_create(appeal=appeal)
        proxy = Proxy(
            appeal=appeal, relation=told.relation, filed_by_id=appeal.account_id, filer_name=party.name,
            filer_phone=party.phone, consent_at=at,
        )  # fmt: skip
        try:
            with transaction.atomic():
                proxy.save(force_insert=True)
        except IntegrityError:
            raise Refusal(reasons.PROXY_NAMED) from None
        party.name, party.phone = on_one_line(told.name)[:40], phone
        party.save(update_fields=["name", "phone"])
        record(appeal, ProxyNamed(relation=told.relation), district=appeal.district, by=by, at=at)
        appeal.save(update_fields=["fact_seq", "fact_hash"])
        return proxy


def end_proxy(appeal_id: UUID, *, by_typist: bool, by: Actor, at: datetime) -> Appeal:
    """Let the typist follow no longer: the account is taken off the appeal and the old link is worthless.

    Either of the two may end it. Refusal `proxy_not_there`. The new link is for the person it is about.
    """
    with transaction.atomic():
        appeal = lock_appeal(appeal_id)
        proxy = Proxy.objects.select_for_update().filter(appeal=appeal, ended_at=None).first()
        if proxy is None:
            raise Refusal(reasons.PROXY_NOT_THERE)
        proxy.ended_at, proxy.filed_by, proxy.filer_name, proxy.filer_phone = at, None, "", ""
        proxy.save()
        appeal.account, appeal.link_edition = None, appeal.link_edition + 1
        ended = (ProxyEnded(by_typist=by_typist), LinkRenewed())
        record(appeal, *ended, district=appeal.district, by=by, at=at)
        appeal.save(update_fields=["account", "link_edition", "fact_seq", "fact_hash"])
        return appeal


def proxy_of(appeal_id: UUID) -> Proxy | None:
    """Return for whom an appeal was typed, while that lasts."""
    return Proxy.objects.filter(appeal_id=appeal_id, ended_at=None).first()


def proxies_of(appeal_ids: Iterable[UUID]) -> dict[UUID, Proxy]:
    """Return those of these appeals that were typed for another."""
    return {
        proxy.appeal_id: proxy
        for proxy in Proxy.objects.filter(appeal_id__in=list(appeal_ids), ended_at=None)
    }
