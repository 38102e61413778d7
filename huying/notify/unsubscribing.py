"""Ending letters without signing in: a signed link for one reader and one channel (RFC 8058)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core import signing
from django.urls import reverse

from huying.kit.errors import Refusal
from huying.notify.delivering import stop_reach
from huying.notify.models import Channel
from huying.notify.reasons import UNSUBSCRIBE_UNKNOWN

if TYPE_CHECKING:
    from datetime import datetime

SALT = "huying.notify.unsubscribe"


def unsubscribe_path(reader: str, channel: str) -> str:
    """Return the path of the page that ends letters to a reader over a channel."""
    return reverse("home:unsubscribe", args=[signing.dumps([reader, channel], salt=SALT)])


def read_token(token: str) -> tuple[str, str]:
    """Return reader and channel of such a link. Refusal `unsubscribe_unknown` for any other text."""
    try:
        reader, channel = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise Refusal(UNSUBSCRIBE_UNKNOWN) from error
    if channel not in Channel.values:
        raise Refusal(UNSUBSCRIBE_UNKNOWN)
    return str(reader), str(channel)


def unsubscribe(token: str, *, at: datetime) -> bool:
    """End letters to the reader of a link; return whether there were any to end."""
    reader, channel = read_token(token)
    return stop_reach(reader, channel, by="link", at=at)
