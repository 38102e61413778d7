"""A resident's own addresses: e-mail proved by a code, WeChat by its sign-in; each can be removed."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.db.models import F

from huying.kit.errors import Refusal
from huying.notify import reasons
from huying.notify.channels.open import is_open
from huying.notify.models import Channel, Contact, ContactCode, Reach
from huying.notify.sending import send_at_once

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

CODE_MINUTES = 10
AN_HOUR = timedelta(hours=1)
# How many codes an account asks for, and an address gets, within an hour.
MOST_OF_ACCOUNT, MOST_TO_ADDRESS = 5, 3
CODES_KEPT = timedelta(days=1)
LONGEST_ADDRESS = 120


def contacts_of(account: UUID) -> dict[str, Contact]:
    """Return what an account proved, by channel."""
    return {one.channel: one for one in Contact.objects.filter(account_id=account)}


def prove_email(account: UUID, address: str, *, at: datetime) -> str:
    """Send a code to an address and return the address as it is kept.

    Refusals: `address_wrong`, `channel_not_open`, `address_codes_too_many`, or why it could not be sent.
    """
    address = _folded(address)
    if not is_open(Channel.EMAIL):
        raise Refusal(reasons.CHANNEL_NOT_OPEN, field="email")
    code = f"{secrets.randbelow(10**6):06d}"
    with transaction.atomic():
        # Locked in one order, so that many at once cannot slip past the counts or wait in a circle.
        with connection.cursor() as cursor:
            for what in sorted((f"contact:{account}", f"contact:{address}")):
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [what])
        lately = ContactCode.objects.filter(sent_at__gt=at - AN_HOUR)
        if (
            lately.filter(account_id=account).count() >= MOST_OF_ACCOUNT
            or lately.filter(address=address).count() >= MOST_TO_ADDRESS
        ):
            raise Refusal(reasons.CODES_TOO_MANY, field="email", retry_after_seconds=3600)
        ContactCode.objects.create(
            account_id=account,
            address=address,
            code_hash=make_password(code),
            sent_at=at,
            expires_at=at + timedelta(minutes=CODE_MINUTES),
        )
    told = {"code": code, "minutes": CODE_MINUTES}
    send_at_once(Channel.EMAIL, address, "address_code", told, at=at)
    return address


def waiting_email(account: UUID, *, at: datetime) -> str:
    """Return the address a code was sent to that still waits to be entered, "" for none."""
    newest = _newest(account)
    return newest.address if newest is not None and newest.expires_at > at else ""


def keep_email(account: UUID, code: str, *, at: datetime) -> Contact:
    """Keep the address a right code proves, and write to it from now on; a code works once.

    Refusal `wrong_address_code` when it is wrong, old, used, or was tried too often.
    """
    with transaction.atomic():
        newest = _newest(account, locked=True)
        usable = newest is not None and newest.expires_at > at and newest.tries_left > 0
        if newest is not None and usable and check_password(code, newest.code_hash):
            newest.used_at = at
            newest.save(update_fields=["used_at"])
            return _keep(account, Channel.EMAIL, newest.address, at=at)
        # Counted while the code is locked, so that many tries at once cost as many.
        if newest is not None:
            ContactCode.objects.filter(pk=newest.pk, tries_left__gt=0).update(tries_left=F("tries_left") - 1)
    raise Refusal(reasons.WRONG_CODE, field="code")


def bind_wechat(account: UUID, openid: str, *, at: datetime) -> Contact:
    """Keep the openid WeChat named, and write to it from now on."""
    with transaction.atomic():
        return _keep(account, Channel.WECHAT, openid[:LONGEST_ADDRESS], at=at)


def remove_contact(account: UUID, channel: str) -> bool:
    """Remove an address with all that was agreed for it; letters on their way to it stay unsent."""
    with transaction.atomic():
        Reach.objects.filter(account_id=account, channel=channel).delete()
        ContactCode.objects.filter(account_id=account).delete()
        return Contact.objects.filter(account_id=account, channel=channel).delete()[0] > 0


def forget_codes(*, at: datetime) -> int:
    """Delete codes no limit counts any more, and the addresses with them; return how many."""
    return ContactCode.objects.filter(sent_at__lt=at - CODES_KEPT).delete()[0]


def _keep(account: UUID, channel: Channel, address: str, *, at: datetime) -> Contact:
    contact, _made = Contact.objects.update_or_create(
        account_id=account, channel=channel, defaults={"address": address, "proved_at": at}
    )
    Reach.objects.update_or_create(
        account_id=account,
        channel=channel,
        defaults={"address": address, "agreed_at": at, "stopped_at": None, "stopped_by": ""},
    )
    return contact


def _newest(account: UUID, *, locked: bool = False) -> ContactCode | None:
    rows = ContactCode.objects.select_for_update() if locked else ContactCode.objects.all()
    return rows.filter(account_id=account, used_at=None).order_by("-sent_at", "-id").first()


def _folded(address: str) -> str:
    """Return an address as it is kept: the host in small letters. Refusal `address_wrong`."""
    name, _at, host = address.strip().rpartition("@")
    told = f"{name}@{host.lower()}"
    try:
        validate_email(told)
    except ValidationError as error:
        raise Refusal(reasons.ADDRESS_WRONG, field="email") from error
    if len(told) > LONGEST_ADDRESS or not told.isascii():
        raise Refusal(reasons.ADDRESS_WRONG, field="email")
    return told
