"""How often somebody may try to come in: guessing is made hopeless, and nobody is told what was wrong."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from huying.kit import tally
from huying.kit.errors import Reason, Refusal

if TYPE_CHECKING:
    from datetime import datetime

WRONG_SIGN_IN = Reason("wrong_sign_in", _("User name, password or one-time code is wrong."), 400)
SIGN_IN_LOCKED = Reason(
    "sign_in_locked", _("Too many wrong tries. Please try again in {minutes} minutes."), 429, retry=True
)
CODES_TOO_MANY = Reason(
    "codes_too_many", _("Many codes were asked for from here. Please try again in {minutes} minutes."), 429,
    retry=True,
)  # fmt: skip

WRONG_WINDOW_SECONDS, WRONG_MOST = 15 * 60, 8
# One network may be a carrier with many phones behind it; each phone has its own limit (people.actions).
CODES_WINDOW_SECONDS, CODES_MOST = 3600, 60
_IPV6_SUBSCRIBER = 64  # RFC 6177: one subscriber holds a /64 at least


def _network(ip: str) -> str:
    try:
        address = ipaddress.ip_address(ip.partition("%")[0])
    except ValueError:
        return "unknown"
    if address.version == 4:  # noqa: PLR2004 - the version of the protocol says what it is
        return str(address)
    return str(ipaddress.ip_network((address, _IPV6_SUBSCRIBER), strict=False))


def _who(what: str, *parts: str) -> str:
    """Return a subject that can be counted but not read: no user name or address is stored."""
    blind = salted_hmac("huying.people.tries", "\x1f".join(parts), algorithm="sha256").hexdigest()
    return f"{what}:{blind[:32]}"


def _count(who: str, window: int, most: int, refused: Reason, *, at: datetime) -> None:
    with transaction.atomic():
        (seen,) = tally.count_up([(who, window)], at=at)
        if seen.estimate(window) > most:
            raise Refusal(refused, retry_after_seconds=window, minutes=window // 60)


def count_sign_in(username: str, ip: str, *, at: datetime) -> None:
    """Count a try before it is judged, so that many at once cannot slip through.

    Refusal `sign_in_locked` after eight tries for a user name from one network in a quarter of an hour that
    were not followed by a right one. A refused try is not counted.
    """
    who = _who("sign-in", username.casefold(), _network(ip))
    _count(who, WRONG_WINDOW_SECONDS, WRONG_MOST, SIGN_IN_LOCKED, at=at)


def forget_sign_ins(username: str, ip: str) -> None:
    """Forget the tries of somebody who came in."""
    tally.forget([(_who("sign-in", username.casefold(), _network(ip)), WRONG_WINDOW_SECONDS)])


def count_code(ip: str, *, at: datetime) -> None:
    """Count a sign-in code asked for from a network; Refusal `codes_too_many` beyond sixty an hour."""
    _count(_who("code", _network(ip)), CODES_WINDOW_SECONDS, CODES_MOST, CODES_TOO_MANY, at=at)


def count_tries(what: str, ip: str, *, window: int, most: int, refused: Reason, at: datetime) -> None:
    """Count a try of anything from a network, blinded; refuse it beyond `most` in `window` seconds."""
    _count(_who(what, _network(ip)), window, most, refused, at=at)
