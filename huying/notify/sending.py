"""Sending one message at once, to an address just given: codes to sign in or to prove an address."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation

from huying.kit.errors import Refusal
from huying.kit.ids import new_id
from huying.kit.texting import FileTexting
from huying.notify.channels.open import port_of
from huying.notify.channels.port import ChannelTrouble, Matter, Message, MisconfiguredError, RefusedError
from huying.notify.letters import said_of
from huying.notify.models import Channel
from huying.notify.reasons import NOT_DELIVERABLE, NOT_SENT_NOW
from huying.notify.writing import own_template_of
from huying.places.queries import town_map

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

logger = logging.getLogger("huying.notify")


def can_send(channel: str, kind: str) -> bool:
    """Return whether a message of this kind can go out over a channel now."""
    port = port_of(channel)
    return port is not None and (not port.needs_template or own_template_of(channel, kind) is not None)


def send_at_once(channel: str, address: str, kind: str, data: Mapping[str, Any], *, at: datetime) -> None:
    """Hand one message to a channel in the language of the page, and wait for its word.

    Nothing of it is kept, for it may hold a code. Refusals: `not_sent_now` when trying again may help,
    `not_deliverable` when this address never gets anything.
    """
    port = port_of(channel)
    if port is None or not can_send(channel, kind):
        raise Refusal(NOT_SENT_NOW)
    said, town = said_of(kind, data), town_map().root
    message = Message(
        key=str(new_id()),
        matters=(Matter(said.subject, said.happened, said.next, said.brief),),
        language=translation.get_language() or settings.LANGUAGE_CODE,
        sender=f"{town.name}·呼应" if town else "呼应",
        kind=kind,
        data=data,
        template=own_template_of(channel, kind),
    )
    try:
        port.send(address, message, at=at)
    except ChannelTrouble as trouble:
        # The provider's words may hold the number; its code does not.
        logger.warning("a message at once was not taken", extra={"channel": channel, "code": trouble.code})
        if isinstance(trouble, RefusedError):
            raise Refusal(NOT_DELIVERABLE) from trouble
        wait = (
            None if isinstance(trouble, MisconfiguredError) else max(getattr(trouble, "after_seconds", 0), 60)
        )
        raise Refusal(NOT_SENT_NOW, retry_after_seconds=wait) from trouble


class GatewayTexting:
    """Texts over the town's SMS gateway; a kind without an approved template goes to the file as before."""

    def reaches_phones(self, kind: str) -> bool:
        """Return whether somebody at the other end reads a text of this kind."""
        return can_send(Channel.SMS, kind)

    def send(self, phone: str, text: str, *, kind: str, data: Mapping[str, Any], at: datetime) -> None:
        """Hand a text over; the words are the template's, filled from `data`. Refusals as `send_at_once`."""
        if self.reaches_phones(kind):
            send_at_once(Channel.SMS, phone, kind, data, at=at)
        else:
            FileTexting(Path(settings.DATA_DIR)).send(phone, text, kind=kind, data=data, at=at)
