"""What every channel is to the rest of the house: a message goes in, an id or a named trouble comes out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True)
class Matter:
    """One thing a message tells of: what happened, what is next, and the page about it."""

    subject: str
    happened: str
    next: str
    brief: str
    link: str = ""


@dataclass(frozen=True)
class Template:
    """A template the provider approved: its code and what its blanks are filled with, in order."""

    code: str
    blanks: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Enclosure:
    """A file that goes along where a channel carries files. `kind` is its media type."""

    name: str
    kind: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Message:
    """A message ready to go. `key` is the same at every try, so that who can tell a repeat, may.

    `data` is what blanks of templates are filled from; `unsubscribe` the link that ends such messages.
    `left_out` names files that are too large to go along.
    """

    key: str
    matters: tuple[Matter, ...]
    language: str
    sender: str = ""
    kind: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    template: Template | None = None
    unsubscribe: str = ""
    enclosed: tuple[Enclosure, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """Return what heads the message: the newest matter's subject."""
        return self.matters[-1].subject

    def fill(self, name: str) -> str:
        """Return what a blank called `name` is filled with; a dash where there is nothing."""
        matter = self.matters[-1]
        own = {
            "subject": matter.subject, "happened": matter.happened, "next": matter.next,
            "brief": matter.brief, "link": matter.link,
        }  # fmt: skip
        return str(own.get(name) or self.data.get(name) or "—")


class ChannelTrouble(Exception):  # noqa: N818 - a trouble is an answer of the channel, not a fault of ours
    """The channel did not take the message. `code` is the channel's own or our reason key."""

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text


class TryLaterError(ChannelTrouble):
    """A fault of the moment (network, overload, a limit by the minute): the same message may go later."""

    def __init__(self, code: str, text: str = "", *, after_seconds: int = 0) -> None:
        super().__init__(code, text)
        self.after_seconds = after_seconds


class RefusedError(ChannelTrouble):
    """The channel will never take this message: another channel is tried.

    `for_good` says that this reader wants or can have nothing over this channel any more.
    """

    def __init__(self, code: str, text: str = "", *, for_good: bool = False) -> None:
        super().__init__(code, text)
        self.for_good = for_good


class MisconfiguredError(ChannelTrouble):
    """Keys, signature or template are wrong: no message goes over this channel until somebody mends it.

    Waiting letters stay queued; they are tried again as after a fault of the moment.
    """


class Port(Protocol):
    """A channel."""

    @property
    def key(self) -> str:
        """Return the channel this is."""
        ...

    @property
    def combines(self) -> bool:
        """Return whether several matters go in one message."""
        ...

    @property
    def needs_template(self) -> bool:
        """Return whether only what the provider approved beforehand may be sent."""
        ...

    def send(self, address: str, message: Message, *, at: datetime) -> str:
        """Hand the message over and return the channel's id for it. Raises ChannelTrouble."""
        ...
