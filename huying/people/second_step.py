"""The second step of staff's sign-in: setting up one-time passwords, and taking them away again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyotp
from django.db import transaction

from huying.kit.errors import Refusal
from huying.people import reasons
from huying.people.actions import check_totp
from huying.people.models import Account

if TYPE_CHECKING:
    from datetime import datetime

ISSUER = "Huying"


def new_secret() -> str:
    """Return a fresh secret for an authenticator app (RFC 6238), in base 32."""
    return pyotp.random_base32()


def enrolment_address(account: Account, secret: str) -> str:
    """Return the otpauth address an authenticator app reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=account.username, issuer_name=ISSUER)


def set_second_step(account: Account, secret: str, *, code: str, at: datetime) -> Account:
    """Ask for one-time passwords from now on; the first right one proves that the app has the secret.

    Refusal `wrong_totp` when it is wrong.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=account.pk)
        account.totp_secret = secret
        if not check_totp(account, code, at=at):
            raise Refusal(reasons.WRONG_TOTP, field="code")
        account.save(update_fields=["totp_secret"])
        return account


def drop_second_step(account: Account, *, code: str, at: datetime) -> Account:
    """Ask for no one-time passwords any more. Refusal `wrong_totp` when the last one is wrong."""
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=account.pk)
        if not account.totp_secret or not check_totp(account, code, at=at):
            raise Refusal(reasons.WRONG_TOTP, field="code")
        account.totp_secret = ""
        account.save(update_fields=["totp_secret"])
        return account
