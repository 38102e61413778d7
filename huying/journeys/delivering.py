"""Letters leave the house: where each goes is looked up across packages when it is sent, and kept nowhere."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from procrastinate.contrib.django import app

from huying.intake.links import link_of
from huying.intake.models import Appeal
from huying.journeys.enclosing import enclosures
from huying.kit.errors import Refusal
from huying.notify.contacts import forget_codes
from huying.notify.delivering import channels_due, deliver, forget_sendings, take_up_abandoned
from huying.notify.models import Channel, Contact, Delivery, Reach
from huying.notify.planning import PRIORITY, QUEUE, TASK, wake
from huying.notify.unsubscribing import unsubscribe_path
from huying.notify.writing import Envelope
from huying.people.models import Account
from huying.people.phones import fold_phone
from huying.places.queries import town_map

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

TURN_SECONDS = 5.0  # then whatever else waits has its turn
SALT = "huying.notify.bucket"


@app.task(name=TASK, queue=QUEUE, priority=PRIORITY)
def deliver_due(channel: str) -> None:
    """Take out what is due for a channel, for some seconds; then come back for the rest."""
    until = time.monotonic() + TURN_SECONDS
    while time.monotonic() < until:
        if not deliver(channel, look_up, at=timezone.now()):
            return
    wake(channel)


@app.periodic(cron="* * * * *")
@app.task(name="journeys.letters", queue=QUEUE, queueing_lock="journeys.letters")
def look_for_letters(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives the planned time
    """Every minute: take up what a worker left lying, and take out what has become due."""
    at = timezone.now()
    take_up_abandoned(at=at)
    for channel in channels_due(at=at):
        wake(channel)


@app.periodic(cron="17 3 * * *")
@app.task(name="journeys.forget_sendings", queue=QUEUE, queueing_lock="journeys.forget_sendings")
def forget_old_sendings(timestamp: int) -> None:  # noqa: ARG001 - likewise
    """Every night: delete what the limits need no longer."""
    forget_sendings(at=timezone.now())
    forget_codes(at=timezone.now())


def look_up(deliveries: Sequence[Delivery], at: datetime) -> dict[UUID, Envelope]:
    """Return the envelope of each delivery whose reader has an address; in five statements at most.

    Where a letter has files, its reader's rights are looked up as well: none goes to who may not see it.

    A resident is written to with the phone and address given with this very appeal, or with the phone of the
    account it was filed with: nothing of one appellant is ever used for another.
    """
    town = town_map().root
    sender = f"{town.name}·呼应" if town else "呼应"
    appeals = _appeals([one for one in deliveries if one.reader.startswith("appeal:")])
    accounts = _accounts([one for one in deliveries if one.reader.startswith("account:")])
    reach = _addresses(deliveries, appeals)
    files = enclosures(deliveries, accounts, at=at)
    found = {}
    for one in deliveries:
        what, _colon, key = one.reader.partition(":")
        if what == "robot":
            found[one.pk] = _to_robot(one, key, sender)
        elif what == "appeal" and UUID(key) in appeals:
            envelope = _to_resident(one, appeals[UUID(key)], reach, sender)
            found |= {one.pk: envelope} if envelope else {}
        elif what == "account" and UUID(key) in accounts:
            envelope = _to_colleague(one, accounts[UUID(key)], reach, sender)
            found |= {one.pk: replace(envelope, enclosed=files.get(one.pk, ()))} if envelope else {}
    return found


def _appeals(deliveries: Sequence[Delivery]) -> dict[UUID, Appeal]:
    keys = {UUID(one.reader.partition(":")[2]) for one in deliveries}
    known = Appeal.objects.filter(pk__in=keys, withdrawn_at=None).select_related("party", "account")
    return {appeal.pk: appeal for appeal in known} if keys else {}


def _accounts(deliveries: Sequence[Delivery]) -> dict[UUID, Account]:
    keys = {UUID(one.reader.partition(":")[2]) for one in deliveries}
    return Account.objects.filter(is_active=True).in_bulk(keys) if keys else {}


def _addresses(
    deliveries: Sequence[Delivery], appeals: dict[UUID, Appeal]
) -> dict[tuple[UUID | None, str], str]:
    """Return the addresses kept with what readers agreed to, by appeal or account and channel."""
    people = {UUID(one.reader[8:]) for one in deliveries if one.reader.startswith("account:")}
    people |= {appeal.account_id for appeal in appeals.values() if appeal.account_id}
    rows: list[Contact | Reach] = [
        *Contact.objects.filter(account__in=people),
        *Reach.objects.filter(account__in=people, stopped_at=None).exclude(address=""),
        *Reach.objects.filter(appeal_id__in=appeals, stopped_at=None).exclude(address=""),
    ]
    return {(getattr(row, "appeal_id", None) or row.account_id, row.channel): row.address for row in rows}


def _to_robot(delivery: Delivery, code: str, sender: str) -> Envelope:
    key = settings.CHANNELS["wecom_robots"].get(code, "")
    return Envelope(
        address=key, masked=f"{code} · …{key[-4:]}", bucket=f"wecom:{code}", link=_desk_link(delivery),
        sender=sender,
    )  # fmt: skip


def _to_resident(
    delivery: Delivery, appeal: Appeal, reach: dict[tuple[UUID | None, str], str], sender: str
) -> Envelope | None:
    party = getattr(appeal, "party", None)
    kept = reach.get((appeal.pk, delivery.channel)) or reach.get((appeal.account_id, delivery.channel))
    address = {
        Channel.SMS.value: _phone(party.phone if party else "")
        or _phone((appeal.account.phone if appeal.account else "") or ""),
        Channel.EMAIL.value: (party.email if party else "") or kept or "",
        Channel.WECHAT.value: kept or "",
    }.get(delivery.channel, "")
    if not address:
        return None
    link = link_of(appeal.pk, appeal.number, edition=appeal.link_edition)
    return Envelope(
        address=address,
        masked=mask(address),
        bucket=bucket_of(delivery.channel, address),
        link=f"{settings.SITE_URL}{link}",
        unsubscribe=f"{settings.SITE_URL}{unsubscribe_path(delivery.reader, delivery.channel)}",
        sender=sender,
        language=appeal.language,
    )


def _to_colleague(
    delivery: Delivery, account: Account, reach: dict[tuple[UUID | None, str], str], sender: str
) -> Envelope | None:
    kept = reach.get((account.pk, delivery.channel), "")
    address = _phone(account.phone or "") if delivery.channel == Channel.SMS else kept
    if not address:
        return None
    return Envelope(
        address=address,
        masked=mask(address),
        bucket=bucket_of(delivery.channel, address),
        link=_desk_link(delivery),
        unsubscribe=f"{settings.SITE_URL}{unsubscribe_path(delivery.reader, delivery.channel)}",
        sender=sender,
        language=account.language,
    )


def _desk_link(delivery: Delivery) -> str:
    data = delivery.notice.data
    if data.get("number"):
        path = reverse("desk:case", args=[data["number"]])
    elif data.get("bulletin"):
        path = reverse("desk:bulletin", args=[data["bulletin"]])
    else:
        path = reverse("desk:notices")
    return f"{settings.SITE_URL}{path}"


def _phone(given: str) -> str:
    """Return a phone as a channel takes it, "" for what is no mobile."""
    try:
        return fold_phone(given)
    except Refusal:
        return ""


def mask(address: str) -> str:
    """Return an address as a list may show it: a phone with its middle hidden, a mailbox with its name."""
    name, at, host = address.rpartition("@")
    if at:
        return f"{name[:1]}***@{host}"
    hidden = len(address) - 7
    return f"{address[:3]}{'*' * hidden}{address[-4:]}" if hidden > 0 else "***"


def bucket_of(channel: str, address: str) -> str:
    """Return what the limit of an address is counted by: a keyed hash, the same for every way it is typed."""
    return f"{channel}:{salted_hmac(SALT, address.lower(), algorithm='sha256').hexdigest()[:40]}"
