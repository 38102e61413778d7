"""From deliveries to a message: the words in the reader's language, outside of which nothing private goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from huying.ledger.snapshots import Snapshot
from huying.notify.channels.port import Enclosure, Matter, Message, Template
from huying.notify.letters import said_of
from huying.notify.models import Channel, ProviderTemplate
from huying.notify.wordings import EDITION

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from huying.notify.models import Delivery


@dataclass(frozen=True)
class Envelope:
    """Where a delivery goes: the address, how it may be shown, the page it leads to, the way to end it.

    `bucket` is what a rate limit counts by; it names nobody.
    """

    address: str
    masked: str
    bucket: str
    link: str = ""
    unsubscribe: str = ""
    sender: str = ""
    language: str = ""
    enclosed: tuple[Enclosure, ...] = ()


def message_of(
    deliveries: Sequence[Delivery], envelopes: Mapping[Any, Envelope], *, combines: bool
) -> Message:
    """Return the message these deliveries of one reader go out as, oldest first.

    A channel that does not combine gets one matter: how many there are, and the newest.
    """
    newest = deliveries[-1]
    envelope = envelopes[newest.pk]
    language = envelope.language or newest.language or settings.LANGUAGE_CODE
    with translation.override(language):
        matters = tuple(_matter(one, envelopes[one.pk]) for one in deliveries)
        if len(deliveries) > 1 and not combines:
            matters = (_digest(deliveries, envelope),)
        data = outward(newest) | {"town": envelope.sender}
    enclosed, left_out = _enclosed(deliveries, envelopes)
    return Message(
        key=str(deliveries[0].pk),
        matters=matters,
        language=language,
        sender=envelope.sender,
        kind=newest.notice.kind,
        data=data,
        template=template_of(newest.channel, newest.notice.kind),
        unsubscribe=envelope.unsubscribe,
        enclosed=tuple(enclosed),
        left_out=tuple(left_out),
    )


def _enclosed(
    deliveries: Iterable[Delivery], envelopes: Mapping[Any, Envelope]
) -> tuple[list[Enclosure], list[str]]:
    """Return the files that go along, each once, and the names of those that are too large.

    Together they are no larger than the town lets a letter be; what comes first goes first.
    """
    room = int(settings.CHANNELS["mail_files_mb"]) * 2**20
    files: dict[str, Enclosure] = {}
    for one in deliveries:
        files |= {file.name: file for file in envelopes[one.pk].enclosed}
    enclosed, left_out = [], []
    for file in files.values():
        if len(file.data) <= room:
            enclosed.append(file)
            room -= len(file.data)
        else:
            left_out.append(file.name)
    return enclosed, left_out


def _matter(delivery: Delivery, envelope: Envelope) -> Matter:
    said = said_of(delivery.notice.kind, outward(delivery))
    return Matter(said.subject, said.happened, said.next, said.brief, envelope.link)


def _digest(deliveries: Sequence[Delivery], envelope: Envelope) -> Matter:
    data = outward(deliveries[-1]) | {"n": len(deliveries)}
    said = said_of("digest", data)
    return Matter(said.subject, said.happened, said.next, said.brief, envelope.link)


def outward(delivery: Delivery) -> dict[str, Any]:
    """Return the data of a notice as it may leave the house.

    The title of a case may hold a resident's own words; chats and mailboxes of staff get the item's name.
    What a resident asked or was asked is read on the page, behind the link, and not in a text message.
    """
    data = dict(delivery.notice.data)
    if "title" in data:
        data["title"] = data.get("matter") or _("see the desk")
    if delivery.channel in {Channel.SMS, Channel.WECHAT} and data.get("question"):
        data["question"] = _("see the page")
    return data


def _build() -> dict[tuple[str, str], Template]:
    return {
        (one.channel, one.kind): Template(one.code, tuple(_blank(told) for told in one.blanks))
        for one in ProviderTemplate.objects.filter(is_active=True)
    }


def _blank(told: str) -> tuple[str, str]:
    blank, _equals, name = told.partition("=")
    return (blank, name or blank)


_TEMPLATES = Snapshot(_build, EDITION)


def own_template_of(channel: str, kind: str) -> Template | None:
    """Return the approved template for exactly this kind of letter."""
    return _TEMPLATES.get().get((channel, kind))


def template_of(channel: str, kind: str) -> Template | None:
    """Return the approved template for a kind of letter: its own, else the one for every kind."""
    book = _TEMPLATES.get()
    return book.get((channel, kind)) or book.get((channel, ""))
