"""A letter as the rest of the house sees it, what may be odd about it, and how much of it is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from huying.kit.errors import Reason, Refusal

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class MailLimits:
    """What a letter may cost us; what lies beyond is told as a problem and stays in the raw letter."""

    letter_bytes: int = 128 * MEBIBYTE
    """One letter; nine photos of 10 MB take 123 MB in the coding of mail."""
    header_characters: int = 10_000
    """One header field."""
    text_characters: int = 200_000
    """The text that is handed on."""
    parts: int = 500
    """Parts of one letter, with those of the letters within it."""
    depth: int = 20
    """How deeply parts lie in one another."""
    pictures: int = 50
    """Pictures that are handed on; the channel decides how many an appeal keeps."""
    smallest_picture_bytes: int = 256
    """Anything smaller is a dot put there to see whether the letter is read."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a letter that a person should know; the letter is handed on all the same."""

    reason: Reason
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The stable key of the reason."""
        return self.reason.key

    @property
    def sentence(self) -> str:
        """The sentence for people, in the language active now."""
        told = Refusal(self.reason)
        told.details = dict(self.details)
        return told.sentence


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in a letter: a harmless file name, and its bytes as they came, not yet looked at."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter.

    `message_id` knows it again: its own Message-ID, or `sha256:` and `digest` where it has none. `digest`
    covers sender, date, subject, text and pictures, so that a copy that came another way has the same one,
    and two letters whose faulty program gave both one Message-ID can be told apart (the whole raw letter
    counts instead where it bears no date). `sent_at` is aware, or None
    where the letter does not say. `is_automatic`: written by a program (an absence note, a delivery report),
    not to be answered. `in_reply_to` are the Message-IDs it refers to, the nearest first. `attachments` are
    the names of what is neither text nor picture. `raw` is the letter as it came, as far as it was read.
    """

    message_id: str
    digest: str
    from_name: str
    from_address: str
    subject: str
    sent_at: datetime | None
    text: str
    pictures: tuple[Picture, ...]
    attachments: tuple[str, ...]
    in_reply_to: tuple[str, ...]
    is_automatic: bool
    problems: tuple[Problem, ...]
    raw: bytes
