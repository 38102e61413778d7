"""Links by which residents without an account reach their own appeal."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from huying.intake.models import Appeal
from huying.intake.reasons import APPEAL_NOT_FOUND
from huying.kit.errors import Refusal
from huying.kit.ids import may_be_number

if TYPE_CHECKING:
    from collections.abc import Iterable

SALT = "huying.intake.links"
TOKEN_BYTES = 15
TOKEN_LENGTH = 20  # of 15 bytes in base64
# What a token is compared with when the number is unknown, so that both answers take the same time.
_NOBODY = UUID(int=0)


def token_of(appeal_id: UUID, *, edition: int = 1) -> str:
    """Return the token of an appeal's link: the same each time, unguessable without the site's key.

    A new `edition` (Appeal.link_edition) makes the old link worthless.
    """
    return _token(appeal_id, edition, settings.SECRET_KEY)


def _token(appeal_id: UUID, edition: int, secret: str | bytes) -> str:
    digest = salted_hmac(SALT, f"{appeal_id}:{edition}", secret=secret, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:TOKEN_BYTES]).decode()


def link_of(appeal_id: UUID, number: str, *, edition: int = 1) -> str:
    """Return the path of an appeal's own page."""
    return f"/a/{number}/{token_of(appeal_id, edition=edition)}/"


def opens(appeal_id: UUID, token: str, *, edition: int) -> bool:
    """Return whether a token opens this appeal, in time that tells nothing.

    Links made under a key that was replaced since open as long as it is among SECRET_KEY_FALLBACKS.
    """
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(constant_time_compare(token, _token(appeal_id, edition, secret)) for secret in secrets)


def find_by_link(number: str, token: str) -> Appeal:
    """Return the appeal a link leads to. Refusal `appeal_not_found`, the same for a wrong number or token."""
    asked = Appeal.objects.select_related("channel").filter(number=number)
    appeal = asked.first() if may_be_number(number) else None
    known = (appeal.pk, appeal.link_edition) if appeal else (_NOBODY, 0)
    if not opens(known[0], token, edition=known[1]) or appeal is None:
        raise Refusal(APPEAL_NOT_FOUND)
    return appeal


def find_by_links(links: Iterable[tuple[str, str]]) -> list[Appeal]:
    """Return the appeals these (number, token) pairs open, newest first; other pairs are passed over."""
    tokens = {number: token for number, token in links if may_be_number(number)}
    found = Appeal.objects.filter(number__in=tokens).order_by("-received_at", "-id")
    return [
        appeal for appeal in found if opens(appeal.pk, tokens[appeal.number], edition=appeal.link_edition)
    ]
